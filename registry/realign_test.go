package registry_test

import (
	"reflect"
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/registry"
)

// What people said on rows outlives every re-run, and so do the rows.
func TestRealignLeavesPeoplesRows(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "32", "投诉")
	apart, err := reg.MovePassages(jiangsu, "p", row.ID, row.Version, "32", row.Cells["32"], "")
	if err != nil {
		t.Fatal(err)
	}
	confirmed := rowWith(t, v, "31", "保管期")
	if _, err := reg.ConfirmRow(shanghai, "p", confirmed.ID, confirmed.Version, true); err != nil {
		t.Fatal(err)
	}
	plan := realignment(t, reg)
	if plan.Held != 3 || len(plan.Moves) != 0 {
		t.Errorf("held %d, %d moves; want 3 (the two parted rows and the confirmed one), none", plan.Held, len(plan.Moves))
	}
	_, err = reg.Realign(secretary, "p", plan.Fingerprint)
	if err != nil && !registry.Refused(err, registry.Invalid) {
		t.Fatal(err)
	}
	v = workbench(t, reg)
	if rowWith(t, v, "32", "投诉").ID != apart.ID || rowWith(t, v, "31", "投诉").ID != row.ID {
		t.Error("a re-run put together what a person had parted")
	}
	if got := rowWith(t, v, "31", "保管期"); got.ID != confirmed.ID || got.Confirmed != "sh" {
		t.Errorf("the confirmed row is %s by %q now", got.ID, got.Confirmed)
	}
	conserved(t, reg)
}

// A re-run puts right what nobody has touched, shows it before, and does nothing
// else than what it showed.
func TestRealignDoesWhatItShowed(t *testing.T) {
	reg, _ := two(t)
	before := workbench(t, reg)
	scatter(t, reg)
	plan := realignment(t, reg)
	if len(plan.Moves) == 0 {
		t.Fatal("nothing to put right: the test's texts and synonyms are out of date")
	}
	_, err := reg.Realign(secretary, "p", "x")
	refused(t, err, registry.Conflict)
	_, err = reg.Realign(reader, "p", plan.Fingerprint)
	refused(t, err, registry.Forbidden)
	done, err := reg.Realign(secretary, "p", plan.Fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(done.Moves, plan.Moves) {
		t.Errorf("showed %v, did %v", plan.Moves, done.Moves)
	}
	after := workbench(t, reg)
	for _, m := range plan.Moves {
		at := -1
		for i, row := range after.Rows {
			if row.ID == m.To {
				at = i
			}
		}
		if at < 0 || !contains(after.Rows[at].Cells[m.Column], m.At) {
			t.Errorf("%s %v is not in row %s, as was shown", m.Column, m.At, m.To)
		}
	}
	if len(after.Rows) != len(before.Rows) {
		t.Errorf("%d rows, want %d", len(after.Rows), len(before.Rows))
	}
	conserved(t, reg)
	if again := realignment(t, reg); len(again.Moves) != 0 || again.Refreshed != 0 {
		t.Errorf("a second re-run would move %d and refresh %d", len(again.Moves), again.Refreshed)
	}
}

// scatter leaves a project whose machine rows are not what the machine finds:
// it learned a pair of words that it does not know any more.
func scatter(t *testing.T, reg *registry.Registry) {
	t.Helper()
	for _, row := range workbench(t, reg).Rows {
		if row.Corrected == "" && len(row.Cells) == 2 {
			split, err := reg.SplitRow(shanghai, "p", row.ID, row.Version, []string{"32"})
			if err != nil {
				t.Fatal(err)
			}
			registry.ForgetPeople(t, reg, "p", row.ID, split.ID)
		}
	}
}

func contains(cell []editor.Passage, at editor.Passage) bool {
	for _, x := range cell {
		if x == at {
			return true
		}
	}
	return false
}

func realignment(t *testing.T, reg *registry.Registry) registry.Realignment {
	t.Helper()
	plan, err := reg.Realignment("p")
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// Whatever people correct, undo, re-run and mark, every passage stands in one
// row, and what they said stays where it was said.
func TestRealignConserves(t *testing.T) {
	for seed := range uint32(6) {
		reg, _ := two(t)
		state := seed*7919 + 11
		next := func(n int) int {
			state = state*1664525 + 1013904223
			return int(state>>8) % n
		}
		first := workbench(t, reg).Rows[0]
		if _, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: first.ID, Body: "留着"}); err != nil {
			t.Fatal(err)
		}
		for step := range 50 {
			v := workbench(t, reg)
			row, into := v.Rows[next(len(v.Rows))], v.Rows[next(len(v.Rows))]
			if err := stumble(t, reg, v, row, into, next); err != nil && !registry.Refused(err, registry.Invalid) && !registry.Refused(err, registry.Conflict) {
				t.Fatalf("seed %d step %d: %v", seed, step, err)
			}
			conserved(t, reg)
			said, err := reg.CommentsOnProject("p")
			if err != nil || len(said) != 1 {
				t.Fatalf("seed %d step %d: %d comments, %v", seed, step, len(said), err)
			}
			if _, err := reg.Row("p", said[0].Row); err != nil {
				t.Fatalf("seed %d step %d: the comment's row: %v", seed, step, err)
			}
		}
		sound(t, reg)
	}
}

