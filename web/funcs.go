package web

import (
	"html/template"
	"strings"
	"time"

	"tongbiao/registry"
)

// beijing is the time zone of all four regions.
var beijing = time.FixedZone("CST", 8*3600)

// funcs are what templates of one language can call.
func (s *Server) funcs(lang string) template.FuncMap {
	return template.FuncMap{
		// t is a text of the catalogue: {{t "search.total" .Total}}
		"t": func(key string, args ...any) string { return s.words.say(lang, key, args...) },
		// date and stamp show a moment by the day and by the minute.
		"date":  func(t time.Time) string { return t.In(beijing).Format("2006-01-02") },
		"stamp": func(t time.Time) string { return t.In(beijing).Format("2006-01-02 15:04") },
		"iso":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		// region is the region of a code: {{with region .Region}}{{.Short}}{{end}}
		"region": func(code string) regionView { return regionOf(lang, code) },
		// regions are the four, in order.
		"regions": func() []regionView {
			var out []regionView
			for _, r := range registry.Regions {
				out = append(out, regionOf(lang, r.Code))
			}
			return out
		},
		"asset": s.assets.url,
		"join":  strings.Join,
		// person is a member's name.
		"person": func(id string) string { return s.person(lang, id) },
		"bar":    barOf,
		"list":   func(v ...any) []any { return v },
	}
}

// regionView is a region as a page shows it.
type regionView struct {
	Code  string
	Short string // 沪
	Name  string // 上海市, or Shanghai
	Class string // "r31": its colour in tongbiao.css
}

func regionOf(lang, code string) regionView {
	r := registry.RegionOf(code)
	v := regionView{Code: r.Code, Short: r.Short, Name: r.Name, Class: "r" + r.Code}
	if code == "" {
		v.Class = "r00"
	}
	if lang == "en" {
		v.Name = r.English
	}
	return v
}

// person is the name of a member, for bylines; the ID of one that is not
// there.
func (s *Server) person(lang, id string) string {
	if id == registry.System.ID {
		return s.words.say(lang, "person.system")
	}
	if m, err := s.reg.Member(id); err == nil && m.Name != "" {
		return m.Name
	}
	return id
}

// barPart is one part of a bar: what it counts, where it begins and how long it
// is, in thousandths.
type barPart struct {
	State    registry.State
	Count    int
	From, At int
}

// bar is a project's rows by state, for the strip that shows how far it is.
type bar struct {
	Parts []barPart
	Total int
}

func barOf(counts map[registry.State]int) bar {
	var b bar
	for _, st := range registry.States {
		b.Total += counts[st]
	}
	at := 0
	for _, st := range registry.States {
		if n := counts[st]; n > 0 {
			part := barPart{State: st, Count: n, From: at * 1000 / b.Total}
			at += n
			part.At = at*1000/b.Total - part.From
			b.Parts = append(b.Parts, part)
		}
	}
	return b
}
