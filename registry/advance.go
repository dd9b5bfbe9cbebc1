package registry

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// StepRequest is what somebody asks for: a verb of the table and what its form
// says.
type StepRequest struct {
	Verb     Verb
	Version  int // of the process that the form showed
	Revision int // that the form showed; 0 does not say
	Note     string
	Plan     string

	Opens, Closes string // YYYY-MM-DD
	Contact       string
	Public        bool
	Asked         []string // units

	Issues  map[string]Issue // by region: number, issuer, published, effective
	Regions []string         // for which a review is concluded or the standard withdrawn; none: all
	Day     string           // YYYY-MM-DD
}

// StepTaken is a step that was taken.
type StepTaken struct {
	N            int           `json:"n"` // Process.Version after it
	Verb         Verb          `json:"verb"`
	From         Stage         `json:"from"`
	To           Stage         `json:"to"`
	Revision     int           `json:"revision"`
	Cycle        int           `json:"cycle"`
	By           string        `json:"by"`
	Time         time.Time     `json:"time"`
	Note         string        `json:"note,omitempty"`
	Plan         string        `json:"plan,omitempty"`
	Consultation *Consultation `json:"consultation,omitempty"`
	Regions      []string      `json:"regions,omitempty"` // that it concerned
	Numbers      []string      `json:"numbers,omitempty"` // that were published, or withdrawn
	Day          string        `json:"day,omitempty"`
	Waived       []string      `json:"waived,omitempty"` // error-level findings that were waived when it was taken
	Event        uint64        `json:"event"`
}

var takenSteps = table[StepTaken]{"step", "个流程步骤"}

const (
	maxNote   = 4 << 10 // bytes
	mostAsked = 500     // units
)

// Blocked refuses a step because of what is missing.
type Blocked struct {
	*Refusal
	Missing []Missing
}

// Unwrap gives the Refusal, so that Refused and errors.As find it.
func (b *Blocked) Unwrap() error { return b.Refusal }

func blocked(list []Missing) error {
	var said []string
	for _, m := range list {
		said = append(said, m.Reason)
	}
	return &Blocked{&Refusal{Kind: Invalid, Field: "gates", Reason: strings.Join(said, "\n")}, list}
}

// Advance takes a step of the procedure. A stale form and a step that does not
// begin in the present stage are a Conflict; a gate that is not open is a
// Blocked refusal that says what is missing. Nothing is changed then.
func (r *Registry) Advance(actor Member, standard string, req StepRequest) (Process, error) {
	t, known := TransitionOf(req.Verb)
	if !known {
		return Process{}, refuse(Invalid, "verb", "没有这个步骤。 There is no such step.")
	}
	text, err := r.checked(standard, t)
	if err != nil {
		return Process{}, err
	}
	var p Process
	err = r.update(actor, func(c *change) error {
		s := &stepState{tx: c.Tx, req: req, today: r.today(), text: text}
		if err := s.read(standard); err != nil {
			return err
		}
		if err := May(actor, t.Verb, s.concerned(t)...); err != nil {
			return err
		}
		if req.Version != s.p.Version {
			return refuse(Conflict, "version", "流程刚刚有了变化：请看现在的状态再决定。 The process has just moved on: look at it again.")
		}
		if !t.Begins(s.p.Stage) {
			info := s.p.Stage.Info()
			return refuse(Conflict, "verb", "标准现处于“%s”阶段，不能%s。 The standard is at the stage %q: this step does not begin there.", info.Zh, t.Zh, info.En)
		}
		if req.Revision != 0 && req.Revision != s.p.Revision {
			return refuse(Conflict, "revision", "正文已有第 %d 版，不是您看到的第 %d 版：请看过再决定。 The text is now revision %d, not %d: look at it first.", s.p.Revision, req.Revision, s.p.Revision, req.Revision)
		}
		if text.revision != 0 && text.revision != s.p.Revision {
			return refuse(Conflict, "revision", "刚刚有了第 %d 版：请看过再决定。 Revision %d has just come: look at it first.", s.p.Revision, s.p.Revision)
		}
		if text.revision != 0 {
			if now, err := ruleState(c.Tx, standard); err != nil {
				return err
			} else if now != text.rules {
				return refuse(Conflict, "gates", "刚刚有人改了检查规则或豁免：请再试一次。 Somebody has just changed rules or waivers: try again.")
			}
		}
		if err := s.ask(t); err != nil {
			return err
		}
		list, err := s.missing(t)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			return blocked(list)
		}
		p, err = s.take(c, t)
		return err
	})
	return p, err
}

// read finds the standard and where it stands today.
func (s *stepState) read(standard string) (err error) {
	if s.std, err = standards.get(s.tx, standard); err != nil {
		return err
	}
	if s.p, err = processAt(s.tx, standard); err != nil {
		return err
	}
	s.p, err = s.p.on(s.tx, s.today)
	return err
}

