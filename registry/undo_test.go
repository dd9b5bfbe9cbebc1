package registry_test

import (
	"reflect"
	"strings"
	"testing"

	"tongbiao/registry"
)

// Each correction is taken back whole: rows, texts, positions, comments.
func TestUndoTakesBack(t *testing.T) {
	for name, do := range map[string]func(*registry.Registry, registry.RowView, registry.RowView) error{
		"move": func(reg *registry.Registry, a, b registry.RowView) error {
			_, err := reg.MovePassages(shanghai, "p", a.ID, a.Version, "31", a.Cells["31"], b.ID)
			return err
		},
		"move out": func(reg *registry.Registry, a, b registry.RowView) error {
			_, err := reg.MovePassages(shanghai, "p", a.ID, a.Version, "31", a.Cells["31"], "")
			return err
		},
		"split": func(reg *registry.Registry, a, b registry.RowView) error {
			_, err := reg.SplitRow(shanghai, "p", a.ID, a.Version, []string{"31"})
			return err
		},
		"merge": func(reg *registry.Registry, a, b registry.RowView) error {
			_, err := reg.MergeRows(shanghai, "p", a.ID, a.Version, b.ID)
			return err
		},
		"confirm": func(reg *registry.Registry, a, b registry.RowView) error {
			_, err := reg.ConfirmRow(shanghai, "p", a.ID, a.Version, true)
			return err
		},
		"unify": func(reg *registry.Registry, a, b registry.RowView) error {
			_, err := reg.UnifyRow(shanghai, "p", a.ID, a.Version, "", "企业应当在五日内答复投诉。")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			reg, v := two(t)
			a := rowWith(t, v, "31", "投诉")
			u, err := reg.UnifyRow(shanghai, "p", a.ID, a.Version, "", "企业应当在七日内答复投诉。")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := reg.TakePosition(jiangsu, "p", a.ID, "32", registry.Agree, "", u.Unified.Hash); err != nil {
				t.Fatal(err)
			}
			if _, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: a.ID, Body: "七日太长"}); err != nil {
				t.Fatal(err)
			}
			before := workbench(t, reg)
			if err := do(reg, rowWith(t, before, "31", "投诉"), rowWith(t, before, "31", "保管期")); err != nil {
				t.Fatal(err)
			}
			act := lastAct(t, reg)
			_, err = reg.Undo(jiangsu, "p", act.Event)
			refused(t, err, registry.Forbidden) // not hers
			if _, err := reg.Undo(shanghai, "p", act.Event); err != nil {
				t.Fatal(err)
			}
			if got, want := essence(workbench(t, reg)), essence(before); !reflect.DeepEqual(got, want) {
				t.Errorf("after the undo:\n%+v\nwant\n%+v", got, want)
			}
			_, err = reg.Undo(shanghai, "p", act.Event)
			refused(t, err, registry.Conflict) // once
			conserved(t, reg)
			sound(t, reg)
		})
	}
}

// essence is what people see of a project's rows.
func essence(v registry.ProjectView) (out []registry.RowView) {
	for _, row := range v.Rows {
		row.Version = 0
		row.Links, row.Candidates, row.Score = nil, nil, 0
		if len(row.None) == 0 {
			row.None = nil
		}
		out = append(out, row)
	}
	return out
}

func lastAct(t *testing.T, reg *registry.Registry) registry.Act {
	t.Helper()
	acts, err := reg.Acts("p")
	if err != nil || len(acts) == 0 {
		t.Fatalf("acts %v, %v", acts, err)
	}
	return acts[0]
}

