package web

import (
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
)

// ruleGroup are the rules on one matter, folded away where the committee left them as they are.
type ruleGroup struct {
	Key     string // of the catalogue, rules.group.…
	Rules   []ruleLine
	Found   int  // findings
	Changed int  // rules that the committee set
	Open    bool // the committee set one of them
}

// ruleGroups are the matters in the order of GB/T 1.1, by the beginnings of the
// rules' IDs.
var ruleGroups = []struct{ key, ids string }{
	{"structure", "STR"}, {"numbering", "NUM"}, {"front", "COV TOC FOR INT"}, {"first", "SCO REF TRM SYM"}, {"provisions", "MOD"},
	{"objects", "NOT ANX FIG TAB EQN CIT"}, {"units", "UNI TYP"}, {"forbidden", "PRO"}, {"local", "LOC"}, {"regulation", "REG"},
}

// ruleGroupsOf puts rules into their groups; what belongs to none comes last.
func ruleGroupsOf(lines []ruleLine) []ruleGroup {
	all := make([]ruleGroup, len(ruleGroups)+1)
	for _, l := range lines {
		head, _, _ := strings.Cut(l.ID, "-")
		at := len(ruleGroups)
		for i, g := range ruleGroups {
			if strings.Contains(g.ids, head) {
				at = i
			}
		}
		g := &all[at]
		g.Rules = append(g.Rules, l)
		g.Found += l.Found
		if l.Switch != nil {
			g.Changed++
		}
		g.Open = g.Changed > 0
	}
	var out []ruleGroup
	for i, g := range all {
		if g.Key = "other"; i < len(ruleGroups) {
			g.Key = ruleGroups[i].key
		}
		if len(g.Rules) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// ruleFilter narrows the findings: to a severity, or to a rule.
type ruleFilter struct {
	Severity editor.Severity
	Rule     string
}

func ruleFilterOf(c echo.Context) ruleFilter {
	return ruleFilter{editor.Severity(c.QueryParam("severity")), c.QueryParam("of")}
}

func (f ruleFilter) lets(k editor.Finding) bool {
	return (f.Severity == "" || k.Severity == f.Severity) && (f.Rule == "" || k.Rule == f.Rule)
}

// ruleTab leads to the findings of one severity; "" is all.
type ruleTab struct {
	Severity editor.Severity
	N        int
	URL      string
	Here     bool
}

// ruleTabs are the severities that there are findings of.
func ruleTabs(standard string, filter ruleFilter, all []editor.Finding) (tabs []ruleTab) {
	n := map[editor.Severity]int{"": len(all)}
	for _, f := range all {
		n[f.Severity]++
	}
	for _, s := range []editor.Severity{"", editor.Error, editor.Warning, editor.Info} {
		if n[s] == 0 {
			continue
		}
		query := ""
		if s != "" {
			query = "?severity=" + url.QueryEscape(string(s))
		}
		tabs = append(tabs, ruleTab{s, n[s], rulesURL(standard) + query + "#findings", s == filter.Severity && filter.Rule == ""})
	}
	return tabs
}
