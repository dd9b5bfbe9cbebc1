package registry

import (
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"

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
	// Candidates are, for each column without passage, the (at most three)
	// passages that come nearest: A stands in this row, B is the candidate.
	Candidates []compare.Link `json:"candidates,omitempty"`

	// What people said. Each names the Member.ID.
	Corrected string            `json:"corrected,omitempty"` // who last moved something here
	Confirmed string            `json:"confirmed,omitempty"` // who confirmed the row
	Placed    string            `json:"placed,omitempty"`    // who gave it its chapter, topic or place
	Reviewed  string            `json:"reviewed,omitempty"`  // who last looked at it after a text had changed
	None      map[string]string `json:"none,omitempty"`      // by Column.Key: who said that the text has no counterpart
	Unified   *Unified          `json:"unified,omitempty"`

	// Revised names the columns whose text has changed under the row and which
	// nobody has looked at since.
	Revised map[string]Basis `json:"revised,omitempty"`

	Version int    `json:"version"`         // counts the changes; a form carries the one it was made from
	Event   uint64 `json:"event,omitempty"` // that made the row what it is; an undo brings the earlier one back
}

// Basis is what a row rested on before the text of a column was pinned at a
// newer revision.
type Basis struct {
	Revision int              `json:"revision"` // that was pinned
	Cell     []editor.Passage `json:"cell"`     // the row's passages of it
	Event    uint64           `json:"event"`    // that pinned the newer one
}

// Unified is the unified clause of a row, and where its sentences came from.
type Unified struct {
	Title   string           `json:"title"`
	Text    string           `json:"text"` // Markdown
	Hash    string           `json:"hash"` // of title and text: what positions are taken on
	Sources []SentenceSource `json:"sources"`
	By      string           `json:"by"`             // Member.ID
	With    string           `json:"with,omitempty"` // whose change made at the same time is in it too: Member.ID
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
	// Start and End are the place of Original in the plain text of the passage, in
	// characters; both 0 where it is not known.
	Start int  `json:"start,omitempty"`
	End   int  `json:"end,omitempty"`
	Taken bool `json:"taken,omitempty"` // by a person, on purpose; otherwise the machine tells
	// Since is the revision of the source from which on it no longer says what it
	// said in From; 0 as long as it does.
	Since int `json:"since,omitempty"`
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
	row.Score, row.Links, row.Relation, row.Differences, row.Candidates = f.Score, f.Links, f.Relation, f.Differences, f.Candidates
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
		count := func(at editor.Passage) {
			n.Held++
			if stands[at] == 1 {
				n.Once++
			}
		}
		for c := range v.Texts[i].Document.All() {
			for k := range c.Passages() {
				count(editor.Passage{Clause: c.ID, Paragraph: k + 1})
			}
		}
		for at := range stands {
			if at.Entry > 0 {
				count(at)
			}
		}
		out = append(out, n)
	}
	return out
}

// entriesApart are the entries (list items, table rows) that stand by themselves,
// by column and the passage that they are a part of: where that stands, its text
// is without them.
type entriesApart map[string]map[editor.Passage][]int

func apartIn(rows []Row) entriesApart {
	out := entriesApart{}
	for _, row := range rows {
		for col, cell := range row.Cells {
			for _, at := range cell {
				if at.Entry > 0 {
					if out[col] == nil {
						out[col] = map[editor.Passage][]int{}
					}
					out[col][whole(at)] = append(out[col][whole(at)], at.Entry)
				}
			}
		}
	}
	return out
}

// whole is the passage that an entry is a part of.
func whole(at editor.Passage) editor.Passage {
	at.Entry = 0
	return at
}

// absorb leaves out of a cell the entries whose passage stands in it too: they
// are a part of that again.
func absorb(cell []editor.Passage) []editor.Passage {
	return slices.DeleteFunc(slices.Clone(cell), func(at editor.Passage) bool { return at.Entry > 0 && slices.Contains(cell, whole(at)) })
}

// entryName is how an entry of a passage is cited after it: 第（三）项, c), or a
// table's row by its first cell; "" for a whole passage.
func entryName(c *editor.Clause, at editor.Passage) string {
	passages := c.Passages()
	if at.Entry == 0 || at.Paragraph < 1 || at.Paragraph > len(passages) {
		return ""
	}
	if entries := editor.Entries(passages[at.Paragraph-1]); at.Entry <= len(entries) {
		switch label := entries[at.Entry-1].Label; {
		case strings.HasSuffix(label, "）"):
			return "第" + label + "项"
		case strings.HasSuffix(label, ")"):
			return label
		case strings.ContainsFunc(label, unicode.IsLetter): // of a table
			return "“" + label + "”行"
		}
	}
	return "第" + editor.Numeral(at.Entry) + "项"
}
