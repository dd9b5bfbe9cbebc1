package compare

import (
	"cmp"
	"fmt"
	"slices"

	"tongbiao/editor"
)

// ChangeKind says what became of a clause between two texts of one standard.
type ChangeKind string

const (
	Unchanged ChangeKind = "unchanged"
	Rewritten ChangeKind = "reworded"
	Moved     ChangeKind = "moved" // the same words elsewhere
	Added     ChangeKind = "added"
	Removed   ChangeKind = "removed"
	Split     ChangeKind = "split"  // one clause became several
	Merged    ChangeKind = "merged" // several became one
)

// Zh names the kind in Chinese.
func (k ChangeKind) Zh() string {
	switch k {
	case Unchanged:
		return "未改"
	case Rewritten:
		return "修改"
	case Moved:
		return "移动"
	case Added:
		return "新增"
	case Removed:
		return "删除"
	case Split:
		return "拆分"
	}
	return "合并"
}

// Change is what became of a clause. Old and New are the clauses concerned: one
// each, none where something was added or removed, several where clauses were
// split or merged. They belong to the documents that were compared.
type Change struct {
	Kind        ChangeKind       `json:"kind"`
	Old         []*editor.Clause `json:"old,omitempty"`
	New         []*editor.Clause `json:"new,omitempty"`
	Elsewhere   bool             `json:"elsewhere,omitempty"`   // stands in another order or under another heading than before
	Title       []Edit           `json:"title,omitempty"`       // where the title changed
	Edits       []Edit           `json:"edits,omitempty"`       // of the text, where it changed
	Differences []Difference     `json:"differences,omitempty"` // changed requirements; column 0 is the old text
}

// Changes are the changes between two texts, in the order of the new one;
// removed clauses stand after the clause that they stood after.
type Changes struct {
	Clauses []Change `json:"clauses"`
}

// Count is how many changes are of the kind.
func (c Changes) Count(kind ChangeKind) int {
	n := 0
	for _, x := range c.Clauses {
		if x.Kind == kind {
			n++
		}
	}
	return n
}

// Summary says in Chinese which requirements changed, clause by clause.
func (c Changes) Summary() []string {
	var out []string
	for _, x := range c.Clauses {
		switch x.Kind {
		case Added:
			out = append(out, "新增 "+nameOf(x.New[0]))
		case Removed:
			out = append(out, "删除 "+nameOf(x.Old[0]))
		case Split:
			out = append(out, fmt.Sprintf("%s 拆为 %d 条", nameOf(x.Old[0]), len(x.New)))
		case Merged:
			out = append(out, fmt.Sprintf("%d 条合为 %s", len(x.Old), nameOf(x.New[0])))
		}
		for _, d := range x.Differences {
			if d.Kind == Quantity || d.Kind == Modality {
				out = append(out, nameOf(x.New[0])+"："+d.Summary)
			}
		}
	}
	return out
}

func nameOf(c *editor.Clause) string {
	name := c.Number
	if c.Title != "" {
		if name != "" {
			name += " "
		}
		name += c.Title
	}
	return cmp.Or(name, clip(opening(plain(c.Text)), 16), c.ID)
}

// Revisions says what became of each clause of an older text of a standard in a
// newer one. Clauses are recognised by their words, and by their IDs where their
// words leave a doubt; a new number alone is no change.
func Revisions(old, new *editor.Document) Changes {
	m := match(old, new)
	elsewhere := m.elsewhere()
	var list []Change
	removed := func(i int) { // what is gone from place i on
		for ; i < len(m.old) && m.ofOld[i] < 0; i++ {
			list = append(list, Change{Kind: Removed, Old: []*editor.Clause{m.old[i].clause}})
		}
	}
	removed(0)
	for j, c := range m.new {
		i := m.ofNew[j]
		if i < 0 {
			list = append(list, Change{Kind: Added, New: []*editor.Clause{c.clause}})
			continue
		}
		list = append(list, change(m.old[i].clause, c.clause, elsewhere[j]))
		removed(i + 1)
	}
	return Changes{joinSplits(list)}
}

func change(old, new *editor.Clause, elsewhere bool) Change {
	c := Change{Kind: Rewritten, Old: []*editor.Clause{old}, New: []*editor.Clause{new}, Elsewhere: elsewhere}
	if old.Title != new.Title || old.English != new.English {
		c.Title = Words(join(old.Title, old.English), join(new.Title, new.English))
	}
	if old.Text != new.Text {
		c.Edits = Words(old.Text, new.Text)
		c.Differences = requirements(old.Text, new.Text)
	}
	if c.Title == nil && c.Edits == nil && old.Kind == new.Kind && old.Informative == new.Informative {
		c.Kind = Unchanged
		if elsewhere {
			c.Kind = Moved
		}
	}
	return c
}

