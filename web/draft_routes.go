package web

import "tongbiao/registry"

// draftRoutes is drafting on the map of the site: working copies, suggestions, figures.
var draftRoutes = []route{
	{get, "/standards/new", may(registry.SubmitRevision), (*Server).editNew},
	{post, "/standards/new", may(registry.SubmitRevision), (*Server).submitEdit},
	{get, "/standards/:id/edit", may(registry.SubmitRevision), (*Server).edit},
	{post, "/standards/:id/edit", may(registry.SubmitRevision), (*Server).submitEdit},
}
