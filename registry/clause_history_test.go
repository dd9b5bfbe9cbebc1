package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// One clause through time: every revision that changed it, and no other.
func TestClauseHistory(t *testing.T) {
	reg := open(t)
	base := 0
	keep := func(body string) {
		t.Helper()
		v, _, err := reg.Submit(shanghai, registry.Submission{Standard: "one", Base: base, Message: "改",
			Source: []byte("---\nid: one\ntitle: 一条\nregion: \"31\"\nconvention: standard\n---\n\n" + body)})
		if err != nil {
			t.Fatal(err)
		}
		base = v.Number
	}
	a, b, c := "## 甲 {#a}\n\n企业应公布投诉电话。\n\n", "## 乙 {#b}\n\n快件应在 48 h 内投递。\n\n", "## 丙 {#c}\n\n首次使用前应检查设备。\n\n"
	keep(a + b)
	keep(strings.Replace(a, "公布", "公示", 1) + b)                     // another clause
	keep(a + strings.Replace(b, "48 h", "24 h", 1))                 // its words
	keep(a + c + strings.Replace(b, "48 h", "24 h", 1))             // its number
	keep(strings.TrimSpace(a) + "快件应在 24 h 内投递。\n\n" + c)           // gone into another
	keep(a + "## 乙 {#b}\n\n快件应在 24 h 内投递。\n\n" + c + "## 丁 {#d}\n") // and back
	steps, older, err := reg.ClauseHistory("one", "b", 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range steps {
		line := fmt.Sprintf("%d %s %s→%s", s.Revision.Number, s.Change.Kind, s.WasAt, s.Number)
		for _, k := range s.From {
			line += " from " + k.ID
		}
		for _, k := range s.Into {
			line += " into " + k.ID
		}
		for _, d := range s.Change.Differences {
			line += " " + string(d.Kind)
		}
		got = append(got, line)
	}
	want := "6 added →2 from a\n5 removed 3→ into a\n4 unchanged 2→3\n3 reworded 2→2 quantity\n1 added →2"
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	if older != 0 {
		t.Errorf("older changes before revision %d", older)
	}
	_, _, err = reg.ClauseHistory("one", "nowhere", 0)
	refused(t, err, registry.NotFound)
	_, _, err = reg.ClauseHistory("nowhere", "b", 0)
	refused(t, err, registry.NotFound)
	if k := compare.OneClause(nil, nil).Kind; k != compare.Unchanged {
		t.Errorf("nothing became %s", k)
	}
}

// Many changes of a clause are told some at a time, each of them once.
func TestClauseHistoryInParts(t *testing.T) {
	reg := open(t)
	const changes = 2*registry.MaxClauseSteps + 5
	for n := range changes {
		source := fmt.Sprintf("---\nid: one\ntitle: 一条\nregion: \"31\"\nconvention: standard\n---\n\n## 乙 {#b}\n\n快件应在 %d h 内投递。\n", n+1)
		if _, _, err := reg.Submit(shanghai, registry.Submission{Standard: "one", Base: n, Message: "改", Source: []byte(source)}); err != nil {
			t.Fatal(err)
		}
	}
	want, before := changes, 0
	for {
		steps, older, err := reg.ClauseHistory("one", "b", before)
		if err != nil || len(steps) > registry.MaxClauseSteps {
			t.Fatalf("%d steps, %v", len(steps), err)
		}
		for _, s := range steps {
			if s.Revision.Number != want {
				t.Fatalf("revision %d, want %d", s.Revision.Number, want)
			}
			want--
		}
		if before = older; older == 0 {
			break
		}
	}
	if want != 0 {
		t.Errorf("the changes up to revision %d are missing", want)
	}
	_, _, err := reg.ClauseHistory("one", "b", 1)
	refused(t, err, registry.NotFound)
}
