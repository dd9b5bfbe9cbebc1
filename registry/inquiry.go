package registry

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"tongbiao/editor"
)

// MaxInquiry is how many lines one inquiry (查新) may have.
const MaxInquiry = 5000

// maxInquired bounds a line of an inquiry, in bytes.
const maxInquired = 300

// Advice is what to do about a number that was asked for.
type Advice string

const (
	UseIt        Advice = "use"        // in force
	TakeNewer    Advice = "newer"      // another year is in force
	WrongYear    Advice = "year"       // that year is not held, and which one took its place is not known
	TakeOther    Advice = "replaced"   // superseded by another
	NotYet       Advice = "not-yet"    // published, not yet in force
	Withdrawn    Advice = "withdrawn"  //
	OnlyDraft    Advice = "draft"      // not published
	NotHeld      Advice = "not-held"   // nothing is known here
	NotANumber   Advice = "not-number" // the line names no standard
	SeveralMeant Advice = "several"    // the title is that of several texts
)

// InquiryLine is what is known of one line of an inquiry.
type InquiryLine struct {
	Line       int       `json:"line"`             // from 1, blank lines not counted
	Said       string    `json:"said"`             // as it was typed
	Number     string    `json:"number,omitempty"` // as it was read, in the field's spelling; "" where there is none
	Title      string    `json:"title,omitempty"`
	Status     string    `json:"status,omitempty"` // on the day: in-force, published, superseded, withdrawn, draft, consultation
	Effective  string    `json:"effective,omitempty"`
	Superseded string    `json:"superseded_by,omitempty"`   // number
	From       string    `json:"superseded_from,omitempty"` // YYYY-MM-DD
	By         string    `json:"superseded_by_id,omitempty"`
	Holdings   []Holding `json:"holdings,omitempty"`
	Coming     []Coming  `json:"coming,omitempty"`
	Advice     Advice    `json:"advice"`
	Repeats    int       `json:"repeats,omitempty"` // the line that asked for the same before
}

// Holding is a text of ours that a line means.
type Holding struct {
	Standard  string `json:"id"`
	Revision  int    `json:"revision,omitempty"`
	Number    string `json:"number,omitempty"`
	Title     string `json:"title"`
	Status    string `json:"status"`
	Effective string `json:"effective,omitempty"`
}

// Coming is what will change about a standard.
type Coming struct {
	Standard string `json:"id,omitempty"`
	Project  string `json:"project,omitempty"`
	Number   string `json:"number,omitempty"`
	Title    string `json:"title"`
	Stage    Stage  `json:"stage,omitempty"`
	From     string `json:"from,omitempty"` // YYYY-MM-DD; "" where it is not settled
}

// numberShelf is what inquiries look in: every number and title that a text of
// ours bears or bore, as of the standards that are held.
type numberShelf struct {
	held     []Standard
	dated    map[string][]bearing // by number with its year
	undated  map[string][]bearing // by number whatever the year
	titles   map[string][]int     // into held
	replaced map[string]Standard  // by number with its year: who says that it takes its place
}

// bearing is a number that a text bears.
type bearing struct {
	at      int // into held
	number  editor.StandardNumber
	written string
}

type shelves struct {
	mu   sync.Mutex
	last *numberShelf
}

// titleKey is a title without what people leave out or put around it.
func titleKey(title string) string {
	key := strings.NewReplacer("《", "", "》", "", "“", "", "”", "").Replace(editor.NumberKey(title))
	return strings.TrimPrefix(key, "中华人民共和国")
}

