package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/check"
	"tongbiao/registry"
)

// rulesPage is what the checker says of a standard's current text, what its
// committee lets stand, and how it sets each rule.
type rulesPage struct {
	Frame
	Standard  registry.Standard
	May       bool
	Problem   string
	Typed     string    // reason of the form that was refused
	Refused   string    // which form that was: a rule, or a waiver's key
	Findings  []finding // that stand, the first of them
	More      int       // that are not listed
	Waived    []waived
	Lapsed    []check.Waiver
	Groups    []ruleGroup
	Tabs      []ruleTab
	Filter    ruleFilter
	Rule      *ruleLine // whose form is open
	Reference bool      // the text is a regulation: only its own rules are listed
}

// finding is one departure with the words that it is about.
type finding struct {
	editor.Finding
	Number string // of the clause
	Words  string // as a waiver names them
	Waive  bool   // it is of a rule, and can be waived
}

// waived is a finding that stands with its waiver.
type waived struct {
	check.Waived
	Number string
}

// ruleLine is a rule as it holds for this standard.
type ruleLine struct {
	check.Entry
	Switch   *registry.RuleSwitch
	Severity editor.Severity // as it is checked; "" when it is off
	Found    int
}

// mostFindings is how many findings are listed at a time.
const mostFindings = 200

func (s *Server) rules(c echo.Context) error {
	return s.showRules(c, http.StatusOK, "", "")
}

func (s *Server) showRules(c echo.Context, status int, problem, refusedForm string) error {
	text, std, err := s.current(c.Param("id"))
	if err != nil {
		return err
	}
	report, err := s.reg.Findings(std.ID, text.Source, text.Document)
	if err != nil {
		return err
	}
	p := rulesPage{
		Frame: s.frame(c, s.say(c, "rules.title", std.Header.Title)), Standard: std, Problem: problem, Refused: refusedForm, Typed: c.FormValue("reason"),
		May: registry.May(s.actor(c), registry.SwitchRule, std.Header.Regions...) == nil, Lapsed: report.Lapsed,
		Reference: text.Document.Header.Convention == editor.Regulation,
	}
	number := func(id string) string {
		if k := text.Document.Clause(id); k != nil {
			return nameOf(k)
		}
		return ""
	}
	found := map[string]int{}
	p.Filter = ruleFilterOf(c)
	p.Tabs = ruleTabs(std.ID, p.Filter, report.Findings)
	for _, f := range report.Findings {
		found[f.Rule]++
		switch {
		case !p.Filter.lets(f):
		case len(p.Findings) == mostFindings:
			p.More++
		default:
			_, known := check.Lookup(f.Rule)
			p.Findings = append(p.Findings, finding{f, number(f.Clause), check.Quote(text.Source, f), known})
		}
	}
	for _, w := range report.Waived {
		p.Waived = append(p.Waived, waived{w, number(w.Clause)})
	}
	lines, err := s.ruleLines(std.ID, text.Document.Header.Convention, found)
	if err != nil {
		return err
	}
	p.Styles, p.Groups = []string{"rules.css"}, ruleGroupsOf(lines)
	open := c.QueryParam("rule")
	if open == "" {
		open = refusedForm
	}
	for i := range lines {
		if lines[i].ID == open {
			p.Rule = &lines[i]
		}
	}
	return s.render(c, status, "rules.html", p)
}

// ruleLines are the rules that hold for a text of a convention, as they are set.
func (s *Server) ruleLines(standard string, convention editor.Convention, found map[string]int) ([]ruleLine, error) {
	switches, err := s.reg.RuleSwitches(standard)
	if err != nil {
		return nil, err
	}
	of := map[string]*registry.RuleSwitch{}
	for i := range switches {
		of[switches[i].Rule] = &switches[i]
	}
	holds := map[string]bool{}
	for _, r := range check.Rules() {
		if (r.Convention == editor.Regulation) == (convention == editor.Regulation) {
			holds[r.ID] = true
		}
	}
	var out []ruleLine
	for _, e := range check.Catalogue() {
		if !holds[e.ID] && (convention == editor.Regulation || e.Guaranteed.Zh == "") {
			continue
		}
		l := ruleLine{Entry: e, Switch: of[e.ID], Severity: e.Severity, Found: found[e.ID]}
		if l.Switch != nil {
			l.Severity = l.Switch.Severity
		}
		out = append(out, l)
	}
	return out, nil
}

// switchRule sets one rule for a standard.
func (s *Server) switchRule(c echo.Context) error {
	id, rule := c.Param("id"), c.FormValue("rule")
	err := s.reg.SwitchRule(s.actor(c), id, rule, c.FormValue("to"), c.FormValue("reason"))
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showRules(c, http.StatusUnprocessableEntity, reason, rule)
	}
	if err != nil {
		return err
	}
	return s.see(c, rulesURL(id)+"#r-"+url.PathEscape(rule), "done.rule")
}

// waiveFinding lets one finding stand, for a reason.
func (s *Server) waiveFinding(c echo.Context) error {
	id := c.Param("id")
	w := check.Waiver{Rule: c.FormValue("rule"), Clause: c.FormValue("clause"), Words: lines(c.FormValue("words")), Reason: c.FormValue("reason")}
	_, err := s.reg.WaiveFinding(s.actor(c), id, w)
	if reason, ok := refused(err, registry.Invalid, registry.Conflict); ok {
		status := http.StatusUnprocessableEntity
		if registry.Refused(err, registry.Conflict) {
			status = http.StatusConflict
		}
		return s.showRules(c, status, reason, w.Rule+" "+w.Clause+" "+w.Words)
	}
	if err != nil {
		return err
	}
	return s.see(c, back(c, id, "#waived"), "done.waive")
}

// unwaiveFinding takes a waiver back.
func (s *Server) unwaiveFinding(c echo.Context) error {
	id := c.Param("id")
	if err := s.reg.DropWaiver(s.actor(c), id, c.Param("waiver")); err != nil {
		return err
	}
	return s.see(c, back(c, id, "#findings"), "done.unwaive")
}

// back is where a form came from: the drafting page of the standard, or this one.
func back(c echo.Context, standard, at string) string {
	if to := "/drafts/" + url.PathEscape(standard); strings.TrimSpace(c.FormValue("back")) == to {
		return to
	}
	return rulesURL(standard) + at
}

func rulesURL(standard string) string { return "/standards/" + url.PathEscape(standard) + "/rules" }

// Key names the form of a finding.
func (f finding) Key() string { return f.Rule + " " + f.Clause + " " + f.Words }
