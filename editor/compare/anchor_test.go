package compare

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tongbiao/editor"
)

func TestAnchor(t *testing.T) {
	old := parse(t, "## 投递 {#a}\n\n快件应在 24 h 内投递，逾期的应当说明。快件应在 24 h 内签收，拒收的应当登记。\n\n## 代收 {#b}\n\n经用户同意可以代收，代收点应登记快件。\n\n## 投诉 {#c}\n\n企业应当自收到投诉之日起七日内答复用户。\n")
	now := parse(t, "## 总则 {#n}\n\n本文件适用于快件。\n\n## 投递 {#a}\n\n快件应在 24 h 内签收，拒收的应当登记。\n\n## 投诉 {#c}\n\n企业应当自收到投诉之日起五个工作日内书面答复用户。经用户同意可以代收，代收点应登记快件。\n")
	for _, x := range []struct {
		clause, quote string
		nth           int
		state         AnchorState
		where, now    string
	}{
		{"a", "24h内签收", 0, AnchorMoved, "a", "24 h 内签收"}, // as it is copied from a page
		{"a", "24 h", 1, AnchorGone, "a", ""},
		{"a", "24 h", 2, AnchorMoved, "a", "24 h"},
		{"b", "代收点应登记快件", 0, AnchorMoved, "c", "代收点应登记快件"},
		{"c", "自收到投诉之日起七日内答复用户", 0, AnchorChanged, "c", "自收到投诉之日起五个工作日内书面答复用户"},
		{"c", "投诉", 1, AnchorUnchanged, "c", "投诉"}, // in the title
		{"b", "", 0, AnchorMoved, "c", "经用户同意可以代收，代收点应登记快件。"},
		{"x", "快件", 0, AnchorGone, "", ""},
		{"", "快件", 0, AnchorUnchanged, "", ""},
	} {
		got := NewAnchors(old, now).Find(x.clause, x.quote, x.nth)
		if got.State != x.state || got.Clause != x.where || got.Now != x.now {
			t.Errorf("%s %q %d: got %+v", x.clause, x.quote, x.nth, got)
		}
	}
	if got := NewAnchors(old, old).Find("c", "七日内", 0); got.State != AnchorUnchanged || old.Clause("c").Text[got.Start:got.End] != "七日内" {
		t.Errorf("in the same text: %+v", got)
	}
}

// living is a text under edit of which every character's origin is known.
type living struct {
	r     *rand.Rand
	doc   *editor.Document
	chars map[*editor.Clause][]int // for each rune of Text the number that it was given
	next  int
	fresh int

	original int // numbers up to this one were given to the older text
}

func bring(r *rand.Rand, d *editor.Document) *living {
	l := &living{r: r, doc: d, chars: map[*editor.Clause][]int{}}
	for c := range d.All() {
		l.chars[c] = l.numbers(len([]rune(c.Text)))
	}
	l.original = l.next
	return l
}

func (l *living) numbers(n int) (out []int) {
	for range n {
		l.next++
		out = append(out, l.next)
	}
	return out
}

func (l *living) id() string { l.fresh++; return fmt.Sprintf("new-%d", l.fresh) }

// home finds a clause: the list that it stands in, and where.
func (l *living) home(c *editor.Clause) (list *[]*editor.Clause, at int) {
	var look func(cs *[]*editor.Clause) bool
	look = func(cs *[]*editor.Clause) bool {
		if at = slices.Index(*cs, c); at >= 0 {
			list = cs
			return true
		}
		for _, k := range *cs {
			if look(&k.Clauses) {
				return true
			}
		}
		return false
	}
	look(&l.doc.Clauses)
	return list, at
}

