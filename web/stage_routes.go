package web

// stageRoutes is the procedure on the map of the site: stages, editions, ballots.
var stageRoutes = []route{}
