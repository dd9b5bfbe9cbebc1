package web

// projectRoutes is the projects' part of the map of the site.
var projectRoutes = []route{}
