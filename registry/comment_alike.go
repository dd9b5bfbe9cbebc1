package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Alike is the machine's proposal to answer comments together. A person confirms
// it: Gather.
type Alike struct {
	Head   string   // Comment.ID of the oldest
	Others []string // Comment.IDs
	Reason string   // Chinese, then English
}

// Bounds of the search for comments that say the same.
const (
	// alikeComments is how much of their pairs of characters two comments on one
	// clause share from which on they are proposed as duplicates. Measured in
	// TestAlikeThreshold.
	alikeComments = 0.6
	alikeMost     = 400 // comments on one clause that are compared
	alikeRunes    = 600 // characters of one comment that are compared
)

// AlikeComments proposes which unanswered comments on a standard say the same:
// on one clause, of the same words once punctuation is left aside, or of words
// that are much alike. What is gathered already is not proposed again.
func (r *Registry) AlikeComments(actor Member, standard string) ([]Alike, error) {
	t, err := r.CommentTable(actor, standard, CommentFilter{Inside: "common", State: StateUnanswered})
	if err != nil {
		return nil, err
	}
	return alike(t.Rows), nil
}

func alike(rows []CommentRow) (out []Alike) {
	byClause := map[string][]CommentRow{}
	var order []string
	for _, row := range rows {
		if row.Gathered != "" {
			continue
		}
		at := cmp.Or(row.Anchor.Clause, row.On.Clause)
		if byClause[at] == nil {
			order = append(order, at)
		}
		byClause[at] = append(byClause[at], row)
	}
	for _, at := range order {
		list := byClause[at]
		slices.SortFunc(list, func(a, b CommentRow) int { return cmp.Compare(a.key(), b.key()) })
		out = append(out, alikeOn(list[:min(len(list), alikeMost)])...)
	}
	return out
}

// alikeOn groups the comments on one clause around the oldest of each group.
func alikeOn(list []CommentRow) (out []Alike) {
	said := make([]string, len(list))
	pairs := make([]pairSet, len(list))
	for i, row := range list {
		said[i] = bare(row.Body) + "\n" + bare(row.Proposed)
		pairs[i] = pairsOf(said[i])
	}
	taken := make([]bool, len(list))
	for i := range list {
		if taken[i] {
			continue
		}
		g := Alike{Head: list[i].ID}
		same, least := true, 1.0
		for k := i + 1; k < len(list); k++ {
			if taken[k] || len(list[k].With) > 0 {
				continue
			}
			near := 1.0
			if said[i] != said[k] {
				near, _ = likeness(pairs[i], pairs[k])
				if near < alikeComments || opposite(said[i], said[k]) {
					continue
				}
				same = false
			}
			taken[k], least = true, min(least, near)
			g.Others = append(g.Others, list[k].ID)
		}
		if len(g.Others) == 0 {
			continue
		}
		g.Reason = "同一条文，字句相同。 The same clause and the same words."
		if !same {
			g.Reason = fmt.Sprintf("同一条文，字句相近（至少 %.0f%%）。 The same clause and words much alike (at least %.0f %%).", least*100, least*100)
		}
		out = append(out, g)
	}
	return out
}

// bare are the letters and digits of a text: what is left when punctuation and
// white space are set aside.
func bare(s string) string {
	n := 0
	return strings.Map(func(r rune) rune {
		if n >= alikeRunes || !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			return -1
		}
		n++
		return unicode.ToLower(r)
	}, s)
}

// opposite tells whether two texts want other figures, or one of them does not
// want what the other does: they are no duplicates however alike their words.
func opposite(a, b string) bool {
	digits := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsNumber(r) || strings.ContainsRune("一二三四五六七八九十百两", r) {
				return r
			}
			return -1
		}, s)
	}
	if digits(a) != digits(b) {
		return true
	}
	for _, w := range []string{"不", "删除", "增加", "无需"} {
		if strings.Contains(a, w) != strings.Contains(b, w) {
			return true
		}
	}
	return false
}
