package registry

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Ballot is one question on one revision, from a day to a day, under a rule.
type Ballot struct {
	Standard string     `json:"standard"`
	N        int        `json:"n"` // 1, 2, 3… within the standard
	Revision int        `json:"revision"`
	Cycle    int        `json:"cycle"`
	Question string     `json:"question"`
	Rule     BallotRule `json:"rule"`     // as it was when the ballot was opened
	Secret   bool       `json:"secret"`   // pages and minutes do not say who voted how; the log does, to its operator
	Opens    string     `json:"opens"`    // YYYY-MM-DD in China
	Closes   string     `json:"closes"`   // YYYY-MM-DD, the last day included
	Eligible []Voter    `json:"eligible"` // as they were when it was opened; 沪 苏 浙 皖
	Excluded []Voter    `json:"excluded"` // drafters, where the rule leaves them out
	By       string     `json:"by"`
	Time     time.Time  `json:"time"`
	Closed   *Closing   `json:"closed,omitempty"` // by the secretary, before its last day was over
}

// Voter is who may vote.
type Voter struct {
	Member string `json:"member"`
	Name   string `json:"-"` // the member record's: what is kept and logged calls nobody by name
	Region string `json:"region"`
}

// call fills in the names of who may vote.
func (b *Ballot) call(tx Tx) error {
	for _, list := range [][]Voter{b.Eligible, b.Excluded} {
		for i := range list {
			m, _, err := members.find(tx, list[i].Member)
			if err != nil {
				return err
			}
			list[i].Name = cmp.Or(m.Name, list[i].Member)
		}
	}
	return nil
}

// Closing ends a ballot before its time.
type Closing struct {
	By     string    `json:"by"`
	Time   time.Time `json:"time"`
	Reason string    `json:"reason"`
}

// Choice is what a voter says.
type Choice string

const (
	VoteAgree    Choice = "agree"
	VoteComments Choice = "comments" // agree with comments
	VoteObject   Choice = "object"   // with reasons, obliged
	VoteAbstain  Choice = "abstain"
)

// Choices as they are offered.
var Choices = []Choice{VoteAgree, VoteComments, VoteObject, VoteAbstain}

// ChoiceNames say in papers what a voter said.
var ChoiceNames = map[Choice]string{VoteAgree: "同意", VoteComments: "同意（有意见）", VoteObject: "不同意", VoteAbstain: "弃权"}

// Vote is what one voter said last.
type Vote struct {
	Member string    `json:"member"`
	Choice Choice    `json:"choice"`
	Why    string    `json:"why,omitempty"` // comments or reasons
	Time   time.Time `json:"time"`
	Event  uint64    `json:"event"`
}

const (
	maxWhy   = 16 << 10 // bytes of comments or reasons
	mostDays = 366      // a ballot lasts at most
)

var (
	ballots = table[Ballot]{"ballot", "次表决"}
	votes   = table[Vote]{"vote", "张票"}
)

// BallotState says whether votes are taken.
type BallotState string

const (
	BallotWaiting BallotState = "waiting"
	BallotRunning BallotState = "open"
	BallotEnded   BallotState = "ended"
)

// State of the ballot on a day.
func (b Ballot) State(today string) BallotState {
	switch {
	case b.Closed != nil || b.Closes < today:
		return BallotEnded
	case today < b.Opens:
		return BallotWaiting
	}
	return BallotRunning
}

// Regions of those who may vote, 沪 苏 浙 皖.
func (b Ballot) Regions() (codes []string) {
	for _, e := range b.Eligible {
		if !slices.Contains(codes, e.Region) {
			codes = append(codes, e.Region)
		}
	}
	slices.Sort(codes)
	return codes
}

// May tells whether a member is on the ballot's list.
func (b Ballot) May(member string) bool {
	return slices.ContainsFunc(b.Eligible, func(v Voter) bool { return v.Member == member })
}

func (b Ballot) object() string { return fmt.Sprintf("standards/%s/ballots/%d", b.Standard, b.N) }

// NewBallot is what opens one.
type NewBallot struct {
	Question      string
	Rule          string   // BallotRule.Name
	Opens, Closes string   // YYYY-MM-DD
	Secret        bool     //
	Members       []string // Member.ID
	Revision      int      // that the form showed; 0: the current one
}

