package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// settingsPage says what a project is: how its regions come to one text, when a
// row is settled, and what each region issues. Who may changes it there.
type settingsPage struct {
	Frame
	Project  registry.Project
	Columns  []settingsText
	Issues   []issueLine
	Remarks  []registry.Remark
	May      bool
	Form     projectForm
	Modes    []modeChoice
	Rules    []ruleChoice
	Fields   []issueFields
	Problems map[string]string
	Conflict bool // somebody else changed the settings since the form was shown
	Changes  []change
}

// settingsText is a text that the project pins.
type settingsText struct {
	registry.Column
	Name, URL string
}

// issueLine is what one region issues.
type issueLine struct {
	Region string
	registry.Issue
}

// settingChanges bounds the changes shown below the settings.
const settingChanges = 20

func (s *Server) projectSettings(c echo.Context) error {
	p, err := s.reg.Project(c.Param("project"))
	if err != nil {
		return err
	}
	return s.showSettings(c, http.StatusOK, p, formOf(p), nil)
}

func (s *Server) changeProject(c echo.Context) error {
	was, err := s.reg.Project(c.Param("project"))
	if err != nil {
		return err
	}
	form, next := readProjectForm(c), was
	form.ID = was.ID
	form.fill(&next)
	_, err = s.reg.ChangeProject(s.actor(c), next)
	if problems, kind, refused := faults(err); refused && kind != registry.Forbidden {
		if kind == registry.Conflict {
			form.Version = was.Version // they are shown what is there now, with what they typed
		}
		return s.showSettings(c, statusOf[kind], was, form, problems)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/projects/"+was.ID+"/settings", "done.settings")
}

func (s *Server) showSettings(c echo.Context, status int, project registry.Project, form projectForm, problems map[string]string) error {
	p := settingsPage{
		Frame: s.frame(c, s.say(c, "project.settings")), Project: project, Form: form, Problems: problems,
		Conflict: status == http.StatusConflict, Remarks: project.Remarks(), May: registry.May(s.actor(c), registry.ChangeProject) == nil,
	}
	p.Styles = append(p.Styles, "workbench.css", "project.css")
	effects, err := s.reg.RuleEffects(project.ID)
	if err != nil {
		return err
	}
	p.Modes, p.Rules = modeChoices(form.Mode), ruleChoices(form.Rule, string(project.Rule), effects)
	for _, col := range project.Columns() {
		v, err := s.reg.Revision(col.Text.Standard, col.Text.Revision)
		if err != nil {
			return err
		}
		p.Columns = append(p.Columns, settingsText{col, s.say(c, "newproject.option", named(v.Header.Primary(), v.Header.Title), v.Number), revisionURL(col.Text)})
		if !col.Floor {
			p.Issues = append(p.Issues, issueLine{col.Key, project.Issues[col.Key]})
			p.Fields = append(p.Fields, issueForm(form, col.Key, problems))
		}
	}
	p.Changes, _, err = s.changes(c, eventFilter{before: lastEvent, limit: settingChanges, object: "projects/" + project.ID, hide: func(e registry.Event) bool {
		return e.Verb != registry.ChangeProject || e.Object != "projects/"+project.ID
	}})
	if err != nil {
		return err
	}
	return s.render(c, status, "project-settings.html", p)
}

// setting says a changed setting in words: what, of which region, from what to
// what.
func (n naming) setting(e registry.Event) string {
	var d registry.Setting
	if json.Unmarshal(e.Data, &d) != nil {
		return ""
	}
	name := "project." + d.Field
	switch d.Field {
	case "number", "issuer", "started", "approved", "published", "effective":
		name = "issue." + d.Field
	}
	out := n.s.words.say(n.lang, "project.changed", n.s.words.say(n.lang, name), n.value(d.Field, d.Old), n.value(d.Field, d.New))
	if d.Region != "" {
		out = registry.RegionOf(d.Region).Short + " " + out
	}
	if len(d.Settles)+len(d.Opens) > 0 {
		out += n.s.words.say(n.lang, "project.changed.rows", len(d.Settles), len(d.Opens))
	}
	return out
}

func (n naming) value(field string, v any) string {
	var text string
	switch v := v.(type) {
	case []any:
		var parts []string
		for _, one := range v {
			parts = append(parts, fmt.Sprint(one))
		}
		text = strings.Join(parts, "、")
	case string:
		text = v
	}
	switch {
	case text == "":
		return n.s.words.say(n.lang, "project.changed.none")
	case field == "rule", field == "mode":
		return n.s.words.say(n.lang, field+"."+text)
	}
	return text
}
