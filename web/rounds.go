package web

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/convert"
	"tongbiao/registry"
)

func (s *Server) exportCommentsXLSX(c echo.Context) error {
	return s.exportComments(c, "xlsx", xlsxType, convert.Form.WriteXLSX)
}

func (s *Server) exportCommentsDOCX(c echo.Context) error {
	return s.exportComments(c, "docx", docxType, convert.Form.WriteDOCX)
}

func (s *Server) exportCommentsCSV(c echo.Context) error {
	return s.exportComments(c, "csv", csvType, convert.Form.WriteCSV)
}

// exportComments sends the comments on a standard as a form: ?form=gb or iso.
func (s *Server) exportComments(c echo.Context, ext, media string, write func(convert.Form, io.Writer, convert.CommentSheet) error) error {
	id := c.Param("id")
	sheet, err := s.reg.CommentSheet(s.actor(c), id)
	if err != nil {
		return err
	}
	form := convert.FormNamed(c.QueryParam("form"))
	var b bytes.Buffer
	if err := write(form, &b, sheet); err != nil {
		return err
	}
	title := "征求意见汇总处理表"
	if form.Name == convert.ISOForm.Name {
		title = "意见表（ISO 模板）"
	}
	return download(c, id+"-comments-"+form.Name+"."+ext, sheet.Standard+" "+title+"."+ext, media, b.Bytes())
}

// roundPage takes a filled form in: a file first, then what would be done, with
// the columns to be confirmed.
type roundPage struct {
	Frame
	Standard registry.Standard
	Problem  string
	Done     string // what the last import did
	File     string
	Carried  string // the tables that were read, for the next step
	Sheets   []string
	At       int // the sheet that is looked at
	Found    convert.Recognised
	Columns  []roundColumn
	Fields   []convert.Field
	Plan     registry.RoundPlan
	Left     []int // rows that hold no comment
	Answers  bool  // the reader may answer comments
	MaxRows  int
}

// roundColumn is a column of the table with a value that stands in it.
type roundColumn struct {
	Index int
	Head  string
	Field convert.Field
	Like  string
}

// roundFields are what a column may hold, in the order in which they are offered.
var roundFields = []convert.Field{"", convert.FieldNumber, convert.FieldClause, convert.FieldPart, convert.FieldLine, convert.FieldType,
	convert.FieldComment, convert.FieldProposed, convert.FieldBy, convert.FieldDisposition, convert.FieldReason, convert.FieldSaid, convert.FieldID}

func (s *Server) roundForm(c echo.Context) error {
	p := roundPage{}
	var n [3]int
	for i, name := range []string{"new", "answers", "same"} {
		n[i], _ = strconv.Atoi(c.QueryParam(name))
	}
	if c.QueryParam("new") != "" {
		p.Done = s.say(c, "rounds.done", n[0], n[1], n[2])
	}
	return s.showRound(c, http.StatusOK, p)
}

// Of are the rows of a kind.
func (p roundPage) Of(kind string) []registry.RoundRow { return p.Plan.Of(registry.RoundKind(kind)) }

func (s *Server) showRound(c echo.Context, status int, p roundPage) (err error) {
	if p.Standard, err = s.reg.Standard(c.Param("id")); err != nil {
		return err
	}
	p.Frame = s.frame(c, s.say(c, "rounds.title", p.Standard.Header.Title))
	p.Styles = []string{"rounds.css"}
	p.Fields, p.MaxRows = roundFields, registry.MaxCommentsAtOnce
	p.Answers = registry.May(s.actor(c), registry.Dispose) == nil
	return s.render(c, status, "rounds.html", p)
}

