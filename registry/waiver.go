package registry

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tongbiao/editor"
	"tongbiao/editor/check"
)

// RuleSwitch is how a committee sets a rule for one standard: another severity, or
// off.
type RuleSwitch struct {
	Standard string          `json:"standard"`
	Rule     string          `json:"rule"`
	Severity editor.Severity `json:"severity"` // "" switches the rule off
	Reason   string          `json:"reason"`
	By       string          `json:"by"` // Member.ID
	Event    uint64          `json:"event"`
	Time     time.Time       `json:"time"`
}

// Off tells whether the rule is not checked.
func (s RuleSwitch) Off() bool { return s.Severity == "" }

var (
	switchTable = table[RuleSwitch]{"rule-switch", "条规则的设置"}
	waiverTable = table[check.Waiver]{"waiver", "条忽略"}
)

// Bounds of what a committee sets aside.
const (
	maxWaivers     = 1000 // a standard
	maxWaived      = 4000 // characters of the words of one
	maxWaiveReason = 500  // characters of a reason
)

// RuleSwitches are those of a standard, by rule.
func (r *Registry) RuleSwitches(standard string) (list []RuleSwitch, err error) {
	err = r.store.View(func(tx Tx) error {
		if _, err := standards.get(tx, standard); err != nil {
			return err
		}
		list, err = switchTable.all(tx, standard)
		return err
	})
	return list, err
}

// Waivers are those of a standard that is kept, in the order in which they were
// given.
func (r *Registry) Waivers(standard string) (list []check.Waiver, err error) {
	err = r.store.View(func(tx Tx) error {
		if _, err := standards.get(tx, standard); err != nil {
			return err
		}
		list, err = waiverTable.all(tx, standard)
		return err
	})
	return list, err
}

// SwitchRule sets a rule for a standard: to a severity, "off", or "" for what the
// catalogue says. Anything but that wants a reason.
func (r *Registry) SwitchRule(actor Member, standard, rule, to, reason string) error {
	if _, known := check.Lookup(rule); !known {
		return refuse(Invalid, "rule", "没有规则 %s。 There is no rule %s.", rule, rule)
	}
	switch to {
	case "", "off", string(editor.Error), string(editor.Warning), string(editor.Info):
	default:
		return refuse(Invalid, "severity", "级别应为 error、warning、info 或 off。 A severity is error, warning, info or off.")
	}
	reason = strings.TrimSpace(reason)
	if to != "" {
		if err := reasoned(reason); err != nil {
			return err
		}
	}
	return r.update(actor, func(c *change) error {
		if err := c.maySetRules(SwitchRule, standard); err != nil {
			return err
		}
		before, held, err := switchTable.find(c.Tx, standard, rule)
		if err != nil || to == "" && !held || held && to == before.setting() && reason == before.Reason {
			return err
		}
		if to == "" {
			if err := switchTable.delete(c, standard, rule); err != nil {
				return err
			}
			return c.log(SwitchRule, "standards/"+standard, map[string]any{"rule": rule})
		}
		s := RuleSwitch{Standard: standard, Rule: rule, Reason: reason, By: actor.ID, Time: r.now().UTC().Truncate(time.Second)}
		if to != "off" {
			s.Severity = editor.Severity(to)
		}
		if s.Event, err = c.next(); err != nil {
			return err
		}
		if err := switchTable.put(c, s, standard, rule); err != nil {
			return err
		}
		return c.log(SwitchRule, "standards/"+standard, map[string]any{"rule": rule, "to": to, "reason": reason})
	})
}

// setting is how a switch was asked for.
func (s RuleSwitch) setting() string {
	if s.Off() {
		return "off"
	}
	return string(s.Severity)
}

