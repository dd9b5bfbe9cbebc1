package web

import "tongbiao/registry"

// projectRoutes is the projects' part of the map of the site.
var projectRoutes = []route{
	{get, "/projects", anyone, (*Server).projects},
	{get, "/projects/new", may(registry.CreateProject), (*Server).newProject},
	{post, "/projects", may(registry.CreateProject), (*Server).createProject},
	{get, "/projects/:project", anyone, (*Server).workbench},
	{get, "/projects/:project/draft", anyone, (*Server).projectDraft},
	{post, "/projects/:project/draft", may(registry.SubmitDraftText), (*Server).keepDraft},
	{get, "/projects/:project/draft.md", anyone, (*Server).draftMarkdown},
	{get, "/projects/:project/concordance", anyone, (*Server).concordance},
	{get, "/projects/:project/concordance.md", anyone, (*Server).concordanceMarkdown},
	{get, "/projects/:project/concordance.csv", anyone, (*Server).concordanceCSV},
	{get, "/projects/:project/rows/:row", anyone, (*Server).projectRow},
	{post, "/projects/:project/rows/:row/unify", may(registry.Unify), (*Server).unifyRow},
	{post, "/projects/:project/rows/:row/position", may(registry.TakePosition), (*Server).takePosition},
	{post, "/projects/:project/rows/:row/confirm", may(registry.ConfirmRow), (*Server).confirmRow},
	{post, "/projects/:project/rows/:row/place", may(registry.OrderRow), (*Server).placeRow},
	{post, "/projects/:project/rows/:row/move", may(registry.MovePassage), (*Server).movePassages},
	{post, "/projects/:project/rows/:row/split", may(registry.SplitRow), (*Server).splitRow},
	{post, "/projects/:project/rows/:row/merge", may(registry.MergeRows), (*Server).mergeRows},
	{post, "/projects/:project/rows/:row/comments", may(registry.AddComment), (*Server).commentRow},
	{post, "/projects/:project/rows/:row/comments/:comment", may(registry.ResolveComment), (*Server).resolveRowComment},
}
