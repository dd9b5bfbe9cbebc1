package registry

import (
	"cmp"
	"slices"
	"time"

	"tongbiao/editor"
)

// ReviewClock is how often a region's standards are reviewed (复审).
type ReviewClock struct {
	Region   string // code
	Years    int    // at most, from publication or the last review
	Evaluate int    // months before the end at which an evaluation is due; 0: none is asked
	Zh, En   string // the source of the rule
}

// ReviewClocks by region, 沪 苏 浙 皖.
var ReviewClocks = []ReviewClock{
	{"31", 3, 6, "《上海市标准化条例》第二十三条：复审周期一般不超过三年，届满六个月前开展评估", "Regulations of Shanghai on Standardization, art. 23: as a rule at most three years, evaluated six months before"},
	{"32", 5, 0, "《标准化法》第二十九条：复审周期一般不超过五年", "Standardization Law, art. 29: as a rule at most five years"},
	{"33", 5, 0, "《标准化法》第二十九条：复审周期一般不超过五年", "Standardization Law, art. 29: as a rule at most five years"},
	{"34", 5, 0, "《标准化法》第二十九条：复审周期一般不超过五年", "Standardization Law, art. 29: as a rule at most five years"},
}

// clock says when an edition is to be evaluated and reviewed next.
func (e Edition) clock() (c ReviewClock, evaluate, due string) {
	at := slices.IndexFunc(ReviewClocks, func(c ReviewClock) bool { return c.Region == e.Region })
	if at < 0 {
		return c, "", ""
	}
	c = ReviewClocks[at]
	from := e.Published
	if n := len(e.Reviewed); n > 0 {
		from = e.Reviewed[n-1].Day
	}
	start, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return c, "", ""
	}
	end := addMonths(start, 12*c.Years)
	if c.Evaluate > 0 {
		evaluate = addMonths(end, -c.Evaluate).Format(time.DateOnly)
	}
	return c, evaluate, end.Format(time.DateOnly)
}

// addMonths goes to the same day of another month, or to the month's last where
// it has no such day: 29 February and one year is 28 February.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, min(t.Day(), first.AddDate(0, 1, -1).Day())-1)
}

// Urgency of a review.
type Urgency string

const (
	Overdue  Urgency = "overdue"  // the day is over
	Evaluate Urgency = "evaluate" // the time of its evaluation, or within six months where none is asked
	Later    Urgency = "later"
)

// DueReview is an edition in force that is to be reviewed.
type DueReview struct {
	Issued
	Title   string
	Urgency Urgency
	Running bool // a review has begun
}

// Reviews lists what is to be reviewed, the most urgent first; region "" takes
// all. Regulations have no clock.
func (r *Registry) Reviews(region string) ([]DueReview, error) {
	held, err := r.held()
	if err != nil {
		return nil, err
	}
	today := r.today()
	var out []DueReview
	err = r.store.View(func(tx Tx) error {
		for _, s := range held {
			if s.Header.Convention == editor.Regulation || len(s.Header.Regions) == 0 {
				continue
			}
			list, err := issuedAt(tx, s.ID, today)
			if err != nil {
				return err
			}
			p, err := processAt(tx, s.ID)
			if err != nil {
				return err
			}
			for _, i := range list {
				if i.Due == "" || i.Status != "in-force" && i.Status != "published" || region != "" && i.Region != region {
					continue
				}
				out = append(out, DueReview{i, s.Header.Title, i.urgency(today), p.Stage == StagePeriodicReview})
			}
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b DueReview) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Number, b.Number))
	})
	return out, err
}

func (i Issued) urgency(today string) Urgency {
	from := i.Evaluate
	if end, err := time.Parse(time.DateOnly, i.Due); from == "" && err == nil {
		from = addMonths(end, -6).Format(time.DateOnly)
	}
	switch {
	case i.Due < today:
		return Overdue
	case from <= today:
		return Evaluate
	}
	return Later
}