// OpenBallot asks a question on the text that the process is about. Who may
// vote is fixed now, with name and region.
func (r *Registry) OpenBallot(actor Member, standard string, n NewBallot) (Ballot, error) {
	if err := May(actor, OpenBallot); err != nil {
		return Ballot{}, err
	}
	b := Ballot{Standard: standard, Question: strings.TrimSpace(n.Question), Secret: n.Secret, By: actor.ID}
	if err := b.schedule(n, r.today()); err != nil {
		return b, err
	}
	err := r.update(actor, func(c *change) error {
		p, err := processAt(c.Tx, standard)
		if err != nil {
			return err
		}
		if n.Revision != 0 && n.Revision != p.Revision {
			return refuse(Conflict, "revision", "现在审查的是第 %d 版，不是第 %d 版：请重新打开本页。 The text is now revision %d, not %d: open the page again.", p.Revision, n.Revision, p.Revision, n.Revision)
		}
		b.Revision, b.Cycle, b.Time = p.Revision, p.Cycle, r.now().UTC().Truncate(time.Second)
		if err := b.electorate(c.Tx, n.Members); err != nil {
			return err
		}
		before, err := ballots.all(c.Tx, standard)
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(before, func(o Ballot) bool { return o.Revision == b.Revision && o.State(r.today()) != BallotEnded }); at >= 0 {
			return refuse(Conflict, "question", "第 %d 次表决还没有结束。 Ballot %d has not ended.", before[at].N, before[at].N)
		}
		b.N = len(before) + 1
		if err := ballots.put(c, b, standard, seq(uint64(b.N))); err != nil {
			return err
		}
		return c.log(OpenBallot, b.object(), b)
	})
	return b, err
}

// schedule checks question, rule and days.
func (b *Ballot) schedule(n NewBallot, today string) error {
	rule, known := RuleOfBallot(n.Rule)
	if !known {
		return refuse(Invalid, "rule", "请选择表决规则。 Choose a rule.")
	}
	b.Rule = rule
	if b.Question == "" {
		return refuse(Invalid, "question", "请写明表决什么。 Say what is asked.")
	}
	if err := line("question", b.Question); err != nil {
		return err
	}
	var err error
	if b.Opens, b.Closes, err = days(cmp.Or(n.Opens, today), n.Closes, today); err != nil {
		return err
	}
	if (Consultation{Opens: b.Opens, Closes: b.Closes}).Days() > mostDays {
		return refuse(Invalid, "closes", "表决最长 %d 天。 A ballot lasts at most %d days.", mostDays, mostDays)
	}
	return nil
}

// days reads a first and a last day, neither before today.
func days(opens, closes, today string) (from, to string, err error) {
	from, ok := day(opens)
	if !ok || from == "" {
		return "", "", refuse(Invalid, "opens", "“%s”不是日期，请写成 2026-03-01。 %q is not a date: write 2026-03-01.", clip(opens), clip(opens))
	}
	to, ok = day(closes)
	if !ok || to == "" {
		return "", "", refuse(Invalid, "closes", "“%s”不是日期，请写成 2026-03-01。 %q is not a date: write 2026-03-01.", clip(closes), clip(closes))
	}
	if from < today {
		return "", "", refuse(Invalid, "opens", "开始日期 %s 已过，今天是 %s。 The first day, %s, is over; today is %s.", from, today, from, today)
	}
	if to < from {
		return "", "", refuse(Invalid, "closes", "截止日期 %s 早于开始日期 %s。 The last day, %s, is before the first, %s.", to, from, to, from)
	}
	return from, to, nil
}

// electorate fixes who may vote.
func (b *Ballot) electorate(tx Tx, ids []string) error {
	drafted, err := draftersOf(tx, b.Standard)
	if err != nil {
		return err
	}
	b.Eligible, b.Excluded = []Voter{}, []Voter{}
	seen := map[string]bool{}
	for _, id := range ids {
		if id = strings.TrimSpace(id); id == "" || seen[id] {
			continue
		}
		seen[id] = true
		m, err := members.get(tx, id)
		if err != nil {
			return err
		}
		if b.Rule.ByRegion && m.Region == "" {
			return refuse(Invalid, "members", "%s 不属于任何地区，按地区表决时不能列入。 %s belongs to no region and cannot vote by region.", m.Name, m.Name)
		}
		v := Voter{m.ID, m.Name, m.Region}
		if !b.Rule.Drafters && drafted[m.ID] {
			b.Excluded = append(b.Excluded, v)
		} else {
			b.Eligible = append(b.Eligible, v)
		}
	}
	if len(b.Eligible) == 0 {
		return refuse(Invalid, "members", "没有可以表决的成员：请至少选一位（起草人按规则回避）。 Nobody may vote: choose at least one member (drafters are left out by the rule).")
	}
	for _, list := range [][]Voter{b.Eligible, b.Excluded} {
		slices.SortFunc(list, func(x, y Voter) int {
			return cmp.Or(cmp.Compare(x.Region, y.Region), cmp.Compare(x.Member, y.Member))
		})
	}
	return nil
}

