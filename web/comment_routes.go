package web

import "tongbiao/registry"

// commentRoutes is the comments' part of the map of the site: tables of comments, dispositions, round trips, notices.
var commentRoutes = []route{
	{get, "/standards/:id/comments", anyone, (*Server).comments},
	{post, "/standards/:id/comments", may(registry.AddComment), (*Server).addComment},
	{get, "/standards/:id/comments/export.xlsx", anyone, (*Server).exportCommentsXLSX},
	{get, "/standards/:id/comments/export.docx", anyone, (*Server).exportCommentsDOCX},
	{get, "/standards/:id/comments/export.csv", anyone, (*Server).exportCommentsCSV},
	{get, "/standards/:id/comments/import", may(registry.ImportComments), (*Server).roundForm},
	{post, "/standards/:id/comments/import", may(registry.ImportComments), (*Server).importRound},
	{post, "/standards/:id/comments/:comment", may(registry.ResolveComment), (*Server).settleComment},
}
