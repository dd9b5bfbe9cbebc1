package web

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// stageView is a stage on the line that shows how far a standard is.
type stageView struct {
	registry.StageInfo
	Name string
	Now  bool
	Past bool
}

// processPage says where a standard stands, what was done, and what comes next.
type processPage struct {
	Frame
	registry.ProcessView
	Line    []stageView
	Now     stageView
	Options []optionView
	Papers  []paperView
	Past    []stepView // newest first
	Signed  bool
	Kinds   []registry.DocumentKind
	Problem string // of the attached file
	Kind    string
	Days    int    // of the consultation
	Moved   string // why a step cannot be taken any more
	Typed   string // the note that was written for it
	RuleSay string
}

// optionView is a step that could follow, with its form.
type optionView struct {
	registry.Option
	Name    string
	Want    []missingView
	Form    stepForm
	Problem string
	Faults  map[string]string
	Issues  []issueView
}

// missingView is what stands in the way, and where to do something about it.
type missingView struct{ Reason, Link, Word string }

// stepForm is what a step's form said.
type stepForm struct {
	Version, Revision                                     int
	Note, Plan, Opens, Closes, Contact, Asked, Day, First string
	Public                                                bool
	Regions                                               map[string]bool
}

// issueView is one region's part of the form for publication.
type issueView struct {
	Region string
	registry.Issue
	Problem string
}

// paperView is a document of the procedure.
type paperView struct {
	registry.Document
	Name, Link string
}

// stepView is a step that was taken.
type stepView struct {
	registry.StepTaken
	Name, FromName, ToName string
}

// inWords picks the reader's language.
func inWords(c echo.Context, zh, en string) string {
	if lang(c) == "en" {
		return en
	}
	return zh
}

func (s *Server) process(c echo.Context) error {
	p, err := s.processOf(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "stages.html", p)
}

func (s *Server) processOf(c echo.Context) (p processPage, err error) {
	actor := s.actor(c)
	if p.ProcessView, err = s.reg.ProcessView(actor, c.Param("id")); err != nil {
		return p, err
	}
	p.Frame, p.Signed, p.Kinds = s.frame(c, s.say(c, "stages.title")), actor.ID != "", registry.DocumentKinds
	p.Styles = []string{"project.css", "stages.css"}
	p.Line, p.Now = stageLine(c, p.Process)
	for _, o := range p.ProcessView.Options {
		view, err := s.optionOf(c, p.ProcessView, o)
		if err != nil {
			return p, err
		}
		p.Options = append(p.Options, view)
	}
	for _, d := range p.Documents {
		zh, en := d.Kind.Words()
		p.Papers = append(p.Papers, paperView{d, inWords(c, zh, en), paperLink(p.Standard.ID, d)})
	}
	for _, t := range slices.Backward(p.Steps) {
		p.Past = append(p.Past, stepViewOf(c, t))
	}
	if p.Process.Consultation != nil {
		p.Days = p.Process.Consultation.Days()
	}
	p.RuleSay = s.say(c, "stages.length", p.Rule.Days, p.Rule.Source)
	return p, nil
}

func stageLine(c echo.Context, at registry.Process) (line []stageView, now stageView) {
	here := slices.IndexFunc(registry.Stages, func(i registry.StageInfo) bool { return i.Stage == at.Stage })
	for i, info := range registry.Stages {
		v := stageView{info, inWords(c, info.Zh, info.En), info.Stage == at.Stage, i < here}
		if v.Now {
			now = v
		}
		if !info.OffTheRoute || v.Now {
			line = append(line, v)
		}
	}
	return line, now
}

func stepViewOf(c echo.Context, t registry.StepTaken) stepView {
	v := stepView{StepTaken: t}
	if line, known := registry.TransitionOf(t.Verb); known {
		v.Name = inWords(c, line.Zh, line.En)
	}
	from, to := t.From.Info(), t.To.Info()
	v.FromName, v.ToName = inWords(c, from.Zh, from.En), inWords(c, to.Zh, to.En)
	return v
}

func paperLink(standard string, d registry.Document) string {
	switch {
	case !d.Made:
		return ""
	case d.Kind == registry.Explained:
		return "/projects/" + d.Project + "/explanation"
	case d.Kind == registry.CommentSheet:
		return "/standards/" + standard + "/comments"
	case d.Kind == registry.ReviewMinutes:
		return ballotURL(standard, d.Ballot)
	}
	return ""
}

