package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// checklistsPage lists a member's checklists.
type checklistsPage struct {
	Frame
	List    []checklistCard
	Problem string
	Named   string // of the form, as it was typed
	Profile string // of the form
}

// checklistCard is a checklist on the list.
type checklistCard struct {
	registry.Checklist
	Profile profileWords
	Count   progressView
}

// profileWords are a profile as people read it.
type profileWords struct {
	Regions    []string // codes
	Activities []string
	Roles      []string
	Scale      string
	On         string
	Query      string // as an address says it
}

// progressView is how far a checklist is.
type progressView struct{ Done, Of int }

func progressOf(k registry.Checklist) progressView {
	done, of := k.Done()
	return progressView{done, of}
}

func (s *Server) profileWords(c echo.Context, p registry.Profile) profileWords {
	w := profileWords{Regions: p.Regions, On: p.On, Query: p.Values().Encode()}
	for _, a := range p.Activities {
		w.Activities = append(w.Activities, s.say(c, "activity."+string(a)))
	}
	for _, r := range p.Roles {
		w.Roles = append(w.Roles, s.say(c, "enterprise.role."+string(r)))
	}
	if p.Scale != "" {
		w.Scale = s.say(c, "applicable."+p.Scale)
	}
	return w
}

func (s *Server) checklists(c echo.Context) error {
	return s.showChecklists(c, http.StatusOK, checklistsPage{})
}

func (s *Server) showChecklists(c echo.Context, status int, p checklistsPage) error {
	list, err := s.reg.Checklists(s.actor(c))
	if err != nil {
		return err
	}
	for _, k := range list {
		p.List = append(p.List, checklistCard{k, s.profileWords(c, k.Profile), progressOf(k)})
	}
	p.Frame = s.frame(c, s.say(c, "checklist.title"))
	p.Styles = []string{"enterprise.css"}
	return s.render(c, status, "checklists.html", p)
}

func (s *Server) makeChecklist(c echo.Context) error {
	packed := c.FormValue("profile")
	q, err := url.ParseQuery(packed)
	if err != nil {
		return echo.ErrBadRequest
	}
	k, err := s.reg.MakeChecklist(s.actor(c), c.FormValue("title"), registry.ReadProfile(q))
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showChecklists(c, http.StatusUnprocessableEntity, checklistsPage{Problem: reason, Named: c.FormValue("title"), Profile: packed})
	}
	if err != nil {
		return err
	}
	return s.see(c, "/checklists/"+k.ID, "done.checklist.made")
}

// checklistPage is one checklist with its texts, to be filled in.
type checklistPage struct {
	Frame
	registry.ChecklistView
	Words   profileWords
	Count   progressView
	Groups  []checklistGroup
	Shows   []checklistFilter
	Show    string
	Problem string
	States  []registry.ItemState
}

// checklistGroup is the rows of one activity.
type checklistGroup struct {
	Activity editor.Activity
	Rows     []checklistRow
}

// checklistRow is an item with its addresses and what was typed for it.
type checklistRow struct {
	registry.ChecklistRow
	At      int    // from 1, on the whole list
	Link    string // the clause as it is listed
	Compare string // the two revisions
	Edit    []edit
	Figures []string
	Theirs  *registry.ChecklistItem // what is kept, where somebody kept something else meanwhile
	Bad     bool                    // what was typed was refused
}

type checklistFilter struct {
	Value string
	Count int
}

// changedRows shows the rows that revisions touched.
const changedRows = "changed"

func (s *Server) checklist(c echo.Context) error {
	p, err := s.checklistPageOf(c)
	if err != nil {
		return err
	}
	p.fill(c.QueryParam("show"), nil)
	return s.render(c, http.StatusOK, "checklist.html", p)
}

func (s *Server) checklistPageOf(c echo.Context) (p checklistPage, err error) {
	if p.ChecklistView, err = s.reg.Checklist(s.actor(c), c.Param("id")); err != nil {
		return p, err
	}
	p.Frame = s.frame(c, p.ChecklistView.Title)
	p.Styles, p.States = []string{"history.css", "enterprise.css"}, registry.ItemStates
	p.Words, p.Count = s.profileWords(c, p.Profile), progressOf(p.Checklist)
	return p, nil
}

