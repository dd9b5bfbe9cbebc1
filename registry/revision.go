package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Revision is one text of a standard: immutable, and named by its hash. One
// that was published is an edition; its number and dates stand in Header.
type Revision struct {
	Standard string        `json:"standard"`
	Number   int           `json:"number"` // 1, 2, 3… in the order of arrival
	Text     string        `json:"text"`   // SHA-256 of the canonical Markdown, hex
	Parent   int           `json:"parent"` // the revision that it was made from; 0 for the first
	Author   string        `json:"author"` // Member.ID
	Time     time.Time     `json:"time"`
	Message  string        `json:"message"`
	Header   editor.Header `json:"header"`
	Clauses  []ClauseMark  `json:"clauses"`
	// Content is the hash of what the text says, whatever IDs its clauses were
	// given: the same regulation imported twice has one.
	Content string `json:"content"`
	// Parts names those whose words the revision took over though somebody else
	// submitted it; a clause that is not here is its Author's.
	Parts []Part `json:"parts,omitempty"`
}

// Part is a clause of a revision that is worded as somebody wanted it: who made a
// suggestion that was accepted, or a comment that was applied.
type Part struct {
	Clause string `json:"clause"` // Clause.ID; the clause may be gone: taking it away was the wish
	Author string `json:"author"` // Member.ID of whose words they are; "" for somebody who is no member
	Source string `json:"source"` // where it was asked: "suggestions/3" of the same standard, or "comments/c12"
	Reason string `json:"reason,omitempty"`
}

// ClauseMark identifies a clause across revisions and regions without its text.
type ClauseMark struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Hash   string `json:"hash"` // of title and text
}

// Ref is the place of the revision.
func (v Revision) Ref() Ref { return Ref{Standard: v.Standard, Revision: v.Number} }

var revisions = table[Revision]{"revision", "个版本"}

// Revisions are all texts of a standard, oldest arrival first.
func (r *Registry) Revisions(standard string) (list []Revision, err error) {
	err = r.store.View(func(tx Tx) error {
		if _, err := standards.get(tx, standard); err != nil {
			return err
		}
		list, err = revisions.all(tx, standard)
		return err
	})
	return list, err
}

// Revision finds one text; number 0 means the current one.
func (r *Registry) Revision(standard string, number int) (v Revision, err error) {
	err = r.store.View(func(tx Tx) error {
		v, err = revisionAt(tx, standard, number)
		return err
	})
	return v, err
}

func revisionAt(tx Tx, standard string, number int) (Revision, error) {
	if number == 0 {
		s, err := standards.get(tx, standard)
		if err != nil {
			return Revision{}, err
		}
		number = s.Current
	}
	return revisions.get(tx, standard, seq(uint64(number)))
}

// Text is a revision with its document.
type Text struct {
	Revision Revision
	Document *editor.Document
	Source   []byte // the canonical Markdown
}

// Text reads the text that a Ref names.
func (r *Registry) Text(ref Ref) (t Text, err error) {
	err = r.store.View(func(tx Tx) error {
		t, err = textAt(tx, ref)
		return err
	})
	return t, err
}

func textAt(tx Tx, ref Ref) (t Text, err error) {
	if t.Revision, err = revisionAt(tx, ref.Standard, ref.Revision); err != nil {
		return t, err
	}
	if t.Source, err = getText(tx, t.Revision.Text); err != nil {
		return t, fmt.Errorf("text of %s: %w", t.Revision.Ref(), err)
	}
	if t.Document, _, err = editor.Parse(t.Source); err != nil {
		return t, fmt.Errorf("text of %s: %w", t.Revision.Ref(), err)
	}
	return t, nil
}

// Submission is a text on its way into the registry.
type Submission struct {
	Standard string // ID; "" when the text names it itself
	Base     int    // the revision that the text was made from; 0 for a new standard
	Source   []byte // Markdown with front matter
	Message  string // what was changed and why
}

