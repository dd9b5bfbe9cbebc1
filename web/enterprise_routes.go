package web

import "tongbiao/registry"

// enterpriseRoutes are the enterprises' part of the map of the site.
var enterpriseRoutes = []route{
	{get, "/check", anyone, (*Server).inquire},
	{post, "/check", anyone, (*Server).inquire}, // a list too long for an address; nothing is kept
	{get, "/applicable", anyone, (*Server).applicable},
	{post, "/applicable/rule", may(registry.RuleOut), (*Server).ruleActivity},
	{get, "/checklists", member, (*Server).checklists}, // one's own
	{post, "/checklists", may(registry.MakeChecklist), (*Server).makeChecklist},
	{get, "/checklists/:id", member, (*Server).checklist},
	{post, "/checklists/:id", may(registry.KeepChecklist), (*Server).keepChecklist},
	{post, "/checklists/:id/follow", may(registry.FollowChecklist), (*Server).followChecklist},
	{post, "/checklists/:id/drop", may(registry.DropChecklist), (*Server).dropChecklist},
	{get, "/checklists/:id/print", member, (*Server).printChecklist},
	{get, "/checklists/:id/checklist.xlsx", member, (*Server).checklistXLSX},
	{get, "/checklists/:id/declaration", member, (*Server).declaration},
	{get, "/checklists/:id/declaration.xlsx", member, (*Server).declarationXLSX},
}
