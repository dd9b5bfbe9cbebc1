package registry_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// calendar is a clock that a test sets.
type calendar struct{ at time.Time }

func (c *calendar) now() time.Time { return c.at }

// on sets the clock to an hour of a day of November 2026 in China.
func (c *calendar) on(day, hour int) {
	c.at = time.Date(2026, 11, day, hour, 0, 0, 0, registry.China)
}

// dated is the project of two, created on Monday 2 November, in a registry with
// the members who work on it.
func dated(t testing.TB) (*registry.Registry, *calendar) {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	c := &calendar{}
	c.on(2, 9)
	reg, err := registry.Open(store, c.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}, {Path: "js.md", Source: []byte(jsText)}}); err != nil {
		t.Fatal(err)
	}
	for _, m := range []registry.Member{secretary, shanghai, jiangsu} {
		m.Name = m.ID
		if _, err := reg.AddMember(registry.System, m, "ein langes Passwort"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := reg.CreateProject(secretary, ofTwo("p")); err != nil {
		t.Fatal(err)
	}
	return reg, c
}

func ofTwo(id string) registry.Project {
	return registry.Project{ID: id, Title: "快递末端服务规范", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}},
	}}
}

func progress(t testing.TB, reg *registry.Registry) registry.Progress {
	t.Helper()
	p, err := reg.Progress("p")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// write unifies the row at a place (0 is the first) and returns it as it is.
func write(t testing.TB, reg *registry.Registry, at int, text string) registry.Row {
	t.Helper()
	rows, err := reg.Rows("p")
	if err != nil {
		t.Fatal(err)
	}
	row, err := reg.UnifyRow(secretary, "p", rows[at].ID, rows[at].Version, "", text)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func say(t testing.TB, reg *registry.Registry, m registry.Member, row registry.Row, v registry.Verdict) {
	t.Helper()
	note := map[registry.Verdict]string{registry.Object: "十五日为宜", registry.AgreeWithChange: "改为十五日"}[v]
	if _, err := reg.TakePosition(m, "p", row.ID, m.Region, v, note, row.Unified.Hash); err != nil {
		t.Fatal(err)
	}
}

// TestProgress follows a project through two weeks and a day.
func TestProgress(t *testing.T) {
	reg, c := dated(t)
	total := len(progress(t, reg).Rows)
	c.on(3, 10)
	first := write(t, reg, 0, "为了规范快递末端服务，制定本文件。")
	second := write(t, reg, 1, "快件到达末端网点后，应在24 h内投递。")
	c.on(4, 10)
	say(t, reg, shanghai, first, registry.Agree)
	say(t, reg, jiangsu, first, registry.Agree)
	say(t, reg, shanghai, second, registry.Agree)
	c.on(6, 23)
	say(t, reg, jiangsu, second, registry.Object)
	c.on(10, 1)
	first = write(t, reg, 0, "为了规范快递末端服务，保护用户，制定本文件。")

	p := progress(t, reg)
	if got, want := p.Counts, (registry.Tallies{0, 1, 1, total - 2}); got != want {
		t.Errorf("counts %v, want %v", got, want)
	}
	days := map[string]registry.Tallies{}
	for i, d := range p.Days {
		days[d.Date.Format("01-02")] = d.Counts
		if i > 0 && !d.Date.Equal(p.Days[i-1].Date.AddDate(0, 0, 1)) {
			t.Errorf("day %s follows %s", d.Date, p.Days[i-1].Date)
		}
	}
	for day, want := range map[string]registry.Tallies{
		"11-02": {0, 0, 0, total}, "11-03": {0, 2, 0, total - 2}, "11-04": {1, 1, 0, total - 2},
		"11-05": {1, 1, 0, total - 2}, "11-06": {1, 0, 1, total - 2}, "11-09": {1, 0, 1, total - 2}, "11-10": {0, 1, 1, total - 2},
	} {
		if days[day] != want {
			t.Errorf("on %s %v, want %v", day, days[day], want)
		}
	}
	if len(p.Weeks) != 2 || p.Weeks[1].Settled != 1 || p.Weeks[1].Opened != 0 || p.Weeks[0].Settled != 0 || p.Weeks[0].Opened != 1 {
		t.Errorf("weeks %+v; want one settled in the first, one opened in the second", p.Weeks)
	}
	if d := p.Weeks[1].Monday.Format(time.DateOnly); d != "2026-11-02" {
		t.Errorf("the first week begins on %s", d)
	}

	sh := p.Regions[0]
	if len(sh.Owes) != 1 || sh.Owes[0].Row.ID != first.ID || !sh.Owes[0].Since.Equal(c.at) || sh.Owes[0].Row.Earlier["31"] != registry.Agree {
		t.Errorf("沪 owes %+v; want the first row since now, and that it agreed to the former text", sh.Owes)
	}
	if sh.Said[registry.Agree] != 1 || p.Regions[1].Said[registry.Object] != 1 {
		t.Errorf("said: 沪 %v, 苏 %v; want one agreement, one objection", sh.Said, p.Regions[1].Said)
	}
	owed := map[string]int{}
	for _, person := range p.People {
		owed[person.Member.ID] = len(person.Owes)
		if person.Member.ID == "secretary" && person.Owes[0].Since.In(registry.China).Format("01-02 15") != "11-06 23" {
			t.Errorf("the dispute is since %s", person.Owes[0].Since)
		}
	}
	if owed["sh"] != 1 || owed["js"] != 1 || owed["secretary"] != 1 || len(p.Missing) != 0 {
		t.Errorf("people owe %v, missing %v", owed, p.Missing)
	}

	c.on(6, 0)
	h := p.Happened(c.at)
	if h.Before != (registry.Tallies{1, 1, 0, total - 2}) || h.Events != 2 || len(h.Moves) != 2 ||
		h.Moves[0].From != registry.Settled || h.Moves[0].Row.State != registry.Waiting || h.Moves[1].From != registry.Waiting {
		t.Errorf("since Friday: %+v", h)
	}
	if h := p.Happened(c.at.AddDate(0, -1, 0)); h.Events != 8 || h.Before.Total() != 0 || len(h.Moves) != 2 {
		t.Errorf("since before it began: %+v", h)
	}
}

// Whatever is done in whatever order, what the log says of a project comes to
// what its rows say, and reading on from a remembered place comes to the same as
// reading anew.
func TestProgressIsWhatTheRowsSay(t *testing.T) {
	reg, c := dated(t)
	state := uint32(11)
	next := func(n int) int {
		state = state*1664525 + 1013904223
		return int(state>>8) % n
	}
	var done []uint64
	for i := range 160 {
		c.at = c.at.Add(time.Duration(next(20)) * time.Hour)
		rows, err := reg.Rows("p")
		if err != nil {
			t.Fatal(err)
		}
		row, other := rows[next(len(rows))], rows[next(len(rows))]
		switch next(10) {
		case 0:
			_, err = reg.MergeRows(shanghai, "p", row.ID, row.Version, other.ID)
		case 1:
			_, err = reg.SplitRow(shanghai, "p", row.ID, row.Version, []string{"31"})
		case 2:
			if cell := row.Cells["32"]; len(cell) > 0 {
				_, err = reg.MovePassages(shanghai, "p", row.ID, row.Version, "32", cell[:1], []string{"", other.ID}[next(2)])
			}
		case 3:
			p := progress(t, reg).Project
			p.Rule = registry.Rules[next(len(registry.Rules))].Rule
			_, err = reg.ChangeProject(secretary, p)
		case 4, 5:
			_, err = reg.UnifyRow(secretary, "p", row.ID, row.Version, "", []string{"", "应在24 h内投递。", "应在48 h内投递。"}[next(3)])
		case 6:
			if acts, e := reg.Acts("p"); e != nil {
				t.Fatal(e)
			} else if len(acts) > 0 {
				_, err = reg.Undo(secretary, "p", acts[next(len(acts))].Event)
			}
		default:
			if row.Unified != nil {
				m := []registry.Member{shanghai, jiangsu}[next(2)]
				_, err = reg.TakePosition(m, "p", row.ID, m.Region, registry.Verdicts[next(4)], "因为", row.Unified.Hash)
			}
		}
		if err != nil && !registry.Refused(err, registry.Invalid) && !registry.Refused(err, registry.Conflict) {
			t.Fatalf("step %d: %v", i, err)
		}
		if next(4) == 0 { // remembered at some moments only
			agrees(t, reg, fmt.Sprintf("step %d", i))
		}
		done = append(done, progress(t, reg).Last)
	}
	if !slices.IsSorted(done) {
		t.Error("the last event went back")
	}
	agrees(t, reg, "at the end")
}

// agrees compares what the log says with what the workbench shows.
func agrees(t *testing.T, reg *registry.Registry, when string) {
	t.Helper()
	v, p := workbench(t, reg), progress(t, reg)
	last := p.Days[len(p.Days)-1].Counts
	for _, s := range registry.States {
		if v.Counts[s] != p.Counts.Of(s) || v.Counts[s] != last.Of(s) {
			t.Errorf("%s: %s: the rows say %d, progress %d, its last day %d", when, s, v.Counts[s], p.Counts.Of(s), last.Of(s))
		}
	}
	for _, d := range p.Days {
		for _, n := range d.Counts {
			if n < 0 {
				t.Fatalf("%s: %v rows on %s", when, d.Counts, d.Date)
			}
		}
	}
	net := 0
	for _, w := range p.Weeks {
		net += w.Settled - w.Opened
	}
	if net != v.Counts[registry.Settled] {
		t.Errorf("%s: the weeks come to %d settled rows, there are %d", when, net, v.Counts[registry.Settled])
	}
	for _, r := range p.Regions {
		if len(r.Owes) != v.Owed[r.Region] {
			t.Errorf("%s: %s owes %d, the workbench says %d", when, r.Region, len(r.Owes), v.Owed[r.Region])
		}
	}
}

// many is a project of 600 rows with a unified clause each, in a log of 20,000
// events more: positions, three to a text, written as TakePosition writes them.
func many(b *testing.B) *registry.Registry {
	b.Helper()
	store, err := bolt.Open(filepath.Join(b.TempDir(), "registry.db"))
	if err != nil {
		b.Fatal(err)
	}
	c := &calendar{}
	c.on(2, 9)
	reg, err := registry.Open(store, c.now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { reg.Close() })
	var in []registry.Incoming
	for _, region := range []string{"31", "32"} {
		text := fmt.Sprintf("---\nid: big-%s\ntitle: 规定\nkind: regulation\nconvention: regulation\nregion: %q\n---\n", region, region)
		for i := range 300 {
			text += fmt.Sprintf("\n### 第%d条 {#a-%s-%d}\n\n%s\n", i+1, region, i+1, "经营快递业务的企业应当"+string(rune(0x4e00+i*31+len(in)*9331))+string(rune(0x5e00+i*17+len(in)*731))+"。")
		}
		in = append(in, registry.Incoming{Path: region + ".md", Source: []byte(text)})
	}
	done, err := reg.Import(registry.System, in)
	if err != nil {
		b.Fatal(err)
	}
	p := registry.Project{ID: "p", Title: "规定"}
	for i, d := range done {
		if d.Err != nil {
			b.Fatal(d.Err)
		}
		p.Participants = append(p.Participants, registry.Participant{Region: []string{"31", "32"}[i], Text: registry.Ref{Standard: "big-" + []string{"31", "32"}[i]}})
	}
	if _, err := reg.CreateProject(registry.System, p); err != nil {
		b.Fatal(err)
	}
	rows, err := reg.Rows("p")
	if err != nil {
		b.Fatal(err)
	}
	head, err := reg.LastEvent()
	if err != nil {
		b.Fatal(err)
	}
	record := func(tx registry.Tx, key string, v any) error {
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return tx.Put([]byte(strings.ReplaceAll(key, "/", "\x00")), raw)
	}
	err = store.Update(func(tx registry.Tx) error {
		for i := range 20_000 {
			row := &rows[i%len(rows)]
			e := registry.Event{Seq: head.Seq + 1, Time: c.at.Add(time.Duration(i) * time.Minute).UTC(), Actor: "sh", Object: "projects/p/rows/" + row.ID, Prev: head.Hash}
			var data any
			if (i/len(rows))%4 == 0 {
				row.Unified = &registry.Unified{Text: fmt.Sprintf("应当 %d。", i), Hash: fmt.Sprint("h", i), By: "sh", Time: e.Time}
				e.Verb, data = registry.Unify, map[string]any{"unified": row.Unified}
				if err := record(tx, "row/p/"+row.ID, row); err != nil {
					return err
				}
			} else {
				s := registry.Position{Project: "p", Row: row.ID, Region: []string{"31", "32"}[i%2], Verdict: registry.Verdicts[i%4], Note: "因为", Hash: row.Unified.Hash, Member: "sh", Time: e.Time, Event: e.Seq}
				e.Verb, data = registry.TakePosition, s
				if err := record(tx, fmt.Sprintf("position/p/%s/%016x", row.ID, e.Seq), s); err != nil {
					return err
				}
			}
			if e.Data, err = json.Marshal(data); err != nil {
				return err
			}
			e.Hash = e.Sum()
			if err := record(tx, fmt.Sprintf("event/%016x", e.Seq), e); err != nil {
				return err
			}
			head = e
		}
		return record(tx, "event-head/head", head)
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := reg.VerifyEvents(); err != nil {
		b.Fatal(err)
	}
	return reg
}

// BenchmarkProgress: from nothing remembered, right after an event, and with
// nothing new.
func BenchmarkProgress(b *testing.B) {
	reg := many(b)
	p := progress(b, reg)
	b.Logf("%d rows, last event %d, %d days", len(p.Rows), p.Last, len(p.Days))
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			reg.ForgetProgress()
			progress(b, reg)
		}
	})
	b.Run("after-an-event", func(b *testing.B) {
		rows, err := reg.Rows("p")
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			say(b, reg, shanghai, rows[i%len(rows)], registry.Agree)
			b.StartTimer()
			progress(b, reg)
		}
	})
	b.Run("after-a-change-of-rules", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			p := progress(b, reg).Project
			p.Rule = registry.Rules[i%2].Rule
			if _, err := reg.ChangeProject(registry.System, p); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			progress(b, reg)
		}
	})
	b.Run("nothing-new", func(b *testing.B) {
		for b.Loop() {
			progress(b, reg)
		}
	})
	b.Run("since", func(b *testing.B) {
		since := p.Days[len(p.Days)/2].Date
		for b.Loop() {
			p.Happened(since)
		}
	})
}

