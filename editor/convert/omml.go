package convert

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

const nsMath = `xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"`

// OMML turns the TeX of a formula into Office Math (ECMA-376, 22.1), which Word
// edits like one that was made in it. What editor.MathML refuses it refuses; of
// all others every sign is kept.
func OMML(tex string) (string, error) {
	math, err := editor.MathML(tex)
	if err != nil {
		return "", err
	}
	root, err := readMath(math)
	if err != nil {
		return "", err
	}
	return "<m:oMath>" + omml(root) + "</m:oMath>", nil
}

// mathNode is an element of MathML; the words of tokens are in text.
type mathNode struct {
	name, text string
	attr       map[string]string
	kids       []*mathNode
	pairs      int // of brackets within each other that paired found
}

// maxPairs bounds the brackets within each other that are made elements: TeX
// bounds its groups, not its brackets.
const maxPairs = 16

// readMath reads what editor.MathML wrote: its depth and length are bounded.
func readMath(math string) (*mathNode, error) {
	top := &mathNode{}
	stack := []*mathNode{top}
	for d := xml.NewDecoder(strings.NewReader(math)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read formula: %w", err)
		}
		at := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			n := &mathNode{name: t.Name.Local, attr: map[string]string{}}
			for _, a := range t.Attr {
				n.attr[a.Name.Local] = a.Value
			}
			at.kids = append(at.kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			at.text += string(t)
		}
	}
	if len(top.kids) != 1 {
		return nil, errors.New("read formula: not one element")
	}
	return top.kids[0], nil
}

// kid is the i-th part of an element, or nothing.
func (n *mathNode) kid(i int) *mathNode {
	if i < len(n.kids) {
		return n.kids[i]
	}
	return &mathNode{name: "mrow"}
}

func (n *mathNode) is(name string) bool { return n.name == name && len(n.kids) == 0 }

// omml writes an element.
func omml(n *mathNode) string {
	switch n.name {
	case "math", "mrow", "mtd":
		return ommlRow(n.kids)
	case "mi", "mn", "mo", "mtext", "mspace":
		return ommlToken(n)
	case "mfrac":
		bar := ""
		if n.attr["linethickness"] == "0" {
			bar = `<m:fPr><m:type m:val="noBar"/></m:fPr>`
		}
		return "<m:f>" + bar + part("num", n.kid(0)) + part("den", n.kid(1)) + "</m:f>"
	case "msqrt":
		return `<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>` + ommlRow(n.kids) + `</m:e></m:rad>`
	case "mroot":
		return "<m:rad>" + part("deg", n.kid(1)) + part("e", n.kid(0)) + "</m:rad>"
	case "msub":
		return "<m:sSub>" + part("e", n.kid(0)) + part("sub", n.kid(1)) + "</m:sSub>"
	case "msup":
		return "<m:sSup>" + part("e", n.kid(0)) + part("sup", n.kid(1)) + "</m:sSup>"
	case "msubsup":
		return "<m:sSubSup>" + part("e", n.kid(0)) + part("sub", n.kid(1)) + part("sup", n.kid(2)) + "</m:sSubSup>"
	case "munder", "mover", "munderover":
		return ommlStacked(n)
	case "mtable":
		return ommlTable(n, "center")
	}
	return ommlRow(n.kids)
}

func part(name string, n *mathNode) string { return "<m:" + name + ">" + omml(n) + "</m:" + name + ">" }

// ommlRow writes elements in a row: brackets with what is between them, and big
// operators with what they work on.
func ommlRow(kids []*mathNode) string {
	if left, right, in, ok := fenced(kids); ok {
		inside := ""
		if len(in) == 1 && in[0].name == "mtable" && right == "" {
			inside = ommlTable(in[0], "left") // cases
		} else {
			inside = ommlRow(in)
		}
		return fmt.Sprintf(`<m:d><m:dPr><m:begChr m:val="%s"/><m:endChr m:val="%s"/></m:dPr><m:e>%s</m:e></m:d>`, xmlText(left), xmlText(right), inside)
	}
	kids = paired(kids)
	var b strings.Builder
	for i := 0; i < len(kids); i++ {
		sign, sub, sup, under, ok := bigOperator(kids[i])
		if !ok {
			b.WriteString(omml(kids[i]))
			continue
		}
		place, from := "subSup", i+1
		if under {
			place = "undOvr"
		}
		for i+1 < len(kids) && !(kids[i+1].is("mo") && endsOperand(kids[i+1].text)) {
			i++
		}
		operand := kids[from : i+1]
		fmt.Fprintf(&b, `<m:nary><m:naryPr><m:chr m:val="%s"/><m:limLoc m:val="%s"/>%s%s</m:naryPr>`, sign, place, hide("sub", sub), hide("sup", sup))
		if sub == nil {
			sub = &mathNode{name: "mrow"}
		}
		if sup == nil {
			sup = &mathNode{name: "mrow"}
		}
		b.WriteString(part("sub", sub) + part("sup", sup) + "<m:e>" + ommlRow(operand) + "</m:e></m:nary>")
	}
	return b.String()
}

