package web

import (
	"strings"
	"testing"

	"tongbiao/registry"
)

// TestWhatAProjectSaysIsShownAsText: markup in any field of meetings, papers,
// positions, relations and settings stays text on every page that shows it.
func TestWhatAProjectSaysIsShownAsText(t *testing.T) {
	const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"'><svg onload=alert(3)>`
	s := serve(t, Options{})
	admin := registry.Member{ID: "demo-admin", Role: registry.Administrator}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	member := func(id, region string, role registry.Role) registry.Member {
		t.Helper()
		_, err := s.reg.AddMember(admin, registry.Member{ID: id, Name: evil, Region: region, Role: role}, "correct horse")
		check(err)
		m, err := s.reg.Member(id)
		check(err)
		return m
	}
	mallory, sh := member("mallory", "", registry.Secretary), member("mal-31", "31", registry.Representative)
	js := member("mal-32", "32", registry.Representative)
	p, err := s.reg.Project(testProject)
	check(err)
	p.Title, p.Territory = evil, []string{"上海市" + evil}
	p.Issues = map[string]registry.Issue{"31": {Issuer: evil}}
	_, err = s.reg.ChangeProject(mallory, p)
	check(err)

	row := s.rowWith("24 h")
	_, err = s.reg.PlaceRow(sh, testProject, row.ID, row.Version, evil, evil, 1)
	check(err)
	m, err := s.reg.OpenMeeting(mallory, registry.Meeting{Project: testProject, Title: evil, Place: evil, Queue: []string{row.ID},
		Present: []registry.Attendee{{Member: "mal-31"}, {Member: "mallory"}}, Guests: []registry.Guest{{Organisation: evil, Name: evil}}})
	check(err)
	u, err := s.reg.UnifyRow(sh, testProject, row.ID, s.rowWith("24 h").Version, evil, "应"+evil+"。")
	check(err)
	_, err = s.reg.Declare(js, registry.Position{Project: testProject, Row: row.ID, Region: "32", Verdict: registry.AgreeWithChange, Note: evil, Change: "不应" + evil + "。", Hash: u.Unified.Hash})
	check(err)
	_, err = s.reg.RecordPosition(mallory, testProject, m.ID, row.ID, "31", registry.Object, evil, u.Unified.Hash)
	check(err)
	_, err = s.reg.Decide(mallory, testProject, m.ID, row.ID, s.rowWith("24 h").Version, registry.Deferred, evil)
	check(err)
	v, err := s.reg.Workbench(testProject)
	check(err)
	_, err = s.reg.SayRelation(sh, testProject, row.ID, "31", registry.AgainstUnified, "crossing", evil, v.Reckoned(s.rowWith("24 h"), -1)[0].Hash)
	check(err)
	_, err = s.reg.EditExplanation(mallory, testProject, "work", 0, evil+"\n\n"+evil)
	check(err)
	_, err = s.reg.AddComment(sh, registry.Comment{Project: testProject, Row: row.ID, Body: evil, Quote: evil, Proposed: evil})
	check(err)
	_, _, err = s.reg.Submit(registry.System, registry.Submission{Standard: "sh-express", Base: 2, Source: []byte(changedText(evil)), Message: evil})
	check(err)
	none := s.rowWith("代收")
	_, err = s.reg.SayNone(sh, testProject, none.ID, none.Version, "32", true)
	check(err)

	at := "/projects/" + testProject
	for _, path := range []string{
		"", "?text=" + evil, "?relation=" + evil, "/draft", "/settings", "/progress", "/progress?since=" + evil, "/concordance", "/explanation", "/matrix", "/matrix?kind=all&text=" + evil + "&chapter=" + evil,
		"/meeting", "/meeting/rows/" + row.ID, "/meetings/" + m.ID, "/rows/" + row.ID, "/rows/" + none.ID, "/realign", "/repin?column=31", "/synonyms", "/synonyms?changed=" + evil, "/undo", "/live/rows?row=" + row.ID,
	} {
		path = strings.NewReplacer("<", "%3C", ">", "%3E", `"`, "%22", " ", "+").Replace(path)
		for _, as := range []string{"", "demo-secretary", "demo-31"} {
			res := s.ask(as, get, at+path, nil)
			if res.StatusCode >= 400 && !strings.Contains(path, "since=") {
				t.Errorf("%s as %q: %s", path, as, res.Status)
			}
			checkInert(t, path, res)
		}
	}
	for path, form := range map[string][]string{
		"/rows/" + row.ID + "/unify":            {"version", "77", "title", evil, "text", evil, "base", "x"},
		"/rows/" + row.ID + "/position":         {"region", "31", "verdict", "agree", "note", evil, "change", evil, "hash", "x"},
		"/rows/" + row.ID + "/relation":         {"column", "31", "against", "unified", "stand", "same", "note", evil, "hash", "x"},
		"/rows/" + row.ID + "/move":             {"version", "1", "column", evil, "passage", "a:1", "into", evil},
		"/rows/" + row.ID + "/none":             {"version", "1", "column", evil},
		"/synonyms":                             {"words", evil},
		"/settings":                             {"version", "0", "title", evil, "territory", evil, "number-31", evil, "issuer-31", evil, "started-31", evil, "mode", evil, "rule", evil},
		"/explanation":                          {"section", "work", "version", "7", "text", evil},
		"/meeting/attend":                       {"attended", "1", "guests", evil, "present", evil},
		"/meeting/rows/" + row.ID + "/decision": {"version", "1", "outcome", evil, "reason", evil},
		"/meeting/rows/" + row.ID + "/record":   {"region", evil, "verdict", evil, "note", evil, "hash", "x"},
		"/draft/order":                          {"row", row.ID, "version", "1", "chapter", evil, "before", evil},
		"/repin":                                {"column", "31", "revision", "3", "fingerprint", evil},
		"/realign":                              {"fingerprint", evil},
		"/rows/" + row.ID + "/comments":         {"body", "", "quote", evil, "type", evil},
	} {
		for _, as := range []string{"demo-secretary", "demo-31"} {
			checkInert(t, "POST "+path, s.ask(as, post, at+path, fields(form...)))
		}
	}
}
