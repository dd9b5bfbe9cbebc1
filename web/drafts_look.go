package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/check"
	"tongbiao/registry"
)

// lookQuestion is a text as it is being typed, and the hashes of the clauses
// that the page shows already.
type lookQuestion struct {
	Member string   `json:"member"`
	Source string   `json:"source"`
	Have   []string `json:"have"`
}

// look is what the server says of a text: places are UTF-16 code units from its
// beginning, as browsers count.
type look struct {
	Findings []lookFinding     `json:"findings"`
	Outline  []lookClause      `json:"outline"`
	Clauses  []lookHTML        `json:"clauses"`
	Numbers  map[string]string `json:"numbers"` // what a reference to an ID shows
	Targets  []lookTarget      `json:"targets"` // what can be referred to, in the order of the text
	Terms    []lookTerm        `json:"terms"`
	Version  uint64            `json:"version"` // of the working copy that is kept
}

type lookFinding struct {
	Rule     string          `json:"rule"`
	Severity editor.Severity `json:"severity"`
	Line     int             `json:"line"`
	Message  string          `json:"message"`
	Clause   string          `json:"clause,omitempty"`
	Placed   bool            `json:"placed"` // From and To say where
	From     int             `json:"from"`
	To       int             `json:"to"`
	Fix      *lookFix        `json:"fix,omitempty"`
	Waive    *check.Waiver   `json:"waive,omitempty"`  // what a waiver of it names
	Waived   *lookWaiver     `json:"waived,omitempty"` // somebody has
}

type lookFix struct {
	Label string     `json:"label"`
	Edits []lookEdit `json:"edits"`
}

type lookEdit struct {
	From int    `json:"from"`
	To   int    `json:"to"`
	Text string `json:"text"`
}

type lookWaiver struct {
	By     string `json:"by"`
	Reason string `json:"reason"`
	Drop   string `json:"drop,omitempty"` // under this name it can be taken back
}

type lookClause struct {
	ID      string `json:"id"`
	Number  string `json:"number,omitempty"`
	Title   string `json:"title,omitempty"`
	Level   int    `json:"level"`
	From    int    `json:"from"`
	Heading bool   `json:"heading"` // its first line is a heading as the format writes it
}

type lookHTML struct {
	ID    string  `json:"id"`
	Hash  string  `json:"hash"`
	Line  int     `json:"line"`
	Level int     `json:"level"`
	Kind  string  `json:"kind"`
	HTML  *string `json:"html,omitempty"` // left out where the page has it
}

type lookTarget struct {
	ID      string `json:"id"`
	Number  string `json:"number,omitempty"`
	Title   string `json:"title,omitempty"`
	Line    int    `json:"line,omitempty"`
	Written bool   `json:"written"` // the source says the ID; else it is derived from the content
}

type lookTerm struct {
	Name   string `json:"name"`
	Number string `json:"number"`
}

// lookDraft says of a text that is being typed what is wrong with it and how it
// looks. Nothing is kept.
func (s *Server) lookDraft(c echo.Context) error {
	var q lookQuestion
	if err := s.question(c, &q, &q.Member); err != nil {
		return err
	}
	if len(q.Source) > editor.MaxBytes {
		return echo.ErrStatusRequestEntityTooLarge
	}
	w, err := s.reg.WorkingCopy(s.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	source := []byte(q.Source)
	doc, _, err := editor.Parse(source)
	var bad *editor.SyntaxError
	if errors.As(err, &bad) {
		return c.JSON(http.StatusUnprocessableEntity, map[string]any{"line": bad.Line, "reason": bad.Message})
	}
	if err != nil {
		return err
	}
	at := newPlaces(q.Source)
	out := look{Version: w.Version, Numbers: doc.Numbers()}
	if out.Findings, err = s.lookFindings(c, source, doc, at); err != nil {
		return err
	}
	if out.Clauses, err = s.lookClauses(c, doc, q.Have); err != nil {
		return err
	}
	out.Outline, out.Targets, out.Terms = outlineOf(doc, at, q.Source)
	return c.JSON(http.StatusOK, out)
}

// lookFindings are what is wrong with a text, the worst of it first where there
// is too much to show; what a committee lets stand is marked.
func (s *Server) lookFindings(c echo.Context, source []byte, doc *editor.Document, at *places) ([]lookFinding, error) {
	report, err := s.reg.Findings(c.Param("id"), source, doc)
	if err != nil {
		return nil, err
	}
	mayWaive := s.reg.MayWaive(s.actor(c), c.Param("id"))
	list := report.Findings
	if len(list) > mostShown {
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b editor.Finding) int { return cmp.Compare(gravity[a.Severity], gravity[b.Severity]) })
		list = list[:mostShown]
	}
	ahead, err := s.findingsAhead(c, report.Findings, source, doc)
	if err != nil {
		return nil, err
	}
	list = append(slices.Clone(list), ahead...)
	out := make([]lookFinding, 0, len(list)+len(report.Waived))
	for _, f := range list {
		one := at.finding(f)
		if _, known := check.Lookup(f.Rule); known && mayWaive {
			one.Waive = &check.Waiver{Rule: f.Rule, Clause: f.Clause, Words: check.Quote(source, f)}
		}
		out = append(out, one)
	}
	for _, w := range report.Waived {
		one := at.finding(w.Finding)
		one.Waived = &lookWaiver{By: s.person(lang(c), w.Waiver.Author), Reason: w.Waiver.Reason}
		if mayWaive {
			one.Waived.Drop = w.Waiver.ID
		}
		out = append(out, one)
	}
	return out, nil
}