// endsOperand: what a sum is of goes as far as the next sign of this kind.
func endsOperand(sign string) bool {
	return strings.Contains("=<>≤≥⩽⩾≠≈≡∼≃≅∝→⇒⇔,，；;+−", sign)
}

// paired makes one element of brackets, typed without \left and \right, and what
// is between them; an index of the closing bracket becomes one of the whole.
func paired(kids []*mathNode) []*mathNode {
	out := make([]*mathNode, 0, len(kids))
	var opens []int // places in out
	for _, k := range kids {
		closing := k
		if strings.HasPrefix(k.name, "msu") && len(k.kids) > 0 {
			closing = k.kids[0]
		}
		switch {
		case k.is("mo") && strings.Contains("([{", k.text):
			opens = append(opens, len(out))
		case closing.is("mo") && strings.Contains(")]}", closing.text) && len(opens) > 0:
			from := opens[len(opens)-1]
			opens = opens[:len(opens)-1]
			if strings.Index("([{", out[from].text) != strings.Index(")]}", closing.text) {
				break
			}
			pairs := 0
			for _, in := range out[from+1:] {
				pairs = max(pairs, in.pairs)
			}
			if pairs >= maxPairs {
				break
			}
			left, right := *out[from], *closing
			left.attr, right.attr = stretchy, stretchy
			whole := &mathNode{name: "mrow", kids: append(append([]*mathNode{&left}, out[from+1:]...), &right), pairs: pairs + 1}
			out = out[:from]
			if closing != k {
				k = &mathNode{name: k.name, kids: append([]*mathNode{whole}, k.kids[1:]...), pairs: whole.pairs}
			} else {
				k = whole
			}
		}
		out = append(out, k)
	}
	return out
}

var stretchy = map[string]string{"stretchy": "true"}

func hide(place string, n *mathNode) string {
	if n == nil {
		return `<m:` + place + `Hide m:val="1"/>`
	}
	return ""
}

// fenced tells brackets that grow with what they hold: \left and \right leave
// each such pair in a row of its own.
func fenced(kids []*mathNode) (left, right string, in []*mathNode, ok bool) {
	bracket := func(n *mathNode) bool { return n.is("mo") && n.attr["stretchy"] == "true" }
	n := len(kids)
	if n > 0 && bracket(kids[0]) && (n > 1 || !strings.ContainsAny(kids[0].text, ")]}⟩⌋⌉")) {
		left, kids, ok = kids[0].text, kids[1:], true
	}
	if n = len(kids); n > 0 && bracket(kids[n-1]) {
		right, kids, ok = kids[n-1].text, kids[:n-1], true
	}
	return left, right, kids, ok
}

// bigOperator takes a sum, a product, an integral and their like apart.
func bigOperator(n *mathNode) (sign string, sub, sup *mathNode, under, ok bool) {
	base := n
	switch n.name {
	case "munder", "msub":
		base, sub = n.kid(0), n.kid(1)
	case "mover", "msup":
		base, sup = n.kid(0), n.kid(1)
	case "munderover", "msubsup":
		base, sub, sup = n.kid(0), n.kid(1), n.kid(2)
	}
	if !base.is("mo") || utf8.RuneCountInString(base.text) != 1 || !strings.Contains("∑∏∐∫∬∭∮⋃⋂", base.text) {
		return "", nil, nil, false, false
	}
	return base.text, sub, sup, strings.HasPrefix(n.name, "mu") || strings.HasPrefix(n.name, "mo"), true
}

// accents are the signs over a letter, as the combining characters that Office
// wants.
var accents = map[string]string{"^": "\u0302", "→": "\u20d7", "˙": "\u0307", "¨": "\u0308", "~": "\u0303"}