// OneClause says what became of a clause whose place in both texts is known; nil
// where a text does not have it. Its order among the others is not looked at.
func OneClause(old, new *editor.Clause) Change {
	switch {
	case old == nil && new == nil:
		return Change{Kind: Unchanged}
	case old == nil:
		return Change{Kind: Added, New: []*editor.Clause{new}}
	case new == nil:
		return Change{Kind: Removed, Old: []*editor.Clause{old}}
	}
	return change(old, new, false)
}

func join(title, english string) string {
	if english == "" {
		return title
	}
	return title + " " + english
}

// requirements are the quantities and modal words that changed.
func requirements(old, new string) []Difference {
	_, all := Differ([]Cell{{Label: "原", Passages: []string{old}}, {Label: "新", Passages: []string{new}}})
	return slices.DeleteFunc(all, func(d Difference) bool { return d.Kind != Quantity && d.Kind != Modality })
}

// elsewhere marks the new clauses that left their order or their heading: those
// outside of the longest run of counterparts that kept its order.
func (m *counterparts) elsewhere() []bool {
	out := make([]bool, len(m.new))
	var seq []int // new clauses with counterparts
	for j := range m.new {
		if m.ofNew[j] >= 0 {
			seq = append(seq, j)
		}
	}
	kept := longestAscending(seq, func(j int) int { return m.ofNew[j] })
	for _, j := range seq {
		out[j] = true
	}
	for _, j := range kept {
		out[j] = m.otherParent(j)
	}
	return out
}

// otherParent reports whether the heading above a clause is another one.
func (m *counterparts) otherParent(j int) bool {
	p, q := m.old[m.ofNew[j]].parent, m.new[j].parent
	if p < 0 || q < 0 {
		return p != q
	}
	return m.ofOld[p] >= 0 && m.ofOld[p] != q
}

// longestAscending is a longest subsequence whose values ascend.
func longestAscending(seq []int, value func(int) int) []int {
	tails := []int{} // positions in seq
	before := make([]int, len(seq))
	for k, x := range seq {
		at, _ := slices.BinarySearchFunc(tails, value(x), func(t, v int) int { return cmp.Compare(value(seq[t]), v) })
		before[k] = -1
		if at > 0 {
			before[k] = tails[at-1]
		}
		if at == len(tails) {
			tails = append(tails, k)
		} else {
			tails[at] = k
		}
	}
	var out []int
	if len(tails) > 0 {
		for k := tails[len(tails)-1]; k >= 0; k = before[k] {
			out = append(out, seq[k])
		}
	}
	slices.Reverse(out)
	return out
}

// joinSplits turns a reworded clause and an added one beside it into a split
// where the two together are what the old clause was, and a reworded clause and
// a removed one into a merge.
func joinSplits(list []Change) []Change {
	for i := 0; i < len(list); i++ {
		if list[i].Kind != Rewritten {
			continue
		}
		for _, k := range []int{i + 1, i - 1} {
			if k < 0 || k >= len(list) {
				continue
			}
			joined, ok := splitOrMerge(list[i], list[k], k > i)
			if !ok {
				continue
			}
			at := min(i, k)
			list[at] = joined
			list = slices.Delete(list, at+1, at+2)
			i = at - 1
			break
		}
	}
	return list
}

func splitOrMerge(c, beside Change, after bool) (Change, bool) {
	one, parts, more := c.Old[0], c.New, beside.New
	kind := Split
	switch beside.Kind {
	case Added:
	case Removed:
		one, parts, more, kind = c.New[0], c.Old, beside.Old, Merged
	default:
		return Change{}, false
	}
	parts = slices.Concat(parts, more)
	if !after {
		parts = slices.Concat(more, c.New)
		if kind == Merged {
			parts = slices.Concat(more, c.Old)
		}
	}
	a, b := clauseText(one), ""
	for _, p := range parts {
		b += clauseText(p) + "\n"
	}
	whole, part := pairSet(wordsOnly.symbols(a)), pairSet(wordsOnly.symbols(clauseText(c.New[0])))
	if kind == Merged {
		part = pairSet(wordsOnly.symbols(clauseText(c.Old[0])))
	}
	if s := setLikeness(whole, pairSet(wordsOnly.symbols(b))); s < evident || s < setLikeness(whole, part)+0.1 {
		return Change{}, false
	}
	if kind == Split {
		return Change{Kind: Split, Old: []*editor.Clause{one}, New: parts, Edits: Words(a, b), Differences: requirements(a, b)}, true
	}
	return Change{Kind: Merged, Old: parts, New: []*editor.Clause{one}, Edits: Words(b, a), Differences: requirements(b, a)}, true
}

func clauseText(c *editor.Clause) string {
	if c.Title == "" {
		return c.Text
	}
	return c.Title + "\n" + c.Text
}
