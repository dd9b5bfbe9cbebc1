package web

import (
	"encoding/xml"
	"net/http"

	"github.com/labstack/echo/v4"
)

// atomFeed and its entries are RFC 4287.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Author  atomPerson  `xml:"author"`
	Entries []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Link    atomLink   `xml:"link"`
	Author  atomPerson `xml:"author"`
	Summary string     `xml:"summary,omitempty"`
	Content *atomText  `xml:"content,omitempty"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

// atomText is HTML, escaped as RFC 4287, 3.1.1.2 asks for.
type atomText struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

// writeAtom answers with a feed.
func writeAtom(c echo.Context, feed atomFeed) error {
	raw, err := xml.MarshalIndent(feed, "", " ")
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, max-age=60")
	return c.Blob(http.StatusOK, "application/atom+xml; charset=utf-8", append([]byte(xml.Header), raw...))
}
