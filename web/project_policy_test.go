package web

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"tongbiao/registry"
)

// mayPost says for every form of a project which roles may send it: r reader,
// a author, p representative, s secretary, m administrator. It is written down
// here a second time so that a slip in the policy shows.
var mayPost = map[string]string{
	"/projects":                                      "sm",
	"/projects/:project/draft":                       "s",
	"/projects/:project/draft/order":                 "aps",
	"/projects/:project/explanation":                 "s",
	"/projects/:project/live":                        "rapsm",
	"/projects/:project/meeting":                     "s",
	"/projects/:project/meeting/attend":              "s",
	"/projects/:project/meeting/close":               "s",
	"/projects/:project/meeting/rows/:row/decision":  "s",
	"/projects/:project/meeting/rows/:row/position":  "p",
	"/projects/:project/meeting/rows/:row/record":    "s",
	"/projects/:project/realign":                     "ps",
	"/projects/:project/repin":                       "ps",
	"/projects/:project/rows/:row/apply":             "aps",
	"/projects/:project/rows/:row/comments":          "rapsm",
	"/projects/:project/rows/:row/comments/:comment": "apsm",
	"/projects/:project/rows/:row/confirm":           "ps",
	"/projects/:project/rows/:row/merge":             "aps",
	"/projects/:project/rows/:row/move":              "aps",
	"/projects/:project/rows/:row/none":              "ps",
	"/projects/:project/rows/:row/place":             "aps",
	"/projects/:project/rows/:row/position":          "p",
	"/projects/:project/rows/:row/relation":          "aps",
	"/projects/:project/rows/:row/review":            "ps",
	"/projects/:project/rows/:row/split":             "aps",
	"/projects/:project/rows/:row/take":              "aps",
	"/projects/:project/rows/:row/unify":             "aps",
	"/projects/:project/settings":                    "sm",
	"/projects/:project/synonyms":                    "aps",
	"/projects/:project/synonyms/:group":             "aps",
	"/projects/:project/undo":                        "aps",
}

// TestWhoMayChangeAProject sends every form of a project as everybody: who may
// not is refused and nothing is done, whatever the form holds; who may is told
// what is wrong with it.
func TestWhoMayChangeAProject(t *testing.T) {
	s := serve(t, Options{Demo: true})
	fill := strings.NewReplacer(":comment", "c999", ":project", testProject, ":row", "any", ":group", "7")
	for _, r := range projectRoutes {
		if r.method != post {
			continue
		}
		roles, listed := mayPost[r.path]
		if !listed {
			t.Errorf("POST %s: say here who may", r.path)
		}
		for _, who := range []struct{ role, id, region string }{
			{"-", "", ""}, {"r", "demo-reader", ""}, {"a", "demo-author", "31"}, {"p", "demo-31", "31"}, {"s", "demo-secretary", ""}, {"m", "demo-admin", ""},
		} {
			before := s.lastEvent()
			res := s.ask(who.id, post, fill.Replace(r.path), fields("region", who.region, "id", "!"))
			may := strings.Contains(roles, who.role)
			if refused := res.StatusCode == http.StatusForbidden; refused == may {
				t.Errorf("POST %s as %q: %d, may: %v", r.path, who.id, res.StatusCode, may)
			}
			if res.StatusCode >= 500 {
				t.Errorf("POST %s as %q: %d", r.path, who.id, res.StatusCode)
			}
			if got := s.eventsSince(before); !may && len(got) > 0 {
				t.Errorf("POST %s as %q: did %v", r.path, who.id, got)
			}
		}
	}
}

// othersThings is a project in which Shanghai and the secretariat have done
// something of everything, and a second project on the same texts.
type othersThings struct {
	row, split               registry.RowView
	hash, comment, meeting   string
	act, said, group, repins uint64
}

