package web

import (
	"cmp"
	"html/template"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// Marks in a text: what it says definitely (quantities bold, modal words
// underlined), and where its words differ from another text. Everything that
// comes out of here was escaped piece by piece.

// layer is what covers a stretch of a text; the first is the outermost.
type layer int

const (
	changed  layer = iota // words that the other text does not have
	modal                 // 应, 宜, 可
	quantity              // a number with its unit and its comparator
	layers
)

var openTag = [layers]string{"<mark>", "<i>", "<b>"}
var closeTag = [layers]string{"</mark>", "</i>", "</b>"}

// gapTag marks the place at which the other text has words that this one has
// not.
const gapTag = `<span class="gap">‸</span>`

// cover is a piece of a text that a layer covers.
type cover struct{ start, end int } // bytes

// marks are what lies over a text: for each layer its covers, ascending and
// without overlap, and the gaps, ascending.
type marks struct {
	covers [layers][]cover
	gaps   []int
}

// overlay writes text[from:to] with its marks, in time linear in the piece and
// its marks.
func (m marks) overlay(text string, from, to int) template.HTML {
	cuts := []int{from, to}
	var next [layers]int // the first cover that is not behind
	for l, list := range m.covers {
		next[l] = sort.Search(len(list), func(i int) bool { return list[i].end > from })
		for _, c := range list[next[l]:] {
			if c.start >= to {
				break
			}
			cuts = append(cuts, max(c.start, from), min(c.end, to))
		}
	}
	gaps := m.gaps[sort.SearchInts(m.gaps, from):]
	gaps = gaps[:sort.SearchInts(gaps, to)]
	cuts = append(cuts, gaps...)
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var b strings.Builder
	var on [layers]bool
	for i, at := range cuts {
		var now [layers]bool
		for l, list := range m.covers {
			for next[l] < len(list) && list[next[l]].end <= at {
				next[l]++
			}
			now[l] = next[l] < len(list) && list[next[l]].start <= at && at < to
		}
		shift(&b, &on, now)
		if len(gaps) > 0 && gaps[0] == at {
			b.WriteString(gapTag)
			gaps = gaps[1:]
		}
		if i+1 < len(cuts) {
			b.WriteString(template.HTMLEscapeString(text[at:cuts[i+1]]))
		}
	}
	return template.HTML(b.String())
}

// shift closes and opens tags so that they nest: what lies inside a tag that
// changes is closed and opened again.
func shift(b *strings.Builder, on *[layers]bool, now [layers]bool) {
	first := layers
	for l := range layers {
		if on[l] != now[l] {
			first = l
			break
		}
	}
	for l := layers - 1; l >= first; l-- {
		if on[l] {
			b.WriteString(closeTag[l])
		}
	}
	for l := first; l < layers; l++ {
		if now[l] {
			b.WriteString(openTag[l])
		}
	}
	*on = now
}

// factsIn marks the quantities and modal words of a text.
func factsIn(text string) (m marks) {
	for _, f := range editor.Facts(text) {
		switch f.Kind {
		case editor.QuantityFact:
			m.covers[quantity] = append(m.covers[quantity], cover{f.Start, f.End})
		case editor.ModalityFact:
			m.covers[modal] = append(m.covers[modal], cover{f.Start, f.End})
		}
	}
	return m
}

// withFacts is a plain text with its quantities and modal words marked.
func withFacts(text string) template.HTML { return factsIn(text).overlay(text, 0, len(text)) }

// markCell marks in the passages of a cell what another text has not, and where
// that has more. Quantities are marked always; modal words where it matters how
// binding the texts are, or where the two share too little for other marks to
// help. A passage is cut after limit bytes.
func markCell(was string, passages []string, isBase, binding bool, limit int) []template.HTML {
	text := strings.Join(passages, "\n")
	m := factsIn(text)
	if !isBase && was != "" && text != "" {
		edits := compare.Words(was, text)
		m.covers[changed], m.gaps = insertions(edits)
		binding = binding || !kept(edits)
	}
	if !binding {
		m.covers[modal] = nil
	}
	out := make([]template.HTML, len(passages))
	at := 0
	for i, p := range passages {
		if shown := clip(p, limit); shown < len(p) {
			out[i] = m.overlay(text, at, at+shown) + "…"
		} else {
			out[i] = m.overlay(text, at, at+len(p))
		}
		at += len(p) + len("\n")
	}
	return out
}

// clip is the length of the longest beginning of s that has at most limit bytes
// and cuts no character in two.
func clip(s string, limit int) int {
	if len(s) <= limit {
		return len(s)
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return limit
}

// insertions are the covers of the second text that the first has not, and
// the places at which the first has something that the second leaves out;
// nothing when the two have nothing in common.
func insertions(edits []compare.Edit) (inserted []cover, gaps []int) {
	if !kept(edits) {
		return nil, nil
	}
	at := 0
	for i, e := range edits {
		switch e.Op {
		case compare.Delete:
			replaced := i+1 < len(edits) && edits[i+1].Op == compare.Insert
			if !replaced && hasWords(e.Text) {
				gaps = append(gaps, at)
			}
			continue
		case compare.Insert:
			if hasWords(e.Text) {
				inserted = append(inserted, cover{at, at + len(e.Text)})
			}
		}
		at += len(e.Text)
	}
	return inserted, gaps
}

// hasWords tells whether a stretch is more than punctuation and blanks, which
// are not worth a mark.
func hasWords(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPunct(r) && !unicode.IsSpace(r) })
}

