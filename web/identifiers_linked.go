package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// linked is what a standard's page says to machines: a dcterms:Standard, and for
// laws and regulations a schema:Legislation as well (JSON-LD 1.1). It is data
// that no browser executes; < > & are escaped, so that nothing in it ends it.
func (s *Server) linked(c echo.Context, v registry.Revision) (template.JS, error) {
	h := v.Header
	of := map[string]any{
		"@context": map[string]any{"dcterms": "http://purl.org/dc/terms/", "schema": "https://schema.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"},
		"@id":      s.permanent(c, v.Standard, ""), "@type": "dcterms:Standard",
		"dcterms:title": map[string]string{"@value": h.Title, "@language": "zh-CN"}, "dcterms:language": "zh-CN",
		"dcterms:hasVersion": map[string]string{"@id": s.home0(c) + placeOf(v.Ref())},
	}
	put := func(key string, value any, there bool) {
		if there {
			of[key] = value
		}
	}
	day := func(d string) any { return map[string]string{"@value": d, "@type": "xsd:date"} }
	put("dcterms:identifier", h.Numbers, len(h.Numbers) > 0)
	put("dcterms:alternative", map[string]string{"@value": h.English, "@language": "en"}, h.English != "")
	put("dcterms:publisher", h.Issuer, h.Issuer != "")
	put("dcterms:issued", day(h.Published), h.Published != "")
	put("dcterms:available", day(h.Effective), h.Effective != "")
	put("dcterms:replaces", h.Replaces, len(h.Replaces) > 0)
	var where []string
	for _, r := range h.Regions {
		where = append(where, registry.RegionOf(r).Name)
	}
	put("dcterms:spatial", where, len(where) > 0)
	if h.Convention == editor.Regulation {
		of["@type"] = []string{"dcterms:Standard", "schema:Legislation"}
		of["schema:name"] = h.Title
		put("schema:legislationIdentifier", h.Primary(), h.Primary() != "")
		put("schema:legislationDate", day(h.Published), h.Published != "")
		put("schema:legislationLegalForce", map[string]string{"@id": "schema:" + map[bool]string{true: "InForce", false: "NotInForce"}[h.Status == "in-force"]}, h.Status != "")
		put("schema:legislationPassedBy", h.Issuer, h.Issuer != "")
	}
	raw, err := json.Marshal(of) // escapes < > &
	return template.JS(raw), err
}

// linkedPart is the element that a page bears. The template engine would take the
// block for a script of its own kind.
func linkedPart(raw template.JS) template.HTML {
	return template.HTML(`<script type="application/ld+json">` + string(raw) + `</script>`) // safe: json.Marshal escapes < > &
}

// sitemapMost bounds the addresses of one map, by its protocol.
const sitemapMost = 50_000

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

type sitemapSet struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapIndex struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Maps    []sitemapURL `xml:"sitemap"`
}

// sitemapOf lists what is worth finding: the texts, the projects, the
// consultations, in an order that does not depend on time.
func (s *Server) sitemapOf(c echo.Context) (out []sitemapURL, err error) {
	site := s.home0(c)
	for _, p := range []string{"/", "/standards", "/projects", "/consultations", "/check", "/api"} {
		out = append(out, sitemapURL{Loc: site + p})
	}
	all, _, err := s.reg.Standards(registry.Filter{}, 0, 1<<30)
	if err != nil {
		return nil, err
	}
	for _, k := range all {
		out = append(out, sitemapURL{Loc: site + "/standards/" + k.ID})
	}
	projects, err := s.reg.Projects()
	for _, p := range projects {
		out = append(out, sitemapURL{Loc: site + "/projects/" + p.ID})
	}
	return out, err
}

func (s *Server) sitemap(c echo.Context) error {
	all, err := s.sitemapOf(c)
	if err != nil {
		return err
	}
	if len(all) <= s.mapMost {
		return s.xml(c, sitemapSet{URLs: all})
	}
	var parts []sitemapURL
	for i := 0; i*s.mapMost < len(all); i++ {
		parts = append(parts, sitemapURL{Loc: fmt.Sprintf("%s/sitemaps/%d.xml", s.home0(c), i+1)})
	}
	return s.xml(c, sitemapIndex{Maps: parts})
}

func (s *Server) sitemapPart(c echo.Context) error {
	all, err := s.sitemapOf(c)
	if err != nil {
		return err
	}
	number, isXML := strings.CutSuffix(c.Param("part"), ".xml")
	n, err := strconv.Atoi(number)
	if err != nil || !isXML || n < 1 || n > (len(all)+s.mapMost-1)/s.mapMost {
		return echo.ErrNotFound
	}
	return s.xml(c, sitemapSet{URLs: all[(n-1)*s.mapMost : min(n*s.mapMost, len(all))]})
}

func (s *Server) xml(c echo.Context, v any) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	return s.tagged(c, "application/xml; charset=utf-8", b.Bytes())
}

// robots asks search engines to leave alone what is private, costly or endless.
func (s *Server) robots(c echo.Context) error {
	rules := "User-agent: *\nDisallow: /search?\nDisallow: /compare?\nDisallow: /applicable?\nDisallow: /check?\nDisallow: /events\nDisallow: /sign-in\nDisallow: /consultations/receipts/\nDisallow: /feeds/\nDisallow: /api/v1/\n\nSitemap: " + s.home0(c) + "/sitemap.xml\n"
	if s.opt.Demo {
		rules = "User-agent: *\nDisallow: /\n" // its texts are not real
	}
	c.Response().Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(int(time.Hour/time.Second)))
	return c.Blob(http.StatusOK, "text/plain; charset=utf-8", []byte(rules))
}
