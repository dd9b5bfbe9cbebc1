package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/registry"
)

// period is when a text holds: as one region issued it, or as its header says.
// Days are YYYY-MM-DD; one that is not known, or has not come, is "".
type period struct {
	number     string // under which it holds
	published  string
	effective  string
	superseded string
	withdrawn  string
	declared   string // what the header says that it is by now, where no day of its end is known
}

// on is the status on a day; "" before it was published.
func (p period) on(day string) string {
	switch {
	case p.withdrawn != "" && p.withdrawn <= day:
		return "withdrawn"
	case p.superseded != "" && p.superseded <= day:
		return "superseded"
	case p.published > day:
		return ""
	case p.declared != "":
		return p.declared
	case p.effective > day:
		return "published"
	}
	return "in-force"
}

// ends is the day from which it holds no more; "" when none is known.
func (p period) ends() string {
	if p.superseded == "" || p.withdrawn != "" && p.withdrawn < p.superseded {
		return p.withdrawn
	}
	return p.superseded
}

// edition is a text that the index holds, and when it holds.
type edition struct {
	standard  string
	revision  int
	current   bool
	otherwise string // its status where nothing is known of when it holds
	periods   []period
}

var statuses = []string{"in-force", "published", "superseded", "withdrawn"}

// status is the edition's status on a day: in force where it is in one region.
func (e edition) status(day string) string {
	for _, s := range statuses {
		if slices.ContainsFunc(e.periods, func(p period) bool { return p.on(day) == s }) {
			return s
		}
	}
	if len(e.periods) > 0 {
		return "published" // with a day to come
	}
	return e.otherwise
}

// span is the period that says most of a day: the one of the status, the
// earliest of several.
func (e edition) span(day string) (out period) {
	status := e.status(day)
	for _, p := range e.periods {
		if p.on(day) == status && (out.effective == "" || p.effective < out.effective) {
			out = p
		}
	}
	return out
}

// standing is how the edition stands on a day.
func (e edition) standing(day string) standing {
	s := standing{status: e.status(day)}
	if from := e.span(day).effective; len(from) >= len("2006") {
		s.year = from[:len("2006")]
	}
	return s
}

// An edition is kept as one word, as a class is.
func (e edition) key() string {
	current := ""
	if e.current {
		current = "current"
	}
	part := []string{e.standard, fmt.Sprint(e.revision), current, e.otherwise}
	for _, p := range e.periods {
		part = append(part, strings.Join([]string{p.number, p.published, p.effective, p.superseded, p.withdrawn, p.declared}, within))
	}
	return strings.Join(part, between)
}

func readEdition(key string) (e edition) {
	part := strings.Split(key, between)
	if len(part) < 4 {
		return e
	}
	fmt.Sscan(part[1], &e.revision)
	e.standard, e.current, e.otherwise = part[0], part[2] != "", part[3]
	for _, one := range part[4:] {
		if f := strings.Split(one, within); len(f) == 6 {
			e.periods = append(e.periods, period{f[0], f[1], f[2], f[3], f[4], f[5]})
		}
	}
	return e
}

// editionsOf lists the texts of a standard that can be found: the current one,
// and those that were in force once.
func editionsOf(k registry.Record) (out []edition) {
	byRevision := map[int][]period{}
	for _, i := range k.Holding {
		byRevision[i.Revision] = append(byRevision[i.Revision], periodOf(i))
	}
	for _, v := range k.Revisions {
		e := edition{standard: v.Standard, revision: v.Number, current: v.Number == k.Standard.Current, periods: byRevision[v.Number], otherwise: v.Header.Status}
		if len(e.periods) == 0 {
			e.periods = unnumbered(v, k.Revisions)
		}
		if len(e.periods) == 0 && e.current && k.Process.Version > 0 {
			e.otherwise = statusAt(k.Process.Stage, e.otherwise)
		}
		if e.current || len(e.periods) > 0 {
			out = append(out, e)
		}
	}
	return out
}

func periodOf(i registry.Issued) period {
	p := period{number: i.Number, published: i.Published, effective: i.Effective, superseded: i.Superseded.From, withdrawn: i.Withdrawn, declared: i.Declared}
	if p.superseded != "" && p.declared == "superseded" {
		p.declared = "" // the day is known
	}
	return p
}

// editionIn is when a text holds; asked for no day, as it was while it was the
// current one: what came after it in its own standard does not end it then.
func editionIn(v registry.Revision, k registry.Record, on string) edition {
	all := editionsOf(k)
	at := slices.IndexFunc(all, func(e edition) bool { return e.revision == v.Number })
	if on != "" && at >= 0 {
		return all[at]
	}
	e := edition{standard: v.Standard, revision: v.Number, current: true, otherwise: v.Header.Status}
	if on != "" {
		return e // it never held
	}
	for _, i := range k.Holding {
		if i.Revision == v.Number {
			p := periodOf(i)
			if i.Superseded.Standard == v.Standard {
				p.superseded = ""
			}
			e.periods = append(e.periods, p)
		}
	}
	if len(e.periods) == 0 {
		v.Header.Numbers = nil // another text holds under its number
		e.periods = unnumbered(v, nil)
	}
	if len(e.periods) == 0 && k.Process.Version > 0 {
		e.otherwise = statusAt(k.Process.Stage, e.otherwise)
	}
	return e
}

// unnumbered is when a text holds that has dates and no number, as regulations
// have none: until the next of the standard's texts that has a later date.
func unnumbered(v registry.Revision, texts []registry.Revision) []period {
	h := v.Header
	if h.Primary() != "" || h.Published == "" && h.Effective == "" || h.Status == "draft" || h.Status == "consultation" {
		return nil
	}
	from := func(h editor.Header) string { return cmp.Or(h.Effective, h.Published) }
	p := period{published: cmp.Or(h.Published, h.Effective), effective: from(h)}
	for _, later := range texts {
		day := from(later.Header)
		if day > p.effective && (p.superseded == "" || day < p.superseded) && later.Header.Status != "draft" && later.Header.Status != "consultation" {
			p.superseded = day
		}
	}
	if h.Status == "withdrawn" || h.Status == "superseded" && p.superseded == "" {
		p.declared = h.Status
	}
	return []period{p}
}

// statusAt is what the stage of its procedure makes of a text that was not
// issued.
func statusAt(s registry.Stage, header string) string {
	switch s {
	case registry.StageConsultation:
		return "consultation"
	case registry.StageCancelled, registry.StageWithdrawn:
		return "withdrawn"
	case registry.StageSuperseded:
		return "superseded"
	case registry.StagePublished, registry.StageInForce, registry.StagePeriodicReview:
		return header
	}
	return "draft"
}
