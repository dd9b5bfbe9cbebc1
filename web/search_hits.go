package web

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
	"tongbiao/registry/search"
)

// hitGroup is a standard with its clauses that were found.
type hitGroup struct {
	search.Hit // the first: it names the standard
	Hits       []hit
	More       string // address of the rest of the standard's clauses
	Rest       int
}

// hit is a clause that was found.
type hit struct {
	search.Hit
	Link       string
	Words      []stretch // its decisive sentence, and what there is room for around it
	Quantities []string  // of the words that are shown before others
	Points     []pointsView
}

// pointsView is a reason of a hit's place, and what it adds or takes away.
type pointsView struct{ Said, Points string }

// stretch is a run of text, marked or not.
type stretch struct {
	Text   string
	Marked bool
}

const (
	sentenceRunes = 160 // of a hit's text that are shown
	maxChips      = 5
	mostPoints    = 5 // reasons of a hit's place that are told
)

// groups puts hits under their standards, in the order of each one's best.
func groups(lang string, hits []search.Hit) []hitGroup {
	var out []hitGroup
	at := map[string]int{}
	for _, h := range hits {
		i, ok := at[h.Standard]
		if !ok {
			i = len(out)
			at[h.Standard] = i
			out = append(out, hitGroup{Hit: h})
		}
		one := hitOf(h)
		for _, r := range h.Why[:min(len(h.Why), mostPoints)] {
			said := r.Chinese()
			if lang == "en" {
				said = r.English()
			}
			one.Points = append(one.Points, pointsView{said, fmt.Sprintf("%+.1f", r.Points())})
		}
		for k := range one.Words {
			one.Words[k].Text = paragraphBreak.ReplaceAllString(one.Words[k].Text, "\n")
		}
		out[i].Hits = append(out[i].Hits, one)
	}
	return out
}

func hitOf(h search.Hit) hit {
	facts := editor.Facts(h.Text, editor.ModalityFact, editor.QuantityFact)
	from, to := decisive(h.Text, h.Marks, facts)
	out := hit{Hit: h, Link: placeOf(h.Ref), Words: excerpt(h.Text, h.Marks, from, to)}
	for _, shown := range []bool{true, false} {
		for _, f := range facts {
			if f.Kind != editor.QuantityFact {
				continue
			}
			q := f.Quantity.String()
			if (f.Start >= from && f.End <= to) == shown && len(out.Quantities) < maxChips && !slices.Contains(out.Quantities, q) {
				out.Quantities = append(out.Quantities, q)
			}
		}
	}
	return out
}

// decisive finds what of a long text is shown: the sentence with most of the words
// that were sought, of several the one that binds, or measures; then as many of its
// neighbours as there is room for.
func decisive(text string, marks [][2]int, facts []editor.Fact) (from, to int) {
	if utf8.RuneCountInString(text) <= sentenceRunes {
		return 0, len(text)
	}
	ends := sentenceEnds(text)
	best, most := 0, -1
	start := 0
	for i, end := range ends {
		score := 0
		seen := map[string]bool{}
		for _, m := range marks {
			if m[0] >= start && m[1] <= end && !seen[text[m[0]:m[1]]] {
				seen[text[m[0]:m[1]]] = true
				score += 4
			}
		}
		if score > 0 || len(marks) == 0 {
			within := func(kind editor.FactKind) bool {
				return slices.ContainsFunc(facts, func(f editor.Fact) bool { return f.Kind == kind && f.Start >= start && f.End <= end })
			}
			if within(editor.ModalityFact) {
				score += 2
			}
			if within(editor.QuantityFact) {
				score++
			}
		}
		if score > most {
			best, most = i, score
		}
		start = end
	}
	from, to = 0, ends[best]
	if best > 0 {
		from = ends[best-1]
	}
	first := from
	for _, m := range marks {
		if m[0] >= from {
			first = m[0]
			break
		}
	}
	if runes := utf8.RuneCountInString(text[from:to]); runes > sentenceRunes {
		if first < to {
			from = sentenceStart(text, first)
		}
		return from, from + len(firstRunes(text[from:to], sentenceRunes))
	}
	for next := best + 1; next < len(ends) && utf8.RuneCountInString(text[from:ends[next]]) <= sentenceRunes; next++ {
		to = ends[next]
	}
	for before := best - 1; before >= 0; before-- {
		start := 0
		if before > 0 {
			start = ends[before-1]
		}
		if utf8.RuneCountInString(text[start:to]) > sentenceRunes {
			break
		}
		from = start
	}
	from += len(text[from:to]) - len(strings.TrimLeft(text[from:to], "\n "))
	return from, from + len(strings.TrimRight(text[from:to], "\n "))
}

// sentenceEnds are the bytes after each sentence of a text; the last is its end.
func sentenceEnds(text string) (ends []int) {
	for i, r := range text {
		if strings.ContainsRune("。；！？\n", r) {
			ends = append(ends, i+utf8.RuneLen(r))
		}
	}
	if len(ends) == 0 || ends[len(ends)-1] < len(text) {
		ends = append(ends, len(text))
	}
	return ends
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// excerpt is a part of a text with its marks.
func excerpt(text string, marks [][2]int, from, to int) []stretch {
	var out []stretch
	add := func(s string, marked bool) {
		if s != "" {
			out = append(out, stretch{s, marked})
		}
	}
	if from > 0 {
		add("…", false)
	}
	at := from
	for _, m := range marks {
		if m[0] < at || m[1] > to {
			continue
		}
		add(text[at:m[0]], false)
		add(text[m[0]:m[1]], true)
		at = m[1]
	}
	add(text[at:to], false)
	if to < len(text) {
		add("…", false)
	}
	return out
}

// sentenceStart is where the sentence around a place begins, at most 60
// characters before it.
func sentenceStart(text string, at int) int {
	before := []rune(text[:at])
	i := len(before)
	for i > 0 && len(before)-i < 60 && !strings.ContainsRune("。；！？\n", before[i-1]) {
		i--
	}
	return len(string(before[:i]))
}
