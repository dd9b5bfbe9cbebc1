package editor

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of one formula.
const (
	maxFormula      = 4 << 10 // bytes of TeX
	maxFormulaDepth = 32      // groups within each other
)

// FormulaError says what of a formula cannot be read, and where.
type FormulaError struct {
	Start, End int // bytes of the TeX
	What       string
}

func (e *FormulaError) Error() string {
	return fmt.Sprintf("formula, byte %d: %s", e.Start, e.What)
}

// MathML turns the TeX of a formula into MathML that stands in a page by itself:
// what formulas of standards are made of (fractions, roots, sums, indices, Greek,
// matrices, cases, text in any script). Its elements are those of mathElements, it
// has no links, styles or scripts, and its length is linear in that of the TeX.
// What it does not know it refuses with a FormulaError: a formula is shown right,
// or as it was typed.
func MathML(tex string) (string, error) {
	if len(tex) > maxFormula {
		return "", &FormulaError{0, len(tex), fmt.Sprintf("over %d bytes", maxFormula)}
	}
	if !utf8.ValidString(tex) {
		return "", &FormulaError{0, len(tex), "not UTF-8"}
	}
	p := &texParser{src: tex}
	body, err := p.table("", 0)
	if err != nil {
		return "", err
	}
	if body == "" {
		return "", &FormulaError{0, len(tex), "nothing in it"}
	}
	return `<math display="block">` + body + "</math>", nil
}

// texParser reads from left to right; every method leaves at behind what it read.
type texParser struct {
	src string
	at  int
}

func (p *texParser) fail(from int, format string, args ...any) error {
	return &FormulaError{from, p.at, fmt.Sprintf(format, args...)}
}

// peek is the next token after white space, not read: a command with its
// backslash, a character, or "" at the end.
func (p *texParser) peek() string {
	for p.at < len(p.src) && (p.src[p.at] == ' ' || p.src[p.at] == '\n' || p.src[p.at] == '\t' || p.src[p.at] == '\r') {
		p.at++
	}
	if p.at == len(p.src) {
		return ""
	}
	if p.src[p.at] != '\\' {
		_, n := utf8.DecodeRuneInString(p.src[p.at:])
		return p.src[p.at : p.at+n]
	}
	end := p.at + 1
	for end < len(p.src) && isASCIILetter(rune(p.src[end])) {
		end++
	}
	if end == p.at+1 && end < len(p.src) {
		_, n := utf8.DecodeRuneInString(p.src[end:])
		end += n
	}
	return p.src[p.at:end]
}

func (p *texParser) next() string {
	t := p.peek()
	p.at += len(t)
	return t
}

// table reads rows of cells up to the token end ("" the end of the formula);
// where there is one cell only it is a row.
func (p *texParser) table(end string, depth int) (string, error) {
	var rows [][]string
	row := []string{}
	for {
		cell, err := p.row(func(t string) bool { return t == end || t == "&" || t == `\\` }, depth)
		if err != nil {
			return "", err
		}
		row = append(row, cell)
		from := p.at
		switch t := p.next(); t {
		case "&":
			continue
		case `\\`:
			rows, row = append(rows, row), []string{}
			continue
		case end:
		default:
			return "", p.fail(from, "%s is missing", end)
		}
		if len(row) > 1 || row[0] != "" || len(rows) == 0 {
			rows = append(rows, row)
		}
		break
	}
	if len(rows) == 1 && len(rows[0]) == 1 {
		return rows[0][0], nil
	}
	var b strings.Builder
	b.WriteString("<mtable>")
	for _, cells := range rows {
		b.WriteString("<mtr>")
		for _, c := range cells {
			b.WriteString("<mtd>" + c + "</mtd>")
		}
		b.WriteString("</mtr>")
	}
	b.WriteString("</mtable>")
	return b.String(), nil
}

// row reads atoms with their indices up to a token that stops it; that token is
// not read.
func (p *texParser) row(stops func(string) bool, depth int) (string, error) {
	if depth > maxFormulaDepth {
		return "", p.fail(p.at, "over %d groups within each other", maxFormulaDepth)
	}
	var b strings.Builder
	n := 0
	for t := p.peek(); !stops(t); t = p.peek() {
		if t == "" {
			break
		}
		atom, err := p.scripted(depth)
		if err != nil {
			return "", err
		}
		b.WriteString(atom)
		n++
	}
	if n == 1 || n == 0 {
		return b.String(), nil
	}
	return "<mrow>" + b.String() + "</mrow>", nil
}

