package compare

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tongbiao/editor"
)

// What two drafters did to one clause: taken together where a reader would see no
// connection, asked otherwise.
func TestMergeWithinClause(t *testing.T) {
	const base = "快件应在24 h内投递。投递前应联系收件人。应核对身份。应保存记录。\n\n逾期的，应说明理由。"
	edit := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(base) }
	tests := []struct{ name, ours, theirs, want string }{
		{"a sentence stands between", edit("24 h", "12 h"), edit("核对身份", "核对身份证件"), edit("24 h", "12 h", "核对身份", "核对身份证件")},
		{"another paragraph", edit("保存记录", "保存记录一年"), edit("说明理由", "书面说明理由"), edit("保存记录", "保存记录一年", "说明理由", "书面说明理由")},
		{"sentences side by side", edit("24 h", "12 h"), edit("联系收件人", "电话联系收件人"), ""},
		{"one sentence, words apart", edit("快件应", "邮件应"), edit("24 h", "12 h"), ""},
		{"one figure", edit("24 h", "12 h"), edit("24 h", "36 h"), ""},
		{"the same change", edit("24 h", "12 h"), edit("24 h", "12 h", "说明理由", "书面说明理由"), edit("24 h", "12 h", "说明理由", "书面说明理由")},
		{"taken away and changed", edit("投递前应联系收件人。", ""), edit("联系收件人", "电话联系收件人"), ""},
		{"taken away far off", edit("投递前应联系收件人。", ""), edit("保存记录", "保存记录一年"), edit("投递前应联系收件人。", "", "保存记录", "保存记录一年")},
		{"two new paragraphs at one place", base + "\n\n甲方新增。", base + "\n\n乙方新增。", ""},
	}
	doc := func(text string) *editor.Document {
		return &editor.Document{Clauses: []*editor.Clause{{ID: "d", Kind: editor.Chapter, Title: "投递", Text: text}}}
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			merged, conflicts := Merge(doc(base), doc(c.ours), doc(c.theirs))
			if asked := len(conflicts) > 0; asked != (c.want == "") {
				t.Fatalf("asked: %v", asked)
			}
			if got := merged.Clause("d").Text; c.want != "" && got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestMergeTitleAndText(t *testing.T) {
	doc := func(title, text string) *editor.Document {
		return &editor.Document{Clauses: []*editor.Clause{{ID: "d", Kind: editor.Chapter, Title: title, Text: text}}}
	}
	base := doc("投递", "应投递。")
	merged, conflicts := Merge(base, doc("投递要求", "应投递。"), doc("投递", "应按址投递。"))
	if c := merged.Clause("d"); len(conflicts) != 0 || c.Title != "投递要求" || c.Text != "应按址投递。" {
		t.Errorf("%+v, %d conflicts", c, len(conflicts))
	}
	if _, conflicts := Merge(base, doc("投递要求", "应投递。"), doc("投递时限", "应投递。")); len(conflicts) != 1 {
		t.Errorf("two titles: %d conflicts", len(conflicts))
	}
}

// sentences writes a text of n sentences, some of them in paragraphs and items of
// their own.
func sentences(r *rand.Rand, n int, name string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 && r.IntN(4) == 0 {
			b.WriteString([]string{"\n\n", "\n", "\n\na) "}[r.IntN(3)])
		}
		fmt.Fprintf(&b, "%s第%d句。", name, i)
	}
	return b.String()
}

// rewrite changes, takes away and adds sentences.
func rewrite(r *rand.Rand, text, side string) string {
	c := cutText(text)
	var b strings.Builder
	for i, s := range c.said {
		switch r.IntN(12) {
		case 0:
			continue
		case 1:
			s = fmt.Sprintf("%s改%d。", side, r.IntN(1000))
		case 2:
			s += fmt.Sprintf("%s加%d。", side, r.IntN(1000))
		}
		if b.Len() > 0 {
			b.WriteString(c.gap[i])
		}
		b.WriteString(s)
	}
	return b.String()
}

