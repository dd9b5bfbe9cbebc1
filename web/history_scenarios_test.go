package web

// historyScenarios are the scenarios of what became of a text.
var historyScenarios = []scenario{}
