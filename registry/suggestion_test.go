package registry_test

import (
	"strings"
	"testing"

	"tongbiao/registry"
)

// clauseWith finds the clause of a standard that holds words.
func clauseWith(t *testing.T, reg *registry.Registry, standard, words string) registry.SuggestedChange {
	t.Helper()
	text, err := reg.Text(registry.Ref{Standard: standard})
	if err != nil {
		t.Fatal(err)
	}
	for c := range text.Document.All() {
		if strings.Contains(c.Text, words) {
			return registry.SuggestedChange{Clause: c.ID, Wanted: registry.Words{Title: c.Title, Text: c.Text}}
		}
	}
	t.Fatalf("no clause of %s holds %q", standard, words)
	return registry.SuggestedChange{}
}

// wanting replaces words of the clause that holds them.
func wanting(t *testing.T, reg *registry.Registry, words, instead string) registry.SuggestedChange {
	t.Helper()
	k := clauseWith(t, reg, "sh-express", words)
	k.Wanted.Text = strings.Replace(k.Wanted.Text, words, instead, 1)
	return k
}

func suggest(t *testing.T, reg *registry.Registry, m registry.Member, changes ...registry.SuggestedChange) registry.Suggestion {
	t.Helper()
	s, err := reg.Suggest(m, registry.Suggestion{Standard: "sh-express", Message: "便民", Changes: changes})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func currentSource(t *testing.T, reg *registry.Registry) string {
	t.Helper()
	text, err := reg.Text(registry.Ref{Standard: "sh-express"})
	if err != nil {
		t.Fatal(err)
	}
	return string(text.Source)
}

func TestSuggestionIsAcceptedClauseByClause(t *testing.T) {
	reg, _ := two(t)
	s := suggest(t, reg, reader, wanting(t, reg, "七日内", "五日内"), wanting(t, reg, "不少于24小时", "不少于48小时"))
	if e := lastEvent(t, reg); e.Verb != registry.Suggest || e.Actor != "reader" {
		t.Errorf("the event is %+v", e)
	}
	complaint, locker := s.Changes[0].Clause, s.Changes[1].Clause
	s, v, err := reg.DecideSuggestion(shanghai, "sh-express", 1, s.Version, []registry.Ruling{
		{Clause: complaint, Accept: true, Reason: "确有必要"}, {Clause: locker, Reason: "成本过高"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if v.Number != 2 || v.Author != "sh" || len(v.Parts) != 1 {
		t.Fatalf("revision %+v", v)
	}
	if p := v.Parts[0]; p != (registry.Part{Clause: complaint, Author: "reader", Source: "suggestions/1", Reason: "确有必要"}) {
		t.Errorf("its part is %+v", p)
	}
	if source := currentSource(t, reg); !strings.Contains(source, "五日内") || strings.Contains(source, "不少于48小时") {
		t.Errorf("the text is\n%s", source)
	}
	if s.Changes[0].State != registry.SuggestionAccepted || s.Changes[0].In != 2 || s.Changes[1].State != registry.SuggestionRejected || s.Changes[1].Reason != "成本过高" || s.Open() != 0 {
		t.Errorf("%+v", s.Changes)
	}
	_, _, err = reg.DecideSuggestion(shanghai, "sh-express", 1, s.Version, []registry.Ruling{{Clause: locker, Accept: true}})
	refused(t, err, registry.Conflict)
}

func TestWhoDecidesOnASuggestion(t *testing.T) {
	reg, _ := two(t)
	_, err := reg.Suggest(registry.Member{}, registry.Suggestion{Standard: "sh-express", Message: "改", Changes: []registry.SuggestedChange{wanting(t, reg, "七日", "五日")}})
	refused(t, err, registry.Forbidden)
	s := suggest(t, reg, jiangsu, wanting(t, reg, "七日", "五日"))
	rule := []registry.Ruling{{Clause: s.Changes[0].Clause, Accept: true}}
	before := lastEvent(t, reg)
	for _, m := range []registry.Member{reader, jiangsu, {}} {
		_, _, err := reg.DecideSuggestion(m, "sh-express", 1, s.Version, rule)
		refused(t, err, registry.Forbidden)
	}
	_, _, err = reg.DecideSuggestion(shanghai, "sh-express", 1, 7, rule)
	refused(t, err, registry.Conflict)
	_, _, err = reg.DecideSuggestion(shanghai, "sh-express", 1, s.Version, []registry.Ruling{{Clause: s.Changes[0].Clause}})
	refused(t, err, registry.Invalid) // no reason
	_, _, err = reg.DecideSuggestion(shanghai, "sh-express", 1, s.Version, nil)
	refused(t, err, registry.Invalid)
	_, err = reg.WithdrawSuggestion(reader, "sh-express", 1, s.Version)
	refused(t, err, registry.Forbidden)
	if lastEvent(t, reg).Seq != before.Seq {
		t.Error("a refusal left something")
	}
	if s, err = reg.WithdrawSuggestion(jiangsu, "sh-express", 1, s.Version); err != nil || s.Open() != 0 {
		t.Fatal(err)
	}
	_, _, err = reg.DecideSuggestion(shanghai, "sh-express", 1, s.Version, rule)
	refused(t, err, registry.Conflict)
}

func TestWhatASuggestionMustHave(t *testing.T) {
	reg, _ := two(t)
	good := wanting(t, reg, "七日", "五日")
	same := clauseWith(t, reg, "sh-express", "七日")
	for name, s := range map[string]registry.Suggestion{
		"no message":    {Standard: "sh-express", Changes: []registry.SuggestedChange{good}},
		"no change":     {Standard: "sh-express", Message: "改"},
		"nothing new":   {Standard: "sh-express", Message: "改", Changes: []registry.SuggestedChange{same}},
		"twice":         {Standard: "sh-express", Message: "改", Changes: []registry.SuggestedChange{good, good}},
		"no clause":     {Standard: "sh-express", Message: "改", Changes: []registry.SuggestedChange{{Clause: "nowhere", Wanted: registry.Words{Text: "甲"}}}},
		"too long":      {Standard: "sh-express", Message: "改", Changes: []registry.SuggestedChange{{Clause: good.Clause, Wanted: registry.Words{Text: strings.Repeat("甲", 30000)}}}},
		"two-line name": {Standard: "sh-express", Message: "改", Changes: []registry.SuggestedChange{{Clause: good.Clause, Wanted: registry.Words{Title: "甲\n乙", Text: "丙"}}}},
	} {
		if _, err := reg.Suggest(reader, s); !registry.Refused(err, registry.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := reg.Suggest(reader, registry.Suggestion{Standard: "nowhere", Message: "改", Changes: []registry.SuggestedChange{good}})
	refused(t, err, registry.NotFound)
}

// What is suggested stays text of its clause, whatever it looks like.
func TestSuggestedTextIsNoStructure(t *testing.T) {
	reg, _ := two(t)
	k := clauseWith(t, reg, "sh-express", "七日")
	k.Wanted.Text += "\n\n### 第九条 {#a-9}\n\n第十条 企业可以不答复。<!-- 藏 -->\n\n## 附则"
	s := suggest(t, reg, reader, k)
	before, err := reg.Revision("sh-express", 0)
	if err != nil {
		t.Fatal(err)
	}
	_, v, err := reg.DecideSuggestion(shanghai, "sh-express", 1, s.Version, []registry.Ruling{{Clause: k.Clause, Accept: true}})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Clauses) != len(before.Clauses) {
		t.Errorf("%d clauses became %d", len(before.Clauses), len(v.Clauses))
	}
	if source := currentSource(t, reg); !strings.Contains(source, `\<!-- 藏 -->`) || !strings.Contains(source, "企业可以不答复") {
		t.Errorf("the text is\n%s", source)
	}
	if err := reg.Verify(func(f registry.Fault) {
		if strings.HasPrefix(f.Where, "revision/") && !strings.Contains(f.What, "没有成员") {
			t.Errorf("%s: %s", f.Where, f.What)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// A suggestion whose base moved on: it follows its clause, is taken together with
// what stands apart, and asks where the same words were changed.
func TestSuggestionMeetsWhatCameSince(t *testing.T) {
	reg, _ := two(t)
	s := suggest(t, reg, reader, wanting(t, reg, "不少于24小时", "不少于48小时"), wanting(t, reg, "七日内", "五日内"), wanting(t, reg, "保护用户", "切实保护用户"))
	locker, complaint, purpose := s.Changes[0].Clause, s.Changes[1].Clause, s.Changes[2].Clause
	w, err := reg.StartWorking(secretary, "sh-express", 0)
	if err != nil {
		t.Fatal(err)
	}
	source := string(w.Source)
	first := source[strings.Index(source, "###"):strings.Index(source, "### 第二条")]
	if first == "" {
		t.Fatalf("no first article in\n%s", source)
	}
	source = strings.NewReplacer(first, "", "在24小时内投递", "在12小时内投递", "七日内", "三日内").Replace(source)
	if w, err = reg.SaveWorking(secretary, "sh-express", w.Version, []byte(source)); err != nil {
		t.Fatal(err)
	}
	m, err := reg.SubmitWorking(secretary, "sh-express", w.Version, "缩短时限")
	if err != nil {
		t.Fatal(err)
	}
	now, err := reg.Text(m.Revision.Ref())
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []registry.Meets{registry.MeetsApart, registry.MeetsClash, registry.MeetsGone} {
		if got := s.Changes[i].Meet(now.Document).Meets; got != want {
			t.Errorf("change %d meets %s, want %s", i, got, want)
		}
	}
	if met := s.Changes[0].Meet(now.Document); met.Clause.Number != "第一条" || !strings.Contains(met.Becomes.Text, "12小时内投递") || !strings.Contains(met.Becomes.Text, "不少于48小时") {
		t.Errorf("the clause followed becomes %+v", met)
	}
	for _, clause := range []string{complaint, purpose} {
		_, _, err := reg.DecideSuggestion(secretary, "sh-express", 1, s.Version, []registry.Ruling{{Clause: clause, Accept: true}})
		refused(t, err, registry.Conflict)
	}
	s, v, err := reg.DecideSuggestion(secretary, "sh-express", 1, s.Version, []registry.Ruling{
		{Clause: locker, Accept: true},
		{Clause: complaint, Accept: true, Words: &registry.Words{Text: "用户投诉的，企业应当自收到投诉之日起四日内答复。"}},
		{Clause: purpose, Reason: "该条已删去"},
	})
	if err != nil || v.Number != 3 || len(v.Parts) != 2 || s.Open() != 0 {
		t.Fatalf("%+v; %v", v, err)
	}
	if text := currentSource(t, reg); !strings.Contains(text, "四日内") || !strings.Contains(text, "不少于48小时") || !strings.Contains(text, "12小时内投递") {
		t.Errorf("the text is\n%s", text)
	}
}
