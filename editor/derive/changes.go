package derive

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// item is a main technical change as the foreword lists it.
type item struct {
	text     string
	new, old []string // IDs of the clauses of today, and how the old edition's are cited there: 2021年版的7.1
}

// saidIn tells whether a list speaks of the change already.
func (it item) saidIn(list string) bool {
	for _, id := range it.new {
		if strings.Contains(list, "(#"+id+")") {
			return true
		}
	}
	if len(it.new) > 0 {
		return false
	}
	for _, at := range it.old {
		for rest := list; ; {
			i := strings.Index(rest, at)
			if i < 0 {
				break
			}
			rest = rest[i+len(at):]
			if rest == "" || !strings.ContainsAny(rest[:1], ".0123456789") {
				return true
			}
		}
	}
	return false
}

// editorial is the share of a clause's characters up to which a change without a
// changed requirement counts as editorial.
const editorial = 0.15

// changeWriter says changes in the words of a foreword.
type changeWriter struct {
	edition  string // 2021年版的
	was      map[string]string
	within   map[*editor.Clause]*editor.Clause // the clause above, in either text
	reported map[*editor.Clause]bool           // added or removed as a whole
}

// changesOf drafts the list of main technical changes from the comparison of two
// editions: what was added, removed, divided, joined, and each requirement that
// changed, with its places (见…，2021年版的…).
func changesOf(old, new *editor.Document) []item {
	w := changeWriter{was: old.Citations(), within: map[*editor.Clause]*editor.Clause{}, reported: map[*editor.Clause]bool{}}
	if y := yearOf(old.Header); y != "" {
		w.edition = y + "年版的"
	} else {
		w.edition = "上一版的"
	}
	for _, d := range []*editor.Document{old, new} {
		for c := range d.All() {
			for _, sub := range c.Clauses {
				w.within[sub] = c
			}
		}
	}
	var out []item
	for _, ch := range compare.Revisions(old, new).Clauses {
		if it, ok := w.item(ch); ok {
			out = append(out, it)
		}
	}
	return out
}

func (w *changeWriter) item(ch compare.Change) (item, bool) {
	var it item
	for _, c := range ch.New {
		it.new = append(it.new, c.ID)
	}
	for _, c := range ch.Old {
		it.old = append(it.old, w.edition+w.was[c.ID])
	}
	all := append(append([]*editor.Clause{}, ch.New...), ch.Old...)
	for _, c := range all {
		if !w.technical(c) {
			return it, false
		}
	}
	first := all[0]
	switch ch.Kind {
	case compare.Added, compare.Removed:
		w.reported[first] = true
		if w.reported[w.within[first]] {
			return it, false
		}
		verb := "增加了"
		if ch.Kind == compare.Removed {
			verb = "删除了"
		}
		it.text = verb + w.subject(first)
	case compare.Split:
		it.text = "将" + w.name(ch.Old[0]) + "分列为" + strconv.Itoa(len(ch.New)) + "条"
	case compare.Merged:
		it.text = "将" + strconv.Itoa(len(ch.Old)) + "条合并为" + w.name(ch.New[0])
	case compare.Rewritten:
		if it.text = w.rewritten(ch); it.text == "" {
			return it, false
		}
	default:
		return it, false
	}
	it.text += "（见" + strings.Join(w.places(it), "，") + "）"
	return it, true
}

func (w *changeWriter) places(it item) []string {
	var out []string
	if len(it.new) > 0 {
		out = append(out, "[](#"+strings.Join(it.new, ")、[](#")+")")
	}
	if len(it.old) > 0 {
		was := it.old[0]
		for _, o := range it.old[1:] {
			was += "、" + strings.TrimPrefix(o, w.edition)
		}
		out = append(out, was)
	}
	return out
}

// technical tells whether a clause can hold a technical change.
func (w *changeWriter) technical(c *editor.Clause) bool {
	for w.within[c] != nil {
		c = w.within[c]
	}
	switch c.Kind {
	case editor.Chapter, editor.Annex, editor.Part, editor.Article, editor.Section:
		return c.Title != "规范性引用文件"
	}
	return false
}

// name is what a clause is about: its title, or that of the clause above it.
func (w *changeWriter) name(c *editor.Clause) string {
	for k := c; k != nil; k = w.within[k] {
		if k.Title != "" {
			return "“" + k.Title + "”"
		}
	}
	return "有关条款"
}

func (w *changeWriter) subject(c *editor.Clause) string {
	switch {
	case c.Kind == editor.Term:
		return "术语" + w.name(c)
	case c.Kind == editor.Annex:
		return "附录" + w.name(c)
	case c.Kind == editor.Chapter:
		return w.name(c) + "一章"
	}
	return w.name(c) + "的规定"
}

// rewritten says which requirement of a clause changed; "" for an editorial
// change.
func (w *changeWriter) rewritten(ch compare.Change) string {
	name := w.name(ch.New[0])
	var said []string
	for _, d := range ch.Differences {
		if len(d.Texts) != 2 {
			continue
		}
		a, b := d.Texts[0], d.Texts[1]
		kind := "的要求"
		if d.Kind == compare.Modality {
			kind = "的条款类型"
		}
		switch {
		case a != "" && b != "" && a != b && short(a) && short(b):
			said = append(said, "由“"+a+"”改为“"+b+"”")
		case a == "" && b != "" && short(b):
			said = append(said, "增加了“"+b+"”")
		case a != "" && b == "" && short(a):
			said = append(said, "删除了“"+a+"”")
		}
		if len(said) == 1 {
			name += kind
		}
	}
	if len(said) > 0 {
		return "更改了" + name + "，" + strings.Join(said, "，")
	}
	if len(ch.Differences) > 0 {
		return "更改了" + name + "的要求"
	}
	if changed := changedShare(ch.Edits); changed <= editorial {
		return ""
	}
	if ch.New[0].Kind == editor.Term {
		return "更改了术语" + name + "的定义"
	}
	return "更改了" + name + "的规定"
}

// short tells whether words can be quoted in a list.
func short(s string) bool { return utf8.RuneCountInString(s) <= 40 && !strings.Contains(s, "\n") }

func changedShare(list []compare.Edit) float64 {
	changed, all := 0, 0
	for _, e := range list {
		n := utf8.RuneCountInString(e.Text)
		all += n
		if e.Op != compare.Equal {
			changed += n
		}
	}
	return float64(changed) / float64(max(all, 1))
}
