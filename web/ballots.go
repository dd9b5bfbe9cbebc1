package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/convert"
	"tongbiao/registry"
)

func ballotURL(standard string, n int) string {
	return fmt.Sprintf("/standards/%s/ballots/%d", standard, n)
}

// ballotsPage lists the ballots of a standard and opens one.
type ballotsPage struct {
	Frame
	Standard registry.Standard
	Process  registry.Process
	List     []ballotLine
	MayOpen  bool
	Rules    []ruleView
	People   []elector
	Form     ballotForm
	Problems map[string]string
	Today    string
}

type ballotLine struct {
	registry.BallotView
	URL  string
	Rule string
}

// elector is a member who could be on the list.
type elector struct {
	registry.Member
	Drafter, Chosen bool
}

type ballotForm struct {
	Question, Rule, Opens, Closes string
	Secret                        bool
	Revision                      int
}

func (s *Server) ballots(c echo.Context) error {
	p, err := s.ballotsOf(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "ballots.html", p)
}

func (s *Server) ballotsOf(c echo.Context) (p ballotsPage, err error) {
	id := c.Param("id")
	list, err := s.reg.Ballots(id)
	if err != nil {
		return p, err
	}
	p.Frame = s.frame(c, s.say(c, "ballots.title"))
	p.Styles = []string{"project.css", "stages.css"}
	for _, b := range list {
		v, err := s.reg.Ballot(id, b.N)
		if err != nil {
			return p, err
		}
		p.List = append(p.List, ballotLine{v, ballotURL(id, b.N), ruleOf(c, b.Rule).Say})
	}
	if p.Standard, err = s.reg.Standard(id); err != nil {
		return p, err
	}
	if p.Process, err = s.reg.Process(id); err != nil {
		return p, err
	}
	p.MayOpen, p.Rules = registry.May(s.actor(c), registry.OpenBallot) == nil, rulesOf(c)
	if !p.MayOpen {
		return p, nil
	}
	people, err := s.reg.Members()
	if err != nil {
		return p, err
	}
	drafters, err := s.reg.BallotDrafters(id)
	for _, m := range people {
		if m.Role == registry.Author || m.Role == registry.Representative {
			p.People = append(p.People, elector{m, drafters[m.ID], true})
		} else if m.Role != registry.Administrator {
			p.People = append(p.People, elector{m, drafters[m.ID], false})
		}
	}
	p.Form = ballotForm{Question: s.say(c, "ballots.question.first", p.Process.Revision), Rule: registry.BallotRules[0].Name, Revision: p.Process.Revision}
	return p, err
}

func (s *Server) openBallot(c echo.Context) error {
	id := c.Param("id")
	form := ballotForm{
		Question: c.FormValue("question"), Rule: c.FormValue("rule"), Opens: c.FormValue("opens"), Closes: c.FormValue("closes"),
		Secret: c.FormValue("secret") != "", Revision: max(0, number(c.FormValue("revision"))),
	}
	params, err := c.FormParams()
	if err != nil {
		return err
	}
	b, err := s.reg.OpenBallot(s.actor(c), id, registry.NewBallot{
		Question: form.Question, Rule: form.Rule, Opens: form.Opens, Closes: form.Closes, Secret: form.Secret, Revision: form.Revision, Members: params["members"],
	})
	if err == nil {
		return s.see(c, ballotURL(id, b.N), "done.ballot")
	}
	by, kind, ok := faults(err)
	if !ok || kind == registry.Forbidden || kind == registry.NotFound {
		return err
	}
	p, err := s.ballotsOf(c)
	if err != nil {
		return err
	}
	form.Revision = p.Process.Revision
	p.Form, p.Problems = form, by
	for i := range p.People {
		p.People[i].Chosen = false
		for _, id := range params["members"] {
			p.People[i].Chosen = p.People[i].Chosen || p.People[i].ID == id
		}
	}
	return s.render(c, statusOf[kind], "ballots.html", p)
}

