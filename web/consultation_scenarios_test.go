package web

// consultationScenarios are the scenarios of the public consultation.
var consultationScenarios = []scenario{}
