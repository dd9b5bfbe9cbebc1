package registry

import (
	"crypto/sha256"
	"sync"
	"time"

	"tongbiao/editor/compare"
)

// Blame says of each sentence of a text who brought it, when, why, and what
// became of it since.
type Blame struct {
	Revision  Revision `json:"-"`
	Sentences []Blamed `json:"sentences"`
}

// Blamed is a sentence or a title with its past: the hand that brought it, and
// those that changed its words or its place since, oldest first.
type Blamed struct {
	compare.Sentence
	Brought Hand         `json:"brought"`
	Changes []Hand       `json:"changes,omitempty"` // the last maxHands of them
	From    *DraftSource `json:"from,omitempty"`    // in a unified draft: the region's sentence that it was made of
}

// Last is the hand that gave the sentence its words of today.
func (b Blamed) Last() Hand {
	if n := len(b.Changes); n > 0 {
		return b.Changes[n-1]
	}
	return b.Brought
}

// Deed is what a hand did to a sentence.
type Deed string

const (
	DeedBrought  Deed = "brought"
	DeedReworded Deed = "reworded"
	DeedMoved    Deed = "moved"    // from another clause
	DeedDivided  Deed = "divided"  // it was a part of a longer sentence
	DeedRestored Deed = "restored" // it was gone, and came back
)

// Hand is who did something to a sentence, in which revision and why.
type Hand struct {
	Deed     Deed      `json:"deed"`
	Revision int       `json:"revision"`
	Author   string    `json:"author"`               // Member.ID of whose words they are; "" for somebody who is no member
	Keeper   string    `json:"keeper,omitempty"`     // who made the revision, where that is somebody else
	Time     time.Time `json:"time"`                 //
	Message  string    `json:"message"`              // of the revision
	Source   string    `json:"source,omitempty"`     // "comments/c12" or "suggestions/3": what it answers
	Reason   string    `json:"reason,omitempty"`     // of that
	Was      string    `json:"was,omitempty"`        // the words before
	WasAt    string    `json:"was_clause,omitempty"` // Clause.ID where it stood before
}

// maxHands bounds the changes of one sentence that are told.
const maxHands = 24

// Blame traces every sentence of a revision (0: the current one) back through
// the revisions before it.
func (r *Registry) Blame(standard string, revision int) (b Blame, err error) {
	err = r.store.View(func(tx Tx) error {
		v, err := revisionAt(tx, standard, revision)
		if err != nil {
			return err
		}
		list, err := revisions.all(tx, standard)
		if err != nil {
			return err
		}
		past, err := r.past(tx, lineage(list), v.Number)
		if err != nil {
			return err
		}
		b = Blame{Revision: v, Sentences: append([]Blamed(nil), past.sentences...)}
		return b.draw(tx)
	})
	return b, err
}

// past is what is known of the sentences of a revision; it is never changed once
// it is made.
type past struct {
	sentences []Blamed
	gone      map[string]Blamed // sentences that are no longer there, by their words
}

// past reads the pasts of the revisions up to one, from the newest that is
// remembered on.
func (r *Registry) past(tx Tx, list []Revision, number int) (*past, error) {
	keys := make([][32]byte, 0, len(list))
	var key [32]byte
	for _, v := range list {
		key = sha256.Sum256([]byte(string(key[:]) + v.Ref().String() + v.Text))
		keys = append(keys, key)
		if v.Number == number {
			break
		}
	}
	at := len(keys) - 1
	var p *past
	for ; at >= 0; at-- {
		if p = r.memory.pasts.find(keys[at]); p != nil {
			break
		}
	}
	if p == nil {
		p = &past{}
	}
	for at++; at < len(keys); at++ {
		t, err := textAt(tx, list[at].Ref())
		if err != nil {
			return nil, err
		}
		p = p.next(list[at], compare.SentencesOf(t.Document))
		r.memory.pasts.keep(keys[at], p)
	}
	return p, nil
}

// next is the past of the sentences of the revision that follows.
func (p *past) next(v Revision, said []compare.Sentence) *past {
	before := make([]compare.Sentence, len(p.sentences))
	for i, s := range p.sentences {
		before[i] = s.Sentence
	}
	out := &past{sentences: make([]Blamed, len(said)), gone: map[string]Blamed{}}
	stays := make([]bool, len(before))
	for j, k := range compare.Follow(before, said) {
		out.sentences[j] = p.inherit(v, said[j], k)
		if k.From >= 0 {
			stays[k.From] = true
		}
	}
	for words, s := range p.gone {
		out.gone[words] = s
	}
	for i, s := range p.sentences {
		if !stays[i] {
			out.gone[s.Key()] = s
		}
	}
	if len(out.gone) > maxGone {
		out.gone = map[string]Blamed{}
	}
	return out
}

// maxGone bounds the sentences that are remembered though they are gone.
const maxGone = 20_000

func (p *past) inherit(v Revision, s compare.Sentence, k compare.Kin) Blamed {
	if k.From < 0 {
		if was, ok := p.gone[s.Key()]; ok && len([]rune(s.Text)) >= compare.Telling {
			return was.changed(s, handOf(v, s.Clause, DeedRestored, compare.Sentence{}))
		}
		return Blamed{Sentence: s, Brought: handOf(v, s.Clause, DeedBrought, compare.Sentence{})}
	}
	was := p.sentences[k.From]
	deed := Deed("")
	switch {
	case k.Part:
		deed = DeedDivided
	case k.Edited:
		deed = DeedReworded
	case k.Moved:
		deed = DeedMoved
	}
	if deed == "" {
		was.Sentence = s
		return was
	}
	return was.changed(s, handOf(v, s.Clause, deed, was.Sentence))
}

// changed is the sentence after one more hand.
func (b Blamed) changed(s compare.Sentence, h Hand) Blamed {
	b.Sentence = s
	b.Changes = append(append([]Hand(nil), b.Changes[max(0, len(b.Changes)+1-maxHands):]...), h)
	return b
}

// handOf is who is behind a change of a clause in a revision.
func handOf(v Revision, clause string, deed Deed, was compare.Sentence) Hand {
	h := Hand{Deed: deed, Revision: v.Number, Author: v.Author, Time: v.Time, Message: v.Message}
	if deed == DeedReworded || deed == DeedDivided {
		h.Was = was.Text
	}
	if was.Clause != clause {
		h.WasAt = was.Clause
	}
	for _, p := range v.Parts {
		if p.Clause == clause {
			h.Keeper, h.Author, h.Source, h.Reason = v.Author, p.Author, p.Source, p.Reason
			break
		}
	}
	return h
}

// pasts remembers what was traced, up to so many sentences together; a full one
// begins anew. Losing it costs only time.
type pasts struct {
	mu   sync.Mutex
	held map[[32]byte]*past
	size int
}

// maxPasts bounds the sentences of all pasts that are remembered.
const maxPasts = 400_000

func (m *pasts) find(key [32]byte) *past {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.held[key]
}

func (m *pasts) keep(key [32]byte, p *past) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held == nil || m.size+p.size() > maxPasts {
		m.held, m.size = map[[32]byte]*past{}, 0
	}
	if m.held[key] == nil {
		m.held[key] = p
		m.size += p.size()
	}
}

func (p *past) size() int { return len(p.sentences) + len(p.gone) }
