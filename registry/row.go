package registry

import (
	"sort"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Row is one subject of a project: for every column the passages (none, one,
// several) that deal with it. The machine proposes rows, people confirm or
// correct them.
type Row struct {
	Project string                      `json:"project"`
	ID      string                      `json:"id"`
	Order   int                         `json:"order"`   // place on the workbench and in the unified draft, from 1
	Chapter string                      `json:"chapter"` // chapter of the unified draft
	Topic   string                      `json:"topic"`
	Cells   map[string][]editor.Passage `json:"cells"` // by Column.Key; an absent key is an empty cell

	// What the machine says about the row as it stands.
	Score       float64              `json:"score"` // least certain link, 0 to 1; 1 for a row of one cell
	Links       []compare.Link       `json:"links,omitempty"`
	Relation    compare.Relation     `json:"relation"`
	Differences []compare.Difference `json:"differences,omitempty"`

	Below []string `json:"below,omitempty"` // cells that demand less than a floor, a sentence each

	Corrected string   `json:"corrected,omitempty"` // Member.ID of who last moved something here
	Confirmed string   `json:"confirmed,omitempty"` // Member.ID of who confirmed the row
	Unified   *Unified `json:"unified,omitempty"`
	Version   int      `json:"version"` // counts the changes; a form carries the one it was made from
}

// Unified is the unified clause of a row, and where its sentences came from.
type Unified struct {
	Title   string           `json:"title"`
	Text    string           `json:"text"` // Markdown
	Hash    string           `json:"hash"` // of title and text: what positions are taken on
	Sources []SentenceSource `json:"sources"`
	By      string           `json:"by"` // Member.ID
	Time    time.Time        `json:"time"`
}

// SentenceSource says where one sentence of a unified clause came from.
type SentenceSource struct {
	Sentence string  `json:"sentence"`
	How      How     `json:"how"`
	From     Ref     `json:"from"`               // empty for How Written
	Column   string  `json:"column,omitempty"`   // Column.Key
	Original string  `json:"original,omitempty"` // the sentence in the source
	Shared   float64 `json:"shared,omitempty"`   // how much of it is the original's, 0 to 1
	By       string  `json:"by,omitempty"`       // who wrote or adapted it
}

// How a sentence of a unified clause relates to its source.
type How string

const (
	Verbatim How = "verbatim" // word for word
	Adapted  How = "adapted"  // changed from the source; told by the machine from the shared words
	Written  How = "written"  // in none of the texts
)

var rowTable = table[Row]{"row", "个条目"}

// Rows are the rows of a project in their order.
func (r *Registry) Rows(project string) (list []Row, err error) {
	err = r.store.View(func(tx Tx) error {
		list, err = rowsOf(tx, project)
		return err
	})
	return list, err
}

func rowsOf(tx Tx, project string) ([]Row, error) {
	list, err := rowTable.all(tx, project)
	sort.SliceStable(list, func(i, j int) bool { return list[i].Order < list[j].Order })
	return list, err
}

// Row finds one row.
func (r *Registry) Row(project, id string) (row Row, err error) {
	err = r.store.View(func(tx Tx) error {
		row, err = rowTable.get(tx, project, id)
		return err
	})
	return row, err
}

// judge takes over what the machine found.
func (row *Row) judge(f compare.Row) {
	row.Score, row.Links, row.Relation, row.Differences = f.Score, f.Links, f.Relation, f.Differences
}

// cells in column order.
func (row Row) cells(p Project) [][]editor.Passage {
	var out [][]editor.Passage
	for _, c := range p.Columns() {
		out = append(out, row.Cells[c.Key])
	}
	return out
}

// Conservation counts the passages of each column and those that stand in
// exactly one row. The two are equal as long as nothing is lost.
type Conservation struct {
	Column Column
	Held   int // passages of the text
	Once   int // of them, in exactly one row
}

// Conserved counts, column by column.
func (v ProjectView) Conserved() []Conservation {
	var out []Conservation
	for i, col := range v.Columns {
		stands := map[editor.Passage]int{}
		for _, row := range v.Rows {
			for _, at := range row.Cells[col.Key] {
				stands[at]++
			}
		}
		n := Conservation{Column: col}
		for c := range v.Texts[i].Document.All() {
			for k := range c.Passages() {
				n.Held++
				if stands[editor.Passage{Clause: c.ID, Paragraph: k + 1}] == 1 {
					n.Once++
				}
			}
		}
		out = append(out, n)
	}
	return out
}
