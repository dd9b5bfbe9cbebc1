package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
)

// whoGets says for every route who is let in, written down a second time so that
// a slip in the policy or in the map of the site shows: v visitor, r reader, a
// author, p representative, s secretary, m administrator. A route that is not
// here fails the test.
var whoGets = map[string]string{
	"GET /":                                                 "vrapsm",
	"GET /account":                                          "rapsm",
	"GET /account/address":                                  "rapsm",
	"GET /account/data.zip":                                 "rapsm",
	"GET /account/factor":                                   "rapsm",
	"GET /sign-in/provider":                                 "vrapsm",
	"GET /sign-in/provider/answer":                          "vrapsm",
	"POST /account/provider":                                "rapsm",
	"POST /account/provider/drop":                           "rapsm",
	"GET /account/security":                                 "rapsm",
	"GET /api":                                              "vrapsm",
	"GET /api/v1":                                           "vrapsm",
	"GET /api/v1/applicable":                                "vrapsm",
	"GET /api/v1/check":                                     "vrapsm",
	"GET /api/v1/compare":                                   "vrapsm",
	"GET /api/v1/consultations":                             "vrapsm",
	"GET /api/v1/consultations/:id":                         "vrapsm",
	"GET /api/v1/consultations/:id/comments":                "vrapsm",
	"GET /api/v1/events":                                    "vrapsm",
	"GET /api/v1/openapi.yaml":                              "vrapsm",
	"GET /api/v1/projects":                                  "vrapsm",
	"GET /api/v1/projects/:project":                         "vrapsm",
	"GET /api/v1/projects/:project/draft":                   "vrapsm",
	"GET /api/v1/projects/:project/draft/source":            "vrapsm",
	"GET /api/v1/projects/:project/rows":                    "vrapsm",
	"GET /api/v1/projects/:project/rows/:row":               "vrapsm",
	"GET /api/v1/search":                                    "vrapsm",
	"GET /api/v1/standards":                                 "vrapsm",
	"GET /api/v1/standards/:id":                             "vrapsm",
	"GET /api/v1/standards/:id/changes":                     "vrapsm",
	"GET /api/v1/standards/:id/clauses":                     "vrapsm",
	"GET /api/v1/standards/:id/clauses/:clause":             "vrapsm",
	"GET /api/v1/standards/:id/clauses/:clause/history":     "vrapsm",
	"GET /api/v1/standards/:id/editions":                    "vrapsm",
	"GET /api/v1/standards/:id/revisions":                   "vrapsm",
	"GET /api/v1/standards/:id/revisions/:rev":              "vrapsm",
	"GET /api/v1/standards/:id/revisions/:rev/source":       "vrapsm",
	"GET /applicable":                                       "vrapsm",
	"GET /assets/:file":                                     "vrapsm",
	"GET /check":                                            "vrapsm",
	"GET /checklists":                                       "rapsm",
	"GET /checklists/:id":                                   "rapsm",
	"GET /checklists/:id/checklist.xlsx":                    "rapsm",
	"GET /checklists/:id/declaration":                       "rapsm",
	"GET /checklists/:id/declaration.xlsx":                  "rapsm",
	"GET /checklists/:id/print":                             "rapsm",
	"GET /compare":                                          "vrapsm",
	"GET /consultations":                                    "vrapsm",
	"GET /consultations/:id":                                "vrapsm",
	"GET /consultations/:id/clauses/:clause":                "vrapsm",
	"GET /consultations/:id/intake":                         "s",
	"GET /consultations/receipts/:token":                    "vrapsm",
	"GET /drafts":                                           "apsm",
	"GET /drafts/:id":                                       "apsm",
	"GET /drafts/:id/copy":                                  "apsm",
	"GET /drafts/:id/figures":                               "apsm",
	"GET /drafts/:id/live":                                  "apsm",
	"GET /drafts/:id/numbers":                               "apsm",
	"GET /drafts/:id/text.docx":                             "apsm",
	"GET /drafts/new":                                       "apsm",
	"GET /events":                                           "vrapsm",
	"GET /events/export":                                    "m",
	"GET /favicon.ico":                                      "vrapsm",
	"GET /feeds/:token":                                     "vrapsm",
	"GET /feeds/watch/:token":                               "vrapsm",
	"GET /figures/:file":                                    "vrapsm",
	"GET /healthz":                                          "vrapsm",
	"GET /id/standards/:id":                                 "vrapsm",
	"GET /id/standards/:id/clauses/:clause":                 "vrapsm",
	"GET /import":                                           "sm",
	"GET /inbox":                                            "rapsm",
	"GET /join":                                             "vrapsm",
	"GET /members":                                          "m",
	"GET /members/:id":                                      "m",
	"GET /privacy":                                          "vrapsm",
	"GET /process":                                          "vrapsm",
	"GET /projects":                                         "vrapsm",
	"GET /projects/:project":                                "vrapsm",
	"GET /projects/:project/comments":                       "vrapsm",
	"GET /projects/:project/concordance":                    "vrapsm",
	"GET /projects/:project/concordance.csv":                "vrapsm",
	"GET /projects/:project/concordance.docx":               "vrapsm",
	"GET /projects/:project/concordance.md":                 "vrapsm",
	"GET /projects/:project/concordance.xlsx":               "vrapsm",
	"GET /projects/:project/draft":                          "vrapsm",
	"GET /projects/:project/draft.docx":                     "vrapsm",
	"GET /projects/:project/draft.md":                       "vrapsm",
	"GET /projects/:project/explanation":                    "vrapsm",
	"GET /projects/:project/explanation.docx":               "vrapsm",
	"GET /projects/:project/explanation.md":                 "vrapsm",
	"GET /projects/:project/live":                           "vrapsm",
	"GET /projects/:project/live/rows":                      "vrapsm",
	"GET /projects/:project/matrix":                         "vrapsm",
	"GET /projects/:project/matrix.csv":                     "vrapsm",
	"GET /projects/:project/matrix.xlsx":                    "vrapsm",
	"GET /projects/:project/meeting":                        "vrapsm",
	"GET /projects/:project/meeting/rows/:row":              "vrapsm",
	"GET /projects/:project/meetings/:meeting":              "vrapsm",
	"GET /projects/:project/meetings/:meeting/minutes.docx": "vrapsm",
	"GET /projects/:project/meetings/:meeting/minutes.md":   "vrapsm",
	"GET /projects/:project/progress":                       "vrapsm",
	"GET /projects/:project/realign":                        "vrapsm",
	"GET /projects/:project/repin":                          "vrapsm",
	"GET /projects/:project/rows/:row":                      "vrapsm",
	"GET /projects/:project/settings":                       "vrapsm",
	"GET /projects/:project/synonyms":                       "vrapsm",
	"GET /projects/:project/undo":                           "vrapsm",
	"GET /projects/new":                                     "sm",
	"GET /readyz":                                           "vrapsm",
	"GET /reset":                                            "vrapsm",
	"GET /reviews":                                          "vrapsm",
	"GET /robots.txt":                                       "vrapsm",
	"GET /search":                                           "vrapsm",
	"GET /setup":                                            "vrapsm",
	"GET /sign-in":                                          "vrapsm",
	"GET /sitemap.xml":                                      "vrapsm",
	"GET /sitemaps/:part":                                   "vrapsm",
	"GET /standards":                                        "vrapsm",
	"GET /standards/:id":                                    "vrapsm",
	"GET /standards/:id/:rev":                               "vrapsm",
	"GET /standards/:id/:rev/blame":                         "vrapsm",
	"GET /standards/:id/:rev/restore":                       "apsm",
	"GET /standards/:id/:rev/source":                        "vrapsm",
	"GET /standards/:id/:rev/text.docx":                     "vrapsm",
	"GET /standards/:id/ballots":                            "rapsm",
	"GET /standards/:id/ballots/:n":                         "rapsm",
	"GET /standards/:id/ballots/:n/minutes.docx":            "rapsm",
	"GET /standards/:id/ballots/:n/minutes.md":              "rapsm",
	"GET /standards/:id/blame":                              "vrapsm",
	"GET /standards/:id/clauses/:clause":                    "vrapsm",
	"GET /standards/:id/comments":                           "vrapsm",
	"GET /standards/:id/comments/:comment/apply":            "s",
	"GET /standards/:id/comments/export.csv":                "vrapsm",
	"GET /standards/:id/comments/export.docx":               "vrapsm",
	"GET /standards/:id/comments/export.xlsx":               "vrapsm",
	"GET /standards/:id/comments/import":                    "psm",
	"GET /standards/:id/compare":                            "vrapsm",
	"GET /standards/:id/compare/:pair":                      "vrapsm",
	"GET /standards/:id/derived":                            "vrapsm",
	"GET /standards/:id/documents/:doc":                     "rapsm",
	"GET /standards/:id/edit":                               "vrapsm",
	"GET /standards/:id/editions/:edition":                  "vrapsm",
	"GET /standards/:id/history":                            "vrapsm",
	"GET /standards/:id/process":                            "vrapsm",
	"GET /standards/:id/rules":                              "vrapsm",
	"GET /standards/:id/suggestions":                        "vrapsm",
	"GET /standards/:id/suggestions/:n":                     "vrapsm",
	"GET /standards/:id/suggestions/new":                    "rapsm",
	"GET /standards/new":                                    "vrapsm",
	"GET /watch":                                            "rapsm",
	"GET /watch/:id":                                        "rapsm",
	"POST /account":                                         "rapsm",
	"POST /account/address":                                 "rapsm",
	"POST /account/address/confirm":                         "rapsm",
	"POST /account/erase":                                   "rapsm",
	"POST /account/factor":                                  "rapsm",
	"POST /account/feed":                                    "rapsm",
	"POST /account/sessions":                                "rapsm",
	"POST /account/tokens":                                  "rapsm",
	"POST /account/tokens/:id/drop":                         "rapsm",
	"POST /api/v1/check":                                    "vrapsm",
	"POST /applicable/rule":                                 "rapsm",
	"POST /check":                                           "vrapsm",
	"POST /checklists":                                      "rapsm",
	"POST /checklists/:id":                                  "rapsm",
	"POST /checklists/:id/drop":                             "rapsm",
	"POST /checklists/:id/follow":                           "rapsm",
	"POST /consultations/:id":                               "vrapsm",
	"POST /consultations/:id/intake":                        "s",
	"POST /consultations/:id/intake/:comment":               "s",
	"POST /demo/sign-in":                                    "vrapsm",
	"POST /drafts":                                          "apsm",
	"POST /drafts/:id":                                      "apsm",
	"POST /drafts/:id/figures":                              "apsm",
	"POST /drafts/:id/live":                                 "apsm",
	"POST /drafts/:id/look":                                 "apsm",
	"POST /drafts/:id/save":                                 "apsm",
	"POST /drafts/:id/settle":                               "apsm",
	"POST /drafts/:id/submit":                               "apsm",
	"POST /drafts/:id/waive":                                "aps",
	"POST /drafts/new":                                      "apsm",
	"POST /import":                                          "sm",
	"POST /inbox":                                           "rapsm",
	"POST /join":                                            "vrapsm",
	"POST /members":                                         "m",
	"POST /members/:id":                                     "m",
	"POST /members/factor":                                  "m",
	"POST /members/invitations/:id/drop":                    "m",
	"POST /members/invite":                                  "m",
	"POST /projects":                                        "sm",
	"POST /projects/:project/draft":                         "s",
	"POST /projects/:project/draft/order":                   "aps",
	"POST /projects/:project/explanation":                   "s",
	"POST /projects/:project/live":                          "rapsm",
	"POST /projects/:project/meeting":                       "s",
	"POST /projects/:project/meeting/attend":                "s",
	"POST /projects/:project/meeting/close":                 "s",
	"POST /projects/:project/meeting/rows/:row/decision":    "s",
	"POST /projects/:project/meeting/rows/:row/position":    "p",
	"POST /projects/:project/meeting/rows/:row/record":      "s",
	"POST /projects/:project/realign":                       "ps",
	"POST /projects/:project/repin":                         "ps",
	"POST /projects/:project/rows/:row/apply":               "aps",
	"POST /projects/:project/rows/:row/comments":            "rapsm",
	"POST /projects/:project/rows/:row/comments/:comment":   "apsm",
	"POST /projects/:project/rows/:row/confirm":             "ps",
	"POST /projects/:project/rows/:row/merge":               "aps",
	"POST /projects/:project/rows/:row/move":                "aps",
	"POST /projects/:project/rows/:row/none":                "ps",
	"POST /projects/:project/rows/:row/place":               "aps",
	"POST /projects/:project/rows/:row/position":            "p",
	"POST /projects/:project/rows/:row/relation":            "aps",
	"POST /projects/:project/rows/:row/review":              "ps",
	"POST /projects/:project/rows/:row/split":               "aps",
	"POST /projects/:project/rows/:row/take":                "aps",
	"POST /projects/:project/rows/:row/unify":               "aps",
	"POST /projects/:project/settings":                      "sm",
	"POST /projects/:project/synonyms":                      "aps",
	"POST /projects/:project/synonyms/:group":               "aps",
	"POST /projects/:project/undo":                          "aps",
	"POST /reset":                                           "vrapsm",
	"POST /setup":                                           "vrapsm",
	"POST /sign-in":                                         "vrapsm",
	"POST /sign-in/code":                                    "vrapsm",
	"POST /sign-out":                                        "vrapsm",
	"POST /standards/:id/:rev/restore":                      "apsm",
	"POST /standards/:id/ballots":                           "s",
	"POST /standards/:id/ballots/:n/close":                  "s",
	"POST /standards/:id/ballots/:n/vote":                   "rapsm",
	"POST /standards/:id/comments":                          "rapsm",
	"POST /standards/:id/comments/:comment":                 "apsm",
	"POST /standards/:id/comments/:comment/apply":           "s",
	"POST /standards/:id/comments/:comment/part":            "s",
	"POST /standards/:id/comments/:comment/support":         "raps",
	"POST /standards/:id/comments/dispose":                  "s",
	"POST /standards/:id/comments/gather":                   "s",
	"POST /standards/:id/comments/import":                   "psm",
	"POST /standards/:id/comments/leave":                    "p",
	"POST /standards/:id/comments/submit":                   "p",
	"POST /standards/:id/derived":                           "apsm",
	"POST /standards/:id/documents":                         "aps",
	"POST /standards/:id/documents/:doc/drop":               "aps",
	"POST /standards/:id/process":                           "rapsm",
	"POST /standards/:id/rules":                             "aps",
	"POST /standards/:id/suggestions/:n":                    "rapsm",
	"POST /standards/:id/suggestions/new":                   "rapsm",
	"POST /standards/:id/waivers":                           "aps",
	"POST /standards/:id/waivers/:waiver/drop":              "aps",
	"POST /watch":                                           "rapsm",
	"POST /watch/:id/end":                                   "rapsm",
	"POST /watch/:id/feed":                                  "rapsm",
	"POST /watch/:id/test":                                  "rapsm",
}

