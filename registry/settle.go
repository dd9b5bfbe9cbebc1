package registry

import "slices"

// Rule says when a row is settled; Rules says what it asks for.
type Rule string

const (
	ByAll           Rule = "all"
	ByConsensus     Rule = "consensus"
	ByMajority      Rule = "majority"
	ByTwoThirds     Rule = "two-thirds"
	ByThreeQuarters Rule = "three-quarters"
	ByCommittee     Rule = "committee"
)

// Share is a part of a number of regions. With Over it has to be exceeded,
// otherwise it is enough to reach it.
type Share struct {
	Num, Den int
	Over     bool
}

// reached tells whether n of all is at least this share, or more where it has
// to be exceeded.
func (s Share) reached(n, all int) bool {
	if s.Over {
		return n*s.Den > s.Num*all
	}
	return n*s.Den >= s.Num*all
}

// Base is what a share of agreements is taken of.
type Base string

const (
	OfAll    Base = "all"    // of the participants: who abstains or is silent does not agree
	OfSpoken Base = "spoken" // of those who spoke: who abstains does not agree
	OfVoted  Base = "voted"  // of those who agreed or opposed: who abstains is not counted
)

// Terms are what a rule asks for. Only what a region said on the text as it
// stands is counted. A wanted change is no agreement to this text: until the
// text is changed or the region says otherwise it opposes, as an objection does.
type Terms struct {
	Rule    Rule
	Quorum  Share // of the participants: have spoken; to abstain is to speak
	Agree   Share // agree,
	Of      Base  // of these
	Opposed Share // of those who spoke: more than this may not oppose
}

// Rules are the rules under which a project can settle its rows, in the order
// in which they are offered. The shares of ByCommittee are those of China's
// technical committees (全国专业标准化技术委员会管理办法, 2017: three quarters
// vote, two thirds of them agree, no more than a quarter oppose).
var Rules = []Terms{
	{ByAll, Share{1, 1, false}, Share{1, 1, false}, OfAll, Share{0, 1, false}},
	{ByConsensus, Share{1, 1, false}, Share{1, 1, false}, OfVoted, Share{0, 1, false}},
	{ByMajority, Share{1, 2, true}, Share{1, 2, true}, OfAll, Share{0, 1, false}},
	{ByTwoThirds, Share{2, 3, false}, Share{2, 3, false}, OfAll, Share{1, 1, false}},
	{ByThreeQuarters, Share{3, 4, false}, Share{3, 4, false}, OfAll, Share{1, 1, false}},
	{ByCommittee, Share{3, 4, false}, Share{2, 3, false}, OfSpoken, Share{1, 4, false}},
}

// terms of a rule; of ByAll for one that is not known.
func (r Rule) terms() Terms {
	if i := slices.IndexFunc(Rules, func(t Terms) bool { return t.Rule == r }); i >= 0 {
		return Rules[i]
	}
	return Rules[0]
}

// Tally counts what the participants said on a row's text as it stands.
type Tally struct{ All, Agreed, Opposed, Abstained int }

// spoken counts the regions that said anything.
func (t Tally) spoken() int { return t.Agreed + t.Opposed + t.Abstained }

func (t *Tally) add(v Verdict) {
	switch v {
	case Agree:
		t.Agreed++
	case Object, AgreeWithChange:
		t.Opposed++
	case Abstain:
		t.Abstained++
	}
}

// Settles tells whether the rule is met. Somebody has to have agreed: a text
// on which all abstain is nobody's.
func (r Rule) Settles(n Tally) bool {
	t := r.terms()
	of := map[Base]int{OfAll: n.All, OfSpoken: n.spoken(), OfVoted: n.Agreed + n.Opposed}[t.Of]
	return n.Agreed > 0 && t.Quorum.reached(n.spoken(), n.All) && t.Agree.reached(n.Agreed, of) &&
		n.Opposed*t.Opposed.Den <= t.Opposed.Num*n.spoken()
}

// state of a row whose unified clause the participants judge so. Where all have
// spoken and it is not enough, it is for the drafters again: disputed.
func (r Rule) state(n Tally) State {
	switch {
	case r.Settles(n):
		return Settled
	case n.Opposed > 0 || n.spoken() == n.All:
		return Disputed
	}
	return Waiting
}