// importRound reads a file and shows what would be done (do=read), shows it
// again with other columns (do=look), or does it (do=apply). The page carries
// the tables, so that what was seen is what is done.
func (s *Server) importRound(c echo.Context) error {
	form, err := c.MultipartForm()
	if err != nil {
		if errors.Is(err, http.ErrNotMultipart) {
			return s.showRound(c, http.StatusUnprocessableEntity, roundPage{Problem: s.say(c, "rounds.none")})
		}
		return err
	}
	p := roundPage{}
	sheets, err := s.roundSheets(c, form, &p)
	if err == nil {
		err = s.planRound(c, sheets, &p)
	}
	if reason, ok := roundRefused(err); ok {
		p.Problem = reason
		return s.showRound(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	if c.FormValue("do") != "apply" {
		return s.showRound(c, http.StatusOK, p)
	}
	rows, _ := p.Found.CommentRows(sheets[p.At])
	choices := map[int]registry.RoundChoice{}
	for _, row := range rows {
		choices[row.At] = registry.RoundChoice(c.FormValue("row-" + strconv.Itoa(row.At)))
	}
	done, err := s.reg.ImportRound(s.actor(c), c.Param("id"), p.File, rows, choices)
	if reason, ok := refused(err, registry.Invalid, registry.NotFound); ok {
		p.Problem = reason
		return s.showRound(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	to := fmt.Sprintf("/standards/%s/comments/import?new=%d&answers=%d&same=%d", url.PathEscape(c.Param("id")),
		len(done.Of(registry.RoundNew)), len(done.Of(registry.RoundAnswer)), len(done.Of(registry.RoundSame)))
	return s.see(c, to, "")
}

// roundRefused is the reason of whoever refused: the reader or the registry.
func roundRefused(err error) (string, bool) {
	var u *convert.Unreadable
	if errors.As(err, &u) {
		return u.Reason, true
	}
	return refused(err, registry.Invalid)
}

// roundSheets are the tables of the file, or those that the page carried.
func (s *Server) roundSheets(c echo.Context, form *multipart.Form, p *roundPage) ([]convert.Sheet, error) {
	if p.File, p.Carried = c.FormValue("name"), c.FormValue("carried"); p.Carried != "" {
		return unpackSheets(p.Carried)
	}
	files := form.File["file"]
	if len(files) != 1 || files[0].Size == 0 {
		return nil, &registry.Refusal{Kind: registry.Invalid, Field: "file", Reason: s.say(c, "rounds.none")}
	}
	p.File = files[0].Filename
	r, err := files[0].Open()
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, convert.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	sheets, err := convert.ReadTables(data)
	if err != nil {
		return nil, err
	}
	p.Carried, err = packSheets(sheets)
	return sheets, err
}

// planRound fills in what the page shows of the chosen table.
func (s *Server) planRound(c echo.Context, sheets []convert.Sheet, p *roundPage) (err error) {
	at, found, ok := convert.Recognise(sheets)
	if n, err := strconv.Atoi(c.FormValue("sheet")); err == nil && n >= 0 && n < len(sheets) {
		if n != at {
			found = convert.RecogniseSheet(sheets[n], sheets)
		}
		at, ok = n, true
	}
	for _, sheet := range sheets {
		p.Sheets = append(p.Sheets, sheet.Name)
	}
	if !ok {
		return &registry.Refusal{Kind: registry.Invalid, Field: "file", Reason: s.say(c, "rounds.unknown")}
	}
	columns(c, &found)
	p.At, p.Found = at, found
	rows, left := found.CommentRows(sheets[at])
	p.Left = left
	for i, f := range found.Columns {
		col := roundColumn{Index: i, Field: f}
		if i < len(found.Heads) {
			col.Head = found.Heads[i]
		}
		for _, row := range sheets[at].Rows[min(found.Data, len(sheets[at].Rows)):] {
			if i < len(row) && row[i] != "" {
				col.Like = shorten(row[i], 30)
				break
			}
		}
		p.Columns = append(p.Columns, col)
	}
	if len(rows) == 0 {
		p.Problem = s.say(c, "rounds.empty")
	}
	p.Plan, err = s.reg.PlanRound(s.actor(c), c.Param("id"), rows)
	return err
}

// columns takes over what the person says that columns hold.
func columns(c echo.Context, found *convert.Recognised) {
	taken := map[convert.Field]bool{}
	for i := range found.Columns {
		said, err := c.FormParams()
		if err != nil || !said.Has("column-"+strconv.Itoa(i)) {
			return
		}
		f := convert.Field(said.Get("column-" + strconv.Itoa(i)))
		if taken[f] {
			f = ""
		}
		found.Columns[i], taken[f] = f, f != ""
	}
}

const maxCarried = 12 << 20 // bytes of the tables that a page carries

// packSheets writes tables for a form's hidden field.
func packSheets(sheets []convert.Sheet) (string, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(sheets); err != nil {
		return "", fmt.Errorf("carry tables: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("carry tables: %w", err)
	}
	if b.Len() > maxCarried {
		return "", &convert.Unreadable{Reason: "表太大：请只留下意见表再上传。 The tables are too big: keep only the table of comments and upload it again."}
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

func unpackSheets(carried string) (sheets []convert.Sheet, err error) {
	damaged := &convert.Unreadable{Reason: "页面带回的表不完整：请重新上传。 The tables that the page carried are not whole: upload the file again."}
	raw, err := base64.StdEncoding.DecodeString(carried)
	if err != nil {
		return nil, damaged
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, damaged
	}
	if err := json.NewDecoder(io.LimitReader(z, 32<<20)).Decode(&sheets); err != nil || len(sheets) == 0 {
		return nil, damaged
	}
	return sheets, convert.CheckTables(sheets)
}
