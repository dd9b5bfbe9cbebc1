package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// clausesShown is how many clauses of an activity a page shows before it is asked
// for all of them, and clausesMost how many then.
const (
	clausesShown = 30
	clausesMost  = 500
)

// applicablePage says which clauses bind who fits the answers.
type applicablePage struct {
	Frame
	Profile    registry.Profile
	Asked      bool // the form was answered
	Activities []answerBox
	Roles      []answerBox
	Regions    []answerBox
	Groups     []groupView
	Answer     registry.Applicability
	Forces     []forceCount
	Packed     string // the profile as an address says it, for links and forms
	All        bool
	MayRule    bool
	Problem    string
}

// answerBox is one box of the form.
type answerBox struct {
	Value  string
	Chosen bool
	Class  string
	Name   string
}

type forceCount struct {
	Force editor.Modality
	Count int
}

// groupView is an activity with what a page shows of it.
type groupView struct {
	registry.ActivityGroup
	Heads []string // regions of the measures' table, in order; "" the nation
	Lines []measureLine
	Draft bool // a unified text says some of them
	Shown []clauseCard
	Left  int
	More  string // address of all
}

// measureLine is what the texts measure, by column.
type measureLine struct {
	registry.Measure
	Before, After string // the subject around the figure
	Cells         []*registry.MeasureValue
	Best          string // the strictest figure, with its regions
}

// strictestNote says on a clause that its figure is the strictest of the regions.
type strictestNote struct {
	Own    registry.MeasureValue
	Others []registry.MeasureValue
}

// clauseCard is a clause with its addresses.
type clauseCard struct {
	*registry.BindingClause
	Key     string // unique on the page
	Said    string // its text, as it is read
	Link    string
	By      []editor.Match // why it stands in this group
	Unified []unifiedView
	Notes   []strictestNote
	Stale   bool // the words have changed since people spoke
	MayRule bool
}

// unifiedView is what the unified text will make of a clause.
type unifiedView struct {
	registry.ClauseInProject
	Link string
	Edit []edit
}

// profileOf reads a profile from an address or a form.
func profileOf(c echo.Context) (registry.Profile, url.Values, error) {
	q, err := c.FormParams()
	if err != nil {
		return registry.Profile{}, nil, err
	}
	if packed := q.Get("profile"); packed != "" {
		if q, err = url.ParseQuery(packed); err != nil {
			return registry.Profile{}, nil, &registry.Refusal{Kind: registry.Invalid, Field: "profile", Reason: "选项读不出来：请重新选择。 The choices cannot be read: choose again."}
		}
	}
	return registry.ReadProfile(q), q, nil
}

func (s *Server) applicable(c echo.Context) error {
	profile, q, err := profileOf(c)
	if err != nil {
		return err
	}
	p := applicablePage{Profile: profile, All: q.Get("all") != "", Asked: len(q["region"])+len(q["do"])+len(q["role"]) > 0 || q.Get("scale") != "" || q.Get("on") != ""}
	status := http.StatusOK
	if p.Asked {
		p.Answer, err = s.reg.Applicable(s.actor(c), profile)
		if reason, ok := refused(err, registry.Invalid); ok {
			p.Problem, status, p.Asked = reason, http.StatusUnprocessableEntity, false
		} else if err != nil {
			return err
		}
	}
	if wantsJSON(c) {
		if p.Problem != "" {
			return c.JSON(status, map[string]any{"reason": p.Problem})
		}
		return c.JSON(status, applicableJSON(p.Answer))
	}
	p.Packed = profile.Values().Encode()
	s.fillApplicable(c, &p)
	p.Frame = s.frame(c, s.say(c, "applicable.title"))
	p.Styles = []string{"enterprise.css"}
	return s.render(c, status, "applicable.html", p)
}

