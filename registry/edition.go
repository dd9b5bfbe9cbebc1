package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tongbiao/editor"
)

// Edition is a text as one region published it: immutable, with the region's
// own number, issuer and dates over the one body. A standard of one region has
// one edition a cycle, a unified one up to four; their bodies are the same byte
// for byte, which TextHash says.
type Edition struct {
	Standard  string    `json:"standard"`
	Revision  int       `json:"revision"`
	Cycle     int       `json:"cycle"`  // of the process that published it; 0 for one that came from outside with its header
	Region    string    `json:"region"` // code; "" for a national standard
	Number    string    `json:"number"`
	Issuer    string    `json:"issuer,omitempty"`
	Published string    `json:"published"`           // YYYY-MM-DD
	Effective string    `json:"effective"`           // YYYY-MM-DD; in force from this day on
	TextHash  string    `json:"text"`                // SHA-256 of the body and of what the header says whatever the region, hex
	Replaces  []string  `json:"replaces,omitempty"`  // numbers of the texts that it takes the place of
	Withdrawn string    `json:"withdrawn,omitempty"` // YYYY-MM-DD; out of force from this day on
	Reviewed  []Renewal `json:"reviewed,omitempty"`  // periodic reviews that confirmed it, oldest first
	By        string    `json:"by,omitempty"`
	Time      time.Time `json:"time,omitzero"`
	Declared  string    `json:"-"` // what the header of a text from outside says of itself: superseded or withdrawn
}

// Renewal is a periodic review that found that an edition goes on.
type Renewal struct {
	Day  string `json:"day"` // YYYY-MM-DD
	By   string `json:"by"`
	Note string `json:"note,omitempty"`
}

// Supersession says that the text of a number gave way to another.
type Supersession struct {
	Number   string `json:"number"`   // that is superseded, in the field's spelling
	Standard string `json:"standard"` // that takes its place
	By       string `json:"by"`       // number that takes its place
	From     string `json:"from"`     // YYYY-MM-DD
}

var (
	editions      = table[Edition]{"edition", "个发布版"}
	supersessions = table[Supersession]{"supersession", "个代替关系"}
)

// ID names the edition within its standard by revision and region: "3-31".
func (e Edition) ID() string { return fmt.Sprintf("%d-%s", e.Revision, cmp.Or(e.Region, "00")) }

func (e Edition) put(tx Tx) error {
	return editions.put(tx, e, e.Standard, seq(uint64(e.Cycle)), cmp.Or(e.Region, "00"), seq(uint64(e.Revision)))
}

// PatentCall stands on the cover of a draft for comment or review and not on
// what is published (GB/T 1.1—2020, 8.1).
const PatentCall = "在提交反馈意见时，请将您知道的相关专利连同支持性文件一并附上。"

// numberKey is a number without what people spell differently.
func numberKey(number string) string { return editor.NumberKey(number) }

// bodyHash is the hash of what a text says, whatever the region that issues it.
func bodyHash(doc *editor.Document) string {
	h := doc.Header
	body := editor.Document{Header: editor.Header{
		Title: h.Title, English: h.English, Kind: h.Kind, Convention: h.Convention, ICS: h.ICS, CCS: h.CCS, Adopts: h.Adopts,
	}, Clauses: doc.Clauses}
	return hashOf(editor.Write(&body))
}

// Text writes the edition's text: the body of its revision under the edition's
// own number, region, issuer and dates.
func (e Edition) Text(doc *editor.Document) []byte {
	own := *doc
	own.Header.Numbers, own.Header.Issuer = []string{e.Number}, e.Issuer
	own.Header.Published, own.Header.Effective, own.Header.Status = e.Published, e.Effective, "published"
	own.Header.Regions, own.Header.Replaces = nil, e.Replaces
	own.Header.Notice = strings.TrimSpace(strings.ReplaceAll(own.Header.Notice, PatentCall, ""))
	if e.Region != "" {
		own.Header.Regions = []string{e.Region}
	}
	return editor.Write(&own)
}

