package registry

import (
	"path"

	"tongbiao/editor"
)

// working checks the working copies: each can be read as it was saved, and what
// it was made from is there.
func (v *verifier) working() error {
	return each(v, desks, func(key string, d desk) error {
		where := "working/" + keyName([]byte(key))
		if key != d.Member+"\x00"+d.Standard {
			v.fault(where, "记录里写的是 %s/%s：请从备份恢复", "The record says that it is %s/%s: restore a backup", d.Member, d.Standard)
		}
		v.person(where, d.Member)
		if _, err := d.source(); err != nil {
			v.fault(where, "工作稿的正文不对（%v）：请从备份恢复", "The text of the working copy is not right (%v): restore a backup", err)
		}
		if d.Base == 0 {
			return nil
		}
		return v.ref(where, Ref{Standard: d.Standard, Revision: d.Base})
	})
}

// suggestions checks that they are numbered without gaps, stand on texts that are
// there, and that what was accepted has its revision.
func (v *verifier) suggestions() error {
	var before Suggestion
	return each(v, suggestions, func(key string, s Suggestion) error {
		where := "suggestion/" + keyName([]byte(key))
		if key != s.Standard+"\x00"+seq(uint64(s.Number)) {
			v.fault(where, "记录里写的是 %s/%d：请从备份恢复", "The record says that it is %s/%d: restore a backup", s.Standard, s.Number)
		}
		if s.Standard != before.Standard {
			before = Suggestion{}
		}
		if s.Number != before.Number+1 && !v.damaged {
			v.fault(where, "它前面缺第 %d 条建议：请从备份恢复", "Suggestion %d before it is missing: restore a backup", before.Number+1)
		}
		before = s
		v.person(where, s.Author)
		for _, c := range s.Changes {
			v.person(where, c.By)
			if err := v.ref(where, Ref{Standard: s.Standard, Revision: s.Base, Clause: c.Clause}); err != nil {
				return err
			}
			if c.State != SuggestionAccepted {
				continue
			}
			if err := v.ref(where, Ref{Standard: s.Standard, Revision: c.In}); err != nil {
				return err
			}
		}
		return nil
	})
}

// figures checks that each picture is what its name says, and finds those that no
// text shows.
func (v *verifier) figures() error {
	shown := map[string]bool{}
	note := func(source []byte) {
		for _, file := range editor.FiguresIn(source) {
			shown[file] = true
		}
	}
	err := each(v, revisions, func(_ string, rev Revision) error {
		if source, err := getText(v.tx, rev.Text); err == nil {
			note(source)
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = each(v, desks, func(_ string, d desk) error {
		if source, err := d.source(); err == nil {
			note(source)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(v, figures, func(key string, f Figure) error {
		where := "figure/" + key
		v.person(where, f.Author)
		data, found, whole, err := look(v, figureData, key)
		switch {
		case err != nil:
			return err
		case !found || whole && figureName(data, path.Ext(key)) != key || f.File != key:
			v.fault(where, "图的内容不在，或与名字不符：请从备份恢复", "The picture is not there, or is not what its name says: restore a backup")
		case !shown[key] && !v.damaged:
			v.repairable(where, "没有文本用到这幅图", "No text shows this picture")
		}
		return nil
	})
}
