package registry_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tongbiao/registry"
)

// known is a sentence of the generator, with what it knows of its past.
type known struct {
	words   string
	brought int
	changes []string // "reworded 3"
}

// author edits a text at random and knows of each sentence where it came from.
type author struct {
	*rand.Rand
	said    int
	clauses [][]*known
	ids     []int
	gone    []*known
}

// sentence is one that shares hardly anything with another.
func (a *author) sentence(revision int) *known {
	a.said++
	var b strings.Builder
	for range 14 + a.IntN(10) {
		b.WriteRune(rune(0x4E00 + a.IntN(3000)))
	}
	return &known{words: fmt.Sprintf("%s应在 %d h 内完成", b.String(), 10+a.IntN(90)), brought: revision}
}

// edit changes the text in one to four ways.
func (a *author) edit(revision int) {
	touched := map[*known]bool{}
	for range 1 + a.IntN(4) {
		from := a.IntN(len(a.clauses))
		list := a.clauses[from]
		switch what := a.IntN(6); {
		case what == 0 || len(list) == 0: // a new one
			k := a.sentence(revision)
			touched[k] = true // what came and went in one edit nobody can know
			a.insert(from, k)
		case what == 1: // other words
			k := list[a.IntN(len(list))]
			if touched[k] {
				continue
			}
			touched[k] = true
			k.words = strings.Replace(k.words, "应在", []string{"宜在", "应当在", "应于"}[a.IntN(3)], 1)
			k.words = strings.Replace(k.words, " h 内", " h以内", 1)
			if strings.Count(k.words, "改") < 3 {
				k.words += "改"
			}
			k.changes = append(k.changes, fmt.Sprintf("reworded %d", revision))
		case what == 2: // to another clause
			i := a.IntN(len(list))
			k, to := list[i], a.IntN(len(a.clauses))
			if touched[k] || to == from {
				continue
			}
			touched[k] = true
			a.clauses[from] = slices.Delete(slices.Clone(list), i, i+1)
			a.insert(to, k)
			k.changes = append(k.changes, fmt.Sprintf("moved %d", revision))
		case what == 3: // taken out
			i := a.IntN(len(list))
			if touched[list[i]] {
				continue
			}
			touched[list[i]] = true
			a.gone = append(a.gone, list[i])
			a.clauses[from] = slices.Delete(slices.Clone(list), i, i+1)
		case what == 4 && len(a.gone) > 0: // brought back
			k := a.gone[0]
			if touched[k] {
				continue
			}
			touched[k] = true
			a.gone = a.gone[1:]
			a.insert(from, k)
			k.changes = append(k.changes, fmt.Sprintf("restored %d", revision))
		case what == 5 && len(a.clauses) > 3: // two clauses become one
			to := (from + 1) % len(a.clauses)
			if slices.ContainsFunc(list, func(k *known) bool { return touched[k] }) {
				continue
			}
			for _, k := range list {
				touched[k] = true
				k.changes = append(k.changes, fmt.Sprintf("moved %d", revision))
			}
			a.clauses[to] = append(slices.Clone(a.clauses[to]), list...)
			a.clauses = slices.Delete(a.clauses, from, from+1)
			a.ids = slices.Delete(a.ids, from, from+1)
		}
	}
	if i, j := a.IntN(len(a.clauses)), a.IntN(len(a.clauses)); a.IntN(3) == 0 { // clauses change places: that is no change of a sentence
		a.clauses[i], a.clauses[j] = a.clauses[j], a.clauses[i]
		a.ids[i], a.ids[j] = a.ids[j], a.ids[i]
	}
}

func (a *author) insert(clause int, k *known) {
	list := slices.Clone(a.clauses[clause])
	a.clauses[clause] = slices.Insert(list, a.IntN(len(list)+1), k)
}

func (a *author) text() string {
	var b strings.Builder
	b.WriteString("---\nid: blamed\ntitle: 追溯\nregion: \"31\"\nconvention: standard\n---\n\n")
	for i, list := range a.clauses {
		fmt.Fprintf(&b, "## 章名%d {#c%d}\n\n", a.ids[i], a.ids[i])
		for n, k := range list {
			b.WriteString(k.words + "。")
			if n%3 == 2 {
				b.WriteString("\n\n")
			}
		}
		b.WriteString("\n\n")
	}
	return b.String()
}