// EditionText finds an edition by its ID with its text.
func (r *Registry) EditionText(standard, id string) (e Edition, text []byte, err error) {
	err = r.store.View(func(tx Tx) error {
		list, err := editionsAt(tx, standard)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(list, func(e Edition) bool { return e.ID() == id })
		if at < 0 {
			return refuse(NotFound, "", "没有这个发布版：%s。 There is no such edition.", id)
		}
		e = list[at]
		t, err := textAt(tx, Ref{Standard: standard, Revision: e.Revision})
		if err != nil {
			return err
		}
		text = e.Text(t.Document)
		return nil
	})
	return e, text, err
}

// Editions are all editions of a standard, the oldest first, 沪 苏 浙 皖 within a
// cycle: those that were published here, and those that came from outside.
func (r *Registry) Editions(standard string) (list []Edition, err error) {
	err = r.store.View(func(tx Tx) error {
		list, err = editionsAt(tx, standard)
		return err
	})
	return list, err
}

func editionsAt(tx Tx, standard string) ([]Edition, error) {
	if _, err := standards.get(tx, standard); err != nil {
		return nil, err
	}
	known, err := editions.all(tx, standard)
	if err != nil {
		return nil, err
	}
	texts, err := revisions.all(tx, standard)
	if err != nil {
		return nil, err
	}
	var outside []Edition
	for _, v := range texts {
		for _, e := range declared(v) {
			same := func(k Edition) bool { return k.Region == e.Region && numberKey(k.Number) == numberKey(e.Number) }
			if !slices.ContainsFunc(known, same) && !slices.ContainsFunc(outside, same) {
				outside = append(outside, e)
			}
		}
	}
	slices.SortStableFunc(outside, func(a, b Edition) int { return cmp.Compare(a.Published, b.Published) })
	return append(outside, known...), nil
}

// declared are the editions that the header of a text from outside says it is.
func declared(v Revision) (out []Edition) {
	h := v.Header
	if h.Published == "" || h.Status == "draft" || h.Status == "consultation" || h.Primary() == "" {
		return nil
	}
	regions := h.Regions
	if len(regions) == 0 {
		regions = []string{""}
	}
	for _, region := range regions {
		e := Edition{
			Standard: v.Standard, Revision: v.Number, Region: region, Number: h.Primary(), Issuer: h.Issuer,
			Published: h.Published, Effective: cmp.Or(h.Effective, h.Published), Replaces: h.Replaces, Time: v.Time,
		}
		for _, n := range h.Numbers {
			if region != "" && strings.HasPrefix(n, "DB"+region) {
				e.Number = n
			}
		}
		if h.Status == "superseded" || h.Status == "withdrawn" {
			e.Declared = h.Status
		}
		out = append(out, e)
	}
	return out
}

// supersededBy finds who takes an edition's place, from which day on: a later
// edition of the same standard and region, or another standard that says so.
func (e Edition) supersededBy(tx Tx, all []Edition) (Supersession, bool, error) {
	s, found, err := supersessions.find(tx, numberKey(e.Number))
	if err != nil || found {
		return s, found, err
	}
	for _, later := range all {
		if later.Region == e.Region && (later.Cycle > e.Cycle || later.Cycle == e.Cycle && later.Published > e.Published) {
			return Supersession{e.Number, later.Standard, later.Number, later.Effective}, true, nil
		}
	}
	return s, false, nil
}

// Issued is an edition as it stands on a day.
type Issued struct {
	Edition
	Status     string       // published (not yet in force), in-force, superseded, withdrawn
	Superseded Supersession // by what and from when; empty when by nothing
	Clock      ReviewClock  // empty where no rule sets one
	Evaluate   string       // the day from which it is to be evaluated; "" where none is asked
	Due        string       // the day by which it is to be reviewed; "" without a clock
}

// on says how an edition stands on a day (YYYY-MM-DD).
func (e Edition) on(tx Tx, day string, all []Edition) (i Issued, err error) {
	i = Issued{Edition: e, Status: "in-force"}
	var found bool
	if i.Superseded, found, err = e.supersededBy(tx, all); err != nil {
		return i, err
	}
	switch {
	case e.Withdrawn != "" && e.Withdrawn <= day:
		i.Status = "withdrawn"
	case found && i.Superseded.From <= day:
		i.Status = "superseded"
	case e.Declared == "withdrawn", e.Declared != "" && !found: // found: the day on which it ends is known
		i.Status = e.Declared
	case e.Effective > day:
		i.Status = "published"
	}
	i.Clock, i.Evaluate, i.Due = e.clock()
	return i, nil
}

