package registry

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
)

// regionsOf are the regions of a standard; a national one has the one "".
func (s *stepState) regionsOf() []string {
	if len(s.std.Header.Regions) == 0 {
		return []string{""}
	}
	out := slices.Clone(s.std.Header.Regions)
	slices.Sort(out)
	return out
}

// regionsLeft are the regions for which a step can still be taken, of those that
// the member may take it for: not yet published in this cycle; or with an
// edition that is not withdrawn.
func (s *stepState) regionsLeft(actor Member, t Transition) (out []string, err error) {
	all, err := editionsAt(s.tx, s.std.ID)
	if err != nil {
		return nil, err
	}
	here := slices.ContainsFunc(all, func(e Edition) bool { return e.Cycle == s.p.Cycle })
	for _, region := range s.regionsOf() {
		done := slices.ContainsFunc(all, func(e Edition) bool { return e.Region == region && e.Cycle == s.p.Cycle })
		alive := slices.ContainsFunc(all, func(e Edition) bool { return e.Region == region && e.Withdrawn == "" })
		fits := alive
		if t.Verb == PublishEdition {
			fits = !done && (here || s.p.Stage == StageApproval)
		}
		if fits && May(actor, t.Verb, region) == nil {
			out = append(out, region)
		}
	}
	return out, nil
}

// askIssues checks what each region says that it publishes.
func (s *stepState) askIssues() error {
	known, err := editions.all(s.tx, s.std.ID, seq(uint64(s.p.Cycle)))
	if err != nil {
		return err
	}
	if len(s.req.Issues) == 0 {
		return refuse(Invalid, "issues", "请至少写一个地区的编号和日期。 Give number and dates of at least one region.")
	}
	if s.p.Stage != StageApproval && len(known) == 0 {
		return refuse(Conflict, "issues", "这一轮还没有批准：请先报批。 This cycle is not approved: send it to approval first.")
	}
	var faults []error
	clean := map[string]Issue{}
	for _, region := range s.concerned(Transition{Asks: []Ask{AskIssues}}) {
		i := s.req.Issues[region]
		switch {
		case !slices.Contains(s.regionsOf(), region):
			faults = append(faults, refuse(Invalid, "issues", "这项标准不属于%s。 The standard is not one of %s.", RegionOf(region).Name, RegionOf(region).English))
		case slices.ContainsFunc(known, func(e Edition) bool { return e.Region == region }):
			faults = append(faults, refuse(Conflict, "number-"+region, "%s已经发布。 %s has published already.", RegionOf(region).Name, RegionOf(region).English))
		default:
			i.Issuer = cmp.Or(strings.TrimSpace(i.Issuer), Authorities[region])
			faults = append(faults, s.checkIssue(region, &i)...)
			clean[region] = i
		}
	}
	s.req.Issues = clean
	return errors.Join(faults...)
}

// checkIssue brings one region's number and dates into form.
func (s *stepState) checkIssue(region string, i *Issue) []error {
	var faults []error
	if region == "" {
		i.Number = strings.TrimSpace(i.Number)
		i.Published, i.Effective = strings.TrimSpace(i.Published), strings.TrimSpace(i.Effective)
		if err := line("number-", i.Number); err != nil {
			faults = append(faults, err)
		}
	} else {
		faults = i.check(region)
	}
	if len(faults) > 0 {
		return faults
	}
	place := RegionOf(region)
	miss := func(field, zh, en string) {
		faults = append(faults, refuse(Invalid, field+"-"+region, "请写%s的%s。 Give the %s of %s.", place.Name, zh, en, place.English))
	}
	if i.Number == "" {
		miss("number", "标准编号", "number")
	} else if region != "" && !i.Final() && !strings.Contains(i.Number, "示范") {
		faults = append(faults, refuse(Invalid, "number-"+region, "“%s”还不是正式编号，不能发布：写作 DB%s/T 310003—2026。 %q is no final number: write DB%s/T 310003—2026.", clip(i.Number), region, clip(i.Number), region))
	}
	if i.Published == "" {
		miss("published", "发布日期", "date of publication")
	}
	if i.Effective == "" {
		miss("effective", "实施日期", "effective date")
	}
	if i.Issuer == "" {
		miss("issuer", "发布机构", "issuer")
	}
	if err := s.numberFree(i.Number, region); err != nil {
		faults = append(faults, err)
	}
	return faults
}

