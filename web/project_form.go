package web

import (
	"errors"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// projectForm is what was filled in of a project, as it was typed.
type projectForm struct {
	ID, Title, Mode, Rule, Territory string
	Version                          int
	Texts                            map[string]string            // by region: a Ref
	Floors                           []string                     // Refs
	Issues                           map[string]map[string]string // by region and field
}

// readProjectForm reads the form from the query or the body.
func readProjectForm(c echo.Context) projectForm {
	value := func(name string) string { return strings.TrimSpace(c.FormValue(name)) }
	f := projectForm{
		ID: value("id"), Title: value("title"), Mode: value("mode"), Rule: value("rule"), Territory: lines(value("territory")),
		Texts: map[string]string{}, Issues: map[string]map[string]string{},
	}
	f.Version, _ = strconv.Atoi(value("version"))
	for _, r := range registry.Regions {
		f.Texts[r.Code] = value("text-" + r.Code)
		f.Issues[r.Code] = map[string]string{}
		for _, name := range registry.IssueFields {
			f.Issues[r.Code][name] = value(name + "-" + r.Code)
		}
	}
	if form, err := c.FormParams(); err == nil {
		f.Floors = form["floor"]
	}
	return f
}

// formOf fills the form with what is kept.
func formOf(p registry.Project) projectForm {
	f := projectForm{
		ID: p.ID, Title: p.Title, Mode: string(p.Mode), Rule: string(p.Rule), Version: p.Version,
		Territory: strings.Join(p.Territory, "\n"), Issues: map[string]map[string]string{},
	}
	for _, r := range registry.Regions {
		issue := p.Issues[r.Code]
		f.Issues[r.Code] = map[string]string{}
		for _, name := range registry.IssueFields {
			f.Issues[r.Code][name] = *issue.Field(name)
		}
	}
	return f
}

// fill takes what the form says over into a project.
func (f projectForm) fill(p *registry.Project) {
	p.Title, p.Mode, p.Rule, p.Version = f.Title, registry.Mode(f.Mode), registry.Rule(f.Rule), f.Version
	p.Territory = strings.FieldsFunc(f.Territory, func(r rune) bool { return strings.ContainsRune("\n、，,；;", r) })
	p.Issues = map[string]registry.Issue{}
	for region, values := range f.Issues {
		var issue registry.Issue
		for name, value := range values {
			*issue.Field(name) = value
		}
		p.Issues[region] = issue
	}
}

// faults are the reasons of a refusal by the field that they are about; ""
// holds those that are about none. ok is false for any other error.
func faults(err error) (by map[string]string, kind registry.Kind, ok bool) {
	by = map[string]string{}
	var walk func(error)
	walk = func(err error) {
		var r *registry.Refusal
		if many, joined := err.(interface{ Unwrap() []error }); joined {
			for _, one := range many.Unwrap() {
				walk(one)
			}
		} else if errors.As(err, &r) {
			if kind == 0 {
				kind = r.Kind
			}
			by[r.Field] = strings.TrimSpace(by[r.Field] + " " + r.Reason)
		}
	}
	walk(err)
	return by, kind, kind != 0
}

// ruleChoice is a rule as the forms offer it, with what it would make of the
// rows there are.
type ruleChoice struct {
	Rule   registry.Rule
	Chosen bool
	Kept   bool // it is the rule now
	Effect *registry.RuleEffect
}

// ruleChoices offers the rules. effects is nil where there are no rows yet.
func ruleChoices(chosen, kept string, effects []registry.RuleEffect) (out []ruleChoice) {
	if chosen == "" {
		chosen = string(registry.ByAll)
	}
	for i, t := range registry.Rules {
		c := ruleChoice{Rule: t.Rule, Chosen: string(t.Rule) == chosen, Kept: string(t.Rule) == kept}
		if effects != nil {
			c.Effect = &effects[i]
		}
		out = append(out, c)
	}
	return out
}

// modeChoice is a mode as the forms offer it.
type modeChoice struct {
	Mode   registry.Mode
	Chosen bool
}

func modeChoices(chosen string) (out []modeChoice) {
	if chosen == "" {
		chosen = string(registry.Jointly)
	}
	for _, m := range registry.Modes {
		out = append(out, modeChoice{m, string(m) == chosen})
	}
	return out
}

// issueFields are the fields of one region's issue in a form.
type issueFields struct {
	Region string
	Fields []issueField
	Open   bool // something stands in it, or is wrong with it
}

// issueField is one of them.
type issueField struct {
	Name, ID, Value, Problem, Hint string
}

func issueForm(f projectForm, region string, problems map[string]string) issueFields {
	out := issueFields{Region: region}
	for _, name := range registry.IssueFields {
		id := name + "-" + region
		field := issueField{Name: name, ID: id, Value: f.Issues[region][name], Problem: problems[id]}
		switch name {
		case "number":
			field.Hint = "DB" + region + "/T 310xxx—2026"
		case "issuer":
			field.Hint = registry.Authorities[region]
		default:
			field.Hint = "YYYY-MM-DD"
		}
		out.Open = out.Open || field.Problem != ""
		out.Fields = append(out.Fields, field)
	}
	return out
}
