package registry

import (
	"fmt"
	"strings"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Suggestion asks that clauses of a standard be changed. Whoever is signed in may
// make one; who may write the standard accepts or rejects it clause by clause.
// What is accepted becomes a revision at once, not a part of somebody's working
// copy: so "accepted" always means that it stands in the text, and the revision
// names whose words they are (Part).
type Suggestion struct {
	Standard string            `json:"standard"`
	Number   int               `json:"number"`  // 1, 2, 3… of the standard
	Base     int               `json:"base"`    // the revision that it was written against
	Message  string            `json:"message"` // what it is for
	Author   string            `json:"author"`  // Member.ID
	Region   string            `json:"region"`  // of the author, when it was made
	Time     time.Time         `json:"time"`
	Changes  []SuggestedChange `json:"changes"`
	Version  int               `json:"version"` // grows with every decision
}

// SuggestedChange is what a suggestion wants of one clause.
type SuggestedChange struct {
	Clause string          `json:"clause"`           // Clause.ID
	Number string          `json:"number,omitempty"` // of the clause in Base
	Was    Words           `json:"was"`              // in Base
	Wanted Words           `json:"wanted"`           //
	State  SuggestionState `json:"state"`
	Reason string          `json:"reason,omitempty"` // of the decision
	By     string          `json:"by,omitempty"`     // Member.ID of who decided
	At     time.Time       `json:"at,omitzero"`      // of the decision
	In     int             `json:"in,omitempty"`     // the revision in which it stands, where it was accepted
}

// Words are what a clause says itself: its title and its Markdown.
type Words struct {
	Title string `json:"title,omitempty"`
	Text  string `json:"text"`
}

func wordsOf(c *editor.Clause) Words { return Words{c.Title, c.Text} }

// SuggestionState of one change of a suggestion.
type SuggestionState string

const (
	SuggestionOpen      SuggestionState = "open"
	SuggestionAccepted  SuggestionState = "accepted"
	SuggestionRejected  SuggestionState = "rejected"
	SuggestionWithdrawn SuggestionState = "withdrawn"
)

// Bounds of suggestions.
const (
	maxSuggestedClauses = 40        // clauses of one suggestion
	maxSuggestedText    = 64 << 10  // bytes of one clause's text
	maxSuggested        = 256 << 10 // bytes of all texts of one suggestion
	maxOpenSuggestions  = 200       // open ones of one member on one standard
)

var suggestions = table[Suggestion]{"suggestion", "条修改建议"}

// Open counts the changes that nobody has decided on.
func (s Suggestion) Open() (n int) {
	for _, c := range s.Changes {
		if c.State == SuggestionOpen {
			n++
		}
	}
	return n
}

// source is how a revision's Part names the suggestion.
func (s Suggestion) source() string { return fmt.Sprintf("suggestions/%d", s.Number) }

// Suggest keeps a suggestion; the caller gives Standard, Base (0: the current
// revision), Message, and of each change Clause and Wanted. A clause that is
// wanted as it is is left out.
func (r *Registry) Suggest(actor Member, s Suggestion) (Suggestion, error) {
	if err := May(actor, Suggest); err != nil {
		return s, err
	}
	s.Message = strings.TrimSpace(s.Message)
	if s.Message == "" {
		return s, refuse(Invalid, "message", "请写明为什么这样改。 Say why it should be changed.")
	}
	if err := within("message", s.Message, maxMessage); err != nil {
		return s, err
	}
	if len(s.Changes) > maxSuggestedClauses {
		return s, refuse(Invalid, "", "一条建议最多改 %d 条：请分成几条。 One suggestion changes at most %d clauses: make several.", maxSuggestedClauses, maxSuggestedClauses)
	}
	err := r.update(actor, func(c *change) error {
		base, err := textAt(c.Tx, Ref{Standard: s.Standard, Revision: s.Base})
		if err != nil {
			return err
		}
		if err := assembled(c.Tx, s.Standard); err != nil {
			return err
		}
		s.Base = base.Revision.Number
		if s.Changes, err = suggestedChanges(base.Document, s.Changes); err != nil {
			return err
		}
		held, err := suggestions.all(c.Tx, s.Standard)
		if err != nil {
			return err
		}
		open := 0
		for _, k := range held {
			if k.Author == actor.ID && k.Open() > 0 {
				open++
			}
		}
		if open >= maxOpenSuggestions {
			return refuse(Invalid, "", "您对这项标准已有 %d 条未处理的建议：请先撤回几条。 You have %d open suggestions on this standard: withdraw some first.", open, open)
		}
		s.Number, s.Version = len(held)+1, 1
		s.Author, s.Region, s.Time = actor.ID, actor.Region, r.now().UTC().Truncate(time.Second)
		if err := suggestions.put(c, s, s.Standard, seq(uint64(s.Number))); err != nil {
			return err
		}
		return c.log(Suggest, s.object(), map[string]any{"suggestion": s.Number, "message": s.Message, "clauses": s.clauses()})
	})
	return s, err
}

func (s Suggestion) object() string {
	return "standards/" + Ref{Standard: s.Standard, Revision: s.Base}.String()
}

func (s Suggestion) clauses() (ids []string) {
	for _, c := range s.Changes {
		ids = append(ids, c.Clause)
	}
	return ids
}

// suggestedChanges takes what is wanted against a text.
func suggestedChanges(doc *editor.Document, wanted []SuggestedChange) (list []SuggestedChange, err error) {
	seen, size := map[string]bool{}, 0
	for _, w := range wanted {
		if size += len(w.Wanted.Text); size > maxSuggested {
			return nil, refuse(Invalid, "text", "一条建议的条文合计最多 %d KB：请分成几条。 The texts of one suggestion have at most %d KB together: make several.", maxSuggested>>10, maxSuggested>>10)
		}
		clause := doc.Clause(w.Clause)
		if clause == nil || seen[w.Clause] {
			return nil, refuse(Invalid, "clause", "没有这一条，或者写了两次：%s。 There is no such clause, or it is there twice: %s.", w.Clause, w.Clause)
		}
		seen[w.Clause] = true
		words := Words{strings.TrimSpace(w.Wanted.Title), strings.TrimSpace(w.Wanted.Text)}
		if err := line("title", words.Title); err != nil {
			return nil, err
		}
		if err := within("text", words.Text, maxSuggestedText); err != nil {
			return nil, err
		}
		if words != wordsOf(clause) {
			list = append(list, SuggestedChange{Clause: w.Clause, Number: clause.Number, Was: wordsOf(clause), Wanted: words, State: SuggestionOpen})
		}
	}
	if len(list) == 0 {
		return nil, refuse(Invalid, "text", "没有改动：请在条文里改好再提交。 Nothing is changed: change the text of a clause first.")
	}
	return list, nil
}

// Suggestion finds one.
func (r *Registry) Suggestion(standard string, number int) (s Suggestion, err error) {
	err = r.store.View(func(tx Tx) error {
		s, err = suggestions.get(tx, standard, seq(uint64(number)))
		return err
	})
	return s, err
}

// Suggestions are all that were made on a standard, oldest first.
func (r *Registry) Suggestions(standard string) (list []Suggestion, err error) {
	err = r.store.View(func(tx Tx) error {
		if _, err := standards.get(tx, standard); err != nil {
			return err
		}
		list, err = suggestions.all(tx, standard)
		return err
	})
	return list, err
}

// Meets says what a suggested change finds when it comes to its clause.
type Meets string

const (
	MeetsNothing Meets = "nothing" // the clause is as the suggestion found it
	MeetsApart   Meets = "apart"   // the clause was changed elsewhere: both can be taken
	MeetsClash   Meets = "clash"   // the same words were changed: the editor has to write the text
	MeetsSame    Meets = "same"    // the clause says already what is wanted
	MeetsGone    Meets = "gone"    // there is no such clause any more
)

// Met says what a suggested change would make of its clause as it is now.
type Met struct {
	Meets   Meets
	Clause  *editor.Clause // as it is now, whatever its number; nil when it is gone
	Becomes Words          // what it would say; with a Clash, what is wanted
}

// Meet holds a suggested change against the text as it is now.
func (c SuggestedChange) Meet(now *editor.Document) Met {
	clause := now.Clause(c.Clause)
	if clause == nil {
		return Met{Meets: MeetsGone, Becomes: c.Wanted}
	}
	is := wordsOf(clause)
	m := Met{Clause: clause, Becomes: c.Wanted}
	switch is {
	case c.Was:
		m.Meets = MeetsNothing
		return m
	case c.Wanted:
		m.Meets = MeetsSame
		return m
	}
	m.Meets = MeetsApart
	switch {
	case is.Title == c.Wanted.Title, is.Title == c.Was.Title:
	case c.Wanted.Title == c.Was.Title:
		m.Becomes.Title = is.Title
	default:
		m.Meets = MeetsClash
	}
	pieces := compare.Weave(c.Was.Text, c.Wanted.Text, is.Text)
	if m.Meets == MeetsClash || !compare.Apart(pieces) {
		return Met{MeetsClash, clause, c.Wanted}
	}
	m.Becomes.Text = compare.WovenText(pieces, nil)
	return m
}

// Ruling on one clause of a suggestion.
type Ruling struct {
	Clause string
	Accept bool
	Reason string // obliged where it is rejected
	// Words is the text that is taken where the editor wrote it, as a Clash
	// asks; nil takes what the suggestion makes of the clause.
	Words *Words
}

// DecideSuggestion accepts and rejects changes of a suggestion. What is accepted
// in one call becomes one revision; it is empty where nothing was accepted, or
// where the text says so already. version is the suggestion's.
func (r *Registry) DecideSuggestion(actor Member, standard string, number, version int, rulings []Ruling) (s Suggestion, v Revision, err error) {
	err = r.update(actor, func(c *change) error {
		if s, err = suggestions.get(c.Tx, standard, seq(uint64(number))); err != nil {
			return err
		}
		now, err := textAt(c.Tx, Ref{Standard: standard})
		if err != nil {
			return err
		}
		if err := May(actor, DecideSuggested, now.Document.Header.Regions...); err != nil {
			return err
		}
		if s.Version != version {
			return refuse(Conflict, "version", "这条建议刚刚有人处理过：请看现在的状态。 Somebody has just dealt with this suggestion: look at it as it is now.")
		}
		parts, err := s.decide(c, now.Document, rulings)
		if err != nil {
			return err
		}
		if len(parts) > 0 {
			if v, err = c.accept(s, now, parts); err != nil {
				return err
			}
			for i := range s.Changes {
				if s.Changes[i].State == SuggestionAccepted && s.Changes[i].In == 0 {
					s.Changes[i].In = v.Number
				}
			}
		}
		s.Version++
		if err := suggestions.put(c, s, standard, seq(uint64(number))); err != nil {
			return err
		}
		said := []map[string]any{}
		for _, d := range rulings {
			said = append(said, map[string]any{"clause": d.Clause, "accept": d.Accept, "reason": d.Reason})
		}
		return c.log(DecideSuggested, s.object(), map[string]any{"suggestion": number, "author": s.Author, "rulings": said, "revision": v.Number})
	})
	return s, v, err
}

// decide notes the rulings, writes what is accepted into a document, and gives
// the parts of the revision that it is to be.
func (s *Suggestion) decide(c *change, doc *editor.Document, rulings []Ruling) (parts []Part, err error) {
	if len(rulings) == 0 {
		return nil, refuse(Invalid, "", "请至少对一条作出决定。 Decide on one clause at least.")
	}
	for i, d := range rulings {
		k := s.change(d.Clause)
		if k == nil || k.State != SuggestionOpen {
			return nil, refuse(Conflict, "", "这一条已经处理过，或者不在建议里：%s。 This clause was decided on, or is none of the suggestion: %s.", d.Clause, d.Clause)
		}
		d.Reason = strings.TrimSpace(d.Reason)
		rulings[i].Reason = d.Reason
		if err := within("reason", d.Reason, maxMessage); err != nil {
			return nil, err
		}
		k.Reason, k.By, k.At = d.Reason, c.actor.ID, c.r.now().UTC().Truncate(time.Second)
		if !d.Accept {
			if d.Reason == "" {
				return nil, refuse(Invalid, "reason", "不采纳请写明理由。 Say why it is rejected.")
			}
			k.State = SuggestionRejected
			continue
		}
		if err := k.write(doc, d.Words); err != nil {
			return nil, err
		}
		k.State = SuggestionAccepted
		parts = append(parts, Part{Clause: k.Clause, Author: s.Author, Source: s.source(), Reason: d.Reason})
	}
	return parts, nil
}

func (s *Suggestion) change(clause string) *SuggestedChange {
	for i := range s.Changes {
		if s.Changes[i].Clause == clause {
			return &s.Changes[i]
		}
	}
	return nil
}

// write puts an accepted change into the text.
func (c SuggestedChange) write(doc *editor.Document, written *Words) error {
	m := c.Meet(doc)
	switch {
	case m.Meets == MeetsGone:
		return refuse(Conflict, "", "条款 %s 已不在现行文本里：请驳回，或者另行起草。 Clause %s is no longer in the text: reject it, or draft it anew.", c.Clause, c.Clause)
	case written != nil:
		m.Becomes = Words{strings.TrimSpace(written.Title), strings.TrimSpace(written.Text)}
		if err := line("title", m.Becomes.Title); err != nil {
			return err
		}
		if err := within("text", m.Becomes.Text, maxSuggestedText); err != nil {
			return err
		}
	case m.Meets == MeetsClash:
		return refuse(Conflict, "text", "条款 %s 在建议提出之后改过同样的字句：请写出要采用的文字。 The same words of clause %s were changed after the suggestion: write the text that is to stand.", c.Clause, c.Clause)
	}
	m.Clause.Title, m.Clause.Text = m.Becomes.Title, m.Becomes.Text
	return nil
}

// accept makes a revision of what was accepted.
func (c *change) accept(s Suggestion, now Text, parts []Part) (Revision, error) {
	doc := now.Document
	if _, _, err := c.admit(s.Standard, doc.Header); err != nil {
		return Revision{}, err
	}
	doc, err := canonical(doc)
	if err != nil {
		return Revision{}, err
	}
	doc.Header.ID = s.Standard
	message := fmt.Sprintf("采纳修改建议 %d：%s", s.Number, s.Message)
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage-3], "") + "…"
	}
	v, _, err := c.keep(doc, message, SubmitRevision, parts...)
	return v, err
}

// WithdrawSuggestion takes back what is open of the actor's own suggestion.
func (r *Registry) WithdrawSuggestion(actor Member, standard string, number, version int) (s Suggestion, err error) {
	if err := May(actor, DropSuggestion); err != nil {
		return s, err
	}
	err = r.update(actor, func(c *change) error {
		if s, err = suggestions.get(c.Tx, standard, seq(uint64(number))); err != nil {
			return err
		}
		if s.Author != actor.ID {
			return refuse(Forbidden, "", "只能撤回自己的建议。 You can withdraw your own suggestions only.")
		}
		if s.Version != version || s.Open() == 0 {
			return refuse(Conflict, "version", "这条建议刚刚有人处理过：请看现在的状态。 Somebody has just dealt with this suggestion: look at it as it is now.")
		}
		for i := range s.Changes {
			if k := &s.Changes[i]; k.State == SuggestionOpen {
				k.State, k.By, k.At = SuggestionWithdrawn, actor.ID, r.now().UTC().Truncate(time.Second)
			}
		}
		s.Version++
		if err := suggestions.put(c, s, standard, seq(uint64(number))); err != nil {
			return err
		}
		return c.log(DropSuggestion, s.object(), map[string]any{"suggestion": number})
	})
	return s, err
}