func (l *living) some(ok func(*editor.Clause) bool) *editor.Clause {
	var all []*editor.Clause
	for c := range l.doc.All() {
		if ok(c) {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[l.r.IntN(len(all))]
}

func wordy(c *editor.Clause) bool { return len([]rune(c.Text)) > 8 }
func leaf(c *editor.Clause) bool  { return len(c.Clauses) == 0 }

// splice replaces runes of a clause by others with their numbers.
func (l *living) splice(c *editor.Clause, from, to int, text []rune, numbers []int) {
	runes := []rune(c.Text)
	c.Text = string(slices.Concat(runes[:from], text, runes[to:]))
	l.chars[c] = slices.Concat(l.chars[c][:from], numbers, l.chars[c][to:])
}

// phrase is a few words: of the text itself, or of none.
func (l *living) phrase(n int) []rune {
	if c := l.some(wordy); c != nil && l.r.IntN(2) == 0 {
		runes := []rune(c.Text)
		from := l.r.IntN(len(runes))
		return runes[from:min(len(runes), from+min(n, 5))]
	}
	out := make([]rune, n)
	for i := range out {
		out[i] = rune(0x3400 + l.r.IntN(0x1900))
	}
	return out
}

// kindBeside is the kind of a new clause beside another: a text has one preamble.
func kindBeside(c *editor.Clause) editor.Kind {
	if c.Kind == editor.Subclause || c.Kind == editor.Chapter || c.Kind == editor.Term {
		return c.Kind
	}
	return editor.Article
}

// edit makes one random edit as drafters make them.
func (l *living) edit() {
	c := l.some(wordy)
	if c == nil {
		return
	}
	runes := []rune(c.Text)
	list, at := l.home(c)
	switch l.r.IntN(10) {
	case 0: // a new clause
		k := &editor.Clause{ID: l.id(), Kind: kindBeside(c), Text: string(l.phrase(30)) + "。"}
		l.chars[k] = l.numbers(len([]rune(k.Text)))
		*list = slices.Insert(*list, at, k)
	case 1: // a clause goes
		if leaf(c) {
			*list = slices.Delete(*list, at, at+1)
		}
	case 2: // it moves
		other := l.some(func(k *editor.Clause) bool { return leaf(k) && k != c })
		if leaf(c) && other != nil {
			*list = slices.Delete(*list, at, at+1)
			to, place := l.home(other)
			*to = slices.Insert(*to, place, c)
		}
	case 3: // it is split at a sentence
		if cut := slices.Index(runes[:len(runes)-1], '。'); cut > 0 {
			k := &editor.Clause{ID: l.id(), Kind: kindBeside(c), Text: string(runes[cut+1:])}
			l.chars[k] = l.chars[c][cut+1:]
			l.splice(c, cut+1, len(runes), nil, nil)
			*list = slices.Insert(*list, at+1, k)
		}
	case 4: // it is merged into the one before
		if at > 0 && leaf(c) {
			into := (*list)[at-1]
			l.splice(into, len([]rune(into.Text)), len([]rune(into.Text)), slices.Concat([]rune("\n\n"), runes), slices.Concat(l.numbers(2), l.chars[c]))
			*list = slices.Delete(*list, at, at+1)
		}
	case 5: // a sentence moves to another clause
		from := slices.Index(runes, '。') + 1
		other := l.some(func(k *editor.Clause) bool { return wordy(k) && k != c })
		if from > 0 && from < len(runes) && other != nil {
			part, numbers := slices.Clone(runes[from:]), slices.Clone(l.chars[c][from:])
			l.splice(c, from, len(runes), nil, nil)
			end := len([]rune(other.Text))
			l.splice(other, end, end, part, numbers)
		}
	case 6: // its ID is lost
		c.ID = l.id()
	default: // words change
		from := l.r.IntN(len(runes))
		to := min(len(runes), from+l.r.IntN(8))
		words := l.phrase(l.r.IntN(8))
		l.splice(c, from, to, words, l.numbers(len(words)))
	}
}

// remark is a comment of which is known what it is about.
type remark struct {
	clause  *editor.Clause // of the older text
	quote   string
	nth     int
	numbers []int // of the characters quoted that a reader sees
}

// seenRunes are the numbers of the letters and digits of a stretch: one full stop
// is like another.
func seenRunes(text string, from, to int, numbers []int) (out []int) {
	at := map[int]int{} // rune by byte
	n := 0
	for i := range text {
		at[i] = n
		n++
	}
	fold(text, func(r rune, start, _ int) {
		if start >= from && start < to && (unicode.IsLetter(r) || unicode.IsNumber(r)) {
			out = append(out, numbers[at[start]])
		}
	})
	return out
}

// remarks quotes random words, and some clauses as a whole.
func remarks(r *rand.Rand, old *editor.Document, chars map[string][]int, n int) (out []remark) {
	var wordyOnes []*editor.Clause
	for c := range old.All() {
		if wordy(c) {
			wordyOnes = append(wordyOnes, c)
		}
	}
	for len(out) < n && len(wordyOnes) > 0 {
		c := wordyOnes[r.IntN(len(wordyOnes))]
		if r.IntN(10) == 0 {
			out = append(out, remark{clause: c, numbers: seenRunes(c.Text, 0, len(c.Text), chars[c.ID])})
			continue
		}
		runes := []rune(c.Text)
		from := r.IntN(len(runes) - 2)
		to := min(len(runes), from+2+r.IntN(30))
		quote := string(runes[from:to])
		words := foldWords(quote)
		start := len(string(runes[:from]))
		k := foldClause(c)
		if len([]rune(words)) < 2 || len(seenRunes(quote, 0, len(quote), make([]int, len(quote)))) < 2 || strings.TrimSpace(quote) != quote || strings.Contains(strings.TrimSuffix(quote, "。"), "。") || strings.ContainsAny(quote, "*[]{}|`()#\\") {
			continue
		}
		for i, hit := range k.all(words) {
			if hit >= k.title && k.at[hit] == start {
				out = append(out, remark{c, quote, i + 1, seenRunes(c.Text, start, start+len(quote), chars[c.ID])})
			}
		}
	}
	return out
}

// judged counts how comments were followed.
type judged struct{ kept, found, changed, gone, wrong int }

// judge holds where a comment was put against what became of its words.
func (l *living) judge(t *testing.T, place map[int]*editor.Clause, m remark, got Anchored, j *judged) {
	t.Helper()
	whole := len(m.numbers) > 0 && m.quote != "" // a clause as a whole is changed by what is added to it
	for _, n := range m.numbers {
		whole = whole && place[n] != nil && place[n] == place[m.numbers[0]]
	}
	var now []int
	c := l.doc.Clause(got.Clause)
	if c != nil && !got.Title && m.quote == "" && got.Start == got.End {
		now = seenRunes(c.Text, 0, len(c.Text), l.chars[c])
	} else if c != nil && !got.Title {
		now = seenRunes(c.Text, got.Start, got.End, l.chars[c])
	}
	if whole { // together and in order?
		all := seenRunes(place[m.numbers[0]].Text, 0, len(place[m.numbers[0]].Text), l.chars[place[m.numbers[0]]])
		at := slices.Index(all, m.numbers[0])
		whole = at >= 0 && at+len(m.numbers) <= len(all) && slices.Equal(all[at:at+len(m.numbers)], m.numbers)
	}
	if whole {
		j.kept++
	}
	shared := 0
	for _, n := range now {
		if slices.Contains(m.numbers, n) {
			shared++
		}
	}
	// Words that were put in belong to the change; those of another place do not.
	foreign := 0
	for _, n := range now {
		if n <= l.original && !slices.Contains(m.numbers, n) {
			foreign++
		}
	}
	wrong := m.quote != "" && (shared == 0 || foreign > shared) || m.quote == "" && shared == 0 && c != nil && c.ID != m.clause.ID && (c.Title == "" || c.Title != m.clause.Title)
	switch got.State {
	case AnchorUnchanged, AnchorMoved:
		if whole && !wrong {
			j.found++
		}
	case AnchorChanged:
		j.changed++
	case AnchorGone:
		j.gone++
		wrong = got.Start != got.End || got.Now != ""
	default:
		t.Errorf("no state: %+v", got)
	}
	if wrong {
		j.wrong++
		if j.wrong < 4 {
			t.Logf("%s %q (%d): %s in %s as %q; %d of %d are the same", m.clause.ID, m.quote, m.nth, got.State, got.Clause, got.Now, shared, len(m.numbers))
		}
	}
}

// follow edits a text a hundred times and follows 500 comments on it.
func follow(t *testing.T, name string, source []byte, seed uint64) {
	t.Helper()
	old, now := parse(t, string(source)), parse(t, string(source))
	r := rand.New(rand.NewPCG(seed, 77))
	l := bring(r, now)
	chars := map[string][]int{}
	for c := range now.All() {
		chars[c.ID] = l.chars[c]
	}
	list := remarks(r, old, chars, 500)
	for range 100 {
		l.edit()
	}
	now.Renumber()
	a := NewAnchors(old, now)
	place := map[int]*editor.Clause{}
	for c := range l.doc.All() {
		for _, n := range l.chars[c] {
			place[n] = c
		}
	}
	var j judged
	for _, m := range list {
		l.judge(t, place, m, a.Find(m.clause.ID, m.quote, m.nth), &j)
	}
	t.Logf("%s, seed %d: %d comments; %d of %d whose words are still together found; %d changed, %d gone, %d on wrong words", name, seed, len(list), j.found, j.kept, j.changed, j.gone, j.wrong)
	if j.wrong > 0 {
		t.Errorf("%s, seed %d: %d comments stand on wrong words", name, seed, j.wrong)
	}
	if 100*j.found < 95*j.kept {
		t.Errorf("%s, seed %d: only %d of %d are found", name, seed, j.found, j.kept)
	}
}

// TestAnchorsFollow: 100 random edits, 500 comments, none lost and none on wrong
// words.
func TestAnchorsFollow(t *testing.T) {
	seeds := 4
	if testing.Short() {
		seeds = 1
	}
	paths, _ := filepath.Glob("../../standards/db*.md")
	real, _ := filepath.Glob("../../../shared/data/families/*/*.md")
	if len(real) == 0 {
		t.Log("SKIPPED in part: ../shared/data/families is missing: comments were not followed in real regulations")
	}
	for i := 0; i < len(real); i += max(1, len(real)/6) {
		paths = append(paths, real[i])
	}
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range seeds {
			follow(t, filepath.Base(path), source, uint64(seed))
		}
	}
}

func FuzzAnchor(f *testing.F) {
	f.Add("## 甲 {#a}\n\n应在 24 h 内投递。\n", "## 甲 {#a}\n\n应在 12 h 内投递。\n", "a", "24 h", 1)
	f.Add("## 甲 {#a}\n\n**应**当[见](#a)。\n", "## 乙 {#b}\n\n应当。应当。\n", "a", "应当", 0)
	f.Add("## \xff {#a}\n\n\xe4\xbb| a | b |\n", "", "a", "\xe4", -1)
	f.Fuzz(func(t *testing.T, before, after, clause, quote string, nth int) {
		old, _, err := editor.Parse([]byte(before))
		if err != nil {
			return
		}
		now, _, err := editor.Parse([]byte(after))
		if err != nil {
			return
		}
		got := NewAnchors(old, now).Find(clause, quote, nth)
		if got.Clause == "" && got.State != AnchorGone && clause != "" {
			t.Fatalf("nowhere, but %s", got.State)
		}
		if got.Clause == "" {
			return
		}
		c := now.Clause(got.Clause)
		if c == nil {
			t.Fatalf("in %q, which is not there", got.Clause)
		}
		text := c.Text
		if got.Title {
			text = c.Title
		}
		if got.Start < 0 || got.Start > got.End || got.End > len(text) {
			t.Fatalf("bytes %d to %d of %d", got.Start, got.End, len(text))
		}
		if quote == "" || got.Start == got.End {
			return
		}
		same := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsSpace(r) {
					return -1
				}
				return r
			}, foldWords(s))
		}
		if got.State != AnchorChanged && same(text[got.Start:got.End]) != same(quote) {
			t.Fatalf("%s: %q is not %q", got.State, text[got.Start:got.End], quote)
		}
	})
}

// BenchmarkAnchors follows 5,000 quotations of one standard over 100 edits: cold
// with the texts to be prepared, warm with each quotation known.
func BenchmarkAnchors(b *testing.B) {
	source, err := os.ReadFile("../../standards/db31-t-sf001.md")
	if err != nil {
		b.Fatal(err)
	}
	old, now := parse(b, string(source)), parse(b, string(source))
	r := rand.New(rand.NewPCG(1, 2))
	l := bring(r, now)
	chars := map[string][]int{}
	for c := range now.All() {
		chars[c.ID] = l.chars[c]
	}
	list := remarks(r, old, chars, 5000)
	for range 100 {
		l.edit()
	}
	now.Renumber()
	all := func(a *Anchors) {
		for _, m := range list {
			a.Find(m.clause.ID, m.quote, m.nth)
		}
	}
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			all(NewAnchors(old, now))
		}
	})
	a := NewAnchors(old, now)
	all(a)
	b.Run("warm", func(b *testing.B) {
		for b.Loop() {
			all(a)
		}
	})
}
