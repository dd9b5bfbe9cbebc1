package registry

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"tongbiao/editor"
)

// dutyText is a text as applicability reads it: its clauses that bind somebody
// who is no organ.
type dutyText struct {
	scope   string
	clauses []dutyClause
}

type dutyClause struct {
	id, number, text, hash, field string
	titles, quantities            []string
	activities                    []editor.Match
	binding                       editor.Binding
	scale                         []editor.Match
}

// dutyTexts keeps texts as they were read, by what they say. Reading is what
// takes the time of the first question.
type dutyTexts struct {
	mu   sync.Mutex
	held map[string]*dutyText
}

// heldDuties bounds what is kept; a full memory starts anew.
const heldDuties = 4000

func (k *dutyTexts) read(tx Tx, standard string, revision int) (*dutyText, error) {
	v, err := revisionAt(tx, standard, revision)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	got := k.held[v.Text]
	k.mu.Unlock()
	if got != nil {
		return got, nil
	}
	t, err := textAt(tx, v.Ref())
	if err != nil {
		return nil, err
	}
	got = readDuties(t.Document)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.held == nil || len(k.held) >= heldDuties {
		k.held = map[string]*dutyText{}
	}
	k.held[v.Text] = got
	return got, nil
}

// readDuties finds the clauses of a text that bind. A text belongs to the field by
// its title or its scope; of any other, only clauses that speak of the field
// themselves count.
func readDuties(doc *editor.Document) *dutyText {
	out := &dutyText{scope: scopeOf(doc)}
	whole, _ := editor.InField(doc.Header.Title, out.scope)
	citations := sync.OnceValue(doc.Citations)
	var walk func(list []*editor.Clause, titles []string)
	walk = func(list []*editor.Clause, titles []string) {
		for _, c := range list {
			if !bindsAtAll(c) {
				continue
			}
			own := titles
			if c.Title != "" {
				own = append(slices.Clone(titles), c.Title)
			}
			if d, ok := dutyOf(c, own, whole); ok {
				d.text = editor.Cite(d.text, func(id string) string { return citations()[id] })
				out.clauses = append(out.clauses, d)
			}
			walk(c.Clauses, own)
		}
	}
	walk(doc.Clauses, nil)
	return out
}

// bindsAtAll leaves out what never binds: forewords, scope, references, terms,
// informative annexes, and how a text is proved.
func bindsAtAll(c *editor.Clause) bool {
	switch c.Kind {
	case editor.Preamble, editor.Foreword, editor.Introduction, editor.Term, editor.Bibliography, editor.Index:
		return false
	}
	switch c.Title {
	case "范围", "规范性引用文件", "术语和定义", "附则", "法律责任", "证实方法":
		return false
	}
	return !c.Informative
}

func dutyOf(c *editor.Clause, titles []string, field string) (d dutyClause, ok bool) {
	if strings.TrimSpace(c.Text) == "" {
		return d, false
	}
	if field == "" {
		if field, ok = editor.InField(c.Text); !ok {
			return d, false
		}
	}
	text := c.Demands()
	d = dutyClause{id: c.ID, number: c.Number, titles: titles, text: c.Text, hash: c.Hash(), field: field}
	if d.activities = editor.FindActivities(titles, text); len(d.activities) == 0 {
		return d, false
	}
	if d.binding = editor.FindBinding(text); d.binding.Organs || d.binding.Modality == "" {
		return d, false
	}
	d.scale = editor.FindScale(text)
	for _, q := range editor.Quantities(text) {
		d.quantities = append(d.quantities, text[q.Start:q.End])
	}
	return d, true
}

// scopeOf is the sentence that says to whom or what a text applies.
func scopeOf(doc *editor.Document) string {
	n := 0
	for c := range doc.All() {
		if c.Text == "" || c.Kind == editor.Foreword || c.Kind == editor.Preamble {
			continue
		}
		for _, w := range []string{"适用于", "适用本", "应当遵守本"} {
			if i := strings.Index(c.Text, w); i >= 0 {
				start := max(strings.LastIndex(c.Text[:i], "。")+len("。"), strings.LastIndex(c.Text[:i], "\n")+1)
				if strings.LastIndex(c.Text[:i], "。") < 0 {
					start = strings.LastIndex(c.Text[:i], "\n") + 1
				}
				end := len(c.Text)
				if j := strings.IndexAny(c.Text[i:], "。\n"); j >= 0 {
					end = i + j
				}
				return strings.TrimSpace(c.Text[start:end]) + "。"
			}
		}
		if n++; n == 8 {
			break
		}
	}
	return ""
}

// inForceAt finds the revision of a standard that is in force on a day. undated
// says that the text names no date: it is taken to be in force unless its header
// says otherwise.
func inForceAt(tx Tx, s Standard, day string) (revision int, undated, ok bool, err error) {
	_, recorded, err := processes.find(tx, s.ID)
	if err != nil {
		return 0, false, false, err
	}
	over, gone, err := supersessions.find(tx, numberKey(s.Header.Primary()))
	if err != nil || gone && s.Header.Primary() != "" && over.Standard != s.ID && over.From <= day {
		return 0, false, false, err
	}
	h := s.Header
	if s.Revisions == 1 && !recorded {
		from := cmp.Or(h.Effective, h.Published)
		return s.Current, from == "", h.Status != "draft" && h.Status != "consultation" && h.Status != "superseded" && h.Status != "withdrawn" && from <= day, nil
	}
	list, err := holdingAt(tx, s.ID, day)
	if err != nil {
		return 0, false, false, err
	}
	var best Issued
	for _, i := range list {
		if i.Status == "in-force" && (!ok || i.Effective >= best.Effective) {
			best, ok = i, true
		}
	}
	if ok || len(list) > 0 || recorded {
		return best.Revision, false, ok, nil
	}
	return s.Current, true, h.Status == "" || h.Status == "in-force", nil
}
