package compare

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongbiao/editor"
)

// show writes a line as "subject ｜condition: 沪 24 h · 苏 48小时 (+0 -1)".
func (l Line) show(labels []string) string {
	var b strings.Builder
	b.WriteString(l.Subject)
	if l.Condition != "" {
		b.WriteString(" ｜" + l.Condition)
	}
	b.WriteString(":")
	for i, e := range l.Entries {
		if e != nil {
			fmt.Fprintf(&b, " %s %s", labels[i], e.Said)
			if e.Note {
				b.WriteString("(注)")
			}
		} else if l.Unsaid[i] != "" {
			fmt.Fprintf(&b, " %s ～", labels[i])
		}
	}
	for _, i := range l.Strictest {
		b.WriteString(" +" + labels[i])
	}
	for _, i := range l.Loosest {
		b.WriteString(" -" + labels[i])
	}
	if l.Apart != "" {
		b.WriteString(" ≁" + l.Apart)
	}
	for _, x := range l.Below {
		b.WriteString(" ▼" + labels[x.Column])
	}
	return b.String()
}

func TestLedger(t *testing.T) {
	labels := []string{"沪", "苏", "浙", "国"}
	for _, c := range []struct {
		name  string
		cells []string
		want  []string
	}{
		{"a term, shorter is stricter", []string{"快件到达网点后，应在24 h内投递。", "快件到达网点后，应当在48小时内投递。", "快件到达网点后，应及时投递。", ""},
			[]string{"应在＿投递 ｜快件到达网点后: 沪 24 h内 苏 48小时内 浙 ～ +沪 -苏", "＿在24 h内投递 ｜快件到达网点后: 沪 应 苏 应当", "＿及时投递 ｜快件到达网点后: 浙 应"}},
		{"working days are not days", []string{"应当自受理之日起15日内答复。", "应当自受理之日起10个工作日内答复。", "", ""},
			[]string{"应当自受理之日起＿答复: 沪 15日内 苏 10个工作日内 ≁working-days", "＿自受理之日起15日内答复: 沪 应当 苏 应当"}},
		{"a value below the floor", []string{"影像资料保存期限不得少于30日。", "影像资料保存期限不得少于90日。", "", "影像资料的保存期限不得少于60日。"},
			[]string{"影像资料保存期限＿: 沪 不得少于30日 苏 不得少于90日 国 不得少于60日 +苏 -沪 ▼沪", "影像资料保存期限＿少于30日: 沪 不得 苏 不得 国 不得"}},
		{"what has no counterpart stands alone", []string{"应设置不少于2名安检员。", "货架间距不小于0.8 m。", "", ""},
			[]string{"应设置＿安检员: 沪 不少于2名", "货架间距＿: 苏 不小于0.8 m", "＿设置不少于2名安检员: 沪 应"}},
		{"a note binds nobody", []string{"应在24 h内投递。\n\n注：一般为12 h。", "应在24 h内投递。", "", ""},
			[]string{"应在＿投递: 沪 24 h内 苏 24 h内", "一般为＿: 沪 12 h(注)", "＿在24 h内投递: 沪 应 苏 应"}},
		{"modal words", []string{"用户可以查询快件。", "企业应当提供快件查询服务。", "企业可以提供快件查询服务。", ""},
			[]string{"用户＿查询快件: 沪 可以", "企业＿提供快件查询服务: 苏 应当 浙 可以 +苏 -浙"}},
	} {
		cells := make([]Cell, len(c.cells))
		for i, text := range c.cells {
			cells[i].Label = labels[i]
			if text != "" {
				cells[i].Passages = []string{text}
			}
		}
		lines := reader.Ledger(cells, 3)
		for i := range max(len(lines), len(c.want)) {
			got, want := "", ""
			if i < len(lines) {
				got = lines[i].show(labels)
			}
			if i < len(c.want) {
				want = c.want[i]
			}
			if got != want {
				t.Errorf("%s, line %d:\n got %s\nwant %s", c.name, i, got, want)
			}
		}
	}
}

