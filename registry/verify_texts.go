package registry

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"tongbiao/editor"
)

// revisions checks every text that is named, and what its revision says of it.
func (v *verifier) revisions() error {
	v.named = map[string]bool{}
	var before Revision
	return each(v, revisions, func(key string, rev Revision) error {
		where := "revision/" + rev.Ref().String()
		if key != rev.Standard+"\x00"+seq(uint64(rev.Number)) {
			v.fault("revision/"+keyName([]byte(key)), "记录里写的是 %s：请从备份恢复", "The record says that it is %s: restore a backup", rev.Ref())
		}
		if rev.Standard != before.Standard {
			before = Revision{}
			if _, found, _, err := look(v, standards, rev.Standard); err != nil {
				return err
			} else if !found {
				v.fault(where, "没有这项标准的记录：请从备份恢复", "Its standard has no record: restore a backup")
			}
		}
		if rev.Number != before.Number+1 && !v.damaged {
			v.fault(where, "它前面缺第 %d 版：请从备份恢复", "Revision %d before it is missing: restore a backup", before.Number+1)
		}
		if rev.Parent < 0 || rev.Parent >= rev.Number {
			v.fault(where, "它所依据的第 %d 版不在它之前", "Revision %d, which it was made from, does not come before it", rev.Parent)
		}
		before = rev
		v.named[rev.Text] = true
		v.person(where, rev.Author)
		for _, p := range rev.Parts {
			v.person(where, p.Author)
		}
		return v.text(where, rev)
	})
}

func (v *verifier) text(where string, rev Revision) error {
	source, err := getText(v.tx, rev.Text)
	var d *Damaged
	switch {
	case errors.As(err, &d):
		return nil // reported as a record
	case err != nil:
		v.fault(where, "正文 %s 不对（%v）：请从备份恢复", "Its text %s is not right (%v): restore a backup", rev.Text, err)
		return nil
	}
	doc, _, err := editor.Parse(source)
	if err != nil {
		v.fault(where, "正文读不懂（%v）：请从备份恢复", "Its text cannot be parsed (%v): restore a backup", err)
		return nil
	}
	derived := func(tx Tx) error {
		rev.Clauses, rev.Content, rev.Header = marks(doc), contentOf(doc), doc.Header
		return revisions.put(tx, rev, rev.Standard, seq(uint64(rev.Number)))
	}
	if !slices.Equal(marks(doc), rev.Clauses) {
		v.mendable(derived, where, "登记的条款与正文不符", "The clauses on record are not those of the text")
	}
	if doc.Header.Title != rev.Header.Title || !slices.Equal(doc.Header.Numbers, rev.Header.Numbers) {
		v.mendable(derived, where, "登记的名称或编号与正文不符", "The title or number on record is not that of the text")
	}
	if contentOf(doc) != rev.Content {
		v.mendable(derived, where, "登记的内容散列与正文不符", "The hash of the content on record is not that of the text")
	}
	return nil
}

// standards checks what a standard says of its revisions.
func (v *verifier) standards() error {
	return each(v, standards, func(key string, s Standard) error {
		where := "standard/" + key
		if s.ID != key {
			v.fault(where, "记录里写的是 %s：请从备份恢复", "The record says that it is %s: restore a backup", s.ID)
		}
		held := 0
		if err := each(v, revisions, func(string, Revision) error { held++; return nil }, key); err != nil {
			return err
		}
		if held != s.Revisions && !v.damaged {
			v.fault(where, "登记有 %d 个版本，实有 %d 个：请从备份恢复", "%d revisions are on record and %d are held: restore a backup", s.Revisions, held)
		}
		current, found, whole, err := look(v, revisions, key, seq(uint64(s.Current)))
		switch {
		case err != nil:
			return err
		case !found:
			v.fault(where, "没有现行的第 %d 版：请从备份恢复", "Revision %d, the current one, is missing: restore a backup", s.Current)
		case whole && (len(current.Clauses) != s.Clauses || !reflect.DeepEqual(current.Header, s.Header)):
			v.mendable(func(tx Tx) error {
				current, err := revisions.get(tx, key, seq(uint64(s.Current)))
				if err != nil {
					return err
				}
				s.Clauses, s.Header = len(current.Clauses), current.Header
				return standards.put(tx, s, key)
			}, where, "登记的内容与现行的第 %d 版不符", "What is on record is not that of revision %d, the current one", s.Current)
		}
		return nil
	})
}

// texts finds those that no revision names. Where a record is damaged it may be
// the one that does.
func (v *verifier) texts() error {
	if v.damaged {
		return nil
	}
	return v.scan(texts.key(), after(texts.key()), func(key, _ []byte) error {
		if hash := string(key[len(texts.key()):]); !v.named[hash] {
			v.mendable(discard(key), "text/"+hash, "没有版本用到这份正文", "No revision names this text")
		}
		return nil
	})
}

// ref reports a place that is not there: a revision, or a clause of it.
func (v *verifier) ref(where string, ref Ref) error {
	rev, found, whole, err := look(v, revisions, ref.Standard, seq(uint64(ref.Revision)))
	if err != nil {
		return err
	}
	held := !whole || ref.Clause == "" || slices.ContainsFunc(rev.Clauses, func(m ClauseMark) bool { return m.ID == ref.Clause })
	if !found || !held {
		v.fault(where, "所指的 %s 不存在：请从备份恢复", "It points at %s, which is not there: restore a backup", ref)
	}
	return nil
}

// document reads the text of a revision; nil where it cannot be had, which is
// reported with the revision.
func (v *verifier) document(ref Ref) *editor.Document {
	t, err := textAt(v.tx, ref)
	if err != nil {
		return nil
	}
	return t.Document
}

// passagesOf counts the passages of a text.
func passagesOf(doc *editor.Document) map[editor.Passage]int {
	stands := map[editor.Passage]int{}
	for c := range doc.All() {
		for k := range c.Passages() {
			stands[editor.Passage{Clause: c.ID, Paragraph: k + 1}] = 0
		}
	}
	return stands
}

func passageName(at editor.Passage) string {
	if at.Entry > 0 {
		return fmt.Sprintf("%s:%d.%d", at.Clause, at.Paragraph, at.Entry)
	}
	return fmt.Sprintf("%s:%d", at.Clause, at.Paragraph)
}
