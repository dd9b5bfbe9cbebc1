package compare

import (
	"fmt"
	"reflect"
	"strconv"

	"tongbiao/editor"
)

// Conflict is a clause that both sides changed, or that one side changed and
// the other removed. A nil text means that the clause is not there. The merged
// document holds Ours where there is one, otherwise Theirs.
type Conflict struct {
	ID    string `json:"id"`              // of the clause; "" for the front matter
	Field string `json:"field,omitempty"` // of the front matter; the texts are its values

	Base   *editor.Clause `json:"base,omitempty"`
	Ours   *editor.Clause `json:"ours,omitempty"`
	Theirs *editor.Clause `json:"theirs,omitempty"`
}

// Merge brings two edits of one text together, clause by clause: clauses are
// known by their IDs, what one side changed is taken, and different clauses never
// conflict. Where both changed one clause, sentences that stand apart are taken
// from each (Apart); otherwise the conflict holds all three texts. No sentence of
// either side is lost: it is in the merged document or in a conflict. The
// documents given are not changed.
func Merge(base, ours, theirs *editor.Document) (merged *editor.Document, conflicts []Conflict) {
	m := &merger3{base: layOut(base), ours: layOut(ours), theirs: layOut(theirs)}
	merged = &editor.Document{}
	merged.Header, m.conflicts = mergeHeaders(base.Header, ours.Header, theirs.Header)
	m.mergeContents()
	m.mergePlaces()
	merged.Clauses = m.build("")
	merged.Renumber()
	return merged, m.conflicts
}

// layout is a document as a list of clauses with the clauses that they stand
// under. Clauses are named by ID; a second clause of one ID by ID and count.
type layout struct {
	order   []string
	clauses map[string]*editor.Clause
	parent  map[string]string // "" at the top
	below   map[string][]string
}

func layOut(d *editor.Document) *layout {
	l := &layout{clauses: map[string]*editor.Clause{}, parent: map[string]string{}, below: map[string][]string{}}
	var walk func(cs []*editor.Clause, parent string)
	walk = func(cs []*editor.Clause, parent string) {
		for _, c := range cs {
			key := c.ID
			for n := 2; l.clauses[key] != nil || key == ""; n++ {
				key = c.ID + "\x00" + strconv.Itoa(n)
			}
			l.order = append(l.order, key)
			l.clauses[key], l.parent[key] = c, parent
			l.below[parent] = append(l.below[parent], key)
			walk(c.Clauses, key)
		}
	}
	walk(d.Clauses, "")
	return l
}

func (l *layout) has(key string) bool { return l.clauses[key] != nil }

type merger3 struct {
	base, ours, theirs *layout
	content            map[string]*editor.Clause
	order              []string // clauses that stay, in a fixed order
	parent             map[string]string
	below              map[string][]string
	conflicts          []Conflict
}

// mergeContents decides for each clause whether it stays and what it says.
func (m *merger3) mergeContents() {
	m.content = map[string]*editor.Clause{}
	for _, l := range []*layout{m.theirs, m.ours, m.base} {
		for _, key := range l.order {
			if _, done := m.content[key]; done {
				continue
			}
			c := m.mergeClause(key)
			m.content[key] = c
			if c != nil {
				m.order = append(m.order, key)
			}
		}
	}
	for i := 0; i < len(m.order); i++ { // what stays keeps the headings above it
		for _, l := range []*layout{m.ours, m.theirs} {
			if p := l.parent[m.order[i]]; p != "" && m.content[p] == nil && l.has(m.order[i]) {
				m.content[p] = l.clauses[p]
				m.order = append(m.order, p)
			}
		}
	}
}

// mergeClause gives what a clause says after the merge, nil when it goes.
func (m *merger3) mergeClause(key string) *editor.Clause {
	b, o, t := m.base.clauses[key], m.ours.clauses[key], m.theirs.clauses[key]
	switch {
	case sameContent(o, t):
		return o
	case sameContent(b, o):
		return t
	case sameContent(b, t):
		return o
	}
	if both := weaveClause(b, o, t); both != nil {
		return both
	}
	m.conflicts = append(m.conflicts, Conflict{ID: idOf(b, o, t), Base: alone(b), Ours: alone(o), Theirs: alone(t)})
	if o != nil {
		return o
	}
	return t
}

// weaveClause takes what each side changed of a clause; nil where a person has to
// choose.
func weaveClause(b, o, t *editor.Clause) *editor.Clause {
	if b == nil || o == nil || t == nil {
		return nil
	}
	c, fits := alone(o), true
	c.Kind = either(b.Kind, o.Kind, t.Kind, &fits)
	c.Title = either(b.Title, o.Title, t.Title, &fits)
	c.English = either(b.English, o.English, t.English, &fits)
	c.Informative = either(b.Informative, o.Informative, t.Informative, &fits)
	c.Fixed = either(b.Fixed, o.Fixed, t.Fixed, &fits)
	if !fits {
		return nil
	}
	switch b.Text {
	case o.Text:
		c.Text = t.Text
	case t.Text:
	default:
		pieces := Weave(b.Text, o.Text, t.Text)
		if !Apart(pieces) {
			return nil
		}
		c.Text = WovenText(pieces, nil)
	}
	return c
}

