package web

// historyRoutes is what became of a text, on the map of the site.
var historyRoutes = []route{
	{get, "/standards/:id/history", anyone, (*Server).history},
	{get, "/standards/:id/compare", anyone, (*Server).compareRevisions},
}