// stumble does one thing or another.
func stumble(t *testing.T, reg *registry.Registry, v registry.ProjectView, row, into registry.RowView, next func(int) int) (err error) {
	col := v.Columns[next(2)].Key
	switch next(9) {
	case 0:
		_, err = reg.MergeRows(shanghai, "p", row.ID, row.Version, into.ID)
	case 1:
		_, err = reg.SplitRow(shanghai, "p", row.ID, row.Version, []string{col})
	case 2:
		target := into.ID
		if next(2) == 0 {
			target = ""
		}
		_, err = reg.MovePassages(shanghai, "p", row.ID, row.Version, col, row.Cells[col], target)
	case 3:
		_, err = reg.SayNone(shanghai, "p", row.ID, row.Version, col, next(2) == 0)
	case 4:
		_, err = reg.ConfirmRow(shanghai, "p", row.ID, row.Version, next(2) == 0)
	case 5:
		_, err = reg.UnifyRow(secretary, "p", row.ID, row.Version, "", []string{"企业应当答复。", "企业应当在七日内答复投诉。", ""}[next(3)])
	case 6, 7:
		acts, e := reg.Acts("p")
		if e != nil {
			t.Fatal(e)
		}
		if len(acts) > 0 {
			_, err = reg.Undo(secretary, "p", acts[next(min(len(acts), 4))].Event)
		}
	case 8:
		registry.ForgetPeople(t, reg, "p", row.ID)
		_, err = reg.Realign(secretary, "p", realignment(t, reg).Fingerprint)
	}
	return err
}

