package editor

import (
	"slices"
	"strings"
	"sync"

	"tongbiao/schemas"
)

// Activity is something that an enterprise does and that clauses bind: the ID of
// the lexicon activities.tsv.
type Activity string

// Activities in the order of the work.
var Activities = []Activity{"accept", "sort", "transport", "deliver", "outlet", "locker", "hold", "cold", "border", "danger", "pack", "rights", "info", "staff", "safety", "peak", "care", "rural", "manage"}

// Role is what an enterprise is to the work.
type Role string

// Roles in the order in which they are offered.
var Roles = []Role{"hq", "branch", "terminal", "cabinet", "shipper", "platform", "carrier"}

// Match says by which word something was found, and where.
type Match struct {
	ID         string `json:"id"`              // of the Activity, the Role or the scale
	Word       string `json:"word"`            // of the lexicon
	Title      string `json:"title,omitempty"` // the heading that holds the word; "" where the text does
	Start, End int    `json:"-"`               // bytes of the text
}

// wordRule is one line of the lexicon.
type wordRule struct {
	ids    []string
	words  []string
	unless []string
}

// activityRules are the lexicon's lines by where they look.
var activityRules = sync.OnceValue(func() map[string][]wordRule {
	data, err := schemas.Lexicons.ReadFile("lexicons/activities.tsv")
	if err != nil {
		panic("editor: no lexicon of activities")
	}
	rules := map[string][]wordRule{}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(cells) < 3 {
			continue
		}
		r := wordRule{ids: strings.Fields(cells[0]), words: strings.Fields(cells[2])}
		if len(cells) > 3 {
			r.unless = strings.Fields(cells[3])
		}
		slices.SortStableFunc(r.words, func(a, b string) int { return len(b) - len(a) })
		rules[cells[1]] = append(rules[cells[1]], r)
	}
	return rules
})

// in finds the first place of a word of the rule that is part of none of the
// longer words which say something else.
func (r wordRule) in(text string) (word string, at int) {
	first := -1
	for _, w := range r.words {
		for from := 0; ; {
			i := strings.Index(text[from:], w)
			if i < 0 || first >= 0 && from+i >= first {
				break
			}
			i += from
			if !r.hidden(text, i, i+len(w)) {
				word, first = w, i
				break
			}
			from = i + len(w)
		}
	}
	return word, first
}

func (r wordRule) hidden(text string, start, end int) bool {
	for _, u := range r.unless {
		from := max(0, end-len(u))
		if i := strings.Index(text[from:min(len(text), start+len(u))], u); i >= 0 && from+i <= start && from+i+len(u) >= end {
			return true
		}
	}
	return false
}

// InField tells whether texts speak of the field at all: express service, post,
// freight. word says by what.
func InField(texts ...string) (word string, ok bool) {
	for _, t := range texts {
		for _, r := range activityRules()["field"] {
			if w, at := r.in(t); at >= 0 {
				return w, true
			}
		}
	}
	return "", false
}

// FindActivities says which activities a clause binds, in their order, each with
// the word that says so. titles are the headings above it and its own, outermost
// first. Two rules: the nearest heading that names an activity speaks for all
// that stands under it; and what the text itself names counts too.
func FindActivities(titles []string, text string) []Match {
	found := map[string]Match{}
	rules := activityRules()
	for _, title := range slices.Backward(titles) {
		for _, where := range []string{"title", "any"} {
			for _, r := range rules[where] {
				if w, at := r.in(title); at >= 0 {
					for _, id := range r.ids {
						if _, held := found[id]; !held {
							found[id] = Match{ID: id, Word: w, Title: title}
						}
					}
				}
			}
		}
		if len(found) > 0 {
			break
		}
	}
	for _, r := range rules["any"] {
		w, at := r.in(text)
		if at < 0 {
			continue
		}
		for _, id := range r.ids {
			if _, held := found[id]; !held {
				found[id] = Match{ID: id, Word: w, Start: at, End: at + len(w)}
			}
		}
	}
	var out []Match
	for _, a := range Activities {
		if m, ok := found[string(a)]; ok {
			out = append(out, m)
		}
	}
	return out
}

// Binding says whom the duties of a text bind.
type Binding struct {
	Modality Modality // the strongest that is not an organ's; "" of a mere statement
	Roles    []Match  // roles that its sentences begin with; none: whoever the standard applies to
	Organs   bool     // every duty is an organ's: it binds no enterprise
}

// FindBinding reads the duties of a text.
func FindBinding(text string) Binding {
	var b Binding
	duties := Modalities(text)
	organs := 0
	found := map[string]Match{}
	for _, f := range duties {
		if f.Actor != nil && f.Actor.Organ {
			organs++
			continue
		}
		if f.Modality.Strength() > b.Modality.Strength() {
			b.Modality = f.Modality
		}
		for _, r := range activityRules()["actor"] {
			if w, at := r.subject(text, f.Start); at >= 0 {
				for _, id := range r.ids {
					if _, held := found[id]; !held {
						found[id] = Match{ID: id, Word: w, Start: at, End: at + len(w)}
					}
				}
			}
		}
	}
	b.Organs = organs > 0 && organs == len(duties)
	for _, id := range Roles {
		if m, ok := found[string(id)]; ok {
			b.Roles = append(b.Roles, m)
		}
	}
	return b
}

// subject finds a name at the beginning of a part of the sentence that leads to
// the modal word at place end.
func (r wordRule) subject(text string, end int) (word string, at int) {
	start := max(strings.LastIndexAny(text[:end], "。；\n")+1, 0)
	for start > 0 && start < end && text[start]&0xc0 == 0x80 { // the last bytes of 。
		start++
	}
	parts := start
	for _, part := range strings.SplitAfter(text[start:end], "，") {
		for _, w := range r.words {
			if strings.HasPrefix(part, w) {
				return w, parts
			}
		}
		parts += len(part)
	}
	return "", -1
}

// Demands is the text of a clause without its notes and examples, which bind
// nobody; blanks stand in their place, so that places stay.
func (c *Clause) Demands() string {
	if !strings.Contains(c.Text, "注") && !strings.Contains(c.Text, "示例") {
		return c.Text
	}
	text := []byte(c.Text)
	for _, b := range c.Blocks() {
		if b.Kind == Note || b.Kind == Example {
			for i := b.Start; i < b.End; i++ {
				text[i] = ' '
			}
		}
	}
	return string(text)
}

// FindScale says to enterprises of which scale a clause is limited in words.
func FindScale(text string) []Match {
	var out []Match
	for _, r := range activityRules()["scale"] {
		if w, at := r.in(text); at >= 0 {
			out = append(out, Match{ID: r.ids[0], Word: w, Start: at, End: at + len(w)})
		}
	}
	return out
}