// optionOf is a step with what its form shows at first.
func (s *Server) optionOf(c echo.Context, p registry.ProcessView, o registry.Option) (optionView, error) {
	v := optionView{Option: o, Name: inWords(c, o.Zh, o.En), Faults: map[string]string{}}
	v.Form = stepForm{Version: p.Process.Version, Revision: p.Process.Revision, Opens: p.Today, Day: p.Today, First: p.Today, Public: true, Regions: map[string]bool{}}
	if o.Verb == registry.OpenConsultation {
		v.Form.Closes = p.Rule.Earliest(p.Today)
	}
	for _, r := range o.Regions {
		v.Form.Regions[r] = true
	}
	for _, m := range o.Missing {
		v.Want = append(v.Want, s.missing(c, p, m))
	}
	if !o.Needs(registry.AskIssues) {
		return v, nil
	}
	planned := map[string]registry.Issue{}
	list, err := s.reg.Projects()
	if err != nil {
		return v, err
	}
	for _, project := range list {
		if project.Standard == p.Standard.ID {
			planned = project.Issues
		}
	}
	for _, region := range o.Regions {
		i := planned[region]
		i.Issuer = cmp.Or(i.Issuer, registry.Authorities[region])
		v.Issues = append(v.Issues, issueView{Region: region, Issue: i})
	}
	return v, nil
}

// missing says where something can be done about what stands in the way.
func (s *Server) missing(c echo.Context, p registry.ProcessView, m registry.Missing) missingView {
	id := p.Standard.ID
	to := map[registry.Gate][2]string{
		registry.GateFindings: {"/drafts/" + id, "stages.go.findings"},
		registry.GateComments: {"/standards/" + id + "/comments", "stages.go.comments"},
		registry.GateBallot:   {"/standards/" + id + "/ballots", "stages.go.ballots"},
		registry.GateDocument: {"#documents", "stages.go.documents"},
	}[m.Gate]
	v := missingView{Reason: m.Reason, Link: to[0]}
	if to[1] != "" {
		v.Word = s.say(c, to[1])
	}
	return v
}

// step takes a step; a form that is refused is shown as it was.
func (s *Server) step(c echo.Context) error {
	id, verb := c.Param("id"), registry.Verb(c.FormValue("verb"))
	form := readStep(c)
	req := registry.StepRequest{
		Verb: verb, Version: form.Version, Revision: form.Revision, Note: form.Note, Plan: form.Plan, Opens: form.Opens, Closes: form.Closes,
		Contact: form.Contact, Public: form.Public, Asked: strings.Split(lines(form.Asked), "\n"), Day: form.Day, Issues: map[string]registry.Issue{},
	}
	for _, region := range registry.Regions {
		if form.Regions[region.Code] {
			req.Regions = append(req.Regions, region.Code)
		}
	}
	if verb == registry.PublishEdition {
		for _, code := range publishes(c) {
			req.Issues[code] = issueFrom(c, code)
		}
	}
	_, err := s.reg.Advance(s.actor(c), id, req)
	if err == nil {
		return s.see(c, "/standards/"+id+"/process", "done.step")
	}
	by, kind, isRefusal := faults(err)
	if !isRefusal || kind == registry.NotFound || kind == registry.Forbidden {
		return err
	}
	p, failed := s.processOf(c)
	if failed != nil {
		return failed
	}
	p.Other = ""
	at := slices.IndexFunc(p.Options, func(o optionView) bool { return o.Verb == verb })
	if at < 0 { // the process has moved on: what was typed is shown with the reason
		p.Moved, p.Typed = stepReason(err, by), form.Note
		return s.render(c, statusOf[kind], "stages.html", p)
	}
	o := &p.Options[at]
	form.Version, form.Revision, form.First = p.Process.Version, p.Process.Revision, p.Today // they see what is there now, with what they typed
	o.Form, o.Faults, o.Problem = form, by, stepReason(err, by)
	for i := range o.Issues {
		o.Issues[i].Issue = issueFrom(c, o.Issues[i].Region)
		for _, field := range registry.IssueFields {
			o.Issues[i].Problem = strings.TrimSpace(o.Issues[i].Problem + " " + by[field+"-"+o.Issues[i].Region])
		}
	}
	return s.render(c, statusOf[kind], "stages.html", p)
}

// stepReason is what a refused form says above its fields.
func stepReason(err error, by map[string]string) string {
	var blocked *registry.Blocked
	if errors.As(err, &blocked) {
		return blocked.Reason
	}
	var said []string
	for _, field := range []string{"", "verb", "version", "revision", "gates", "issues", "regions"} {
		if by[field] != "" {
			said = append(said, by[field])
		}
	}
	return strings.Join(said, " ")
}