// WaiveFinding lets one finding of a standard stand: a rule, a clause ("" the whole
// text) and the words that it is about (check.Quote), for a reason. It holds as long
// as those words stand there. Its drafter may do so before the standard is there:
// the waiver goes with the copy, and becomes the standard's when that is submitted.
// It returns the waiver's ID.
func (r *Registry) WaiveFinding(actor Member, standard string, w check.Waiver) (string, error) {
	if _, known := check.Lookup(w.Rule); !known {
		return "", refuse(Invalid, "rule", "没有规则 %s。 There is no rule %s.", w.Rule, w.Rule)
	}
	w.Reason = strings.TrimSpace(w.Reason)
	if err := reasoned(w.Reason); err != nil {
		return "", err
	}
	if utf8.RuneCountInString(w.Words) > maxWaived || len(w.Clause) > 100 {
		return "", refuse(Invalid, "words", "原文过长。 The words are too long.")
	}
	err := r.update(actor, func(c *change) error {
		under, err := mayWaive(c.Tx, actor, WaiveFinding, standard)
		if err != nil {
			return err
		}
		held, err := waiverTable.all(c.Tx, under)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(held, func(h check.Waiver) bool { return h.Rule == w.Rule && h.Clause == w.Clause && h.Words == w.Words }); i >= 0 {
			return refuse(Conflict, "", "这一处已经忽略，理由：%s。 It is waived already: %s.", held[i].Reason, held[i].Reason)
		}
		if len(held) >= maxWaivers {
			return refuse(Invalid, "", "一项标准最多忽略 %d 处：请先撤回不用的，或关闭这条规则。 A standard has at most %d waivers: take some back, or switch the rule off.", maxWaivers, maxWaivers)
		}
		event, err := c.next()
		if err != nil {
			return err
		}
		w.ID, w.Author, w.Time = seq(event), actor.ID, r.now().UTC().Truncate(time.Second)
		if err := waiverTable.put(c, w, under, w.ID); err != nil {
			return err
		}
		if under != standard {
			return c.log(WaiveFinding, under, map[string]any{"rule": w.Rule})
		}
		return c.log(WaiveFinding, "standards/"+standard, map[string]any{"rule": w.Rule, "clause": w.Clause, "words": w.Words, "reason": w.Reason})
	})
	return w.ID, err
}

// DropWaiver takes a waiver back.
func (r *Registry) DropWaiver(actor Member, standard, id string) error {
	return r.update(actor, func(c *change) error {
		under, err := mayWaive(c.Tx, actor, DropWaiver, standard)
		if err != nil {
			return err
		}
		w, err := waiverTable.get(c.Tx, under, id)
		if err != nil {
			return err
		}
		if err := waiverTable.delete(c, under, id); err != nil {
			return err
		}
		if under != standard {
			return c.log(DropWaiver, under, map[string]any{"rule": w.Rule})
		}
		return c.log(DropWaiver, "standards/"+standard, map[string]any{"rule": w.Rule, "clause": w.Clause, "words": w.Words})
	})
}

// unborn is under which the waivers of a standard are kept that is only on its
// drafter's desk. They are as private as the copy, so their events hold no words.
// No standard can have such an ID.
func unborn(standard string) string { return "drafts/" + standard }

// mayWaive tells under which ID the waivers of a standard are kept, or refuses:
// of one that is kept they are for those who may write it, of one yet to be
// submitted for its drafter.
func mayWaive(tx Tx, actor Member, verb Verb, standard string) (under string, err error) {
	std, held, err := standards.find(tx, standard)
	switch {
	case err != nil:
		return "", err
	case held:
		return standard, May(actor, verb, std.Header.Regions...)
	}
	if _, found, err := desks.find(tx, actor.ID, standard); err != nil {
		return "", err
	} else if found {
		return unborn(standard), May(actor, verb, actor.Region)
	}
	_, err = standards.get(tx, standard) // says that there is none
	return "", err
}

// MayWaive tells whether the actor may let findings of a standard stand, or of
// what is to become one.
func (r *Registry) MayWaive(actor Member, standard string) bool {
	return r.store.View(func(tx Tx) error {
		_, err := mayWaive(tx, actor, WaiveFinding, standard)
		return err
	}) == nil
}

// moveWaivers gives the waivers of a text on a desk to the standard that came of
// it; "" discards them.
func (c *change) moveWaivers(from, to string) error {
	list, err := waiverTable.all(c.Tx, unborn(from))
	if err != nil {
		return err
	}
	for _, w := range list {
		if err := waiverTable.delete(c, unborn(from), w.ID); err != nil {
			return err
		}
		if to == "" {
			continue
		}
		if err := waiverTable.put(c, w, to, w.ID); err != nil {
			return err
		}
	}
	return nil
}

// maySetRules refuses who may not set aside the rules of a standard: that is for
// those who may write it.
func (c *change) maySetRules(verb Verb, standard string) error {
	std, err := standards.get(c.Tx, standard)
	if err != nil {
		return err
	}
	return May(c.actor, verb, std.Header.Regions...)
}

func reasoned(reason string) error {
	if reason == "" {
		return refuse(Invalid, "reason", "请写明理由。 Say why.")
	}
	return within("reason", reason, maxWaiveReason)
}