// ballotPage is one ballot: the question, the vote, the result, the minutes.
type ballotPage struct {
	Frame
	registry.BallotView
	Rule     ruleView
	Text     string // where the text stands
	MayVote  bool
	MayClose bool
	Mine     registry.Vote
	Choices  []registry.Choice
	Paper    convert.Paper
	Problems map[string]string
	Reason   string // for closing, as typed
}

func (s *Server) ballotOf(c echo.Context) (p ballotPage, err error) {
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return p, echo.ErrNotFound
	}
	if p.BallotView, err = s.reg.Ballot(c.Param("id"), n); err != nil {
		return p, err
	}
	actor := s.actor(c)
	p.Frame = s.frame(c, s.say(c, "ballots.n", p.N))
	p.Styles = []string{"project.css", "meeting.css", "stages.css"}
	p.Rule, p.Text, p.Choices = ruleOf(c, p.BallotView.Rule), fmt.Sprintf("/standards/%s/%d", p.Standard, p.Revision), registry.Choices
	p.MayVote = p.Now == registry.BallotRunning && p.May(actor.ID)
	p.MayClose = p.Now != registry.BallotEnded && registry.May(actor, registry.CloseBallot) == nil
	for _, v := range p.Votes {
		if v.Member == actor.ID {
			p.Mine = v
		}
	}
	if p.Now == registry.BallotEnded {
		p.Paper = p.BallotView.Paper()
	}
	return p, nil
}

func (s *Server) ballot(c echo.Context) error {
	p, err := s.ballotOf(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "ballot.html", p)
}

func (s *Server) vote(c echo.Context) error {
	n := number(c.Param("n"))
	choice, why := registry.Choice(c.FormValue("choice")), lines(c.FormValue("why"))
	_, err := s.reg.CastVote(s.actor(c), c.Param("id"), n, choice, why)
	if err == nil {
		return s.see(c, ballotURL(c.Param("id"), n), "done.vote")
	}
	return s.ballotAgain(c, err, func(p *ballotPage) { p.Mine.Choice, p.Mine.Why = choice, why })
}

func (s *Server) closeBallot(c echo.Context) error {
	n, reason := number(c.Param("n")), lines(c.FormValue("reason"))
	_, err := s.reg.CloseBallot(s.actor(c), c.Param("id"), n, reason)
	if err == nil {
		return s.see(c, ballotURL(c.Param("id"), n), "done.ballot.close")
	}
	return s.ballotAgain(c, err, func(p *ballotPage) { p.Reason = reason })
}

// ballotAgain shows a refused form as it was.
func (s *Server) ballotAgain(c echo.Context, err error, typed func(*ballotPage)) error {
	by, kind, ok := faults(err)
	if !ok || kind == registry.Forbidden || kind == registry.NotFound {
		return err
	}
	p, err := s.ballotOf(c)
	if err != nil {
		return err
	}
	p.Problems = by
	typed(&p)
	return s.render(c, statusOf[kind], "ballot.html", p)
}

// endedBallot finds a ballot that has its minutes.
func (s *Server) endedBallot(c echo.Context) (registry.BallotView, error) {
	v, err := s.reg.Ballot(c.Param("id"), number(c.Param("n")))
	if err == nil && v.Now != registry.BallotEnded {
		err = echo.NewHTTPError(http.StatusConflict, "表决还没有结束，没有纪要。 The ballot has not ended and has no minutes.")
	}
	return v, err
}

func (s *Server) ballotMarkdown(c echo.Context) error {
	v, err := s.endedBallot(c)
	if err != nil {
		return err
	}
	return download(c, fmt.Sprintf("%s-ballot-%d.md", v.Standard, v.N), ballotName(v)+".md", markdownType, convert.Markdown(v.Paper()))
}

func (s *Server) ballotDOCX(c echo.Context) error {
	v, err := s.endedBallot(c)
	if err != nil {
		return err
	}
	return sendDOCX(c, fmt.Sprintf("%s-ballot-%d", v.Standard, v.N), ballotName(v), v.Paper())
}

func ballotName(v registry.BallotView) string {
	return strings.TrimSpace(v.Work + fmt.Sprintf(" 第%d次表决纪要", v.N))
}