// The last two are undone one after the other; not the first alone, and not what
// others have built on.
func TestUndoInTurn(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "31", "投诉")
	split, err := reg.SplitRow(shanghai, "p", row.ID, row.Version, []string{"31"})
	if err != nil {
		t.Fatal(err)
	}
	first := lastAct(t, reg)
	if _, err := reg.ConfirmRow(jiangsu, "p", split.ID, split.Version, true); err != nil {
		t.Fatal(err)
	}
	second := lastAct(t, reg)
	_, err = reg.Undo(shanghai, "p", first.Event)
	refused(t, err, registry.Conflict)
	if err == nil || !strings.Contains(err.Error(), "js") || !strings.Contains(err.Error(), "确认") {
		t.Errorf("the refusal does not say who did what: %v", err)
	}
	for _, a := range []registry.Act{second, first} {
		if _, err := reg.Undo(secretary, "p", a.Event); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := essence(workbench(t, reg)), essence(v); !reflect.DeepEqual(got, want) {
		t.Errorf("after both:\n%+v\nwant\n%+v", got, want)
	}
	list, err := reg.Events(0, 1000)
	if err != nil || list[len(list)-1].Verb != registry.UndoRow || !strings.Contains(string(list[len(list)-1].Data), `"undoes"`) {
		t.Errorf("the last event is %+v, %v", list[len(list)-1], err)
	}
}

// What somebody said since would lose what it is about: refused.
func TestUndoKeepsWhatWasSaidSince(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "31", "投诉")
	u, err := reg.UnifyRow(shanghai, "p", row.ID, row.Version, "", "企业应当在七日内答复投诉。")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.TakePosition(jiangsu, "p", row.ID, "32", registry.Agree, "", u.Unified.Hash); err != nil {
		t.Fatal(err)
	}
	_, err = reg.Undo(shanghai, "p", lastAct(t, reg).Event)
	refused(t, err, registry.Conflict)

	other := rowWith(t, workbench(t, reg), "31", "保管期")
	split, err := reg.SplitRow(shanghai, "p", other.ID, other.Version, []string{"31"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: split.ID, Body: "为何拆开？"}); err != nil {
		t.Fatal(err)
	}
	_, err = reg.Undo(shanghai, "p", lastAct(t, reg).Event)
	refused(t, err, registry.Conflict)
}

func TestUndoARealignment(t *testing.T) {
	reg, _ := two(t)
	scatter(t, reg)
	before := workbench(t, reg)
	if _, err := reg.Realign(secretary, "p", realignment(t, reg).Fingerprint); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.Undo(secretary, "p", lastAct(t, reg).Event); err != nil {
		t.Fatal(err)
	}
	if got, want := essence(workbench(t, reg)), essence(before); !reflect.DeepEqual(got, want) {
		t.Errorf("after the undo:\n%+v\nwant\n%+v", got, want)
	}
	conserved(t, reg)
}

// A row that was emptied into a new one comes back with what was said on it; not
// where somebody has judged the new one since.
func TestUndoOfAMoveThatEmptiedARow(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "31", "投诉")
	if _, err := reg.SplitRow(shanghai, "p", row.ID, row.Version, []string{"32"}); err != nil {
		t.Fatal(err)
	}
	row = rowWith(t, workbench(t, reg), "31", "投诉")
	remark, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: row.ID, Body: "七日太长"})
	if err != nil {
		t.Fatal(err)
	}
	into := rowWith(t, workbench(t, reg), "31", "保管期")
	if _, err := reg.MovePassages(shanghai, "p", row.ID, row.Version, "31", row.Cells["31"], into.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.Undo(shanghai, "p", lastAct(t, reg).Event); err != nil {
		t.Fatal(err)
	}
	said, err := reg.CommentsOnProject("p")
	if err != nil || len(said) != 1 || said[0].ID != remark.ID || said[0].Row != row.ID {
		t.Errorf("comments %+v, %v; want the one back on %s", said, err, row.ID)
	}

	v = workbench(t, reg)
	keep := rowWith(t, v, "31", "保管期")
	split, err := reg.SplitRow(shanghai, "p", keep.ID, keep.Version, []string{"31"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.OpenMeeting(secretary, registry.Meeting{Project: "p", Title: "第一次会议", Queue: []string{split.ID}, Guests: []registry.Guest{{Name: "来宾"}}}); err != nil {
		t.Fatal(err)
	}
	acts, err := reg.Acts("p")
	if err != nil {
		t.Fatal(err)
	}
	_, err = reg.Undo(shanghai, "p", acts[0].Event)
	refused(t, err, registry.Conflict)
}
