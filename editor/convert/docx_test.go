package convert

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tongbiao/editor"
)

// paperText is every text that a paper holds, in order.
func paperText(p Paper) []string {
	out := append(slices.Clone(p.Cover), p.Title, p.Subtitle)
	out = append(out, p.CoverFoot...)
	for _, k := range p.Blocks {
		if k.Kind == Grid {
			out = append(append(out, k.Table.Name), k.Table.Head...)
			for _, r := range k.Table.Rows {
				out = append(out, r...)
			}
			out = append(out, k.Table.Notes...)
			continue
		}
		if k.Kind == Equation { // its signs: figures_test.go
			out = append(out, k.Label)
			continue
		}
		for _, r := range k.Runs {
			out = append(out, r.Text)
		}
		if k.Runs == nil {
			out = append(out, k.Text)
		}
	}
	return out
}

// bare is a text without white space and without what XML cannot hold.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '　' || r == '\u00a0' || r == '\ufeff' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}

// documentText reads the words of a DOCX part.
func documentText(t testing.TB, docx []byte, part string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(part)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b strings.Builder
	for dec := xml.NewDecoder(f); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatalf("%s: %v", part, err)
		}
		if words, ok := token.(xml.CharData); ok {
			b.Write(words)
		}
	}
}

// holdsInOrder fails unless got holds every text of the paper, in its order.
func holdsInOrder(t testing.TB, got string, p Paper) {
	t.Helper()
	got = bare(got)
	for _, s := range paperText(p) {
		want := bare(s)
		i := strings.Index(got, want)
		if i < 0 {
			t.Fatalf("%.80q is not in the document, or not in its place; there: %.120q", want, got)
		}
		got = got[i+len(want):]
	}
}

func writeDOCX(t testing.TB, p Paper) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDOCX(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sample holds a block of each kind, and characters that XML does not take as
// they are.
func sample() Paper {
	return Paper{
		Title: "会议纪要 <样张> & “引号”", Subtitle: "副标题", Landscape: true,
		Blocks: []Block{
			{Kind: Heading, Level: 1, Text: "1　范围"},
			{Kind: Paragraph, Text: "第一行\n第二行 & <b>不是标记</b>"},
			{Kind: Item, Level: 1, Text: "a)　一级列项"},
			{Kind: Item, Level: 2, Text: "1)　二级列项"},
			{Kind: Remark, Text: "注：小字"},
			{Kind: Lead, Text: "5.1　无标题的条"},
			{Kind: Paragraph, Runs: []Run{{"原有", Plain}, {"删去", Deleted}, {"添上", Inserted}, {"黑体", Strong}}},
			{Kind: Grid, Table: &Table{Name: "表1　时限", Head: []string{"地区", "值"}, Widths: []int{6, 0},
				Rows: [][]string{{"沪", "=24 h\n起算：扫描"}, {"苏"}, {"浙", "48 h", "多出的一格"}}, Notes: []string{"表注"}}},
			{Kind: Grid, Table: &Table{Rows: [][]string{{"没有表头", ""}}}},
			{Kind: Grid, Table: &Table{Name: "空表"}},
		},
	}
}

func TestDOCXHoldsEveryText(t *testing.T) {
	p := sample()
	p.Blocks = p.Blocks[:len(p.Blocks)-1] // a table without cells is not written
	docx := writeDOCX(t, p)
	holdsInOrder(t, documentText(t, docx, "word/document.xml"), p)
	if again := writeDOCX(t, p); !bytes.Equal(docx, again) {
		t.Error("the same paper gave other bytes")
	}
	for _, part := range []string{"word/styles.xml", "word/settings.xml", "word/fontTable.xml", "word/header1.xml", "word/footer1.xml", "docProps/core.xml", "[Content_Types].xml"} {
		documentText(t, docx, part)
	}
}

func TestDOCXTableKeepsColumnsBeyondTheBound(t *testing.T) {
	var row []string
	for range maxDOCXColumns + 10 {
		row = append(row, "格")
	}
	got := documentText(t, writeDOCX(t, Paper{Title: "宽", Blocks: []Block{{Kind: Grid, Table: &Table{Rows: [][]string{row}}}}}), "word/document.xml")
	if n := strings.Count(got, "格"); n != len(row) {
		t.Errorf("%d of %d cells", n, len(row))
	}
}

func TestStandardPaperHoldsEveryClause(t *testing.T) {
	for name, d := range bundled(t) {
		got := bare(documentText(t, writeDOCX(t, StandardPaper(d, nil)), "word/document.xml"))
		citations := d.Citations()
		for c := range d.All() {
			for _, b := range c.Blocks() {
				want := bare(editor.PlainText(editor.Cite(b.Text, func(id string) string { return citations[id] })))
				switch b.Kind {
				case editor.Formula:
					want = bare(b.Number)
				case editor.Table:
					want = bare(strings.Join(b.Cells()[0], ""))
				}
				if !strings.Contains(got, want) {
					t.Errorf("%s, %s: %.60q is missing", name, c.Number, want)
				}
			}
			if !strings.Contains(got, bare(c.Number+c.Title)) && c.Kind != editor.Annex {
				t.Errorf("%s: the heading %s %s is missing", name, c.Number, c.Title)
			}
		}
	}
}

func bundled(t testing.TB) map[string]*editor.Document {
	t.Helper()
	out := map[string]*editor.Document{}
	names, err := filepath.Glob("../../standards/*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no bundled texts: %v", err)
	}
	for _, n := range names {
		if filepath.Base(n) == "README.md" {
			continue
		}
		raw, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		d, _, err := editor.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(n)] = d
	}
	return out
}