// callers of the table test.
var callers = []struct{ letter, id string }{{"v", ""}, {"r", "demo-reader"}, {"a", "demo-author"}, {"p", "demo-31"}, {"s", "demo-secretary"}, {"m", "demo-admin"}}

// turnedAway tells an answer that lets nobody in.
func turnedAway(res answer) bool {
	to := res.Header.Get("Location")
	return res.StatusCode == http.StatusForbidden || res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusSeeOther && strings.HasPrefix(to, "/sign-in?")
}

// TestEveryRouteForEveryRole asks for every route as everybody. Who is not let
// in does nothing; nobody meets a fault.
func TestEveryRouteForEveryRole(t *testing.T) {
	s := serve(t, Options{Demo: true})
	fill := strings.NewReplacer(":id", "sh-express", ":rev", "1", ":project", testProject, ":row", "any", ":comment", "c999", ":clause", "delivery-time", ":n", "1", ":token", "guess", ":file", "none")
	stated := map[string]bool{}
	for _, r := range routes {
		key := r.method + " " + r.path
		stated[key] = true
		who, listed := whoGets[key]
		if !listed {
			t.Errorf("%s: say in whoGets who is let in", key)
		}
		if strings.HasSuffix(r.path, "/live") && r.method == get || r.path == "/sign-out" || r.path == "/account/erase" || r.path == "/account/sessions" {
			continue // goes on for ever, or ends the session that asks: their own tests
		}
		for _, c := range callers {
			before := s.lastEvent()
			res := s.ask(c.id, r.method, fill.Replace(r.path), fields("id", "!", "region", "31"))
			in := !turnedAway(res)
			if in != strings.Contains(who, c.letter) {
				t.Errorf("%s as %q: %d, let in %v; want %q", key, c.letter, res.StatusCode, in, who)
			}
			if res.StatusCode >= 500 {
				t.Errorf("%s as %q: %d", key, c.letter, res.StatusCode)
			}
			if did := s.eventsSince(before); (!in || r.method == get) && len(did) > 0 {
				t.Errorf("%s as %q did %v", key, c.letter, did)
			}
		}
	}
	for key := range whoGets {
		if !stated[key] {
			t.Errorf("%s is no route", key)
		}
	}
}