// numberFree refuses a number that another text bears.
func (s *stepState) numberFree(number, region string) error {
	key, taken := numberKey(number), ""
	look := func(standard, other string) {
		if other != "" && numberKey(other) == key && standard != s.std.ID {
			taken = standard
		}
	}
	err := errors.Join(
		standards.scan(s.tx, func(o Standard) error {
			for _, n := range o.Header.Numbers {
				look(o.ID, n)
			}
			return nil
		}),
		editions.scan(s.tx, func(e Edition) error {
			look(e.Standard, e.Number)
			if e.Standard == s.std.ID && numberKey(e.Number) == key {
				taken = e.Standard
			}
			return nil
		}))
	if err == nil && taken != "" && number != "" {
		err = refuse(Conflict, "number-"+region, "编号 %s 已用于 %s。 The number %s belongs to %s.", number, taken, number, taken)
	}
	return err
}

// publish keeps an edition a region, and says what it takes the place of.
func (s *stepState) publish(c *change, step *StepTaken) error {
	t, err := textAt(s.tx, Ref{Standard: s.std.ID, Revision: s.p.Revision})
	if err != nil {
		return err
	}
	hash := bodyHash(t.Document)
	for _, region := range s.concerned(Transition{Asks: []Ask{AskIssues}}) {
		i := s.req.Issues[region]
		e := Edition{
			Standard: s.std.ID, Revision: s.p.Revision, Cycle: s.p.Cycle, Region: region, Number: i.Number, Issuer: i.Issuer,
			Published: i.Published, Effective: i.Effective, TextHash: hash, Replaces: replacedBy(t.Revision.Header.Replaces, region),
			By: c.actor.ID, Time: c.r.now().UTC().Truncate(time.Second),
		}
		if err := e.put(c); err != nil {
			return err
		}
		for _, n := range e.Replaces {
			if region != "" && !strings.HasPrefix(numberKey(n), "DB"+region) {
				continue // a region's edition takes the place of that region's numbers, not of the nation's or a group's
			}
			old := Supersession{Number: n, Standard: e.Standard, By: e.Number, From: e.Effective}
			if err := supersessions.put(c, old, numberKey(n)); err != nil {
				return err
			}
		}
		step.Regions, step.Numbers = append(step.Regions, region), append(step.Numbers, e.Number)
	}
	return nil
}

// replacedBy are the numbers that a region's edition takes the place of: a local
// number of another region is replaced by that region's edition.
func replacedBy(numbers []string, region string) (out []string) {
	for _, n := range numbers {
		key := numberKey(n)
		if region == "" || !strings.HasPrefix(key, "DB") || strings.HasPrefix(key, "DB"+region) {
			out = append(out, n)
		}
	}
	return out
}

// each calls fn for the newest edition of each region that the form names, or
// of all, that is not withdrawn; fn changes it.
func (s *stepState) each(c *change, step *StepTaken, fn func(*Edition)) error {
	all, err := editionsAt(s.tx, s.std.ID)
	if err != nil {
		return err
	}
	wanted := s.req.Regions
	if len(wanted) == 0 {
		wanted = s.regionsOf()
	}
	for _, region := range wanted {
		at := -1
		for i, e := range all {
			if e.Region == region && e.Withdrawn == "" {
				at = i
			}
		}
		if at < 0 {
			if len(all) == 0 && len(s.req.Regions) == 0 {
				continue // in force by its header alone
			}
			return refuse(Invalid, "regions", "%s没有有效的发布版。 There is no edition of %s that is not withdrawn.", RegionOf(region).Name, RegionOf(region).English)
		}
		e := all[at]
		if e.TextHash == "" { // from outside: kept from now on
			t, err := textAt(s.tx, Ref{Standard: s.std.ID, Revision: e.Revision})
			if err != nil {
				return err
			}
			e.TextHash = bodyHash(t.Document)
		}
		fn(&e)
		if err := e.put(c); err != nil {
			return err
		}
		step.Regions, step.Numbers = append(step.Regions, region), append(step.Numbers, e.Number)
	}
	return nil
}

// renew starts the review clock anew.
func (s *stepState) renew(c *change, step *StepTaken) error {
	return s.each(c, step, func(e *Edition) {
		e.Reviewed = append(e.Reviewed, Renewal{s.today, c.actor.ID, s.req.Note})
	})
}

// withdraw takes editions out of force from a day on. The stage follows by the
// calendar; a standard that is in force by its header alone is withdrawn at once.
func (s *stepState) withdraw(c *change, step *StepTaken) (Stage, error) {
	step.Day = s.req.Day
	err := s.each(c, step, func(e *Edition) { e.Withdrawn = s.req.Day })
	if err == nil && len(step.Numbers) == 0 {
		return StageWithdrawn, nil
	}
	return StageInForce, err
}
