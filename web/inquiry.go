package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/convert"
	"tongbiao/registry"
)

// inquiryPage is 查新: what became of the standards of a list.
type inquiryPage struct {
	Frame
	Numbers string
	On      string
	Lines   []inquiryView
	Counts  []adviceCount
	Only    registry.Advice // lines of this advice alone are shown; "" all
	Shown   []inquiryView
	Problem string
	Most    int
}

// inquiryView is a line with what to do about it in words.
type inquiryView struct {
	registry.InquiryLine
	Do string
}

type adviceCount struct {
	Advice registry.Advice
	Count  int
}

// advices in the order in which they are counted: what wants doing first.
var advices = []registry.Advice{registry.TakeNewer, registry.TakeOther, registry.Withdrawn, registry.WrongYear, registry.NotYet, registry.OnlyDraft, registry.SeveralMeant, registry.NotHeld, registry.NotANumber, registry.UseIt}

// inquire answers 查新: as a page, as JSON or as a workbook. A list that is
// uploaded comes by POST, which keeps nothing either.
func (s *Server) inquire(c echo.Context) error {
	p := inquiryPage{Numbers: lines(c.FormValue("numbers")), On: strings.TrimSpace(c.FormValue("on")), Most: registry.MaxInquiry}
	asked := registry.InquiryLines(p.Numbers)
	file, err := s.uploadedList(c)
	if err == nil {
		asked = append(asked, file...)
		if len(file) > 0 {
			p.Numbers = strings.Join(asked, "\n")
		}
		p.Lines, err = s.answered(c, asked, p.On)
	}
	status := http.StatusOK
	if reason, ok := unreadable(err); ok {
		p.Problem, status = reason, http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	}
	if wantsJSON(c) {
		if p.Problem != "" {
			return c.JSON(status, map[string]any{"reason": p.Problem})
		}
		found := make([]registry.InquiryLine, len(p.Lines))
		for i, l := range p.Lines {
			found[i] = l.InquiryLine
		}
		return c.JSON(status, map[string]any{"lines": found})
	}
	if c.FormValue("as") == "xlsx" && p.Problem == "" && len(p.Lines) > 0 {
		return s.inquiryXLSX(c, p)
	}
	if p.Problem == "" && len(p.Lines) == 0 && c.Request().Method == http.MethodPost {
		p.Problem, status = s.say(c, "inquiry.nothing"), http.StatusUnprocessableEntity
	}
	for _, a := range advices {
		n := 0
		for _, l := range p.Lines {
			if l.Advice == a {
				n++
			}
		}
		if n > 0 {
			p.Counts = append(p.Counts, adviceCount{a, n})
		}
	}
	p.Only, p.Shown = registry.Advice(c.FormValue("only")), p.Lines
	if p.Only != "" {
		p.Shown = slices.DeleteFunc(slices.Clone(p.Lines), func(l inquiryView) bool { return l.Advice != p.Only })
	}
	p.Frame = s.frame(c, s.say(c, "inquiry.title"))
	p.Styles = []string{"enterprise.css"}
	return s.render(c, status, "inquiry.html", p)
}

// unreadable is why a list was refused, in words.
func unreadable(err error) (string, bool) {
	var u *convert.Unreadable
	if errors.As(err, &u) {
		return u.Reason, true
	}
	return refused(err, registry.Invalid)
}

func (s *Server) uploadedList(c echo.Context) ([]string, error) {
	head, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || err == nil && head.Size == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f, err := head.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, convert.MaxFile+1))
	if err != nil {
		return nil, err
	}
	sheets, err := convert.ReadTables(data)
	return registry.SheetLines(sheets), err
}

func (s *Server) answered(c echo.Context, asked []string, on string) ([]inquiryView, error) {
	found, err := s.reg.Inquire(asked, on)
	if err != nil {
		return nil, err
	}
	out := make([]inquiryView, len(found))
	for i, l := range found {
		out[i] = inquiryView{l, s.advice(c, l)}
	}
	return out, nil
}

// advice says what to do about a line.
func (s *Server) advice(c echo.Context, l registry.InquiryLine) string {
	switch {
	case (l.Advice == registry.TakeOther || l.Advice == registry.TakeNewer) && l.Superseded != "":
		return s.say(c, "inquiry.do.take", l.Superseded)
	case l.Advice == registry.TakeOther || l.Advice == registry.TakeNewer:
		return s.say(c, "inquiry.do.gone")
	case l.Advice == registry.NotYet:
		return s.say(c, "inquiry.do.from", l.Effective)
	case l.Advice == registry.UseIt && l.Superseded != "":
		return s.say(c, "inquiry.do.until", l.From, l.Superseded)
	case l.Advice == registry.WrongYear:
		var held []string
		for _, h := range l.Holdings {
			held = append(held, h.Number)
		}
		return s.say(c, "inquiry.do.year", strings.Join(held, "、"))
	}
	return s.say(c, "inquiry.do."+string(l.Advice))
}

// inquiryXLSX writes the answers as a workbook.
func (s *Server) inquiryXLSX(c echo.Context, p inquiryPage) error {
	t := convert.Table{Name: s.say(c, "inquiry.title"), Widths: []int{5, 20, 20, 26, 8, 12, 20, 24, 24, 28}, Numbers: []int{0}}
	for _, k := range []string{"line", "said", "number", "name", "status", "effective", "superseded", "coming", "held", "do"} {
		t.Head = append(t.Head, s.say(c, "inquiry.col."+k))
	}
	for _, l := range p.Lines {
		var held, coming []string
		for _, h := range l.Holdings {
			held = append(held, strings.TrimSpace(h.Number+" "+h.Title)+"（"+s.say(c, "status."+h.Status)+"）")
		}
		for _, k := range l.Coming {
			coming = append(coming, strings.TrimSpace(k.Number+" "+k.Title+" "+k.From))
		}
		status := ""
		if l.Status != "" {
			status = s.say(c, "status."+l.Status)
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(l.Line), l.Said, l.Number, l.Title, status, l.Effective,
			strings.TrimSpace(l.Superseded + " " + l.From), strings.Join(coming, "\n"), strings.Join(held, "\n"), l.Do})
	}
	t.Notes = []string{s.say(c, "inquiry.limits")}
	var b bytes.Buffer
	if err := convert.WriteXLSX(&b, t); err != nil {
		return err
	}
	return download(c, "inquiry.xlsx", "查新.xlsx", xlsxType, b.Bytes())
}
