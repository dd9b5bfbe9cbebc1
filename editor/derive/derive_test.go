package derive

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"tongbiao/editor"
	"tongbiao/editor/check"
)

var update = flag.Bool("update", false, "write the golden files anew")

func document(t testing.TB, text string) *editor.Document {
	t.Helper()
	d, _, err := editor.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func bundled(t testing.TB, name string) *editor.Document {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "standards", name))
	if err != nil {
		t.Fatal(err)
	}
	return document(t, string(raw))
}

// shelf is a library of a few texts.
type shelf []check.Known

func (s shelf) Standard(number string) (check.Known, bool) {
	for _, k := range s {
		if k.Number == number {
			return k, true
		}
	}
	for _, k := range slices.Backward(s) {
		if strings.HasPrefix(k.Number, number+"—") {
			return k, true
		}
	}
	return check.Known{}, false
}

func (s shelf) Similar(string) []check.Known { return nil }

var held = shelf{
	{Number: "GB/T 10757—2011", Title: "邮政业术语", Status: "superseded", Superseded: "GB/T 10757—2025", Year: "2011"},
	{Number: "GB/T 10757—2025", Title: "邮政业术语", Status: "in-force", Year: "2025"},
	{Number: "YZ/T 0133—2013", Title: "智能快件箱", Status: "withdrawn", Year: "2013"},
	{Number: "GB/T 35273—2020", Title: "信息安全技术　个人信息安全规范", Status: "in-force", Year: "2020"},
}

func show(p Proposal) string {
	var b strings.Builder
	for _, part := range p.Parts {
		b.WriteString(string(part.Hand) + "\t" + part.Text + "\n")
	}
	for _, n := range p.Notes {
		b.WriteString("note\t" + n.Message + "\n")
	}
	return b.String()
}