// A settled row whose text gets a new revision waits for its review, for as long
// as it takes; the weeks tell it afterwards too.
func TestProgressOfARevision(t *testing.T) {
	reg, c := dated(t)
	c.on(3, 10)
	var row registry.Row
	for i, r := range workbench(t, reg).Rows {
		if r.ID == rowWith(t, workbench(t, reg), "31", "小时内投递").ID {
			row = write(t, reg, i, "应在24小时内投递。")
		}
	}
	say(t, reg, shanghai, row, registry.Agree)
	say(t, reg, jiangsu, row, registry.Agree)
	c.on(9, 10)
	if _, _, err := reg.Submit(secretary, registry.Submission{Standard: "sh-express", Base: 1, Source: []byte(strings.Replace(shText, "24小时内投递", "12小时内投递", 1)), Message: "收紧"}); err != nil {
		t.Fatal(err)
	}
	plan, err := reg.Repin("p", "31")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.RepinText(secretary, "p", "31", 2, plan.Fingerprint); err != nil {
		t.Fatal(err)
	}
	pinned := c.at
	c.on(11, 10)
	p := progress(t, reg)
	agrees(t, reg, "while it waits")
	for _, person := range p.People {
		if person.Member.ID == "secretary" && (len(person.Owes) != 1 || !person.Owes[0].Row.Review || !person.Owes[0].Since.Equal(pinned)) {
			t.Errorf("the secretariat owes %+v; want the review since %s", person.Owes, pinned)
		}
	}
	if p.Weeks[0].Opened != 1 || p.Days[len(p.Days)-1].Counts.Of(registry.Waiting) != 1 {
		t.Errorf("weeks %+v", p.Weeks)
	}
	c.on(17, 10)
	now, err := reg.Row("p", row.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.ReviewRow(secretary, "p", now.ID, now.Version); err != nil {
		t.Fatal(err)
	}
	agrees(t, reg, "after the review")
	p = progress(t, reg)
	if got := []registry.Week{p.Weeks[0], p.Weeks[1], p.Weeks[2]}; got[0].Settled != 1 || got[1].Opened != 1 || got[2].Settled != 1 {
		t.Errorf("weeks %+v; want settled, opened, settled", got)
	}
}