// findingsAhead are what the next step will ask of a text besides, as remarks that
// name the step.
func (s *Server) findingsAhead(c echo.Context, now []editor.Finding, source []byte, doc *editor.Document) ([]editor.Finding, error) {
	step, list, err := s.reg.Ahead(c.Param("id"), now, source, doc)
	for i, f := range list {
		list[i].Severity, list[i].Message = editor.Info, s.say(c, "drafts.ahead", inWords(c, step.Zh, step.En), f.Message)
	}
	return list, err
}

// mostShown bounds the findings of one answer.
const mostShown = 1000

var gravity = map[editor.Severity]int{editor.Error: 0, editor.Warning: 1, editor.Info: 2}

// waiveDraft lets a finding stand, with a reason, or takes that back.
func (s *Server) waiveDraft(c echo.Context) error {
	var q struct {
		Member, Reason, Drop string
		Finding              check.Waiver
	}
	if err := s.question(c, &q, &q.Member); err != nil {
		return err
	}
	id, actor := c.Param("id"), s.actor(c)
	if q.Drop != "" {
		if err := s.reg.DropWaiver(actor, id, q.Drop); err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]any{})
	}
	w, err := s.reg.WaiveFinding(actor, id, check.Waiver{Rule: q.Finding.Rule, Clause: q.Finding.Clause, Words: q.Finding.Words, Reason: q.Reason})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"id": w})
}

// finding puts a finding into the browser's counting; one that names only its
// line means the whole of it.
func (p *places) finding(f editor.Finding) lookFinding {
	v := lookFinding{Rule: f.Rule, Severity: f.Severity, Line: f.Line, Message: f.Message, Clause: f.Clause}
	switch {
	case f.End > 0:
		v.Placed, v.From, v.To = true, p.utf16(f.Start), p.utf16(f.End)
	case f.Line > 0 && f.Line <= len(p.lines):
		v.Placed, v.From, v.To = true, p.utf16(p.lines[f.Line-1]), p.utf16(p.end(f.Line))
	}
	if f.Fix != nil {
		v.Fix = &lookFix{Label: f.Fix.Label}
		for _, e := range f.Fix.Edits {
			v.Fix.Edits = append(v.Fix.Edits, lookEdit{p.utf16(e.Start), p.utf16(e.End), e.Text})
		}
	}
	return v
}

// lookClauses sets the clauses of a text that the page does not have yet. The
// hash of a clause is that of all that its HTML depends on.
func (s *Server) lookClauses(c echo.Context, doc *editor.Document, have []string) ([]lookHTML, error) {
	held := make(map[string]bool, len(have))
	for _, h := range have {
		held[h] = true
	}
	numbers := doc.Numbers()
	page, err := s.page(lang(c), "draft.html")
	if err != nil {
		return nil, err
	}
	r := editor.NewRenderer(doc, editor.RenderOptions{})
	var out []lookHTML
	var set func(cs []*editor.Clause, level int) error
	set = func(cs []*editor.Clause, level int) error {
		for _, k := range cs {
			one := lookHTML{ID: k.ID, Hash: lookHash(k, level, numbers), Line: k.Line, Level: min(level, 6), Kind: string(k.Kind)}
			if !held[one.Hash] {
				v := viewOf(k, level)
				v.Body = template.HTML(r.Text(k)) // safe: the editor lets no HTML of the text through
				var b strings.Builder
				if err := page.ExecuteTemplate(&b, "draft-clause", v); err != nil {
					return fmt.Errorf("look: %w", err)
				}
				html := b.String()
				one.HTML = &html
			}
			out = append(out, one)
			if err := set(k.Clauses, level+1); err != nil {
				return err
			}
		}
		return nil
	}
	return out, set(doc.Clauses, 2)
}

var referredTo = regexp.MustCompile(`\]\(#([^)\s]+)\)`)

