package registry

import (
	"fmt"
	"slices"
	"strings"

	"tongbiao/editor"
)

// checkedText is what the check found in a text, looked at before the
// transaction, by the stage that it is to enter: a draft that goes to
// consultation bears what a draft for comment has to.
type checkedText struct {
	revision int
	rules    string // the waivers and switches that held
	errors   map[Stage][]editor.Finding
	waived   map[Stage][]editor.Finding
}

// checked looks at a text for the steps that ask for one without errors. It is
// done before the transaction, which then makes sure that it is still the text.
func (r *Registry) checked(standard string, steps ...Transition) (out checkedText, err error) {
	if !slices.ContainsFunc(steps, func(t Transition) bool { return slices.Contains(t.Gates, GateFindings) }) {
		return out, nil
	}
	p, err := r.Process(standard)
	if err != nil {
		return out, err
	}
	text, err := r.Text(Ref{Standard: standard, Revision: p.Revision})
	if err != nil {
		return out, err
	}
	out = checkedText{revision: p.Revision, errors: map[Stage][]editor.Finding{}, waived: map[Stage][]editor.Finding{}}
	err = r.store.View(func(tx Tx) (err error) {
		out.rules, err = ruleState(tx, standard)
		return err
	})
	if err != nil {
		return out, err
	}
	for _, t := range steps {
		if _, done := out.errors[t.To]; done || !t.Begins(p.Stage) || !slices.Contains(t.Gates, GateFindings) {
			continue
		}
		report, err := r.findingsAt(standard, t.To, false, text.Source, text.Document)
		if err != nil {
			return out, err
		}
		out.errors[t.To] = nil
		for _, f := range report.Findings {
			if f.Severity == editor.Error {
				out.errors[t.To] = append(out.errors[t.To], f)
			}
		}
		for _, f := range report.Waived {
			if f.Severity == editor.Error {
				out.waived[t.To] = append(out.waived[t.To], f.Finding)
			}
		}
	}
	return out, nil
}

// ruleState names the waivers and switches of a standard as they are.
func ruleState(tx Tx, standard string) (string, error) {
	held, err := waiverTable.all(tx, standard)
	if err != nil {
		return "", err
	}
	switches, err := switchTable.all(tx, standard)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, w := range held {
		fmt.Fprintln(&b, w.ID)
	}
	for _, s := range switches {
		fmt.Fprintln(&b, s.Rule, s.Event)
	}
	return b.String(), nil
}
