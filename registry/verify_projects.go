package registry

import (
	"maps"
	"slices"
	"strings"

	"tongbiao/editor"
)

// projects checks each project with its rows, and that no row is without one.
func (v *verifier) projects() error {
	held := map[string]bool{}
	err := each(v, projects, func(key string, p Project) error {
		where := "project/" + key
		held[key] = true
		if p.ID != key {
			v.fault(where, "记录里写的是 %s：请从备份恢复", "The record says that it is %s: restore a backup", p.ID)
		}
		v.person(where, p.Author)
		v.settings(where, p)
		for _, col := range p.Columns() {
			if err := v.ref(where, col.Text); err != nil {
				return err
			}
		}
		if p.Standard != "" {
			if _, found, _, err := look(v, standards, p.Standard); err != nil {
				return err
			} else if !found {
				v.fault(where, "它起草的标准 %s 不存在：请从备份恢复", "The standard that it drafts, %s, is not there: restore a backup", p.Standard)
			}
		}
		return v.rows(p)
	})
	if err != nil || v.damaged {
		return err
	}
	return each(v, rowTable, func(key string, row Row) error {
		if project, _, _ := strings.Cut(key, "\x00"); !held[project] {
			v.fault("row/"+keyName([]byte(key)), "没有项目 %s：请从备份恢复", "There is no project %s: restore a backup", project)
		}
		return nil
	})
}

// settings checks what a project says of itself.
func (v *verifier) settings(where string, p Project) {
	if p.Rule.terms().Rule != p.Rule {
		v.fault(where, "没有表决规则 %q：请在项目设置中另选", "There is no rule %q: choose another in the settings", p.Rule)
	}
	if !slices.Contains(Modes, p.Mode) {
		v.fault(where, "没有协调方式 %q：请在项目设置中另选", "There is no mode %q: choose another in the settings", p.Mode)
	}
	for _, region := range slices.Sorted(maps.Keys(p.Issues)) {
		if !p.Takes(region) {
			v.fault(where, "有地区 %s 的编号和日期，而它不参加项目：请从备份恢复", "There is an issue of region %s, which takes no part: restore a backup", region)
		}
	}
}

// rows checks the rows of a project: every passage of every column stands in
// exactly one.
func (v *verifier) rows(p Project) error {
	stands := map[string]map[editor.Passage]int{} // by column
	texts := map[string]*editor.Document{}
	for _, col := range p.Columns() {
		if doc := v.document(col.Text); doc != nil {
			stands[col.Key], texts[col.Key] = passagesOf(doc), doc
		}
	}
	whole := len(stands) == len(p.Columns())
	err := each(v, rowTable, func(key string, row Row) error {
		where := "row/" + keyName([]byte(key))
		if key != row.Project+"\x00"+row.ID {
			v.fault(where, "记录里写的是 %s/%s：请从备份恢复", "The record says that it is %s/%s: restore a backup", row.Project, row.ID)
		}
		v.person(where, row.Corrected, row.Confirmed)
		for _, column := range slices.Sorted(maps.Keys(row.Cells)) {
			for _, at := range row.Cells[column] {
				_, held := stands[column][at]
				if at.Entry > 0 && !held && whole { // one that stands in a row of its own
					held = passageText(texts[column], at) != ""
				}
				if held {
					stands[column][at]++
				} else if whole {
					v.fault(where, "%s 列的 %s 不在所选文本中", "%s: %s is not in the text of the column", column, passageName(at))
				}
			}
		}
		if err := v.peoplesWord(where, p, row); err != nil {
			return err
		}
		return v.unified(where, row)
	}, p.ID)
	if err != nil || !whole || v.damaged {
		return err
	}
	for _, col := range p.Columns() {
		for _, at := range slices.SortedFunc(maps.Keys(stands[col.Key]), byPlace) {
			if n := stands[col.Key][at]; n != 1 {
				v.repairable("project/"+p.ID, "%s 列的 %s 出现在 %d 个条目中，应为 1 个：请在对照页移到一个条目", "%s: %s stands in %d rows and not in one: move it on the workbench", col.Key, passageName(at), n)
			}
		}
	}
	return nil
}

func byPlace(a, b editor.Passage) int {
	if c := strings.Compare(a.Clause, b.Clause); c != 0 {
		return c
	}
	return a.Paragraph - b.Paragraph
}

func (v *verifier) unified(where string, row Row) error {
	u := row.Unified
	if u == nil {
		return nil
	}
	v.person(where, u.By, u.With)
	if u.Hash != unifiedHash(u.Title, u.Text) {
		v.fault(where, "统一条款与其散列不符：请从备份恢复", "The unified clause is not what its hash says: restore a backup")
	}
	for _, s := range u.Sources {
		v.person(where, s.By)
		if s.From == (Ref{}) {
			continue
		}
		if err := v.ref(where, s.From); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) positions() error {
	return each(v, positions, func(key string, s Position) error {
		where := "position/" + keyName([]byte(key))
		v.person(where, s.Member)
		if !strings.HasPrefix(key, s.Project+"\x00"+s.Row+"\x00") {
			v.fault(where, "记录里写的是 %s/%s：请从备份恢复", "The record says that it is on %s/%s: restore a backup", s.Project, s.Row)
		}
		if err := v.row(where, s.Project, s.Row); err != nil {
			return err
		}
		if s.Meeting != "" {
			if _, held, _, err := look(v, meetings, s.Project, s.Meeting); err != nil {
				return err
			} else if !held {
				v.fault(where, "没有会议 %s，而立场记着是在会上记录的：请从备份恢复", "There is no meeting %s in which it was recorded: restore a backup", s.Meeting)
			}
		}
		if p, _, whole, err := look(v, projects, s.Project); err != nil {
			return err
		} else if whole && !p.Takes(s.Region) {
			v.fault(where, "地区 %s 不参加项目", "Region %s takes no part in the project", s.Region)
		}
		return nil
	})
}

func (v *verifier) row(where, project, row string) error {
	_, found, _, err := look(v, rowTable, project, row)
	if err == nil && !found {
		v.fault(where, "条目 %s/%s 不存在：请从备份恢复", "Row %s/%s is not there: restore a backup", project, row)
	}
	return err
}
