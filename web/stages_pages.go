package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// procedurePage explains the procedure from the table that rules it.
type procedurePage struct {
	Frame
	Stages        []procedureStage
	Consultations []registry.ConsultationRule
	Clocks        []registry.ReviewClock
	Rules         []ruleView
}

// procedureStage is a stage with the steps that begin in it.
type procedureStage struct {
	stageView
	Frozen string // what to do where the text is frozen
	Steps  []procedureStep
}

type procedureStep struct {
	Name, To, Source string
	Calendar         bool
	Everywhere       []registry.Role
	OwnRegion        []registry.Role
	Gates            []string
	Documents        []string
}

// ruleView is a ballot's rule in the reader's language.
type ruleView struct {
	registry.BallotRule
	Say, Count string
}

func rulesOf(c echo.Context) (out []ruleView) {
	for _, r := range registry.BallotRules {
		out = append(out, ruleOf(c, r))
	}
	return out
}

func ruleOf(c echo.Context, r registry.BallotRule) ruleView {
	return ruleView{r, inWords(c, r.Zh, r.En), inWords(c, r.CountZh, r.CountEn)}
}

func (s *Server) procedure(c echo.Context) error {
	p := procedurePage{Frame: s.frame(c, s.say(c, "procedure.title")), Consultations: registry.ConsultationRules, Clocks: registry.ReviewClocks, Rules: rulesOf(c)}
	p.Styles = []string{"project.css", "stages.css"}
	for _, info := range registry.Stages {
		stage := procedureStage{stageView: stageView{StageInfo: info, Name: inWords(c, info.Zh, info.En)}}
		if info.Frozen {
			stage.Frozen = inWords(c, info.DoneZh, info.DoneEn)
		}
		for _, t := range registry.Workflow {
			if t.Begins(info.Stage) || t.Calendar && len(t.From) > 0 && t.From[0] == info.Stage {
				stage.Steps = append(stage.Steps, procedureStepOf(c, t))
			}
		}
		p.Stages = append(p.Stages, stage)
	}
	return s.render(c, http.StatusOK, "stages-procedure.html", p)
}

func procedureStepOf(c echo.Context, t registry.Transition) procedureStep {
	to := t.To.Info()
	step := procedureStep{Name: inWords(c, t.Zh, t.En), To: inWords(c, to.Zh, to.En), Source: t.Source, Calendar: t.Calendar}
	step.Everywhere, step.OwnRegion = t.Who()
	for _, g := range t.Gates {
		step.Gates = append(step.Gates, gateWords(c, g))
	}
	for _, d := range t.Documents {
		zh, en := d.Words()
		step.Documents = append(step.Documents, inWords(c, zh, en))
	}
	return step
}

func gateWords(c echo.Context, g registry.Gate) string {
	zh, en := registry.GateWords(g)
	return inWords(c, zh, en)
}

// reviewsPage lists what is to be reviewed.
type reviewsPage struct {
	Frame
	Region                   string
	List                     []registry.DueReview
	Overdue, Evaluate, Later int
}

func (s *Server) reviews(c echo.Context) error {
	region := c.QueryParam("region")
	list, err := s.reg.Reviews(region)
	if err != nil {
		return err
	}
	p := reviewsPage{Frame: s.frame(c, s.say(c, "reviews.title")), Region: region, List: list}
	p.Styles = []string{"project.css", "stages.css"}
	for _, one := range list {
		switch one.Urgency {
		case registry.Overdue:
			p.Overdue++
		case registry.Evaluate:
			p.Evaluate++
		default:
			p.Later++
		}
	}
	return s.render(c, http.StatusOK, "stages-reviews.html", p)
}
