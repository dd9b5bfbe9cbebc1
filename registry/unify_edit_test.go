package registry_test

import (
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/registry"
)

const clauseText = "企业应当在24小时内投递快件。\n\n投递前应当联系收件人。逾期的，应当说明理由。"

// begun is a row whose unified clause says clauseText.
func begun(t *testing.T) (*registry.Registry, registry.Row) {
	t.Helper()
	reg, v := two(t)
	row := rowWith(t, v, "31", "小时内投递")
	out, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "投递", clauseText)
	if err != nil {
		t.Fatal(err)
	}
	return reg, out
}

func TestTwoWhoEditOneClauseMeet(t *testing.T) {
	reg, row := begun(t)
	edit := func(title, old, new string) registry.UnifiedEdit {
		return registry.UnifiedEdit{Title: title, Text: strings.Replace(clauseText, old, new, 1), Base: row.Unified.Hash, Version: row.Version}
	}
	if _, met, err := reg.EditUnified(shanghai, "p", row.ID, edit("投递", "24小时", "12小时")); err != nil || met != nil {
		t.Fatalf("the first edit met %+v, %v", met, err)
	}
	got, met, err := reg.EditUnified(jiangsu, "p", row.ID, edit("投递时限", "说明理由", "书面说明理由"))
	if err != nil || met == nil || met.Clash() {
		t.Fatalf("another sentence: met %+v, %v", met, err)
	}
	want := strings.NewReplacer("24小时", "12小时", "说明理由", "书面说明理由").Replace(clauseText)
	if u := got.Unified; u.Text != want || u.Title != "投递时限" || u.By != "js" || u.With != "sh" {
		t.Errorf("woven: %q %q by %s with %s", u.Title, u.Text, u.By, u.With)
	}
	for _, s := range got.Unified.Sources {
		author := map[bool]string{true: "js", false: "sh"}[strings.Contains(s.Sentence, "书面")]
		if strings.Contains(s.Sentence, "投递前") {
			author = "secretary"
		}
		if s.By != author && s.How != registry.Verbatim {
			t.Errorf("%q is said to be by %q, want %q", s.Sentence, s.By, author)
		}
	}

	// The same words: nothing is kept, both are shown.
	head, _ := reg.LastEvent()
	_, met, err = reg.EditUnified(secretary, "p", row.ID, edit("投递", "24小时", "36小时"))
	refused(t, err, registry.Conflict)
	if met == nil || !met.Clash() || met.Theirs.By != "js" || met.Base.Text != clauseText {
		t.Fatalf("met %+v", met)
	}
	if now, _ := reg.LastEvent(); now.Seq != head.Seq {
		t.Error("a refused edit left an event")
	}
	// What somebody else wrote word for word needs no event.
	same := edit("投递", "24小时", "12小时")
	if _, _, err := reg.EditUnified(secretary, "p", row.ID, same); err != nil {
		t.Error(err)
	}
	if now, _ := reg.LastEvent(); now.Seq != head.Seq {
		t.Error("an edit that changes nothing left an event")
	}
}

// That a row was confirmed or its cells moved does not stand in the way of a
// text; a text whose base nobody knows does not overwrite.
func TestEditsOfAChangedRow(t *testing.T) {
	reg, row := begun(t)
	if _, err := reg.ConfirmRow(shanghai, "p", row.ID, row.Version, true); err != nil {
		t.Fatal(err)
	}
	if _, met, err := reg.EditUnified(jiangsu, "p", row.ID, registry.UnifiedEdit{Text: "甲。", Base: row.Unified.Hash, Version: row.Version}); err != nil || met != nil {
		t.Errorf("met %+v, %v", met, err)
	}
	_, _, err := reg.EditUnified(jiangsu, "p", row.ID, registry.UnifiedEdit{Text: "乙。", Version: row.Version})
	refused(t, err, registry.Conflict)
	for _, base := range []string{registry.NoClause, "0123456789abcdef"} {
		_, met, err := reg.EditUnified(jiangsu, "p", row.ID, registry.UnifiedEdit{Text: "丙。", Base: base, Version: row.Version})
		refused(t, err, registry.Conflict)
		if met == nil || met.Text[0].Mine != "丙。" || met.Text[0].Theirs != "甲。" {
			t.Errorf("base %s: met %+v", base, met)
		}
	}
	if versions, err := reg.UnifiedVersions("p", row.ID); err != nil || len(versions) != 2 || versions[0].Unified.Text != clauseText || versions[1].Event.Actor != "js" {
		t.Errorf("versions %+v, %v", versions, err)
	}
}

func TestTakenSentencesKeepTheirSource(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "31", "小时内投递")
	said := func(column string) (editor.Passage, string) {
		for i, col := range v.Columns {
			if col.Key == column {
				at := row.Cells[column][0]
				_, text := v.PassageText(i, at)
				return at, text
			}
		}
		t.Fatal(column)
		return editor.Passage{}, ""
	}
	at, text := said("32")
	take := []registry.Taken{{Column: "32", Passage: at, Sentence: 0}}
	edited := strings.Replace(text, "48小时", "24小时", 1) // now word for word what Shanghai says
	out, _, err := reg.EditUnified(secretary, "p", row.ID, registry.UnifiedEdit{Text: text, Base: registry.NoClause, Version: row.Version, Taken: take})
	if err != nil {
		t.Fatal(err)
	}
	s := out.Unified.Sources[0]
	if s.How != registry.Verbatim || s.Column != "32" || !s.Taken || s.Start != 0 || s.End != len([]rune(text)) || s.From.Clause != at.Clause {
		t.Errorf("taken: %+v", s)
	}
	out, _, err = reg.EditUnified(jiangsu, "p", row.ID, registry.UnifiedEdit{Text: edited, Base: out.Unified.Hash, Version: out.Version, Taken: take})
	if err != nil {
		t.Fatal(err)
	}
	if s := out.Unified.Sources[0]; s.Column == "32" && s.How != registry.Adapted || s.Column == "31" && s.How != registry.Verbatim {
		t.Errorf("edited: %+v", s)
	}
	// Made over step by step until its source can no longer be told from the words.
	for _, next := range []string{
		"快件到达末端网点后，经营快递业务的企业应当尽快投递。", "快件到达网点后，经营快递业务的企业应当尽快投递并告知。", "到达网点后，企业应当尽快投递并告知收件人。",
		"到站后，企业尽快投递并告知收件人。", "到站后，尽快送交并告知收件人。",
	} {
		if out, _, err = reg.EditUnified(jiangsu, "p", row.ID, registry.UnifiedEdit{Text: next, Base: out.Unified.Hash, Version: out.Version}); err != nil {
			t.Fatal(err)
		}
	}
	if s := out.Unified.Sources[0]; s.How != registry.Adapted || s.From.Clause == "" || s.Original == "" || s.By != "js" {
		t.Errorf("made over: %+v, want its source still", s)
	}
}
