package web

import "tongbiao/registry"

// commentRoutes is the comments' part of the map of the site: tables of comments, dispositions, round trips, notices.
var commentRoutes = []route{
	{get, "/standards/:id/comments", anyone, (*Server).comments},
	{post, "/standards/:id/comments", may(registry.AddComment), (*Server).addComment},
	{post, "/standards/:id/comments/:comment", may(registry.ResolveComment), (*Server).settleComment},
}
