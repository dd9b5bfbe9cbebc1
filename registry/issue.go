package registry

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Mode says how the regions come to one text.
type Mode string

const (
	Jointly    Mode = "joint"    // 联合制定: one text, one consultation, published together
	Separately Mode = "separate" // 分别立项: separately started, one text, coordinated publication
)

// Modes as they are offered.
var Modes = []Mode{Jointly, Separately}

// Issue is the unified standard as one region issues it: its own number, issuer
// and dates over the one body. Each of them may be missing as long as it is not
// known. Dates are days, written 2026-03-01.
type Issue struct {
	Number    string `json:"number,omitempty"`
	Issuer    string `json:"issuer,omitempty"`    // the approving body
	Started   string `json:"started,omitempty"`   // 立项
	Approved  string `json:"approved,omitempty"`  // 批准
	Published string `json:"published,omitempty"` // 发布
	Effective string `json:"effective,omitempty"` // 实施; the standard is in force from it on
}

// IssueFields are the names of an Issue's fields in forms and events, in order.
var IssueFields = []string{"number", "issuer", "started", "approved", "published", "effective"}

// Field is one field of an issue by its name.
func (i *Issue) Field(name string) *string {
	return map[string]*string{
		"number": &i.Number, "issuer": &i.Issuer,
		"started": &i.Started, "approved": &i.Approved, "published": &i.Published, "effective": &i.Effective,
	}[name]
}

// Authorities are the bodies that approve local standards: the regions'
// departments of standardisation (Standardization Law, art. 13).
var Authorities = map[string]string{
	"31": "上海市市场监督管理局", "32": "江苏省市场监督管理局", "33": "浙江省市场监督管理局", "34": "安徽省市场监督管理局",
}

// check brings an issue into the field's spelling and says everything that is
// wrong with it.
func (i *Issue) check(region string) (faults []error) {
	fault := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	i.Issuer = strings.TrimSpace(i.Issuer)
	fault(line("issuer-"+region, i.Issuer))
	number, err := localNumber(region, i.Number)
	if err == nil {
		i.Number = number
	}
	fault(err)
	steps := []struct{ field, zh, en string }{
		{"started", "立项", "start"}, {"approved", "批准", "approval"}, {"published", "发布", "publication"}, {"effective", "实施", "effective date"},
	}
	last := -1
	for at, step := range steps {
		value := i.Field(step.field)
		day, ok := day(*value)
		if !ok {
			fault(refuse(Invalid, step.field+"-"+region, "“%s”不是日期，请写成 2026-03-01。 %q is not a date: write 2026-03-01.", clip(*value), clip(*value)))
			continue
		}
		if *value = day; day == "" {
			continue
		}
		if last >= 0 && day < *i.Field(steps[last].field) {
			before := *i.Field(steps[last].field)
			fault(refuse(Invalid, step.field+"-"+region, "%s日期 %s 早于%s日期 %s。 The %s, %s, is before the %s, %s.", step.zh, day, steps[last].zh, before, step.en, day, steps[last].en, before))
		}
		last = at
	}
	return faults
}

// clip keeps the beginning of what was typed, for a message.
func clip(s string) string {
	if utf8.RuneCountInString(s) > 40 {
		return string([]rune(s)[:40]) + "…"
	}
	return s
}

// dayForms are the ways in which people write a day.
var dayForms = []string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"}

