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
	{post, "/standards/:id/comments/dispose", may(registry.Dispose), (*Server).disposeComments},
	{post, "/standards/:id/comments/gather", may(registry.GatherComments), (*Server).gatherComments},
	{post, "/standards/:id/comments/submit", may(registry.SubmitComments), (*Server).submitComments},
	{post, "/standards/:id/comments/leave", may(registry.LeaveComment), (*Server).leaveComments},
	{post, "/standards/:id/comments/:comment", may(registry.ResolveComment), (*Server).settleComment},
	{post, "/standards/:id/comments/:comment/support", may(registry.SupportComment), (*Server).supportComment},
	{post, "/standards/:id/comments/:comment/part", may(registry.GatherComments), (*Server).partComment},
	{get, "/standards/:id/comments/:comment/apply", may(registry.ApplyComment), (*Server).applyForm},
	{get, "/projects/:project/comments", anyone, (*Server).projectComments},
	{post, "/standards/:id/comments/:comment/apply", may(registry.ApplyComment), (*Server).applyComment},
}