// TestTokensForEveryRoute asks with tokens of a secretary: nothing is changed
// beyond their scope, no page for people answers, and none sets a session.
func TestTokensForEveryRoute(t *testing.T) {
	s := serve(t, Options{})
	who, err := s.reg.Member("demo-secretary")
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer(":id", "sh-express", ":rev", "1", ":project", testProject, ":row", "any", ":comment", "c999", ":clause", "delivery-time", ":n", "1", ":token", "guess", ":file", "none")
	for _, scope := range registry.Scopes {
		_, key, err := s.reg.MakeToken(who, scope.Name, []string{scope.Name}, 24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) }
		for _, r := range routes {
			if strings.HasSuffix(r.path, "/live") && r.method == get {
				continue
			}
			before := s.lastEvent()
			res := s.ask("", r.method, fill.Replace(r.path), fields("id", "!"), bearer)
			people := slices.ContainsFunc(forPeople, func(p string) bool { return r.path == p || strings.HasPrefix(r.path, p+"/") })
			verb := registry.Verb(r.who)
			if beyond := r.who != anyone && r.who != member && !slices.Contains(scope.Verbs, verb); (people || beyond) && res.StatusCode != http.StatusForbidden {
				t.Errorf("%s %s with scope %s: %d", r.method, r.path, scope.Name, res.StatusCode)
			}
			for _, k := range res.Cookies() {
				if k.Name == sessionCookie && k.MaxAge >= 0 {
					t.Errorf("%s %s with a token sets a session", r.method, r.path)
				}
			}
			for _, did := range s.eventsSince(before) {
				if !slices.Contains(scope.Verbs, did) {
					t.Errorf("%s %s with scope %s did %s", r.method, r.path, scope.Name, did)
				}
			}
		}
		// From another site it is refused without any cookie, too.
		res := s.ask("", post, "/standards/sh-express/comments", fields("on", "proxy", "body", "？"), bearer, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
		if res.StatusCode != http.StatusForbidden || !strings.Contains(res.body, "别的网站") {
			t.Errorf("a cross-site post with a token: %d", res.StatusCode)
		}
	}
	for _, wrong := range []string{"", "guess", "tb_guess"} {
		res := s.ask("demo-secretary", get, "/inbox", nil, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+wrong) })
		if res.StatusCode != http.StatusUnauthorized || res.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("a wrong token beside a right cookie: %d", res.StatusCode)
		}
	}
}

