package compare

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"tongbiao/editor"
)

// Relation sums up how the cells of a row stand to each other.
type Relation string

const (
	Single    Relation = "single"    // one text only speaks
	Partial   Relation = "partial"   // some texts are silent, the others agree
	Different Relation = "different" // in what they demand
	Reworded  Relation = "wording"   // in their words only
	Same      Relation = "same"
)

// Zh names the relation in Chinese.
func (r Relation) Zh() string {
	switch r {
	case Single:
		return "仅一方有"
	case Partial:
		return "缺失"
	case Different:
		return "有差异"
	case Reworded:
		return "仅措辞"
	}
	return "一致"
}

// Kind of a difference.
type Kind string

const (
	Missing  Kind = "missing"
	Quantity Kind = "quantity"
	Modality Kind = "modality"
	Actor    Kind = "actor" // who must or may
	Scope    Kind = "scope" // what is said differs, in a way that none of the others names
	Wording  Kind = "wording"
)

// Zh names the kind in Chinese.
func (k Kind) Zh() string {
	switch k {
	case Missing:
		return "缺失"
	case Quantity:
		return "数值不同"
	case Modality:
		return "约束力不同"
	case Actor:
		return "主体不同"
	case Scope:
		return "内容有差异"
	}
	return "仅措辞"
}

// Difference is one way in which the cells of a row differ.
type Difference struct {
	Kind    Kind     `json:"kind"`
	Texts   []string `json:"texts"`   // one a column, as the text says it; "" where it is silent
	Summary string   `json:"summary"` // as a representative would say it
	// Strictest and Loosest are the columns that demand most and least; empty
	// where that has no meaning.
	Strictest  []int   `json:"strictest,omitempty"`
	Loosest    []int   `json:"loosest,omitempty"`
	Confidence float64 `json:"confidence"` // 0 to 1

	penalty bool // what it orders are penalties
}

// Cell is what one text says about the subject of a row.
type Cell struct {
	Label    string   // 沪
	Passages []string // Markdown; none where nothing was found
}

// column is a cell that was read.
type column struct {
	norm    *normaliser
	label   string
	text    string // plain
	silent  bool
	clauses []clause
	spaced  []rune // symbols with gaps between clauses
	symbols []rune // without gaps
	amounts []amount
	duties  []duty
}

// clause is a stretch of a column's text between ，；。 and the like.
type clause struct {
	start, end int
	symbols    []rune
	numbered   map[string]bool // kinds of dimensions of its quantities
	sentence   int             // clauses of one sentence have one number
	modal      int             // index of its last modal word among the column's duties, -1
}

const (
	maxCompared = 60      // quantities and modal words of a cell that are paired
	maxColumn   = 1 << 16 // bytes of a cell that are compared in detail
)

var wordsOnly = newNormaliser(nil)

// Differ says how the cells of one row differ. What cannot be said safely is
// said as Scope, with the words that are not shared.
func Differ(cells []Cell) (Relation, []Difference) { return differ(cells, wordsOnly, 1) }

// differ says how cells differ that belong together as surely as given. Which
// penalty is heavier is said only where that is sure: a wrong pair of fines
// looks like authority. Quantities without partner are shown beside each other
// only where the row is likely enough.
func differ(cells []Cell, n *normaliser, sure float64) (Relation, []Difference) {
	cols := make([]column, len(cells))
	for i, c := range cells {
		cols[i] = readColumn(c, n)
	}
	return differColumns(cols, sure)
}

func differColumns(cols []column, sure float64) (Relation, []Difference) {
	speaking := 0
	for _, c := range cols {
		if !c.silent {
			speaking++
		}
	}
	if speaking == 0 {
		return Same, nil
	}
	missing := silence(cols)
	if speaking == 1 {
		return Single, missing
	}
	groups := groupAmounts(cols)
	found := append(missing, quantityDifferences(cols, groups)...)
	if sure >= unpairedSure {
		found = append(found, unpaired(cols, groups)...)
	}
	found = append(found, modalityDifferences(cols, groups)...)
	found = append(found, actorDifferences(cols, groups)...)
	if sure < Sure {
		withoutPenaltyOrder(found)
	}
	demands := len(found) > len(missing)
	words := wordDifference(cols, demands)
	found = append(found, words...)
	switch {
	case demands || len(words) > 0 && words[0].Kind == Scope:
		return Different, found
	case len(missing) > 0:
		return Partial, found
	case len(words) > 0:
		return Reworded, found
	}
	return Same, found
}