// day reads a day in any of its spellings; "" stays "".
func day(s string) (string, bool) {
	s = strings.TrimSpace(halfWidth.Replace(s))
	if s == "" {
		return "", true
	}
	for _, form := range dayForms {
		if t, err := time.Parse(form, s); err == nil && t.Year() >= 1949 {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// halfWidth writes the letters, digits and signs of a number as the field does.
var halfWidth = func() *strings.Replacer {
	var pairs []string
	for c := '!'; c <= '~'; c++ {
		pairs = append(pairs, string(c+0xfee0), string(c))
	}
	return strings.NewReplacer(append(pairs, "　", " ", "\u00a0", " ", "\u200b", "")...)
}()

var (
	dashes     = regexp.MustCompile(`\s*[—–‒―−-]+\s*`)
	localForm  = regexp.MustCompile(`^DB(\d\d)(/T ?| )(\d{1,6}(?:\.\d{1,3})?)—((?:19|20)\d\d)$`)
	draftForm  = regexp.MustCompile(`(?i)示范|计划|草案|征求意见|送审|报批|待定|[x×○*□]{2,}`)
	otherLevel = regexp.MustCompile(`^(GB|[TQ]/|[A-Z]{2}(/T)? ?\d)`)
)

// localNumber brings the number of a local standard into the field's spelling,
// "DB31/T 310003—2025", "DB31 310003.2—2025". A number that is not final, such
// as DB31/T 示范001—2026, DB31/T 310xxx—2026 or the number of a plan, is taken
// as it is; what sets out to be a local standard's number and is not is
// refused, with what is wrong.
func localNumber(region, number string) (string, error) {
	typed, field := strings.TrimSpace(number), "number-"+region
	if err := line(field, typed); err != nil || typed == "" {
		return "", err
	}
	s := strings.Join(strings.Fields(halfWidth.Replace(typed)), " ")
	if draftForm.MatchString(s) {
		return typed, nil
	}
	upper := strings.ToUpper(s)
	switch {
	case strings.HasPrefix(upper, "DB"):
	case otherLevel.MatchString(upper):
		return "", refuse(Invalid, field, "“%s”不是地方标准的编号：%s的地方标准写作 DB%s/T 310003—2025。 That is no local standard's number: write DB%s/T 310003—2025.", clip(typed), RegionOf(region).Name, region, region)
	default:
		return typed, nil // a plan's number
	}
	s = dashes.ReplaceAllString(upper, "—")
	s = strings.ReplaceAll(strings.ReplaceAll(s, " /", "/"), "/ ", "/")
	parts := localForm.FindStringSubmatch(s)
	switch {
	case parts == nil && !strings.Contains(s, "—"):
		return "", refuse(Invalid, field, "“%s”缺年代号：写作 DB%s/T 310003—2025（尚未编号的写 DB%s/T 310xxx—2026）。 The year is missing: write DB%s/T 310003—2025 (or 310xxx while there is none).", clip(typed), region, region, region)
	case parts == nil:
		return "", refuse(Invalid, field, "“%s”不像地方标准的编号：写作 DB%s/T 310003—2025，强制性标准没有“/T”。 That is not spelt as a local standard's number: write DB%s/T 310003—2025, without /T if mandatory.", clip(typed), region, region)
	case parts[1] != region:
		return "", refuse(Invalid, field, "“%s”是%s的编号，%s的以 DB%s 开头。 DB%s belongs to %s: a number of %s begins with DB%s.", clip(typed), RegionOf(parts[1]).Name, RegionOf(region).Name, region, parts[1], RegionOf(parts[1]).English, RegionOf(region).English, region)
	}
	return "DB" + parts[1] + strings.TrimSpace(parts[2]) + " " + parts[3] + "—" + parts[4], nil
}

// Final tells whether the issue bears a local standard's number, and not that
// of a plan or of a draft.
func (i Issue) Final() bool { return localForm.MatchString(i.Number) }

// Remark is something about the issues of a project that people should see to;
// it stops nothing.
type Remark string

const (
	SerialsDiffer  Remark = "serials"   // one text bears one serial under each prefix
	YearsDiffer    Remark = "years"     // published together, in one year
	PublishedApart Remark = "published" // published together means on one day
	EffectiveApart Remark = "effective" // the text takes effect on different days
	NumbersFinal   Remark = "final"     // a number of some regions is final, of others not
	StartedApart   Remark = "started"   // one joint project has one start
	NoDaysOfEffect Remark = "transit"   // takes effect on the day of publication
)

// Remarks compares the issues with each other and with the mode.
func (p Project) Remarks() (out []Remark) {
	values := map[string]map[string]bool{}
	final, sameDay := 0, false
	regions := p.regions()
	for _, region := range regions {
		issue := p.Issues[region]
		note := func(name, value string) {
			if values[name] == nil {
				values[name] = map[string]bool{}
			}
			if value != "" {
				values[name][value] = true
			}
		}
		if parts := localForm.FindStringSubmatch(issue.Number); parts != nil {
			final++
			note("serial", strings.TrimSpace(parts[2])+parts[3])
			note("year", parts[4])
		}
		note("started", issue.Started)
		note("published", issue.Published)
		note("effective", issue.Effective)
		sameDay = sameDay || issue.Published != "" && issue.Published == issue.Effective
	}
	say := func(yes bool, r Remark) {
		if yes {
			out = append(out, r)
		}
	}
	joint := p.Mode == Jointly
	say(len(values["serial"]) > 1, SerialsDiffer)
	say(joint && len(values["year"]) > 1, YearsDiffer)
	say(final > 0 && final < len(regions), NumbersFinal)
	say(joint && len(values["started"]) > 1, StartedApart)
	say(joint && len(values["published"]) > 1, PublishedApart)
	say(len(values["effective"]) > 1, EffectiveApart)
	say(sameDay, NoDaysOfEffect)
	return out
}

// mostOfTerritory bounds the places of a territory.
const mostOfTerritory = 50

// checkTerritory brings the list of places below province level into form. Each
// lies in a region that takes part and is more than that region.
func (p *Project) checkTerritory() error {
	var places []string
	for _, place := range p.Territory {
		place = strings.Trim(strings.TrimSpace(place), "、，,;；")
		if place == "" || slices.Contains(places, place) {
			continue
		}
		if err := line("territory", place); err != nil {
			return err
		}
		if !slices.ContainsFunc(p.regions(), func(code string) bool {
			name := RegionOf(code).Name
			return strings.HasPrefix(place, name) && place != name
		}) {
			return refuse(Invalid, "territory", "“%s”要从参加的省（市）写起，例如“浙江省嘉善县”；全省适用的不必写。 Begin %q with a region that takes part, such as 浙江省嘉善县; leave a whole region out.", clip(place), clip(place))
		}
		places = append(places, place)
	}
	if len(places) > mostOfTerritory {
		return refuse(Invalid, "territory", "最多写 %d 个地方。 At most %d places.", mostOfTerritory, mostOfTerritory)
	}
	p.Territory = places
	return nil
}
