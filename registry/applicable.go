package registry

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Profile is what an enterprise says of itself. An empty list narrows nothing,
// but regions: national texts always apply, regional ones only where named.
type Profile struct {
	Regions    []string          `json:"regions,omitempty"`
	Activities []editor.Activity `json:"activities,omitempty"`
	Roles      []editor.Role     `json:"roles,omitempty"`
	Scale      string            `json:"scale,omitempty"` // large, small; "" not said
	On         string            `json:"on,omitempty"`    // YYYY-MM-DD; "" is today
}

// ReadProfile reads a profile as an address says it: region, do, role, scale, on.
func ReadProfile(q url.Values) Profile {
	p := Profile{Regions: q["region"], Scale: q.Get("scale"), On: q.Get("on")}
	for _, a := range q["do"] {
		p.Activities = append(p.Activities, editor.Activity(a))
	}
	for _, r := range q["role"] {
		p.Roles = append(p.Roles, editor.Role(r))
	}
	return p
}

// Values writes a profile as ReadProfile reads it.
func (p Profile) Values() url.Values {
	q := url.Values{}
	put := func(name string, values ...string) {
		for _, v := range values {
			if v != "" {
				q.Add(name, v)
			}
		}
	}
	put("region", p.Regions...)
	put("do", plainNames(p.Activities)...)
	put("role", plainNames(p.Roles)...)
	put("scale", p.Scale)
	put("on", p.On)
	return q
}

// check brings a profile into order and refuses what is not offered.
func (p Profile) check(today string) (Profile, error) {
	var err error
	if p.On, err = dayAsked(p.On, today); err != nil {
		return p, err
	}
	keep := func(offered []string, chosen []string) (out []string, ok bool) {
		for _, o := range offered {
			if slices.Contains(chosen, o) {
				out = append(out, o)
			}
		}
		return out, !slices.ContainsFunc(chosen, func(c string) bool { return !slices.Contains(offered, c) })
	}
	var regions []string
	for _, r := range Regions {
		regions = append(regions, r.Code)
	}
	ok := [3]bool{}
	p.Regions, ok[0] = keep(regions, p.Regions)
	activities, roles := plainNames(p.Activities), plainNames(p.Roles)
	activities, ok[1] = keep(plainNames(editor.Activities), activities)
	roles, ok[2] = keep(plainNames(editor.Roles), roles)
	if !ok[0] || !ok[1] || !ok[2] || p.Scale != "" && p.Scale != "large" && p.Scale != "small" {
		return p, refuse(Invalid, "profile", "地址里有不认识的选项：请重新选择。 The address holds a choice that is not offered: choose again.")
	}
	p.Activities, p.Roles = nil, nil
	for _, a := range activities {
		p.Activities = append(p.Activities, editor.Activity(a))
	}
	for _, r := range roles {
		p.Roles = append(p.Roles, editor.Role(r))
	}
	return p, nil
}

// plainNames writes names as plain texts.
func plainNames[T ~string](names []T) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return out
}

// BindingClause is a clause that binds, and why it is in the list.
type BindingClause struct {
	Standard   Standard
	Ref        Ref // with the revision that is in force on the day
	Number     string
	Titles     []string // headings above it and its own
	Text       string
	Hash       string
	Force      editor.Modality
	Activities []editor.Match // which it binds, by which word
	Roles      []editor.Match // whom its sentences name; none: whoever the standard applies to
	Scale      []editor.Match
	Scope      string           // the sentence that says to whom the standard applies
	Field      string           // the word by which the text belongs to the field
	Undated    bool             // the text says no date from which it is in force
	Quantities []string         // as the text writes them
	Rulings    []ActivityRuling // what people said of it, which wins over the machine
	Projects   []ClauseInProject
}

// Heading is the last of the clause's titles.
func (b BindingClause) Heading() string {
	if len(b.Titles) == 0 {
		return ""
	}
	return b.Titles[len(b.Titles)-1]
}

// ClauseInProject is where a clause stands in a harmonisation that is under way.
type ClauseInProject struct {
	Project string
	Title   string
	Row     string
	Region  string // Column.Key
	Unified *Unified
	Shown   string // the unified text as people read it
	State   State
	Number  string // that the unified standard will bear in the region
	From    string // YYYY-MM-DD from which it is to be in force; "" while that is open
}

// ActivityGroup is the clauses of one activity, the strongest first.
type ActivityGroup struct {
	Activity editor.Activity
	Clauses  []*BindingClause
	Measures []Measure // what the chosen regions measure differently or alike
}

