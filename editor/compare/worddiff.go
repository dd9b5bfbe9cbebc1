package compare

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"

	"tongbiao/editor"
)

// Op is what happened to a stretch of text.
type Op string

const (
	Equal  Op = "equal"
	Insert Op = "insert"
	Delete Op = "delete"
)

// Edit is a stretch of text that was kept, inserted or deleted.
type Edit struct {
	Op   Op     `json:"op"`
	Text string `json:"text"`
	// Long says that the stretch was too long to be compared word by word.
	Long bool `json:"long,omitempty"`
}

const (
	leastShared  = 0.4  // of the shorter side; below it two stretches are shown whole
	maxDiffed    = 4000 // pieces a side that are diffed; more are shown as blocks
	maxPairing   = 1e4  // products of clauses that are paired by likeness
	semanticGain = 2    // an equal stretch of so many characters may be swallowed by longer edits
)

// Words says how text a became text b, as a reader of Chinese wants to see it:
// clauses are put side by side at ，；。 first, then their quantities,
// references, titles, modal words and characters; no number is cut in two, and
// what shares less than 40 % is shown as one deletion and one insertion. What
// is kept and deleted makes a, what is kept and inserted makes b, byte for
// byte. The work is bounded, by counts and not by the clock, so that the result
// is always the same: large texts that differ much come as blocks marked Long.
func Words(a, b string) []Edit {
	switch {
	case a == b && a == "":
		return nil
	case a == b:
		return []Edit{{Op: Equal, Text: a}}
	}
	var out edits
	for _, block := range diffPieces(splitLines(a), splitLines(b)) {
		out.addBlock(block, func(x, y []string) {
			for _, inner := range diffPieces(splitClauses(x), splitClauses(y)) {
				out.addBlock(inner, out.pairClauses)
			}
		})
	}
	list := out.tidy()
	if !enough(list, a, b) {
		return whole(a, b, tooLong(list))
	}
	return list
}

func tooLong(list []Edit) bool { return slices.ContainsFunc(list, func(e Edit) bool { return e.Long }) }

// whole shows two stretches beside each other.
func whole(a, b string, long bool) []Edit {
	var out []Edit
	if a != "" {
		out = append(out, Edit{Delete, a, long})
	}
	if b != "" {
		out = append(out, Edit{Insert, b, long})
	}
	return out
}

// enough reports whether what is kept is worth showing inline, by characters or,
// where long figures count too much, by tokens.
func enough(list []Edit, a, b string) bool {
	share := keptShare(list, a, b, contentLength)
	return share >= leastShared || share >= leastShared/4 && keptShare(list, a, b, contentTokens) >= leastShared
}

func keptShare(list []Edit, a, b string, length func(string) int) float64 {
	kept := 0
	for _, e := range list {
		if e.Op == Equal {
			kept += length(e.Text)
		}
	}
	if kept == 0 {
		return 0
	}
	return float64(kept) / float64(max(1, min(length(a), length(b))))
}

// contentLength counts the characters that are no punctuation and no blanks.
func contentLength(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			n++
		}
	}
	return n
}

func contentTokens(s string) int {
	n := 0
	for _, t := range splitTokens(s) {
		if contentLength(t) > 0 {
			n++
		}
	}
	return n
}

// block is what two texts have at one place: the same, or something else each.
type block struct {
	same bool
	a, b []string
}

// diffPieces finds the pieces that two texts share, in order.
func diffPieces(a, b []string) []block {
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []block
	if head > 0 {
		out = append(out, block{true, a[:head], b[:head]})
	}
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	switch {
	case len(x)+len(y) == 0:
	case len(x) == 0, len(y) == 0, len(x) > maxDiffed, len(y) > maxDiffed:
		out = append(out, block{false, x, y})
	default:
		out = append(out, diffMiddle(x, y)...)
	}
	if tail > 0 {
		out = append(out, block{true, a[len(a)-tail:], b[len(b)-tail:]})
	}
	return out
}

