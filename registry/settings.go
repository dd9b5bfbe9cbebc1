package registry

import (
	"maps"
	"reflect"
	"slices"
)

// Setting is one field of a project that was changed: what an event of
// ChangeProject says. Settles and Opens are the rows that a new rule settled
// and opened.
type Setting struct {
	Field   string   `json:"field"` // title, mode, rule, territory, or a name of IssueFields
	Region  string   `json:"region,omitempty"`
	Old     any      `json:"old"`
	New     any      `json:"new"`
	Settles []string `json:"settles,omitempty"` // Row.ID
	Opens   []string `json:"opens,omitempty"`
}

// ChangeProject changes what can be changed of an open project: title, mode,
// rule, territory, and each region's issue. The texts and the participants stay.
// p.Version names the settings that the person saw. Each field that changed is
// an event with the old and the new; a new rule counts for every row at once.
func (r *Registry) ChangeProject(actor Member, p Project) (Project, error) {
	if err := May(actor, ChangeProject); err != nil {
		return p, err
	}
	var now Project
	err := r.update(actor, func(c *change) error {
		was, err := projects.get(c.Tx, p.ID)
		if err != nil {
			return err
		}
		if was.Version != p.Version {
			return refuse(Conflict, "version", "项目设置刚被别人改过（第 %d 次改动）：请看过现在的样子再改。 Somebody else has just changed the settings (change %d): look at them again first.", was.Version, was.Version)
		}
		now = was
		now.Title, now.Mode, now.Rule, now.Territory, now.Issues = p.Title, p.Mode, p.Rule, slices.Clone(p.Territory), maps.Clone(p.Issues)
		if err := now.checkSettings(); err != nil {
			return err
		}
		changes := was.differs(now)
		if len(changes) == 0 {
			return nil
		}
		now.Version++
		if err := projects.put(c, now, now.ID); err != nil {
			return err
		}
		for _, change := range changes {
			if change.Field == "rule" {
				effect, err := effectOf(c.Tx, was, now.Rule)
				if err != nil {
					return err
				}
				change.Settles, change.Opens = ids(effect.Settles), ids(effect.Opens)
			}
			if err := c.log(ChangeProject, "projects/"+now.ID, change); err != nil {
				return err
			}
		}
		return nil
	})
	return now, err
}

// differs lists the settings that another one has otherwise.
func (p Project) differs(now Project) (out []Setting) {
	note := func(field, region string, was, is any) {
		if !reflect.DeepEqual(was, is) {
			out = append(out, Setting{Field: field, Region: region, Old: was, New: is})
		}
	}
	note("title", "", p.Title, now.Title)
	note("mode", "", p.Mode, now.Mode)
	note("rule", "", p.Rule, now.Rule)
	if !slices.Equal(p.Territory, now.Territory) {
		note("territory", "", p.Territory, now.Territory)
	}
	for _, region := range p.regions() {
		was, is := p.Issues[region], now.Issues[region]
		for _, name := range IssueFields {
			note(name, region, *was.Field(name), *is.Field(name))
		}
	}
	return out
}

// RuleEffect is what a rule would make of the rows as they stand.
type RuleEffect struct {
	Rule    Rule
	Settled int   // rows that would be settled
	Settles []Row // of them, those that are not now
	Opens   []Row // rows that are settled now and would be no longer
}

// RuleEffects says of each rule what it would make of a project's rows.
func (r *Registry) RuleEffects(id string) (out []RuleEffect, err error) {
	err = r.store.View(func(tx Tx) error {
		p, err := projects.get(tx, id)
		if err != nil {
			return err
		}
		rows, said, err := spoken(tx, id)
		for _, terms := range Rules {
			out = append(out, p.effect(rows, said, terms.Rule))
		}
		return err
	})
	return out, err
}

func effectOf(tx Tx, p Project, rule Rule) (RuleEffect, error) {
	rows, said, err := spoken(tx, p.ID)
	return p.effect(rows, said, rule), err
}

// spoken are the rows of a project with what was said on them.
func spoken(tx Tx, id string) ([]Row, map[string][]Position, error) {
	said, err := positionsOf(tx, id)
	if err != nil {
		return nil, nil, err
	}
	rows, err := rowsOf(tx, id)
	return rows, said, err
}

func (p Project) effect(rows []Row, said map[string][]Position, rule Rule) RuleEffect {
	then := p
	then.Rule = rule
	e := RuleEffect{Rule: rule}
	for _, row := range rows {
		is, would := viewOf(p, row, said[row.ID]).State == Settled, viewOf(then, row, said[row.ID]).State == Settled
		if would {
			e.Settled++
		}
		switch {
		case would && !is:
			e.Settles = append(e.Settles, row)
		case is && !would:
			e.Opens = append(e.Opens, row)
		}
	}
	return e
}

func ids(rows []Row) (out []string) {
	for _, row := range rows {
		out = append(out, row.ID)
	}
	return out
}
