package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"tongbiao/editor"
	"tongbiao/editor/check"
)

// Findings holds a text of a standard against the rules: as its committee switched
// them, at the stage in which it is, beside what else is kept. What a waiver lets
// stand is in Report.Waived, waivers whose words are gone in Report.Lapsed. source is
// the Markdown that doc was parsed from. The standard need not be kept yet. A text
// that is checked again soon takes only the time of what changed.
func (r *Registry) Findings(standard string, source []byte, doc *editor.Document) (check.Report, error) {
	return r.findingsAt(standard, "", false, source, doc)
}

// findingsAt is Findings for a stage that the standard is to enter; "" is the one in
// which it is. staged leaves out the rules that find the same at every stage.
func (r *Registry) findingsAt(standard string, stage Stage, staged bool, source []byte, doc *editor.Document) (check.Report, error) {
	var waivers []check.Waiver
	var switches []RuleSwitch
	o := check.Options{Stage: string(stage), Region: regionOf(doc.Header), Today: r.today(), Staged: staged}
	err := r.store.View(func(tx Tx) error {
		_, held, err := standards.find(tx, standard)
		if err != nil {
			return err
		}
		if !held {
			waivers, err = waiverTable.all(tx, unborn(standard))
			return err
		}
		if stage == "" {
			p, err := processAt(tx, standard)
			if err != nil {
				return err
			}
			o.Stage = string(p.Stage)
		}
		if waivers, err = waiverTable.all(tx, standard); err != nil {
			return err
		}
		switches, err = switchTable.all(tx, standard)
		return err
	})
	if err != nil {
		return check.Report{}, err
	}
	key := fmt.Sprintf("%s\x00%s\x00%s\x00%t", standard, o.Stage, o.Today, staged)
	o.Off, o.Severity = map[string]bool{}, map[string]editor.Severity{}
	for _, s := range switches {
		key += "\x00" + s.Rule + string(s.Severity)
		if s.Off() {
			o.Off[s.Rule] = true
		} else {
			o.Severity[s.Rule] = s.Severity
		}
	}
	library, err := r.library()
	if err != nil {
		return check.Report{}, err
	}
	o.Library = library
	return r.checkers.check(key, o, source, doc).Waive(source, waivers), nil
}

// Ahead is what the next step that looks at findings will ask of a text besides now,
// what Findings found in it: errors for the stage that it goes to and not for the one
// it is in. What a committee lets stand is not among them.
func (r *Registry) Ahead(standard string, now []editor.Finding, source []byte, doc *editor.Document) (Transition, []editor.Finding, error) {
	stage := StageDrafting
	p, err := r.Process(standard)
	if err == nil {
		stage = p.Stage
	} else if !Refused(err, NotFound) { // a text that was never submitted has no procedure yet
		return Transition{}, nil, err
	}
	i := slices.IndexFunc(Workflow, func(t Transition) bool { return t.Begins(stage) && slices.Contains(t.Gates, GateFindings) })
	if i < 0 {
		return Transition{}, nil, nil
	}
	then, err := r.findingsAt(standard, Workflow[i].To, true, source, doc)
	var out []editor.Finding
	for _, f := range then.Findings {
		known := slices.ContainsFunc(now, func(g editor.Finding) bool {
			return g.Rule == f.Rule && g.Start == f.Start && g.Message == f.Message && g.Severity == f.Severity
		})
		if f.Severity == editor.Error && !known {
			out = append(out, f)
		}
	}
	return Workflow[i], out, err
}

func regionOf(h editor.Header) string {
	if len(h.Regions) == 1 {
		return h.Regions[0]
	}
	return ""
}

// checkers remember what was found in the texts that were checked last.
type checkers struct {
	mu   sync.Mutex
	last []*keptChecker // the latest first
}

type keptChecker struct {
	mu      sync.Mutex
	key     string
	library check.Library
	*check.Checker
}

// manyCheckers is how many texts are remembered at a time; each takes about as much
// memory as the text three times over.
const manyCheckers = 16

func (k *checkers) check(key string, o check.Options, source []byte, doc *editor.Document) check.Report {
	k.mu.Lock()
	i := slices.IndexFunc(k.last, func(c *keptChecker) bool { return c.key == key && c.library == o.Library })
	var c *keptChecker
	if i >= 0 {
		c = k.last[i]
		k.last = slices.Delete(k.last, i, i+1)
	} else {
		c = &keptChecker{key: key, library: o.Library, Checker: check.New(o)}
	}
	k.last = slices.Insert(k.last, 0, c)
	k.last = k.last[:min(len(k.last), manyCheckers)]
	k.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.CheckParsed(source, doc)
}

