package web

import "tongbiao/registry"

// consultationRoutes is the public consultation on the map of the site: for people without an account.
var consultationRoutes = []route{
	{get, "/consultations", anyone, (*Server).consultations},
	{get, "/consultations/:id", anyone, (*Server).consultation},
	{post, "/consultations/:id", anyone, (*Server).sayPublicly},
	{get, "/consultations/:id/clauses/:clause", anyone, (*Server).consultationClause},
	{get, "/consultations/receipts/:token", anyone, (*Server).receipt},
	{get, "/consultations/:id/intake", may(registry.ModerateComment), (*Server).intake},
	{post, "/consultations/:id/intake", may(registry.SetIntake), (*Server).setIntake},
	{post, "/consultations/:id/intake/:comment", may(registry.ModerateComment), (*Server).moderate},
}
