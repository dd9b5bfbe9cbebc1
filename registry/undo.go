package registry

import (
	"slices"
	"time"
)

// Act is a correction as it can be undone: who did what to which rows. The last
// keptActs of a project are kept.
type Act struct {
	Project string    `json:"project"`
	Event   uint64    `json:"event"` // names it
	Verb    Verb      `json:"verb"`
	By      string    `json:"by"` // Member.ID
	Time    time.Time `json:"time"`
	Rows    []string  `json:"rows"`             // Row.ID: changed, made and taken away
	Undone  uint64    `json:"undone,omitempty"` // the event that undid it; 0 while it stands
}

// images are what an act needs to be undone. They stand beside it because they
// are large and seldom read.
type images struct {
	Before  []Row      `json:"before"` // what it changed or took away, as it was, without what follows from the texts
	Made    []string   `json:"made,omitempty"`
	Gone    []string   `json:"gone,omitempty"`
	Adopted []adoption `json:"adopted,omitempty"`
}

// keptActs bounds what can be undone, a project.
const keptActs = 200

var (
	acts      = table[Act]{"act", "次更改"}
	actImages = table[images]{"act-image", "次更改"}
)

// undoable are the verbs that can be taken back.
var undoable = []Verb{MovePassage, SplitRow, MergeRows, ConfirmRow, ReopenRow, ConfirmNone, ReopenNone, ReviewRow, Unify, Realign}

// keepAct keeps what the correction did, so that it can be undone, and forgets
// the oldest act beyond keptActs.
func (c *correction) keepAct(verb Verb) error {
	if !slices.Contains(undoable, verb) || len(c.before)+len(c.made) == 0 {
		return nil
	}
	head, _, err := heads.find(c.Tx, "head")
	if err != nil {
		return err
	}
	a := Act{Project: c.project.ID, Event: head.Seq, Verb: verb, By: c.actor.ID, Time: head.Time}
	kept := images{Made: c.made, Adopted: c.adopted}
	for _, row := range c.before {
		a.Rows = append(a.Rows, row.ID)
		if _, stands, err := rowTable.find(c.Tx, c.project.ID, row.ID); err != nil {
			return err
		} else if !stands {
			kept.Gone = append(kept.Gone, row.ID)
		}
		row.Differences, row.Below = nil, nil
		kept.Before = append(kept.Before, row)
	}
	a.Rows = append(a.Rows, c.made...)
	if err := acts.put(c, a, a.Project, seq(a.Event)); err != nil {
		return err
	}
	if err := actImages.put(c, kept, a.Project, seq(a.Event)); err != nil {
		return err
	}
	all, err := acts.all(c.Tx, a.Project)
	for len(all) > keptActs && err == nil {
		old := seq(all[0].Event)
		if err = acts.delete(c, a.Project, old); err == nil {
			err = actImages.delete(c, a.Project, old)
		}
		all = all[1:]
	}
	return err
}

// Acts are the last corrections of a project, newest first.
func (r *Registry) Acts(project string) (list []Act, err error) {
	err = r.store.View(func(tx Tx) error {
		if _, err := projects.get(tx, project); err != nil {
			return err
		}
		list, err = acts.all(tx, project)
		return err
	})
	slices.Reverse(list)
	return list, err
}

// MayUndo tells whether a member may undo an act: its own; the secretariat, any.
func (a Act) MayUndo(m Member) bool {
	return a.Undone == 0 && May(m, UndoRow) == nil && (m.ID == a.By || m.Is(Secretary) || m.ID == System.ID)
}

// Undo takes a correction back: its rows are again what they were before it. It
// is refused as a Conflict where one of them was changed since, or where
// something was said on it that would be lost.
func (r *Registry) Undo(actor Member, project string, event uint64) (Act, error) {
	var a Act
	if err := May(actor, UndoRow); err != nil {
		return a, err
	}
	err := r.update(actor, func(c *change) error {
		k, err := c.correcting(project)
		if err != nil {
			return err
		}
		var found bool
		if a, found, err = acts.find(c.Tx, project, seq(event)); err != nil {
			return err
		}
		if !found {
			return refuse(NotFound, "event", "这次更改不能撤销了：只保留最近 %d 次。 This change can no longer be undone: the last %d are kept.", keptActs, keptActs)
		}
		if a.Undone > 0 {
			return refuse(Conflict, "event", "已经撤销过了。 It was undone already.")
		}
		if !a.MayUndo(actor) {
			return refuse(Forbidden, "", "只能撤销自己的更改；别人的请找本人或秘书处。 You may undo your own changes only: ask who made it, or the secretariat.")
		}
		was, err := actImages.get(c.Tx, project, seq(event))
		if err != nil {
			return err
		}
		if err := k.unchangedSince(a, was); err != nil {
			return err
		}
		return k.undo(&a, was)
	})
	return a, err
}

