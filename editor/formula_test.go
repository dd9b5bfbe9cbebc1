package editor

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// The formulas that a standard has, each with its MathML, in
// testdata/formulas.txtar; -update writes it anew.
func TestMathML(t *testing.T) {
	const path = "testdata/formulas.txtar"
	golden, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(golden.Files) < 30 {
		t.Errorf("only %d formulas", len(golden.Files))
	}
	for i, f := range golden.Files {
		tex, want, _ := strings.Cut(string(f.Data), "\n")
		got, err := MathML(tex)
		if err != nil {
			t.Errorf("%s: %s: %v", f.Name, tex, err)
			continue
		}
		wellFormed(t, got)
		if got != strings.TrimSpace(want) && !*update {
			t.Errorf("%s: %s\ngot  %s\nwant %s", f.Name, tex, got, want)
		}
		golden.Files[i].Data = []byte(tex + "\n" + got + "\n")
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(golden), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// wellFormed fails where MathML has other elements or attributes than it may.
func wellFormed(t *testing.T, math string) {
	t.Helper()
	parts := map[string]int{"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}
	type open struct {
		name string
		has  int
	}
	within := []open{{}}
	d := xml.NewDecoder(strings.NewReader(math))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, math)
		}
		if _, ok := token.(xml.EndElement); ok {
			last := within[len(within)-1]
			if want, fixed := parts[last.name]; fixed && last.has != want {
				t.Fatalf("%s has %d parts in %s", last.name, last.has, math)
			}
			within = within[:len(within)-1]
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		within[len(within)-1].has++
		within = append(within, open{name: start.Name.Local})
		if !mathElements[start.Name.Local] {
			t.Fatalf("element %s in %s", start.Name.Local, math)
		}
		for _, a := range start.Attr {
			switch a.Name.Local {
			case "display", "width", "linethickness", "stretchy", "mathvariant":
			default:
				t.Fatalf("attribute %s in %s", a.Name.Local, math)
			}
		}
	}
}

func TestFormulaRefused(t *testing.T) {
	for _, tex := range []string{
		``, ` `, `\frac{a}`, `\frac`, `{a`, `a}`, `a_b_c`, `x^`, `\unknown`, `\left( a`, `\left x \right)`, `\begin{matrix} a`, `\begin{matrix} a \end{pmatrix}`,
		`\text{a`, `\text{\input{x}}`, `\href{javascript:x}{a}`, `a & b }`, `$x$`, "\x01", "\xff", `\begin{tikzpicture}\end{tikzpicture}`,
		strings.Repeat("{", 100) + strings.Repeat("}", 100), strings.Repeat(`\sqrt`, 300) + "a", strings.Repeat("a", 5000),
	} {
		math, err := MathML(tex)
		var e *FormulaError
		if !errors.As(err, &e) || e.Start < 0 || e.End < e.Start || e.End > len(tex) {
			t.Errorf("%.40q: %.200s, %v", tex, math, err)
		}
	}
}

// Whatever is typed: MathML of the allow-list, or a refusal; never much longer
// than the TeX.
func FuzzMathML(f *testing.F) {
	f.Add(`\frac{\sum_{i=1}^{n} x_i}{n}`)
	f.Add(`\begin{cases} 1, & x > 0 \\ 0, & \text{其他} \end{cases}`)
	f.Add(`P_{合格} = \left[ \sqrt[3]{\bar{x}'} \right] \times 100\%`)
	f.Add(`\text{<script>}\mathrm{&}_{\\}`)
	f.Fuzz(func(t *testing.T, tex string) {
		math, err := MathML(tex)
		if err != nil {
			return
		}
		wellFormed(t, math)
		if len(math) > 200*len(tex)+100 {
			t.Fatalf("%d bytes of %d", len(math), len(tex))
		}
	})
}

func TestWhatIsNotShownIsReported(t *testing.T) {
	_, findings, err := Parse([]byte("## 范围 {#scope}\n\n![图：外部](https://x/a.png){#f}\n\n$$\\input{x}$$ {#e}\n\n$$a = b$$ {#g}\n\n![图：自有](figures/0123456789abcdef.png){#h}\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findings {
		if f.Rule == "PARSE-figure" || f.Rule == "PARSE-formula" {
			got = append(got, f.Rule)
		}
	}
	if strings.Join(got, " ") != "PARSE-figure PARSE-formula" {
		t.Errorf("reported %v of %+v", got, findings)
	}
}
