package web

import "tongbiao/registry"

// historyRoutes is what became of a text, on the map of the site.
var historyRoutes = []route{
	{get, "/standards/:id/history", anyone, (*Server).history},
	{get, "/standards/:id/compare", anyone, (*Server).compareRevisions},
	{get, "/standards/:id/compare/:pair", anyone, (*Server).comparePair},
	{get, "/standards/:id/clauses/:clause", anyone, (*Server).clause},
	{get, "/standards/:id/blame", anyone, (*Server).blame},
	{get, "/standards/:id/:rev/blame", anyone, (*Server).blame},
	{get, "/standards/:id/:rev/restore", may(registry.SubmitRevision), (*Server).restoreForm},
	{get, "/standards/:id/derived", anyone, (*Server).derived},
	{post, "/standards/:id/derived", may(registry.OpenWorking), (*Server).applyDerived},
	{post, "/standards/:id/:rev/restore", may(registry.SubmitRevision), (*Server).restore},
}
