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
	case len(t.said) == len(b.said) && added(b, m):
		return beside(m, untouched(b, m), Mine, weave(b, m.part(untouched(b, m)), t))
	case len(m.said) == len(b.said) && added(b, t):
		return beside(t, untouched(b, t), Theirs, weave(b, m, t.part(untouched(b, t))))
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

// added tells whether a side left the sentences as they were and only wrote
// before or after them.
func added(b, side cut) bool {
	return len(side.said) > len(b.said) && equalCut(b, side.part(untouched(b, side)))
}

// untouched is where the sentences stand in a side that wrote before or after
// them.
func untouched(b, side cut) span {
	if n := len(b.said); equalCut(b, side.part(span{0, n})) {
		return span{0, n}
	}
	return span{len(side.said) - len(b.said), len(side.said)}
}

// beside puts what a side wrote before or after some sentences to what became
// of them.
func beside(side cut, kept span, whose Side, became []Piece) []Piece {
	if kept.from > 0 {
		return append([]Piece{written(whose, side.part(span{0, kept.from}))}, became...)
	}
	return append(became, written(whose, side.part(span{kept.to, len(side.said)})))
}

func written(whose Side, c cut) Piece {
	p := Piece{Side: whose, Gap: c.before(), Text: c.join()}
	if whose == Mine {
		p.Mine = p.Text
	} else {
		p.Theirs = p.Text
	}
	return p
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

// threeWay finds what two edits of one list left alone, in order.
func threeWay(b, m, t []string) (out []chunk) {
	inM, inT := partners(b, m), partners(b, t)
	var i, j, k int
	until := func(x, y, z int) {
		if i < x || j < y || k < z {
			out = append(out, chunk{false, span{i, x}, span{j, y}, span{k, z}})
		}
		i, j, k = x, y, z
	}
	for x := range b {
		if inM[x] < 0 || inT[x] < 0 {
			continue
		}
		until(x, inM[x], inT[x])
		i, j, k = x+1, inM[x]+1, inT[x]+1
		if n := len(out) - 1; n >= 0 && out[n].stable && out[n].b.to == x {
			out[n].b.to, out[n].m.to, out[n].t.to = i, j, k
			continue
		}
		out = append(out, chunk{true, span{x, i}, span{j - 1, j}, span{k - 1, k}})
	}
	until(len(b), len(m), len(t))
	return out
}

// partners says for each piece of a where it stands in b; -1 where it does not.
func partners(a, b []string) []int {
	out := make([]int, 0, len(a))
	j := 0
	for _, k := range diffPieces(a, b) {
		for n := range k.a {
			if k.same {
				out = append(out, j+n)
			} else {
				out = append(out, -1)
			}
		}
		j += len(k.b)
	}
	return out
}
