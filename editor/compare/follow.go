package compare

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

// Sentence is a sentence of a text, or the title of one of its clauses.
type Sentence struct {
	Clause string `json:"clause"`          // Clause.ID
	Title  bool   `json:"title,omitempty"` // the clause's title
	Text   string `json:"text"`            // Markdown, as written
	Line   bool   `json:"line,omitempty"`  // it begins a line
}

// SentencesOf are the titles and sentences of a text in reading order. A row of
// a table and a line of a list are sentences; lines that say nothing (the dashes
// of a table) are left out.
func SentencesOf(d *editor.Document) []Sentence {
	var out []Sentence
	for c := range d.All() {
		if title := strings.TrimSpace(c.Title + " " + c.English); title != "" {
			out = append(out, Sentence{Clause: c.ID, Title: true, Text: title})
		}
		text := cutText(c.Text)
		for i, s := range text.said {
			if strings.Trim(s, "|:- \t") != "" {
				out = append(out, Sentence{Clause: c.ID, Text: s, Line: i == 0 || strings.Contains(text.gap[i], "\n")})
			}
		}
	}
	return out
}

// Kin says what a sentence was in an older text.
type Kin struct {
	From   int  `json:"from"`             // its place in the older text; -1: it is new
	Moved  bool `json:"moved,omitempty"`  // it stood in another clause
	Edited bool `json:"edited,omitempty"` // other words, or other marks
	Part   bool `json:"part,omitempty"`   // it was a part of the older sentence
}

// Telling is how many characters a sentence has that is recognised anywhere; a
// shorter one says too little.
const Telling = 6

// Bounds of what counts as one sentence in two texts.
const (
	kinHere      = 0.5 // share of character pairs, in one clause
	kinElsewhere = 0.6 // in two
	kinPart      = 0.9 // of the shorter one's pairs that the longer one has
	crowdedPair  = 200 // sentences; a pair of characters in more of them finds none
)

// Follow says for each sentence of a newer text which sentence of an older one
// it was: the same words in the same clause first, then the same words
// elsewhere, then alike ones in the clause, then alike ones elsewhere, last parts
// of a longer one. Clauses are known by their IDs. A sentence is the origin of
// one other at most, but for parts. The work grows with the texts, not with
// sentences times sentences.
func Follow(old, new []Sentence) []Kin {
	f := &follower{old: old, new: new, kin: make([]Kin, len(new)), taken: make([]bool, len(old))}
	f.oldIn, f.newIn = byClause(old), byClause(new)
	for j := range f.kin {
		f.kin[j].From = -1
	}
	f.sameWords()
	f.sameElsewhere()
	for _, id := range clausesInOrder(new) {
		f.alike(f.free(f.oldIn[id]), f.open(f.newIn[id]), kinHere)
	}
	f.alike(f.free(all(len(old))), f.open(all(len(new))), kinElsewhere)
	f.parts()
	return f.kin
}

type follower struct {
	old, new     []Sentence
	oldIn, newIn map[string][]int // sentences by clause
	kin          []Kin
	taken        []bool // old sentences that have become a new one
}

func byClause(list []Sentence) map[string][]int {
	out := map[string][]int{}
	for i, s := range list {
		out[s.Clause] = append(out[s.Clause], i)
	}
	return out
}

func clausesInOrder(list []Sentence) (ids []string) {
	for i, s := range list {
		if i == 0 || s.Clause != list[i-1].Clause {
			ids = append(ids, s.Clause)
		}
	}
	return ids
}

