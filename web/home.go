package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// homePage is the front page: where to look something up, what is being
// harmonised, what has changed, what is held.
type homePage struct {
	Frame
	Examples []string
	Projects []projectCard
	Changes  []change
	Counts   []held
	Total    int
	Demo     *demoBox // in a demonstration only
}

// projectCard is a project with how far it is and who owes it a position.
type projectCard struct {
	registry.Project
	Counts map[registry.State]int
	Owed   []owing
}

// held counts the texts of one region; the link leads to them.
type held struct {
	Region string // code; "" for the nation
	Filter string // value of ?region=
	Count  int
}

// demoBox helps into a demonstration: a tour, and members to be.
type demoBox struct {
	Project  string // the project of the tour; "" when there is none
	Standard string
	Members  []registry.Member
}

// examples are questions that the bundled texts answer.
var examples = []string{"投递时限", "代收 告知", "DB31/T 示范001"}

const recent = 10 // changes on the front page

func (s *Server) home(c echo.Context) error {
	p := homePage{Frame: s.frame(c, ""), Examples: examples}
	projects, err := s.reg.Projects()
	if err != nil {
		return err
	}
	for _, project := range projects {
		card, err := s.card(project)
		if err != nil {
			return err
		}
		p.Projects = append(p.Projects, card)
	}
	if p.Changes, _, err = s.changes(c, eventFilter{before: lastEvent, limit: recent, hide: notForReaders, gather: true}); err != nil {
		return err
	}
	counts, err := s.reg.Counts()
	if err != nil {
		return err
	}
	p.Counts = []held{{"", "national", counts[""]}}
	for _, r := range registry.Regions {
		p.Counts = append(p.Counts, held{r.Code, r.Code, counts[r.Code]})
	}
	for _, n := range counts {
		p.Total += n
	}
	if s.opt.Demo {
		if p.Demo, err = s.demoBox(projects); err != nil {
			return err
		}
	}
	return s.render(c, http.StatusOK, "home.html", p)
}

func (s *Server) card(p registry.Project) (projectCard, error) {
	now, err := s.reg.Progress(p.ID)
	if err != nil {
		return projectCard{}, err
	}
	return projectCard{Project: p, Counts: now.Counts.ByState(), Owed: owedIn(now)}, nil
}

func (s *Server) demoBox(projects []registry.Project) (*demoBox, error) {
	box := &demoBox{}
	if len(projects) > 0 {
		box.Project, box.Standard = projects[0].ID, projects[0].Participants[0].Text.Standard
	}
	var err error
	box.Members, err = s.reg.Members()
	return box, err
}