// diffMiddle lets go-diff compare the pieces that both sides have, each as one
// private rune, and puts the others back between them. go-diff's time limit is
// off, so that the result depends on the texts only; its work is bounded by the
// number of pieces.
func diffMiddle(a, b []string) []block {
	inA, inB := map[string]bool{}, map[string]bool{}
	for _, p := range a {
		inA[p] = true
	}
	for _, p := range b {
		inB[p] = true
	}
	codes := map[string]rune{}
	encode := func(pieces []string, known map[string]bool) (runes []rune, at []int) {
		for i, p := range pieces {
			if !known[p] {
				continue
			}
			if _, ok := codes[p]; !ok {
				codes[p] = 0xF0000 + rune(len(codes)) // private planes, far from the surrogates
			}
			runes, at = append(runes, codes[p]), append(at, i)
		}
		return runes, at
	}
	x, atA := encode(a, inB)
	y, atB := encode(b, inA)
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0
	var out []block
	i, j := 0, 0         // in a and b: up to where blocks are made
	nextX, nextY := 0, 0 // in x and y
	until := func(toA, toB int) {
		if i < toA || j < toB {
			out = append(out, block{false, a[i:toA], b[j:toB]})
		}
	}
	for _, d := range dmp.DiffMainRunes(x, y, false) {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffDelete:
			nextX += n
		case diffmatchpatch.DiffInsert:
			nextY += n
		case diffmatchpatch.DiffEqual:
			for range n {
				p, q := atA[nextX], atB[nextY]
				until(p, q)
				out = append(out, block{true, a[p : p+1], b[q : q+1]})
				i, j = p+1, q+1
				nextX++
				nextY++
			}
		}
	}
	until(len(a), len(b))
	return out
}

// edits gathers edits in order.
type edits struct {
	list []Edit
}

func (e *edits) add(op Op, pieces ...string) {
	for _, p := range pieces {
		if p != "" {
			e.list = append(e.list, Edit{Op: op, Text: p})
		}
	}
}

// whole adds two stretches that are too long to be compared.
func (e *edits) whole(a, b []string) {
	for _, side := range []Edit{{Delete, strings.Join(a, ""), true}, {Insert, strings.Join(b, ""), true}} {
		if side.Text != "" {
			e.list = append(e.list, side)
		}
	}
}

// addBlock adds a block; where both sides have something, fn says what.
func (e *edits) addBlock(k block, fn func(a, b []string)) {
	switch {
	case k.same:
		e.add(Equal, k.a...)
	case len(k.a) == 0 || len(k.b) == 0:
		e.add(Delete, k.a...)
		e.add(Insert, k.b...)
	default:
		fn(k.a, k.b)
	}
}

// pairClauses pairs clauses by likeness, in order, and compares the pairs token
// by token. What finds no partner stands between them.
func (e *edits) pairClauses(a, b []string) {
	if len(a)*len(b) > maxPairing {
		e.whole(a, b)
		return
	}
	i, j := 0, 0
	rest := func(toA, toB int) {
		if i < toA && j < toB {
			e.tokens(strings.Join(a[i:toA], ""), strings.Join(b[j:toB], ""))
		} else {
			e.add(Delete, a[i:toA]...)
			e.add(Insert, b[j:toB]...)
		}
		i, j = toA, toB
	}
	for _, p := range pairInOrder(a, b) {
		rest(p[0], p[1])
		e.tokens(a[p[0]], b[p[1]])
		i, j = p[0]+1, p[1]+1
	}
	rest(len(a), len(b))
}