// TestDOCXInLibreOffice opens documents in LibreOffice and compares what it
// reads with what was written.
func TestDOCXInLibreOffice(t *testing.T) {
	papers := map[string]Paper{"sample": sample()}
	papers["sample"] = Paper{Title: papers["sample"].Title, Blocks: papers["sample"].Blocks[:len(papers["sample"].Blocks)-1]}
	for name, d := range bundled(t) {
		papers[strings.TrimSuffix(name, ".md")] = StandardPaper(d, nil)
	}
	files := map[string][]byte{}
	for name, p := range papers {
		files[name+".docx"] = writeDOCX(t, p)
	}
	for name, text := range inWriter(t, "txt:Text (encoded):UTF8", files) {
		holdsInOrder(t, text, papers[strings.TrimSuffix(name, ".txt")])
	}
}

// inWriter converts files and gives what came of them, by name.
func inWriter(t *testing.T, to string, files map[string][]byte) map[string]string {
	t.Helper()
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("SKIPPED: LibreOffice (soffice) is not installed: nothing shows that it opens our documents; apt-get install libreoffice-writer-nogui libreoffice-calc-nogui")
	}
	dir := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", to, "--outdir", filepath.Join(dir, "out")}
	for name, raw := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if said, err := exec.Command(soffice, args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, said)
	}
	out := map[string]string{}
	ext, _, _ := strings.Cut(to, ":")
	for name := range files {
		name = strings.TrimSuffix(name, filepath.Ext(name)) + "." + ext
		raw, err := os.ReadFile(filepath.Join(dir, "out", name))
		if err != nil {
			t.Fatalf("LibreOffice gave no %s: %v", name, err)
		}
		out[name] = string(raw)
	}
	return out
}

// FuzzWriteDOCX: whatever is written, the document is XML and holds it.
func FuzzWriteDOCX(f *testing.F) {
	f.Add("标题", "正文", 1, 2)
	f.Add("<w:p/>", "]]>&\x00\x0b\ufffe", 9, -1)
	f.Add("\xff\xfe", "一\r\n二\r三", 8, 70)
	f.Fuzz(func(t *testing.T, title, text string, kind, level int) {
		p := Paper{Title: title, Cover: []string{text}, Blocks: []Block{
			{Kind: BlockKind(kind), Level: level, Text: text},
			{Kind: Grid, Table: &Table{Head: []string{title, text}, Widths: []int{level, kind}, Rows: [][]string{{text}}}},
		}}
		docx := writeDOCX(t, p)
		got := bare(documentText(t, docx, "word/document.xml"))
		if want := bare(xmlKept(text)); !strings.Contains(got, want) {
			t.Fatalf("%q is not in the document", want)
		}
		documentText(t, docx, "docProps/core.xml")
		documentText(t, docx, "word/header1.xml")
	})
}

// xmlKept is what XML can hold of a text.
func xmlKept(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}

func BenchmarkDOCX(b *testing.B) {
	p := Paper{Title: "对照表", Landscape: true}
	table := &Table{Head: []string{"条款", "沪", "苏", "浙", "皖"}}
	for range 2000 {
		table.Rows = append(table.Rows, []string{"5.1", strings.Repeat("条文", 20), "", "快件", "x"})
	}
	p.Blocks = []Block{{Kind: Grid, Table: table}}
	for b.Loop() {
		if err := WriteDOCX(io.Discard, p); err != nil {
			b.Fatal(err)
		}
	}
}
