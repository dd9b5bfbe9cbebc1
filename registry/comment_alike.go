package registry

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Alike is the machine's proposal to answer comments together. A person confirms
// it: Gather.
type Alike struct {
	Head   string   // Comment.ID of the oldest
	Others []string // Comment.IDs
	Seen   []Seen   // Head and Others, as they were when it was proposed
	Reason string   // Chinese, then English
}

// Bounds of the search for comments that say the same.
const (
	// alikeComments is how much of their pairs of characters two comments on one
	// clause share from which on they are proposed as duplicates. Measured in
	// TestAlikeThreshold.
	alikeComments = 0.55
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
		said[i] = wish(row.Body, row.Proposed)
		pairs[i] = pairsOf(said[i])
	}
	taken := make([]bool, len(list))
	for i := range list {
		if taken[i] {
			continue
		}
		g := Alike{Head: list[i].ID, Seen: []Seen{{list[i].ID, list[i].Version}}}
		same, least := true, 1.0
		for k := i + 1; k < len(list); k++ {
			if taken[k] || len(list[k].With) > 0 {
				continue
			}
			near := 1.0
			if said[i] != said[k] {
				if near = sameness(said[i], said[k], pairs[i], pairs[k]); near < alikeComments {
					continue
				}
				same = false
			}
			taken[k], least = true, min(least, near)
			g.Others = append(g.Others, list[k].ID)
			g.Seen = append(g.Seen, Seen{list[k].ID, list[k].Version})
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

// sameness is how much of their pairs of characters two comments share, 0 where
// they want the opposite or other figures.
func sameness(a, b string, x, y pairSet) float64 {
	if opposite(a, b) {
		return 0
	}
	near, _ := likeness(x, y)
	return near
}

// wish is what a comment asks for, without punctuation and polite words.
func wish(body, proposed string) string {
	return polite.Replace(bare(body)) + "\n" + bare(proposed)
}

var polite = strings.NewReplacer("建议", "", "请", "", "谢谢", "")

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

// opposite tells whether two texts want other figures or another region's rule, or
// one of them does not want what the other does: they are no duplicates however
// alike their words.
func opposite(a, b string) bool {
	if !slices.Equal(figure.FindAllString(a, -1), figure.FindAllString(b, -1)) {
		return true
	}
	for _, w := range telling {
		if strings.Contains(a, w) != strings.Contains(b, w) {
			return true
		}
	}
	return false
}

// figure is a number in digits, or in characters where something is counted.
var figure = regexp.MustCompile(`[0-9]+|[一二三四五六七八九十百两]+(?:年|个?月|个?工作日|日|天|小?时|分钟|次|倍|成)`)

// telling words change what a comment wants wherever they stand.
var telling = []string{
	"不", "无需", "删除", "取消", "保留", "增加", "禁止", "允许", "缩短", "延长", "放宽", "收紧", "提高", "降低", "反对",
	"国家", "上海", "江苏", "浙江", "安徽", "省级", "市级",
}
