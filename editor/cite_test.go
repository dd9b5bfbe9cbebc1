package editor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestCite(t *testing.T) {
	shown := map[string]string{"a": "5.2", "b-1": "表1", "c": "第4章", "e": "公式（3）", "x": "附录A"}
	for _, c := range []struct{ text, want string }{
		{"见[](#a)和[](#b-1)，[](#none)不动，[字](#a)也不动", "见5.2和表1，[](#none)不动，[字](#a)也不动"},
		{"应符合[](#c)的规定", "应符合第4章的规定"},
		{"应符合第[](#c)章的规定", "应符合第4章的规定"},
		{"按[](#e)计算，按公式[](#e)和式[](#e)计算", "按公式（3）计算，按公式（3）和式（3）计算"},
		{"见[](#a) b)，代表[](#b-1)，[](#x)", "见5.2 b)，代表表1，附录A"},
		{"[](#a)[](#c)", "5.2第4章"},
	} {
		if got := Cite(c.text, func(id string) string { return shown[id] }); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
	if got := CiteBetween("按公式", "[](#e)", "计算", func(id string) string { return shown[id] }); got != "（3）" {
		t.Errorf("between two others: %s", got)
	}
}

func TestCitations(t *testing.T) {
	d := document(t, "## 前言 {#f}\n## 引言 {#i}\n### {#i1}\n## 甲 {#a}\n### {#a1}\n$$y$$ {#e1}\n## 附录（规范性）丙 {#x}\n### {#y}\n表：四 {#t}\n| a |\n|---|\n\n$$z$$ {#e2}\n## 参考文献 {#b}\n")
	want := map[string]string{"f": "前言", "i": "引言", "i1": "0.1", "a": "第1章", "a1": "1.1", "e1": "公式（1）", "x": "附录A", "y": "A.1", "t": "表A.1", "e2": "公式（A.1）", "b": "参考文献"}
	got := d.Citations()
	for id, n := range want {
		if got[id] != n {
			t.Errorf("%s is cited as %q, want %q", id, got[id], n)
		}
	}
	if r := document(t, "第一章　总则\n\n第一条 甲。\n"); r.Citations()[r.Clauses[0].ID] != "第一章" {
		t.Errorf("a chapter of a regulation: %v", r.Citations())
	}
}

// A reference shown on a page says no word twice that its sentence says.
func TestReferencesAreShownAsCited(t *testing.T) {
	d := document(t, "## 甲 {#a}\n应按公式[](#e)计算，并应符合[](#a)、第[](#a)章和[](#x)。\n\n$$y$$ {#e}\n## 附录（规范性）丙 {#x}\n")
	got := Render(d, RenderOptions{})
	for _, want := range []string{`公式<a class="ref" href="#e">（1）</a>计算`, `符合<a class="ref" href="#a">第1章</a>、第<a class="ref" href="#a">1</a>章和<a class="ref" href="#x">附录A</a>`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nis not in\n%s", want, got)
		}
	}
}

// What a reference shows is where its clause stands, wherever clauses are moved
// to: by construction, whatever the text and the move.
func TestReferencesFollowMoves(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var b strings.Builder
		n := 4 + random.IntN(12)
		for i := range n {
			level := "##"
			if i > 0 && random.IntN(2) == 0 {
				level = "###"
			}
			fmt.Fprintf(&b, "%s 标题%d {#c%d}\n\n这是第%d条的内容，见[](#c%d)。\n\n", level, i, i, i, random.IntN(n))
		}
		d := document(t, b.String())
		for range 5 {
			move(random, d)
			again := document(t, string(Write(d)))
			shown := again.Citations()
			for c := range again.All() {
				id := crossReference.FindStringSubmatch(c.Text)[1]
				target := again.Clause(id)
				want := target.Number
				if !strings.Contains(want, ".") {
					want = "第" + want + "章"
				}
				if got := Cite(c.Text, func(id string) string { return shown[id] }); !strings.HasSuffix(got, "见"+want+"。") {
					t.Fatalf("%s refers to %s: got %s, want %s", c.ID, id, got, want)
				}
				if title := "标题" + strings.TrimPrefix(id, "c"); target.Title != title {
					t.Fatalf("%s has become %s", title, target.Title)
				}
			}
		}
	}
}

// move takes a chapter or a subclause to another place.
func move(random *rand.Rand, d *Document) {
	from := &d.Clauses
	if c := d.Clauses[random.IntN(len(d.Clauses))]; len(c.Clauses) > 0 && random.IntN(2) == 0 {
		from = &c.Clauses
	}
	if len(d.Clauses) == 1 && from == &d.Clauses {
		return
	}
	i := random.IntN(len(*from))
	moved := (*from)[i]
	*from = slices.Delete(slices.Clone(*from), i, i+1)
	to := &d.Clauses
	if moved.Kind == Subclause {
		to = &d.Clauses[random.IntN(len(d.Clauses))].Clauses
	}
	*to = slices.Insert(slices.Clone(*to), random.IntN(len(*to)+1), moved)
	d.Renumber()
}
