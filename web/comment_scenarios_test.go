package web

// commentScenarios are the scenarios of comments.
var commentScenarios = append([]scenario{}, roundScenarios...)