// shelf reads what is held; the same one as long as nothing changed.
func (r *Registry) shelf() (*numberShelf, error) {
	held, err := r.held()
	if err != nil {
		return nil, err
	}
	r.shelves.mu.Lock()
	defer r.shelves.mu.Unlock()
	if last := r.shelves.last; last != nil && len(last.held) == len(held) && (len(held) == 0 || &last.held[0] == &held[0]) {
		return last, nil
	}
	s := &numberShelf{held: held, dated: map[string][]bearing{}, undated: map[string][]bearing{}, titles: map[string][]int{}, replaced: map[string]Standard{}}
	err = r.store.View(func(tx Tx) error {
		for i, k := range held {
			s.titles[titleKey(k.Header.Title)] = append(s.titles[titleKey(k.Header.Title)], i)
			for _, n := range k.Header.Replaces {
				s.replaced[keyOf(n)] = k
			}
			numbers := slices.Clone(k.Header.Numbers)
			if _, recorded, err := processes.find(tx, k.ID); err != nil {
				return err
			} else if k.Revisions > 1 || recorded {
				all, err := editionsAt(tx, k.ID)
				if err != nil {
					return err
				}
				for _, e := range all {
					numbers = append(numbers, e.Number)
				}
			}
			s.bear(i, numbers)
		}
		return nil
	})
	if err == nil {
		r.shelves.last = s
	}
	return s, err
}

// keyOf is what a number is looked up by, also one that cannot be read.
func keyOf(number string) string {
	if n, ok := editor.ReadStandardNumber(number); ok {
		return n.Key()
	}
	return editor.NumberKey(number)
}

func (s *numberShelf) bear(at int, numbers []string) {
	seen := map[string]bool{}
	for _, written := range numbers {
		n, ok := editor.ReadStandardNumber(written)
		if !ok || seen[n.Key()] {
			continue
		}
		seen[n.Key()] = true
		b := bearing{at, n, written}
		s.dated[n.Key()] = append(s.dated[n.Key()], b)
		s.undated[n.Base()] = append(s.undated[n.Base()], b)
	}
}

// Inquire says of each line how the standard that it names stands on a day
// (YYYY-MM-DD; "" is today). Blank lines are left out; what is not held is said
// to be so, and nothing is guessed. More than MaxInquiry lines are refused.
func (r *Registry) Inquire(lines []string, on string) (out []InquiryLine, err error) {
	lines = slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.TrimSpace(l) == "" })
	if len(lines) > MaxInquiry {
		return nil, refuse(Invalid, "numbers", "有 %d 行，一次最多查 %d 行：请分几次查。 There are %d lines; ask for at most %d at once.", len(lines), MaxInquiry, len(lines), MaxInquiry)
	}
	on, err = dayAsked(on, r.today())
	if err != nil {
		return nil, err
	}
	shelf, err := r.shelf()
	if err != nil {
		return nil, err
	}
	err = r.store.View(func(tx Tx) error {
		q, err := newInquiry(tx, shelf, on)
		if err != nil {
			return err
		}
		first := map[string]int{}
		for i, said := range lines {
			line, err := q.line(firstBytes(strings.TrimSpace(said), maxInquired))
			if err != nil {
				return err
			}
			line.Line = i + 1
			if line.Number != "" {
				if at := first[line.Number]; at > 0 {
					line.Repeats = at
				} else {
					first[line.Number] = line.Line
				}
			}
			out = append(out, line)
		}
		return nil
	})
	return out, err
}

func firstBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// dayAsked reads the day of a question.
func dayAsked(on, today string) (string, error) {
	read, ok := day(on)
	if !ok {
		return "", refuse(Invalid, "on", "不是日期：%s。请写成 2026-01-31。 Not a day: write it as 2026-01-31.", clip(on))
	}
	return cmp.Or(read, today), nil
}

// inquiry answers the lines of one question and remembers what it has read.
type inquiry struct {
	tx       Tx
	shelf    *numberShelf
	day      string
	issued   map[string][]Issued
	projects []Project
	status   map[string]string
}

func newInquiry(tx Tx, shelf *numberShelf, day string) (*inquiry, error) {
	q := &inquiry{tx: tx, shelf: shelf, day: day, issued: map[string][]Issued{}, status: map[string]string{}}
	var err error
	q.projects, err = projects.all(tx)
	return q, err
}

