package compare

import (
	"strings"
	"sync"
	"unicode/utf8"

	"tongbiao/editor"
)

// AnchorState says what became of the words that a comment is about.
type AnchorState string

const (
	AnchorUnchanged AnchorState = "unchanged" // the same words in the same place
	AnchorMoved     AnchorState = "moved"     // the same words elsewhere, or under another number
	AnchorChanged   AnchorState = "changed"   // other words in their place
	AnchorGone      AnchorState = "gone"      // they are not there any more
)

// Anchored is where words of an older text stand in a newer one.
type Anchored struct {
	State  AnchorState
	Clause string // ID of the clause in the newer text; of words that are gone: of the clause that they stood in, "" when that is gone too
	Title  bool   // they stand in the clause's title
	Start  int    // bytes of the clause's Text, or of its Title
	End    int    // Start = End: the clause as a whole, or nothing
	Then   string // the words in the older text, as written there
	Now    string // the words in the newer text; "" where there are none
}

// Anchors follows quotations from one text of a standard to another. An empty
// quotation is the clause as a whole, an empty clause the whole text. A clause is known by its
// ID, which is permanent; where that is gone, or the words have left it, they are
// looked for by what they say and what stands around them. Words that cannot be
// told apart from others are gone rather than somewhere else. It may be used by
// several goroutines; the documents must not change.
type Anchors struct {
	old, now *foldedText

	mu     sync.Mutex
	pairs  map[*foldedClause]*foldedClause // counterparts by their words; nil until needed
	origin map[*foldedClause]*foldedClause // the same the other way
	became map[*foldedClause]*foldedClause // counterpart, once it was asked for
	edits  map[*foldedClause][]shift       // between a clause and what it became
	found  map[anchorKey]Anchored
}

type anchorKey struct {
	clause, quote string
	nth           int
}

// Bounds of the search for words.
const (
	anchorContext = 24  // characters on each side by which equal words are told apart
	anchorHits    = 200 // places of a quotation that are looked at
	anchorNear    = 6   // characters of words and context that have to agree within one clause
	anchorFar     = 16  // the same elsewhere
	anchorEdge    = 4   // what a clause's beginning or end counts as context
	anchorMemory  = 1 << 16
)

// NewAnchors prepares two texts of one standard.
func NewAnchors(old, now *editor.Document) *Anchors {
	return &Anchors{old: foldText(old), now: foldText(now), became: map[*foldedClause]*foldedClause{}, edits: map[*foldedClause][]shift{}, found: map[anchorKey]Anchored{}}
}