// scripted reads an atom with what stands above and below it.
func (p *texParser) scripted(depth int) (string, error) {
	from := p.at
	limits := false
	base := "<mrow></mrow>"
	if t := p.peek(); t != "^" && t != "_" && t != "'" {
		limits = texLimits[t]
		var err error
		if base, err = p.atom(depth); err != nil {
			return "", err
		}
	}
	switch p.peek() {
	case `\limits`:
		p.next()
		limits = true
	case `\nolimits`:
		p.next()
		limits = false
	}
	var sub, sup, primes string
	for {
		var into *string
		switch p.peek() {
		case "_":
			into = &sub
		case "^":
			into = &sup
		case "'":
			for p.peek() == "'" {
				p.next()
				primes += "<mo>′</mo>"
			}
			continue
		default:
			return withScripts(base, sub, primed(primes, sup), limits), nil
		}
		p.next()
		if *into != "" {
			return "", p.fail(from, "two indices at one place")
		}
		index, err := p.argument(depth)
		if err != nil {
			return "", err
		}
		*into = index
	}
}

// primed puts primes before what stands above: one element, or none.
func primed(primes, sup string) string {
	if strings.Count(primes, "<mo>")+min(len(sup), 1) > 1 {
		return "<mrow>" + primes + sup + "</mrow>"
	}
	return primes + sup
}

func withScripts(base, sub, sup string, limits bool) string {
	one, other, both := "msub", "msup", "msubsup"
	if limits {
		one, other, both = "munder", "mover", "munderover"
	}
	switch {
	case sub == "" && sup == "":
		return base
	case sup == "":
		return element(one, base, sub)
	case sub == "":
		return element(other, base, sup)
	}
	return element(both, base, sub, sup)
}

func element(name string, parts ...string) string {
	for i, part := range parts {
		if part == "" {
			parts[i] = "<mrow></mrow>" // every place of it has to be there
		}
	}
	return "<" + name + ">" + strings.Join(parts, "") + "</" + name + ">"
}

// argument reads a group in braces, or one atom.
func (p *texParser) argument(depth int) (string, error) {
	switch t := p.peek(); t {
	case "", "}", "&", `\\`, "^", "_":
		return "", p.fail(p.at, "something is missing here")
	}
	return p.atom(depth + 1)
}

// atom reads one thing: a group, a number, a letter, a sign, a command.
func (p *texParser) atom(depth int) (string, error) {
	if depth > maxFormulaDepth {
		return "", p.fail(p.at, "over %d groups within each other", maxFormulaDepth)
	}
	t := p.peek()
	from := p.at
	r, _ := utf8.DecodeRuneInString(t)
	switch {
	case t == "{":
		p.next()
		return p.group("}", depth)
	case t[0] == '\\':
		p.next()
		return p.command(t, from, depth)
	case t == "}" || t == "&" || t == "#" || t == "$" || t == "%":
		p.next()
		return "", p.fail(from, "%s has no place here", t)
	case t == "~":
		p.next()
		return `<mspace width="0.33em"></mspace>`, nil
	case r >= '0' && r <= '9':
		return token("mn", p.run(func(r rune) bool { return r >= '0' && r <= '9' || r == '.' })), nil
	case r < 0x80 && unicode.IsLetter(r) || unicode.Is(unicode.Greek, r):
		p.next()
		return token("mi", t), nil
	case unicode.IsLetter(r):
		return token("mtext", p.run(func(r rune) bool { return r >= 0x80 && unicode.IsLetter(r) && !unicode.Is(unicode.Greek, r) })), nil
	case t == "-":
		p.next()
		return token("mo", "−"), nil
	case unicode.IsControl(r):
		p.next()
		return "", p.fail(from, "a control character")
	}
	p.next()
	return token("mo", t), nil
}

// run reads the characters that take part in one word.
func (p *texParser) run(takes func(rune) bool) string {
	from := p.at
	for p.at < len(p.src) {
		r, n := utf8.DecodeRuneInString(p.src[p.at:])
		if !takes(r) {
			break
		}
		p.at += n
	}
	return p.src[from:p.at]
}

func (p *texParser) group(end string, depth int) (string, error) {
	from := p.at
	body, err := p.row(func(t string) bool { return t == end || t == "&" || t == `\\` }, depth+1)
	if err != nil {
		return "", err
	}
	if t := p.next(); t != end {
		return "", p.fail(from, "%s is missing", end)
	}
	return "<mrow>" + body + "</mrow>", nil
}

func token(name, text string) string {
	return "<" + name + ">" + html.EscapeString(text) + "</" + name + ">"
}

// command reads what follows a command that has been read.
func (p *texParser) command(t string, from, depth int) (string, error) {
	name := t[1:]
	if kind, ok := texSymbols[name]; ok {
		return token(kind.element, kind.text), nil
	}
	if texFunctions[name] {
		return token("mi", name), nil
	}
	if width, ok := texSpaces[name]; ok {
		return `<mspace width="` + width + `"></mspace>`, nil
	}
	if sign, ok := texAccents[name]; ok {
		body, err := p.argument(depth)
		if err != nil {
			return "", err
		}
		if sign.below {
			return element("munder", body, token("mo", sign.text)), nil
		}
		return element("mover", body, token("mo", sign.text)), nil
	}
	if variant, ok := texFonts[name]; ok {
		return p.words(from, variant)
	}
	switch name {
	case "frac", "dfrac", "tfrac", "cfrac", "binom", "overset", "underset", "stackrel":
		return p.pair(name, depth)
	case "sqrt":
		return p.root(depth)
	case "left":
		return p.fence(from, depth)
	case "begin":
		return p.environment(from, depth)
	case "displaystyle", "textstyle", "limits", "nolimits", "big", "Big", "bigg", "Bigg", "mathop":
		return "", nil
	}
	return "", p.fail(from, "%s is not known", t)
}

