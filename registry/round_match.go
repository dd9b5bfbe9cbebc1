package registry

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"tongbiao/editor/convert"
)

// planner tells rows from comments that are here.
type planner struct {
	places clausePlaces
	byID   map[string]Comment
	said   map[string][]Comment // by what they say as a row
	origin map[string]Comment   // by where they were brought in from
	taken  map[string]bool      // comments that a row is
	marked map[string]bool      // comments that a row is word by word
	times  map[string]int       // how often a row says something
	region string               // of who may bring in that region's alone; "" for the secretariat
	may    bool                 // answer comments
}

func planRound(tx Tx, actor Member, standard string, rows []convert.CommentRow) (RoundPlan, error) {
	if err := May(actor, ImportComments, actor.Region); err != nil {
		return RoundPlan{}, err
	}
	if len(rows) > MaxCommentsAtOnce {
		return RoundPlan{}, refuse(Invalid, "file", "表里有 %d 行意见，一次最多 %d 行：请分成几份。 The table has %d rows, at most %d at once: divide it.", len(rows), MaxCommentsAtOnce, len(rows), MaxCommentsAtOnce)
	}
	process, err := processAt(tx, standard)
	if err != nil {
		return RoundPlan{}, err
	}
	text, err := textAt(tx, Ref{Standard: standard, Revision: pinned(process)})
	if err != nil {
		return RoundPlan{}, err
	}
	list, err := asking(tx, actor, standard, text.Document)
	if err != nil {
		return RoundPlan{}, err
	}
	p := newPlanner(placesOf(text.Document), list)
	if May(actor, ImportComments, "") != nil {
		p.region = actor.Region
	}
	p.may = May(actor, Dispose) == nil
	return RoundPlan{Revision: text.Revision.Number, Rows: p.plan(rows)}, nil
}

func newPlanner(places clausePlaces, list []Comment) *planner {
	p := &planner{places: places, byID: map[string]Comment{}, said: map[string][]Comment{}, origin: map[string]Comment{},
		taken: map[string]bool{}, marked: map[string]bool{}, times: map[string]int{}}
	for _, c := range list {
		p.byID[c.ID] = c
		key := saying(rowOf(c, 0))
		p.said[key] = append(p.said[key], c)
		if strings.HasPrefix(c.Origin, "sheet:") {
			p.origin[c.Origin] = c
		}
	}
	return p
}

// plan is pure: the same rows and comments give the same plan.
func (p *planner) plan(rows []convert.CommentRow) []RoundRow {
	for _, row := range rows { // a copied row bears the mark of the one that it was copied from
		if c, _, ok := p.mark(row); ok && sameSaying(row, c) {
			p.marked[c.ID] = true
		}
	}
	out := make([]RoundRow, 0, len(rows))
	for _, row := range rows {
		out = append(out, p.row(row))
	}
	return out
}

var markForm = regexp.MustCompile(`^(c\d{1,12})-([0-9a-f]{4})$`)

// mark reads the mark of a row: the comment, and the answer that it had.
func (p *planner) mark(row convert.CommentRow) (c Comment, had string, ok bool) {
	m := markForm.FindStringSubmatch(strings.ToLower(strings.TrimSpace(row.ID)))
	if m == nil {
		return c, "", false
	}
	c, ok = p.byID[m[1]]
	return c, m[2], ok
}

// sameSaying tells whether a row says what a comment says.
func sameSaying(row convert.CommentRow, c Comment) bool {
	own := rowOf(c, 0)
	return sameWords(row.Comment) == sameWords(own.Comment) && sameWords(row.Proposed) == sameWords(own.Proposed)
}

func (p *planner) row(in convert.CommentRow) RoundRow {
	row := RoundRow{CommentRow: in, region: p.region}
	row.Clauses, row.Unknown = p.places.find(in.Clause)
	if row.Clauses == nil && in.Part != "" {
		row.Clauses, _ = p.places.find(in.Part)
	}
	row.Type = typeOf(in.Type)
	if row.answer(); !p.may {
		row.Answer = nil
	}
	c, had, ok := p.mark(in)
	switch {
	case ok && sameSaying(in, c) && !p.taken[c.ID]:
		p.taken[c.ID], row.Comment = true, c
		row.compare(had)
		return row
	case ok && !sameSaying(in, c) && !p.marked[c.ID] && !p.taken[c.ID]:
		p.taken[c.ID], row.Comment, row.Kind = true, c, RoundReworded
		return row
	}
	key := saying(in)
	p.times[key]++
	row.nth = p.times[key]
	if c, held := p.held(key, row); held {
		p.taken[c.ID], row.Comment = true, c
		row.compare("")
		return row
	}
	p.fresh(&row)
	return row
}

// held finds a comment that was brought in from such a row, or says the same.
func (p *planner) held(key string, row RoundRow) (Comment, bool) {
	said, err := row.said("", 0)
	if err == nil {
		if c, ok := p.origin[said.Origin]; ok && !p.taken[c.ID] {
			return c, true
		}
	}
	for _, c := range p.said[key] {
		if !p.taken[c.ID] {
			return c, true
		}
	}
	return Comment{}, false
}

// fresh makes sure that a new comment can be kept.
func (p *planner) fresh(row *RoundRow) {
	row.Kind = RoundNew
	said, err := row.said("", 0)
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		row.Kind, row.Problem = RoundUnclear, refusal.Reason
	case p.region != "" && said.Region != p.region:
		row.Kind, row.Problem = RoundUnclear, "只能导入本地区的意见：请在“提出单位”写本地区。 You may import comments of your own region only: name it in the column of the unit."
	}
}

// compare decides what the row's answer does to its comment. had is the mark of
// the answer that went out; "" where that is not known.
func (row *RoundRow) compare(had string) {
	here, theirs := answerMark(row.Comment.Disposition), answerMark(row.Answer)
	switch {
	case row.Answer == nil, here == theirs, row.Comment.Gathered != "": // what is gathered follows
		row.Kind = RoundSame
	case here == had, here == "0000":
		row.Kind = RoundAnswer
	case theirs == had: // the file has the old answer
		row.Kind = RoundSame
	default:
		row.Kind = RoundConflict
	}
}

// answer reads the row's answer.
func (row *RoundRow) answer() {
	if row.Disposition == "" {
		return
	}
	for _, kind := range DispositionKinds {
		if DispositionNames[kind] == row.Disposition {
			d := Disposition{Kind: kind, Reason: strings.TrimSpace(row.Reason)}
			var refusal *Refusal
			if errors.As(d.check(), &refusal) {
				row.Problem = refusal.Reason
				return
			}
			row.Answer = &d
			return
		}
	}
	row.Problem = "处理意见“" + row.Disposition + "”读不懂：请填采纳、部分采纳、不采纳或待议。 The disposition is not understood: accepted, partly accepted, not accepted, or pending."
}

// typeOf reads the column of the type; "" where it says none that is known.
func typeOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for t, words := range map[CommentType][]string{
		General: {"ge", "gen", "general", "一般", "总体"}, Technical: {"te", "tech", "technical", "技术", "技术性"}, Editorial: {"ed", "edit", "editorial", "编辑", "编辑性"},
	} {
		if slices.Contains(words, s) {
			return string(t)
		}
	}
	return ""
}