// Whatever two drafters do to the sentences of a text: what either wrote anew is
// in the merged text or in a conflict, what both left alone is in the merged
// text, and who is who makes no difference to what is asked.
func FuzzMergeSentences(f *testing.F) {
	for seed := range uint64(60) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 2))
		base := &editor.Document{}
		for i := range 1 + r.IntN(5) {
			base.Clauses = append(base.Clauses, &editor.Clause{ID: fmt.Sprint("c", i), Kind: editor.Chapter, Text: sentences(r, 1+r.IntN(8), fmt.Sprint("原", i))})
		}
		edited := func(side string) *editor.Document {
			d := &editor.Document{}
			for _, c := range base.Clauses {
				e := *c
				if r.IntN(3) > 0 {
					e.Text = rewrite(r, c.Text, side)
				}
				d.Clauses = append(d.Clauses, &e)
			}
			return d
		}
		ours, theirs := edited("甲"), edited("乙")
		merged, conflicts := Merge(base, ours, theirs)
		if _, back := Merge(base, theirs, ours); len(back) != len(conflicts) {
			t.Errorf("%d conflicts one way, %d the other", len(conflicts), len(back))
		}
		asked := map[string]bool{}
		for _, k := range conflicts {
			asked[k.ID] = true
			if k.Ours.Text != ours.Clause(k.ID).Text || k.Theirs.Text != theirs.Clause(k.ID).Text {
				t.Errorf("the conflict on %s does not hold what both wrote", k.ID)
			}
		}
		for _, c := range base.Clauses {
			o, h, m := ours.Clause(c.ID).Text, theirs.Clause(c.ID).Text, merged.Clause(c.ID).Text
			if !asked[c.ID] {
				kept(t, c.Text, o, h, m)
			}
		}
	})
}

// kept fails where a merged text has not each sentence that a side wrote anew or
// that both left alone.
func kept(t *testing.T, base, ours, theirs, merged string) {
	t.Helper()
	was, is, in := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, s := range cutText(base).said {
		was[s] = true
	}
	for _, s := range cutText(merged).said {
		is[s] = true
	}
	for _, side := range []string{ours, theirs} {
		for _, s := range cutText(side).said {
			in[s]++
			if !was[s] && !is[s] {
				t.Errorf("%q is lost from\n%s\n%s\n%s\nmerged\n%s", s, base, ours, theirs, merged)
			}
		}
	}
	for s := range was {
		if in[s] == 2 && !is[s] {
			t.Errorf("both left %q alone, and it is gone", s)
		}
	}
}

// hundredPages is a text of about 100 pages: 450 clauses, 100,000 characters.
func hundredPages() *editor.Document {
	d := &editor.Document{}
	for i := range 30 {
		c := &editor.Clause{ID: fmt.Sprint("c", i), Kind: editor.Chapter, Title: "要求"}
		for j := range 15 {
			var text strings.Builder
			for k := range 9 {
				fmt.Fprintf(&text, "经营快递业务的企业应在%d h内将第%d类快件投递到第%d个约定的地点。", k+1, j, i)
			}
			c.Clauses = append(c.Clauses, &editor.Clause{ID: fmt.Sprint("c", i, "-", j), Kind: editor.Subclause, Text: text.String()})
		}
		d.Clauses = append(d.Clauses, c)
	}
	return d
}

// edited changes sentence k of every clause whose place divides by every.
func edited(d *editor.Document, every, k int, words string) *editor.Document {
	e := &editor.Document{}
	n := 0
	for _, c := range d.Clauses {
		top := *c
		top.Clauses = nil
		for _, s := range c.Clauses {
			sub := *s
			if n++; n%every == 0 {
				cut := cutText(s.Text)
				cut.said[k] = words
				sub.Text = cut.join()
			}
			top.Clauses = append(top.Clauses, &sub)
		}
		e.Clauses = append(e.Clauses, &top)
	}
	return e
}

func BenchmarkMerge(b *testing.B) {
	base := hundredPages()
	for _, c := range []struct {
		name  string
		every int
	}{{"one clause in ten", 10}, {"every clause", 1}} {
		ours, theirs := edited(base, c.every, 1, "甲方改写。"), edited(base, c.every, 6, "乙方改写。")
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, conflicts := Merge(base, ours, theirs); len(conflicts) > 0 {
					b.Fatalf("%d conflicts", len(conflicts))
				}
			}
		})
	}
}

// The largest text that Parse takes, all of it under one heading, both sides in
// another order.
func BenchmarkMergeWide(b *testing.B) {
	base, ours, theirs := &editor.Document{}, &editor.Document{}, &editor.Document{}
	for i := range editor.MaxClauses {
		base.Clauses = append(base.Clauses, &editor.Clause{ID: fmt.Sprint("c", i), Kind: editor.Chapter, Text: "应投递。"})
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, d := range []*editor.Document{ours, theirs} {
		d.Clauses = append(d.Clauses, base.Clauses...)
		r.Shuffle(len(d.Clauses), func(i, j int) { d.Clauses[i], d.Clauses[j] = d.Clauses[j], d.Clauses[i] })
	}
	for b.Loop() {
		Merge(base, ours, theirs)
	}
}
