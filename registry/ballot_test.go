package registry_test

import (
	"fmt"
	"reflect"
	"testing"

	"tongbiao/registry"
)

// cast is how many vote how.
type cast struct{ agree, comments, object, abstain int }

// voters takes in members named v01, v02 … of the four regions in turn.
func (d bureau) voters(t *testing.T, n int) (list []registry.Member, ids []string) {
	t.Helper()
	for i := range n {
		m := registry.Member{ID: fmt.Sprintf("v%02d", i+1), Name: fmt.Sprintf("委员%d", i+1), Region: registry.Regions[i%4].Code, Role: registry.Author}
		if err := d.SetMember(m); err != nil {
			t.Fatal(err)
		}
		list, ids = append(list, m), append(ids, m.ID)
	}
	return list, ids
}

// hold opens a ballot, casts the votes and closes it.
func (d bureau) hold(t *testing.T, rule string, eligible int, c cast) registry.BallotView {
	t.Helper()
	list, ids := d.voters(t, eligible)
	b, err := d.OpenBallot(secretary, unifiedID, registry.NewBallot{Question: "是否同意报批？", Rule: rule, Closes: "2026-12-31", Members: ids})
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, one := range []struct {
		n      int
		choice registry.Choice
		why    string
	}{{c.agree, registry.VoteAgree, ""}, {c.comments, registry.VoteComments, "建议改措辞"}, {c.object, registry.VoteObject, "时限过严"}, {c.abstain, registry.VoteAbstain, ""}} {
		for range one.n {
			if _, err := d.CastVote(list[said], unifiedID, b.N, one.choice, one.why); err != nil {
				t.Fatal(err)
			}
			said++
		}
	}
	if _, err := d.CloseBallot(secretary, unifiedID, b.N, "表决完毕"); err != nil {
		t.Fatal(err)
	}
	v, err := d.Ballot(unifiedID, b.N)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestBallotRules holds each rule at its boundary and one vote beside it.
func TestBallotRules(t *testing.T) {
	for _, c := range []struct {
		name            string
		rule            string
		eligible        int
		cast            cast
		quorate, passed bool
	}{
		{"exactly three quarters", "three-quarters", 12, cast{agree: 9, object: 3}, true, true},
		{"one below three quarters", "three-quarters", 12, cast{agree: 8, object: 4}, true, false},
		{"with comments is agreed", "three-quarters", 12, cast{agree: 5, comments: 4, object: 3}, true, true},
		{"an abstention stands in the base", "three-quarters", 12, cast{agree: 8, abstain: 4}, true, false},
		{"three quarters of those who take part", "three-quarters", 12, cast{agree: 6, object: 2}, true, true},
		{"exactly two thirds take part", "three-quarters", 9, cast{agree: 6}, true, true},
		{"one below two thirds", "three-quarters", 9, cast{agree: 5}, false, false},
		{"abstentions take part", "three-quarters", 8, cast{agree: 5, abstain: 1}, true, true},
		{"no whole number is two thirds of ten: seven", "three-quarters", 10, cast{agree: 7}, true, true},
		{"six of ten are fewer", "three-quarters", 10, cast{agree: 6}, false, false},
		{"nobody voted", "three-quarters", 4, cast{}, false, false},
		{"committee: three quarters there, two thirds agree, a quarter objects", "committee", 16, cast{agree: 8, object: 3, abstain: 1}, true, true},
		{"committee: a third objects", "committee", 12, cast{agree: 8, object: 4}, true, false},
		{"committee: one below two thirds", "committee", 12, cast{agree: 7, object: 3, abstain: 2}, true, false},
		{"committee: one below three quarters there", "committee", 12, cast{agree: 8}, false, false},
		{"unanimous", "unanimous", 6, cast{agree: 4}, true, true},
		{"unanimous: abstentions do not hinder", "unanimous", 6, cast{agree: 1, abstain: 3}, true, true},
		{"unanimous: all abstain", "unanimous", 6, cast{abstain: 6}, true, false},
		{"unanimous: one objects", "unanimous", 6, cast{agree: 5, object: 1}, true, false},
		{"regions: all four agree", "regions", 4, cast{agree: 4}, true, true},
		{"regions: one is silent", "regions", 4, cast{agree: 3}, false, false},
		{"regions: one abstains", "regions", 4, cast{agree: 3, abstain: 1}, true, false},
		{"regions: two of eight members object, each outvoted by nobody", "regions", 8, cast{agree: 6, object: 2}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newBureau(t)
			got := d.hold(t, c.rule, c.eligible, c.cast)
			if got.Result.Quorate != c.quorate || got.Result.Passed != c.passed {
				t.Errorf("quorate %v, passed %v, want %v, %v: %+v", got.Result.Quorate, got.Result.Passed, c.quorate, c.passed, got.Result)
			}
			d.recomputable(t, got)
		})
	}
}

