package compare

import (
	"strings"
	"unicode"
)

// Side says whose words a piece of a merged text is.
type Side string

const (
	Neither Side = "neither" // nobody changed it
	Mine    Side = "mine"
	Theirs  Side = "theirs"
	Both    Side = "both"  // both made the same change
	Woven   Side = "woven" // both changed other words of one sentence
	Clash   Side = "clash" // both changed the same words: a person has to choose
)

// Piece is a stretch of whole sentences of a text that two people changed.
type Piece struct {
	Side Side
	Gap  string // white space before it
	Text string // what the merged text says; "" in a Clash
	// What stood there and what each side made of it; "" where the side has
	// nothing there.
	Base, Mine, Theirs string
}

// Weave brings two edits of one text together, sentence by sentence: what one
// side changed is taken, and so are changes to words of one sentence that stand
// apart. No sentence of either side is lost: it is in the text of a piece or in
// a Clash. The result depends on the texts only, and the work is bounded as that
// of Words is.
func Weave(base, mine, theirs string) []Piece {
	b, m, t := cutText(base), cutText(mine), cutText(theirs)
	var out []Piece
	for _, k := range threeWay(b.said, m.said, t.said) {
		kb, km, kt := b.part(k.b), m.part(k.m), t.part(k.t)
		if k.stable {
			out = append(out, same(kb, km, kt)...)
			continue
		}
		out = append(out, weave(kb, km, kt)...)
	}
	if len(out) > 0 {
		out[0].Gap = ""
	}
	return out
}

// Woven text of pieces; choose says what stands for a Clash. A piece that comes
// to nothing takes its gap with it.
func WovenText(pieces []Piece, choose func(i int) string) string {
	var b strings.Builder
	for i, p := range pieces {
		text := p.Text
		if p.Side == Clash {
			text = strings.TrimSpace(choose(i))
		}
		if text == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(p.Gap)
		}
		b.WriteString(text)
	}
	return b.String()
}

// Clashes counts the pieces between which a person has to choose.
func Clashes(pieces []Piece) (n int) {
	for _, p := range pieces {
		if p.Side == Clash {
			n++
		}
	}
	return n
}

// Apart tells whether two edits can be taken together although nobody looks at
// what comes of it: both left a sentence alone between what the one and what the
// other changed, or the changes stand in different paragraphs, items or rows.
func Apart(pieces []Piece) bool {
	last, between := Neither, true
	for _, p := range pieces {
		switch p.Side {
		case Clash, Woven:
			return false
		case Mine, Theirs:
			if last != p.Side && !between && !strings.Contains(p.Gap, "\n") {
				return false
			}
			last, between = p.Side, false
		default:
			between = true
		}
	}
	return true
}

// cut is a text as its sentences and the white space before each.
type cut struct{ said, gap []string }

// cutText cuts after 。 ！ ？ ； and at line ends, and loses nothing but the white
// space around the whole.
func cutText(text string) (c cut) {
	gap, from := "", 0
	take := func(to int) {
		stretch := text[from:to]
		from = to
		core := strings.TrimSpace(stretch)
		if core == "" {
			gap += stretch
			return
		}
		at := strings.Index(stretch, core)
		c.said, c.gap = append(c.said, core), append(c.gap, gap+stretch[:at])
		gap = stretch[at+len(core):]
	}
	for i, r := range text {
		if r == '\n' || strings.ContainsRune("。！？；", r) {
			take(i + len(string(r)))
		}
	}
	take(len(text))
	return c
}

// span is a stretch of a list.
type span struct{ from, to int }

func (c cut) part(s span) cut { return cut{c.said[s.from:s.to], c.gap[s.from:s.to]} }

// join is the text without the white space before it.
func (c cut) join() string {
	var b strings.Builder
	for i, s := range c.said {
		if i > 0 {
			b.WriteString(c.gap[i])
		}
		b.WriteString(s)
	}
	return b.String()
}

func (c cut) before() string {
	if len(c.gap) == 0 {
		return ""
	}
	return c.gap[0]
}

// same are sentences that nobody changed; the white space between them is of
// who changed it.
func same(b, m, t cut) (out []Piece) {
	for i, s := range b.said {
		gap := t.gap[i]
		if m.gap[i] != b.gap[i] {
			gap = m.gap[i]
		}
		out = append(out, Piece{Side: Neither, Gap: gap, Text: s, Base: s, Mine: s, Theirs: s})
	}
	return out
}

// weave brings a stretch together that somebody changed.
func weave(b, m, t cut) []Piece {
	p := Piece{Base: b.join(), Mine: m.join(), Theirs: t.join(), Gap: m.before()}
	switch {
	case equalCut(m, t):
		p.Side, p.Text = Both, p.Mine
	case equalCut(b, t):
		p.Side, p.Text = Mine, p.Mine
	case equalCut(b, m):
		p.Side, p.Text, p.Gap = Theirs, p.Theirs, t.before()
	case len(b.said) == 0:
		return weaveNew(m, t)
	default:
		p.Side = Clash
		if len(m.said) == 0 {
			p.Gap = t.before()
		}
		if len(b.said) == 1 && len(m.said) == 1 && len(t.said) == 1 {
			if text, ok := weaveWords(b.said[0], m.said[0], t.said[0]); ok {
				p.Side, p.Text = Woven, text
			}
		}
	}
	return []Piece{p}
}