// sound fails where the store's own check finds a fault.
func sound(t *testing.T, reg *registry.Registry) {
	t.Helper()
	err := reg.Verify(func(f registry.Fault) {
		if !strings.Contains(f.What, "没有成员") { // the tests' members are not registered
			t.Errorf("%s: %s", f.Where, f.What)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSayNone(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "32", "投诉")
	_, err := reg.SayNone(shanghai, "p", row.ID, row.Version, "32", true)
	refused(t, err, registry.Invalid) // there is one
	if _, err = reg.MovePassages(jiangsu, "p", row.ID, row.Version, "32", row.Cells["32"], ""); err != nil {
		t.Fatal(err)
	}
	at := rowWith(t, workbench(t, reg), "31", "投诉")
	if len(at.Candidates) == 0 || at.Candidates[0].B.Passage != row.Cells["32"][0] {
		t.Errorf("candidates %+v; want what was moved out first", at.Candidates)
	}
	said, err := reg.SayNone(shanghai, "p", at.ID, at.Version, "32", true)
	if err != nil || said.None["32"] != "sh" {
		t.Fatalf("none %v, %v", said.None, err)
	}
	_, err = reg.SayNone(shanghai, "p", at.ID, said.Version, "99", true)
	refused(t, err, registry.Invalid)
	// Whoever finds one after all puts it in, and the word is gone.
	there := rowWith(t, workbench(t, reg), "32", "投诉")
	back, err := reg.MovePassages(jiangsu, "p", there.ID, there.Version, "32", there.Cells["32"], at.ID)
	if err != nil || len(back.None) != 0 {
		t.Errorf("none %v, %v; want nothing, for there is one", back.None, err)
	}
	conserved(t, reg)
}

func TestSynonymsTakeEffectAtOnce(t *testing.T) {
	reg := open(t)
	sh := strings.Replace(shText, "智能快件箱的免费保管期不少于24小时。", "栖箱满一昼夜后收费。", 1)
	js := strings.Replace(jsText, "智能快件箱的免费保管期不少于48小时。", "棣柜满一昼夜后收费。", 1)
	project(t, reg, sh, js)
	s, done, err := reg.AddSynonyms(shanghai, "p", []string{" 栖箱 ", "棣柜", "栖箱"})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s.Words, []string{"栖箱", "棣柜"}) {
		t.Errorf("words %v", s.Words)
	}
	v := workbench(t, reg)
	if a, b := rowWith(t, v, "31", "昼夜"), rowWith(t, v, "32", "昼夜"); a.ID != b.ID {
		t.Errorf("still apart; %d moves", len(done.Moves))
	}
	for _, bad := range [][]string{{"栖箱", "箱子"}, {"一"}, {"一个", ""}, {"带 空格", "词语"}, {strings.Repeat("长", 31), "词语"}} {
		if _, _, err := reg.AddSynonyms(shanghai, "p", bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	_, _, err = reg.AddSynonyms(reader, "p", []string{"快件", "包裹"})
	refused(t, err, registry.Forbidden)
	if _, err := reg.DropSynonyms(shanghai, "p", s.Event); err != nil {
		t.Fatal(err)
	}
	if list, err := reg.Synonyms("p"); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	conserved(t, reg)
	sound(t, reg)
}

// project holds two texts and a project on them.
func project(t *testing.T, reg *registry.Registry, sh, js string) registry.ProjectView {
	t.Helper()
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(sh)}, {Path: "js.md", Source: []byte(js)}}); err != nil {
		t.Fatal(err)
	}
	_, err := reg.CreateProject(secretary, registry.Project{ID: "p", Title: "快递末端服务规范", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return workbench(t, reg)
}

// The table of concordance tells what people ruled out from what was only not
// found.
func TestConcordanceSaysWhoseWordItIs(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "32", "投诉")
	if _, err := reg.MovePassages(jiangsu, "p", row.ID, row.Version, "32", row.Cells["32"], ""); err != nil {
		t.Fatal(err)
	}
	at := rowWith(t, workbench(t, reg), "31", "投诉")
	if _, err := reg.SayNone(shanghai, "p", at.ID, at.Version, "32", true); err != nil {
		t.Fatal(err)
	}
	table := string(workbench(t, reg).ConcordanceMarkdown())
	if strings.Count(table, "| "+registry.ConfirmedNone+" |") != 1 || strings.Count(table, "| "+registry.NoCounterpart+" |") != 1 {
		t.Errorf("want one of each:\n%s", table)
	}
}

// Each kind of word that people can have in a row holds it.
func TestWhatHoldsARow(t *testing.T) {
	for name, do := range map[string]func(*registry.Registry, registry.ProjectView, registry.RowView) error{
		"confirmed": func(reg *registry.Registry, _ registry.ProjectView, row registry.RowView) error {
			_, err := reg.ConfirmRow(shanghai, "p", row.ID, row.Version, true)
			return err
		},
		"placed": func(reg *registry.Registry, _ registry.ProjectView, row registry.RowView) error {
			_, err := reg.PlaceRow(shanghai, "p", row.ID, row.Version, "投递", "时限", 1)
			return err
		},
		"unified": func(reg *registry.Registry, _ registry.ProjectView, row registry.RowView) error {
			_, err := reg.UnifyRow(shanghai, "p", row.ID, row.Version, "", "企业应当答复。")
			return err
		},
		"commented": func(reg *registry.Registry, _ registry.ProjectView, row registry.RowView) error {
			_, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: row.ID, Body: "？"})
			return err
		},
		"judged": func(reg *registry.Registry, v registry.ProjectView, row registry.RowView) error {
			k := v.Reckoned(row, 0)[1]
			_, err := reg.SayRelation(jiangsu, "p", row.ID, k.Column, k.Against, "looser", "十五日", k.Hash)
			return err
		},
		"before a meeting": func(reg *registry.Registry, _ registry.ProjectView, row registry.RowView) error {
			_, err := reg.OpenMeeting(secretary, registry.Meeting{Project: "p", Title: "第一次会议", Queue: []string{row.ID}, Guests: []registry.Guest{{Name: "来宾"}}})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			reg, v := two(t)
			if got := realignment(t, reg).Held; got != 0 {
				t.Fatalf("%d rows are held from the beginning", got)
			}
			if err := do(reg, v, rowWith(t, v, "31", "投诉")); err != nil {
				t.Fatal(err)
			}
			if got := realignment(t, reg).Held; got != 1 {
				t.Errorf("%d rows are held, want 1", got)
			}
		})
	}
}