// concerned are the regions whose step it is: those of the form where a step is
// taken by region, those of the standard otherwise.
func (s *stepState) concerned(t Transition) []string {
	var out []string
	switch {
	case t.Needs(AskIssues) && len(s.req.Issues) > 0:
		for region := range s.req.Issues {
			out = append(out, region)
		}
		slices.Sort(out)
	case t.Needs(AskPlaces) && len(s.req.Regions) > 0:
		out = s.req.Regions
	default:
		out = s.std.Header.Regions
	}
	return out
}

// ask brings what the form says into form and refuses what is wrong or absent.
func (s *stepState) ask(t Transition) error {
	q := &s.req
	q.Note, q.Plan, q.Contact = strings.TrimSpace(strings.ReplaceAll(q.Note, "\r\n", "\n")), strings.TrimSpace(q.Plan), strings.TrimSpace(q.Contact)
	if err := errors.Join(within("note", q.Note, maxNote), line("plan", q.Plan), line("contact", q.Contact)); err != nil {
		return err
	}
	if t.Needs(AskNote) && q.Note == "" {
		return refuse(Invalid, "note", "请写明理由。 Say why.")
	}
	switch {
	case t.Needs(AskDates):
		return s.askDates()
	case t.Needs(AskCloses):
		return s.askCloses()
	case t.Needs(AskIssues):
		return s.askIssues()
	}
	if t.Needs(AskDay) {
		d, ok := day(cmp.Or(q.Day, s.today))
		if !ok || d < s.today {
			return refuse(Invalid, "day", "请写今天或以后的日期，例如 %s。 Write a day, today or later, such as %s.", s.today, s.today)
		}
		q.Day = d
	}
	return nil
}

func (s *stepState) askDates() error {
	q := &s.req
	var err error
	if q.Opens, q.Closes, err = days(cmp.Or(q.Opens, s.today), q.Closes, s.today); err != nil {
		return err
	}
	if q.Contact == "" {
		return refuse(Invalid, "contact", "请写联系人和联系方式，公众要找得到人。 Say whom to turn to: name and address or telephone.")
	}
	var units []string
	for _, u := range q.Asked {
		if u = strings.TrimSpace(u); u == "" || slices.Contains(units, u) {
			continue
		}
		if utf8.RuneCountInString(u) > maxLine {
			return line("asked", u)
		}
		units = append(units, u)
	}
	if len(units) > mostAsked {
		return refuse(Invalid, "asked", "最多 %d 个单位。 At most %d units.", mostAsked, mostAsked)
	}
	q.Asked = units
	return nil
}

func (s *stepState) askCloses() error {
	c := s.p.Consultation
	if c == nil {
		return refuse(Conflict, "closes", "没有正在进行的征求意见。 No consultation is open.")
	}
	to, ok := day(s.req.Closes)
	if !ok || to <= c.Closes || to < s.today {
		return refuse(Invalid, "closes", "新的截止日期要晚于 %s。 The new last day must be later than %s.", max(c.Closes, s.today), max(c.Closes, s.today))
	}
	s.req.Closes = to
	return nil
}

// take writes what a step changes, and its event.
func (s *stepState) take(c *change, t Transition) (Process, error) {
	p, at := s.p, c.r.now().UTC().Truncate(time.Second)
	head, _, err := heads.find(c.Tx, "head")
	if err != nil {
		return p, err
	}
	step := StepTaken{N: p.Version + 1, Verb: t.Verb, From: p.Stage, By: c.actor.ID, Time: at, Note: s.req.Note, Event: head.Seq + 1}
	p.Stage, p.Since, p.Version = t.To, at, step.N
	switch t.Verb {
	case AdmitProject:
		p.Plan, step.Plan = s.req.Plan, s.req.Plan
	case OpenConsultation:
		p.Consultation = &Consultation{p.Revision, s.req.Opens, s.req.Closes, s.req.Contact, s.req.Public, s.req.Asked}
		step.Consultation = p.Consultation
	case ExtendConsultation:
		longer := *p.Consultation
		longer.Closes = s.req.Closes
		p.Consultation, step.Consultation = &longer, &longer
	case PublishEdition:
		err = s.publish(c, &step)
	case ConfirmEdition:
		p.Stage = StageInForce
		err = s.renew(c, &step)
	case WithdrawEdition:
		p.Stage, err = s.withdraw(c, &step)
	case ReviseStandard:
		p.Cycle, p.Consultation, p.Opened, p.Plan, p.Revision = p.Cycle+1, nil, step.Event, "", s.std.Current
	case CancelProject:
		p.Stage, err = s.cancelled()
	}
	if err != nil {
		return p, err
	}
	for _, f := range s.text.waived[t.To] {
		step.Waived = append(step.Waived, f.Rule+" "+f.Message)
	}
	step.To, step.Revision, step.Cycle = p.Stage, p.Revision, p.Cycle
	if err := processes.put(c, p, s.std.ID); err != nil {
		return p, err
	}
	if err := takenSteps.put(c, step, s.std.ID, seq(uint64(step.N))); err != nil {
		return p, err
	}
	if err := c.log(t.Verb, "standards/"+s.std.ID, step); err != nil {
		return p, err
	}
	return p.on(c.Tx, s.today)
}

