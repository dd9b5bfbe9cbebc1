package web

import (
	"cmp"
	"html/template"
	"regexp"
	"slices"
	"strings"

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
type cover struct {
	layer      layer
	start, end int // bytes
}

// overlay writes text[from:to] with its layers and with gaps at places of the
// whole text.
func overlay(text string, from, to int, covers []cover, gaps []int) template.HTML {
	cuts := []int{from, to}
	for _, s := range covers {
		for _, at := range []int{s.start, s.end} {
			if at > from && at < to {
				cuts = append(cuts, at)
			}
		}
	}
	for _, g := range gaps {
		if g > from && g < to {
			cuts = append(cuts, g)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var b strings.Builder
	var on [layers]bool
	gap := 0
	for i, at := range cuts {
		var now [layers]bool
		for _, s := range covers {
			if s.start <= at && at < s.end && at < to {
				now[s.layer] = true
			}
		}
		shift(&b, &on, now)
		for gap < len(gaps) && gaps[gap] < at {
			gap++
		}
		if gap < len(gaps) && gaps[gap] == at {
			b.WriteString(gapTag)
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

// factCovers are the quantities and modal words of a text.
func factCovers(text string) (out []cover) {
	for _, f := range editor.Facts(text) {
		switch f.Kind {
		case editor.QuantityFact:
			out = append(out, cover{quantity, f.Start, f.End})
		case editor.ModalityFact:
			out = append(out, cover{modal, f.Start, f.End})
		}
	}
	return out
}

// withFacts is a plain text with its quantities and modal words marked.
func withFacts(text string) template.HTML {
	return overlay(text, 0, len(text), factCovers(text), nil)
}

// markCell marks in the passages of a cell what another text has not, and where
// that has more. Quantities are marked always; modal words where it matters how
// binding the texts are, or where the two share too little for other marks to
// help.
func markCell(was string, passages []string, isBase, binding bool) []template.HTML {
	text := strings.Join(passages, "\n")
	covers := factCovers(text)
	var gaps []int
	if !isBase && was != "" && text != "" {
		edits := compare.Words(was, text)
		var inserted []cover
		inserted, gaps = insertions(edits)
		covers = append(covers, inserted...)
		binding = binding || !kept(edits)
	}
	if !binding {
		covers = slices.DeleteFunc(covers, func(s cover) bool { return s.layer == modal })
	}
	out := make([]template.HTML, len(passages))
	at := 0
	for i, p := range passages {
		out[i] = overlay(text, at, at+len(p), covers, gaps)
		at += len(p) + len("\n")
	}
	return out
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
			if !replaced && strings.TrimSpace(e.Text) != "" {
				gaps = append(gaps, at)
			}
			continue
		case compare.Insert:
			inserted = append(inserted, cover{changed, at, at + len(e.Text)})
		}
		at += len(e.Text)
	}
	return inserted, gaps
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
	facts := factCovers(is)
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.Op == compare.Delete {
			b.WriteString("<del>" + template.HTMLEscapeString(e.Text) + "</del>")
			continue
		}
		piece := string(overlay(is, at, at+len(e.Text), facts, nil))
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
}

func textsOf(v registry.ProjectView) texts {
	t := texts{v, nil}
	for _, text := range v.Texts {
		t.numbers = append(t.numbers, text.Document.Numbers())
	}
	return t
}

var crossReference = regexp.MustCompile(`\[\]\(#([A-Za-z0-9][A-Za-z0-9._-]{0,63})\)`)

// markdown is the text of a passage with its references written out, since they
// lead nowhere outside of their own text.
func (t texts) markdown(column int, at editor.Passage) string {
	_, text := t.PassageText(column, at)
	if !strings.Contains(text, "](#") {
		return text
	}
	return crossReference.ReplaceAllStringFunc(text, func(ref string) string {
		id := ref[len("[](#") : len(ref)-1]
		return cmp.Or(t.numbers[column][id], id)
	})
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