func (p *texParser) pair(name string, depth int) (string, error) {
	first, err := p.argument(depth)
	if err != nil {
		return "", err
	}
	second, err := p.argument(depth)
	if err != nil {
		return "", err
	}
	switch name {
	case "binom":
		return "<mrow>" + token("mo", "(") + strings.Replace(element("mfrac", first, second), "<mfrac>", `<mfrac linethickness="0">`, 1) + token("mo", ")") + "</mrow>", nil
	case "overset", "stackrel":
		return element("mover", second, first), nil
	case "underset":
		return element("munder", second, first), nil
	}
	return element("mfrac", first, second), nil
}

func (p *texParser) root(depth int) (string, error) {
	if p.peek() != "[" {
		body, err := p.argument(depth)
		return element("msqrt", body), err
	}
	p.next()
	index, err := p.group("]", depth)
	if err != nil {
		return "", err
	}
	body, err := p.argument(depth)
	return element("mroot", body, index), err
}

// words reads the words of \text and its like in braces: they are not
// mathematics, and white space counts.
func (p *texParser) words(from int, variant string) (string, error) {
	if p.next() != "{" {
		return "", p.fail(from, "{ is missing")
	}
	start, level := p.at, 1
	for ; p.at < len(p.src); p.at++ {
		switch p.src[p.at] {
		case '\\':
			if p.at+1 == len(p.src) || !strings.ContainsRune("%&#$_{} ,;", rune(p.src[p.at+1])) {
				return "", p.fail(from, "a command within words")
			}
			p.at++
		case '{':
			level++
		case '}':
			level--
		}
		if level == 0 {
			break
		}
	}
	if level > 0 {
		return "", p.fail(from, "} is missing")
	}
	text := texWords.Replace(p.src[start:p.at])
	p.at++
	if strings.IndexFunc(text, unicode.IsControl) >= 0 && !strings.Contains(text, "\n") {
		return "", p.fail(from, "a control character")
	}
	text = strings.ReplaceAll(text, " ", "\u00a0")
	if variant == "mtext" {
		return token("mtext", text), nil
	}
	return `<mi mathvariant="` + variant + `">` + html.EscapeString(text) + "</mi>", nil
}

// fence reads \left( … \right).
func (p *texParser) fence(from, depth int) (string, error) {
	left, err := p.delimiter(from)
	if err != nil {
		return "", err
	}
	body, err := p.row(func(t string) bool { return t == `\right` || t == "&" || t == `\\` }, depth+1)
	if err != nil {
		return "", err
	}
	if p.next() != `\right` {
		return "", p.fail(from, `\right is missing`)
	}
	right, err := p.delimiter(from)
	return "<mrow>" + left + body + right + "</mrow>", err
}

func (p *texParser) delimiter(from int) (string, error) {
	t := p.next()
	sign, ok := texDelimiters[t]
	if !ok {
		return "", p.fail(from, "%q is no bracket", t)
	}
	if sign == "" {
		return "", nil
	}
	return `<mo stretchy="true">` + html.EscapeString(sign) + "</mo>", nil
}

// environment reads \begin{matrix} … \end{matrix}.
func (p *texParser) environment(from, depth int) (string, error) {
	if depth > maxFormulaDepth {
		return "", p.fail(from, "over %d groups within each other", maxFormulaDepth)
	}
	name, err := p.name(from)
	if err != nil {
		return "", err
	}
	fences, ok := texEnvironments[name]
	if !ok {
		return "", p.fail(from, "the environment %s is not known", name)
	}
	if name == "array" {
		if _, err := p.name(from); err != nil { // how its columns are set
			return "", err
		}
	}
	body, err := p.table(`\end`, depth+1)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(body, "<mtable>") {
		body = "<mtable><mtr><mtd>" + body + "</mtd></mtr></mtable>"
	}
	if end, err := p.name(from); err != nil || end != name {
		return "", p.fail(from, `\end{%s} is missing`, name)
	}
	for i, f := range fences {
		if f == "" {
			continue
		}
		sign := `<mo stretchy="true">` + f + "</mo>"
		if i == 0 {
			body = sign + body
		} else {
			body += sign
		}
	}
	return "<mrow>" + body + "</mrow>", nil
}

// name reads {matrix}.
func (p *texParser) name(from int) (string, error) {
	if p.next() == "{" {
		if name, _, ok := strings.Cut(p.src[p.at:], "}"); ok && len(name) < 40 {
			p.at += len(name) + 1
			return name, nil
		}
	}
	return "", p.fail(from, "a name in braces is missing")
}
