package web

import "tongbiao/registry"

// stageRoutes is the procedure on the map of the site: stages, editions, ballots.
var stageRoutes = []route{
	{get, "/process", anyone, (*Server).procedure},
	{get, "/reviews", anyone, (*Server).reviews},
	{get, "/standards/:id/process", anyone, (*Server).process},
	{post, "/standards/:id/process", member, (*Server).step}, // each step has a verb of its own
	{post, "/standards/:id/documents", may(registry.AttachDocument), (*Server).attach},
	{get, "/standards/:id/documents/:doc", member, (*Server).document},
	{post, "/standards/:id/documents/:doc/drop", may(registry.DropDocument), (*Server).dropDocument},
	{get, "/standards/:id/editions/:edition", anyone, (*Server).edition},
	{get, "/standards/:id/ballots", member, (*Server).ballots},
	{post, "/standards/:id/ballots", may(registry.OpenBallot), (*Server).openBallot},
	{get, "/standards/:id/ballots/:n", member, (*Server).ballot},
	{post, "/standards/:id/ballots/:n/vote", may(registry.CastVote), (*Server).vote},
	{post, "/standards/:id/ballots/:n/close", may(registry.CloseBallot), (*Server).closeBallot},
	{get, "/standards/:id/ballots/:n/minutes.docx", member, (*Server).ballotDOCX},
	{get, "/standards/:id/ballots/:n/minutes.md", member, (*Server).ballotMarkdown},
}