// Each golden file holds a text, what it replaces where there is such a text, and
// what is proposed for its foreword and its list of references.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := map[string]string{}
			for _, f := range a.Files {
				in[f.Name] = string(f.Data)
			}
			d := document(t, in["text.md"])
			var old *editor.Document
			if in["old.md"] != "" {
				old = document(t, in["old.md"])
			}
			for name, got := range map[string]string{"foreword": show(Foreword(d, old)), "references": show(References(d, held))} {
				if *update {
					i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
					a.Files[i].Data = []byte(got)
				} else if got != in[name] {
					t.Errorf("%s: got\n%s\nwant\n%s", name, got, in[name])
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

var referred = regexp.MustCompile(`\(#([a-z-]+)\)`)

// The machine finds every change that the foreword of the bundled standard lists,
// which a person wrote before there was a machine; what it adds is bounded.
func TestForewordFindsTheChangesThatPeopleListed(t *testing.T) {
	d, old := bundled(t, "db31-t-sf001.md"), bundled(t, "db31-t-sf001-2021.md")
	listed := referred.FindAllStringSubmatch(d.Clauses[0].Text, -1)
	kept := d.Clauses[0].Text
	d.Clauses[0].Text = ""
	p := Foreword(d, old)
	for _, m := range listed {
		if !strings.Contains(p.New, m[0]) {
			t.Errorf("a change of %s is not found", m[1])
		}
	}
	if !strings.Contains(p.New, "删除了“纸质运单”的规定（见2021年版的6.3）") {
		t.Error("a removed clause is not found")
	}
	if n := len(changesOf(old, d)); n > len(listed)+4 {
		t.Errorf("%d changes, people listed %d", n, len(listed))
	}
	d.Clauses[0].Text = kept
	if p = Foreword(d, old); !strings.HasPrefix(p.New, strings.TrimSuffix(kept[:strings.Index(kept, "j)")], "\n")) {
		t.Error("what people wrote is not as it was")
	}
}

// An update keeps what people wrote, and nothing is proposed twice.
func TestProposalsSettle(t *testing.T) {
	old := bundled(t, "db31-t-sf001-2021.md")
	for _, name := range []string{"db31-t-sf001.md", "db32-t-sf001.md", "db33-t-sf001.md", "db34-t-sf001.md"} {
		d := bundled(t, name)
		for _, make := range []func(*editor.Document) Proposal{
			func(d *editor.Document) Proposal { return Foreword(d, old) },
			func(d *editor.Document) Proposal { return Foreword(d, nil) },
			func(d *editor.Document) Proposal { return References(d, held) },
		} {
			settles(t, d, make)
		}
	}
}

func settles(t *testing.T, d *editor.Document, propose func(*editor.Document) Proposal) {
	t.Helper()
	p := propose(d)
	next := document(t, string(editor.Write(Apply(d, p, p.New))))
	if again := propose(next); again.Changes() {
		t.Errorf("%s %s: proposed again: %+v", d.Header.ID, p.Title, again.Edits)
	}
	for _, part := range p.Parts {
		if part.Hand == Kept && !strings.Contains(strip(p.Old), strip(part.Text)) {
			t.Errorf("%s: nobody wrote %q", p.Title, part.Text)
		}
	}
	for c := range (&editor.Document{Clauses: d.Clauses}).All() {
		if c.ID == p.Clause {
			for _, b := range c.Blocks() {
				if (b.Kind == editor.Paragraph || b.Kind == editor.Item) && !strings.Contains(strip(p.New), strip(b.Text)) && b.Text != check.ReferencesNone {
					t.Errorf("%s: %q is lost", p.Title, b.Text)
				}
			}
		}
	}
}

func strip(s string) string {
	return strings.NewReplacer("；", "", "。", "", " ", "", "\n", "").Replace(ownMark.ReplaceAllString(s, ""))
}

func TestApplyAddsWhatIsMissing(t *testing.T) {
	d := document(t, "## 范围 {#scope}\n\n甲。\n\n## 要求 {#r}\n\n应符合GB/T 35273—2020的规定。\n")
	p := References(d, held)
	d = Apply(d, p, p.New)
	p = Foreword(d, nil)
	d = document(t, string(editor.Write(Apply(d, p, p.New))))
	var got []string
	for _, c := range d.Clauses {
		got = append(got, c.Number+c.Title)
	}
	if s := strings.Join(got, " "); s != "前言 1范围 2规范性引用文件 3要求" {
		t.Error(s)
	}
	if !strings.Contains(d.Clauses[2].Text, "GB/T 35273—2020　信息安全技术　个人信息安全规范") {
		t.Error(d.Clauses[2].Text)
	}
}

func TestLists(t *testing.T) {
	d := bundled(t, "db31-t-sf001.md")
	c := ContentsOf(d)
	find := func(list []Line, id string) *Line {
		for i := range list {
			if list[i].ID == id {
				return &list[i]
			}
		}
		return nil
	}
	if l := find(c.Lines, "annex-record"); l == nil || l.Mark != "（资料性）" || l.Number != "附录A" {
		t.Errorf("annex %+v", l)
	}
	if find(c.Lines, "t-locker") != nil {
		t.Error("a term is listed in the contents")
	}
	if l := find(c.Tables, "tab-record"); l == nil || l.Number != "表A.1" {
		t.Errorf("table %+v", l)
	}
	terms := Terms(document(t, "## 术语和定义 {#t}\n\n### 快件箱 box {#a}\n\n甲。\n\n### 智能快件箱 smart box {#b}\n\n乙的快件箱。\n\n## 要求 {#r}\n\n智能快件箱应有电。快件箱应干净。智能快件箱应亮。\n"))
	if len(terms) != 2 || terms[0].Uses != 2 || terms[1].Uses != 2 || terms[0].English != "box" || len(terms[0].Where) != 2 {
		t.Errorf("%+v", terms)
	}
	index := Index(d, false)
	var names []string
	for _, e := range index {
		names = append(names, e.Term)
	}
	if s := strings.Join(names, " "); s != "代收 快递末端服务 末端网点 无接触投递 智能快件箱" {
		t.Errorf("by pinyin: %s", s)
	}
	if e := Index(d, true); e[0].Term != "contactless delivery" {
		t.Errorf("by alphabet: %+v", e[0])
	}
}

// FuzzDerive: whatever the texts, the machine ends, and what it proposes can be
// read and is proposed once.
func FuzzDerive(f *testing.F) {
	f.Add("## 前言 {#f}\n\n本文件代替甲。\n\na) 乙：\n  1) 丙。\n\n## 要求 {#r}\n\n应符合GB/T 1—2020。", "## 要求 {#r}\n\n应符合GB/T 2。")
	f.Add("## 规范性引用文件 {#n}\n\n本文件没有规范性引用文件。\n\n注：甲\n\nGB/T 1（所有部分）", "第一条 甲")
	f.Fuzz(func(t *testing.T, a, b string) {
		d, _, err := editor.Parse([]byte(a))
		old, _, err2 := editor.Parse([]byte(b))
		if err != nil || err2 != nil || len(a)+len(b) > 10_000 {
			return
		}
		ContentsOf(d)
		Index(d, false)
		for _, p := range []Proposal{Foreword(d, old), References(d, held)} {
			if _, _, err := editor.Parse(editor.Write(Apply(d, p, p.New))); err != nil {
				t.Fatalf("%s cannot be read: %v", p.New, err)
			}
		}
	})
}
