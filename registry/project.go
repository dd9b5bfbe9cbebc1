package registry

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Project is a harmonisation: the regions that take part with one pinned
// revision each, the national texts that none may fall below, and the rows in
// which their clauses meet.
type Project struct {
	ID           string        `json:"id"`
	Title        string        `json:"title"` // of the unified standard
	Participants []Participant `json:"participants"`
	Floors       []Ref         `json:"floors,omitempty"`
	// Territory is where the unified standard applies, place by place, where
	// that is less than the participating regions: "浙江省嘉善县".
	Territory []string `json:"territory,omitempty"`
	Mode      Mode     `json:"mode"`
	Rule      Rule     `json:"rule"`
	// Issues are the unified standard as each region issues it: one body, a
	// number, an issuer and dates a region.
	Issues map[string]Issue `json:"issues,omitempty"`
	// Standard is the standard that the project drafts; "" until the draft was
	// kept for the first time.
	Standard string    `json:"standard,omitempty"`
	Author   string    `json:"author"`
	Created  time.Time `json:"created"`
	Version  int       `json:"version"` // counts the changes of the settings; a form carries the one it was made from
}

// Participant is a region with the revision of its rule that the project pins.
type Participant struct {
	Region string `json:"region"`
	Text   Ref    `json:"text"`
}

// Column is one text of a project: a participant's or a floor. Columns stand in
// the order of the regions, floors last.
type Column struct {
	Key    string // region code, or "floor1", "floor2"…
	Label  string // 沪, or 国
	Region Region
	Floor  bool
	Text   Ref
}

// Columns are the texts of the project as every screen shows them.
func (p Project) Columns() []Column {
	var out []Column
	for _, r := range p.regions() {
		for _, q := range p.Participants {
			if q.Region == r {
				g := RegionOf(r)
				out = append(out, Column{Key: r, Label: g.Short, Region: g, Text: q.Text})
			}
		}
	}
	for i, f := range p.Floors {
		label := National.Short
		if len(p.Floors) > 1 {
			label += strconv.Itoa(i + 1)
		}
		out = append(out, Column{Key: "floor" + strconv.Itoa(i+1), Label: label, Region: National, Floor: true, Text: f})
	}
	return out
}

// regions of the participants: the four in their order, others after them.
func (p Project) regions() []string {
	var out []string
	for _, r := range Regions {
		for _, q := range p.Participants {
			if q.Region == r.Code {
				out = append(out, r.Code)
			}
		}
	}
	for _, q := range p.Participants {
		if !contains(out, q.Region) {
			out = append(out, q.Region)
		}
	}
	return out
}

// Takes tells whether a region takes part.
func (p Project) Takes(region string) bool { return region != "" && contains(p.regions(), region) }

var projects = table[Project]{"project", "个项目"}

// Projects lists all projects by ID.
func (r *Registry) Projects() (list []Project, err error) {
	err = r.store.View(func(tx Tx) error {
		list, err = projects.all(tx)
		return err
	})
	return list, err
}

// Project finds a project by its ID.
func (r *Registry) Project(id string) (p Project, err error) {
	err = r.store.View(func(tx Tx) error {
		p, err = projects.get(tx, id)
		return err
	})
	return p, err
}

// maxProjectID leaves room in an ID for what names the project's draft.
const maxProjectID = 60

// CreateProject opens a harmonisation and aligns its texts into rows. A text
// whose revision is not named is pinned at its current one.
func (r *Registry) CreateProject(actor Member, p Project) (Project, error) {
	if err := May(actor, CreateProject); err != nil {
		return p, err
	}
	if err := p.check(); err != nil {
		return p, err
	}
	p.Participants, p.Floors = slices.Clone(p.Participants), slices.Clone(p.Floors) // the caller's stay as they are
	p.Version = 1
	p.Author, p.Created = actor.ID, r.now().UTC().Truncate(time.Second)
	err := r.update(actor, func(c *change) error {
		if _, held, err := projects.find(c.Tx, p.ID); err != nil {
			return err
		} else if held {
			return refuse(Conflict, "id", "项目标识 %s 已经用了，请换一个。 The project id %s is taken: choose another.", p.ID, p.ID)
		}
		if err := p.pin(c.Tx); err != nil {
			return err
		}
		rows, err := r.alignRows(c.Tx, p)
		if err != nil {
			return err
		}
		if err := projects.put(c, p, p.ID); err != nil {
			return err
		}
		for _, row := range rows {
			if err := rowTable.put(c, row, p.ID, row.ID); err != nil {
				return err
			}
		}
		return c.log(CreateProject, "projects/"+p.ID, map[string]any{
			"title": p.Title, "participants": p.Participants, "floors": p.Floors, "territory": p.Territory,
			"mode": p.Mode, "rule": p.Rule, "issues": p.Issues, "rows": len(rows),
		})
	})
	return p, err
}