// cancelled is where a project that is given up leaves its standard: in force
// where an earlier text was published.
func (s *stepState) cancelled() (Stage, error) {
	all, err := editionsAt(s.tx, s.std.ID)
	if len(all) > 0 {
		return StageInForce, err
	}
	return StageCancelled, err
}

// Option is a step that could follow.
type Option struct {
	Transition
	Refused string    // why the member may not take it; "" where it may
	Missing []Missing // what stands in the way
	Waived  []string  // error-level findings that do not, because they were waived
	Regions []string  // that the member may take it for, where it is taken by region
}

// Ready tells whether nothing stands in the way.
func (o Option) Ready() bool { return o.Refused == "" && len(o.Missing) == 0 }

// ProcessView is everything that the process page says.
type ProcessView struct {
	Standard    Standard
	Process     Process
	Status      string // on this day
	Today       string
	Rule        ConsultationRule
	Steps       []StepTaken // oldest first
	Options     []Option
	Documents   []Document // of this cycle, in the order of DocumentKinds
	Attachments []Attachment
	Editions    []Issued
	Ballots     []Ballot
	Undisposed  int
	MayAttach   bool
}

// ProcessView says where a standard stands, what was done, what could come next
// for this member, and what is missing.
func (r *Registry) ProcessView(actor Member, standard string) (ProcessView, error) {
	text, err := r.checked(standard, Workflow...)
	if err != nil {
		return ProcessView{}, err
	}
	out := ProcessView{Today: r.today()}
	err = r.store.View(func(tx Tx) error {
		s := &stepState{tx: tx, today: out.Today, text: text}
		if err := s.read(standard); err != nil {
			return err
		}
		out.Standard, out.Process, out.Rule = s.std, s.p, consultationRule(s.std.Header.Kind)
		out.MayAttach = May(actor, AttachDocument, s.std.Header.Regions...) == nil
		return errors.Join(s.options(actor, &out), s.records(&out))
	})
	return out, err
}

// records reads what the page lists.
func (s *stepState) records(out *ProcessView) (err error) {
	read := func(fn func() error) {
		if err == nil {
			err = fn()
		}
	}
	id := s.std.ID
	read(func() (e error) { out.Status, e = statusAt(s.tx, id, s.today); return })
	read(func() (e error) { out.Steps, e = takenSteps.all(s.tx, id); return })
	read(func() (e error) { out.Editions, e = issuedAt(s.tx, id, s.today); return })
	read(func() (e error) { out.Ballots, e = ballots.all(s.tx, id); return })
	read(func() (e error) { out.Attachments, e = attachments.all(s.tx, id); return })
	read(func() (e error) { out.Undisposed, e = undisposed(s.tx, id); return })
	for _, kind := range DocumentKinds {
		read(func() error {
			d, e := s.document(kind)
			out.Documents = append(out.Documents, d)
			return e
		})
	}
	return err
}

func (s *stepState) options(actor Member, out *ProcessView) error {
	for _, t := range Workflow {
		if !t.Begins(s.p.Stage) {
			continue
		}
		o := Option{Transition: t}
		regions := s.std.Header.Regions
		if t.Needs(AskIssues) || t.Needs(AskPlaces) {
			var err error
			if o.Regions, err = s.regionsLeft(actor, t); err != nil {
				return err
			}
			if t.Verb == PublishEdition && len(o.Regions) == 0 && s.p.Stage != StageApproval {
				continue // all regions have published
			}
			if len(o.Regions) > 0 {
				regions = o.Regions
			}
		}
		var refusal *Refusal
		if err := May(actor, t.Verb, regions...); errors.As(err, &refusal) {
			o.Refused = refusal.Reason
		}
		var err error
		if o.Missing, err = s.missing(t); err != nil {
			return fmt.Errorf("options of %s: %w", s.std.ID, err)
		}
		for _, f := range s.text.waived[t.To] {
			o.Waived = append(o.Waived, f.Message)
		}
		out.Options = append(out.Options, o)
	}
	return nil
}

// StepsTaken are the steps that were taken, oldest first.
func (r *Registry) StepsTaken(standard string) (list []StepTaken, err error) {
	err = r.store.View(func(tx Tx) error {
		list, err = takenSteps.all(tx, standard)
		return err
	})
	return list, err
}