// listedOnce checks that every quantity and every modal word of the cells stands
// on exactly one line.
func listedOnce(t *testing.T, cells []Cell, lines []Line) (quantities, modals int) {
	t.Helper()
	want, got := map[string]int{}, map[string]int{}
	for i, c := range cells {
		for k, p := range c.Passages {
			text := plain(p)
			for _, f := range editor.Facts(text, editor.QuantityFact, editor.ModalityFact) {
				want[fmt.Sprint(i, k, f.Kind, text[f.Start:f.End])]++
				if f.Kind == editor.QuantityFact {
					quantities++
				} else {
					modals++
				}
			}
		}
	}
	seen := map[*Entry]bool{}
	for _, l := range lines {
		for i, e := range l.Entries {
			if e == nil {
				continue
			}
			if seen[e] {
				t.Errorf("%q stands on two lines", e.Said)
			}
			seen[e] = true
			kind := editor.ModalityFact
			if e.Quantity != nil {
				kind = editor.QuantityFact
			}
			got[fmt.Sprint(i, e.Passage, kind, e.Said)]++
		}
		for _, b := range l.Below {
			if l.Entries[b.Column] != b.Own || b.Demanded == nil {
				t.Errorf("%s: a breach of what does not stand there", l.Subject)
			}
		}
	}
	for key, n := range want {
		if got[key] != n {
			t.Errorf("%s is said %d times and listed %d times", key, n, got[key])
		}
	}
	for key, n := range got {
		if want[key] == 0 {
			t.Errorf("%s is listed %d times and nowhere said", key, n)
		}
	}
	return quantities, modals
}

// TestLedgerListsEverythingOnce counts over the rows of the bundled standards
// and of every shared family.
func TestLedgerListsEverythingOnce(t *testing.T) {
	families := map[string][]*editor.Document{"standards": bundledFamily(t).docs}
	dirs, _ := filepath.Glob("../../../shared/data/families/*")
	if len(dirs) == 0 {
		t.Log("SKIPPED in part: ../shared/data/families is missing, only the bundled standards are counted")
	}
	for _, dir := range dirs {
		for _, path := range must(filepath.Glob(dir + "/*.md")) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			doc, _, err := editor.Parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			families[filepath.Base(dir)] = append(families[filepath.Base(dir)], doc)
		}
	}
	for name, docs := range families {
		a, err := Align(docs, Options{})
		if err != nil {
			t.Fatal(err)
		}
		apart := make([]map[editor.Passage][]int, len(docs)) // entries that stand elsewhere
		for _, row := range a.Rows {
			for i, cell := range row.Cells {
				for _, at := range cell {
					if at.Entry > 0 {
						whole := editor.Passage{Clause: at.Clause, Paragraph: at.Paragraph}
						if apart[i] == nil {
							apart[i] = map[editor.Passage][]int{}
						}
						apart[i][whole] = append(apart[i][whole], at.Entry)
					}
				}
			}
		}
		quantities, modals, lines, lined := 0, 0, 0, 0
		for _, row := range a.Rows {
			cells := make([]Cell, len(docs))
			for i, cell := range row.Cells {
				for _, at := range cell {
					cells[i].Passages = append(cells[i].Passages, docs[i].Clause(at.Clause).Passage(at, apart[i][at]...))
				}
			}
			list := reader.Ledger(cells)
			q, m := listedOnce(t, cells, list)
			quantities, modals, lines = quantities+q, modals+m, lines+len(list)
			for _, l := range list {
				n := 0
				for _, e := range l.Entries {
					if e != nil {
						n++
					}
				}
				if n > 1 {
					lined += n
				}
			}
		}
		held := 0
		for _, doc := range docs {
			for c := range doc.All() {
				for _, p := range c.Passages() {
					held += len(editor.Facts(plain(p), editor.QuantityFact))
				}
			}
		}
		if quantities != held {
			t.Errorf("%s: %d quantities stand in the texts, %d in the ledger", name, held, quantities)
		}
		t.Logf("%s: %d quantities and %d modal words, each once, on %d lines; %d stand beside another", name, quantities, modals, lines, lined)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func FuzzLedger(f *testing.F) {
	f.Add("应在24 h内投递。\n\n注：12 h。", "| 时限（h） | 费用 |\n|---|---|\n| 24 | 5元 |")
	f.Add("　\n不得少于３０日", "a) 3年；\nb) 五千元以上五万元以下罚款的，")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 4000 {
			return
		}
		cells := []Cell{{Label: "沪", Passages: []string{a, b}}, {Label: "苏", Passages: []string{b}}}
		lines := reader.Ledger(cells, 1)
		listedOnce(t, cells, lines)
	})
}
