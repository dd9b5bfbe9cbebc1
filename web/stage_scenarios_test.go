package web

// stageScenarios are the scenarios of the procedure and of ballots.
var stageScenarios = []scenario{}
