package registry

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// CommentState is what a comment table can be narrowed to: a DispositionKind,
// or one of these.
type CommentState string

const (
	StateUnanswered CommentState = "unanswered" // no disposition, or 待议
	StateTalking    CommentState = "talking"    // its discussion is open
	StateResolved   CommentState = "resolved"   // its discussion is closed
	StateChanged    CommentState = "changed"    // the words that it is about were changed
	StateGone       CommentState = "gone"       // they are not there any more
	StateGathered   CommentState = "gathered"   // it is answered with another one
	StateToSubmit   CommentState = "to-submit"  // inside the region, neither submitted nor left out
)

// CommentStates as they are offered beside the DispositionKinds.
var CommentStates = []CommentState{StateUnanswered, StateTalking, StateResolved, StateChanged, StateGone, StateGathered, StateToSubmit}

// CommentFilter narrows a comment table. Empty fields do not.
type CommentFilter struct {
	Region  string // code; "none" for comments of no region
	Clause  string // Clause.ID in the current text; "whole" for comments on the text as a whole
	Type    CommentType
	State   CommentState
	Late    bool
	Inside  string // "common", or "region" for those inside the viewer's region
	Words   string // that the comment holds
	Arrival bool   // in order of arrival, not of the clauses
	From    int    // how many to leave out at the beginning
	Limit   int    // at most so many rows; 0: all
}

// CommentTable is what was said on a standard, on its current text, as far as
// the viewer may see it.
type CommentTable struct {
	Current    Revision
	Rows       []CommentRow
	All        int // comments without replies
	Matches    int // of them that the filter lets through
	Unanswered int // common ones that wait for their answer
	Inside     int // said inside the viewer's region
	ToSubmit   int // of these, neither submitted nor left out
	Late       int
	Kinds      map[DispositionKind]int
}

// CommentRow is a comment with where it stands now.
type CommentRow struct {
	Comment
	Anchor  compare.Anchored // in the current text
	Place   string           // number and title of the clause now; as its author saw it where it is gone
	Replies []Comment        // of all depths, oldest first
	With    []Comment        // answered together with this one
	Then    string           // text of the clause that it was made on, where it proposes a change
	Wanted  string           // the same with that change; as Then where a person has to write it
	order   int
}

// CommentTable lists the comments on a standard, placed on its current text.
func (r *Registry) CommentTable(actor Member, standard string, f CommentFilter) (t CommentTable, err error) {
	err = r.store.View(func(tx Tx) error {
		t, err = r.commentTable(tx, actor, standard, f)
		return err
	})
	return t, err
}

// CommentAt is how many rows stand before a comment, or before the one whose
// discussion it is in, in a table with this filter, whatever its From and Limit;
// -1 where the filter does not let it through.
func (r *Registry) CommentAt(actor Member, standard, id string, f CommentFilter) (at int, err error) {
	err = r.store.View(func(tx Tx) error {
		f.From, f.Limit = 0, 0
		t, _, err := r.admittedComments(tx, actor, standard, f)
		at = slices.IndexFunc(t.Rows, func(row CommentRow) bool {
			return row.ID == id || slices.ContainsFunc(row.Replies, func(c Comment) bool { return c.ID == id })
		})
		return err
	})
	return at, err
}

func (r *Registry) commentTable(tx Tx, actor Member, standard string, f CommentFilter) (CommentTable, error) {
	t, x, err := r.admittedComments(tx, actor, standard, f)
	if err != nil {
		return t, err
	}
	t.Rows = t.Rows[min(max(0, f.From), len(t.Rows)):]
	if f.Limit > 0 {
		t.Rows = t.Rows[:min(f.Limit, len(t.Rows))]
	}
	for i := range t.Rows {
		if err := x.wanted(tx, &t.Rows[i]); err != nil {
			return t, err
		}
	}
	return t, nil
}