// Submit keeps a drafted text as a new revision. Where the standard moved on
// since Base the submission is refused as a Conflict and nothing is changed;
// the merge page helps then. The same text again is the same revision.
func (r *Registry) Submit(actor Member, s Submission) (Revision, []editor.Finding, error) {
	doc, findings, err := editor.Parse(s.Source)
	if err != nil {
		return Revision{}, nil, refuse(Invalid, "source", "正文第 %v。 The text cannot be read, line %v.", err, err)
	}
	if s.Standard == "" {
		s.Standard = nameOf(doc.Header)
	}
	if err := nameable(s.Standard); err != nil {
		return Revision{}, findings, err
	}
	if err := presentable(doc, s.Message); err != nil {
		return Revision{}, findings, err
	}
	var v Revision
	err = r.update(actor, func(c *change) error {
		before, held, err := c.admit(s.Standard, doc.Header)
		if err != nil {
			return err
		}
		if held && before.Current != s.Base {
			return refuse(Conflict, "base", "您改的是第 %d 版，现在已有第 %d 版：请先合并。 You changed revision %d; revision %d has come since: merge first.", s.Base, before.Current, s.Base, before.Current)
		}
		if !held && s.Base != 0 {
			return refuse(NotFound, "base", "没有这项标准：%s。 There is no such standard.", s.Standard)
		}
		doc.Header.ID = s.Standard
		v, _, err = c.keep(doc, s.Message, SubmitRevision)
		return err
	})
	return v, findings, err
}

// presentable refuses a text without title, and one that nobody says a word to.
func presentable(doc *editor.Document, message string) error {
	if strings.TrimSpace(doc.Header.Title) == "" {
		return refuse(Invalid, "source", "正文头部缺少 title（名称）。 The front matter has no title.")
	}
	if strings.TrimSpace(message) == "" {
		return refuse(Invalid, "message", "请写明改了什么、为什么改。 Say what was changed and why.")
	}
	return within("message", message, maxMessage)
}

// admit refuses a drafted text that the actor may not make a standard's next
// revision, or that nobody may now. It returns the standard where it is held.
func (c *change) admit(standard string, h editor.Header) (before Standard, held bool, err error) {
	if err := assembled(c.Tx, standard); err != nil {
		return before, false, err
	}
	if before, held, err = standards.find(c.Tx, standard); err != nil {
		return before, false, err
	}
	// Both what it was and what it becomes must be the member's to write.
	if held {
		if err := May(c.actor, SubmitRevision, before.Header.Regions...); err != nil {
			return before, held, err
		}
	}
	if err := May(c.actor, SubmitRevision, h.Regions...); err != nil {
		return before, held, err
	}
	return before, held, frozen(c.Tx, standard)
}

// canonical is a document that was put together from parts as it will be read
// again: words that a person wrote into a clause are text of that clause and
// nothing else.
func canonical(doc *editor.Document) (*editor.Document, error) {
	read, _, err := editor.Parse(editor.Write(doc))
	if err != nil {
		return nil, refuse(Invalid, "source", "合成的正文第 %v。 The text put together cannot be read, line %v.", err, err)
	}
	return read, nil
}

// keep stores a document as the next revision of doc.Header.ID, makes it the
// current one where it is the newest, and logs verb. A text that is held
// already is returned as it is, with kept false: for an import any revision
// counts, for a draft the current one (going back to an older text is news).
// An imported text takes over the IDs of the clauses that it shares with the
// one before. parts are those whose words are not the actor's own.
func (c *change) keep(doc *editor.Document, message string, verb Verb, parts ...Part) (v Revision, kept bool, err error) {
	id := doc.Header.ID
	if err := nameable(id); err != nil {
		return v, false, err
	}
	s, held, err := standards.find(c.Tx, id)
	if err != nil {
		return v, false, err
	}
	content := contentOf(doc)
	known, err := revisions.all(c.Tx, id)
	if err != nil {
		return v, false, err
	}
	for _, k := range known {
		if k.Content == content && (verb == ImportText || k.Number == s.Current) {
			return k, false, nil
		}
	}
	if verb == ImportText && held {
		before, err := textAt(c.Tx, Ref{Standard: id})
		if err != nil {
			return v, false, err
		}
		if !older(Revision{Header: doc.Header}, before.Revision) { // it would be the current text; older editions may always come
			if err := frozen(c.Tx, id); err != nil {
				return v, false, err
			}
		}
		compare.CarryIDs(before.Document, doc)
	}
	source := editor.Write(doc)
	if len(source) > editor.MaxBytes {
		return v, false, refuse(Invalid, "source", "加上条款标识后文本超过 %d MB：请分成几个部分。 With its clause ids the text is over %d MB: divide it into parts.", editor.MaxBytes>>20, editor.MaxBytes>>20)
	}
	hash, err := putText(c, source)
	if err != nil {
		return v, false, err
	}
	if !held {
		s = Standard{ID: id, Created: c.r.now().UTC().Truncate(time.Second)}
	}
	v = Revision{
		Standard: id, Number: s.Revisions + 1, Text: hash, Parent: s.Current, Author: c.actor.ID,
		Time: c.r.now().UTC().Truncate(time.Second), Message: message, Header: doc.Header, Clauses: marks(doc), Content: content,
		Parts: parts,
	}
	if err := revisions.put(c, v, id, seq(uint64(v.Number))); err != nil {
		return v, false, err
	}
	s.Revisions++
	current, err := revisionIfHeld(c.Tx, s)
	if err != nil {
		return v, false, err
	}
	if current == nil || !older(v, *current) {
		s.Current, s.Header, s.Clauses = v.Number, v.Header, len(v.Clauses)
	}
	if err := standards.put(c, s, id); err != nil {
		return v, false, err
	}
	data := map[string]any{
		"title": doc.Header.Title, "number": doc.Header.Numbers, "region": doc.Header.Regions,
		"text": hash, "parent": v.Parent, "message": message, "current": s.Current,
	}
	if len(parts) > 0 {
		data["parts"] = parts
	}
	return v, true, c.log(verb, "standards/"+v.Ref().String(), data)
}

