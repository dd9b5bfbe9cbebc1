package compare

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tongbiao/editor"
)

// foldedText is a text as words are looked for in it.
type foldedText struct {
	doc     *editor.Document
	clauses []*foldedClause // in reading order
	byID    map[string]*foldedClause
}

// foldedClause is a clause as words are looked for in it: title and text without
// marks and white space, so that what was copied from a page or a table cell is
// found in the Markdown.
type foldedClause struct {
	clause *editor.Clause
	folded string
	title  int   // bytes of folded that are the title
	at     []int // of each byte of folded: where its character begins in Title or Text
	past   []int // and where it ends
}

func foldText(d *editor.Document) *foldedText {
	t := &foldedText{doc: d, byID: map[string]*foldedClause{}}
	for c := range d.All() {
		k := foldClause(c)
		t.clauses = append(t.clauses, k)
		if t.byID[c.ID] == nil {
			t.byID[c.ID] = k
		}
	}
	return t
}

func foldClause(c *editor.Clause) *foldedClause {
	k := &foldedClause{clause: c}
	var b strings.Builder
	fold(c.Title, func(r rune, start, end int) { k.add(&b, r, start, end) })
	k.title = b.Len()
	fold(c.Text, func(r rune, start, end int) { k.add(&b, r, start, end) })
	k.folded = b.String()
	return k
}

func (k *foldedClause) add(b *strings.Builder, r rune, start, end int) {
	n, _ := b.WriteRune(r)
	for range n {
		k.at, k.past = append(k.at, start), append(k.past, end)
	}
}

func foldWords(s string) string {
	var b strings.Builder
	fold(s, func(r rune, _, _ int) { b.WriteRune(r) })
	return b.String()
}

// fold gives the characters of Markdown that a reader sees, folded to one width
// and case, each with its bytes.
func fold(markdown string, take func(r rune, start, end int)) {
	for i := 0; i < len(markdown); {
		rest := markdown[i:]
		switch c := rest[0]; {
		case c == ']' && strings.HasPrefix(rest, "]("), c == '{' && strings.HasPrefix(rest, "{#"):
			closing := byte(')')
			if c == '{' {
				closing = '}'
			}
			if end := strings.IndexByte(rest[:min(len(rest), 300)], closing); end > 0 {
				i += end + 1
				continue
			}
		case c == '*', c == '`', c == '|', c == '\\', c == '[':
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		r = foldWidth(r)
		if r != utf8.RuneError && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && r != '*' && r != '`' && r != '|' && r != '[' && r != '\\' {
			take(unicode.ToLower(r), i, i+size)
		}
		i += size
	}
}

// foldWidth writes letters and digits narrow and the marks of a sentence wide.
func foldWidth(r rune) rune {
	switch {
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
		return r - ('０' - '0')
	}
	if at := strings.IndexRune(",;:()?!", r); at >= 0 {
		return []rune("，；：（）？！")[at]
	}
	return r
}

// all are the places in a clause where words stand, without overlap.
func (k *foldedClause) all(words string) (out []int) {
	for from := 0; len(out) < anchorHits; {
		at := strings.Index(k.folded[from:], words)
		if at < 0 {
			break
		}
		out = append(out, from+at)
		from += at + len(words)
	}
	return out
}

// nth is the nth place where words stand, the last one where there are fewer.
func (k *foldedClause) nth(words string, n int) (int, bool) {
	hits := k.all(words)
	if len(hits) == 0 {
		return 0, false
	}
	return hits[min(max(n, 1), len(hits))-1], true
}

// sentences are the ends of the sentences of a clause's text in folded.
func (k *foldedClause) sentences() (ends []int) {
	for i := k.title; i < len(k.folded); {
		r, size := utf8.DecodeRuneInString(k.folded[i:])
		i += size
		if r == '。' || r == '；' || i == len(k.folded) {
			ends = append(ends, i)
		}
	}
	return ends
}