// TestFormsOfOthers sends each form that is known to work, as everybody whose
// region or role it is not: nothing is done. The forms are those of the
// scenarios, so a new one is tried by itself.
func TestFormsOfOthers(t *testing.T) {
	tried := 0
	for _, sc := range scenarios() {
		if sc.method != post || sc.as == "" || sc.status != http.StatusSeeOther || len(sc.events) == 0 {
			continue
		}
		path, _, _ := strings.Cut(sc.path, "?")
		var others []string
		for _, id := range []string{"", "demo-reader", "demo-32", "demo-author", "demo-31", "demo-secretary", "demo-admin"} {
			m := registry.Member{}
			for _, role := range [][3]string{{"demo-reader", "reader", ""}, {"demo-32", "representative", "32"}, {"demo-author", "author", "31"}, {"demo-31", "representative", "31"}, {"demo-secretary", "secretary", ""}, {"demo-admin", "administrator", ""}} {
				if role[0] == id {
					m = registry.Member{ID: id, Role: registry.Role(role[1]), Region: role[2]}
				}
			}
			if !strings.HasPrefix(path, "/standards/sh-express") {
				continue
			}
			if id == "" || registry.May(m, sc.events[len(sc.events)-1], "31") != nil {
				others = append(others, id)
			}
		}
		if len(others) == 0 {
			continue
		}
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, Options{Mails: true})
			fill := strings.NewReplacer(slices.Concat(s.rowFields(), s.draftFields(sc), []string{"{comment}", s.comment(), "{receipt}", planted.receipt, "{public}", planted.comment})...)
			form := fields()
			for k, vs := range sc.form {
				for _, v := range vs {
					form.Add(k, fill.Replace(v))
				}
			}
			for _, id := range others {
				before := s.lastEvent()
				res := s.ask(id, post, fill.Replace(sc.path), form)
				if did := s.eventsSince(before); len(did) > 0 || res.StatusCode < 300 || res.StatusCode >= 500 {
					t.Errorf("as %q: %d, did %v", id, res.StatusCode, did)
				}
			}
		})
		tried++
	}
	if tried < 10 {
		t.Errorf("only %d forms were tried", tried)
	}
}