func equalCut(a, b cut) bool {
	if len(a.said) != len(b.said) {
		return false
	}
	for i := range a.said {
		if a.said[i] != b.said[i] {
			return false
		}
	}
	return true
}

// weaveNew brings together what both wrote where nothing stood.
func weaveNew(m, t cut) (out []Piece) {
	i, j := 0, 0
	for _, k := range diffPieces(m.said, t.said) {
		km, kt := m.part(span{i, i + len(k.a)}), t.part(span{j, j + len(k.b)})
		i, j = i+len(k.a), j+len(k.b)
		p := Piece{Side: Clash, Mine: km.join(), Theirs: kt.join(), Gap: km.before()}
		switch {
		case k.same:
			p.Side, p.Text = Both, p.Mine
		case len(k.b) == 0:
			p.Side, p.Text = Mine, p.Mine
		case len(k.a) == 0:
			p.Side, p.Text, p.Gap = Theirs, p.Theirs, kt.before()
		}
		out = append(out, p)
	}
	return out
}

// leastApart is how many letters and figures have to stand between a change of the
// one side and a change of the other for both to be taken into one sentence.
const leastApart = 2

// weaveWords brings two changes of one sentence together where they stand
// apart.
func weaveWords(base, mine, theirs string) (string, bool) {
	b, m, t := splitTokens(base), splitTokens(mine), splitTokens(theirs)
	var out strings.Builder
	last, between := Neither, leastApart
	for _, k := range threeWay(b, m, t) {
		kb, km, kt := strings.Join(b[k.b.from:k.b.to], ""), strings.Join(m[k.m.from:k.m.to], ""), strings.Join(t[k.t.from:k.t.to], "")
		if k.stable {
			out.WriteString(kb)
			between += contentLength(kb)
			continue
		}
		side, said := Mine, km
		switch {
		case km == kt:
			side = Both
		case kb == kt:
		case kb == km:
			side, said = Theirs, kt
		default:
			return "", false
		}
		if last != Neither && last != side && between < leastApart {
			return "", false
		}
		out.WriteString(said)
		last, between = side, 0
	}
	text := strings.TrimFunc(out.String(), unicode.IsSpace)
	return text, text != ""
}

// chunk is a stretch that three lists have at one place: the same in all, or
// changed by somebody.
type chunk struct {
	stable  bool
	b, m, t span
}

// threeWay divides three lists into what both edits left alone and what one of
// them or both changed. Changes that stand side by side are two chunks; those
// that meet in a piece of b, or write at one place, are one.
func threeWay(b, m, t []string) (out []chunk) {
	mine, theirs := hunks(b, m), hunks(b, t)
	at, shiftM, shiftT := 0, 0, 0
	until := func(to int) {
		if at < to {
			out = append(out, chunk{true, span{at, to}, span{at + shiftM, to + shiftM}, span{at + shiftT, to + shiftT}})
		}
		at = to
	}
	for len(mine)+len(theirs) > 0 {
		first := mine
		if len(mine) == 0 || len(theirs) > 0 && theirs[0].before(mine[0]) {
			first = theirs
		}
		whole := first[0].span
		until(whole.from)
		fromM, fromT := whole.from+shiftM, whole.from+shiftT
		for grown := true; grown; {
			grown = false
			for _, side := range []struct {
				list  *[]hunk
				shift *int
			}{{&mine, &shiftM}, {&theirs, &shiftT}} {
				for len(*side.list) > 0 && (*side.list)[0].meets(whole) {
					h := (*side.list)[0]
					*side.list, *side.shift = (*side.list)[1:], *side.shift+h.size-(h.to-h.from)
					whole.to, grown = max(whole.to, h.to), true
				}
			}
		}
		out = append(out, chunk{false, whole, span{fromM, whole.to + shiftM}, span{fromT, whole.to + shiftT}})
		at = whole.to
	}
	until(len(b))
	return out
}

// hunk is a stretch of a list that an edit put size pieces in the place of.
type hunk struct {
	span
	size int
}

func (h hunk) before(o hunk) bool {
	return h.from < o.from || h.from == o.from && h.to < o.to
}

// meets tells whether two changes have a piece in common, or write at the same
// place.
func (h hunk) meets(s span) bool {
	if h.span == s {
		return true
	}
	return h.from < s.to && s.from < h.to
}

// hunks are the changes from a to b. Where as many pieces stand as stood before,
// each like the one in its place, each is a change of its own.
func hunks(a, b []string) (out []hunk) {
	at := 0
	for _, k := range diffPieces(a, b) {
		switch {
		case k.same:
		case len(k.a) == len(k.b) && likeEach(k.a, k.b):
			for n := range k.a {
				out = append(out, hunk{span{at + n, at + n + 1}, 1})
			}
		case len(out) > 0 && out[len(out)-1].to == at: // side by side on one side is one change
			out[len(out)-1].to += len(k.a)
			out[len(out)-1].size += len(k.b)
		default:
			out = append(out, hunk{span{at, at + len(k.a)}, len(k.b)})
		}
		at += len(k.a)
	}
	return out
}

func likeEach(a, b []string) bool {
	for i := range a {
		if setLikeness(pairSet([]rune(a[i])), pairSet([]rune(b[i]))) < leastShared {
			return false
		}
	}
	return true
}
