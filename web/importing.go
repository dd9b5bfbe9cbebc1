package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// maxFiles bounds one import by the browser; the command line takes more.
const maxFiles = 100

// importPage takes texts from outside: first what would be read, then, on
// confirming, what was.
type importPage struct {
	Frame
	Region, Kind string
	Kinds        []string
	Report       []importedText
	Texts        []registry.Incoming // to be confirmed
	Done         bool
	Kept         int
	Failed       int
	MaxFiles     int
	Problem      string
}

// importedText is what became of one file.
type importedText struct {
	registry.Imported
	Line   int // of the fault; 0 when unknown
	Reason string
}

func (s *Server) importForm(c echo.Context) error {
	return s.showImport(c, http.StatusOK, importPage{})
}

func (s *Server) showImport(c echo.Context, status int, p importPage) error {
	p.Frame = s.frame(c, s.say(c, "nav.import"))
	p.Kinds, p.MaxFiles = kinds, maxFiles
	return s.render(c, status, "import.html", p)
}

// importTexts previews what was uploaded and keeps nothing, or imports it. The
// preview's page carries the texts, so that exactly what was seen is kept.
func (s *Server) importTexts(c echo.Context) error {
	form, err := c.MultipartForm()
	if err != nil {
		if errors.Is(err, http.ErrNotMultipart) {
			return s.showImport(c, http.StatusUnprocessableEntity, importPage{Problem: s.say(c, "import.none")})
		}
		return err
	}
	p := importPage{Region: c.FormValue("region"), Kind: c.FormValue("kind")}
	texts, err := s.uploaded(c, form)
	if err != nil {
		if reason, ok := refused(err); ok {
			p.Problem = reason
			return s.showImport(c, http.StatusUnprocessableEntity, p)
		}
		return err
	}
	for i := range texts {
		texts[i].Region, texts[i].Kind = p.Region, p.Kind
	}
	if c.FormValue("do") != "import" {
		p.Report, p.Texts = report(registry.Preview(texts)), texts
		p.count()
		return s.showImport(c, http.StatusOK, p)
	}
	list, err := s.reg.Import(s.actor(c), texts)
	if err != nil {
		return err
	}
	p.Report, p.Done = report(list), true
	p.count()
	return s.showImport(c, http.StatusOK, p)
}

// uploaded reads the texts of a form: files, or what a preview carried.
func (s *Server) uploaded(c echo.Context, form *multipart.Form) ([]registry.Incoming, error) {
	var out []registry.Incoming
	paths, sources := form.Value["path"], form.Value["source"]
	for i := range min(len(paths), len(sources)) {
		out = append(out, registry.Incoming{Path: paths[i], Source: []byte(lines(sources[i]))})
	}
	for _, f := range form.File["files"] {
		if f.Filename == "" && f.Size == 0 {
			continue
		}
		if len(out) == maxFiles {
			break
		}
		body, err := readUpload(f)
		if err != nil {
			return nil, fmt.Errorf("read upload %s: %w", f.Filename, err)
		}
		out = append(out, registry.Incoming{Path: f.Filename, Source: body})
	}
	if len(out) == 0 || len(form.File["files"]) > maxFiles {
		return nil, &registry.Refusal{Kind: registry.Invalid, Field: "files", Reason: s.say(c, "import.none")}
	}
	return out, nil
}

// readUpload reads one file, one byte more than a text may have at most, so
// that a longer one is refused as such.
func readUpload(f *multipart.FileHeader) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, editor.MaxBytes+1))
}

func report(list []registry.Imported) []importedText {
	var out []importedText
	for _, one := range list {
		r := importedText{Imported: one}
		if one.Err != nil {
			r.Reason = one.Err.Error()
			var at *editor.SyntaxError
			if errors.As(one.Err, &at) {
				r.Line, r.Reason = at.Line, at.Message
			}
		}
		out = append(out, r)
	}
	return out
}

func (p *importPage) count() {
	for _, r := range p.Report {
		switch {
		case r.Err != nil:
			p.Failed++
		case !r.Unchanged:
			p.Kept++
		}
	}
}