func (q *inquiry) line(said string) (InquiryLine, error) {
	l := InquiryLine{Said: said, Advice: NotANumber}
	n, ok := editor.ReadStandardNumber(said)
	if !ok {
		return q.byTitle(l)
	}
	l.Number = n.String()
	held := q.shelf.undated[n.Base()]
	exact := q.shelf.dated[n.Key()]
	if n.Year == "" {
		exact = nil
	}
	for _, b := range held {
		if err := q.hold(&l, b); err != nil {
			return l, err
		}
	}
	if err := q.comings(&l, held); err != nil {
		return l, err
	}
	over, found, err := q.successor(n)
	if err != nil {
		return l, err
	}
	if found {
		l.Superseded, l.From, l.By = over.By, over.From, over.Standard
	}
	switch {
	case len(exact) > 0:
		q.judge(&l, l.holding(n.Key()))
	case n.Year == "" && len(held) > 0:
		q.judge(&l, l.best())
	case len(held) > 0:
		q.judge(&l, l.best())
		l.Advice = WrongYear
		if l.Status == "in-force" && found && over.From <= q.day {
			l.Advice = TakeNewer
		}
		l.Status = map[bool]string{true: "superseded"}[found && over.From <= q.day]
		l.Effective = ""
	case found:
		l.Status, l.Advice = "superseded", TakeOther
		if over.From > q.day {
			l.Status, l.Advice = "", NotHeld
		}
	default:
		l.Advice = NotHeld
	}
	return l, nil
}

// byTitle looks a line up that bears no number: it may be a regulation's title.
func (q *inquiry) byTitle(l InquiryLine) (InquiryLine, error) {
	key := titleKey(l.Said)
	at := q.shelf.titles[key]
	if key == "" || len(at) == 0 {
		return l, nil
	}
	for _, i := range at {
		k := q.shelf.held[i]
		status, err := q.statusOf(k)
		if err != nil {
			return l, err
		}
		l.Holdings = append(l.Holdings, Holding{Standard: k.ID, Number: k.Header.Primary(), Title: k.Header.Title, Status: status, Effective: k.Header.Effective})
	}
	if len(at) > 1 {
		l.Advice = SeveralMeant
		return l, nil
	}
	q.judge(&l, &l.Holdings[0])
	return l, nil
}

// statusOf is the status of a standard on the day, as StatusOn has it; a text
// without dates is what its header says.
func (q *inquiry) statusOf(k Standard) (string, error) {
	if s, ok := q.status[k.ID]; ok {
		return s, nil
	}
	s, err := statusAt(q.tx, k.ID, q.day)
	if err != nil {
		return "", err
	}
	if s == "draft" && k.Header.Published == "" && k.Header.Status != "draft" && k.Header.Status != "" {
		s = k.Header.Status
	}
	if s == "published" && k.Header.Published == "" {
		s = "in-force"
	}
	q.status[k.ID] = s
	return s, nil
}

// hold adds a text that bears the number.
func (q *inquiry) hold(l *InquiryLine, b bearing) error {
	k := q.shelf.held[b.at]
	list, ok := q.issued[k.ID]
	if !ok {
		var err error
		if list, err = holdingAt(q.tx, k.ID, q.day); err != nil {
			return err
		}
		q.issued[k.ID] = list
	}
	h := Holding{Standard: k.ID, Number: b.written, Title: k.Header.Title, Effective: k.Header.Effective}
	for _, i := range list {
		if keyOf(i.Number) != b.number.Key() || h.Status == "in-force" {
			continue
		}
		h.Revision, h.Status, h.Effective = i.Revision, i.Status, i.Effective
		if i.Published > q.day {
			h.Status = "draft"
		}
	}
	if h.Status == "" {
		var err error
		if h.Status, err = q.statusOf(k); err != nil {
			return err
		}
	}
	l.Holdings = append(l.Holdings, h)
	return nil
}