// fill puts the rows under their activities. typed is what a form said that was
// not kept, by item.
func (p *checklistPage) fill(show string, typed map[string]registry.ChecklistItem) {
	counts := map[string]int{"": len(p.Rows)}
	var rows []checklistRow
	for i, r := range p.Rows {
		counts[string(r.State)]++
		if r.Changed || r.Gone {
			counts[changedRows]++
		}
		t, wrote := typed[r.ID]
		if show != "" && show != string(r.State) && !(show == changedRows && (r.Changed || r.Gone)) && !wrote {
			continue
		}
		row := checklistRow{ChecklistRow: r, At: i + 1, Link: revisionURL(r.Ref), Edit: editsOf(r.Words)}
		row.Text = paragraphBreak.ReplaceAllString(r.Text, "\n")
		for _, q := range editor.Quantities(r.Text) {
			if len(row.Figures) < maxChips {
				row.Figures = append(row.Figures, r.Text[q.Start:q.End])
			}
		}
		if r.Changed {
			row.Compare = "/standards/" + r.Ref.Standard + "/compare?a=" + strconv.Itoa(r.Ref.Revision) + "&b=" + strconv.Itoa(r.Now.Revision)
		}
		if wrote && (t.Evidence != r.Evidence || t.Responsible != r.Responsible || t.State != r.State) {
			if r.Version > t.Version {
				theirs := r.ChecklistItem
				row.Theirs = &theirs
			}
			row.Evidence, row.Responsible, row.State = t.Evidence, t.Responsible, t.State
		}
		rows = append(rows, row)
	}
	p.Show = show
	for _, v := range []string{"", string(registry.ItemOpen), string(registry.ItemDoing), string(registry.ItemDone), string(registry.ItemNone), changedRows} {
		if v == "" || counts[v] > 0 || v == show {
			p.Shows = append(p.Shows, checklistFilter{v, counts[v]})
		}
	}
	for _, a := range editor.Activities {
		g := checklistGroup{Activity: a}
		for _, r := range rows {
			if r.Activity == a {
				g.Rows = append(g.Rows, r)
			}
		}
		if len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
}

// keepChecklist keeps all rows of the form at once.
func (s *Server) keepChecklist(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(form.Get("version"))
	if err != nil {
		return echo.ErrBadRequest
	}
	var items []registry.ChecklistItem
	typed := map[string]registry.ChecklistItem{}
	for name := range form {
		id, of := strings.CutPrefix(name, "state-")
		if !of {
			continue
		}
		i := registry.ChecklistItem{ID: id, State: registry.ItemState(form.Get(name)), Evidence: lines(form.Get("evidence-" + id)), Responsible: form.Get("responsible-" + id), Version: version}
		items = append(items, i)
		typed[id] = i
	}
	slices.SortFunc(items, func(a, b registry.ChecklistItem) int { return strings.Compare(a.ID, b.ID) })
	show := form.Get("show")
	_, err = s.reg.KeepItems(s.actor(c), c.Param("id"), version, items)
	if reason, ok := refused(err, registry.Invalid, registry.Conflict); ok {
		p, err2 := s.checklistPageOf(c)
		if err2 != nil {
			return err2
		}
		p.Problem = reason
		p.fill(show, typed)
		status := http.StatusUnprocessableEntity
		if registry.Refused(err, registry.Conflict) {
			status = http.StatusConflict
		}
		return s.render(c, status, "checklist.html", p)
	}
	if err != nil {
		return err
	}
	to := "/checklists/" + url.PathEscape(c.Param("id"))
	if show != "" {
		to += "?show=" + url.QueryEscape(show)
	}
	return s.see(c, to, "done.checklist.kept")
}

func (s *Server) followChecklist(c echo.Context) error {
	version, err := strconv.Atoi(c.FormValue("version"))
	if err != nil {
		return echo.ErrBadRequest
	}
	_, err = s.reg.FollowChecklist(s.actor(c), c.Param("id"), version)
	if reason, ok := refused(err, registry.Invalid, registry.Conflict); ok {
		p, err2 := s.checklistPageOf(c)
		if err2 != nil {
			return err2
		}
		p.Problem = reason
		p.fill("", nil)
		return s.render(c, http.StatusConflict, "checklist.html", p)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/checklists/"+url.PathEscape(c.Param("id")), "done.checklist.followed")
}

func (s *Server) dropChecklist(c echo.Context) error {
	if err := s.reg.DropChecklist(s.actor(c), c.Param("id")); err != nil {
		return err
	}
	return s.see(c, "/checklists", "done.checklist.dropped")
}