// kept tells whether two texts have something in common.
func kept(edits []compare.Edit) bool {
	return slices.ContainsFunc(edits, func(e compare.Edit) bool { return e.Op == compare.Equal })
}

// markChange shows a text with what was taken out and put in since another one;
// as it stands where the two have nothing in common.
func markChange(was, is string) template.HTML {
	edits := compare.Words(was, is)
	if !kept(edits) {
		return withFacts(is)
	}
	facts := factsIn(is)
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.Op == compare.Delete {
			b.WriteString("<del>" + template.HTMLEscapeString(e.Text) + "</del>")
			continue
		}
		piece := string(facts.overlay(is, at, at+len(e.Text)))
		if e.Op == compare.Insert {
			piece = "<ins>" + piece + "</ins>"
		}
		b.WriteString(piece)
		at += len(e.Text)
	}
	return template.HTML(b.String())
}

// texts reads passages of a project's columns as people read them.
type texts struct {
	registry.ProjectView
	numbers []map[string]string // by column: what a reference shows
	draft   map[string]string   // numbers of the unified clauses, by Row.ID
}

func textsOf(v registry.ProjectView) texts {
	t := texts{ProjectView: v}
	for _, text := range v.Texts {
		t.numbers = append(t.numbers, text.Document.Citations())
	}
	return t
}

// markdown is the text of a passage with its references written out, since they
// lead nowhere outside of their own text.
func (t texts) markdown(column int, at editor.Passage) string {
	_, text := t.PassageText(column, at)
	return editor.Cite(text, func(id string) string { return cmp.Or(t.numbers[column][id], id) })
}

var paragraphGap = regexp.MustCompile(`\n\s*\n`)

// plain are the plain texts of a cell's passages.
func (t texts) plain(column int, cell []editor.Passage) []string {
	out := make([]string, len(cell))
	for i, at := range cell {
		out[i] = paragraphGap.ReplaceAllString(editor.PlainText(t.markdown(column, at)), "\n")
	}
	return out
}

// rendered is a passage as HTML.
func (t texts) rendered(column int, at editor.Passage) template.HTML {
	clause, _ := t.PassageText(column, at)
	if clause == nil {
		return ""
	}
	one := *clause
	one.Text = blockID.ReplaceAllString(t.markdown(column, at), "")
	return template.HTML(editor.NewRenderer(t.Texts[column].Document, editor.RenderOptions{Level: 4}).Text(&one))
}

// blockID is the identity of a table or figure; two texts on one page may give
// the same.
var blockID = regexp.MustCompile(`(?m)[ \t]*\{#[A-Za-z0-9][A-Za-z0-9._-]{0,63}\}[ \t]*$`)