func all(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func (f *follower) free(list []int) []int {
	return slices.DeleteFunc(slices.Clone(list), func(i int) bool { return f.taken[i] })
}

func (f *follower) open(list []int) []int {
	return slices.DeleteFunc(slices.Clone(list), func(j int) bool { return f.kin[j].From >= 0 })
}

func (f *follower) join(i, j int) {
	f.taken[i] = true
	f.kin[j] = Kin{From: i, Moved: f.old[i].Clause != f.new[j].Clause, Edited: f.old[i].Text != f.new[j].Text}
}

// Key is what sentences of the same words have in common; a title is no
// sentence.
func (s Sentence) Key() string {
	if s.Title {
		return "\x00" + foldSentence(s.Text)
	}
	return foldSentence(s.Text)
}

// sameWords joins what a clause says in both texts, in order.
func (f *follower) sameWords() {
	for _, id := range clausesInOrder(f.new) {
		was := f.oldIn[id]
		if len(was) == 0 {
			continue
		}
		if f.unchanged(was, f.newIn[id]) {
			for n, j := range f.newIn[id] {
				f.join(was[n], j)
			}
			continue
		}
		at := map[string][]int{}
		for _, i := range was {
			at[f.old[i].Key()] = append(at[f.old[i].Key()], i)
		}
		for _, j := range f.open(f.newIn[id]) {
			k := f.new[j].Key()
			if list := at[k]; len(list) > 0 {
				f.join(list[0], j)
				at[k] = list[1:]
			}
		}
	}
}

// unchanged tells whether a clause says the same in both texts to the letter: most
// do, and need not be read.
func (f *follower) unchanged(old, new []int) bool {
	if len(old) != len(new) {
		return false
	}
	for n, j := range new {
		if a, b := f.old[old[n]], f.new[j]; a.Text != b.Text || a.Title != b.Title || f.taken[old[n]] {
			return false
		}
	}
	return true
}

// sameElsewhere joins sentences that say the same in another clause.
func (f *follower) sameElsewhere() {
	at := map[string][]int{}
	for _, i := range f.free(all(len(f.old))) {
		at[f.old[i].Key()] = append(at[f.old[i].Key()], i)
	}
	for _, j := range f.open(all(len(f.new))) {
		k := f.new[j].Key()
		if list := at[k]; len(list) > 0 && utf8.RuneCountInString(k) >= Telling {
			f.join(list[0], j)
			at[k] = list[1:]
		}
	}
}

// likeSentence is two sentences and the share of their pairs that both have.
type likeSentence struct {
	i, j  int
	share float64
}

// alike joins sentences that share most, the most alike first; of equals those
// that stand first.
func (f *follower) alike(old, new []int, least float64) {
	if len(old) == 0 || len(new) == 0 {
		return
	}
	x := f.index(old)
	var found []likeSentence
	for _, j := range new {
		x.meet(f.new[j], func(n int, both, pairs int) {
			i := old[n]
			if f.old[i].Title != f.new[j].Title {
				return
			}
			if s := 2 * float64(both) / float64(pairs+x.pairs[n]); s >= least {
				found = append(found, likeSentence{i, j, s})
			}
		})
	}
	slices.SortFunc(found, func(a, b likeSentence) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.j, b.j), cmp.Compare(a.i, b.i))
	})
	for _, k := range found {
		if !f.taken[k.i] && f.kin[k.j].From < 0 {
			f.join(k.i, k.j)
		}
	}
}

// parts finds sentences that a longer one was divided into.
func (f *follower) parts() {
	for _, id := range clausesInOrder(f.new) {
		open := f.open(f.newIn[id])
		if len(open) == 0 || len(f.oldIn[id]) == 0 {
			continue
		}
		x := f.index(f.oldIn[id])
		for _, j := range open {
			best := 0
			x.meet(f.new[j], func(n int, both, pairs int) {
				i := f.oldIn[id][n]
				if pairs >= Telling && both > best && float64(both) >= kinPart*float64(pairs) && x.pairs[n] > pairs && f.old[i].Title == f.new[j].Title {
					best = both
					f.kin[j] = Kin{From: i, Edited: true, Part: true}
				}
			})
		}
	}
}

// saidIndex finds sentences by their character pairs.
type saidIndex struct {
	at     map[[2]rune][]posting
	pairs  []int
	shared []int
	met    []int
}

func (f *follower) index(old []int) *saidIndex {
	x := &saidIndex{at: map[[2]rune][]posting{}, pairs: make([]int, len(old)), shared: make([]int, len(old))}
	for n, i := range old {
		pairs, count := runePairs(foldSentence(f.old[i].Text))
		x.pairs[n] = count
		for p, k := range pairs {
			x.at[p] = append(x.at[p], posting{n, k})
		}
	}
	return x
}

// meet calls back for every sentence that shares a pair with s: how many both
// have, and how many s has.
func (x *saidIndex) meet(s Sentence, found func(n int, both, pairs int)) {
	pairs, count := runePairs(foldSentence(s.Text))
	x.met = x.met[:0]
	for p, k := range pairs {
		list := x.at[p]
		if len(x.pairs) > 500 && len(list) > crowdedPair {
			continue
		}
		for _, at := range list {
			if x.shared[at.sentence] == 0 {
				x.met = append(x.met, at.sentence)
			}
			x.shared[at.sentence] += min(k, at.count)
		}
	}
	slices.Sort(x.met)
	for _, n := range x.met {
		found(n, x.shared[n], count)
		x.shared[n] = 0
	}
}