func issuedAt(tx Tx, standard, day string) (out []Issued, err error) {
	all, err := editionsAt(tx, standard)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		i, err := e.on(tx, day, all)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, nil
}

// Issued are the editions of a standard as they stand on a day; "" is today.
func (r *Registry) Issued(standard, day string) (out []Issued, err error) {
	err = r.store.View(func(tx Tx) error {
		out, err = issuedAt(tx, standard, cmp.Or(day, r.today()))
		return err
	})
	return out, err
}

// Today is the day in China, YYYY-MM-DD, by the registry's clock.
func (r *Registry) Today() string { return r.today() }

// statuses from the strongest: a standard is in force where one of its editions
// is.
var statuses = []string{"in-force", "published", "superseded", "withdrawn"}

// StatusOn is the status of a standard on a day ("" is today), computed from its
// editions: in-force, published (not yet in force), superseded, withdrawn; and,
// where it has no edition, what its process or its header says: consultation or
// draft.
func (r *Registry) StatusOn(standard, day string) (status string, err error) {
	err = r.store.View(func(tx Tx) error {
		status, err = statusAt(tx, standard, cmp.Or(day, r.today()))
		return err
	})
	return status, err
}

func statusAt(tx Tx, standard, day string) (string, error) {
	list, err := issuedAt(tx, standard, day)
	if err != nil {
		return "", err
	}
	for _, s := range statuses {
		if slices.ContainsFunc(list, func(i Issued) bool { return i.Status == s && i.Published <= day }) {
			return s, nil
		}
	}
	p, err := processAt(tx, standard)
	if err != nil {
		return "", err
	}
	switch p.Stage {
	case StageConsultation:
		return "consultation", nil
	case StagePublished, StageInForce: // by a header without dates
		return string(p.Stage), nil
	case StageCancelled, StageWithdrawn:
		return "withdrawn", nil
	case StageSuperseded:
		return "superseded", nil
	}
	return "draft", nil
}

// on brings the stage of a published text to a day: it comes into force, and is
// superseded, by the calendar and by no step of anybody.
func (p Process) on(tx Tx, day string) (Process, error) {
	if p.Stage != StagePublished && p.Stage != StageInForce {
		return p, nil
	}
	list, err := issuedAt(tx, p.Standard, day)
	if err != nil || len(list) == 0 {
		return p, err
	}
	for _, s := range statuses {
		at := slices.IndexFunc(list, func(i Issued) bool { return i.Status == s })
		if at < 0 {
			continue
		}
		p.Stage = map[string]Stage{"in-force": StageInForce, "published": StagePublished, "superseded": StageSuperseded, "withdrawn": StageWithdrawn}[s]
		return p, nil
	}
	return p, nil
}

// dressed is the standard as a list shows it on a day: a text that was published
// here has the numbers, dates and status of its editions, one in consultation
// says so, and one that another took the place of is superseded. The header of a
// text that the procedure never touched stays as it is.
func (s Standard) dressed(tx Tx, day string) (Standard, error) {
	over, found, err := supersessions.find(tx, numberKey(s.Header.Primary()))
	if err != nil {
		return s, err
	}
	if found && over.From <= day && over.Standard != s.ID {
		s.Header.Status = "superseded"
	}
	p, held, err := processes.find(tx, s.ID)
	if err != nil || !held {
		return s, err
	}
	if p.Stage == StageConsultation {
		s.Header.Status = "consultation"
	}
	list, err := issuedAt(tx, s.ID, day)
	if err != nil {
		return s, err
	}
	var own []Issued
	for _, i := range list {
		if i.Revision == s.Current {
			own = append(own, i)
		}
	}
	if len(own) == 0 {
		return s, nil
	}
	if len(s.Header.Numbers) == 0 {
		for _, i := range own {
			s.Header.Numbers = append(s.Header.Numbers, i.Number)
		}
	}
	for _, status := range slices.Backward(statuses) {
		if slices.ContainsFunc(own, func(i Issued) bool { return i.Status == status }) {
			s.Header.Status = status
		}
	}
	s.Header.Published, s.Header.Effective = cmp.Or(s.Header.Published, own[0].Published), cmp.Or(s.Header.Effective, own[0].Effective)
	return s, nil
}
