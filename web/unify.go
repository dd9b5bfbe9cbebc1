package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// The unified clause's editor: a text that two people change at once, and the
// sentences that are taken into it from the cells.

// unifyRow keeps a unified clause, takes a sentence into the text that is being
// written (nothing is kept then), or keeps what was chosen where two people
// changed the same words.
func (s *Server) unifyRow(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	if value := c.FormValue("take"); value != "" {
		return s.takeSentence(c, value)
	}
	if c.FormValue("pieces") != "" {
		form.Set("text", chosen(form))
		form.Set("title", chosenTitle(form))
	}
	edit := registry.UnifiedEdit{
		Title: c.FormValue("title"), Text: form.Get("text"), Base: c.FormValue("base"), Version: version(c), Taken: takenIn(form["taken"]),
	}
	_, met, err := s.reg.EditUnified(s.actor(c), project, row, edit)
	var refusal *registry.Refusal
	if met != nil && errors.As(err, &refusal) && refusal.Kind == registry.Conflict {
		return s.showRow(c, http.StatusConflict, rowForm{Name: "unify", Problem: refusal.Reason, Field: refusal.Field, Conflict: true, met: met, typed: c.FormValue})
	}
	done := "done.unify"
	if met != nil {
		done = "done.unify.woven"
	}
	return s.acted(c, "unify", err, rowURL(project, row)+"#unified", done)
}

// takeSentence shows the form with one sentence more.
func (s *Server) takeSentence(c echo.Context, value string) error {
	now, err := s.view(c.Param("project"))
	if err != nil {
		return err
	}
	at := now.rowAt(c.Param("row"))
	if at < 0 {
		return s.showRow(c, http.StatusOK, rowForm{})
	}
	for _, k := range takesOf(now.ProjectView, now.Rows[at].Row) {
		if k.Value == value {
			form := c.Request().Form
			form["taken"] = append(form["taken"], value)
			form.Set("text", appended(lines(c.FormValue("text")), k.Text))
			return s.showRow(c, http.StatusOK, rowForm{Name: "unify", taking: true, typed: c.FormValue})
		}
	}
	err = &registry.Refusal{Kind: registry.Conflict, Field: "text", Reason: "这句话已不在本条目里：请看过现在的条目再取。 The sentence is no longer in this row: look at it again first."}
	return s.acted(c, "unify", err, "", "")
}

// appended puts a sentence after a text: items of lists stand on lines of their
// own, sentences follow each other.
func appended(text, sentence string) string {
	text = strings.TrimRight(text, " \t\n")
	switch {
	case text == "":
		return sentence
	case strings.HasPrefix(sentence, "- "), strings.HasPrefix(sentence, "|"):
		return text + "\n" + sentence
	}
	return text + sentence
}

// take is a sentence of a cell that can be taken into the unified clause.
type take struct {
	Column, Label, Class, Name string
	Value                      string // as a form carries it
	Text                       string
	Held                       bool // the text says it already
}

// takesShown bounds the sentences that are offered.
const takesShown = 80

func takesOf(v registry.ProjectView, row registry.Row) (out []take) {
	for i, col := range v.Columns {
		for _, at := range row.Cells[col.Key] {
			for n, text := range compare.Sentences(v.StartFrom(i, []editor.Passage{at})) {
				if len(out) == takesShown {
					return out
				}
				out = append(out, take{col.Key, col.Label, classOf(col), v.PassageName(i, at), fmt.Sprintf("%s %s %d", col.Key, passageValue(at), n), text, false})
			}
		}
	}
	return out
}

// takenIn reads the sentences that were taken as a form carries them; what is
// none is left out.
func takenIn(values []string) (out []registry.Taken) {
	for _, value := range values {
		part := strings.Fields(value)
		if len(part) != 3 || len(out) == takesShown {
			continue
		}
		at, ok := parsePassage(part[1])
		n, err := strconv.Atoi(part[2])
		if ok && err == nil {
			out = append(out, registry.Taken{Column: part[0], Passage: at, Sentence: n})
		}
	}
	return out
}

// meetView is a text in which two people have changed the same words.
type meetView struct {
	By     string // Member.ID of the other
	With   string // of whose change is in the other's text too
	Time   time.Time
	Gone   bool // the other has taken the clause away
	Title  meetPiece
	Pieces []meetPiece
	Open   int // between which one has to choose
}

// meetPiece is a stretch of it.
type meetPiece struct {
	N                  int
	Side               compare.Side
	Gap, Text          string
	Base, Mine, Theirs string
	MineMarked         template.HTML // against the base
	TheirsMarked       template.HTML
	Clash              bool
}

func meetOf(e *registry.Encounter) *meetView {
	v := &meetView{By: e.Theirs.By, With: e.Theirs.With, Time: e.Theirs.Time, Gone: e.Theirs.Hash == "", Title: pieceOf(-1, e.Title)}
	for _, p := range e.Text {
		one := pieceOf(len(v.Pieces), p)
		if one.Clash {
			v.Open++
		} else if n := len(v.Pieces); n > 0 && v.Pieces[n-1].Side == one.Side {
			v.Pieces[n-1].Text += one.Gap + one.Text
			continue
		}
		v.Pieces = append(v.Pieces, one)
	}
	return v
}