// pairInOrder finds the pairs of clauses, both ascending, that are most alike
// in sum.
func pairInOrder(a, b []string) [][2]int {
	x, y := make([]map[[2]rune]bool, len(a)), make([]map[[2]rune]bool, len(b))
	for i, s := range a {
		x[i] = pairSet([]rune(s))
	}
	for j, s := range b {
		y[j] = pairSet([]rune(s))
	}
	alike := make([][]float64, len(a)) // of the pair
	best := make([][]float64, len(a)+1)
	best[len(a)] = make([]float64, len(b)+1)
	for i := len(a) - 1; i >= 0; i-- {
		alike[i], best[i] = make([]float64, len(b)), make([]float64, len(b)+1)
		for j := len(b) - 1; j >= 0; j-- {
			if s := setLikeness(x[i], y[j]); s >= leastShared {
				alike[i][j] = s
			}
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if alike[i][j] > 0 {
				best[i][j] = max(best[i][j], best[i+1][j+1]+alike[i][j])
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case alike[i][j] > 0 && best[i][j] == best[i+1][j+1]+alike[i][j]:
			out = append(out, [2]int{i, j})
			i++
			j++
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return out
}

// tokens compares two clauses token by token, or shows them whole where they
// share too little.
func (e *edits) tokens(a, b string) {
	var inner edits
	for _, k := range diffPieces(splitTokens(a), splitTokens(b)) {
		inner.addBlock(k, func(x, y []string) {
			if len(x) > maxDiffed || len(y) > maxDiffed {
				inner.whole(x, y)
				return
			}
			inner.add(Delete, x...)
			inner.add(Insert, y...)
		})
	}
	list := wholePersons(swallow(inner.tidy()))
	if !enough(list, a, b) {
		list = whole(a, b, tooLong(list))
	}
	e.list = append(e.list, list...)
}

// tidy joins neighbouring edits of one kind; deletions stand before insertions.
func (e *edits) tidy() []Edit {
	var out []Edit
	var deleted, inserted strings.Builder
	long := false
	flush := func() {
		if deleted.Len() > 0 {
			out = append(out, Edit{Delete, deleted.String(), long})
		}
		if inserted.Len() > 0 {
			out = append(out, Edit{Insert, inserted.String(), long})
		}
		deleted.Reset()
		inserted.Reset()
		long = false
	}
	var kept strings.Builder
	for _, x := range e.list {
		if x.Op == Equal {
			flush()
			kept.WriteString(x.Text)
			continue
		}
		if kept.Len() > 0 {
			out = append(out, Edit{Op: Equal, Text: kept.String()})
			kept.Reset()
		}
		long = long || x.Long
		if x.Op == Delete {
			deleted.WriteString(x.Text)
		} else {
			inserted.WriteString(x.Text)
		}
	}
	flush()
	if kept.Len() > 0 {
		out = append(out, Edit{Op: Equal, Text: kept.String()})
	}
	return out
}

// swallow takes away the kept stretches between two edits that are too short to
// help the reader: one character of content, or two between longer edits.
func swallow(list []Edit) []Edit {
	var out edits
	for i, x := range list {
		if x.Op == Equal && i > 0 && i < len(list)-1 {
			n := contentLength(x.Text)
			before, after := editLength(list[:i], -1), editLength(list[i+1:], 1)
			if n <= 1 || n <= semanticGain && before >= 2*n && after >= 2*n {
				out.add(Delete, x.Text)
				out.add(Insert, x.Text)
				continue
			}
		}
		out.list = append(out.list, x)
	}
	return out.tidy()
}

// wholePersons gives 人, 者 and 员 after a replacement to it: 所有人 becomes
// 受让人, not 所有 受让.
func wholePersons(list []Edit) []Edit {
	var out edits
	for i, x := range list {
		if i >= 2 && x.Op == Equal && list[i-1].Op == Insert && list[i-2].Op == Delete {
			if r, n := utf8.DecodeRuneInString(x.Text); r == '人' || r == '者' || r == '员' {
				out.add(Delete, x.Text[:n])
				out.add(Insert, x.Text[:n])
				x.Text = x.Text[n:]
			}
		}
		if x.Text != "" {
			out.list = append(out.list, x)
		}
	}
	return out.tidy()
}

// editLength is the length of the edits at the end (step -1) or the beginning
// of a list, the longer of what is deleted and inserted.
func editLength(list []Edit, step int) int {
	deleted, inserted := 0, 0
	i := 0
	if step < 0 {
		i = len(list) - 1
	}
	for ; i >= 0 && i < len(list) && list[i].Op != Equal; i += step {
		if list[i].Op == Delete {
			deleted += contentLength(list[i].Text)
		} else {
			inserted += contentLength(list[i].Text)
		}
	}
	return max(deleted, inserted)
}

func splitLines(s string) []string { return strings.SplitAfter(s, "\n") }

// splitClauses cuts after each mark that ends a clause.
func splitClauses(lines []string) []string {
	var out []string
	for _, s := range lines {
		from := 0
		for i, r := range s {
			if strings.ContainsRune("，；。：！？\n", r) {
				end := i + utf8.RuneLen(r)
				out = append(out, s[from:end])
				from = end
			}
		}
		if from < len(s) {
			out = append(out, s[from:])
		}
	}
	return out
}

// splitTokens cuts a text into quantities, references, modal words, words of
// letters, and single characters.
func splitTokens(s string) []string {
	var out []string
	from := 0
	for _, f := range editor.Facts(s, editor.QuantityFact, editor.ModalityFact, editor.ReferenceFact) {
		if f.Start < from {
			continue
		}
		out = appendCharacters(out, s[from:f.Start])
		out = append(out, s[f.Start:f.End])
		from = f.End
	}
	return appendCharacters(out, s[from:])
}

func appendCharacters(out []string, s string) []string {
	word := -1
	for i, r := range s {
		latin := r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r))
		if latin && word < 0 {
			word = i
		}
		if latin {
			continue
		}
		if word >= 0 {
			out = append(out, s[word:i])
			word = -1
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		out = append(out, s[i:i+n])
	}
	if word >= 0 {
		out = append(out, s[word:])
	}
	return out
}

// setLikeness is the Dice coefficient of two sets.
func setLikeness(x, y map[[2]rune]bool) float64 {
	if len(x)+len(y) == 0 {
		return 0
	}
	shared := 0
	for p := range x {
		if y[p] {
			shared++
		}
	}
	return 2 * float64(shared) / float64(len(x)+len(y))
}
