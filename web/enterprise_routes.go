package web

import "tongbiao/registry"

// enterpriseRoutes are the enterprises' part of the map of the site.
var enterpriseRoutes = []route{
	{get, "/check", anyone, (*Server).inquire},
	{post, "/check", anyone, (*Server).inquire}, // a list too long for an address; nothing is kept
	{get, "/applicable", anyone, (*Server).applicable},
	{post, "/applicable/rule", may(registry.RuleOut), (*Server).ruleActivity},
}