// After random edits each sentence is attributed to the revision that brought
// it, and each change of it to the revision that made it.
func TestBlameKnowsWhoBroughtWhat(t *testing.T) {
	for seed := range uint64(12) {
		reg := open(t)
		a := &author{Rand: rand.New(rand.NewPCG(seed, 7))}
		for i := range 6 {
			a.ids = append(a.ids, i)
			var list []*known
			for range 1 + a.IntN(5) {
				list = append(list, a.sentence(1))
			}
			a.clauses = append(a.clauses, list)
		}
		current := 0
		for n := 1; n <= 12; n++ {
			if n > 1 {
				a.edit(n)
			}
			v, _, err := reg.Submit(shanghai, registry.Submission{Standard: "blamed", Base: current, Source: []byte(a.text()), Message: fmt.Sprintf("改 %d", n)})
			if err != nil {
				t.Fatal(err)
			}
			if v.Number == current { // nothing came of it
				n--
				continue
			}
			current = v.Number
		}
		b, err := reg.Blame("blamed", 0)
		if err != nil {
			t.Fatal(err)
		}
		checkBlame(t, seed, a, b)
	}
}

func checkBlame(t *testing.T, seed uint64, a *author, b registry.Blame) {
	t.Helper()
	found := map[string]registry.Blamed{}
	for _, s := range b.Sentences {
		found[strings.TrimSuffix(s.Text, "。")] = s
	}
	n := 0
	for _, list := range a.clauses {
		for _, k := range list {
			n++
			s, ok := found[k.words]
			if !ok {
				t.Fatalf("seed %d: %s is not there", seed, k.words)
			}
			var changes []string
			for _, h := range s.Changes {
				changes = append(changes, fmt.Sprintf("%s %d", h.Deed, h.Revision))
			}
			if s.Brought.Revision != k.brought || !slices.Equal(changes, k.changes) {
				t.Errorf("seed %d: %s: brought in %d with %v, want %d with %v", seed, k.words, s.Brought.Revision, changes, k.brought, k.changes)
			}
		}
	}
	if titles := len(a.clauses); len(b.Sentences) != n+titles {
		t.Errorf("seed %d: %d sentences, want %d and %d titles", seed, len(b.Sentences), n, titles)
	}
}