// Measure is one thing that several texts measure, side by side.
type Measure struct {
	Subject   string
	Condition string
	Values    []MeasureValue // 沪 苏 浙 皖, then the nation
	Unified   *MeasureValue  // in the unified text that is prepared; nil where it says none
	Apart     string         // why there is no strictest, as in compare.Line
	Project   string         // where the texts are pinned; "" where the machine paired them now
	Row       string
}

// In is the value of a region ("" the nation); nil where it says none.
func (m Measure) In(region string) *MeasureValue {
	if i := slices.IndexFunc(m.Values, func(v MeasureValue) bool { return v.Region == region }); i >= 0 {
		return &m.Values[i]
	}
	return nil
}

// MeasureValue is what one text says of a measure.
type MeasureValue struct {
	Region    string // code; "" the nation
	Said      string // as the text writes it
	Normal    string // with its comparator: "≤ 48 h"
	Sentence  string // that it stands in
	Ref       Ref
	Strictest bool
	Below     bool // demands less than the national floor
}

// Applicability is the answer to a profile.
type Applicability struct {
	Profile   Profile
	Groups    []ActivityGroup
	Clauses   []*BindingClause // each once
	Standards []Standard       // that they stand in
	Texts     int              // that were looked at
	Dropped   []*BindingClause // that people ruled out, for the member who asks or for all
}

// Applicable finds the clauses that bind whoever fits a profile on a day. The
// actor's own "not ours" is followed; nobody else's is.
func (r *Registry) Applicable(actor Member, p Profile) (out Applicability, err error) {
	if p, err = p.check(r.today()); err != nil {
		return out, err
	}
	out.Profile = p
	held, err := r.held()
	if err != nil {
		return out, err
	}
	err = r.store.View(func(tx Tx) error {
		rulings, err := rulingsFor(tx, actor.ID)
		if err != nil {
			return err
		}
		for _, s := range held {
			if !p.reaches(s) {
				continue
			}
			revision, undated, ok, err := inForceAt(tx, s, p.On)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			out.Texts++
			text, err := r.duties.read(tx, s.ID, revision)
			if err != nil {
				return err
			}
			out.take(s, revision, undated, text, rulings)
		}
		return r.placeInProjects(tx, &out)
	})
	if err != nil {
		return out, err
	}
	out.group()
	err = r.measure(&out)
	return out, err
}

// reaches tells whether a standard may apply where the enterprise operates.
func (p Profile) reaches(s Standard) bool {
	return len(s.Header.Regions) == 0 || slices.ContainsFunc(s.Header.Regions, func(r string) bool { return slices.Contains(p.Regions, r) })
}

// take adds the clauses of a text that fit the profile.
func (out *Applicability) take(s Standard, revision int, undated bool, text *dutyText, rulings map[[2]string][]ActivityRuling) {
	added := false
	for i := range text.clauses {
		d := &text.clauses[i]
		said := rulings[[2]string{s.ID, d.id}]
		b := &BindingClause{
			Standard: s, Ref: Ref{Standard: s.ID, Revision: revision, Clause: d.id}, Number: d.number, Titles: d.titles, Text: d.text, Hash: d.hash,
			Force: d.binding.Modality, Roles: d.binding.Roles, Scale: d.scale, Scope: text.scope, Field: d.field, Undated: undated, Rulings: said, Quantities: d.quantities,
		}
		b.Activities = ruled(d.activities, said)
		fits := out.Profile.fits(b)
		if ruledOut(said) || !fits && len(b.Activities) < len(d.activities) && out.Profile.fits(&BindingClause{Activities: d.activities, Roles: b.Roles, Scale: b.Scale}) {
			out.Dropped = append(out.Dropped, b)
			continue
		}
		if fits {
			out.Clauses = append(out.Clauses, b)
			added = true
		}
	}
	if added {
		out.Standards = append(out.Standards, s)
	}
}

// ruledOut tells whether the member who asks said that a clause is not its affair.
func ruledOut(said []ActivityRuling) bool {
	return slices.ContainsFunc(said, func(k ActivityRuling) bool { return k.Own != "" && !k.Applies })
}

// matching finds the clauses of a text that bind whoever fits the profile, by ID,
// as the member's list has them.
func (p Profile) matching(tx Tx, member string, t Text) (map[string]bool, error) {
	found := map[string]bool{}
	if t.Document == nil || !p.reaches(Standard{Header: t.Revision.Header}) {
		return found, nil
	}
	rulings, err := rulingsFor(tx, member)
	if err != nil {
		return nil, err
	}
	for _, d := range readDuties(t.Document).clauses {
		said := rulings[[2]string{t.Revision.Standard, d.id}]
		if !ruledOut(said) && p.fits(&BindingClause{Activities: ruled(d.activities, said), Roles: d.binding.Roles, Scale: d.scale}) {
			found[d.id] = true
		}
	}
	return found, nil
}