// admittedComments are the rows that a filter lets through, in order, with the
// counts of all.
func (r *Registry) admittedComments(tx Tx, actor Member, standard string, f CommentFilter) (CommentTable, *placer, error) {
	t := CommentTable{Kinds: map[DispositionKind]int{}}
	x, err := r.placing(tx, standard)
	if err != nil {
		return t, nil, err
	}
	t.Current = x.revision
	var list []Comment
	err = comments.scan(tx, func(c Comment) error {
		if c.SeenBy(actor) {
			list = append(list, c.forEyes(actor))
		}
		return nil
	}, "standard:"+standard)
	if err != nil {
		return t, nil, err
	}
	replies, with := threads(list)
	for _, c := range list {
		if c.ReplyTo != "" {
			continue
		}
		t.count(c)
		row := CommentRow{Comment: c, Replies: replies[c.ID], With: with[c.ID]}
		if err := x.place(tx, &row); err != nil {
			return t, nil, err
		}
		if f.admits(row) {
			t.Rows = append(t.Rows, row)
		}
	}
	t.Matches = len(t.Rows)
	if !f.Arrival {
		slices.SortStableFunc(t.Rows, func(a, b CommentRow) int {
			return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.Anchor.Start, b.Anchor.Start))
		})
	}
	return t, x, nil
}

// wanted reads the change that a comment proposes into its clause.
func (x *placer) wanted(tx Tx, row *CommentRow) error {
	if row.Proposed == "" || row.On.Clause == "" {
		return nil
	}
	then, err := revisionAt(tx, x.standard, row.On.Revision)
	if err != nil {
		return err
	}
	doc, err := x.r.anchors.document(tx, then)
	if err != nil {
		return err
	}
	if was := doc.Clause(row.On.Clause); was != nil {
		row.Then = was.Text
		row.Wanted, _ = Wanted(was.Text, row.Quote, row.Nth, row.Proposed)
	}
	return nil
}

// threads gives the replies of each comment, whatever their depth, and the
// comments that are answered with it.
func threads(list []Comment) (replies, with map[string][]Comment) {
	replies, with = map[string][]Comment{}, map[string][]Comment{}
	root := map[string]string{}
	for _, c := range list {
		if c.ReplyTo != "" {
			top := cmp.Or(root[c.ReplyTo], c.ReplyTo)
			root[c.ID] = top
			replies[top] = append(replies[top], c)
		}
		if c.Gathered != "" {
			with[c.Gathered] = append(with[c.Gathered], c)
		}
	}
	return replies, with
}

func (t *CommentTable) count(c Comment) {
	t.All++
	switch {
	case c.Scope != "":
		t.Inside++
		if c.Outward == nil {
			t.ToSubmit++
		}
	case c.Disposition.Open():
		t.Unanswered++
	}
	if c.Late {
		t.Late++
	}
	if c.Disposition != nil {
		t.Kinds[c.Disposition.Kind]++
	}
}

func (f CommentFilter) admits(row CommentRow) bool {
	switch {
	case f.Region == "none" && row.Region != "", f.Region != "" && f.Region != "none" && row.Region != f.Region,
		f.Clause == "whole" && row.On.Clause != "", f.Clause != "" && f.Clause != "whole" && row.Anchor.Clause != f.Clause,
		f.Type != "" && row.Type != f.Type,
		f.Late && !row.Late,
		f.Inside == "common" && row.Scope != "", f.Inside == "region" && row.Scope == "":
		return false
	}
	if f.Words != "" && !strings.Contains(row.ID+"\n"+row.Body+"\n"+row.Proposed+"\n"+row.Quote+"\n"+row.Commenter.Name, f.Words) {
		return false
	}
	switch f.State {
	case "":
		return true
	case StateUnanswered:
		return row.Asks() && row.Disposition.Open()
	case StateTalking:
		return row.Resolved == ""
	case StateResolved:
		return row.Resolved != ""
	case StateChanged, StateGone:
		return string(row.Anchor.State) == string(f.State)
	case StateGathered:
		return row.Gathered != ""
	case StateToSubmit:
		return row.Scope != "" && row.Outward == nil
	}
	return row.Disposition != nil && string(row.Disposition.Kind) == string(f.State)
}