func lookHash(k *editor.Clause, level int, numbers map[string]string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%d\x00%s\x00%s\x00%s\x00%t\x00%+v\x00%s", k.Kind, level, k.Number, k.Title, k.English, k.Informative, k.Before, k.Text)
	for _, m := range referredTo.FindAllStringSubmatch(k.Text, -1) {
		fmt.Fprintf(h, "\x00%s", numbers[m[1]])
	}
	return hex.EncodeToString(h.Sum(nil)[:10])
}

var writtenID = regexp.MustCompile(`\{#([^\s}]+)`)

// outlineOf lists the clauses of a text, what can be referred to, and its terms.
func outlineOf(doc *editor.Document, at *places, source string) (outline []lookClause, targets []lookTarget, terms []lookTerm) {
	written := map[string]bool{}
	for _, m := range writtenID.FindAllStringSubmatch(source, -1) {
		written[m[1]] = true
	}
	outline, targets, terms = []lookClause{}, []lookTarget{}, []lookTerm{}
	var list func(cs []*editor.Clause, level int)
	list = func(cs []*editor.Clause, level int) {
		for _, k := range cs {
			o := lookClause{ID: k.ID, Number: k.Number, Title: cmp.Or(k.Title, unnamed[k.Kind]), Level: level}
			if k.Line > 0 && k.Line <= len(at.lines) {
				o.From = at.utf16(at.lines[k.Line-1])
				o.Heading = strings.HasPrefix(source[at.lines[k.Line-1]:], "#")
			}
			outline = append(outline, o)
			targets = append(targets, lookTarget{k.ID, k.Number, o.Title, k.Line, written[k.ID]})
			for _, b := range k.Blocks() {
				if b.ID != "" && b.Number != "" {
					targets = append(targets, lookTarget{ID: b.ID, Number: b.Number, Title: b.Title, Written: written[b.ID]})
				}
			}
			if k.Kind == editor.Term && k.Title != "" {
				terms = append(terms, lookTerm{k.Title, k.Number})
			}
			list(k.Clauses, level+1)
		}
	}
	list(doc.Clauses, 1)
	return outline, targets, terms
}

// places turns bytes of a text into UTF-16 code units, in time that does not
// grow with the text.
type places struct {
	text  string
	lines []int // byte at which each line begins
	marks []int // UTF-16 code units before every placeStep'th byte, or the character that holds it
}

const placeStep = 512

func newPlaces(text string) *places {
	p := &places{text: text, lines: []int{0}, marks: make([]int, 0, len(text)/placeStep+2)}
	units := 0
	for i, r := range text {
		for len(p.marks)*placeStep <= i {
			p.marks = append(p.marks, units)
		}
		units += utf16Len(r)
		if r == '\n' {
			p.lines = append(p.lines, i+1)
		}
	}
	p.marks = append(p.marks, units)
	return p
}

func utf16Len(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

// utf16 is the place of a byte; beyond the text it is its end.
func (p *places) utf16(at int) int {
	at = min(max(at, 0), len(p.text))
	m := min(at/placeStep, len(p.marks)-1)
	i := m * placeStep
	for i < len(p.text) && i > 0 && !utf8.RuneStart(p.text[i]) {
		i++ // the mark counts what stands before the character that begins here
	}
	if i > at {
		i = at
	}
	units := p.marks[m]
	for _, r := range p.text[min(i, len(p.text)):at] {
		units += utf16Len(r)
	}
	return units
}

// end is the byte at which a line ends, without its line feed.
func (p *places) end(line int) int {
	if line < len(p.lines) {
		return p.lines[line] - 1
	}
	return len(p.text)
}

// numbersHeld lists the numbers of standards that the registry holds and that
// begin as asked, whatever the spaces and dashes: for completion.
func (s *Server) numbersHeld(c echo.Context) error {
	type held struct {
		Number string `json:"number"`
		Title  string `json:"title"`
		Status string `json:"status,omitempty"`
	}
	asked := plainNumber(c.QueryParam("q"))
	out := []held{}
	list, _, err := s.reg.Standards(registry.Filter{}, 0, 1<<20)
	if err != nil {
		return err
	}
	for _, std := range list {
		for _, n := range std.Header.Numbers {
			if asked != "" && strings.HasPrefix(plainNumber(n), asked) {
				h := held{Number: n, Title: std.Header.Title}
				if std.Header.Status != "" {
					h.Status = s.say(c, "status."+std.Header.Status)
				}
				out = append(out, h)
			}
		}
	}
	slices.SortFunc(out, func(a, b held) int { return cmp.Compare(a.Number, b.Number) })
	out = out[:min(len(out), 30)]
	return c.JSON(http.StatusOK, map[string]any{"numbers": out})
}

var numberPlain = strings.NewReplacer(" ", "", "\u00a0", "", "　", "", "—", "-", "–", "-", "－", "-")

func plainNumber(n string) string { return strings.ToUpper(numberPlain.Replace(n)) }
