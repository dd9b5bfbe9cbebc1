package registry

import (
	"slices"
	"strings"
	"time"

	"tongbiao/editor"
)

// ActivityRuling is what a person says of a clause: that it applies to an
// activity or does not, for everybody; or, of an enterprise, that it is not its
// own affair. It wins over what the machine found; the last word counts.
type ActivityRuling struct {
	Standard string          `json:"standard"`
	Clause   string          `json:"clause"`
	Activity editor.Activity `json:"activity,omitempty"` // "" of an enterprise's own
	Applies  bool            `json:"applies"`
	Reason   string          `json:"reason"`
	Own      string          `json:"own,omitempty"` // Member.ID of whose alone it is; "" for everybody
	By       string          `json:"by"`
	Time     time.Time       `json:"time"`
	Hash     string          `json:"hash"` // of the clause as it was
	Event    uint64          `json:"event"`
}

var activityRulings = table[ActivityRuling]{"activity-ruling", "条适用性意见"}

// forAll stands in the key of what is said for everybody.
const forAll = "*"

func (k ActivityRuling) key() []string {
	own := forAll
	if k.Own != "" {
		own = k.Own
	}
	return []string{own, k.Standard, k.Clause, string(k.Activity)}
}

// rulingsFor are what was said for everybody and by a member for itself, by
// standard and clause.
func rulingsFor(tx Tx, member string) (map[[2]string][]ActivityRuling, error) {
	out := map[[2]string][]ActivityRuling{}
	take := func(k ActivityRuling) error {
		at := [2]string{k.Standard, k.Clause}
		out[at] = append(out[at], k)
		return nil
	}
	if err := activityRulings.scan(tx, take, forAll); err != nil || member == "" {
		return out, err
	}
	return out, activityRulings.scan(tx, take, member)
}

// RuleActivity says that a clause applies to an activity, or that it does not;
// who may is whoever writes for the standard's region.
func (r *Registry) RuleActivity(actor Member, at Ref, activity editor.Activity, applies bool, reason string) error {
	if !slices.Contains(editor.Activities, activity) {
		return refuse(Invalid, "activity", "请选择一项活动。 Choose an activity.")
	}
	return r.rule(actor, RuleActivity, ActivityRuling{Standard: at.Standard, Clause: at.Clause, Activity: activity, Applies: applies, Reason: reason})
}

// RuleOut says that a clause is not the actor's own affair, or, with mine, that
// it is after all. Nobody else sees it.
func (r *Registry) RuleOut(actor Member, at Ref, mine bool, reason string) error {
	return r.rule(actor, RuleOut, ActivityRuling{Standard: at.Standard, Clause: at.Clause, Applies: mine, Reason: reason, Own: actor.ID})
}

func (r *Registry) rule(actor Member, verb Verb, k ActivityRuling) error {
	k.Reason = strings.TrimSpace(k.Reason)
	if err := within("reason", k.Reason, maxMessage); err != nil {
		return err
	}
	if k.Reason == "" && (k.Own == "" || !k.Applies) {
		return refuse(Invalid, "reason", "请写明理由。 Say why.")
	}
	return r.update(actor, func(c *change) error {
		s, err := standards.get(c.Tx, k.Standard)
		if err != nil {
			return err
		}
		if verb == RuleActivity {
			err = May(actor, verb, s.Header.Regions...)
		} else {
			err = May(actor, verb)
		}
		if err != nil {
			return err
		}
		t, err := textAt(c.Tx, Ref{Standard: k.Standard})
		if err != nil {
			return err
		}
		clause := t.Document.Clause(k.Clause)
		if clause == nil {
			return refuse(NotFound, "", "没有这一条：%s#%s。 There is no such clause.", k.Standard, k.Clause)
		}
		k.By, k.Time, k.Hash = actor.ID, r.now().UTC().Truncate(time.Second), clause.Hash()
		if k.Event, err = c.next(); err != nil {
			return err
		}
		if err := activityRulings.put(c, k, k.key()...); err != nil {
			return err
		}
		if k.Own != "" {
			return c.log(verb, "members/"+actor.ID, map[string]any{"standard": k.Standard, "clause": k.Clause, "mine": k.Applies})
		}
		return c.log(verb, "standards/"+Ref{Standard: k.Standard, Clause: k.Clause}.String(), map[string]any{"activity": k.Activity, "applies": k.Applies, "reason": k.Reason})
	})
}