func (s *site) othersThings() (o othersThings) {
	s.t.Helper()
	member := func(id string) registry.Member {
		m, err := s.reg.Member(id)
		if err != nil {
			s.t.Fatal(err)
		}
		return m
	}
	shanghai, secretary := member("demo-31"), member("demo-secretary")
	check := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	_, err := s.reg.CreateProject(secretary, registry.Project{ID: "second", Title: "另一个", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}}}})
	check(err)
	row := s.rowWith("代收")
	split, err := s.reg.SplitRow(shanghai, testProject, s.rowWith("24 h").ID, s.rowWith("24 h").Version, []string{"31"})
	check(err)
	acts, err := s.reg.Acts(testProject)
	check(err)
	u, err := s.reg.UnifyRow(shanghai, testProject, row.ID, row.Version, "", "可由代收点代收快件。")
	check(err)
	said, err := s.reg.Declare(shanghai, registry.Position{Project: testProject, Row: row.ID, Region: "31", Verdict: registry.AgreeWithChange, Change: "可由驿站代收快件。", Hash: u.Unified.Hash})
	check(err)
	remark, err := s.reg.AddComment(shanghai, registry.Comment{Project: testProject, Row: split.ID, Body: "何时起算？"})
	check(err)
	group, _, err := s.reg.AddSynonyms(shanghai, testProject, []string{"代收点", "驿站"})
	check(err)
	m, err := s.reg.OpenMeeting(secretary, registry.Meeting{Project: testProject, Title: "会议", Queue: []string{row.ID}, Present: []registry.Attendee{{Member: "demo-31"}}})
	check(err)
	rev, _, err := s.reg.Submit(registry.System, registry.Submission{Standard: "sh-express", Base: 2, Source: []byte(changedText("36 h")), Message: "放宽"})
	check(err)
	return othersThings{s.rowWith("代收"), registry.RowView{Row: split}, u.Unified.Hash, remark.ID, m.ID, acts[0].Event, said.Event, group.Event, uint64(rev.Number)}
}

// TestOthersThings: what is Shanghai's a representative of Jiangsu may not say or
// change, and what is of one project is not there under the address of another.
func TestOthersThings(t *testing.T) {
	s := serve(t, Options{Demo: true})
	o := s.othersThings()
	n := func(n uint64) string { return strconv.FormatUint(n, 10) }
	here, there := "/projects/express", "/projects/second"
	row := "/rows/" + o.row.ID
	for _, c := range []struct {
		as, path string
		form     []string
		status   int
	}{
		{"demo-32", here + row + "/position", []string{"region", "31", "verdict", "agree", "hash", o.hash}, 403},
		{"demo-32", here + "/meeting" + row + "/position", []string{"region", "31", "verdict", "agree", "hash", o.hash}, 403},
		{"demo-32", here + row + "/relation", []string{"column", "31", "against", "unified", "stand", "same", "hash", "x"}, 403},
		{"demo-32", here + "/repin", []string{"column", "31", "revision", n(o.repins), "fingerprint", "x"}, 403},
		{"demo-31", here + "/repin", []string{"column", "31", "revision", n(o.repins), "fingerprint", "x"}, 409},
		{"demo-32", here + "/undo", []string{"event", n(o.act)}, 403},
		{"demo-author", here + "/undo", []string{"event", n(o.act)}, 403},
		{"demo-32", here + "/rows/" + o.split.ID + "/comments/" + o.comment, []string{"do", "resolve", "outcome", "采纳"}, 403},

		{"demo-secretary", there + "/undo", []string{"event", n(o.act)}, 404},
		{"demo-secretary", there + row + "/apply", []string{"version", "1", "event", n(o.said)}, 404},
		{"demo-secretary", there + "/synonyms/" + n(o.group), nil, 404},
		{"demo-secretary", there + "/rows/" + o.split.ID + "/comments/" + o.comment, []string{"do", "resolve", "outcome", "采纳"}, 404},
		{"demo-secretary", there + "/rows/" + o.split.ID + "/unify", []string{"version", "1", "text", "条文。"}, 404},
		{"demo-secretary", there + "/rows/" + o.split.ID + "/confirm", []string{"version", "1", "confirmed", "yes"}, 404},
		{"demo-secretary", there + "/rows/" + o.split.ID + "/relation", []string{"column", "31", "against", "32", "stand", "same", "hash", "x"}, 404},
		{"demo-secretary", there + "/rows/" + o.split.ID + "/comments", []string{"body", "？"}, 404},
		{"demo-secretary", there + "/meeting/close", []string{"meeting", o.meeting}, 409},
		{"demo-secretary", there + "/meeting/rows/" + o.row.ID + "/record", []string{"meeting", o.meeting, "region", "31", "verdict", "agree", "hash", o.hash}, 409},
	} {
		before := s.lastEvent()
		if res := s.ask(c.as, post, c.path, fields(c.form...)); res.StatusCode != c.status {
			t.Errorf("POST %s as %s: %d, want %d\n%.400s", c.path, c.as, res.StatusCode, c.status, res.body)
		}
		if got := s.eventsSince(before); len(got) > 0 {
			t.Errorf("POST %s as %s: did %v", c.path, c.as, got)
		}
	}
	for _, path := range []string{"/meetings/" + o.meeting, "/meetings/" + o.meeting + "/minutes.md", "/meetings/" + o.meeting + "/minutes.docx", "/rows/" + o.split.ID} {
		if res := s.ask("demo-secretary", get, there+path, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s%s: %d", there, path, res.StatusCode)
		}
	}
}
