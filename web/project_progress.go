package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// progressPage is how far a project is, as a manager reads it: the counts now,
// who owes what since when, what happened since a day, and the history.
type progressPage struct {
	Frame
	Project  registry.Project
	Now      registry.Progress
	Regions  []regionLine
	People   []personLine
	Missing  []registry.RegionProgress
	Chapters []chapterLine
	Chart    chart
	Weeks    []weekLine

	Since    string // ?since= as the field shows it
	Happened registry.Happened
	Done     []doneLine
	Changes  []change
	Problem  string
	Visit    time.Time // the member's sign-in before the last; zero when there is none
	Today    string
	WeekAgo  string
}

// regionLine is what a region said and owes.
type regionLine struct {
	registry.RegionProgress
	Said   []int // by registry.Verdicts
	Oldest time.Time
	Days   int
}

// personLine is what a member owes; the first few are shown at once.
type personLine struct {
	registry.PersonProgress
	First, More []debtLine
}

// debtLine is one thing owed. Kind is "position", "dispute" or "review".
type debtLine struct {
	registry.Debt
	Kind    string
	Days    int
	Earlier registry.Verdict // what the region said on a former text
	URL     string
}

type chapterLine struct {
	registry.ChapterProgress
	Counts map[registry.State]int
	Total  int
}

// weekLine is a week with the last day of it, and how many were settled by then.
type weekLine struct {
	registry.Week
	Sunday time.Time
	Stand  int
}

type doneLine struct{ registry.Done }

const (
	firstDebts    = 8  // of a person, before the rest is folded
	shownWeeks    = 26 // of the history
	shownChanges  = 30 // events since a day
	shownMoves    = 200
	sinceByCustom = 7 * 24 * time.Hour // where nobody says since when
)

func (s *Server) projectProgress(c echo.Context) error {
	now, err := s.reg.Progress(c.Param("project"))
	if err != nil {
		return err
	}
	at := time.Now()
	p := progressPage{
		Frame: s.frame(c, s.say(c, "progress.title")), Project: now.Project, Now: now, Chart: chartOf(now.Days),
		Today: at.In(beijing).Format(time.DateOnly), WeekAgo: at.Add(-sinceByCustom).In(beijing).Format(time.DateOnly),
	}
	p.Styles = append(p.Styles, "workbench.css", "project.css")
	for _, r := range now.Regions {
		line := regionLine{RegionProgress: r}
		for _, v := range registry.Verdicts {
			line.Said = append(line.Said, r.Said[v])
		}
		if len(r.Owes) > 0 {
			line.Oldest, line.Days = r.Owes[0].Since, daysBetween(r.Owes[0].Since, at)
		}
		p.Regions = append(p.Regions, line)
		if slices.Contains(now.Missing, r.Region) {
			p.Missing = append(p.Missing, r)
		}
	}
	for _, person := range now.People {
		debts := debtLines(now.Project.ID, person.Owes, at)
		n := min(len(debts), firstDebts)
		p.People = append(p.People, personLine{person, debts[:n], debts[n:]})
	}
	for _, ch := range now.Chapters {
		p.Chapters = append(p.Chapters, chapterLine{ch, ch.Counts.ByState(), ch.Counts.Total()})
	}
	p.Weeks = weekLines(now)
	if m := s.actor(c); m.ID != "" {
		if p.Visit, err = s.reg.Visit(m.ID); err != nil {
			return err
		}
	}
	if err := s.since(c, &p, at); err != nil {
		return err
	}
	status := http.StatusOK
	if p.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.render(c, status, "project-progress.html", p)
}

// since fills in what happened since the day that the address names, or since
// the member was last here, or in the last week.
func (s *Server) since(c echo.Context, p *progressPage, now time.Time) error {
	from := now.Add(-sinceByCustom)
	if !p.Visit.IsZero() {
		from = p.Visit
	}
	if asked := strings.TrimSpace(c.QueryParam("since")); asked != "" {
		at, ok := moment(asked)
		if ok {
			from = at
		} else {
			p.Problem = s.say(c, "progress.since.bad", shorten(asked, 40))
		}
	}
	p.Since = from.In(beijing).Format(time.DateOnly)
	p.Happened = p.Now.Happened(from)
	for _, d := range p.Happened.Done {
		p.Done = append(p.Done, doneLine{d})
	}
	if p.Happened.Events == 0 {
		return nil
	}
	own := "projects/" + p.Project.ID
	var err error
	p.Changes, _, err = s.changes(c, eventFilter{before: lastEvent, limit: min(shownChanges, p.Happened.Events), object: own, hide: func(e registry.Event) bool {
		return e.Object != own && !strings.HasPrefix(e.Object, own+"/")
	}})
	return err
}

