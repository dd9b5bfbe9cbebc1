package web

import "tongbiao/registry"

// draftRoutes is drafting on the map of the site: working copies, suggestions, figures.
var draftRoutes = []route{
	{get, "/figures/:file", anyone, (*Server).figure},
	{get, "/drafts/:id/figures", may(registry.OpenWorking), (*Server).figuresOf},
	{post, "/drafts/:id/figures", may(registry.PutFigure), (*Server).putFigure},
	{get, "/standards/:id/suggestions", anyone, (*Server).suggestions},
	{get, "/standards/:id/suggestions/new", may(registry.Suggest), (*Server).suggestNew},
	{post, "/standards/:id/suggestions/new", may(registry.Suggest), (*Server).suggest},
	{get, "/standards/:id/suggestions/:n", anyone, (*Server).suggestion},
	{post, "/standards/:id/suggestions/:n", member, (*Server).decideSuggestion},
	{get, "/standards/:id/rules", anyone, (*Server).rules},
	{post, "/standards/:id/rules", may(registry.SwitchRule), (*Server).switchRule},
	{post, "/standards/:id/waivers", may(registry.WaiveFinding), (*Server).waiveFinding},
	{post, "/standards/:id/waivers/:waiver/drop", may(registry.DropWaiver), (*Server).unwaiveFinding},
	{get, "/drafts", may(registry.OpenWorking), (*Server).drafts},
	{post, "/drafts", may(registry.OpenWorking), (*Server).startDraft},
	{get, "/drafts/new", may(registry.OpenWorking), (*Server).newDraft},
	{post, "/drafts/new", may(registry.OpenWorking), (*Server).createDraft},
	{get, "/drafts/:id", may(registry.OpenWorking), (*Server).draft},
	{post, "/drafts/:id", may(registry.OpenWorking), (*Server).postDraft},
	{get, "/drafts/:id/text.docx", may(registry.OpenWorking), (*Server).workingDOCX},
	{get, "/drafts/:id/copy", may(registry.OpenWorking), (*Server).copyDraft},
	{post, "/drafts/:id/save", may(registry.OpenWorking), (*Server).saveDraft},
	{post, "/drafts/:id/look", may(registry.OpenWorking), (*Server).lookDraft},
	{post, "/drafts/:id/submit", may(registry.OpenWorking), (*Server).submitDraft},
	{post, "/drafts/:id/settle", may(registry.OpenWorking), (*Server).settleDraft},
	{post, "/drafts/:id/waive", may(registry.WaiveFinding), (*Server).waiveDraft},
	{get, "/drafts/:id/numbers", may(registry.OpenWorking), (*Server).numbersHeld},
	{get, "/drafts/:id/live", may(registry.OpenWorking), (*Server).draftLive},
	{post, "/drafts/:id/live", may(registry.OpenWorking), (*Server).hereDraft},
	{get, "/standards/new", anyone, (*Server).oldNew},
	{get, "/standards/:id/edit", anyone, (*Server).oldEdit},
}