// ruled is what the machine found, as people corrected it.
func ruled(found []editor.Match, said []ActivityRuling) []editor.Match {
	out := slices.Clone(found)
	for _, k := range said {
		if k.Own != "" {
			continue
		}
		at := slices.IndexFunc(out, func(m editor.Match) bool { return m.ID == string(k.Activity) })
		switch {
		case k.Applies && at < 0:
			out = append(out, editor.Match{ID: string(k.Activity)})
		case !k.Applies && at >= 0:
			out = slices.Delete(out, at, at+1)
		}
	}
	return out
}

// fits tells whether a clause is one of the profile's: it binds one of the
// activities; it names none but other roles; its words do not limit it to the
// other scale.
func (p Profile) fits(b *BindingClause) bool {
	if !slices.ContainsFunc(b.Activities, func(m editor.Match) bool {
		return len(p.Activities) == 0 || slices.Contains(p.Activities, editor.Activity(m.ID))
	}) {
		return false
	}
	if len(p.Roles) > 0 && len(b.Roles) > 0 && !slices.ContainsFunc(b.Roles, func(m editor.Match) bool { return slices.Contains(p.Roles, editor.Role(m.ID)) }) {
		return false
	}
	return p.Scale == "" || len(b.Scale) == 0 || slices.ContainsFunc(b.Scale, func(m editor.Match) bool { return m.ID == p.Scale })
}

// group puts the clauses under their activities, the strongest first.
func (out *Applicability) group() {
	for _, a := range editor.Activities {
		if len(out.Profile.Activities) > 0 && !slices.Contains(out.Profile.Activities, a) {
			continue
		}
		g := ActivityGroup{Activity: a}
		for _, b := range out.Clauses {
			if slices.ContainsFunc(b.Activities, func(m editor.Match) bool { return m.ID == string(a) }) {
				g.Clauses = append(g.Clauses, b)
			}
		}
		slices.SortStableFunc(g.Clauses, func(x, y *BindingClause) int {
			return cmp.Or(y.Force.Strength()-x.Force.Strength(), regionOrder(x.Standard)-regionOrder(y.Standard))
		})
		if len(g.Clauses) > 0 {
			out.Groups = append(out.Groups, g)
		}
	}
}

// regionOrder: 沪 苏 浙 皖, then what is the nation's or several regions'.
func regionOrder(s Standard) int {
	for i, r := range Regions {
		if r.Code == s.Region() {
			return i
		}
	}
	return len(Regions)
}

// placeInProjects says of clauses that a project pins what the unified text will
// make of them.
func (r *Registry) placeInProjects(tx Tx, out *Applicability) error {
	list, err := projects.all(tx)
	if err != nil {
		return err
	}
	for _, p := range list {
		if !slices.ContainsFunc(p.Columns(), func(c Column) bool {
			return slices.ContainsFunc(out.Standards, func(s Standard) bool { return s.ID == c.Text.Standard })
		}) {
			continue
		}
		v, err := workbench(tx, p.ID)
		if err != nil {
			return err
		}
		v.memory = &r.memory
		at := map[string]ClauseInProject{}
		for _, row := range v.Rows {
			shown := ""
			if row.Unified != nil {
				shown = v.UnifiedText(row.Unified, nil)
			}
			for _, col := range v.Columns {
				i := p.Issues[col.Key]
				for _, cell := range row.Cells[col.Key] {
					key := col.Text.Standard + "#" + cell.Clause
					if _, stands := at[key]; !stands {
						at[key] = ClauseInProject{p.ID, p.Title, row.ID, col.Key, row.Unified, shown, row.State, i.Number, i.Effective}
					}
				}
			}
		}
		for _, b := range out.Clauses {
			if in, ok := at[b.Ref.Standard+"#"+b.Ref.Clause]; ok {
				b.Projects = append(b.Projects, in)
			}
		}
	}
	return nil
}

// mostMeasured bounds what is paired of one region's clauses on one activity
// outside projects.
const mostMeasured = 40

// measure puts what the chosen regions measure side by side: by the rows of a
// project where the texts are pinned in one, otherwise by what the clauses of one
// activity measure.
func (r *Registry) measure(out *Applicability) error {
	views := map[string]ProjectView{}
	for i := range out.Groups {
		g := &out.Groups[i]
		seen := map[string]bool{}
		var alone []*BindingClause
		for _, b := range g.Clauses {
			if len(b.Projects) == 0 {
				alone = append(alone, b)
				continue
			}
			in := b.Projects[0]
			if seen[in.Project+"/"+in.Row] {
				continue
			}
			seen[in.Project+"/"+in.Row] = true
			v, held := views[in.Project]
			if !held {
				var err error
				if v, err = r.Workbench(in.Project); err != nil {
					return err
				}
				views[in.Project] = v
			}
			g.Measures = append(g.Measures, out.Profile.measuresOf(v, in.Row)...)
		}
		g.Measures = append(g.Measures, r.pairAlone(alone)...)
	}
	return nil
}

