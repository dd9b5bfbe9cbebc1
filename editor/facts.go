package editor

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// FactKind says what a Fact is.
type FactKind string

const (
	QuantityFact  FactKind = "quantity"
	ModalityFact  FactKind = "modality"
	ReferenceFact FactKind = "reference"
	TermFact      FactKind = "term"      // a name that the text defines
	ActorFact     FactKind = "actor"     // whom a modal word binds
	ConditionFact FactKind = "condition" // when something holds: …的，
)

// Fact is something definite that a text says: a quantity, how binding it is and
// for whom and when, what it refers to or defines. Text[Start:End] of the text that was read is where it
// says so.
type Fact struct {
	Kind      FactKind     `json:"kind"`
	Start     int          `json:"start"` // bytes
	End       int          `json:"end"`
	Quantity  *Quantity    `json:"quantity,omitempty"`
	Modality  Modality     `json:"modality,omitempty"`
	Negative  bool         `json:"negative,omitempty"` // of a modality: 不宜, 不必
	Reference *Reference   `json:"reference,omitempty"`
	Actor     *Actor       `json:"actor,omitempty"` // also of a modality: whom it binds, where that is known
	Term      *DefinedTerm `json:"term,omitempty"`
}

// Facts lists what a text says definitely, in the order of the text: facts of
// the given kinds, all where none is given. Facts of one kind do not overlap; a
// modality may stand inside a quantity's comparator (不得超过三日). It takes time
// linear in the length of the text.
func Facts(text string, kinds ...FactKind) []Fact {
	wanted := func(k FactKind) bool { return len(kinds) == 0 || slices.Contains(kinds, k) }
	t := readFactText(text)
	references := t.references()
	t.hide(references)
	var facts []Fact
	if wanted(ReferenceFact) {
		facts = references
	}
	if wanted(QuantityFact) {
		facts = mergeFacts(facts, t.quantities())
	}
	if wanted(ModalityFact) || wanted(ActorFact) {
		modalities := t.modalities()
		if wanted(ActorFact) {
			facts = mergeFacts(facts, actorsOf(modalities))
		}
		if wanted(ModalityFact) {
			facts = mergeFacts(facts, modalities)
		}
	}
	if wanted(TermFact) {
		facts = mergeFacts(facts, t.terms())
	}
	if wanted(ConditionFact) {
		facts = mergeFacts(facts, t.conditions())
	}
	return facts
}

// mergeFacts joins two lists that are in the order of the text.
func mergeFacts(a, b []Fact) []Fact {
	if len(a) == 0 {
		return b
	}
	merged := make([]Fact, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		x, y := &a[0], &b[0]
		if cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End), cmp.Compare(x.Kind, y.Kind)) <= 0 {
			merged, a = append(merged, *x), a[1:]
		} else {
			merged, b = append(merged, *y), b[1:]
		}
	}
	return append(append(merged, a...), b...)
}

// actorsOf lists the actors of modal words, each once.
func actorsOf(modalities []Fact) []Fact {
	var facts []Fact
	last := 0
	for _, m := range modalities {
		if a := m.Actor; a != nil && a.Start >= last {
			facts = append(facts, Fact{Kind: ActorFact, Start: a.Start, End: a.End, Actor: a})
			last = a.End
		}
	}
	return facts
}

// Quantities are the quantities among the facts of a text.
func Quantities(text string) []Fact { return Facts(text, QuantityFact) }

// Modalities are the modal words among the facts of a text.
func Modalities(text string) []Fact { return Facts(text, ModalityFact) }

// References are the references among the facts of a text.
func References(text string) []Fact { return Facts(text, ReferenceFact) }

// factText is a text as the extractors read it: one rune a place, full-width
// letters, digits and signs folded to their ASCII forms, invisible characters
// left out (1\u200b5日).
type factText struct {
	runes []rune
	at    []int // byte offset of each rune, and of the end
	bars  bool  // whether there may be tables
	cells map[int]unit
}

func readFactText(text string) *factText {
	n := utf8.RuneCountInString(text)
	t := &factText{runes: make([]rune, 0, n), at: make([]int, 0, n+1)}
	for i, r := range text {
		if isInvisible(r) {
			continue
		}
		t.runes = append(t.runes, foldWidth(r))
		t.at = append(t.at, i)
		t.bars = t.bars || r == '|'
	}
	t.at = append(t.at, len(text))
	return t
}

// foldWidth gives the ASCII form of a full-width character, except of the
// punctuation that divides Chinese sentences.
func foldWidth(r rune) rune {
	switch {
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
		return r - '０' + '0'
	}
	switch r {
	case '．':
		return '.'
	case '％', '﹪':
		return '%'
	case '／':
		return '/'
	case '－', '−', '﹣':
		return '-'
	case '＞':
		return '>'
	case '＜':
		return '<'
	case '＋':
		return '+'
	case '～', '〜', '∼':
		return '~'
	case '\u00a0', '\u2009', '\u202f', '\u3000', '\t':
		return ' '
	}
	return r
}

func isInvisible(r rune) bool {
	return r >= '\u200b' && r <= '\u200d' || r == '\u2060' || r == '\ufeff'
}

// hide replaces what the facts cover by a rune that belongs to no other fact,
// so that the 12 of 第12条 is not taken for a number again.
func (t *factText) hide(facts []Fact) {
	i := 0
	for _, f := range facts {
		for i < len(t.runes) && t.at[i] < f.End {
			if t.at[i] >= f.Start {
				t.runes[i] = hiddenRune
			}
			i++
		}
	}
}

const hiddenRune = '\uFFFC' // OBJECT REPLACEMENT CHARACTER

// rune gives the rune at a place, 0 outside the text.
func (t *factText) rune(i int) rune {
	if i < 0 || i >= len(t.runes) {
		return 0
	}
	return t.runes[i]
}

// has reports whether the word stands at place i.
func (t *factText) has(i int, word string) bool {
	if i < 0 {
		return false
	}
	for _, r := range word {
		if t.rune(i) != r {
			return false
		}
		i++
	}
	return true
}

// endsWith reports whether the word stands right before place i.
func (t *factText) endsWith(i int, word string) bool {
	return t.has(i-utf8.RuneCountInString(word), word)
}

// hasAny gives the first word of the list that stands at place i and its
// length in runes; the list is ordered longest first where words share a
// beginning.
func (t *factText) hasAny(i int, words []string) (string, int) {
	for _, w := range words {
		if t.has(i, w) {
			return w, utf8.RuneCountInString(w)
		}
	}
	return "", 0
}

// skipSpace steps over at most one blank.
func (t *factText) skipSpace(i int) int {
	if t.rune(i) == ' ' {
		return i + 1
	}
	return i
}

func isClauseEnd(r rune) bool {
	switch r {
	case 0, '，', '。', '；', '：', '！', '？', ',', ';', '\n', '|':
		return true
	}
	return false
}

func isASCIILetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isASCIIDigit(r rune) bool { return r >= '0' && r <= '9' }