// readColumn takes a cell's text apart.
func readColumn(c Cell, n *normaliser) column {
	col := glance(c)
	col.read(n)
	return col
}

// glance is a column of which only the text is known.
func glance(c Cell) column {
	col := column{label: c.Label}
	var parts []string
	for _, p := range c.Passages {
		if p = demanding(plain(p)); p != "" {
			parts = append(parts, p)
		}
	}
	col.text = strings.Join(parts, "\n")
	if len(col.text) > maxColumn {
		col.text = strings.ToValidUTF8(col.text[:maxColumn], "")
	}
	col.silent = col.text == ""
	return col
}

// read finds what the text of a column says.
func (col *column) read(n *normaliser) {
	col.norm = n
	if col.silent {
		return
	}
	col.spaced = n.symbols(col.text)
	for _, r := range col.spaced {
		if r != gap {
			col.symbols = append(col.symbols, r)
		}
	}
	facts := editor.Facts(col.text, editor.QuantityFact, editor.ModalityFact)
	col.divide(facts)
	for _, f := range facts {
		switch {
		case f.Kind == editor.QuantityFact && len(col.amounts) < maxCompared:
			col.amounts = append(col.amounts, col.amountOf(f))
		case f.Kind == editor.ModalityFact && len(col.duties) < maxCompared:
			if c := col.clauseAt(f.Start); c != nil {
				c.modal = len(col.duties)
			}
			col.duties = append(col.duties, col.dutyOf(f))
		}
	}
	for i := range col.amounts {
		a := &col.amounts[i]
		if k := col.dutyAt(a); k >= 0 {
			a.actor = col.duties[k].fact.Actor
		}
	}
}

// demanding leaves out notes and examples, which demand nothing (GB/T 1.1—2020,
// 9.9 and 9.10), unless there is nothing else.
func demanding(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		rest, note := strings.CutPrefix(line, "注")
		if !note {
			rest, note = strings.CutPrefix(line, "示例")
		}
		if note && strings.HasPrefix(strings.TrimLeft(rest, "0123456789 "), "：") || line == "" {
			continue
		}
		kept = append(kept, line)
	}
	if len(kept) == 0 {
		return strings.TrimSpace(text)
	}
	return strings.Join(kept, "\n")
}

// divide cuts the text at the marks that end a clause. A sentence ends with 。
// or with a line; the items of a list belong to the sentence that leads them in.
func (col *column) divide(facts []editor.Fact) {
	start, sentence := 0, 0
	add := func(end int) {
		if text := col.text[start:end]; strings.TrimSpace(text) != "" {
			col.clauses = append(col.clauses, clause{start: start, end: end, symbols: col.norm.symbols(text), numbered: map[string]bool{}, sentence: sentence, modal: -1})
		}
	}
	last := rune(0) // but for white space
	for i, r := range col.text {
		switch r {
		case '，', '；', '。', '：', '\n', ',', ';':
			add(i)
			start = i + len(string(r))
			if r == '。' || r == '\n' && last != '：' && last != '；' {
				sentence++
			}
		}
		if !unicode.IsSpace(r) {
			last = r
		}
	}
	add(len(col.text))
	for _, f := range facts {
		if c := col.clauseAt(f.Start); c != nil && f.Kind == editor.QuantityFact {
			c.numbered[ofKind(f.Quantity.Dimension)] = true
		}
	}
}

// clauseAt is the clause that holds a byte of the text.
func (col *column) clauseAt(at int) *clause {
	i, _ := slices.BinarySearchFunc(col.clauses, at, func(c clause, at int) int {
		if c.end <= at {
			return -1
		}
		return 1
	})
	if i < len(col.clauses) && col.clauses[i].start <= at {
		return &col.clauses[i]
	}
	return nil
}

