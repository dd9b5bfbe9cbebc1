package web

import "tongbiao/registry"

// draftRoutes is drafting on the map of the site: working copies, suggestions, figures.
var draftRoutes = []route{
	{get, "/standards/:id/suggestions", anyone, (*Server).suggestions},
	{get, "/standards/:id/suggestions/new", may(registry.Suggest), (*Server).suggestNew},
	{post, "/standards/:id/suggestions/new", may(registry.Suggest), (*Server).suggest},
	{get, "/standards/:id/suggestions/:n", anyone, (*Server).suggestion},
	{post, "/standards/:id/suggestions/:n", member, (*Server).decideSuggestion},
	{get, "/standards/new", may(registry.SubmitRevision), (*Server).editNew},
	{post, "/standards/new", may(registry.SubmitRevision), (*Server).submitEdit},
	{get, "/standards/:id/edit", may(registry.SubmitRevision), (*Server).edit},
	{post, "/standards/:id/edit", may(registry.SubmitRevision), (*Server).submitEdit},
}