// check brings a new project into form and says everything that is wrong with
// it.
func (p *Project) check() error {
	faults := []error{p.checkTexts()}
	if err := nameable(p.ID); err != nil {
		faults = append(faults, err)
	} else if len(p.ID) > maxProjectID {
		faults = append(faults, refuse(Invalid, "id", "项目标识最多 %d 个字符。 A project id has at most %d characters.", maxProjectID, maxProjectID))
	}
	return errors.Join(append(faults, p.checkSettings())...)
}

// checkTexts: two regions at least, one text a region.
func (p *Project) checkTexts() error {
	if n := len(p.Participants) + len(p.Floors); len(p.Participants) < 2 || n > 8 {
		return refuse(Invalid, "participants", "一个项目要有 2 个以上参与地区，连同国家底线最多 8 个文本。 A project takes at least 2 regions and, with floors, at most 8 texts.")
	}
	seen := map[string]bool{}
	for _, q := range p.Participants {
		if q.Region == "" || seen[q.Region] {
			return refuse(Invalid, "participants", "每个参与地区选一个文本：%q 重复或为空。 One text a region: %q is doubled or empty.", q.Region, q.Region)
		}
		seen[q.Region] = true
	}
	return nil
}

// checkSettings brings what can be changed later into form and says everything
// that is wrong with it. What is not said is as most projects have it.
func (p *Project) checkSettings() error {
	var faults []error
	if p.Title = strings.TrimSpace(p.Title); p.Title == "" {
		faults = append(faults, refuse(Invalid, "title", "请写统一标准的名称。 Give the title of the unified standard."))
	} else if err := line("title", p.Title); err != nil {
		faults = append(faults, err)
	}
	p.Rule, p.Mode = cmp.Or(p.Rule, ByAll), cmp.Or(p.Mode, Jointly)
	if p.Rule.terms().Rule != p.Rule {
		faults = append(faults, refuse(Invalid, "rule", "没有这样的表决规则：%s。 There is no such rule.", clip(string(p.Rule))))
	}
	if !slices.Contains(Modes, p.Mode) {
		faults = append(faults, refuse(Invalid, "mode", "没有这样的协调方式：%s。 There is no such mode.", clip(string(p.Mode))))
	}
	if err := p.checkTerritory(); err != nil {
		faults = append(faults, err)
	}
	issues := map[string]Issue{}
	for _, region := range p.regions() {
		issue := p.Issues[region]
		faults = append(faults, issue.check(region)...)
		if issue != (Issue{}) {
			issues[region] = issue
		}
	}
	p.Issues = issues
	return errors.Join(faults...)
}

// pin writes the revision number into every Ref that names none.
func (p *Project) pin(tx Tx) error {
	fix := func(ref *Ref) error {
		v, err := revisionAt(tx, ref.Standard, ref.Revision)
		if err != nil {
			return err
		}
		*ref = v.Ref()
		return nil
	}
	for i := range p.Participants {
		if err := fix(&p.Participants[i].Text); err != nil {
			return err
		}
	}
	for i := range p.Floors {
		if err := fix(&p.Floors[i]); err != nil {
			return err
		}
	}
	return nil
}

// texts reads the documents of the columns.
func (p Project) texts(tx Tx) ([]*editor.Document, error) {
	var docs []*editor.Document
	for _, col := range p.Columns() {
		t, err := textAt(tx, col.Text)
		if err != nil {
			return nil, fmt.Errorf("project %s: %w", p.ID, err)
		}
		docs = append(docs, t.Document)
	}
	return docs, nil
}

// labels are the columns' labels, for sentences about differences.
func (p Project) labels() []string {
	var out []string
	for _, c := range p.Columns() {
		out = append(out, c.Label)
	}
	return out
}

func (r *Registry) alignRows(tx Tx, p Project) ([]Row, error) {
	docs, err := p.texts(tx)
	if err != nil {
		return nil, err
	}
	texts, err := r.prepare(tx, p)
	if err != nil {
		return nil, err
	}
	found, err := compare.AlignPrepared(texts, compare.Options{Labels: p.labels()})
	if err != nil {
		return nil, refuse(Invalid, "participants", "%v", err)
	}
	cols := p.Columns()
	var rows []Row
	for i, f := range found.Rows {
		row := Row{Project: p.ID, ID: f.ID, Order: i + 1, Topic: f.Topic, Cells: map[string][]editor.Passage{}, Version: 1}
		for j, cell := range f.Cells {
			if len(cell) > 0 {
				row.Cells[cols[j].Key] = cell
			}
		}
		row.judge(f)
		row.Below = row.belowFloor(p, docs)
		row.Chapter = chapterOf(docs, f.Cells)
		rows = append(rows, row)
	}
	return rows, nil
}

// chapterOf proposes the chapter of the unified draft: the heading that the
// first text with this subject has it under.
func chapterOf(docs []*editor.Document, cells [][]editor.Passage) string {
	for i, cell := range cells {
		if len(cell) > 0 {
			if top := docs[i].Chapter(cell[0].Clause); top != nil && top.Title != "" {
				return top.Title
			}
		}
	}
	return ""
}
