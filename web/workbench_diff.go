package web

import (
	"html/template"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// diffKinds are the kinds of difference, and "same", in the order in which they
// are shown: what weighs most first.
var diffKinds = []string{string(compare.Missing), string(compare.Quantity), string(compare.Modality), string(compare.Actor), string(compare.Scope), string(compare.Wording), same}

const same = "same"

// kindsOf says how the cells of a row differ, each kind once.
func kindsOf(row registry.Row) (out []string) {
	found := map[string]bool{
		string(compare.Missing): row.Relation == compare.Single || row.Relation == compare.Partial,
		string(compare.Wording): row.Relation == compare.Reworded,
		same:                    row.Relation == compare.Same,
	}
	for _, d := range row.Differences {
		found[string(d.Kind)] = true
	}
	for _, k := range diffKinds {
		if found[k] {
			out = append(out, k)
		}
	}
	return out
}

// sureness says in a word how certain the alignment of a row is; "" where one
// text only speaks.
func sureness(row registry.Row) string {
	if len(row.Links) == 0 {
		return ""
	}
	return surenessOf(row.Score)
}

func surenessOf(score float64) string {
	switch {
	case score >= compare.Sure:
		return "sure"
	case score >= compare.Likely:
		return "likely"
	}
	return "unsure"
}

// note says in a sentence how the cells of a row differ, and which of the texts
// asks most and least.
type note struct {
	Summary         string
	Strict, Lenient string // labels
	Breach          bool   // below a national floor
}

// notesOf are the notes on what a row's texts demand. That a text is silent is
// seen in the grid itself, and so are words.
func notesOf(columns []registry.Column, row registry.Row) (out []note) {
	labels := func(at []int) string {
		var names []string
		for _, i := range at {
			if i < len(columns) {
				names = append(names, columns[i].Label)
			}
		}
		return strings.Join(names, "、")
	}
	for _, breach := range row.Below {
		out = append(out, note{Summary: breach, Breach: true})
	}
	for _, d := range row.Differences {
		if d.Kind == compare.Quantity || d.Kind == compare.Modality || d.Kind == compare.Actor {
			out = append(out, note{Summary: d.Summary, Strict: labels(d.Strictest), Lenient: labels(d.Loosest)})
		}
	}
	return out
}

// differenceLine is one way in which the cells of a row differ: a sentence, and
// what each text says.
type differenceLine struct {
	Kind    string
	Summary string
	Cells   []differenceCell
}

// Telling tells whether the cells say more than the sentence.
func (d differenceLine) Telling() bool {
	return d.Kind == string(compare.Quantity) || d.Kind == string(compare.Modality)
}

type differenceCell struct {
	Text   string
	Strict bool // the strictest
	Loose  bool // the loosest
}

// sentenceLine is one sentence and those of the other texts that are nearest to
// it, by column.
type sentenceLine struct{ Cells [][]template.HTML }

// linkLine is one reason why two clauses stand in a row.
type linkLine struct {
	A, B         *columnHead
	AName, BName string
	Sure         string
	Percent      int
	Reasons      []string
}

// differences fills what the page says about how the cells differ and why they
// are held to belong together.
func (p *rowPage) differences(t texts, row registry.RowView, base int) {
	for _, d := range row.Differences {
		line := differenceLine{Kind: string(d.Kind), Summary: d.Summary}
		for i := range t.Columns {
			cell := differenceCell{Strict: slices.Contains(d.Strictest, i), Loose: slices.Contains(d.Loosest, i)}
			if i < len(d.Texts) {
				cell.Text = d.Texts[i]
			}
			line.Cells = append(line.Cells, cell)
		}
		p.Differences = append(p.Differences, line)
	}
	var said [][]string
	figures := 0
	for i, col := range t.Columns {
		all := compare.Sentences(strings.Join(t.plain(i, row.Cells[col.Key]), "\n"))
		column := figuresOf(all)
		p.Clipped = p.Clipped || len(all) > comparedSentences
		said = append(said, all[:min(len(all), comparedSentences)])
		figures += len(column)
		p.Figures = append(p.Figures, column)
	}
	if figures == 0 {
		p.Figures = nil
	}
	if len(row.Cells) > 1 {
		p.Sentences = sentencesOf(said, base)
	}
	for _, l := range row.Links {
		line := linkLine{
			A: &p.Heads[l.A.Doc], B: &p.Heads[l.B.Doc], AName: t.PassageName(l.A.Doc, l.A.Passage), BName: t.PassageName(l.B.Doc, l.B.Passage),
			Sure: surenessOf(l.Score), Percent: int(l.Score * 100),
		}
		for _, reason := range l.Reasons {
			if p.Lang == "en" {
				line.Reasons = append(line.Reasons, reason.English())
			} else {
				line.Reasons = append(line.Reasons, reason.String())
			}
		}
		p.Links = append(p.Links, line)
	}
}

// figuresOf are the quantities that sentences name, as short as they can be
// written, each once.
func figuresOf(sentences []string) (out []string) {
	for _, s := range sentences {
		for _, f := range editor.Quantities(s) {
			if q := f.Quantity.String(); !slices.Contains(out, q) {
				out = append(out, q)
			}
		}
	}
	return out
}

// comparedSentences bounds what is compared sentence by sentence, a text: each is
// held against each.
const comparedSentences = 120

// sentencesOf sets the sentences of the texts beside each other: those of the
// base first, in its order; what is near to none that stands there already has
// a line of its own.
func sentencesOf(said [][]string, base int) (lines []sentenceLine) {
	var firsts []string       // the first sentence of each line
	place := map[string]int{} // its line
	set := func(column int, sentence, near string) {
		i, held := place[near]
		if near == "" || !held {
			i = len(lines)
			lines = append(lines, sentenceLine{make([][]template.HTML, len(said))})
			firsts = append(firsts, sentence)
			if _, twice := place[sentence]; !twice {
				place[sentence] = i
			}
			near = sentence
		}
		lines[i].Cells[column] = append(lines[i].Cells[column], markChange(near, sentence))
	}
	for _, sentence := range said[base] {
		set(base, sentence, "")
	}
	for j, sentences := range said {
		if j == base {
			continue
		}
		there := []compare.Candidate{{Text: strings.Join(firsts, "\n")}}
		for _, o := range compare.Origins(strings.Join(sentences, "\n"), there) {
			set(j, o.Sentence, o.Original)
		}
	}
	return lines
}

// centralColumn is the region's text whose words the others share most: the
// best place to start a unified clause from. -1 when no region speaks.
func centralColumn(t texts, row registry.Row) int {
	said := make([]string, len(t.Columns))
	for i, col := range t.Columns {
		sentences := compare.Sentences(strings.Join(t.plain(i, row.Cells[col.Key]), "\n"))
		said[i] = strings.Join(sentences[:min(len(sentences), comparedSentences)], "\n")
	}
	best, most := -1, -1.0
	for i := range said {
		if said[i] == "" || t.Columns[i].Floor {
			continue
		}
		shared := 0.0
		for j := range said {
			if j != i && said[j] != "" {
				shared += sharedWith(said[i], said[j])
			}
		}
		if shared > most {
			best, most = i, shared
		}
	}
	return best
}

// sharedWith is how much of a text's sentences another text has, 0 to 1.
func sharedWith(text, other string) float64 {
	found := compare.Origins(text, []compare.Candidate{{Text: other}})
	shared := 0.0
	for _, o := range found {
		shared += o.Shared
	}
	return shared / float64(max(len(found), 1))
}