func readStep(c echo.Context) stepForm {
	f := stepForm{
		Version: number(c.FormValue("version")), Revision: max(0, number(c.FormValue("revision"))), Note: lines(c.FormValue("note")), Plan: c.FormValue("plan"),
		Opens: c.FormValue("opens"), Closes: c.FormValue("closes"), Contact: c.FormValue("contact"), Asked: lines(c.FormValue("asked")),
		Day: c.FormValue("day"), Public: c.FormValue("public") != "", Regions: map[string]bool{},
	}
	form, err := c.FormParams()
	if err != nil {
		return f
	}
	for _, region := range form["regions"] {
		f.Regions[region] = true
	}
	return f
}

// number reads a small number of a form; what is none is -1, which no version is.
func number(s string) int {
	var n int
	if _, err := fmt.Sscanf(s, "%d", &n); err != nil {
		return -1
	}
	return n
}

// publishes are the regions for which a form gives a number.
func publishes(c echo.Context) (codes []string) {
	for _, code := range []string{"", "31", "32", "33", "34"} {
		if strings.TrimSpace(c.FormValue("number-"+code)) != "" {
			codes = append(codes, code)
		}
	}
	return codes
}

func issueFrom(c echo.Context, code string) registry.Issue {
	return registry.Issue{Number: c.FormValue("number-" + code), Issuer: c.FormValue("issuer-" + code), Published: c.FormValue("published-" + code), Effective: c.FormValue("effective-" + code)}
}

// stand says on a standard's page where it stands: its stage, and, of a text that
// was published, numbers and status as its editions say them today.
func (s *Server) stand(p *standardPage) error {
	at, err := s.reg.Process(p.Standard.ID)
	if err != nil {
		return err
	}
	p.Stage = at.Stage
	list, err := s.reg.Issued(p.Standard.ID, "")
	if err != nil {
		return err
	}
	h := &p.Revision.Header
	var numbers []string
	status := ""
	for _, i := range list {
		if i.Revision != p.Revision.Number {
			continue
		}
		numbers = append(numbers, i.Number)
		if status != "in-force" {
			status = i.Status
		}
		h.Issuer, h.Published, h.Effective = cmp.Or(h.Issuer, i.Issuer), cmp.Or(h.Published, i.Published), cmp.Or(h.Effective, i.Effective)
	}
	switch {
	case status != "":
		h.Status = status
		if len(h.Numbers) == 0 {
			h.Numbers = numbers
		}
	case at.Version > 0 && at.Stage == registry.StageConsultation && p.Revision.Number == at.Revision:
		h.Status = "consultation"
	}
	return nil
}

// attach takes a document of the procedure.
func (s *Server) attach(c echo.Context) error {
	id := c.Param("id")
	name, data, err := attached(c)
	if err == nil {
		_, err = s.reg.AttachDocument(s.actor(c), id, registry.DocumentKind(c.FormValue("kind")), name, data)
	}
	if err == nil {
		return s.see(c, "/standards/"+id+"/process#documents", "done.attach")
	}
	reason, ok := refused(err, registry.Invalid)
	if !ok {
		return err
	}
	p, err := s.processOf(c)
	if err != nil {
		return err
	}
	p.Problem, p.Kind = reason, c.FormValue("kind")
	return s.render(c, http.StatusUnprocessableEntity, "stages.html", p)
}

// attached reads the file of a form; without one both are empty.
func attached(c echo.Context) (name string, data []byte, err error) {
	f, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	r, err := f.Open()
	if err != nil {
		return "", nil, err
	}
	defer r.Close()
	data, err = io.ReadAll(io.LimitReader(r, registry.MaxAttachment+1))
	return f.Filename, data, err
}

func (s *Server) dropDocument(c echo.Context) error {
	if err := s.reg.DropDocument(s.actor(c), c.Param("id"), c.Param("doc")); err != nil {
		return err
	}
	return s.see(c, "/standards/"+c.Param("id")+"/process#documents", "done.detach")
}

// document sends an attached file. It is never shown in the page's place, and
// browsers do not guess at its type.
func (s *Server) document(c echo.Context) error {
	a, data, err := s.reg.Attachment(c.Param("id"), c.Param("doc"))
	if err != nil {
		return err
	}
	kind := map[string]string{"pdf": "application/pdf", "docx": docxType, "xlsx": xlsxType, "md": markdownType}[a.Type]
	c.Response().Header().Set("X-Content-Type-Options", "nosniff")
	return download(c, a.Standard+"-"+a.ID+"."+a.Type, a.Name, cmp.Or(kind, "application/octet-stream"), data)
}

// edition sends an edition's text.
func (s *Server) edition(c echo.Context) error {
	e, text, err := s.reg.EditionText(c.Param("id"), c.Param("edition"))
	if err != nil {
		return err
	}
	return download(c, e.Standard+"-"+e.ID()+".md", e.Number+".md", markdownType, text)
}
