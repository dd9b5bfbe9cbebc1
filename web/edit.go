package web

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/check"
	"tongbiao/registry"
)

// draft is a text as it stands in the form. Base is the revision that it was
// made from: if the standard has moved on, nothing is overwritten.
type draft struct {
	Standard string // "" for a new standard
	Base     int
	Source   string // Markdown with front matter
	Message  string
}

// editPage is the plain editor: the text, its preview, and what is wrong with
// it.
type editPage struct {
	Frame
	Header   editor.Header // of the standard as it is; empty for a new one
	Draft    draft
	Preview  template.HTML
	Shown    bool // a preview was asked for
	Findings []editor.Finding
	Problem  string
	Held     bool // a new text whose name is taken already
}

func (s *Server) edit(c echo.Context) error {
	ref := registry.Ref{Standard: c.Param("id")}
	ref.Revision, _ = strconv.Atoi(c.QueryParam("from"))
	text, err := s.reg.Text(ref)
	if err != nil {
		return err
	}
	current, err := s.reg.Standard(ref.Standard)
	if err != nil {
		return err
	}
	// Going back to an older text is a change of the current one.
	return s.showEdit(c, http.StatusOK, editPage{Draft: draft{Standard: ref.Standard, Base: current.Current, Source: string(text.Source)}})
}

func (s *Server) editNew(c echo.Context) error {
	return s.showEdit(c, http.StatusOK, editPage{Draft: draft{Source: s.skeleton(c)}})
}

// skeleton is what a new standard starts from: the chapters that GB/T 1.1—2020
// asks every standard to have.
func (s *Server) skeleton(c echo.Context) string {
	region := s.actor(c).Region
	var b strings.Builder
	b.WriteString("---\ntitle: \n")
	if region != "" {
		fmt.Fprintf(&b, "number: DB%s/T \nkind: local\nregion: %q\n", region, region)
	}
	b.WriteString("convention: standard\nstatus: draft\n---\n\n## 前言 {#foreword}\n\n## 范围 {#scope}\n\n本文件规定了……\n\n" +
		"## 规范性引用文件 {#references}\n\n本文件没有规范性引用文件。\n\n## 术语和定义 {#terms}\n\n本文件没有需要界定的术语和定义。\n\n## 要求 {#requirements}\n")
	return b.String()
}

func (s *Server) showEdit(c echo.Context, status int, p editPage) error {
	title := s.say(c, "edit.new")
	if p.Draft.Standard != "" {
		std, err := s.reg.Standard(p.Draft.Standard)
		if err != nil {
			return err
		}
		p.Header, title = std.Header, s.say(c, "edit.title", std.Header.Title)
	}
	p.Frame = s.frame(c, title)
	p.Class, p.Scripts = "drafting", []string{"draft.js"}
	return s.render(c, status, "edit.html", p)
}

// submitEdit previews a text, keeping nothing, or keeps it as a revision.
func (s *Server) submitEdit(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	d := draft{Standard: c.Param("id"), Source: lines(form.Get("source")), Message: form.Get("message")}
	d.Base, _ = strconv.Atoi(form.Get("base"))
	if form.Get("do") == "preview" {
		return s.preview(c, d)
	}
	if left := unmerged(d.Source); left != nil {
		return s.showEdit(c, http.StatusUnprocessableEntity, editPage{Draft: d, Findings: left, Problem: s.say(c, "merge.left")})
	}
	v, findings, err := s.reg.Submit(s.actor(c), registry.Submission{
		Standard: d.Standard, Base: d.Base, Source: []byte(d.Source), Message: d.Message,
	})
	p := editPage{Draft: d, Findings: findings}
	if reason, ok := refused(err, registry.Conflict); ok {
		if d.Standard != "" && d.Base > 0 {
			return s.merge(c, d)
		}
		p.Problem, p.Held = reason, true
		return s.showEdit(c, http.StatusConflict, p)
	}
	if reason, ok := refused(err); ok {
		p.Problem = reason
		return s.showEdit(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/standards/"+url.PathEscape(v.Standard)+"/"+strconv.Itoa(v.Number), "done.submit")
}

// preview renders a text and lists what is wrong with it, like a compiler.
func (s *Server) preview(c echo.Context, d draft) error {
	p := editPage{Draft: d, Shown: true}
	doc, findings, err := editor.Parse([]byte(d.Source))
	if err != nil {
		p.Problem, p.Shown = s.say(c, "edit.unreadable", err.Error()), false
		return s.showEdit(c, http.StatusUnprocessableEntity, p)
	}
	p.Findings = append(findings, check.Check([]byte(d.Source), doc, check.Options{})...)
	p.Preview = textHTML(doc)
	return s.showEdit(c, http.StatusOK, p)
}
