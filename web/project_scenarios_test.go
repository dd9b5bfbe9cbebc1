package web

// projectScenarios are the scenarios of the projects' pages.
var projectScenarios []scenario
