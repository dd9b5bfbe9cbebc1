package web

import "tongbiao/registry"

// memberRoutes are members, invitations and what each keeps for itself, on the
// map of the site.
var memberRoutes = []route{
	{get, "/members/:id", may(registry.ChangeMember), (*Server).memberPage},
	{post, "/members/:id", may(registry.ChangeMember), (*Server).changeMember},
	{post, "/members/invite", may(registry.Invite), (*Server).invite},
	{post, "/members/invitations/:id/drop", may(registry.Uninvite), (*Server).uninvite},
	{post, "/members/factor", may(registry.ChangeMember), (*Server).requireFactor},
	{get, "/join", anyone, (*Server).joinForm},
	{post, "/join", anyone, (*Server).join},
	{get, "/reset", anyone, (*Server).resetForm},
	{post, "/reset", anyone, (*Server).reset},
	{post, "/sign-in/code", anyone, (*Server).signInCode},
	{get, "/sign-in/provider", anyone, (*Server).askProvider},
	{get, answerAt, anyone, (*Server).providerAnswers},
	{post, "/account/provider", member, (*Server).linkProvider},
	{post, "/account/provider/drop", member, (*Server).unlinkProvider},
	{get, "/account/security", member, (*Server).security},
	{post, "/account/sessions", member, (*Server).endSession},
	{post, "/account/tokens", member, (*Server).makeToken},
	{post, "/account/tokens/:id/drop", member, (*Server).dropToken},
	{get, "/account/factor", member, (*Server).factor},
	{post, "/account/factor", member, (*Server).setFactor},
	{get, "/account/data.zip", member, (*Server).ownData},
	{post, "/account/erase", member, (*Server).eraseSelf},
	{get, "/privacy", anyone, (*Server).privacy},
}