// undo brings the rows back. The rows that stand are those that the act left, so
// that every passage stands again where it stood.
func (c *correction) undo(a *Act, was images) error {
	now, err := c.next()
	if err != nil {
		return err
	}
	for _, row := range was.Before {
		standing, stands, err := rowTable.find(c.Tx, a.Project, row.ID)
		if err != nil {
			return err
		}
		if stands {
			row.Order, row.Version = standing.Order, standing.Version
		}
		row.Version++ // Event is the one that had made it what it is again
		links, score, near := row.Links, row.Score, row.Candidates
		row.rejudge(c.project, c.docs, c.synonyms)
		row.Links, row.Score, row.Candidates = links, score, near
		if err := rowTable.put(c, row, a.Project, row.ID); err != nil {
			return err
		}
	}
	for _, id := range was.Made {
		if err := rowTable.delete(c, a.Project, id); err != nil {
			return err
		}
	}
	for _, h := range was.Adopted {
		h.From, h.Into = h.Into, h.From
		if err := c.hand(h); err != nil {
			return err
		}
	}
	if err := c.reorder(was); err != nil {
		return err
	}
	a.Undone = now
	if err := acts.put(c, *a, a.Project, seq(a.Event)); err != nil {
		return err
	}
	object := "projects/" + a.Project
	if len(a.Rows) == 1 || a.Verb != Realign {
		object += "/rows/" + a.Rows[0]
	}
	return c.log(UndoRow, object, map[string]any{"undoes": a.Event, "verb": a.Verb, "rows": firstOf(a.Rows, maxChanged)})
}

// reorder gives the rows that came back the places that they had.
func (c *correction) reorder(was images) error {
	rows, err := rowsOf(c.Tx, c.project.ID)
	if err != nil {
		return err
	}
	back := slices.DeleteFunc(slices.Clone(rows), func(x Row) bool { return !slices.Contains(was.Gone, x.ID) })
	rows = slices.DeleteFunc(rows, func(x Row) bool { return slices.Contains(was.Gone, x.ID) })
	for _, row := range back {
		rows = slices.Insert(rows, min(max(row.Order-1, 0), len(rows)), row)
	}
	return c.number(c.project.ID, rows, "")
}

// unchangedSince refuses where a row of the act is no longer as the act left it.
func (c *correction) unchangedSince(a Act, was images) error {
	check := func(id string, gone bool) error {
		row, stands, err := rowTable.find(c.Tx, a.Project, id)
		if err != nil {
			return err
		}
		if stands == gone || stands && row.Event != a.Event {
			return c.changedBy(a, id, row)
		}
		return nil
	}
	for _, row := range was.Before {
		if err := check(row.ID, slices.Contains(was.Gone, row.ID)); err != nil {
			return err
		}
	}
	for _, id := range was.Made {
		if err := check(id, false); err != nil {
			return err
		}
	}
	return c.silentSince(a, was)
}

// silentSince refuses where words would lose what they are about: positions on a
// unified clause, anything said on a row that goes.
func (c *correction) silentSince(a Act, was images) error {
	goes := slices.Clone(was.Made)
	for _, row := range was.Before {
		standing, stands, err := rowTable.find(c.Tx, a.Project, row.ID)
		if err != nil {
			return err
		}
		if stands && hashNow(standing) != hashNow(row) { // the act gave it another clause: a merge does too
			goes = append(goes, row.ID)
		}
	}
	for _, id := range goes {
		said, err := positions.all(c.Tx, a.Project, id)
		if err != nil {
			return err
		}
		for _, s := range said {
			if s.Event > a.Event {
				return refuse(Conflict, "event", "%s已对此表态（%s）：不能撤销，请改条文。 A position was taken on it since: change the text instead.", RegionOf(s.Region).Name, s.Time.Format(time.DateOnly))
			}
		}
	}
	if len(was.Made) == 0 {
		return nil
	}
	err := comments.scan(c.Tx, func(m Comment) error {
		handed := slices.ContainsFunc(was.Adopted, func(h adoption) bool { return slices.Contains(h.Comments, m.ID) })
		if slices.Contains(was.Made, m.Row) && !handed {
			return refuse(Conflict, "event", "%s 在撤销后不再存在的条目上提了意见：请改用移动。 There is a comment on a row that would go: move the passages instead.", m.Author)
		}
		return nil
	}, "project:"+a.Project)
	if err != nil {
		return err
	}
	said, err := judgedRows(c.Tx, a.Project)
	if err != nil {
		return err
	}
	for _, id := range was.Made {
		if said[id] {
			return refuse(Conflict, "event", "撤销后不再存在的条目已被认定过关系，或由会议议过：请改用移动。 A row that would go was judged, or is before a meeting: move the passages instead.")
		}
	}
	return nil
}

// changedBy says who changed a row since an act, and how.
func (c *correction) changedBy(a Act, id string, row Row) error {
	last := row.Event
	all, err := acts.all(c.Tx, a.Project)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.Event > a.Event && other.Undone == 0 && slices.Contains(other.Rows, id) {
			last = max(last, other.Event)
		}
	}
	e, _, err := events.find(c.Tx, seq(last))
	if err != nil {
		return err
	}
	who := e.Actor
	if m, found, err := members.find(c.Tx, e.Actor); err != nil {
		return err
	} else if found && m.Name != "" {
		who = m.Name
	}
	topic := row.Topic
	if topic == "" {
		topic = id
	}
	return refuse(Conflict, "event", "条目“%s”此后又被改过：%s，%s（第 %d 号事件）。请先撤销那一次。 The row was changed since by %s: %s, event %d. Undo that first.",
		topic, who, verbNames[e.Verb], e.Seq, who, e.Verb, e.Seq)
}

// verbNames are what people call the changes of a row.
var verbNames = map[Verb]string{
	MovePassage: "移动条文", SplitRow: "拆分", MergeRows: "合并", ConfirmRow: "确认", ReopenRow: "取消确认", ConfirmNone: "确认无对应",
	ReopenNone: "取消无对应", ReviewRow: "复核", Unify: "改统一条款", Realign: "重新对齐", RepinText: "换用新版", OrderRow: "调整位置",
	AddSynonyms: "添加同义词", DropSynonyms: "删去同义词", UndoRow: "撤销",
}
