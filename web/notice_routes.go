package web

// noticeRoutes are a member's own notices on the map of the site.
var noticeRoutes = []route{
	{get, "/inbox", member, (*Server).inbox},
	{post, "/inbox", member, (*Server).readNotices},
	{post, "/account/address", member, (*Server).setAddress},
	{get, "/account/address", member, (*Server).confirmForm},
	{post, "/account/address/confirm", member, (*Server).confirmAddress},
	{post, "/account/feed", member, (*Server).openFeed},
	{get, "/feeds/:token", anyone, (*Server).feed},
}
