package web

import "slices"

// apiTable is the API: schemas/openapi.yaml describes it, and a test holds the
// two against each other in both directions.
var apiTable = []apiRoute{
	{get, apiBase, nil, (*Server).apiIndex},
	{get, apiBase + "/search", slices.Concat([]string{"q", "region", "kind", "status", "modality", "activity", "year", "standard", "on", "sort"}, paged), (*Server).apiSearch},
	{get, apiBase + "/standards", slices.Concat([]string{"q", "region", "kind"}, paged), (*Server).apiStandards},
	{get, apiBase + "/standards/:id", []string{"on", "revision"}, (*Server).apiStandard},
	{get, apiBase + "/standards/:id/editions", []string{"on"}, (*Server).apiEditions},
	{get, apiBase + "/standards/:id/revisions", paged, (*Server).apiRevisions},
	{get, apiBase + "/standards/:id/revisions/:rev", nil, (*Server).apiRevision},
	{get, apiBase + "/standards/:id/changes", slices.Concat([]string{"from", "to", "all"}, paged), (*Server).apiChanges},
	{get, apiBase + "/standards/:id/clauses", slices.Concat([]string{"on", "revision"}, paged), (*Server).apiClauses},
	{get, apiBase + "/standards/:id/clauses/:clause", []string{"on", "revision"}, (*Server).apiClause},
	{get, apiBase + "/standards/:id/clauses/:clause/history", []string{"before"}, (*Server).apiClauseHistory},
	{get, apiBase + "/compare", slices.Concat([]string{"text"}, paged), (*Server).apiCompare},
	{get, apiBase + "/projects", paged, (*Server).apiProjects},
	{get, apiBase + "/projects/:project", nil, (*Server).apiProject},
	{get, apiBase + "/projects/:project/rows", slices.Concat([]string{"state"}, paged), (*Server).apiRows},
	{get, apiBase + "/projects/:project/rows/:row", nil, (*Server).apiRow},
	{get, apiBase + "/projects/:project/draft", nil, (*Server).apiDraft},
	{get, apiBase + "/consultations", nil, (*Server).apiConsultations},
	{get, apiBase + "/consultations/:id", nil, (*Server).apiConsultation},
	{get, apiBase + "/consultations/:id/comments", paged, (*Server).apiComments},
	{get, apiBase + "/events", []string{"since", "limit"}, (*Server).apiEvents},
	{get, apiBase + "/applicable", slices.Concat([]string{"region", "do", "role", "scale", "on"}, paged), (*Server).apiApplicable},
	{get, apiBase + "/check", []string{"number", "on"}, (*Server).apiCheck},
	{post, apiBase + "/check", nil, (*Server).apiCheckList}, // a list too long for an address; nothing is kept
}

// apiRoutes are what programs ask for, on the map of the site.
var apiRoutes = slices.Concat(routesOf(apiTable), []route{
	{get, apiBase + "/openapi.yaml", anyone, (*Server).openAPI},
	{get, apiBase + "/standards/:id/revisions/:rev/source", anyone, (*Server).apiSource},
	{get, apiBase + "/projects/:project/draft/source", anyone, (*Server).apiDraftSource},
	{get, "/api", anyone, (*Server).apiPage},
	{get, "/id/standards/:id", anyone, (*Server).standardID},
	{get, "/id/standards/:id/clauses/:clause", anyone, (*Server).clauseID},
	{get, "/sitemap.xml", anyone, (*Server).sitemap},
	{get, "/sitemaps/:part", anyone, (*Server).sitemapPart},
	{get, "/robots.txt", anyone, (*Server).robots},
})
