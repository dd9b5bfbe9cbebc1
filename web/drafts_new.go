package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// newPage asks for what a new standard must say of itself.
type newPage struct {
	Frame
	Draft    newStandard
	Kinds    []string
	Types    []string
	Regions  []string // that the member may write for; "" is none
	Problems map[string]string
}

// newStandard is the form of a new standard. A title has three elements: an
// introductory, a main and a complementary one (GB/T 1.1—2020, 8.2), of which
// only the main one is obligatory.
type newStandard struct {
	Field, Subject, Aspect     string
	English                    string
	Kind, Number, Region, Type string
}

// newKinds are the kinds of standards that people draft here.
var newKinds = []string{"local", "group", "enterprise", "industry", "national"}

// newTypes are the function types of standards (GB/T 1.1—2020, 4.2), and what
// their core chapters are called (table 3 there).
var newTypes = []string{"specification", "practice", "guide", "test", "classification", "symbol", "terminology"}

var coreChapters = map[string][]editor.Clause{
	"specification":  {{ID: "requirements", Title: "要求", Text: "应……。"}, {ID: "verification", Title: "证实方法", Text: "按……的规定进行。"}},
	"practice":       {{ID: "procedure", Title: "程序确立", Text: "……由……组成。"}, {ID: "instructions", Title: "程序指示", Text: "应……。"}, {ID: "tracing", Title: "追溯/证实方法", Text: "应……。"}},
	"guide":          {{ID: "general", Title: "总则", Text: "……。"}, {ID: "factors", Title: "需考虑的因素", Text: "宜……。"}},
	"test":           {{ID: "steps", Title: "试验步骤", Text: "……。"}, {ID: "data", Title: "试验数据处理", Text: "……。"}},
	"classification": {{ID: "classes", Title: "分类和编码", Text: "……分为……。"}},
	"symbol":         {{ID: "symbols", Title: "图形符号及含义", Text: "……。"}},
	"terminology":    nil,
}

func (s *Server) newDraft(c echo.Context) error {
	return s.showNew(c, http.StatusOK, newPage{Draft: newStandard{Kind: "local", Type: "specification", Region: s.actor(c).Region}})
}

func (s *Server) showNew(c echo.Context, status int, p newPage) error {
	p.Frame = s.frame(c, s.say(c, "drafts.new"))
	p.Styles = []string{"drafts.css"}
	p.Kinds, p.Types, p.Regions = newKinds, newTypes, nil
	for _, r := range append([]registry.Region{{}}, registry.Regions...) {
		codes := []string{r.Code}
		if r.Code == "" {
			codes = nil
		}
		if registry.May(s.actor(c), registry.OpenWorking, codes...) == nil {
			p.Regions = append(p.Regions, r.Code)
		}
	}
	return s.render(c, status, "drafts-new.html", p)
}

// createDraft opens a working copy with the skeleton of a new standard.
func (s *Server) createDraft(c echo.Context) error {
	v := func(name string) string { return strings.TrimSpace(c.FormValue(name)) }
	n := newStandard{v("field"), v("subject"), v("aspect"), v("english"), v("kind"), v("number"), v("region"), v("type")}
	p := newPage{Draft: n, Problems: map[string]string{}}
	if n.Subject == "" {
		p.Problems["subject"] = s.say(c, "drafts.new.subject.missing")
	}
	if !slices.Contains(newKinds, n.Kind) {
		p.Problems["kind"] = s.say(c, "drafts.new.choose")
	}
	if !slices.Contains(newTypes, n.Type) {
		p.Problems["type"] = s.say(c, "drafts.new.choose")
	}
	if n.Kind == "local" && n.Region == "" {
		p.Problems["region"] = s.say(c, "drafts.new.region.missing")
	}
	if len(p.Problems) > 0 {
		return s.showNew(c, http.StatusUnprocessableEntity, p)
	}
	h, source := n.skeleton()
	w, err := s.reg.StartNew(s.actor(c), h, source)
	if reason, ok := refused(err); ok {
		p.Problems[""] = reason
		return s.showNew(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return s.see(c, draftURL(w.Standard), "")
}

// Title puts the elements of a title together.
func (n newStandard) Title() string {
	return strings.Join(slices.DeleteFunc([]string{n.Field, n.Subject, n.Aspect}, func(e string) bool { return e == "" }), " ")
}

// skeleton is what a new standard starts from: the elements that GB/T 1.1—2020
// asks every standard to have, with their fixed sentences.
func (n newStandard) skeleton() (editor.Header, []byte) {
	h := editor.Header{Title: n.Title(), English: n.English, Kind: n.Kind, Convention: editor.Standard, Status: "draft", Notice: registry.PatentCall}
	if n.Number != "" {
		h.Numbers = []string{n.Number}
	}
	if n.Region != "" {
		h.Regions = []string{n.Region}
	}
	what := n.Subject + n.Aspect
	d := &editor.Document{Header: h, Clauses: []*editor.Clause{
		{ID: "foreword", Kind: editor.Foreword, Title: "前言", Text: "本文件按照GB/T 1.1—2020《标准化工作导则　第1部分：标准化文件的结构和起草规则》的规定起草。\n\n请注意本文件的某些内容可能涉及专利。本文件的发布机构不承担识别专利的责任。\n\n本文件由……提出。\n\n本文件由……归口。\n\n本文件起草单位：……。\n\n本文件主要起草人：……。"},
		{ID: "scope", Kind: editor.Chapter, Title: "范围", Text: scopeSentence[n.Type] + what + "……。\n\n本文件适用于……。"},
		{ID: "references", Kind: editor.Chapter, Title: "规范性引用文件", Text: "本文件没有规范性引用文件。"},
		{ID: "terms", Kind: editor.Chapter, Title: "术语和定义", Text: "本文件没有需要界定的术语和定义。"},
	}}
	for _, k := range coreChapters[n.Type] {
		k.Kind = editor.Chapter
		d.Clauses = append(d.Clauses, &k)
	}
	if n.Type == "terminology" {
		d.Clauses[3].Text = ""
		d.Clauses[3].Clauses = []*editor.Clause{{ID: "t-1", Kind: editor.Term, Title: "术语", English: "term", Text: "定义……"}}
	}
	return h, editor.Write(d)
}

// scopeSentence begins the scope by the type of standard (GB/T 1.1—2020, 8.5.3).
var scopeSentence = map[string]string{
	"specification": "本文件规定了", "practice": "本文件确立了", "guide": "本文件提供了", "test": "本文件描述了",
	"classification": "本文件确立了", "symbol": "本文件界定了", "terminology": "本文件界定了",
}