// comings lists what will change: editions that are published and not yet in
// force, the text that is drafted, the unified texts of projects.
func (q *inquiry) comings(l *InquiryLine, held []bearing) error {
	told := map[string]bool{}
	for _, b := range held {
		k := q.shelf.held[b.at]
		if told[k.ID] {
			continue
		}
		told[k.ID] = true
		for _, i := range q.issued[k.ID] {
			if i.Status == "published" && i.Published <= q.day {
				l.Coming = append(l.Coming, Coming{Standard: k.ID, Number: i.Number, Title: k.Header.Title, Stage: StagePublished, From: i.Effective})
			}
		}
		p, recorded, err := processes.find(q.tx, k.ID)
		if err != nil {
			return err
		}
		if recorded && p.Stage != StagePublished && p.Stage != StageInForce && p.Stage.order() >= 0 {
			l.Coming = append(l.Coming, Coming{Standard: k.ID, Title: k.Header.Title, Stage: p.Stage})
		}
		for _, p := range q.projects {
			if u, pinned := unifiedFrom(p, k.ID); pinned {
				l.Coming = append(l.Coming, u)
			}
		}
	}
	return nil
}

// order is the place of a stage that leads to a text; -1 for those that end one.
func (s Stage) order() int {
	if s == StageCancelled || s == StageWithdrawn || s == StageSuperseded {
		return -1
	}
	return slices.IndexFunc(Stages, func(i StageInfo) bool { return i.Stage == s })
}

// unifiedFrom is the unified text that a project prepares out of a standard.
func unifiedFrom(p Project, standard string) (Coming, bool) {
	for _, part := range p.Participants {
		if part.Text.Standard == standard {
			i := p.Issues[part.Region]
			return Coming{Project: p.ID, Standard: p.Standard, Title: p.Title, Number: i.Number, From: i.Effective}, true
		}
	}
	return Coming{}, false
}

// successor finds who takes a number's place: what was recorded at publishing, what
// another text's header says, or a later edition of the same standard.
func (q *inquiry) successor(n editor.StandardNumber) (Supersession, bool, error) {
	if n.Year == "" {
		return Supersession{}, false, nil
	}
	if s, found, err := supersessions.find(q.tx, numberKey(n.String())); err != nil || found {
		return s, found, err
	}
	if k, ok := q.shelf.replaced[n.Key()]; ok {
		return Supersession{n.String(), k.ID, k.Header.Primary(), cmp.Or(k.Header.Effective, k.Header.Published)}, true, nil
	}
	for _, b := range q.shelf.dated[n.Key()] {
		for _, i := range q.issued[q.shelf.held[b.at].ID] {
			if keyOf(i.Number) == n.Key() && i.Superseded.By != "" {
				return i.Superseded, true, nil
			}
		}
	}
	return Supersession{}, false, nil
}

// holding is the held text of a number; nil where there is none.
func (l *InquiryLine) holding(key string) *Holding {
	for i, h := range l.Holdings {
		if keyOf(h.Number) == key {
			return &l.Holdings[i]
		}
	}
	return nil
}

// best is the held text that stands strongest: in force before published before
// superseded, the newest of them.
func (l *InquiryLine) best() *Holding {
	rank := func(h Holding) int {
		if i := slices.Index(statuses, h.Status); i >= 0 {
			return i
		}
		return len(statuses)
	}
	at := 0
	for i, h := range l.Holdings {
		if cmp.Or(cmp.Compare(rank(h), rank(l.Holdings[at])), cmp.Compare(l.Holdings[at].Effective, h.Effective)) < 0 {
			at = i
		}
	}
	return &l.Holdings[at]
}

// judge says what the held text that is meant comes to.
func (q *inquiry) judge(l *InquiryLine, h *Holding) {
	if h == nil {
		l.Advice = NotHeld
		return
	}
	l.Title, l.Status, l.Effective = h.Title, h.Status, h.Effective
	if l.Status == "in-force" && l.Superseded != "" && l.From != "" && l.From <= q.day {
		l.Status = "superseded"
		h.Status = "superseded"
	}
	switch l.Status {
	case "in-force":
		l.Advice = UseIt
	case "published":
		l.Advice = NotYet
	case "superseded":
		l.Advice = TakeOther
		if l.Superseded == "" {
			if b := l.best(); b.Status == "in-force" {
				l.Superseded, l.By = b.Number, b.Standard
			}
		}
	case "withdrawn":
		l.Advice = Withdrawn
	default:
		l.Advice = OnlyDraft
	}
}