func revisionIfHeld(tx Tx, s Standard) (*Revision, error) {
	if s.Current == 0 {
		return nil, nil
	}
	v, err := revisionAt(tx, s.ID, s.Current)
	return &v, err
}

// older tells whether a was published before b. A text without date of
// publication is as new as its arrival.
func older(a, b Revision) bool {
	x, y := a.Header.Published, b.Header.Published
	return x != "" && y != "" && x < y
}

func contentOf(doc *editor.Document) string {
	h := sha256.New()
	h.Write(editor.Write(&editor.Document{Header: doc.Header}))
	for c := range doc.All() {
		fmt.Fprintf(h, "%q %q %q\n", c.Kind, c.Number, c.Hash())
	}
	return hex.EncodeToString(h.Sum(nil))
}

func marks(doc *editor.Document) []ClauseMark {
	var out []ClauseMark
	for c := range doc.All() {
		out = append(out, ClauseMark{c.ID, c.Number, c.Hash()})
	}
	return out
}

// Changes compares two texts clause by clause; they may be revisions of one
// standard or of two.
func (r *Registry) Changes(a, b Ref) (compare.Changes, Text, Text, error) {
	before, err := r.Text(a)
	if err != nil {
		return compare.Changes{}, before, before, err
	}
	after, err := r.Text(b)
	if err != nil {
		return compare.Changes{}, before, after, err
	}
	return compare.Revisions(before.Document, after.Document), before, after, nil
}

// Merge brings a text that was made from an older revision together with what
// the standard has become since: clause by clause, losing nothing.
func (r *Registry) Merge(standard string, base int, source []byte) (merged *editor.Document, conflicts []compare.Conflict, current Revision, err error) {
	mine, _, err := editor.Parse(source)
	if err != nil {
		return nil, nil, current, refuse(Invalid, "source", "正文第 %v。 The text cannot be read, line %v.", err, err)
	}
	err = r.store.View(func(tx Tx) error {
		merged, conflicts, current, err = mergeOnto(tx, standard, base, mine)
		return err
	})
	return merged, conflicts, current, err
}

// mergeOnto merges a document that was made from revision base with the current
// one.
func mergeOnto(tx Tx, standard string, base int, mine *editor.Document) (*editor.Document, []compare.Conflict, Revision, error) {
	old, err := textAt(tx, Ref{Standard: standard, Revision: base})
	if err != nil {
		return nil, nil, Revision{}, err
	}
	theirs, err := textAt(tx, Ref{Standard: standard})
	if err != nil {
		return nil, nil, Revision{}, err
	}
	merged, conflicts := compare.Merge(old.Document, mine, theirs.Document)
	merged, err = canonical(merged)
	return merged, conflicts, theirs.Revision, err
}

// Label is a revision as people call it: its number and year where it is an
// edition, otherwise 第 n 版.
func (v Revision) Label() string {
	if n := v.Header.Primary(); n != "" {
		return n + " · 第 " + strconv.Itoa(v.Number) + " 版"
	}
	return "第 " + strconv.Itoa(v.Number) + " 版"
}