// moment reads a day, or a moment, in Chinese time.
func moment(s string) (time.Time, bool) {
	for _, form := range []string{time.DateOnly, "2006-01-02T15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(form, s, beijing); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// daysBetween counts whole days.
func daysBetween(from, to time.Time) int { return max(0, int(to.Sub(from)/(24*time.Hour))) }

func debtLines(project string, debts []registry.Debt, now time.Time) (out []debtLine) {
	for _, d := range debts {
		line := debtLine{Debt: d, Kind: "position", Days: daysBetween(d.Since, now), Earlier: d.Row.Earlier[d.Region], URL: rowURL(project, d.Row.ID) + "#positions"}
		switch {
		case d.Row.Review:
			line.Kind = "review"
		case d.Region == "":
			line.Kind = "dispute"
		}
		out = append(out, line)
	}
	return out
}

// weekLines are the last weeks, the newest first, each with how many rows were
// settled at its end.
func weekLines(now registry.Progress) (out []weekLine) {
	stand := now.Counts.Of(registry.Settled)
	for _, w := range now.Weeks[:min(len(now.Weeks), shownWeeks)] {
		out = append(out, weekLine{w, w.Monday.AddDate(0, 0, 6), stand})
		stand -= w.Settled - w.Opened
	}
	return out
}

// Size of the chart, in the units of its view box.
const (
	chartWidth, chartHeight = 720, 232
	chartLeft, chartRight   = 34, 604
	chartTop, chartBottom   = 10, 200
	chartPoints             = 120 // days beyond are shown by the week
)

// chart is the history of the counts: stacked areas, and the table that says the
// same.
type chart struct {
	Areas  []chartArea
	Rules  []chartRule // horizontal
	Dates  []chartDate
	Days   []chartDay // as in the areas, the last day first
	Weekly bool
	Hidden int // rows without a unified clause, where they are too many to be drawn
}

// chartArea is one state: what it fills, and where its name stands beside the
// last day.
type chartArea struct {
	State registry.State
	Path  string
	Y     int
	Count int
}

type chartRule struct{ Y, Value int }

type chartDate struct {
	X    int
	Date time.Time
	Last bool
}

type chartDay struct {
	Date   time.Time
	Counts []int // in the order of registry.States
}

// chartOf draws the history. Untouched stands last in registry.States, so it is
// on top; where it would dwarf the rest it is left to the table. Each day is as wide as the others and shows how it
// ended.
func chartOf(days []registry.Day) (c chart) {
	if len(days) == 0 {
		return c
	}
	step := 1
	if len(days) > chartPoints {
		step, c.Weekly = 7, true
	}
	var shown []registry.Day
	for i := len(days) - 1; i >= 0; i -= step {
		shown = append(shown, days[i])
		c.Days = append(c.Days, chartDay{days[i].Date, days[i].Counts[:]})
	}
	slices.Reverse(shown)
	drawn, most := registry.States, 1
	begun := 0
	for _, d := range shown {
		most = max(most, d.Counts.Total())
		begun = max(begun, d.Counts.Total()-d.Counts.Of(registry.Untouched))
	}
	if begun > 0 && begun*3 < most { // else what has been done is too thin to be seen
		drawn, most, c.Hidden = drawn[:len(drawn)-1], begun, days[len(days)-1].Counts.Of(registry.Untouched)
	}
	x := func(i int) int { return chartLeft + i*(chartRight-chartLeft)/len(shown) }
	y := func(n int) int { return chartBottom - n*(chartBottom-chartTop)/most }
	base := make([]int, len(shown))
	for k, state := range drawn {
		var up, down strings.Builder
		for i, d := range shown {
			top, back := y(base[i]+d.Counts[k]), len(shown)-1-i
			fmt.Fprintf(&up, "L%d %dL%d %d", x(i), top, x(i+1), top)
			fmt.Fprintf(&down, "L%d %dL%d %d", x(back+1), y(base[back]), x(back), y(base[back]))
		}
		last := shown[len(shown)-1].Counts[k]
		c.Areas = append(c.Areas, chartArea{State: state, Path: "M" + up.String()[1:] + down.String() + "Z", Y: (y(base[len(shown)-1]) + y(base[len(shown)-1]+last)) / 2, Count: last})
		for i, d := range shown {
			base[i] += d.Counts[k]
		}
	}
	apart(c.Areas)
	for _, n := range levels(most) {
		c.Rules = append(c.Rules, chartRule{y(n), n})
	}
	every := max(1, (len(shown)+5)/6)
	for i := 0; i < len(shown); i += every {
		if len(shown)-1-i >= every || i == 0 {
			c.Dates = append(c.Dates, chartDate{X: x(i), Date: shown[i].Date})
		}
	}
	if len(shown) > 1 {
		c.Dates = append(c.Dates, chartDate{X: x(len(shown)), Date: shown[len(shown)-1].Date, Last: true})
	}
	return c
}

// apart moves the names of thin areas off each other, from below upwards; the
// name of an empty one is not shown.
func apart(areas []chartArea) {
	const line = 17
	below := chartBottom + line
	for i := range areas {
		if areas[i].Count > 0 {
			areas[i].Y = min(areas[i].Y, below-line)
			below = areas[i].Y
		}
	}
}

// levels are round numbers from 0 to at most most, four or five of them.
func levels(most int) (out []int) {
	step := 1
	for scale := 1; most/step > 4; scale *= 10 {
		for _, f := range []int{1, 2, 5} {
			if step = f * scale; most/step <= 4 {
				break
			}
		}
	}
	for n := 0; n <= most; n += step {
		out = append(out, n)
	}
	return out
}
