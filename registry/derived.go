package registry

import (
	"slices"

	"tongbiao/editor"
	"tongbiao/editor/derive"
)

// Derived is what a text says about itself, read off and proposed. Nothing of it
// stands in the text before a person puts it there.
type Derived struct {
	Document   *editor.Document
	Revision   int          // the revision that it was derived from, or that the copy was made from
	Working    *WorkingCopy // the actor's copy that it was derived from; nil for the current revision
	Replaces   string       // the edition that the foreword was compared with; "" for none
	Contents   derive.Contents
	Terms      []derive.Term
	Index      []derive.Entry
	English    []derive.Entry // the index of English equivalents
	Foreword   derive.Proposal
	References derive.Proposal
}

// Proposal is the one for a clause; ok is false where there is none for it.
func (d Derived) Proposal(clause string) (p derive.Proposal, ok bool) {
	for _, p := range []derive.Proposal{d.Foreword, d.References} {
		if p.Clause == clause {
			return p, true
		}
	}
	return p, false
}

// Derived reads the actor's working copy of a standard, or its current revision
// where the actor has none.
func (r *Registry) Derived(actor Member, standard string) (d Derived, err error) {
	if actor.ID != "" {
		w, err := r.WorkingCopy(actor, standard)
		switch {
		case err == nil:
			d.Working, d.Revision = &w, w.Base
			if d.Document, _, err = editor.Parse(w.Source); err != nil {
				return d, refuse(Invalid, "source", "您的工作稿第 %v：请先改好。 Your working copy cannot be read, line %v: mend it first.", err, err)
			}
		case !Refused(err, NotFound):
			return d, err
		}
	}
	if d.Working == nil {
		text, err := r.Text(Ref{Standard: standard})
		if err != nil {
			return d, err
		}
		d.Document, d.Revision = text.Document, text.Revision.Number
	}
	library, err := r.library()
	if err != nil {
		return d, err
	}
	old, err := r.replaced(standard, d.Document.Header)
	if err != nil {
		return d, err
	}
	if old != nil {
		d.Replaces = old.Header.Primary()
	}
	d.Contents, d.Terms = derive.ContentsOf(d.Document), derive.Terms(d.Document)
	d.Index, d.English = derive.Index(d.Document, false), derive.Index(d.Document, true)
	d.Foreword, d.References = derive.Foreword(d.Document, old), derive.References(d.Document, library)
	return d, nil
}

// replaced is the edition that a text replaces: the one that its header names,
// among the standard's own revisions or of another standard, or the newest
// edition of the standard that bears another number. Nil when there is none.
func (r *Registry) replaced(standard string, h editor.Header) (*editor.Document, error) {
	list, err := r.Revisions(standard)
	if err != nil && !Refused(err, NotFound) {
		return nil, err
	}
	var at Ref
	for _, v := range lineage(list) {
		edition := v.Header.Primary()
		switch {
		case edition == "" || numberKey(edition) == numberKey(h.Primary()):
		case len(h.Replaces) == 0 && v.Header.Published != "",
			slices.ContainsFunc(h.Replaces, func(n string) bool { return numberKey(n) == numberKey(edition) }):
			at = v.Ref()
		}
	}
	if at.Standard == "" && len(h.Replaces) > 0 {
		library, err := r.library()
		if err != nil {
			return nil, err
		}
		if k, ok := library.Standard(h.Replaces[0]); ok && k.ID != standard {
			at = Ref{Standard: k.ID}
		}
	}
	if at.Standard == "" {
		return nil, nil
	}
	text, err := r.Text(at)
	return text.Document, err
}

// ApplyDerived puts a proposed text, as a person left it, into the actor's working
// copy. seen is the copy that the proposal was made from; nil where there was
// none, and one is opened.
func (r *Registry) ApplyDerived(actor Member, standard, clause string, seen *uint64, text string) (WorkingCopy, error) {
	if err := within("text", text, maxUnified); err != nil {
		return WorkingCopy{}, err
	}
	d, err := r.Derived(actor, standard)
	if err != nil {
		return WorkingCopy{}, err
	}
	p, ok := d.Proposal(clause)
	if !ok {
		return WorkingCopy{}, refuse(NotFound, "clause", "没有对这一条的建议：%s。 There is no proposal for this clause: %s.", clause, clause)
	}
	var w WorkingCopy
	switch {
	case d.Working != nil && seen == nil:
		return *d.Working, d.Working.hold(d.Working.Version+1, false) // opened meanwhile: never written over
	case d.Working != nil:
		w = *d.Working
		w.Version = *seen
	default:
		if w, err = r.StartWorking(actor, standard, 0); err != nil {
			return w, err
		}
	}
	return r.SaveWorking(actor, standard, w.Version, editor.Write(derive.Apply(d.Document, p, text)))
}