// stock is what is kept, as the rules ask for it: all standards as of an event.
type stock struct {
	r       *Registry
	held    []Standard
	numbers map[string]int    // numberKey, with and without year → held
	after   map[string]string // numberKey → number of what replaces it

	mu    sync.Mutex
	known map[string]check.Known // by ID, with terms and body
	near  map[string][]check.Known
}

// library gives the stock of today; the same one as long as no standard changed.
func (r *Registry) library() (*stock, error) {
	held, err := r.held()
	if err != nil {
		return nil, err
	}
	r.stocks.mu.Lock()
	defer r.stocks.mu.Unlock()
	if last := r.stocks.last; last != nil && len(last.held) == len(held) && (len(held) == 0 || &last.held[0] == &held[0]) {
		return last, nil
	}
	s := &stock{r: r, held: held, numbers: map[string]int{}, after: map[string]string{}, known: map[string]check.Known{}, near: map[string][]check.Known{}}
	for i, k := range held {
		for _, n := range k.Header.Numbers {
			s.numbers[numberKey(n)] = i
			if base, _, dated := strings.Cut(numberKey(n), "-"); dated {
				if j, taken := s.numbers[base]; !taken || held[j].Header.Published < k.Header.Published {
					s.numbers[base] = i
				}
			}
		}
		for _, n := range k.Header.Replaces {
			s.after[numberKey(n)] = k.Header.Primary()
		}
	}
	r.stocks.last = s
	return s, nil
}

type stocks struct {
	mu   sync.Mutex
	last *stock
}

// Standard implements check.Library.
func (s *stock) Standard(number string) (check.Known, bool) {
	i, ok := s.numbers[numberKey(number)]
	if !ok {
		return check.Known{}, false
	}
	held := s.held[i]
	s.mu.Lock()
	defer s.mu.Unlock()
	if k, ok := s.known[held.ID]; ok {
		return k, true
	}
	k := s.about(held)
	if text, err := s.r.Text(Ref{Standard: held.ID}); err == nil {
		k.Body, k.Terms = check.Body(text.Document), map[string]string{}
		for c := range text.Document.All() {
			if c.Kind == editor.Term {
				k.Terms[c.Title] = c.Text
			}
		}
	}
	s.known[held.ID] = k
	return k, true
}

// about is what the header of a text says of it.
func (s *stock) about(held Standard) check.Known {
	h := held.Header
	k := check.Known{ID: held.ID, Number: h.Primary(), Title: h.Title, Kind: h.Kind, Status: h.Status, Effective: h.Effective}
	if len(h.Published) >= 4 {
		k.Year = h.Published[:4]
	}
	if by := s.after[numberKey(h.Primary())]; by != "" && numberKey(by) != numberKey(h.Primary()) {
		k.Superseded = by
	}
	return k
}

// Similar implements check.Library: titles by the pairs of characters that they share.
func (s *stock) Similar(title string) []check.Known {
	const alike, most = 0.6, 10
	s.mu.Lock()
	defer s.mu.Unlock()
	if list, ok := s.near[title]; ok {
		return list
	}
	type one struct {
		check.Known
		score float64
	}
	var list []one
	pairs := bigrams(title)
	for _, held := range s.held {
		if score := alikeness(pairs, bigrams(held.Header.Title)); score >= alike {
			list = append(list, one{s.about(held), score})
		}
	}
	slices.SortStableFunc(list, func(a, b one) int { return cmp.Compare(b.score, a.score) })
	out := []check.Known{}
	for _, k := range list[:min(len(list), most)] {
		out = append(out, k.Known)
	}
	if len(s.near) > 100 {
		clear(s.near)
	}
	s.near[title] = out
	return out
}

// bigrams are the pairs of neighbouring characters of a title, without blanks.
func bigrams(title string) map[[2]rune]bool {
	out := map[[2]rune]bool{}
	last := rune(0)
	for _, r := range title {
		if r == ' ' || r == '\u3000' {
			continue
		}
		if last != 0 {
			out[[2]rune{last, r}] = true
		}
		last = r
	}
	return out
}

// alikeness is the part of two sets that is in both, from 0 to 1 (Dice).
func alikeness(a, b map[[2]rune]bool) float64 {
	n := 0
	for p := range a {
		if b[p] {
			n++
		}
	}
	if len(a)+len(b) == 0 {
		return 0
	}
	return 2 * float64(n) / float64(len(a)+len(b))
}