// silence reports the columns in which nothing was found. That nothing was
// found does not mean that there is no rule.
func silence(cols []column) []Difference {
	var silent, speaking []string
	d := Difference{Kind: Missing, Texts: make([]string, len(cols)), Confidence: 0.75}
	for i, c := range cols {
		if c.silent {
			silent = append(silent, c.label)
			continue
		}
		speaking = append(speaking, c.label)
		d.Texts[i] = clip(firstSentence(c.text), 60)
	}
	if len(silent) == 0 {
		return nil
	}
	d.Summary = strings.Join(silent, "、") + " 未找到对应条款"
	if len(speaking) == 1 {
		d.Summary = "仅 " + speaking[0] + " 有；" + d.Summary
	}
	return []Difference{d}
}

func firstSentence(text string) string {
	if i := strings.IndexAny(text, "。\n"); i >= 0 {
		return text[:i]
	}
	return text
}

// clip shortens a text to n characters.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// likeness is the Dice coefficient of the neighbouring pairs of two runs of
// symbols; of the symbols themselves where one has no pair.
func likeness(a, b []rune) float64 {
	return setLikeness(pairSet(a), pairSet(b))
}

func pairSet(symbols []rune) map[[2]rune]bool {
	set := make(map[[2]rune]bool, len(symbols))
	for i, r := range symbols {
		if r == gap {
			continue
		}
		if i+1 < len(symbols) && symbols[i+1] != gap {
			set[[2]rune{r, symbols[i+1]}] = true
		} else if i == 0 || symbols[i-1] == gap {
			set[[2]rune{r, gap}] = true
		}
	}
	return set
}

// Judge says how given cells of texts stand to each other: what Align says of a
// row, for cells that a person put together. It knows nothing of links.
func Judge(docs []*editor.Document, cells [][]editor.Passage, opts Options) Row {
	row := Row{Cells: cells, Score: 1}
	read := make([]Cell, len(cells))
	for i, cell := range cells {
		read[i].Label = opts.label(i)
		if i >= len(docs) {
			continue
		}
		for _, at := range cell {
			c := docs[i].Clause(at.Clause)
			if c == nil {
				continue
			}
			passages := c.Passages()
			if at.Paragraph < 1 || at.Paragraph > len(passages) {
				continue
			}
			read[i].Passages = append(read[i].Passages, passages[at.Paragraph-1])
			if row.Topic == "" {
				row.Topic = shorten(c.Title)
			}
		}
	}
	for _, c := range read {
		if row.Topic == "" && len(c.Passages) > 0 {
			row.Topic = shorten(opening(plain(c.Passages[0])))
		}
	}
	row.Relation, row.Differences = differ(read, newNormaliser(opts.Knowledge.Synonyms), 1)
	return row
}

// judge says how the cells of a row differ. A preamble, the history of its own
// text, is missing nowhere.
func (f *family) judge(row *Row, nodes []int, opts Options) {
	if f.historic(f.nodes[nodes[0]].provision) && len(row.Links) == 0 {
		row.Relation = Single
		return
	}
	cells := make([][]int, len(f.docs))
	speaking := 0
	for _, n := range nodes {
		given := f.given[f.nodes[n].place.Doc]
		if len(cells[given]) == 0 {
			speaking++
		}
		cells[given] = append(cells[given], n)
	}
	cols := make([]column, len(cells))
	for i, cell := range cells {
		cols[i] = f.column(cell, speaking > 1)
		cols[i].label = opts.label(i)
	}
	row.Relation, row.Differences = differColumns(cols, row.Score)
}

// column reads the nodes of a cell; where the row has no other cell, their text
// is enough.
func (f *family) column(nodes []int, whole bool) column {
	if whole && len(nodes) == 1 {
		if n := &f.nodes[nodes[0]]; n.column != nil && n.without == nil {
			return n.column.get(n.said(), f.norm)
		}
	}
	var c Cell
	for _, i := range nodes {
		n := &f.nodes[i]
		text := n.said()
		if n.without != nil {
			text = plain(f.provisions[n.provision].clause.Passage(n.place.Passage, n.without...))
		}
		c.Passages = append(c.Passages, text)
	}
	col := glance(c)
	if whole {
		col.read(f.norm)
	}
	return col
}

// keptColumn is a passage read as a column by itself: the same in every
// alignment, so it is read once.
type keptColumn struct {
	once sync.Once
	col  column
}

// get reads the column at its first use. It must not be changed.
func (k *keptColumn) get(text string, n *normaliser) column {
	k.once.Do(func() {
		k.col = readColumn(Cell{Passages: []string{text}}, wordsOnly)
	})
	col := k.col
	col.norm = n
	return col
}