// ommlStacked writes what stands over and under one another.
func ommlStacked(n *mathNode) string {
	if sign, _, _, _, ok := bigOperator(n); ok && sign != "" {
		return ommlRow([]*mathNode{n})
	}
	base, mark := n.kid(0), n.kid(1)
	switch {
	case n.name == "munderover":
		return "<m:limUpp><m:e><m:limLow>" + part("e", base) + part("lim", mark) + "</m:limLow></m:e>" + part("lim", n.kid(2)) + "</m:limUpp>"
	case n.name == "mover" && mark.is("mo") && mark.text == "‾":
		return `<m:bar><m:barPr><m:pos m:val="top"/></m:barPr>` + part("e", base) + "</m:bar>"
	case n.name == "munder" && mark.is("mo") && mark.text == "_":
		return `<m:bar><m:barPr><m:pos m:val="bot"/></m:barPr>` + part("e", base) + "</m:bar>"
	case n.name == "mover" && mark.is("mo") && accents[mark.text] != "":
		return `<m:acc><m:accPr><m:chr m:val="` + accents[mark.text] + `"/></m:accPr>` + part("e", base) + "</m:acc>"
	case mark.is("mo") && (mark.text == "⏞" || mark.text == "⏟"):
		place, other := "top", "bot"
		if n.name == "munder" {
			place, other = "bot", "top"
		}
		return `<m:groupChr><m:groupChrPr><m:chr m:val="` + mark.text + `"/><m:pos m:val="` + place + `"/><m:vertJc m:val="` + other + `"/></m:groupChrPr>` + part("e", base) + "</m:groupChr>"
	case n.name == "munder":
		return "<m:limLow>" + part("e", base) + part("lim", mark) + "</m:limLow>"
	}
	return "<m:limUpp>" + part("e", base) + part("lim", mark) + "</m:limUpp>"
}

// ommlTable writes a matrix; short rows are filled up.
func ommlTable(n *mathNode, side string) string {
	cols := 1
	for _, r := range n.kids {
		cols = max(cols, len(r.kids))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<m:m><m:mPr><m:mcs><m:mc><m:mcPr><m:count m:val="%d"/><m:mcJc m:val="%s"/></m:mcPr></m:mc></m:mcs></m:mPr>`, min(cols, 64), side)
	for _, r := range n.kids {
		b.WriteString("<m:mr>")
		for i := range cols {
			b.WriteString(part("e", r.kid(i)))
		}
		b.WriteString("</m:mr>")
	}
	return b.String() + "</m:m>"
}

// mathStyles are the properties of words set in a style of their own.
var mathStyles = map[string]string{
	"normal": `<m:sty m:val="p"/>`, "bold": `<m:sty m:val="b"/>`, "italic": `<m:sty m:val="i"/>`, "sans-serif": `<m:scr m:val="sans-serif"/><m:sty m:val="p"/>`,
	"monospace": `<m:scr m:val="monospace"/><m:sty m:val="p"/>`, "double-struck": `<m:scr m:val="double-struck"/><m:sty m:val="p"/>`, "script": `<m:scr m:val="script"/><m:sty m:val="p"/>`,
}

// mathSpaces are spaces by the width that editor.MathML gives them.
var mathSpaces = map[string]string{"0em": "", "0.17em": "\u2009", "0.22em": "\u2005", "0.28em": "\u2004", "0.33em": "\u2004", "0.5em": "\u2002", "1em": "\u2003", "2em": "\u2003\u2003"}

// ommlToken writes a letter, a number, a sign or words.
func ommlToken(n *mathNode) string {
	text, style := n.text, `<m:sty m:val="p"/>`
	switch {
	case n.name == "mspace":
		if text = mathSpaces[n.attr["width"]]; text == "" {
			return ""
		}
	case n.name == "mtext":
		style = "<m:nor/>"
	case n.attr["mathvariant"] != "":
		style = mathStyles[n.attr["mathvariant"]]
	case n.name == "mi" && utf8.RuneCountInString(text) == 1:
		style = `<m:sty m:val="i"/>`
	}
	return `<m:r><m:rPr>` + style + `</m:rPr><w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/></w:rPr><m:t xml:space="preserve">` + xmlText(text) + `</m:t></m:r>`
}