// recomputable fails unless the log alone tells the same ballot.
func (d bureau) recomputable(t *testing.T, want registry.BallotView) {
	t.Helper()
	log, err := d.Events(0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	b, said, result, err := registry.BallotFromEvents(log, unifiedID, want.N)
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range [][]registry.Voter{want.Eligible, want.Excluded} {
		for i := range list {
			list[i].Name = "" // the log calls nobody by name
		}
	}
	if !reflect.DeepEqual(b, want.Ballot) || !reflect.DeepEqual(result, want.Result) || len(said) != len(want.Votes) {
		t.Errorf("the log tells\n%+v %+v\nthe ballot is\n%+v %+v", b, result, want.Ballot, want.Result)
	}
	for _, v := range want.Votes {
		found := false
		for _, s := range said {
			found = found || reflect.DeepEqual(s, v)
		}
		if !found {
			t.Errorf("the log does not tell the vote %+v", v)
		}
	}
	d.whole(t)
}

// TestVotes says who may vote, when, with what, and that the last counts.
func TestVotes(t *testing.T) {
	d := newBureau(t)
	b, err := d.OpenBallot(secretary, unifiedID, registry.NewBallot{Question: "同意吗？", Rule: "three-quarters", Opens: "2026-03-03", Closes: "2026-03-10", Members: []string{"sh", "js", "sh", "reader"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Eligible) != 3 || b.Eligible[0].Member != "reader" || b.Eligible[1].Member != "sh" {
		t.Errorf("the list is %+v", b.Eligible)
	}
	vote := func(m registry.Member, c registry.Choice, why string) error {
		_, err := d.CastVote(m, unifiedID, b.N, c, why)
		return err
	}
	refused(t, vote(shanghai, registry.VoteAgree, ""), registry.Conflict) // the day before
	d.goTo(t, "2026-03-03")
	refused(t, vote(zhejiang, registry.VoteAgree, ""), registry.Forbidden) // not on the list
	refused(t, vote(registry.Member{}, registry.VoteAgree, ""), registry.Forbidden)
	refused(t, vote(shanghai, registry.VoteObject, " "), registry.Invalid)
	refused(t, vote(shanghai, registry.VoteComments, ""), registry.Invalid)
	refused(t, vote(shanghai, "perhaps", ""), registry.Invalid)
	if err := vote(shanghai, registry.VoteObject, "过严"); err != nil {
		t.Fatal(err)
	}
	d.goTo(t, "2026-03-10") // the last day is included
	if err := vote(shanghai, registry.VoteAgree, ""); err != nil {
		t.Fatal(err)
	}
	v, err := d.Ballot(unifiedID, b.N)
	if err != nil || len(v.Votes) != 1 || v.Result.Agree != 1 || v.Result.Object != 0 || v.Now != registry.BallotRunning {
		t.Errorf("after a change of mind: %+v (%v)", v, err)
	}
	d.goTo(t, "2026-03-11")
	refused(t, vote(shanghai, registry.VoteAbstain, ""), registry.Conflict)
	if v, err = d.Ballot(unifiedID, b.N); err != nil || v.Now != registry.BallotEnded || v.Closed != nil {
		t.Errorf("after its last day: %+v (%v)", v, err)
	}
	_, err = d.CloseBallot(secretary, unifiedID, b.N, "再关一次")
	refused(t, err, registry.Conflict)
	d.recomputable(t, v)
}

// TestDraftersDoNotVote leaves who wrote the text off the list where the rule
// says so.
func TestDraftersDoNotVote(t *testing.T) {
	d := newBureau(t)
	own := registry.NewBallot{Question: "同意吗？", Rule: "three-quarters", Closes: "2026-03-10", Members: []string{"author", "sh"}}
	text := "---\nid: s\ntitle: 甲\nregion: \"31\"\n---\n\n## 范围 {#scope}\n\n一。\n"
	if _, _, err := d.Submit(drafter, registry.Submission{Standard: "s", Source: []byte(text), Message: "起草"}); err != nil {
		t.Fatal(err)
	}
	b, err := d.OpenBallot(secretary, "s", own)
	if err != nil || len(b.Eligible) != 1 || len(b.Excluded) != 1 || b.Excluded[0].Member != "author" {
		t.Errorf("%+v (%v)", b, err)
	}
	_, err = d.OpenBallot(secretary, "s", own)
	refused(t, err, registry.Conflict) // one at a time
	if _, err := d.CloseBallot(secretary, "s", 1, "重来"); err != nil {
		t.Fatal(err)
	}
	own.Rule = "unanimous"
	if b, err = d.OpenBallot(secretary, "s", own); err != nil || len(b.Eligible) != 2 {
		t.Errorf("where the rule lets drafters vote: %+v (%v)", b, err)
	}
	own.Rule, own.Members = "regions", []string{"secretary"}
	_, err = d.OpenBallot(secretary, "s", own)
	refused(t, err, registry.Invalid)
	_, err = d.OpenBallot(shanghai, "s", own)
	refused(t, err, registry.Forbidden)
}
