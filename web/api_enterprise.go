package web

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
	"tongbiao/schemas"
)

// apiBinding are the clauses that bind whom a profile describes.
type apiBinding struct {
	apiPart[boundJSON]
	Texts int `json:"texts"` // that were looked at
}

func (s *Server) apiApplicable(c echo.Context) (any, error) {
	w, err := windowOf(c, 100, 500)
	if err != nil {
		return nil, err
	}
	at, err := w.offset()
	if err != nil {
		return nil, err
	}
	found, err := s.reg.Applicable(s.actor(c), registry.ReadProfile(c.QueryParams()))
	if err != nil {
		return nil, err
	}
	all, _ := applicableJSON(found)["clauses"].([]boundJSON)
	at = min(at, len(all))
	return apiBinding{counted(w, at, len(all), all[at:min(at+w.limit, len(all))]), found.Texts}, nil
}

// apiCheck is 查新 of a few numbers; a long list comes by POST.
func (s *Server) apiCheck(c echo.Context) (any, error) {
	return s.checked(c.QueryParams()["number"], c.QueryParam("on"))
}

func (s *Server) checked(numbers []string, on string) (any, error) {
	if len(numbers) == 0 {
		return nil, invalid("number", "请给出标准号。 Name standard numbers.")
	}
	found, err := s.reg.Inquire(numbers, on)
	return whole(found, func(l registry.InquiryLine) registry.InquiryLine { return l }), err
}

// apiCheckList is 查新 of a list: {"numbers": […], "on": "2024-06-30"}.
func (s *Server) apiCheckList(c echo.Context) (any, error) {
	if kind, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType)); kind != echo.MIMEApplicationJSON {
		return nil, echo.NewHTTPError(http.StatusUnsupportedMediaType, "请发送 application/json。 Send application/json.")
	}
	var asked struct {
		Numbers []string `json:"numbers"`
		On      string   `json:"on"`
	}
	read := json.NewDecoder(c.Request().Body)
	read.DisallowUnknownFields()
	var tooLarge *http.MaxBytesError
	if err := read.Decode(&asked); errors.As(err, &tooLarge) {
		return nil, err
	} else if err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest, "JSON 读不懂："+err.Error()+"。 The JSON cannot be read.")
	}
	if _, err := read.Token(); !errors.Is(err, io.EOF) {
		return nil, echo.NewHTTPError(http.StatusBadRequest, "JSON 后面还有别的。 Something follows the JSON.")
	}
	if len(asked.Numbers) > registry.MaxInquiry {
		return nil, invalid("numbers", "一次最多 %d 个。 At most %d at once.", registry.MaxInquiry, registry.MaxInquiry)
	}
	return s.checked(asked.Numbers, asked.On)
}

// apiIndex says where to begin.
func (s *Server) apiIndex(c echo.Context) (any, error) {
	return map[string]string{
		"description": apiBase + "/openapi.yaml", "documentation": "/api", "search": apiBase + "/search", "standards": apiBase + "/standards", "compare": apiBase + "/compare",
		"projects": apiBase + "/projects", "consultations": apiBase + "/consultations", "events": apiBase + "/events", "applicable": apiBase + "/applicable", "check": apiBase + "/check",
	}, nil
}

// openAPI serves the description of the API.
func (s *Server) openAPI(c echo.Context) error {
	return s.tagged(c, "application/yaml; charset=utf-8", schemas.OpenAPI)
}

// apiPageOf explains the API to people.
type apiPageOf struct {
	Frame
	Routes   []apiRoute
	Problems []problemLine
	Site     string
}

// Method, Path and Params are what the page shows of an address.
func (a apiRoute) Method() string   { return a.method }
func (a apiRoute) Path() string     { return a.path }
func (a apiRoute) Params() []string { return a.params }

type problemLine struct {
	Status int
	problem
}

// apiShown is filled beside apiTable: a page that named the table itself would
// stand in a circle with it.
var apiShown []apiRoute

func init() { apiShown = apiTable }

func (s *Server) apiPage(c echo.Context) error {
	p := apiPageOf{Frame: s.frame(c, s.say(c, "api.title")), Routes: apiShown, Site: s.home0(c)}
	for status := 400; status < 600; status++ {
		if k, ok := problems[status]; ok {
			p.Problems = append(p.Problems, problemLine{status, k})
		}
	}
	return s.render(c, http.StatusOK, "api.html", p)
}
