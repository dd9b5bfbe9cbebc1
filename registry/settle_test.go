package registry_test

import (
	"testing"

	"tongbiao/registry"
)

// TestRulesAtTheirBoundary: for each rule the least that settles a row, and
// what is one short of it. Four regions, then three.
func TestRulesAtTheirBoundary(t *testing.T) {
	tally := func(all, agreed, opposed, abstained int) registry.Tally {
		return registry.Tally{All: all, Agreed: agreed, Opposed: opposed, Abstained: abstained}
	}
	for _, c := range []struct {
		rule registry.Rule
		n    registry.Tally
		want bool
	}{
		{registry.ByAll, tally(4, 4, 0, 0), true},
		{registry.ByAll, tally(4, 3, 0, 0), false},
		{registry.ByAll, tally(4, 3, 0, 1), false}, // an abstention is no agreement
		{registry.ByAll, tally(4, 3, 1, 0), false},
		{registry.ByAll, tally(2, 2, 0, 0), true},

		{registry.ByConsensus, tally(4, 3, 0, 1), true}, // an abstention is not counted
		{registry.ByConsensus, tally(4, 1, 0, 3), true},
		{registry.ByConsensus, tally(4, 0, 0, 4), false}, // nobody wants it
		{registry.ByConsensus, tally(4, 3, 0, 0), false}, // one has not spoken
		{registry.ByConsensus, tally(4, 3, 1, 0), false},

		{registry.ByMajority, tally(4, 3, 0, 0), true},
		{registry.ByMajority, tally(4, 2, 0, 0), false}, // half is not more than half
		{registry.ByMajority, tally(4, 2, 0, 2), false},
		{registry.ByMajority, tally(4, 3, 0, 1), true},
		{registry.ByMajority, tally(4, 3, 1, 0), false}, // one objection is too many
		{registry.ByMajority, tally(3, 2, 0, 0), true},
		{registry.ByMajority, tally(3, 1, 0, 2), false},

		{registry.ByTwoThirds, tally(3, 2, 0, 0), true},
		{registry.ByTwoThirds, tally(3, 2, 1, 0), true}, // outvoted
		{registry.ByTwoThirds, tally(3, 1, 0, 2), false},
		{registry.ByTwoThirds, tally(4, 3, 1, 0), true},
		{registry.ByTwoThirds, tally(4, 2, 0, 2), false}, // 2 of 4 is less than 2 of 3

		{registry.ByThreeQuarters, tally(4, 3, 1, 0), true},
		{registry.ByThreeQuarters, tally(4, 3, 0, 1), true},
		{registry.ByThreeQuarters, tally(4, 2, 0, 2), false},
		{registry.ByThreeQuarters, tally(3, 2, 1, 0), false}, // 2 of 3 is less than 3 of 4
		{registry.ByThreeQuarters, tally(3, 3, 0, 0), true},

		{registry.ByCommittee, tally(4, 3, 0, 0), true},
		{registry.ByCommittee, tally(4, 2, 0, 0), false}, // below the quorum of three
		{registry.ByCommittee, tally(4, 2, 0, 1), true},  // 2 of 3 who spoke
		{registry.ByCommittee, tally(4, 2, 0, 2), false}, // an abstention counts among those who spoke
		{registry.ByCommittee, tally(4, 3, 1, 0), true},  // a quarter opposes
		{registry.ByCommittee, tally(4, 2, 1, 0), false}, // a third does
		{registry.ByCommittee, tally(3, 2, 0, 1), true},
		{registry.ByCommittee, tally(3, 2, 0, 0), false}, // 2 of 3 are no quorum
	} {
		if got := c.rule.Settles(c.n); got != c.want {
			t.Errorf("%s with %+v: settled %v, want %v", c.rule, c.n, got, c.want)
		}
	}
}

// Nothing settles a row on which nobody agreed, and what settles it keeps
// doing so when one who had not spoken agrees.
func TestRulesAreSound(t *testing.T) {
	for _, rule := range registry.Rules {
		for all := 2; all <= 8; all++ {
			for agreed := 0; agreed <= all; agreed++ {
				for opposed := 0; agreed+opposed <= all; opposed++ {
					for abstained := 0; agreed+opposed+abstained <= all; abstained++ {
						n := registry.Tally{All: all, Agreed: agreed, Opposed: opposed, Abstained: abstained}
						settled := rule.Rule.Settles(n)
						if settled && agreed == 0 {
							t.Errorf("%s settles %+v", rule.Rule, n)
						}
						more := n
						more.Agreed++
						if settled && agreed+opposed+abstained < all && !rule.Rule.Settles(more) {
							t.Errorf("%s settles %+v and no more when one more agrees", rule.Rule, n)
						}
						if agreed == all && !settled {
							t.Errorf("%s does not settle what all agree to", rule.Rule)
						}
					}
				}
			}
		}
	}
}
