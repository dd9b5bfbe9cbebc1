package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// consultationsPage lists what the public is asked about.
type consultationsPage struct {
	Frame
	Open, Over []registry.Asked
}

func (s *Server) consultations(c echo.Context) error {
	list, err := s.reg.Consultations()
	if err != nil {
		return err
	}
	p := consultationsPage{Frame: s.frame(c, s.say(c, "consult.title"))}
	p.Styles = []string{"consultation.css"}
	for _, a := range list {
		if a.Open || !a.Begun {
			p.Open = append(p.Open, a)
		} else {
			p.Over = append(p.Over, a)
		}
	}
	return s.render(c, http.StatusOK, "consultations.html", p)
}

// consultationPage is the text that is asked about, as a whole or one clause of
// it, with the form for a comment.
type consultationPage struct {
	Frame
	registry.Asked
	Revision registry.Revision
	Base     string // address of the page
	Clauses  []clauseView
	Contents []contentsLine
	Clause   *clauseView // the one that is looked at; nil: the whole
	Before   *clauseView
	After    *clauseView
	Place    int // of Clauses, from 1
	Beside   []beside
	Against  string // what Beside is: a title
	Said     []registry.Comment
	Types    []registry.CommentType
	Form     publicForm
	Problem  string
	Secret   bool // the reader may look at who commented
}

// publicForm is a comment of the public as it was filled in.
type publicForm struct {
	Type, Quote, Body, Proposed, Name, Organisation, Contact string
	Consent                                                  bool
}

// consultation is the page of a consultation: the whole text.
func (s *Server) consultation(c echo.Context) error {
	return s.showConsultation(c, http.StatusOK, c.QueryParam("clause"), publicForm{Type: string(registry.Technical), Quote: c.QueryParam("quote")}, "")
}

// consultationClause is the page of one of its clauses.
func (s *Server) consultationClause(c echo.Context) error {
	return s.showConsultation(c, http.StatusOK, c.Param("clause"), publicForm{Type: string(registry.Technical), Quote: c.QueryParam("quote")}, "")
}

func (s *Server) showConsultation(c echo.Context, status int, clause string, form publicForm, problem string) error {
	asked, err := s.reg.Asked(c.Param("id"))
	if err != nil {
		return err
	}
	text, err := s.reg.Text(registry.Ref{Standard: asked.Standard.ID, Revision: asked.Consultation.Revision})
	if err != nil {
		return err
	}
	p := consultationPage{Frame: s.frame(c, s.say(c, "consult.of", asked.Standard.Header.Title)), Asked: asked, Revision: text.Revision,
		Base: "/consultations/" + url.PathEscape(asked.Standard.ID), Form: form, Problem: problem, Types: registry.CommentTypes}
	p.Styles, p.Class = []string{"consultation.css"}, "reading"
	p.Secret = registry.May(s.actor(c), registry.ModerateComment) == nil
	said, err := s.reg.CommentsOnStandard(asked.Standard.ID)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, k := range said {
		if k.Asks() {
			counts[k.On.Clause]++
		}
		if k.Asks() && clause != "" && k.On.Clause == clause {
			p.Said = append(p.Said, k)
		}
	}
	p.Clauses, p.Contents = clauseViews(text.Document, counts), contentsOf(text.Document)
	if clause == "" {
		return s.render(c, status, "consultation.html", p)
	}
	for i := range p.Clauses {
		if p.Clauses[i].ID == clause {
			p.Clause, p.Place = &p.Clauses[i], i+1
			if i > 0 {
				p.Before = &p.Clauses[i-1]
			}
			if i+1 < len(p.Clauses) {
				p.After = &p.Clauses[i+1]
			}
		}
	}
	if p.Clause == nil {
		return echo.ErrNotFound
	}
	p.Title = p.Clause.Name + " · " + p.Title
	if p.Against, p.Beside, err = s.inForce(text, p.Clause.Clause); err != nil {
		return err
	}
	return s.render(c, status, "consultation-clause.html", p)
}

// sayPublicly keeps a comment of somebody without an account and leads to its
// receipt. Who fills in the field that people do not see is a machine: it is
// thanked and nothing is kept.
func (s *Server) sayPublicly(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	id, clause := c.Param("id"), form.Get("clause")
	f := publicForm{Type: form.Get("type"), Quote: lines(form.Get("quote")), Body: lines(form.Get("body")), Proposed: lines(form.Get("proposed")),
		Name: form.Get("name"), Organisation: form.Get("organisation"), Contact: form.Get("contact"), Consent: form.Get("consent") != ""}
	if form.Get("website") != "" {
		return s.see(c, "/consultations/"+url.PathEscape(id), "")
	}
	if err := s.rate.Take(c.RealIP()); err != nil {
		reason, _ := refused(err)
		return s.showConsultation(c, http.StatusTooManyRequests, clause, f, reason)
	}
	_, token, err := s.reg.SayPublicly(registry.PublicComment{Standard: id, Clause: clause, Type: registry.CommentType(f.Type),
		Quote: f.Quote, Body: f.Body, Proposed: f.Proposed, Name: f.Name, Organisation: f.Organisation, Contact: f.Contact, Consent: f.Consent})
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showConsultation(c, http.StatusUnprocessableEntity, clause, f, reason)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/consultations/receipts/"+token, "done.consult")
}

// receiptPage says what became of a comment to who made it.
type receiptPage struct {
	Frame
	registry.CommentRow
	Standard registry.Standard
	Contact  string
	Address  string // of this page, to be kept
}

func (s *Server) receipt(c echo.Context) error {
	row, err := s.reg.Receipt(c.Param("token"))
	if err != nil {
		return err
	}
	std, err := s.reg.Standard(row.On.Standard)
	if err != nil {
		return err
	}
	p := receiptPage{Frame: s.frame(c, s.say(c, "consult.receipt")), CommentRow: row, Standard: std, Address: c.Scheme() + "://" + c.Request().Host + c.Request().URL.Path}
	p.Styles = []string{"consultation.css"}
	if asked, err := s.reg.Asked(std.ID); err == nil {
		p.Contact = asked.Consultation.Contact
	}
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	return s.render(c, http.StatusOK, "receipt.html", p)
}

// beside is a text that stands beside the clause that is asked about.
type beside struct {
	Label string
	Class string // of the region
	Name  string
	Link  string
	Words []edit // with what differs marked
}

// inForce finds what the clause can be compared with: of a unified draft the
// regions' clauses of its rows; otherwise the edition that it replaces.
func (s *Server) inForce(text registry.Text, k *editor.Clause) (against string, out []beside, err error) {
	id := text.Revision.Standard
	projects, err := s.reg.Projects()
	if err != nil {
		return "", nil, err
	}
	for _, p := range projects {
		if p.Standard == id {
			return p.Title, s.besideRows(p.ID, k.ID), nil
		}
	}
	return s.besideEdition(text, k)
}
