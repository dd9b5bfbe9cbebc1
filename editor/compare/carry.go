package compare

import (
	"fmt"
	"strings"

	"tongbiao/editor"
)

// CarryIDs gives the clauses of a newer text of a standard the IDs of their
// counterparts in an older one, so that a clause keeps its identity over
// imports. A clause without counterpart gets an ID that the older text does not
// use for another clause. Links to clauses within the new text follow. It
// reports how many clauses have counterparts.
func CarryIDs(old, new *editor.Document) int {
	m := match(old, new)
	taken := map[string]bool{}
	for _, c := range m.old {
		taken[c.clause.ID] = true
	}
	renamed := map[string]string{}
	carried := 0
	for j, c := range m.new {
		if i := m.ofNew[j]; i >= 0 {
			carried++
			if id := m.old[i].clause.ID; id != "" && id != c.clause.ID {
				renamed[c.clause.ID] = id
				c.clause.ID = id
			}
			continue
		}
		if id := c.clause.ID; taken[id] {
			fresh := id
			for n := 2; taken[fresh]; n++ {
				fresh = fmt.Sprintf("%s-%d", id, n)
			}
			renamed[id] = fresh
			c.clause.ID = fresh
		}
		taken[c.clause.ID] = true
	}
	if len(renamed) == 0 {
		return carried
	}
	for _, c := range m.new {
		c.clause.Text = relink(c.clause.Text, renamed)
	}
	return carried
}

// relink gives links to clauses their new IDs.
func relink(text string, renamed map[string]string) string {
	if !strings.Contains(text, "](#") {
		return text
	}
	var b strings.Builder
	for {
		at := strings.Index(text, "](#")
		if at < 0 {
			break
		}
		at += len("](#")
		b.WriteString(text[:at])
		text = text[at:]
		end := strings.IndexByte(text, ')')
		if end < 0 {
			break
		}
		id := text[:end]
		if now, ok := renamed[id]; ok {
			id = now
		}
		b.WriteString(id)
		text = text[end:]
	}
	b.WriteString(text)
	return b.String()
}
