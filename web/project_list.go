package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// projectsPage lists the harmonisations.
type projectsPage struct {
	Frame
	Projects []projectLine
	MayOpen  bool // the reader may open another one
}

// projectLine is a project as lists show it: how far it is, and who owes what.
type projectLine struct {
	registry.Project
	Columns []registry.Column
	Counts  map[registry.State]int
	Rows    int
	Owing   []owing
}

// owing says on how many rows a region still has to take a position.
type owing struct {
	Region string
	Rows   int
	Since  time.Time // the oldest of them; zero where it is not asked
	URL    string    // the rows
	People []string  // who may speak for the region: names
}

func (s *Server) projects(c echo.Context) error {
	list, err := s.reg.Projects()
	if err != nil {
		return err
	}
	p := projectsPage{Frame: s.frame(c, s.say(c, "projects.title"))}
	p.Styles = append(p.Styles, "workbench.css")
	p.MayOpen = registry.May(s.actor(c), registry.CreateProject) == nil
	for _, project := range list {
		line := projectLine{Project: project, Columns: project.Columns()}
		now, err := s.reg.Progress(project.ID)
		if err != nil {
			return err
		}
		line.Rows, line.Counts, line.Owing = len(now.Rows), now.Counts.ByState(), owedIn(now)
		p.Projects = append(p.Projects, line)
	}
	return s.render(c, http.StatusOK, "projects.html", p)
}

// owedIn are the regions that owe positions, in their order, and since when.
func owedIn(now registry.Progress) (out []owing) {
	for _, r := range now.Regions {
		if n := len(r.Owes); n > 0 {
			out = append(out, owing{Region: r.Region, Rows: n, Since: r.Owes[0].Since})
		}
	}
	return out
}

// owings are the regions that owe positions, in the order of the columns.
func owings(columns []registry.Column, owed map[string]int) (out []owing) {
	for _, col := range columns {
		if n := owed[col.Key]; n > 0 && !col.Floor {
			out = append(out, owing{Region: col.Key, Rows: n})
		}
	}
	return out
}

// newProjectPage is the form by which the secretariat opens a harmonisation.
type newProjectPage struct {
	Frame
	Form     projectForm
	Find     string // narrows what is offered
	Regions  []textChoice
	Floors   []textOption
	Modes    []modeChoice
	Rules    []ruleChoice
	Problems map[string]string // by field
}

// textChoice is what a region can take part with.
type textChoice struct {
	Region  registry.Region
	Options []textOption
	More    int // texts that did not fit into the list
	Issue   issueFields
}

// textOption is one revision of one standard.
type textOption struct {
	Ref    string
	Label  string
	Chosen bool
}

// offered bounds the texts offered for one region; a search narrows them.
const offered = 60

func (s *Server) newProject(c echo.Context) error {
	form := readProjectForm(c)
	if form.ID == "" {
		form.ID = "p-" + time.Now().In(beijing).Format("20060102")
	}
	if !c.QueryParams().Has("title") { // fresh, not a search in what was begun
		for region, by := range registry.Authorities {
			form.Issues[region]["issuer"] = by
		}
	}
	return s.showNewProject(c, http.StatusOK, form, nil)
}

func (s *Server) showNewProject(c echo.Context, status int, form projectForm, problems map[string]string) error {
	p := newProjectPage{Frame: s.frame(c, s.say(c, "newproject.title")), Form: form, Find: c.FormValue("find"), Problems: problems}
	p.Styles = append(p.Styles, "workbench.css", "project.css")
	p.Query = "" // "find" is this page's own search
	p.Modes, p.Rules = modeChoices(form.Mode), ruleChoices(form.Rule, "", nil)
	for _, r := range registry.Regions {
		options, more, err := s.textOptions(c, registry.Filter{Region: r.Code, Text: p.Find}, form.Texts[r.Code])
		if err != nil {
			return err
		}
		p.Regions = append(p.Regions, textChoice{r, options, more, issueForm(form, r.Code, problems)})
	}
	var err error
	if p.Floors, _, err = s.textOptions(c, registry.Filter{Region: "national", Text: p.Find}, form.Floors...); err != nil {
		return err
	}
	return s.render(c, status, "project-new.html", p)
}

// textOptions are the revisions of the standards that a filter takes; what was
// chosen before stays among them whatever the filter says.
func (s *Server) textOptions(c echo.Context, f registry.Filter, chosen ...string) (out []textOption, more int, err error) {
	page, total, err := s.reg.Standards(f, 0, offered)
	if err != nil {
		return nil, 0, err
	}
	taken := map[string]bool{}
	for _, ref := range chosen {
		taken[ref] = ref != ""
	}
	add := func(ref registry.Ref, h string, current bool) {
		label := h
		if !current {
			label += s.say(c, "newproject.older")
		}
		out = append(out, textOption{ref.String(), label, taken[ref.String()]})
		delete(taken, ref.String())
	}
	for _, st := range page {
		for n := st.Revisions; n >= 1; n-- {
			header := st.Header
			if n != st.Current {
				v, err := s.reg.Revision(st.ID, n)
				if err != nil {
					return nil, 0, err
				}
				header = v.Header
			}
			add(registry.Ref{Standard: st.ID, Revision: n}, s.say(c, "newproject.option", named(header.Primary(), header.Title), n), n == st.Current)
		}
	}
	for _, text := range chosen {
		if ref, err := registry.ParseRef(text); err == nil && taken[text] {
			if v, err := s.reg.Revision(ref.Standard, ref.Revision); err == nil {
				out = append([]textOption{{text, s.say(c, "newproject.option", named(v.Header.Primary(), v.Header.Title), v.Number), true}}, out...)
			}
		}
	}
	return out, total - len(page), nil
}

// named is a standard as people call it.
func named(number, title string) string {
	if number == "" {
		return "《" + title + "》"
	}
	return number + "《" + title + "》"
}

func (s *Server) createProject(c echo.Context) error {
	form := readProjectForm(c)
	project := registry.Project{ID: form.ID}
	form.fill(&project)
	var wrong []error
	pinned := func(text, field string) (ref registry.Ref) {
		ref, err := registry.ParseRef(text)
		var r *registry.Refusal
		if errors.As(err, &r) {
			r.Field = field
		}
		wrong = append(wrong, err)
		return ref
	}
	for _, r := range registry.Regions {
		if text := form.Texts[r.Code]; text != "" {
			project.Participants = append(project.Participants, registry.Participant{Region: r.Code, Text: pinned(text, "text-"+r.Code)})
		} else {
			delete(project.Issues, r.Code) // what is filled in for who takes no part is not its issue
		}
	}
	for _, text := range form.Floors {
		project.Floors = append(project.Floors, pinned(text, "floor"))
	}
	err := errors.Join(wrong...)
	if err == nil {
		project, err = s.reg.CreateProject(s.actor(c), project)
	}
	if problems, kind, refused := faults(err); refused && kind != registry.Forbidden {
		return s.showNewProject(c, statusOf[kind], form, problems)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/projects/"+project.ID, "done.project")
}

// revisionURL is the page of a pinned text, or of a place in it.
func revisionURL(ref registry.Ref) string {
	u := "/standards/" + ref.Standard
	if ref.Revision > 0 {
		u += "/" + strconv.Itoa(ref.Revision)
	}
	if ref.Clause != "" {
		u += "#" + ref.Clause
	}
	return u
}

func rowURL(project, row string) string { return fmt.Sprintf("/projects/%s/rows/%s", project, row) }