// fillApplicable fills the form and what was found.
func (s *Server) fillApplicable(c echo.Context, p *applicablePage) {
	for _, r := range registry.Regions {
		v := regionOf(lang(c), r.Code)
		p.Regions = append(p.Regions, answerBox{r.Code, slices.Contains(p.Profile.Regions, r.Code), v.Class, v.Short + " " + v.Name})
	}
	for _, a := range editor.Activities {
		p.Activities = append(p.Activities, answerBox{Value: string(a), Chosen: slices.Contains(p.Profile.Activities, a), Name: s.say(c, "activity."+string(a))})
	}
	for _, r := range editor.Roles {
		p.Roles = append(p.Roles, answerBox{Value: string(r), Chosen: slices.Contains(p.Profile.Roles, r), Name: s.say(c, "enterprise.role."+string(r))})
	}
	actor := s.actor(c)
	p.MayRule = registry.May(actor, registry.RuleActivity, actor.Region) == nil
	counts := map[editor.Modality]int{}
	for _, b := range p.Answer.Clauses {
		counts[b.Force]++
	}
	for _, f := range []editor.Modality{editor.Obligation, editor.Prohibition, editor.Recommendation, editor.Permission, editor.Encouragement} {
		if counts[f] > 0 {
			p.Forces = append(p.Forces, forceCount{f, counts[f]})
		}
	}
	most := clausesShown
	if p.All {
		most = clausesMost
	}
	for _, g := range p.Answer.Groups {
		v := groupView{ActivityGroup: g}
		v.measures()
		for i, b := range g.Clauses[:min(len(g.Clauses), most)] {
			card := s.bindingCard(actor, b, string(g.Activity))
			card.Notes = strictestNotes(g.Measures, b.Ref)
			card.Key = string(g.Activity) + "-" + strconv.Itoa(i+1)
			v.Shown = append(v.Shown, card)
		}
		if v.Left = len(g.Clauses) - len(v.Shown); v.Left > 0 {
			one := p.Profile
			one.Activities = []editor.Activity{g.Activity}
			q := one.Values()
			q.Set("all", "1")
			v.More = "/applicable?" + q.Encode()
		}
		p.Groups = append(p.Groups, v)
	}
}

// measures lays out what the texts of an activity measure as a table.
func (v *groupView) measures() {
	order := []string{}
	for _, r := range registry.Regions {
		order = append(order, r.Code)
	}
	for _, code := range append(order, "") {
		if slices.ContainsFunc(v.Measures, func(m registry.Measure) bool { return m.In(code) != nil }) {
			v.Heads = append(v.Heads, code)
		}
	}
	for _, m := range v.Measures {
		line := measureLine{Measure: m}
		line.Before, line.After, _ = strings.Cut(m.Subject, "＿")
		var best []string
		for _, code := range v.Heads {
			value := m.In(code)
			line.Cells = append(line.Cells, value)
			if value != nil && value.Strictest {
				best = append(best, value.Said)
			}
		}
		line.Best = strings.Join(slices.Compact(best), "、")
		v.Draft = v.Draft || m.Unified != nil
		v.Lines = append(v.Lines, line)
	}
}

// strictestNotes are the measures of which a clause has the strictest figure.
func strictestNotes(list []registry.Measure, at registry.Ref) (out []strictestNote) {
	for _, m := range list {
		for i, own := range m.Values {
			if !own.Strictest || own.Ref.Standard != at.Standard || own.Ref.Clause != at.Clause {
				continue
			}
			n := strictestNote{Own: own}
			for j, other := range m.Values {
				if j != i && !other.Strictest {
					n.Others = append(n.Others, other)
				}
			}
			if len(n.Others) > 0 {
				out = append(out, n)
			}
		}
	}
	return out
}