// either is what the side that changed a value made of it; where both made
// something else of it the clause does not fit.
func either[T comparable](base, ours, theirs T, fits *bool) T {
	switch {
	case ours == theirs, theirs == base:
		return ours
	case ours != base:
		*fits = false
	}
	return theirs
}

func idOf(clauses ...*editor.Clause) string {
	for _, c := range clauses {
		if c != nil {
			return c.ID
		}
	}
	return ""
}

// sameContent compares what clauses say themselves, without those below them.
func sameContent(a, b *editor.Clause) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Kind == b.Kind && a.Title == b.Title && a.English == b.English &&
		a.Informative == b.Informative && a.Fixed == b.Fixed && a.Text == b.Text
}

// alone copies a clause without those below it.
func alone(c *editor.Clause) *editor.Clause {
	if c == nil {
		return nil
	}
	d := *c
	d.Clauses = nil
	return &d
}

// mergePlaces decides under which heading each clause stands and in which order.
func (m *merger3) mergePlaces() {
	m.parent = map[string]string{}
	for _, key := range m.order {
		p := m.mergeParent(key)
		if m.content[p] == nil {
			p = ""
		}
		m.parent[key] = p
	}
	for _, key := range m.order { // both sides may have put two clauses under each other
		seen := map[string]bool{}
		for at := key; at != ""; at = m.parent[at] {
			if seen[at] {
				m.parent[at] = ""
				break
			}
			seen[at] = true
		}
	}
	m.below = map[string][]string{}
	children := map[string][]string{}
	for _, key := range m.order {
		children[m.parent[key]] = append(children[m.parent[key]], key)
	}
	for p, keys := range children {
		m.below[p] = m.mergeOrder(p, keys)
	}
}

func (m *merger3) mergeParent(key string) string {
	b, o, t := m.base, m.ours, m.theirs
	switch {
	case !o.has(key):
		return t.parent[key]
	case !t.has(key):
		return o.parent[key]
	case b.has(key) && o.parent[key] == b.parent[key]:
		return t.parent[key]
	}
	return o.parent[key]
}

// mergeOrder orders the clauses under a heading as the side that reordered them
// does, theirs when neither did; what only the other side has stands after the
// clause that it stood after there.
func (m *merger3) mergeOrder(parent string, keys []string) []string {
	lead, other := m.theirs, m.ours
	if m.reordered(parent, m.ours) && !m.reordered(parent, m.theirs) {
		lead, other = m.ours, m.theirs
	}
	stays := map[string]bool{}
	for _, k := range keys {
		stays[k] = true
	}
	next := map[string]string{} // a list that begins and ends with "": no clause has this key
	place := func(l *layout) {
		after := ""
		for _, k := range l.below[parent] {
			wait, ours := stays[k]
			if wait {
				stays[k] = false
				next[k], next[after] = next[after], k
			}
			if ours {
				after = k
			}
		}
	}
	place(lead)
	place(other)
	var out []string
	for k := next[""]; k != ""; k = next[k] {
		out = append(out, k)
	}
	for _, k := range keys { // moved here from under another heading
		if stays[k] {
			out = append(out, k)
		}
	}
	return out
}

// reordered reports whether a side changed the order of the clauses that it
// shares with the base under a heading.
func (m *merger3) reordered(parent string, side *layout) bool {
	places := map[string]int{}
	for i, k := range m.base.below[parent] {
		places[k] = i
	}
	last := -1
	for _, k := range side.below[parent] {
		at, ok := places[k]
		if !ok {
			continue
		}
		if at < last {
			return true
		}
		last = at
	}
	return false
}

// build makes the clause tree.
func (m *merger3) build(parent string) []*editor.Clause {
	var out []*editor.Clause
	for _, key := range m.below[parent] {
		c := alone(m.content[key])
		c.Clauses = m.build(key)
		out = append(out, c)
	}
	return out
}

// mergeHeaders merges front matter field by field; where both sides changed a
// field, ours is kept.
func mergeHeaders(base, ours, theirs editor.Header) (merged editor.Header, conflicts []Conflict) {
	merged = ours
	b, o, t, out := reflect.ValueOf(base), reflect.ValueOf(ours), reflect.ValueOf(theirs), reflect.ValueOf(&merged).Elem()
	for i := range b.NumField() {
		x, y, z := b.Field(i).Interface(), o.Field(i).Interface(), t.Field(i).Interface()
		switch {
		case reflect.DeepEqual(x, y):
			out.Field(i).Set(t.Field(i))
		case reflect.DeepEqual(x, z), reflect.DeepEqual(y, z):
		default:
			value := func(v any) *editor.Clause { return &editor.Clause{Text: fmt.Sprint(v)} }
			conflicts = append(conflicts, Conflict{Field: b.Type().Field(i).Name, Base: value(x), Ours: value(y), Theirs: value(z)})
		}
	}
	return merged, conflicts
}