// draftersOf are the members who wrote a revision of a standard, and the authors
// who wrote unified clauses of the project that drafts it. The secretariat and
// the administrators, who keep what others wrote, are none; nor is a
// representative who settled the wording of a clause for its region.
func draftersOf(tx Tx, standard string) (map[string]bool, error) {
	out := map[string]bool{}
	wrote := func(id string, roles ...Role) error {
		m, held, err := members.find(tx, id)
		if held && slices.Contains(roles, m.Role) {
			out[id] = true
		}
		return err
	}
	err := revisions.scan(tx, func(v Revision) error { return wrote(v.Author, Author, Representative, Reader) }, standard)
	if err != nil {
		return nil, err
	}
	var drafting []string
	err = projects.scan(tx, func(p Project) error {
		if p.Standard == standard {
			drafting = append(drafting, p.ID)
		}
		return nil
	})
	for _, project := range drafting {
		if err == nil {
			err = rowTable.scan(tx, func(row Row) error {
				if row.Unified == nil {
					return nil
				}
				return wrote(row.Unified.By, Author)
			}, project)
		}
	}
	return out, err
}

// BallotDrafters are the members whom rules without drafters leave out of a ballot.
func (r *Registry) BallotDrafters(standard string) (out map[string]bool, err error) {
	err = r.store.View(func(tx Tx) error {
		out, err = draftersOf(tx, standard)
		return err
	})
	return out, err
}

// CastVote says what a voter thinks; said again until the ballot ends, the last
// counts.
func (r *Registry) CastVote(actor Member, standard string, n int, choice Choice, why string) (Vote, error) {
	var v Vote
	if err := May(actor, CastVote); err != nil {
		return v, err
	}
	why = strings.TrimSpace(strings.ReplaceAll(why, "\r\n", "\n"))
	switch {
	case !slices.Contains(Choices, choice):
		return v, refuse(Invalid, "choice", "请选择：同意、同意（有意见）、不同意或弃权。 Choose: agree, agree with comments, object or abstain.")
	case choice == VoteObject && why == "":
		return v, refuse(Invalid, "why", "不同意须写明理由。 An objection needs its reasons.")
	case choice == VoteComments && why == "":
		return v, refuse(Invalid, "why", "请写明意见；没有意见请选“同意”。 Write the comments; without any choose to agree.")
	}
	if err := within("why", why, maxWhy); err != nil {
		return v, err
	}
	err := r.update(actor, func(c *change) error {
		b, err := ballots.get(c.Tx, standard, seq(uint64(n)))
		if err != nil {
			return err
		}
		if !b.May(actor.ID) {
			return refuse(Forbidden, "", "您不在这次表决的名单上。 You are not on the list of this ballot.")
		}
		switch b.State(r.today()) {
		case BallotWaiting:
			return refuse(Conflict, "", "表决 %s 才开始。 The ballot opens on %s.", b.Opens, b.Opens)
		case BallotEnded:
			return refuse(Conflict, "", "表决已经结束，不再计票。 The ballot has ended: no vote is taken.")
		}
		head, _, err := heads.find(c.Tx, "head")
		if err != nil {
			return err
		}
		v = Vote{actor.ID, choice, why, r.now().UTC().Truncate(time.Second), head.Seq + 1}
		if err := votes.put(c, v, standard, seq(uint64(n)), actor.ID); err != nil {
			return err
		}
		return c.log(CastVote, b.object(), v)
	})
	return v, err
}

// CloseBallot ends a ballot before its last day is over.
func (r *Registry) CloseBallot(actor Member, standard string, n int, reason string) (Ballot, error) {
	var b Ballot
	if err := May(actor, CloseBallot); err != nil {
		return b, err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return b, refuse(Invalid, "reason", "请写明为何提前结束。 Say why it ends early.")
	}
	if err := within("reason", reason, maxMessage); err != nil {
		return b, err
	}
	err := r.update(actor, func(c *change) (err error) {
		if b, err = ballots.get(c.Tx, standard, seq(uint64(n))); err != nil {
			return err
		}
		if b.State(r.today()) == BallotEnded {
			return refuse(Conflict, "", "表决已经结束。 The ballot has ended already.")
		}
		b.Closed = &Closing{actor.ID, r.now().UTC().Truncate(time.Second), reason}
		if err := ballots.put(c, b, standard, seq(uint64(n))); err != nil {
			return err
		}
		return c.log(CloseBallot, b.object(), b.Closed)
	})
	return b, err
}