// placer says where what was said on older revisions of a standard stands in its
// current text.
type placer struct {
	r        *Registry
	revision Revision
	standard string
	now      *editor.Document
	order    map[string]int // of clauses, by ID, in reading order
	clauses  map[string]*editor.Clause
	from     map[int]*compare.Anchors // by revision
}

func (r *Registry) placing(tx Tx, standard string) (*placer, error) {
	v, err := revisionAt(tx, standard, 0)
	if err != nil {
		return nil, err
	}
	x := &placer{r: r, revision: v, standard: standard, order: map[string]int{}, clauses: map[string]*editor.Clause{}, from: map[int]*compare.Anchors{}}
	if x.now, err = r.anchors.document(tx, v); err != nil {
		return nil, err
	}
	for c := range x.now.All() {
		if _, twice := x.order[c.ID]; !twice {
			x.order[c.ID], x.clauses[c.ID] = len(x.order)+1, c
		}
	}
	return x, nil
}

func (x *placer) place(tx Tx, row *CommentRow) error {
	if row.On.Clause == "" {
		row.Anchor = compare.Anchored{State: compare.AnchorUnchanged}
		return nil
	}
	from := x.from[row.On.Revision]
	if from == nil {
		then, err := revisionAt(tx, x.standard, row.On.Revision)
		if err != nil {
			return err
		}
		if from, err = x.r.anchors.between(tx, then, x.revision); err != nil {
			return err
		}
		x.from[row.On.Revision] = from
	}
	row.Anchor = from.Find(row.On.Clause, row.Quote, row.Nth)
	row.Place, row.order = row.Number, len(x.order)+1 // what has no place any more stands last
	if k := x.clauses[row.Anchor.Clause]; k != nil {
		row.Place, row.order = ClauseName(k), x.order[k.ID]
	}
	return nil
}

// ClauseName is a clause as it is cited: "4.1 投递时限".
func ClauseName(c *editor.Clause) string {
	return cmp.Or(strings.TrimSpace(c.Number+" "+c.Title), c.ID)
}

// anchors keeps what is needed to follow quotations from one text to another, by
// Revision.Text. Losing it costs only time.
type anchors struct {
	mu    sync.Mutex
	texts map[string]*editor.Document
	pairs map[[2]string]*compare.Anchors
	size  int // bytes of the texts of all pairs
}

// Bounds of what is kept to follow quotations.
const (
	anchoredTexts = 64
	anchoredPairs = 64
	anchoredBytes = 4 << 20 // of the texts of all pairs; each takes some forty bytes of memory
)

func (a *anchors) document(tx Tx, v Revision) (*editor.Document, error) {
	a.mu.Lock()
	known := a.texts[v.Text]
	a.mu.Unlock()
	if known != nil {
		return known, nil
	}
	t, err := textAt(tx, v.Ref())
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.texts == nil || len(a.texts) >= anchoredTexts {
		a.texts = map[string]*editor.Document{}
	}
	a.texts[v.Text] = t.Document
	return t.Document, nil
}

func (a *anchors) between(tx Tx, old, now Revision) (*compare.Anchors, error) {
	key := [2]string{old.Text, now.Text}
	a.mu.Lock()
	known := a.pairs[key]
	a.mu.Unlock()
	if known != nil {
		return known, nil
	}
	x, err := a.document(tx, old)
	if err != nil {
		return nil, err
	}
	y, err := a.document(tx, now)
	if err != nil {
		return nil, err
	}
	known = compare.NewAnchors(x, y)
	a.mu.Lock()
	defer a.mu.Unlock()
	size := wordsIn(x) + wordsIn(y)
	if a.pairs == nil || len(a.pairs) >= anchoredPairs || a.size+size > anchoredBytes {
		a.pairs, a.size = map[[2]string]*compare.Anchors{}, 0
	}
	if a.pairs[key] == nil {
		a.size += size
	}
	a.pairs[key] = known
	return known, nil
}

// wordsIn is how many bytes the clauses of a text say.
func wordsIn(d *editor.Document) (n int) {
	for c := range d.All() {
		n += len(c.Title) + len(c.Text)
	}
	return n
}