// An edition that was published earlier is the older one, though it is imported
// later.
func TestBlameFollowsPublicationNotArrival(t *testing.T) {
	reg := open(t)
	text := func(year, hours string) []byte {
		return []byte("---\nid: edition\ntitle: 版本\nregion: \"31\"\nconvention: standard\npublished: " + year + "-01-01\n---\n\n## 投递 {#a}\n\n快件到达末端网点后，应在 " + hours + " h 内投递。企业应公布投诉电话。\n")
	}
	for _, in := range [][]byte{text("2025", "24"), text("2021", "48")} {
		list, err := reg.Import(secretary, []registry.Incoming{{Path: "a.md", Source: in}})
		if err != nil || list[0].Err != nil {
			t.Fatal(err, list[0].Err)
		}
	}
	b, err := reg.Blame("edition", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range b.Sentences {
		if s.Brought.Revision != 2 {
			t.Errorf("%s was brought in %d", s.Text, s.Brought.Revision)
		}
		if strings.Contains(s.Text, "24 h") && (len(s.Changes) != 1 || s.Last().Revision != 1 || s.Last().Was != "快件到达末端网点后，应在 48 h 内投递。") {
			t.Errorf("%s: %+v", s.Text, s.Changes)
		}
	}
	steps, total, err := reg.RevisionSteps("edition", 0, 10)
	if err != nil || total != 2 || steps[0].Revision.Number != 1 || steps[0].Before != 2 || steps[0].Summary.Changed != 1 || len(steps[0].Summary.Demands) != 1 {
		t.Errorf("%+v, %v", steps, err)
	}
	if raw, err := json.Marshal(b); err != nil || !strings.Contains(string(raw), `"deed":"reworded"`) {
		t.Errorf("%s, %v", raw, err)
	}
}

// A restored text is a new revision with today's front matter; what stood there
// is still there, and blame knows the sentences that came back.
func TestRestore(t *testing.T) {
	reg, _ := two(t)
	held, err := reg.Text(registry.Ref{Standard: "sh-express"})
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(strings.Replace(string(held.Source), "智能快件箱的免费保管期不少于24小时。", "", 1), "convention: regulation", "convention: regulation\nstatus: draft", 1)
	if _, err := submit(t, reg, shanghai, 1, changed); err != nil {
		t.Fatal(err)
	}
	_, err = reg.Restore(shanghai, "sh-express", 1, 2, " ")
	refused(t, err, registry.Invalid)
	_, err = reg.Restore(jiangsu, "sh-express", 1, 2, "改错了")
	refused(t, err, registry.Forbidden)
	_, err = reg.Restore(reader, "sh-express", 1, 2, "改错了")
	refused(t, err, registry.Forbidden)
	_, err = reg.Restore(shanghai, "sh-express", 1, 1, "改错了")
	refused(t, err, registry.Conflict)
	_, err = reg.Restore(shanghai, "sh-express", 2, 2, "改错了")
	refused(t, err, registry.Invalid)
	v, err := reg.Restore(shanghai, "sh-express", 1, 2, "改错了")
	if err != nil || v.Number != 3 || v.Message != "恢复第 1 版：改错了" || v.Header.Status != "draft" {
		t.Fatalf("%+v, %v", v, err)
	}
	for n, want := range map[int]bool{1: true, 2: false, 3: true} {
		text, err := reg.Text(registry.Ref{Standard: "sh-express", Revision: n})
		if err != nil || strings.Contains(string(text.Source), "免费保管期") != want {
			t.Errorf("revision %d: %v, %v", n, !want, err)
		}
	}
	b, err := reg.Blame("sh-express", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range b.Sentences {
		if strings.Contains(s.Text, "免费保管期") != (len(s.Changes) == 1) || s.Brought.Revision != 1 {
			t.Errorf("%s: %+v", s.Text, s)
		}
		if len(s.Changes) == 1 && s.Last().Deed != registry.DeedRestored {
			t.Errorf("%s came back as %s", s.Text, s.Last().Deed)
		}
	}
}

// A sentence that a comment asked for names who asked, who wrote it in, and the
// comment; a clause through time names it too.
func TestBlameNamesTheCommentThatWasApplied(t *testing.T) {
	reg, _ := two(t)
	text, err := reg.Text(registry.Ref{Standard: "sh-express"})
	if err != nil {
		t.Fatal(err)
	}
	clause := ""
	for c := range text.Document.All() {
		if strings.Contains(c.Text, "24小时内投递") {
			clause = c.ID
		}
	}
	said, err := reg.AddComment(jiangsu, registry.Comment{
		On: registry.Ref{Standard: "sh-express", Clause: clause}, Type: registry.Technical, Quote: "24小时内投递", Body: "太慢", Proposed: "12小时内投递",
	})
	if err != nil {
		t.Fatal(err)
	}
	now := strings.Replace(text.Document.Clause(clause).Text, "24小时内投递", "12小时内投递", 1)
	v, err := reg.ApplyComment(secretary, "sh-express", registry.Amendment{ID: said.ID, Base: 1, Text: now, Kind: registry.Accepted})
	if err != nil {
		t.Fatal(err)
	}
	b, err := reg.Blame("sh-express", 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, s := range b.Sentences {
		if len(s.Changes) == 0 {
			continue
		}
		found++
		h := s.Last()
		if !strings.Contains(s.Text, "12小时内投递") || h.Revision != v.Number || h.Source != "comments/"+said.ID || h.Author != jiangsu.ID || h.Keeper != secretary.ID {
			t.Errorf("%s: %+v", s.Text, h)
		}
	}
	if found != 1 {
		t.Errorf("%d sentences changed", found)
	}
	steps, _, err := reg.ClauseHistory("sh-express", clause, 0)
	if err != nil || len(steps[0].Parts) != 1 || steps[0].Parts[0].Source != "comments/"+said.ID {
		t.Errorf("%+v, %v", steps[0].Parts, err)
	}
}

// In a unified draft each sentence names its row and the region's clause that it
// was made of; what nobody's text says is its writer's.
func TestBlameOfAUnifiedDraft(t *testing.T) {
	reg, view := two(t)
	row := rowWith(t, view, "31", "七日")
	if _, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "投诉答复", "用户投诉的，企业应当自收到投诉之日起七日内答复。答复应当采用书面形式并加盖公章。"); err != nil {
		t.Fatal(err)
	}
	v, err := reg.KeepDraft(secretary, "p", "统一稿")
	if err != nil {
		t.Fatal(err)
	}
	b, err := reg.Blame(v.Standard, 0)
	if err != nil {
		t.Fatal(err)
	}
	from := map[registry.How]string{}
	for _, s := range b.Sentences {
		if s.From != nil && !s.Title {
			from[s.From.How] = s.From.Row + " " + s.From.From.Standard
		}
	}
	if from[registry.Verbatim] != row.ID+" sh-express" || from[registry.Written] != row.ID+" " {
		t.Errorf("%v", from)
	}
}
