package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"tongbiao/editor/compare"
)

// Relation is what people say of how the cell of a column stands to the text
// that it is held against: 一致, 更严, 更宽, 交叉, 冲突, 缺失, 仅措辞, 不同
// (compare.Stand defines each). It is about the two texts that Hash names; the
// last one said on a cell counts, and the log keeps all.
type Relation struct {
	Project string        `json:"project"`
	Row     string        `json:"row"`
	Column  string        `json:"column"`  // Column.Key
	Against string        `json:"against"` // AgainstUnified, or the Column.Key of the base
	Stand   compare.Stand `json:"stand"`
	Note    string        `json:"note,omitempty"` // why
	Hash    string        `json:"hash"`           // of the two texts that it was said about
	Member  string        `json:"member"`
	Time    time.Time     `json:"time"`
}

// AgainstUnified is the unified clause as what a cell is held against.
const AgainstUnified = "unified"

// relations by project, row and column. One on a row that was merged into
// another stays where it is: an undo brings the row back, and the texts with it.
var relations = table[Relation]{"relation", "个关系"}

// Reckoned is how one cell stands to the unified clause of its row or, where
// there is none, to the base: as the machine proposes it, and as people said.
type Reckoned struct {
	Column  string
	Against string // "" for the base itself, and where there is nothing to hold it against
	Hash    string // of the two texts: what a Relation would be said about
	Machine compare.Proposal
	Said    *Relation // the last, whatever text it was said about; nil while nobody has spoken
}

// Current tells whether what people said was said about these two texts.
func (k Reckoned) Current() bool {
	return k.Said != nil && k.Said.Against == k.Against && k.Said.Hash == k.Hash
}

// Stand is the relation that counts: what people said about these texts, or the
// machine's proposal.
func (k Reckoned) Stand() (stand compare.Stand, proposed bool) {
	if k.Current() {
		return k.Said.Stand, false
	}
	return k.Machine.Stand, true
}

// Reckoned says, column by column, how the cells of a row stand to its unified
// clause or, where there is none, to the cell of the base column; base -1 is none.
func (v ProjectView) Reckoned(row RowView, base int) []Reckoned {
	out := make([]Reckoned, len(v.Columns))
	cells := v.cellsOf(row)
	against, other := "", compare.Cell{}
	switch {
	case row.Unified != nil:
		against, other = AgainstUnified, unifiedCell(row)
	case base >= 0:
		against, other = v.Columns[base].Key, cells[base]
	}
	for i, col := range v.Columns {
		out[i].Column = col.Key
		if against == "" || against == col.Key {
			continue
		}
		out[i].Against, out[i].Hash = against, pairHash(cells[i], other)
		out[i].Machine = v.memory.reckon(v.reader, cells[i], other, row.Score >= compare.Sure || row.Confirmed != "")
		if said, held := v.relations[row.ID+"\x00"+col.Key]; held {
			out[i].Said = &said
		}
	}
	return out
}

// cellsOf are the texts of a row's cells, by column.
func (v ProjectView) cellsOf(row RowView) []compare.Cell {
	out := make([]compare.Cell, len(v.Columns))
	for i, col := range v.Columns {
		out[i].Label = col.Label
		for _, at := range row.Cells[col.Key] {
			_, text := v.PassageText(i, at)
			out[i].Passages = append(out[i].Passages, text)
		}
	}
	return out
}

func unifiedCell(row RowView) compare.Cell {
	c := compare.Cell{Label: "统一稿"}
	if row.Unified != nil {
		c.Passages = []string{row.Unified.Text}
	}
	return c
}

