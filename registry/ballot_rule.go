package registry

import "slices"

// Fraction is a part of a whole: 3/4. It is never rounded.
type Fraction struct {
	Of    int `json:"of"`
	Whole int `json:"whole"`
}

// Reached tells whether n of all is at least the share.
func (s Fraction) Reached(n, all int) bool { return n*s.Whole >= all*s.Of }

// Least is the smallest number of all that reaches the share.
func (s Fraction) Least(all int) int { return (all*s.Of + s.Whole - 1) / s.Whole }

// BallotRule says when a question is carried. It is data, and a ballot keeps the
// rule under which it was opened.
type BallotRule struct {
	Name       string   `json:"name"`
	Zh         string   `json:"zh"`
	En         string   `json:"en"`
	Quorum     Fraction `json:"quorum"`     // of the eligible who take part; an abstention takes part
	Majority   Fraction `json:"majority"`   // of the base who agree, with or without comments
	Abstain    bool     `json:"abstain"`    // abstentions are in the base of the majority
	Objections Fraction `json:"objections"` // of the base that may object at most; Whole 0: no bound
	ByRegion   bool     `json:"by_region"`  // each region has one vote, which the majority of its members casts
	Drafters   bool     `json:"drafters"`   // drafters may vote
	CountZh    string   `json:"count_zh"`   // how abstentions count
	CountEn    string   `json:"count_en"`
	Source     string   `json:"source"`
}

// BallotRules as they are offered; the first is the default.
var BallotRules = []BallotRule{
	{Name: "three-quarters", Zh: "三分之二参加，四分之三同意", En: "Two thirds take part, three quarters of them agree",
		Quorum: Fraction{2, 3}, Majority: Fraction{3, 4}, Abstain: true,
		CountZh: "弃权算参加，计入分母，不算同意；起草人不参加表决", CountEn: "An abstention takes part and stands in the base, and does not agree; drafters do not vote",
		Source: "《国家标准管理办法》（国家技术监督局令第10号，1990）：会议审查须出席代表四分之三同意，出席率、回函率不足三分之二的重新审查，起草人不参加表决"},
	{Name: "committee", Zh: "委员四分之三参加，三分之二同意，反对不超过四分之一", En: "Three quarters take part, two thirds of them agree, at most a quarter object",
		Quorum: Fraction{3, 4}, Majority: Fraction{2, 3}, Abstain: true, Objections: Fraction{1, 4}, Drafters: true,
		CountZh: "弃权算参加，计入分母，不算同意也不算反对；委员不因参加起草而回避", CountEn: "An abstention takes part and stands in the base, and neither agrees nor objects; a member may vote though it drafted",
		Source: "《全国专业标准化技术委员会管理办法》（国家质量监督检验检疫总局令第191号，2017）关于委员表决的规定"},
	{Name: "unanimous", Zh: "全体一致", En: "Unanimous",
		Quorum: Fraction{2, 3}, Majority: Fraction{1, 1}, Objections: Fraction{0, 1}, Drafters: true,
		CountZh: "弃权算参加，不计入分母，不妨碍一致；有一票反对即不通过", CountEn: "An abstention takes part, is out of the base and does not hinder; one objection defeats it",
		Source: "GB/T 20000.1—2014，协商一致：对实质性问题没有坚持不变的反对意见；参加人数由本系统定为三分之二"},
	{Name: "regions", Zh: "各地区各一票，全部同意", En: "One vote a region, and all agree",
		Quorum: Fraction{1, 1}, Majority: Fraction{1, 1}, Abstain: true, ByRegion: true, Drafters: true,
		CountZh: "每个地区有人表决才算参加；地区内同意多于反对为同意，反对多于同意为反对，相等为弃权；弃权计入分母，即不通过", CountEn: "A region takes part when one of its members votes; it agrees where more agree than object, objects where more object, and abstains when they are equal; an abstaining region stands in the base, so the question fails",
		Source: "联合制定的约定：各地区平等，一份正文须各地区都同意（与协调项目的“全体同意”规则相同）"},
}

// RuleOfBallot finds a rule by its name.
func RuleOfBallot(name string) (BallotRule, bool) {
	at := slices.IndexFunc(BallotRules, func(r BallotRule) bool { return r.Name == name })
	if at < 0 {
		return BallotRule{}, false
	}
	return BallotRules[at], true
}

// Count is how many said what.
type Count struct{ Eligible, Agree, WithComments, Object, Abstain int }

// Took is how many took part.
func (c Count) Took() int { return c.Agree + c.WithComments + c.Object + c.Abstain }

// For is how many agree, with or without comments.
func (c Count) For() int { return c.Agree + c.WithComments }

func (c *Count) add(choice Choice) {
	switch choice {
	case VoteAgree:
		c.Agree++
	case VoteComments:
		c.WithComments++
	case VoteObject:
		c.Object++
	case VoteAbstain:
		c.Abstain++
	}
}

// Result is what a ballot came to.
type Result struct {
	Count           // of members
	Regions []Count // under a rule by region: each region's members, 沪 苏 浙 皖
	Votes   Count   // what the rule counts: members, or regions
	Base    int     // of the majority
	Needed  Need
	Quorate bool
	Passed  bool
}

// Need is what the rule asked for in numbers.
type Need struct {
	TakePart, Agree int
	Object          int // at most; -1: no bound
}

// decide applies the rule to what was counted.
func (rule BallotRule) decide(r *Result) {
	v := r.Votes
	r.Base = v.Took()
	if !rule.Abstain {
		r.Base -= v.Abstain
	}
	r.Needed = Need{TakePart: max(1, rule.Quorum.Least(v.Eligible)), Agree: max(1, rule.Majority.Least(r.Base)), Object: -1}
	r.Quorate = v.Took() >= r.Needed.TakePart
	r.Passed = r.Quorate && v.For() >= r.Needed.Agree
	if rule.Objections.Whole > 0 {
		r.Needed.Object = r.Base * rule.Objections.Of / rule.Objections.Whole
		r.Passed = r.Passed && v.Object <= r.Needed.Object
	}
}

// Tally counts votes under the ballot's rule.
func (b Ballot) Tally(votes []Vote) Result {
	last := map[string]Choice{}
	for _, v := range votes {
		last[v.Member] = v.Choice
	}
	var r Result
	byRegion := map[string]*Count{}
	for _, e := range b.Eligible {
		if byRegion[e.Region] == nil {
			byRegion[e.Region] = &Count{}
		}
		for _, c := range []*Count{&r.Count, byRegion[e.Region]} {
			c.Eligible++
			c.add(last[e.Member])
		}
	}
	r.Votes = r.Count
	if b.Rule.ByRegion {
		r.Votes = Count{}
		for _, code := range b.Regions() {
			c := *byRegion[code]
			r.Regions = append(r.Regions, c)
			r.Votes.Eligible++
			if c.Took() > 0 {
				r.Votes.add(c.voice())
			}
		}
	}
	b.Rule.decide(&r)
	return r
}

// voice is what a region says by its members.
func (c Count) voice() Choice {
	switch {
	case c.For() > c.Object:
		return VoteAgree
	case c.Object > c.For():
		return VoteObject
	}
	return VoteAbstain
}