// Ballots of a standard, oldest first.
func (r *Registry) Ballots(standard string) (list []Ballot, err error) {
	err = r.store.View(func(tx Tx) error {
		if _, err := standards.get(tx, standard); err != nil {
			return err
		}
		if list, err = ballots.all(tx, standard); err != nil {
			return err
		}
		for i := range list {
			if err := list[i].call(tx); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// BallotView is a ballot with what was said and what it comes to.
type BallotView struct {
	Ballot
	Work   string // title of the standard
	Now    BallotState
	Votes  []Vote // one a voter, in the order of the list
	Result Result
}

// Ballot finds a ballot with its votes.
func (r *Registry) Ballot(standard string, n int) (v BallotView, err error) {
	err = r.store.View(func(tx Tx) error {
		std, err := standards.get(tx, standard)
		if err != nil {
			return err
		}
		v.Work = std.Header.Title
		if v.Ballot, err = ballots.get(tx, standard, seq(uint64(n))); err != nil {
			return err
		}
		if err := v.call(tx); err != nil {
			return err
		}
		v.Now = v.State(r.today())
		v.Votes, v.Result, err = v.Ballot.result(tx)
		return err
	})
	return v, err
}

func (b Ballot) result(tx Tx) ([]Vote, Result, error) {
	said, err := votes.all(tx, b.Standard, seq(uint64(b.N)))
	if err != nil {
		return nil, Result{}, err
	}
	var list []Vote
	for _, e := range b.Eligible {
		if at := slices.IndexFunc(said, func(v Vote) bool { return v.Member == e.Member }); at >= 0 {
			list = append(list, said[at])
		}
	}
	return list, b.Tally(list), nil
}

// endedBallot is the number of the last ballot on a text that has ended; 0 where
// none has.
func endedBallot(tx Tx, standard string, revision, cycle int, today string) (n int, err error) {
	err = ballots.scan(tx, func(b Ballot) error {
		if b.Revision == revision && b.Cycle == cycle && b.State(today) == BallotEnded {
			n = b.N
		}
		return nil
	}, standard)
	return n, err
}

// ballotPassed tells whether the last ballot on a text that has ended passed.
func ballotPassed(tx Tx, standard string, revision, cycle int, today string) (bool, error) {
	n, err := endedBallot(tx, standard, revision, cycle, today)
	if err != nil || n == 0 {
		return false, err
	}
	b, err := ballots.get(tx, standard, seq(uint64(n)))
	if err != nil {
		return false, err
	}
	_, result, err := b.result(tx)
	return result.Passed, err
}

// voteOf is the vote that an event tells of. Who cast it is the event's actor,
// whatever its data say.
func voteOf(e Event) (v Vote, err error) {
	if err := json.Unmarshal(e.Data, &v); err != nil {
		return v, fmt.Errorf("event %d: %w", e.Seq, err)
	}
	v.Member, v.Event = e.Actor, e.Seq
	return v, nil
}

// BallotFromEvents tells a ballot again from the log alone: what was asked under
// which rule, who voted last how, and what it comes to.
func BallotFromEvents(log []Event, standard string, n int) (b Ballot, said []Vote, result Result, err error) {
	object := Ballot{Standard: standard, N: n}.object()
	for _, e := range log {
		if e.Object != object {
			continue
		}
		switch e.Verb {
		case OpenBallot:
			if err := json.Unmarshal(e.Data, &b); err != nil {
				return b, nil, result, fmt.Errorf("event %d: %w", e.Seq, err)
			}
		case CastVote:
			v, err := voteOf(e)
			if err != nil {
				return b, nil, result, err
			}
			said = append(slices.DeleteFunc(said, func(o Vote) bool { return o.Member == v.Member }), v)
		case CloseBallot:
			b.Closed = &Closing{}
			if err := json.Unmarshal(e.Data, b.Closed); err != nil {
				return b, nil, result, fmt.Errorf("event %d: %w", e.Seq, err)
			}
		}
	}
	if b.N == 0 {
		return b, nil, result, refuse(NotFound, "", "记录里没有这次表决。 The log holds no such ballot.")
	}
	return b, said, b.Tally(said), nil
}
