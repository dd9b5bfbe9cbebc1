package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// figurePolicy shuts a picture that is opened by itself into a box in which
// nothing runs and nothing is loaded.
const figurePolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

var figureKinds = map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}

// figure sends a picture that texts show. Its name says what is in it, so that
// nobody need ask for it twice.
func (s *Server) figure(c echo.Context) error {
	file := c.Param("file")
	h := c.Response().Header()
	etag := `"` + file + `"`
	kind := figureKinds[path.Ext(file)]
	if kind == "" {
		return echo.ErrNotFound
	}
	_, data, err := s.reg.Figure(file)
	if err != nil {
		return err
	}
	h.Set("Content-Security-Policy", figurePolicy)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", etag)
	if c.Request().Header.Get("If-None-Match") == etag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, kind, data)
}

// figuresPage lists the pictures that were sent for a standard, each with the line
// that puts it into the text, and takes more.
type figuresPage struct {
	Frame
	Standard string
	Name     string
	List     []registry.Figure
	Problem  string
}

func (s *Server) figuresOf(c echo.Context) error { return s.showFigures(c, http.StatusOK, "") }

func (s *Server) showFigures(c echo.Context, status int, problem string) error {
	w, err := s.reg.WorkingCopy(s.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	p := figuresPage{Frame: s.frame(c, s.say(c, "figures.title", w.Title)), Standard: w.Standard, Name: w.Title, Problem: problem}
	if p.List, err = s.reg.Figures(w.Standard); err != nil {
		return err
	}
	return s.render(c, status, "figures.html", p)
}

// putFigure keeps a picture for a text that is being drafted: a script is told
// its address, a form is led to the list.
func (s *Server) putFigure(c echo.Context) error {
	scripted := strings.Contains(c.Request().Header.Get("Accept"), "application/json")
	name, data, err := sentFigure(c)
	if err != nil {
		return err
	}
	var f registry.Figure
	if f, err = s.reg.PutFigure(s.actor(c), c.Param("id"), name, data); err == nil {
		if scripted {
			return c.JSON(http.StatusOK, map[string]any{"path": f.Address(), "markdown": f.Markdown(), "gone": f.Gone})
		}
		return s.see(c, "/drafts/"+url.PathEscape(c.Param("id"))+"/figures#f-"+strings.TrimSuffix(f.File, path.Ext(f.File)), "done.figure")
	}
	var r *registry.Refusal
	if errors.As(err, &r) && scripted {
		return c.JSON(statusOf[r.Kind], map[string]string{"reason": r.Reason})
	}
	if reason, ok := refused(err, registry.Invalid, registry.Conflict); ok {
		return s.showFigures(c, http.StatusUnprocessableEntity, reason)
	}
	return err
}

// sentFigure is the file of a form; nothing where the form has none.
func sentFigure(c echo.Context) (name string, data []byte, err error) {
	h, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	r, err := h.Open()
	if err != nil {
		return "", nil, err
	}
	defer r.Close()
	data, err = io.ReadAll(io.LimitReader(r, registry.MaxFigure+1))
	return h.Filename, data, err
}