// Find follows a quotation of a clause; nth says which of the places in the
// clause where it stands is meant, from 1, 0 the first.
func (a *Anchors) Find(clause, quote string, nth int) Anchored {
	if clause == "" {
		return Anchored{State: AnchorUnchanged}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := anchorKey{clause, quote, nth}
	if known, ok := a.found[key]; ok {
		return known
	}
	out := a.find(clause, quote, nth)
	if len(a.found) < anchorMemory {
		a.found[key] = out
	}
	return out
}

func (a *Anchors) find(clause, quote string, nth int) Anchored {
	from := a.old.byID[clause]
	if from == nil {
		return Anchored{State: AnchorGone, Then: quote}
	}
	to := a.counterpart(from)
	words := foldWords(quote)
	if words == "" {
		return a.whole(from, to)
	}
	at, ok := from.nth(words, nth)
	if !ok { // not as the clause has it: what is known is the clause
		out := a.whole(from, to)
		out.Then, out.Now, out.Start, out.End = quote, "", 0, 0
		return out
	}
	s := stretch{from, at, at + len(words)}
	if to != nil {
		if hit, ok := a.within(s, to); ok {
			return a.same(s, hit)
		}
	}
	if hit, ok := a.elsewhere(s, to); ok {
		return a.same(s, hit)
	}
	if to != nil {
		if hit, ok := a.changed(s, to); ok {
			return hit
		}
	}
	return a.gone(s, to)
}

// stretch is a run of a clause's folded words.
type stretch struct {
	in         *foldedClause
	start, end int
}

func (s stretch) words() string { return s.in.folded[s.start:s.end] }

// same is where the same words stand now.
func (a *Anchors) same(s, hit stretch) Anchored {
	out := hit.anchored(AnchorUnchanged)
	_, _, _, out.Then = s.raw()
	if placeOf(s.in.clause) != placeOf(hit.in.clause) {
		out.State = AnchorMoved
	}
	return out
}

func (a *Anchors) gone(s stretch, to *foldedClause) Anchored {
	out := Anchored{State: AnchorGone}
	_, _, _, out.Then = s.raw()
	if to != nil {
		out.Clause = to.clause.ID
	}
	return out
}

// placeOf is what readers call the place of a clause.
func placeOf(c *editor.Clause) string {
	if c.Number != "" {
		return c.Number
	}
	if c.Title != "" {
		return c.Title
	}
	return c.ID
}

// whole follows a clause as a whole.
func (a *Anchors) whole(from, to *foldedClause) Anchored {
	if to == nil {
		return a.scattered(from)
	}
	out := Anchored{State: AnchorUnchanged, Clause: to.clause.ID, Then: from.clause.Text, Now: to.clause.Text}
	switch {
	case from.folded != to.folded:
		out.State = AnchorChanged
	case placeOf(from.clause) != placeOf(to.clause):
		out.State = AnchorMoved
	}
	return out
}

// scattered follows a clause that is no clause of its own any more: to where all
// its words stand, or else to where the first sentence of it stands that can be
// found.
func (a *Anchors) scattered(from *foldedClause) Anchored {
	all := stretch{from, from.title, len(from.folded)}
	if all.start < all.end {
		if hit, ok := a.elsewhere(all, nil); ok {
			return a.same(all, hit)
		}
	}
	for i, end := range from.sentences() {
		start := from.title
		if i > 0 {
			start = from.sentences()[i-1]
		}
		if utf8.RuneCountInString(from.folded[start:end]) < anchorFar {
			continue
		}
		if hit, ok := a.elsewhere(stretch{from, start, end}, nil); ok {
			out := hit.anchored(AnchorChanged)
			out.Then = from.clause.Text
			return out
		}
	}
	return Anchored{State: AnchorGone, Then: from.clause.Text}
}

// within finds the words of a stretch in the clause that its clause became.
func (a *Anchors) within(s stretch, to *foldedClause) (stretch, bool) {
	if s.in.folded == to.folded {
		return stretch{to, s.start, s.end}, true
	}
	words := s.words()
	hits, rivals := to.all(words), s.in.all(words)
	best, tie, most := -1, false, anchorNear-1
	for _, h := range hits {
		hit := stretch{to, h, h + len(words)}
		n := likeContext(s, hit)
		if n > most {
			best, tie, most = h, false, n
		} else if n == most {
			tie = true
		}
	}
	if best < 0 {
		return stretch{}, false
	}
	if tie {
		return a.byOrder(s, to, hits, rivals)
	}
	hit := stretch{to, best, best + len(words)}
	for _, r := range rivals { // the place is another's where that fits better
		if r == s.start {
			continue
		}
		if n := likeContext(stretch{s.in, r, r + len(words)}, hit); n > most {
			return stretch{}, false
		} else if n == most {
			return a.byOrder(s, to, hits, rivals)
		}
	}
	if a.anothers(s, hit, most) {
		return stretch{}, false
	}
	return hit, true
}

// anothers tells whether words of another clause fit a place better, so that it
// is theirs: they were moved here.
func (a *Anchors) anothers(s, hit stretch, most int) bool {
	for _, rival := range a.old.all(hit.words()) {
		if rival.in != s.in && likeContext(rival, hit) > most {
			return true
		}
	}
	return false
}

// byOrder tells equal words apart where none was taken away: by what the edit of
// the clause kept, and by their order where none was added.
func (a *Anchors) byOrder(s stretch, to *foldedClause, hits, rivals []int) (stretch, bool) {
	if at, ok := a.shifted(s, to); ok && len(hits) >= len(rivals) {
		for _, h := range hits {
			if h == at {
				return stretch{to, h, h + s.end - s.start}, true
			}
		}
	}
	if len(hits) != len(rivals) {
		return stretch{}, false
	}
	for i, r := range rivals {
		if r == s.start {
			return stretch{to, hits[i], hits[i] + s.end - s.start}, true
		}
	}
	return stretch{}, false
}

// elsewhere finds the words of a stretch in other clauses than the one that its
// clause became. A place that other words of the older text fit as well or
// better is theirs.
func (a *Anchors) elsewhere(s stretch, except *foldedClause) (stretch, bool) {
	words := s.words()
	var best stretch
	tie, most := false, anchorFar-1
	for _, hit := range a.now.all(words) {
		if hit.in == except {
			continue
		}
		if n := likeContext(s, hit); n > most {
			best, tie, most = hit, false, n
		} else if n == most {
			tie = true
		}
	}
	if best.in == nil || tie {
		return stretch{}, false
	}
	for _, rival := range a.old.all(words) {
		if rival == s {
			continue
		}
		if n := likeContext(rival, best); n > most || n == most && a.originOf(best.in) != s.in {
			return stretch{}, false
		}
	}
	return best, true
}

// likeContext counts the characters of words and of what stands around them that
// agree. A clause's edge counts where both stand at one.
func likeContext(s, hit stretch) int {
	n := min(utf8.RuneCountInString(s.words()), anchorContext)
	x, y := s.in.folded[:s.start], hit.in.folded[:hit.start]
	for i := 0; i < anchorContext; i++ {
		r, size := utf8.DecodeLastRuneInString(x)
		q, other := utf8.DecodeLastRuneInString(y)
		if size == 0 && other == 0 {
			n += anchorEdge
		}
		if size == 0 || r != q || size != other {
			break
		}
		n++
		x, y = x[:len(x)-size], y[:len(y)-other]
	}
	x, y = s.in.folded[s.end:], hit.in.folded[hit.end:]
	for i := 0; i < anchorContext; i++ {
		r, size := utf8.DecodeRuneInString(x)
		q, other := utf8.DecodeRuneInString(y)
		if size == 0 && other == 0 {
			n += anchorEdge
		}
		if size == 0 || r != q || size != other {
			break
		}
		n++
		x, y = x[size:], y[other:]
	}
	return n
}

// counterpart is what a clause became: the clause of its ID; else the one of its
// words. An ID that was given to other words altogether is not believed where
// the clause's own words are found in a clause whose ID is new.
func (a *Anchors) counterpart(from *foldedClause) *foldedClause {
	to, known := a.became[from]
	if !known {
		to = a.counterpartOf(from)
		a.became[from] = to
	}
	return to
}

func (a *Anchors) counterpartOf(from *foldedClause) *foldedClause {
	byID := a.now.byID[from.clause.ID]
	if byID != nil && (from.folded == byID.folded || setLikeness(pairsIn(from.folded), pairsIn(byID.folded)) >= byIdentity) {
		return byID
	}
	a.match()
	byWords := a.pairs[from]
	if byWords != nil && byWords != byID && setLikeness(pairsIn(from.folded), pairsIn(byWords.folded)) < recognised {
		byWords = nil
	}
	if byID == nil {
		return byWords
	}
	if byWords != nil && byWords != byID && a.old.byID[byWords.clause.ID] == nil {
		return byWords
	}
	return byID
}

// originOf is the older clause that a clause was.
func (a *Anchors) originOf(to *foldedClause) *foldedClause {
	if from := a.old.byID[to.clause.ID]; from != nil && a.counterpart(from) == to {
		return from
	}
	a.match()
	return a.origin[to]
}

// match pairs the clauses of the two texts by their words, once.
func (a *Anchors) match() {
	if a.pairs != nil {
		return
	}
	m := match(a.old.doc, a.now.doc)
	a.pairs, a.origin = map[*foldedClause]*foldedClause{}, map[*foldedClause]*foldedClause{}
	for i, j := range m.ofOld {
		if j >= 0 {
			a.pairs[a.old.clauses[i]], a.origin[a.now.clauses[j]] = a.now.clauses[j], a.old.clauses[i]
		}
	}
}

func pairsIn(folded string) map[[2]rune]bool { return pairSet([]rune(folded)) }

// shift is a stretch that an edit of a clause kept: folded bytes.
type shift struct{ from, to, size int }

// shifts are what was kept between a clause and what it became, in order.
func (a *Anchors) shifts(from, to *foldedClause) []shift {
	if known, ok := a.edits[from]; ok {
		return known
	}
	var out []shift
	i, j := 0, 0
	for _, e := range Words(from.folded, to.folded) {
		switch e.Op {
		case Equal:
			out = append(out, shift{i, j, len(e.Text)})
			i, j = i+len(e.Text), j+len(e.Text)
		case Delete:
			i += len(e.Text)
		case Insert:
			j += len(e.Text)
		}
	}
	a.edits[from] = out
	return out
}

// shifted is where the edit of a clause left the whole of a stretch.
func (a *Anchors) shifted(s stretch, to *foldedClause) (int, bool) {
	for _, k := range a.shifts(s.in, to) {
		if k.from <= s.start && s.end <= k.from+k.size {
			return k.to + s.start - k.from, true
		}
	}
	return 0, false
}

// Bounds of what an edit has to leave of words for them to be the same words,
// changed.
const (
	anchorKept  = 0.55    // of the words
	anchorDense = 0.4     // of what stands in their place
	anchorRun   = 1.0 / 3 // of the words, in one piece
	leastRun    = 2 * 3   // bytes that two texts do not share by chance: two Chinese characters
	certainRun  = 8 * 3   // bytes in one piece that are certain without more around them
	anchorAside = 2 * 3   // bytes beside the words that are left too
)

// changed finds what stands now in the place of words that were edited: from the
// first of them that are left to the last.
func (a *Anchors) changed(s stretch, to *foldedClause) (Anchored, bool) {
	first, last, kept, longest, certain := -1, -1, 0, 0, false
	for _, k := range a.shifts(s.in, to) {
		start, end := max(k.from, s.start), min(k.from+k.size, s.end)
		if end-start <= 0 || k.size < leastRun {
			continue
		}
		if first < 0 {
			first = k.to + start - k.from
		}
		last = k.to + end - k.from
		kept += end - start
		longest = max(longest, end-start)
		certain = certain || end-start >= certainRun || start-k.from >= anchorAside || k.from+k.size-end >= anchorAside
	}
	size := float64(s.end - s.start)
	if !certain || float64(kept) < anchorKept*size || float64(longest) < anchorRun*size || float64(kept) < anchorDense*float64(last-first) {
		return Anchored{}, false
	}
	hit := stretch{to, first, last}
	own := 0
	for _, at := range s.in.all(hit.words()) {
		if was := (stretch{s.in, at, at + last - first}); was.start < s.end && s.start < was.end {
			own = max(own, likeContext(was, hit))
		}
	}
	for _, rival := range a.old.all(hit.words()) { // as in anothers, and within the clause
		if (rival.in != s.in || rival.end <= s.start || s.end <= rival.start) && likeContext(rival, hit) > own {
			return Anchored{}, false
		}
	}
	out := hit.anchored(AnchorChanged)
	_, _, _, out.Then = s.raw()
	return out, true
}

// anchored is a stretch as bytes of its clause.
func (s stretch) anchored(state AnchorState) Anchored {
	title, start, end, words := s.raw()
	return Anchored{State: state, Clause: s.in.clause.ID, Title: title, Start: start, End: end, Now: words}
}

// raw is a stretch as it is written: in the title, or in the text.
func (s stretch) raw() (title bool, start, end int, words string) {
	c := s.in
	if s.end <= c.title {
		start, end = c.at[s.start], c.past[s.end-1]
		return true, start, end, c.clause.Title[start:end]
	}
	from := max(s.start, c.title)
	start, end = c.at[from], c.past[s.end-1]
	return false, start, end, c.clause.Text[start:end]
}

// all are the places where words stand in a text, in reading order.
func (t *foldedText) all(words string) (out []stretch) {
	for _, c := range t.clauses {
		if len(c.folded) < len(words) || !strings.Contains(c.folded, words) {
			continue
		}
		for _, h := range c.all(words) {
			if out = append(out, stretch{c, h, h + len(words)}); len(out) >= anchorHits {
				return out
			}
		}
	}
	return out
}