func (s *Server) bindingCard(actor registry.Member, b *registry.BindingClause, activity string) clauseCard {
	card := clauseCard{BindingClause: b, Said: paragraphBreak.ReplaceAllString(editor.PlainText(b.Text), "\n"), Link: revisionURL(b.Ref), MayRule: registry.May(actor, registry.RuleActivity, b.Standard.Header.Regions...) == nil}
	for _, m := range b.Activities {
		if m.ID == activity {
			card.By = append(card.By, m)
		}
	}
	for _, in := range b.Projects {
		u := unifiedView{ClauseInProject: in, Link: rowURL(in.Project, in.Row)}
		if in.Unified != nil {
			u.Edit = inline(compare.Words(b.Text, in.Shown), nil, nil)
		}
		card.Unified = append(card.Unified, u)
	}
	card.Stale = slices.ContainsFunc(b.Rulings, func(k registry.ActivityRuling) bool { return k.Hash != b.Hash })
	return card
}

// boundJSON is a binding clause for machines.
type boundJSON struct {
	Standard   string         `json:"standard"`
	Title      string         `json:"title"`
	Number     string         `json:"number,omitempty"`
	Regions    []string       `json:"regions,omitempty"`
	Ref        registry.Ref   `json:"ref"`
	Clause     string         `json:"clause,omitempty"`
	Heading    string         `json:"heading,omitempty"`
	Text       string         `json:"text"`
	Force      string         `json:"force"`
	Activities []editor.Match `json:"activities"`
	Roles      []editor.Match `json:"roles,omitempty"`
	Scope      string         `json:"scope,omitempty"`
	Quantities []string       `json:"quantities,omitempty"`
	Unified    string         `json:"unified,omitempty"`
	From       string         `json:"unified_from,omitempty"`
}

func applicableJSON(a registry.Applicability) map[string]any {
	out := []boundJSON{}
	for _, b := range a.Clauses {
		k := boundJSON{b.Standard.ID, b.Standard.Header.Title, b.Standard.Header.Primary(), b.Standard.Header.Regions, b.Ref, b.Number, b.Heading(), b.Text, string(b.Force), b.Activities, b.Roles, b.Scope, b.Quantities, "", ""}
		for _, in := range b.Projects {
			if in.Unified != nil {
				k.Unified, k.From = in.Shown, in.From
			}
		}
		out = append(out, k)
	}
	return map[string]any{"profile": a.Profile, "texts": a.Texts, "clauses": out}
}

// ruleActivity takes what a person says of a clause, for everybody or for itself.
func (s *Server) ruleActivity(c echo.Context) error {
	at, err := registry.ParseRef(c.FormValue("clause"))
	if err != nil {
		return err
	}
	reason := lines(c.FormValue("reason"))
	switch c.FormValue("say") {
	case "own":
		err = s.reg.RuleOut(s.actor(c), at, false, reason)
	case "mine":
		err = s.reg.RuleOut(s.actor(c), at, true, reason)
	default:
		err = s.reg.RuleActivity(s.actor(c), at, editor.Activity(c.FormValue("activity")), c.FormValue("say") == "applies", reason)
	}
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.ruleForm(c, at, reason)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/applicable?"+cmp.Or(strings.TrimPrefix(c.FormValue("profile"), "?"), ""), "done.ruled")
}

// rulePage is the form as it was, with what is wrong.
type rulePage struct {
	Frame
	Ref                            registry.Ref
	Standard                       registry.Standard
	Say, Activity, Reason, Profile string
	Activities                     []answerBox
	Problem                        string
}

func (s *Server) ruleForm(c echo.Context, at registry.Ref, problem string) error {
	std, err := s.reg.Standard(at.Standard)
	if err != nil {
		return err
	}
	p := rulePage{Frame: s.frame(c, s.say(c, "applicable.rule")), Ref: at, Standard: std, Say: c.FormValue("say"), Activity: c.FormValue("activity"), Reason: c.FormValue("reason"), Profile: c.FormValue("profile"), Problem: problem}
	for _, a := range editor.Activities {
		p.Activities = append(p.Activities, answerBox{Value: string(a), Chosen: string(a) == p.Activity, Name: s.say(c, "activity."+string(a))})
	}
	p.Styles = []string{"enterprise.css"}
	return s.render(c, http.StatusUnprocessableEntity, "applicable-rule.html", p)
}
