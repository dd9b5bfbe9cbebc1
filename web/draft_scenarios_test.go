package web

// draftScenarios are the scenarios of drafting.
var draftScenarios = []scenario{}