func pairHash(own, other compare.Cell) string {
	sum := sha256.Sum256([]byte(strings.Join(own.Passages, "\x00") + "\x01" + strings.Join(other.Passages, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// SayRelation says how a cell stands to the unified clause or the base; hash
// names the two texts that the member saw. stand "" takes back what was said.
// Authors and representatives speak for their region's text, the secretariat for
// any.
func (r *Registry) SayRelation(actor Member, project, row, column, against string, stand compare.Stand, note, hash string) (Relation, error) {
	said := Relation{Project: project, Row: row, Column: column, Against: against, Stand: stand, Note: strings.TrimSpace(note), Hash: hash, Member: actor.ID}
	if err := within("note", said.Note, maxComment); err != nil {
		return said, err
	}
	if stand != "" && !slices.Contains(compare.Stands, stand) {
		return said, refuse(Invalid, "stand", "请选一种关系。 Choose a relation.")
	}
	err := r.update(actor, func(c *change) error {
		v, err := workbench(c.Tx, project)
		if err != nil {
			return err
		}
		if err := v.maySay(actor, said); err != nil {
			return err
		}
		_, held, err := relations.find(c.Tx, project, row, column)
		if err != nil {
			return err
		}
		verb := SayRelation
		said.Time = r.now().UTC().Truncate(time.Second)
		switch {
		case stand != "":
			err = relations.put(c, said, project, row, column)
		case held:
			verb = DropRelation
			err = relations.delete(c, project, row, column)
		default:
			err = refuse(Invalid, "stand", "还没有人说过，无可收回。 Nobody has said anything yet that could be taken back.")
		}
		if err != nil {
			return err
		}
		return c.log(verb, "projects/"+project+"/rows/"+row, said)
	})
	return said, err
}

// maySay refuses what is said by the wrong person, or about a text that is no
// longer there.
func (v ProjectView) maySay(actor Member, said Relation) error {
	at := slices.IndexFunc(v.Columns, func(c Column) bool { return c.Key == said.Column })
	i := slices.IndexFunc(v.Rows, func(r RowView) bool { return r.ID == said.Row })
	switch {
	case i < 0:
		return refuse(NotFound, "", "没有这个条目：%s。 There is no such row.", said.Row)
	case at < 0:
		return refuse(Invalid, "column", "项目里没有这一列：%q。 The project has no such column: %q.", said.Column, said.Column)
	}
	region := v.Columns[at].Key
	if v.Columns[at].Floor {
		region = ""
	}
	if err := May(actor, SayRelation, region); err != nil {
		return err
	}
	base := slices.IndexFunc(v.Columns, func(c Column) bool { return c.Key == said.Against })
	now := v.Reckoned(v.Rows[i], base)[at]
	if said.Against == "" || now.Against != said.Against || now.Hash != said.Hash {
		return refuse(Conflict, "hash", "所比的条文刚改过：请看过现在的条文再定。 One of the two texts has just changed: read them again first.")
	}
	return nil
}

// relationsOf reads what was said in a project, by row and column.
func relationsOf(tx Tx, project string) (map[string]Relation, error) {
	said := map[string]Relation{}
	err := relations.scan(tx, func(s Relation) error {
		said[s.Row+"\x00"+s.Column] = s
		return nil
	}, project)
	return said, err
}

// relations checks what people said of cells. A relation may outlive its row.
func (v *verifier) relations() error {
	return each(v, relations, func(key string, s Relation) error {
		where := "relation/" + keyName([]byte(key))
		v.person(where, s.Member)
		if key != s.Project+"\x00"+s.Row+"\x00"+s.Column {
			v.fault(where, "记录里写的是 %s/%s/%s：请从备份恢复", "The record says that it is on %s/%s/%s: restore a backup", s.Project, s.Row, s.Column)
		}
		if !slices.Contains(compare.Stands, s.Stand) || s.Hash == "" || s.Against == "" {
			v.fault(where, "关系写得不全：请从备份恢复", "The relation does not say enough: restore a backup")
		}
		p, found, whole, err := look(v, projects, s.Project)
		if err != nil || !whole {
			return err
		}
		if !found {
			v.fault(where, "没有项目 %s：请从备份恢复", "There is no project %s: restore a backup", s.Project)
		} else if !slices.ContainsFunc(p.Columns(), func(c Column) bool { return c.Key == s.Column }) {
			v.fault(where, "项目里没有这一列：%q", "The project has no such column: %q", s.Column)
		}
		return nil
	})
}
