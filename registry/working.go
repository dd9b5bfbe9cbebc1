package registry

import (
	"fmt"
	"strings"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// WorkingCopy is a text as one drafter has it on the desk: private, kept as it
// was typed whether it can be parsed or not. A save is durable when it returns,
// like every change; but only opening, submitting and discarding a copy are
// events, because what is typed from second to second concerns nobody else.
type WorkingCopy struct {
	Standard string    `json:"standard"` // for a new standard the ID that is kept free for it
	Member   string    `json:"member"`
	Title    string    `json:"title"`   // of the standard when the copy was opened
	Base     int       `json:"base"`    // the revision that it was made from; 0: a new standard
	Version  uint64    `json:"version"` // names a save; it grows
	Opened   time.Time `json:"opened"`
	Saved    time.Time `json:"saved"`
	Source   []byte    `json:"-"` // Markdown as typed, at most editor.MaxBytes
	Current  int       `json:"-"` // the standard's current revision; 0 while there is none
}

// Behind tells whether the standard has moved on since the copy was made: what
// came since is merged in when the copy is submitted.
func (w WorkingCopy) Behind() bool { return w.Base > 0 && w.Current != w.Base }

// desk is a working copy as it is kept.
type desk struct {
	WorkingCopy
	Packed []byte `json:"packed"` // Source, zstd
	Hash   string `json:"hash"`   // of Source
}

var desks = table[desk]{"working", "份工作稿"}

// MaxWorkingCopies bounds the working copies of one member.
const MaxWorkingCopies = 40

// savesAnOpening leaves room for so many saves between the versions of two
// openings of one copy: a version names one text for ever, and fits the integers
// of a browser.
const savesAnOpening = 1 << 20

// StartWorking opens a copy of a revision of a standard, 0 the current one, on
// which a member drafts; the one that the member has already is returned as it
// is. Going back to an older revision is a change of the current one, so Base is
// the current one always.
func (r *Registry) StartWorking(actor Member, standard string, from int) (WorkingCopy, error) {
	var w WorkingCopy
	err := r.update(actor, func(c *change) (err error) {
		s, err := standards.get(c.Tx, standard)
		if err != nil {
			return err
		}
		if w, err = workingAt(c.Tx, actor, standard); err == nil || !Refused(err, NotFound) {
			return err
		}
		if _, _, err := c.admit(standard, s.Header); err != nil {
			return err
		}
		text, err := textAt(c.Tx, Ref{Standard: standard, Revision: from})
		if err != nil {
			return err
		}
		w = WorkingCopy{Standard: standard, Title: s.Header.Title, Base: s.Current, Current: s.Current, Source: text.Source}
		return c.open(&w, from)
	})
	return w, err
}

// StartNew opens a copy for a standard that is yet to be: it gets its permanent
// ID, from the header where it says one. Without source the copy holds the header
// alone.
func (r *Registry) StartNew(actor Member, h editor.Header, source []byte) (WorkingCopy, error) {
	if err := May(actor, OpenWorking, h.Regions...); err != nil {
		return WorkingCopy{}, err
	}
	if h.ID == "" || nameable(h.ID) != nil {
		h.ID = nameOf(h)
	}
	var w WorkingCopy
	err := r.update(actor, func(c *change) (err error) {
		if h.ID, err = freeID(c.Tx, h.ID); err != nil {
			return err
		}
		if source == nil {
			source = editor.Write(&editor.Document{Header: h})
		}
		w = WorkingCopy{Standard: h.ID, Title: h.Title, Source: source}
		return c.open(&w, 0)
	})
	return w, err
}

// freeID is an ID that neither a standard nor somebody's new text has: id, or id
// with a number behind it.
func freeID(tx Tx, id string) (string, error) {
	taken := map[string]bool{}
	err := eachDesk(tx, func(_, standard string) error { taken[standard] = true; return nil })
	if err != nil {
		return "", err
	}
	for n, try := 2, id; ; n, try = n+1, fmt.Sprintf("%.72s-%d", id, n) {
		_, held, err := standards.find(tx, try)
		if err != nil || !held && !taken[try] {
			return try, err
		}
	}
}

// eachDesk names the working copies that there are without reading them.
func eachDesk(tx Tx, fn func(member, standard string) error) error {
	return tx.Scan(desks.key(), after(desks.key()), func(key, _ []byte) error {
		member, standard, _ := strings.Cut(strings.TrimPrefix(string(key), string(desks.key())), "\x00")
		return fn(member, standard)
	})
}

// open keeps a copy that was not there.
func (c *change) open(w *WorkingCopy, from int) error {
	n := 0
	err := eachDesk(c.Tx, func(member, _ string) error {
		if member == c.actor.ID {
			n++
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n >= MaxWorkingCopies {
		return refuse(Invalid, "", "您已有 %d 份工作稿：请先提交或放弃几份。 You have %d working copies: submit or discard some first.", n, n)
	}
	head, _, err := heads.find(c.Tx, "head")
	if err != nil {
		return err
	}
	w.Member, w.Opened, w.Version = c.actor.ID, c.r.now().UTC().Truncate(time.Second), (head.Seq+1)*savesAnOpening
	w.Saved = w.Opened
	if err := putDesk(c, *w); err != nil {
		return err
	}
	data := map[string]any{"title": w.Title, "base": w.Base}
	if from > 0 && from != w.Base {
		data["from"] = from
	}
	return c.log(OpenWorking, "drafts/"+w.Standard, data)
}

func putDesk(tx Tx, w WorkingCopy) error {
	if len(w.Source) > editor.MaxBytes {
		return refuse(Invalid, "source", "正文有 %d 字节，超过上限 %d：请分成几份。 The text has %d bytes, over the limit of %d: divide it.", len(w.Source), editor.MaxBytes, len(w.Source), editor.MaxBytes)
	}
	return desks.put(tx, desk{w, encoder().EncodeAll(w.Source, nil), hashOf(w.Source)}, w.Member, w.Standard)
}

// source unpacks what was typed and makes sure that it is that.
func (d desk) source() ([]byte, error) {
	text, err := decoder().DecodeAll(d.Packed, nil)
	if err != nil {
		return nil, fmt.Errorf("working copy %s of %s: decompress: %w", d.Standard, d.Member, err)
	}
	if hashOf(text) != d.Hash {
		return nil, fmt.Errorf("working copy %s of %s: is not what was saved", d.Standard, d.Member)
	}
	return text, nil
}

// workingAt reads the actor's copy of a standard.
func workingAt(tx Tx, actor Member, standard string) (WorkingCopy, error) {
	d, found, err := desks.find(tx, actor.ID, standard)
	if err != nil {
		return WorkingCopy{}, err
	}
	if !found {
		return WorkingCopy{}, refuse(NotFound, "", "您没有这项标准的工作稿：%s。可能已提交或放弃。 You have no working copy of this standard; it may have been submitted or discarded.", standard)
	}
	w := d.WorkingCopy
	if w.Source, err = d.source(); err != nil {
		return w, err
	}
	return w, w.look(tx)
}

// look says what the standard has become.
func (w *WorkingCopy) look(tx Tx) error {
	s, _, err := standards.find(tx, w.Standard)
	w.Current = s.Current
	return err
}

// WorkingCopy is the actor's copy of a standard.
func (r *Registry) WorkingCopy(actor Member, standard string) (w WorkingCopy, err error) {
	err = r.store.View(func(tx Tx) error {
		w, err = workingAt(tx, actor, standard)
		return err
	})
	return w, err
}

// WorkingCopies are the actor's copies by standard, without their Source.
func (r *Registry) WorkingCopies(actor Member) (list []WorkingCopy, err error) {
	err = r.store.View(func(tx Tx) error {
		return desks.scan(tx, func(d desk) error {
			w := d.WorkingCopy
			list = append(list, w)
			return list[len(list)-1].look(tx)
		}, actor.ID)
	})
	return list, err
}

// Drafters are the members who have a working copy of a standard; what it says
// is theirs alone.
func (r *Registry) Drafters(standard string) (ids []string, err error) {
	err = r.store.View(func(tx Tx) error {
		return eachDesk(tx, func(member, of string) error {
			if of == standard {
				ids = append(ids, member)
			}
			return nil
		})
	})
	return ids, err
}

// SaveWorking keeps what was typed, on top of the save that version names. Where
// another window or machine saved meanwhile it is a Conflict, nothing is changed,
// and the copy as it is kept is returned: the caller still has its own text and
// may keep both. The same text again is no conflict, so that a save whose answer
// was lost can be sent again.
func (r *Registry) SaveWorking(actor Member, standard string, version uint64, source []byte) (WorkingCopy, error) {
	return r.save(actor, standard, version, -1, source)
}

// SettleWorking keeps a text that its drafter has merged with revision base of
// the standard: from now on the copy is made from that one.
func (r *Registry) SettleWorking(actor Member, standard string, version uint64, base int, source []byte) (WorkingCopy, error) {
	return r.save(actor, standard, version, base, source)
}

// save is a change without an event: see WorkingCopy. base -1 leaves it.
func (r *Registry) save(actor Member, standard string, version uint64, base int, source []byte) (w WorkingCopy, err error) {
	err = r.store.Update(func(tx Tx) error {
		if w, err = workingAt(tx, actor, standard); err != nil {
			return err
		}
		if base < 0 {
			base = w.Base
		}
		same := string(w.Source) == string(source) && base == w.Base
		if err := w.hold(version, same); err != nil || same {
			return err
		}
		if base != w.Base {
			if w.Base == 0 || base < w.Base {
				return refuse(Invalid, "base", "第 %d 版不能做这份工作稿的依据。 Revision %d cannot be the base of this copy.", base, base)
			}
			if _, err := revisions.get(tx, standard, seq(uint64(base))); err != nil {
				return err
			}
		}
		kept := w
		w.Base, w.Source, w.Version, w.Saved = base, source, w.Version+1, r.now().UTC().Truncate(time.Second)
		if err := putDesk(tx, w); err != nil {
			w = kept
			return err
		}
		return nil
	})
	return w, err
}

// hold refuses a version that is not the one that is kept.
func (w WorkingCopy) hold(version uint64, same bool) error {
	if w.Version == version || same {
		return nil
	}
	return refuse(Conflict, "version", "这份工作稿在另一个窗口或设备上保存过：您写的还在这里，请比较后再存。 This copy was saved in another window or on another machine: what you wrote is still here, compare before you save.")
}

// DropWorking discards the actor's copy.
func (r *Registry) DropWorking(actor Member, standard string) error {
	return r.update(actor, func(c *change) error {
		w, err := workingAt(c.Tx, actor, standard)
		if err != nil {
			return err
		}
		return c.drop(w)
	})
}

func (c *change) drop(w WorkingCopy) error {
	if err := desks.delete(c, w.Member, w.Standard); err != nil {
		return err
	}
	if w.Base == 0 {
		if err := c.moveWaivers(w.Standard, ""); err != nil {
			return err
		}
	}
	return c.log(DropWorking, "drafts/"+w.Standard, map[string]any{"title": w.Title, "base": w.Base})
}

// WorkingDocument reads the actor's copy as it stands.
func (r *Registry) WorkingDocument(actor Member, standard string) (*editor.Document, error) {
	w, err := r.WorkingCopy(actor, standard)
	if err != nil {
		return nil, err
	}
	d, _, err := editor.Parse(w.Source)
	if err != nil {
		return nil, refuse(Invalid, "source", "正文第 %v。 The text cannot be read, line %v.", err, err)
	}
	return d, nil
}

// Merged is what comes of a working copy.
type Merged struct {
	Revision  Revision           // that was kept; empty where nothing was
	Document  *editor.Document   // what it says; with Conflicts, the drafter's words where they are
	Conflicts []compare.Conflict // clauses that both changed: Base, Theirs (the standard's), Ours (the drafter's)
	Current   Revision           // the standard's revision that the copy was merged with; empty where it had not moved on
}

// MergeWorking says what would come of a working copy if it were submitted now.
// Nothing is kept.
func (r *Registry) MergeWorking(actor Member, standard string) (m Merged, err error) {
	err = r.store.View(func(tx Tx) error {
		w, err := workingAt(tx, actor, standard)
		if err != nil {
			return err
		}
		m, err = mergeWorking(tx, w)
		return err
	})
	return m, err
}

func mergeWorking(tx Tx, w WorkingCopy) (m Merged, err error) {
	if m.Document, _, err = editor.Parse(w.Source); err != nil {
		return m, refuse(Invalid, "source", "正文第 %v。 The text cannot be read, line %v.", err, err)
	}
	if !w.Behind() {
		return m, nil
	}
	m.Document, m.Conflicts, m.Current, err = mergeOnto(tx, w.Standard, w.Base, m.Document)
	return m, err
}

// SubmitWorking makes a revision of a working copy, which is then gone. What the
// standard has become since is merged in, clause by clause and within a clause
// sentence by sentence; where both changed the same words it is a Conflict,
// nothing is kept, and Merged holds the texts to choose from: SettleWorking keeps
// the choice. A copy that says what the standard says is discarded, and Revision
// is the current one.
func (r *Registry) SubmitWorking(actor Member, standard string, version uint64, message string) (m Merged, err error) {
	err = r.update(actor, func(c *change) error {
		w, err := workingAt(c.Tx, actor, standard)
		if err != nil {
			return err
		}
		if err := w.hold(version, false); err != nil {
			return err
		}
		if m, err = mergeWorking(c.Tx, w); err != nil {
			return err
		}
		if err := presentable(m.Document, message); err != nil {
			return err
		}
		id := standard
		if w.Base == 0 && w.Current > 0 { // somebody brought a standard of this ID meanwhile
			if id, err = freeID(c.Tx, standard); err != nil {
				return err
			}
		}
		if _, _, err := c.admit(id, m.Document.Header); err != nil {
			return err
		}
		if n := len(m.Conflicts); n > 0 {
			return refuse(Conflict, "merge", "有 %d 处您和别人都改了同样的字句：请逐处选定后再提交，您写的都还在。 In %d places you and somebody else changed the same words: choose, then submit; nothing that you wrote is lost.", n, n)
		}
		m.Document.Header.ID = id
		var kept bool
		if m.Revision, kept, err = c.keep(m.Document, message, SubmitRevision); err != nil {
			return err
		}
		if !kept {
			return c.drop(w)
		}
		if w.Base == 0 {
			if err := c.moveWaivers(standard, id); err != nil {
				return err
			}
		}
		return desks.delete(c, w.Member, w.Standard)
	})
	return m, err
}