func pieceOf(n int, p compare.Piece) meetPiece {
	return meetPiece{N: n, Side: p.Side, Gap: p.Gap, Text: p.Text, Base: p.Base, Mine: p.Mine, Theirs: p.Theirs,
		Clash: p.Side == compare.Clash, MineMarked: markChange(p.Base, p.Mine), TheirsMarked: markChange(p.Base, p.Theirs)}
}

// mostPieces bounds the pieces of a form.
const mostPieces = 5000

// chosen puts together what a form of pieces holds.
func chosen(form url.Values) string {
	var pieces []compare.Piece
	n, _ := strconv.Atoi(form.Get("pieces"))
	for i := range min(n, mostPieces) {
		at := strconv.Itoa(i)
		pieces = append(pieces, compare.Piece{Gap: lines(form.Get("gap." + at)), Text: pick(form, at)})
	}
	return compare.WovenText(pieces, nil)
}

// pick is what stands for one piece.
func pick(form url.Values, at string) string {
	mine, theirs := lines(form.Get("mine."+at)), lines(form.Get("theirs."+at))
	switch form.Get("pick." + at) {
	case "mine":
		return mine
	case "theirs":
		return theirs
	case "both":
		return appended(theirs, mine)
	}
	return strings.TrimSpace(lines(form.Get("text." + at)))
}

func chosenTitle(form url.Values) string {
	if form.Get("pick.title") == "theirs" {
		return form.Get("theirs.title")
	}
	return form.Get("title")
}

// wovenView says what somebody else had changed when a text was kept.
type wovenView struct {
	With    string
	Changed template.HTML
}

// whyView is how a sentence came to stand where it stands.
type whyView struct {
	Steps    []whyStep // newest first
	Said     []whySaid
	Comments []thread
}

// whyStep is one wording of a sentence.
type whyStep struct {
	By      string
	Time    time.Time
	Event   uint64
	Marked  template.HTML // against the wording before
	Written bool          // no earlier wording is known
}

// whySaid is a position that was taken on a text with this sentence in it.
type whySaid struct {
	registry.Position
	Current bool
}

// whyVersions bounds the versions that are looked through, whySentences the
// sentences that are asked about.
const (
	whyVersions  = 40
	whySentences = 60
)

// explain fills in why each sentence of the unified clause is there.
func (s *Server) explain(p *rowPage, row registry.RowView) error {
	if row.Unified == nil {
		return nil
	}
	versions, err := s.reg.UnifiedVersions(row.Project, row.ID)
	if err != nil {
		return err
	}
	versions = versions[max(0, len(versions)-whyVersions):]
	p.Woven = wovenOf(versions, row.Unified)
	for i := range p.Sources[:min(len(p.Sources), whySentences)] {
		said := p.Sources[i].Sentence
		why := whyView{Steps: stepsOf(versions, said)}
		for _, pos := range slices.Backward(row.Positions) {
			if stoodIn(versions, pos.Hash, said) {
				why.Said = append(why.Said, whySaid{pos, pos.Hash == row.Unified.Hash})
			}
		}
		for _, m := range p.Threads {
			if q := strings.TrimSpace(m.Quote); q != "" && (strings.Contains(said, q) || strings.Contains(q, said)) {
				why.Comments = append(why.Comments, m)
			}
		}
		p.Sources[i].Why = why
	}
	return nil
}

func wovenOf(versions []registry.UnifiedVersion, u *registry.Unified) *wovenView {
	n := len(versions) - 1
	if u.With == "" || n < 1 || versions[n].Base == "" || versions[n].Unified == nil || versions[n].Unified.Hash != u.Hash || versions[n-1].Unified == nil {
		return nil
	}
	base := ""
	for _, v := range versions {
		if v.Unified != nil && v.Unified.Hash == versions[n].Base {
			base = v.Unified.Text
		}
	}
	return &wovenView{u.With, markChange(base, versions[n-1].Unified.Text)}
}

// stoodIn tells whether a version had this sentence.
func stoodIn(versions []registry.UnifiedVersion, hash, sentence string) bool {
	for _, v := range versions {
		if v.Unified != nil && v.Unified.Hash == hash {
			return slices.ContainsFunc(v.Unified.Sources, func(s registry.SentenceSource) bool { return s.Sentence == sentence })
		}
	}
	return false
}

// stepsOf follows a sentence back through the versions: each wording that it
// had, and who made it so.
func stepsOf(versions []registry.UnifiedVersion, sentence string) (out []whyStep) {
	now := sentence
	for i := len(versions) - 1; i >= 0; i-- {
		before := ""
		if i > 0 && versions[i-1].Unified != nil {
			before = wordingIn(versions[i-1].Unified, now)
		}
		if versions[i].Unified == nil || before == now {
			continue
		}
		e := versions[i].Event
		step := whyStep{By: e.Actor, Time: e.Time, Event: e.Seq, Marked: markChange(before, now), Written: before == ""}
		out = append(out, step)
		if before == "" {
			break
		}
		now = before
	}
	return out
}

// wordingIn is the sentence of a version that a sentence stood as or was made
// of; "" when there is none.
func wordingIn(u *registry.Unified, sentence string) string {
	var from []compare.Candidate
	for n, s := range u.Sources {
		if s.Sentence == sentence {
			return sentence
		}
		from = append(from, compare.Candidate{Key: n, Text: s.Sentence})
	}
	if o := compare.Origins(sentence, from); len(o) > 0 && o[0].Key >= 0 {
		return o[0].Original
	}
	return ""
}
