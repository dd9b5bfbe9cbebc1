package web

// consultationRoutes is the public consultation on the map of the site: for people without an account.
var consultationRoutes = []route{}
