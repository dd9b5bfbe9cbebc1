package web

import "tongbiao/registry"

// watchRoutes are a member's subscriptions on the map of the site.
var watchRoutes = []route{
	{get, "/watch", member, (*Server).watch},
	{post, "/watch", may(registry.Subscribe), (*Server).subscribe},
	{get, "/watch/:id", member, (*Server).watched},
	{post, "/watch/:id/end", may(registry.Unsubscribe), (*Server).unsubscribe},
	{post, "/watch/:id/feed", may(registry.RenewFeed), (*Server).renewFeed},
	{post, "/watch/:id/test", may(registry.TestHook), (*Server).testHook},
	{get, "/feeds/watch/:token", anyone, (*Server).watchFeed},
}
