package web

import (
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// draftsPage is what a member has on the desk, and what may be opened.
type draftsPage struct {
	Frame
	Copies []registry.WorkingCopy
	Open   []registry.Standard // that the member may draft and has no copy of
	Find   string
	More   bool // there are more than are listed
	MayNew bool
}

// offeredStandards bounds the standards that the list of drafts offers.
const offeredStandards = 20

func (s *Server) drafts(c echo.Context) error {
	actor := s.actor(c)
	p := draftsPage{Frame: s.frame(c, s.say(c, "drafts.title")), Find: strings.TrimSpace(c.QueryParam("q"))}
	p.Styles = []string{"drafts.css"}
	p.MayNew = registry.May(actor, registry.OpenWorking, actor.Region) == nil
	var err error
	if p.Copies, err = s.reg.WorkingCopies(actor); err != nil {
		return err
	}
	mine := map[string]bool{}
	for _, w := range p.Copies {
		mine[w.Standard] = true
	}
	list, _, err := s.reg.Standards(registry.Filter{Region: actor.Region, Text: p.Find}, 0, 1000)
	if err != nil {
		return err
	}
	for _, std := range list {
		if mine[std.ID] || registry.May(actor, registry.OpenWorking, std.Header.Regions...) != nil {
			continue
		}
		if len(p.Open) == offeredStandards {
			p.More = true
			break
		}
		p.Open = append(p.Open, std)
	}
	return s.render(c, http.StatusOK, "drafts.html", p)
}

// startDraft opens a working copy of a standard: ?from= goes back to an older
// revision.
func (s *Server) startDraft(c echo.Context) error {
	from, _ := strconv.Atoi(c.FormValue("from"))
	w, err := s.reg.StartWorking(s.actor(c), c.FormValue("standard"), from)
	if err != nil {
		return err
	}
	return s.see(c, draftURL(w.Standard), "")
}

func draftURL(standard string) string { return "/drafts/" + url.PathEscape(standard) }

// draftingPage is the drafting page. What it holds works as a form; a script makes
// an editor of it.
type draftingPage struct {
	Frame
	Copy     registry.WorkingCopy
	Header   editor.Header // of the standard as it is; of the text for a new one
	Source   string        // what the form holds
	Message  string
	Nonce    string // that the editor's style sheets bear
	Words    string // JSON: what the script says
	Seq      uint64 // the last event: the page hears of what comes after
	Preview  template.HTML
	Shown    bool // a preview was asked for
	Findings []editor.Finding
	Problem  string
	Kept     string // what another window saved meanwhile
}

// startPage offers to open a working copy: looking at an address changes nothing.
type startPage struct {
	Frame
	Standard registry.Standard
	From     int
}

func (s *Server) draft(c echo.Context) error {
	id := c.Param("id")
	w, err := s.reg.WorkingCopy(s.actor(c), id)
	if registry.Refused(err, registry.NotFound) {
		std, missing := s.reg.Standard(id)
		if missing != nil {
			return err
		}
		if err := registry.May(s.actor(c), registry.OpenWorking, std.Header.Regions...); err != nil {
			return err
		}
		p := startPage{Frame: s.frame(c, s.say(c, "drafts.of", std.Header.Title)), Standard: std}
		p.From, _ = strconv.Atoi(c.QueryParam("from"))
		return s.render(c, http.StatusOK, "drafts-start.html", p)
	}
	if err != nil {
		return err
	}
	return s.showDrafting(c, http.StatusOK, draftingPage{Copy: w, Source: string(w.Source)})
}

func (s *Server) showDrafting(c echo.Context, status int, p draftingPage) error {
	head, err := s.reg.LastEvent()
	if err != nil {
		return err
	}
	p.Seq = head.Seq
	if std, err := s.reg.Standard(p.Copy.Standard); err == nil {
		p.Header = std.Header
	} else {
		p.Header = editor.Header{Title: p.Copy.Title}
	}
	p.Frame = s.frame(c, s.say(c, "drafts.of", p.Header.Title))
	p.Class, p.Styles, p.Scripts = "dr-page", []string{"drafts.css"}, []string{"editor.js"}
	p.Nonce = s.styleNonce(c)
	words, err := json.Marshal(s.words.beginning(lang(c), "editor.", "severity."))
	if err != nil {
		return err
	}
	p.Words = string(words)
	return s.render(c, status, "draft.html", p)
}

// postDraft is the form of a page without script: save, look at, submit or
// discard the text.
func (s *Server) postDraft(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	actor, id := s.actor(c), c.Param("id")
	w, err := s.reg.WorkingCopy(actor, id)
	if err != nil {
		return err
	}
	if form.Get("do") == "drop" {
		if err := s.reg.DropWorking(actor, id); err != nil {
			return err
		}
		return s.see(c, "/drafts", "done.drop")
	}
	p := draftingPage{Copy: w, Source: lines(form.Get("source")), Message: form.Get("message")}
	version, _ := strconv.ParseUint(form.Get("version"), 10, 64)
	base, _ := strconv.Atoi(form.Get("base"))
	var kept registry.WorkingCopy
	if base > w.Base {
		kept, err = s.reg.SettleWorking(actor, id, version, base, []byte(p.Source))
	} else {
		kept, err = s.reg.SaveWorking(actor, id, version, []byte(p.Source))
	}
	if reason, ok := refused(err); ok {
		p.Problem = reason
		if registry.Refused(err, registry.Conflict) {
			p.Copy, p.Kept = kept, string(kept.Source)
			return s.showDrafting(c, http.StatusConflict, p)
		}
		return s.showDrafting(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	p.Copy = kept
	switch form.Get("do") {
	case "look":
		return s.previewDraft(c, p)
	case "submit":
		return s.submitForm(c, p)
	}
	return s.see(c, draftURL(id), "done.save")
}

// previewDraft renders a text and lists what is wrong with it, like a compiler.
func (s *Server) previewDraft(c echo.Context, p draftingPage) error {
	doc, _, err := editor.Parse([]byte(p.Source))
	if err != nil {
		p.Problem = s.say(c, "drafts.unreadable", err.Error())
		return s.showDrafting(c, http.StatusUnprocessableEntity, p)
	}
	report, err := s.reg.Findings(p.Copy.Standard, []byte(p.Source), doc)
	if err != nil {
		return err
	}
	ahead, err := s.findingsAhead(c, report.Findings, []byte(p.Source), doc)
	if err != nil {
		return err
	}
	p.Findings = append(slices.Clone(report.Findings), ahead...)
	p.Shown, p.Preview = true, textHTML(doc)
	return s.showDrafting(c, http.StatusOK, p)
}

func (s *Server) submitForm(c echo.Context, p draftingPage) error {
	if left := unmerged(p.Source); left != nil {
		p.Findings, p.Problem = left, s.say(c, "merge.left")
		return s.showDrafting(c, http.StatusUnprocessableEntity, p)
	}
	m, err := s.reg.SubmitWorking(s.actor(c), p.Copy.Standard, p.Copy.Version, p.Message)
	if len(m.Conflicts) > 0 && registry.Refused(err, registry.Conflict) {
		return s.merge(c, p, m)
	}
	if reason, ok := refused(err); ok {
		p.Problem = reason
		return s.showDrafting(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	done := "done.submit"
	if m.Current.Number > 0 {
		done = "done.merged"
	}
	return s.see(c, revisionURL(m.Revision.Ref()), done)
}

// Where drafting was before it had pages of its own.
func (s *Server) oldNew(c echo.Context) error {
	return c.Redirect(http.StatusMovedPermanently, "/drafts/new")
}

func (s *Server) oldEdit(c echo.Context) error {
	to := draftURL(c.Param("id"))
	if from := c.QueryParam("from"); from != "" {
		to += "?" + url.Values{"from": {from}}.Encode()
	}
	return c.Redirect(http.StatusMovedPermanently, to)
}