// measuresOf are the quantities of a project's row in the chosen regions and the
// national floor, where two of them say one.
func (p Profile) measuresOf(v ProjectView, row string) (out []Measure) {
	at := slices.IndexFunc(v.Rows, func(r RowView) bool { return r.ID == row })
	if at < 0 {
		return nil
	}
	cells, floors := v.cellsOf(v.Rows[at]), []int(nil)
	for i, col := range v.Columns {
		if col.Floor {
			floors = append(floors, i)
		} else if !slices.Contains(p.Regions, col.Key) {
			cells[i].Passages = nil
		}
	}
	lines := v.memory.ledger(v.reader, cells, floors)
	var with []compare.Line
	if v.Rows[at].Unified != nil { // beside the regions, not among them: it decides nothing on who is strictest
		with = v.memory.ledger(v.reader, append(slices.Clone(cells), unifiedCell(v.Rows[at])), floors)
	}
	for _, line := range lines {
		m, ok := measureOf(line, func(i int, e *compare.Entry) MeasureValue {
			col := v.Columns[i]
			ref := col.Text
			ref.Clause = v.Rows[at].Cells[col.Key][e.Passage].Clause
			return MeasureValue{Region: col.Region.Code, Ref: ref}
		})
		if !ok {
			continue
		}
		m.Project, m.Row, m.Unified = v.Project.ID, row, unifiedOf(line, with)
		out = append(out, m)
	}
	return out
}

// unifiedOf finds what the unified text, the last column of with, says of a line.
func unifiedOf(line compare.Line, with []compare.Line) *MeasureValue {
	same := func(other compare.Line) bool {
		for i, e := range line.Entries {
			if o := other.Entries[i]; e != nil && o != nil && e.Passage == o.Passage && e.Said == o.Said && e.Sentence == o.Sentence {
				return true
			}
		}
		return false
	}
	for _, other := range with {
		if e := other.Entries[len(other.Entries)-1]; e != nil && e.Quantity != nil && same(other) {
			return &MeasureValue{Said: e.Said, Normal: e.Quantity.String(), Sentence: e.Sentence}
		}
	}
	return nil
}

// measureOf reads a line of a ledger; ok is false where fewer than two texts
// measure it.
func measureOf(line compare.Line, where func(int, *compare.Entry) MeasureValue) (m Measure, ok bool) {
	if line.Kind != compare.Quantity {
		return m, false
	}
	m = Measure{Subject: line.Subject, Condition: line.Condition, Apart: line.Apart}
	for i, e := range line.Entries {
		if e == nil || e.Note {
			continue
		}
		val := where(i, e)
		val.Said, val.Sentence, val.Strictest = e.Said, e.Sentence, slices.Contains(line.Strictest, i)
		if e.Quantity != nil {
			val.Normal = e.Quantity.String()
		}
		val.Below = slices.ContainsFunc(line.Below, func(b compare.Breach) bool { return b.Column == i })
		m.Values = append(m.Values, val)
	}
	return m, len(m.Values) > 1
}

// pairAlone pairs what clauses outside projects measure, region by region.
func (r *Registry) pairAlone(clauses []*BindingClause) (out []Measure) {
	order := make([]string, 0, len(Regions)+1)
	for _, g := range Regions {
		order = append(order, g.Code)
	}
	order = append(order, "")
	cells, from := make([]compare.Cell, len(order)), make([][]*BindingClause, len(order))
	regions := 0
	for i, code := range order {
		cells[i].Label = RegionOf(code).Short
		for _, b := range clauses {
			if b.Standard.Region() == code && len(b.Quantities) > 0 && len(from[i]) < mostMeasured {
				cells[i].Passages = append(cells[i].Passages, b.Text)
				from[i] = append(from[i], b)
			}
		}
		if len(from[i]) > 0 {
			regions++
		}
	}
	if regions < 2 {
		return nil
	}
	read := reader{Reader: compare.NewReader(nil)}
	for _, line := range r.memory.ledger(read, cells, []int{len(order) - 1}) {
		m, ok := measureOf(line, func(i int, e *compare.Entry) MeasureValue {
			return MeasureValue{Region: order[i], Ref: from[i][e.Passage].Ref}
		})
		if ok && strings.TrimSpace(m.Subject) != "" {
			out = append(out, m)
		}
	}
	return out
}
