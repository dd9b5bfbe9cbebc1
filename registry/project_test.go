package registry_test

import (
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/registry"
)

func TestProjectAlignsAndConserves(t *testing.T) {
	reg, v := two(t)
	if got := len(v.Columns); got != 2 || v.Columns[0].Key != "31" || v.Columns[1].Key != "32" {
		t.Fatalf("columns %+v, want 31 then 32 whatever the order they were given in", v.Columns)
	}
	for _, words := range []string{"投诉", "保管期", "小时内投递"} {
		if sh, js := rowWith(t, v, "31", words), rowWith(t, v, "32", words); sh.ID != js.ID {
			t.Errorf("%s: 沪 in row %q, 苏 in row %q", words, sh.Topic, js.Topic)
		}
	}
	if a, b := rowWith(t, v, "31", "小时内投递"), rowWith(t, v, "31", "保管期"); a.ID == b.ID {
		t.Error("two paragraphs of one article on two subjects stand in one row")
	}
	if ref := v.Columns[0].Text.String(); ref != "sh-express/1" {
		t.Errorf("pinned %s, want sh-express/1", ref)
	}
	conserved(t, reg)
}

func TestCorrections(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "32", "投诉")
	moved, err := reg.MovePassages(jiangsu, "p", row.ID, row.Version, "32", row.Cells["32"], "")
	if err != nil {
		t.Fatal(err)
	}
	conserved(t, reg)
	v = workbench(t, reg)
	if rowWith(t, v, "32", "投诉").ID != moved.ID || rowWith(t, v, "31", "投诉").ID != row.ID {
		t.Error("the passage did not move into a row of its own")
	}
	_, err = reg.MovePassages(shanghai, "p", row.ID, row.Version, "31", row.Cells["31"], moved.ID)
	refused(t, err, registry.Conflict) // a version that is no longer there

	if _, err = reg.MergeRows(shanghai, "p", moved.ID, moved.Version, row.ID); err != nil {
		t.Fatal(err)
	}
	v = workbench(t, reg)
	merged := rowWith(t, v, "32", "投诉")
	if merged.ID != row.ID || len(merged.Differences) == 0 {
		t.Errorf("merged row %s has differences %+v; want row %s with a difference", merged.ID, merged.Differences, row.ID)
	}
	split, err := reg.SplitRow(shanghai, "p", merged.ID, merged.Version, []string{"31"})
	if err != nil {
		t.Fatal(err)
	}
	if len(split.Cells) != 1 || len(split.Cells["31"]) != 1 {
		t.Errorf("split off %v, want 沪 alone", split.Cells)
	}
	confirmed, err := reg.ConfirmRow(shanghai, "p", split.ID, split.Version, true)
	if err != nil || confirmed.Confirmed != "sh" {
		t.Errorf("confirmed by %q, %v", confirmed.Confirmed, err)
	}
	_, err = reg.SplitRow(reader, "p", split.ID, confirmed.Version, []string{"31"})
	refused(t, err, registry.Forbidden)
	conserved(t, reg)
}

// Whatever is moved, split and merged, every passage stays in exactly one row.
func TestCorrectionsConserve(t *testing.T) {
	reg, _ := two(t)
	state := uint32(7)
	next := func(n int) int {
		state = state*1664525 + 1013904223
		return int(state>>8) % n
	}
	for step := range 120 {
		v := workbench(t, reg)
		row, into := v.Rows[next(len(v.Rows))], v.Rows[next(len(v.Rows))]
		col := v.Columns[next(2)].Key
		var err error
		switch next(4) {
		case 0:
			_, err = reg.MergeRows(shanghai, "p", row.ID, row.Version, into.ID)
		case 1:
			_, err = reg.SplitRow(shanghai, "p", row.ID, row.Version, []string{col})
		case 2:
			var some []editor.Passage
			if c := row.Cells[col]; len(c) > 0 {
				some = c[:1+next(len(c))]
			}
			target := into.ID
			if next(2) == 0 {
				target = ""
			}
			_, err = reg.MovePassages(shanghai, "p", row.ID, row.Version, col, some, target)
		case 3:
			_, err = reg.PlaceRow(shanghai, "p", row.ID, row.Version, "投递", "", next(8))
		}
		if err != nil && !registry.Refused(err, registry.Invalid) && !registry.Refused(err, registry.Conflict) {
			t.Fatalf("step %d: %v", step, err)
		}
		conserved(t, reg)
	}
	orders := map[int]bool{}
	for _, row := range workbench(t, reg).Rows {
		if orders[row.Order] {
			t.Errorf("two rows at place %d", row.Order)
		}
		orders[row.Order] = true
	}
}

func TestUnifiedClauseKnowsItsSources(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "31", "投诉")
	text := "用户投诉的，企业应当自收到投诉之日起七日内答复。\n\n答复应当采用书面形式并说明理由。"
	got, err := reg.UnifyRow(shanghai, "p", row.ID, row.Version, "投诉答复", text)
	if err != nil {
		t.Fatal(err)
	}
	src := got.Unified.Sources
	if len(src) != 2 {
		t.Fatalf("%d sentences, want 2: %+v", len(src), src)
	}
	if src[0].How != registry.Verbatim || src[0].Column != "31" || src[0].From.String()[:13] != "sh-express/1#" {
		t.Errorf("first sentence: %+v, want verbatim from 沪", src[0])
	}
	if src[1].How != registry.Written || src[1].By != "sh" {
		t.Errorf("second sentence: %+v, want written by sh", src[1])
	}

	// Changed a little, it is still known where it came from.
	changed := strings.Replace(text, "七日", "五个工作日", 1)
	got, err = reg.UnifyRow(jiangsu, "p", row.ID, got.Version, "投诉答复", changed)
	if err != nil {
		t.Fatal(err)
	}
	if s := got.Unified.Sources[0]; s.How != registry.Adapted || s.Original == "" || s.By != "js" {
		t.Errorf("changed sentence: %+v, want adapted by js", s)
	}
	if s := got.Unified.Sources[1]; s.By != "sh" {
		t.Errorf("the sentence that stayed now says it is by %q, want sh", s.By)
	}
}

func TestPositionsSettleARow(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "31", "投诉")
	_, err := reg.TakePosition(shanghai, "p", row.ID, "31", registry.Agree, "", "x")
	refused(t, err, registry.Invalid) // nothing to agree to yet
	u, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "", "企业应当在七日内答复投诉。")
	if err != nil {
		t.Fatal(err)
	}
	say := func(m registry.Member, verdict registry.Verdict, note string) error {
		_, err := reg.TakePosition(m, "p", row.ID, m.Region, verdict, note, u.Unified.Hash)
		return err
	}
	state := func() registry.State { return rowWith(t, workbench(t, reg), "31", "投诉").State }

	if got := state(); got != registry.Waiting {
		t.Errorf("state %s, want waiting", got)
	}
	refused(t, say(jiangsu, registry.Object, ""), registry.Invalid) // an objection needs its reason
	if err := say(jiangsu, registry.Object, "十五日为宜"); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != registry.Disputed {
		t.Errorf("state %s, want disputed", got)
	}
	if err := say(jiangsu, registry.Agree, ""); err != nil {
		t.Fatal(err)
	}
	if err := say(shanghai, registry.Agree, ""); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != registry.Settled {
		t.Errorf("state %s, want settled", got)
	}
	_, err = reg.TakePosition(shanghai, "p", row.ID, "32", registry.Agree, "", u.Unified.Hash)
	refused(t, err, registry.Forbidden) // not its region

	// Another text: nobody has agreed to it yet, and what was said is kept.
	if _, err := reg.UnifyRow(secretary, "p", row.ID, u.Version, "", "企业应当在五日内答复投诉。"); err != nil {
		t.Fatal(err)
	}
	after := rowWith(t, workbench(t, reg), "31", "投诉")
	if after.State != registry.Waiting || len(after.Owing) != 2 || len(after.Positions) != 3 {
		t.Errorf("after the change: %s, owing %v, %d positions kept; want waiting, both, 3", after.State, after.Owing, len(after.Positions))
	}
	refused(t, say(shanghai, registry.Agree, ""), registry.Conflict) // the text they saw is gone
}

func TestDraftAndConcordance(t *testing.T) {
	reg, v := two(t)
	for _, words := range []string{"投诉", "小时内投递", "保管期"} {
		row := rowWith(t, workbench(t, reg), "31", words)
		i := 0
		_, text := v.PassageText(i, row.Cells["31"][0])
		u, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "关于"+words, text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := reg.PlaceRow(secretary, "p", row.ID, u.Version, "投递与投诉", "", 1); err != nil {
			t.Fatal(err)
		}
	}
	v = workbench(t, reg)
	draft := v.Draft()
	source := string(editor.Write(draft.Document))
	for _, want := range []string{"## 范围", "## 规范性引用文件", "本文件没有规范性引用文件。", "## 投递与投诉", "关于保管期", "24小时内投递"} {
		if !strings.Contains(source, want) {
			t.Errorf("the draft lacks %q:\n%s", want, source)
		}
	}
	again, _, err := editor.Parse([]byte(source))
	if err != nil {
		t.Fatalf("the draft does not read back: %v", err)
	}
	n := 0
	for c := range again.All() {
		if strings.HasPrefix(c.Number, "4.") {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d clauses 4.x, want 3:\n%s", n, source)
	}

	var csv strings.Builder
	if err := v.ConcordanceCSV(&csv); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\ufeff统一稿条款,主题,沪 ", "4.1,关于保管期,第二条第二款（原文）,第四条（未采用）,沪原文,待表态", "\n,"} {
		if !strings.Contains(csv.String(), want) {
			t.Errorf("the concordance lacks %q:\n%s", want, csv.String())
		}
	}

	kept, err := reg.KeepDraft(secretary, "p", "")
	if err != nil || kept.Standard != "draft-p" || kept.Number != 1 {
		t.Fatalf("kept %v, %v", kept.Ref(), err)
	}
	_, err = reg.KeepDraft(shanghai, "p", "")
	refused(t, err, registry.Forbidden)
}

func TestMergingRowsKeepsWhatWasSaid(t *testing.T) {
	reg, v := two(t)
	row, into := rowWith(t, v, "31", "投诉"), rowWith(t, v, "31", "保管期")
	u, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "", "企业应当在七日内答复投诉。")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.TakePosition(shanghai, "p", row.ID, "31", registry.Agree, "", u.Unified.Hash); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: row.ID, Body: "七日太长"}); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.MergeRows(shanghai, "p", row.ID, u.Version, into.ID); err != nil {
		t.Fatal(err)
	}
	after := rowWith(t, workbench(t, reg), "31", "投诉")
	if after.ID != into.ID || after.Current["31"].Verdict != registry.Agree || after.Unified == nil {
		t.Errorf("merged into %s with positions %v, unified %v", after.ID, after.Current, after.Unified)
	}
	remarks, err := reg.CommentsOnProject("p")
	if err != nil || len(remarks) != 1 || remarks[0].Row != into.ID {
		t.Errorf("comments after the merge: %+v, %v", remarks, err)
	}
}

// What a region says after two rows were merged counts, not what it had said
// before on the row that went.
func TestPositionsAfterAMerge(t *testing.T) {
	reg, v := two(t)
	row, into := rowWith(t, v, "31", "投诉"), rowWith(t, v, "31", "保管期")
	u, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "", "企业应当在七日内答复投诉。")
	if err != nil {
		t.Fatal(err)
	}
	say := func(row string, verdict registry.Verdict) {
		t.Helper()
		if _, err := reg.TakePosition(shanghai, "p", row, "31", verdict, "理由", u.Unified.Hash); err != nil {
			t.Fatal(err)
		}
	}
	say(row.ID, registry.Agree)
	if _, err := reg.ConfirmRow(shanghai, "p", into.ID, into.Version, true); err != nil {
		t.Fatal(err)
	}
	merged, err := reg.MergeRows(jiangsu, "p", row.ID, u.Version, into.ID)
	if err != nil {
		t.Fatal(err)
	}
	if merged.Confirmed != "" {
		t.Error("a row that was confirmed before a merge is still confirmed after it")
	}
	say(into.ID, registry.Object)
	after := rowWith(t, workbench(t, reg), "31", "投诉")
	if got := after.Current["31"].Verdict; got != registry.Object || after.State != registry.Disputed || len(after.Positions) != 2 {
		t.Errorf("沪 says %s, row is %s, %d positions kept; want object, disputed, 2", got, after.State, len(after.Positions))
	}
}

// The unified draft is made from the rows: nobody edits it beside them, and it
// takes no other text's name.
func TestTheDraftIsTheProjectsOwn(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "31", "投诉")
	if _, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "", "企业应当在七日内答复投诉。"); err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(shText, "id: sh-express", "id: draft-p", 1)
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "x.md", Source: []byte(other)}}); err != nil {
		t.Fatal(err)
	}
	_, err := reg.KeepDraft(secretary, "p", "")
	refused(t, err, registry.Conflict)

	reg, v = two(t)
	row = rowWith(t, v, "31", "投诉")
	if _, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "", "企业应当在七日内答复投诉。"); err != nil {
		t.Fatal(err)
	}
	kept, err := reg.KeepDraft(secretary, "p", "")
	if err != nil {
		t.Fatal(err)
	}
	text, err := reg.Text(kept.Ref())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []registry.Member{secretary, shanghai} {
		_, _, err = reg.Submit(m, registry.Submission{Standard: kept.Standard, Base: kept.Number, Source: text.Source, Message: "x"})
		refused(t, err, registry.Forbidden)
	}
}

func TestBoundsOfWhatIsWrittenBesideTexts(t *testing.T) {
	reg, v := two(t)
	row := v.Rows[0]
	long := strings.Repeat("长", 201)
	for _, bad := range []string{long, "两\n行"} {
		_, err := reg.PlaceRow(shanghai, "p", row.ID, row.Version, bad, "", 1)
		refused(t, err, registry.Invalid)
		_, err = reg.PlaceRow(shanghai, "p", row.ID, row.Version, "", bad, 1)
		refused(t, err, registry.Invalid)
		_, err = reg.UnifyRow(shanghai, "p", row.ID, row.Version, bad, "条文。")
		refused(t, err, registry.Invalid)
		_, err = reg.CreateProject(secretary, registry.Project{ID: "q", Title: bad, Participants: v.Project.Participants})
		refused(t, err, registry.Invalid)
	}
	_, err := reg.CreateProject(secretary, registry.Project{ID: strings.Repeat("q", 61), Title: "题", Participants: v.Project.Participants})
	refused(t, err, registry.Invalid)
	_, _, err = reg.Submit(secretary, registry.Submission{Standard: "sh-express", Base: 1, Source: []byte(shText), Message: strings.Repeat("x", 2001)})
	refused(t, err, registry.Invalid)
}

// A cell that demands less than the national floor is said to, and no longer
// when the passage is moved away.
func TestBelowTheFloor(t *testing.T) {
	reg, _ := two(t)
	floor := strings.NewReplacer("id: sh-express", "id: gb-floor", "上海市快递末端服务规定", "快递末端服务基本要求", "region: \"31\"\n", "", "七日内答复", "十日内答复").Replace(shText)
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "gb.md", Source: []byte(floor)}}); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.CreateProject(secretary, registry.Project{ID: "f", Title: "快递末端服务规范", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}},
	}, Floors: []registry.Ref{{Standard: "gb-floor"}}}); err != nil {
		t.Fatal(err)
	}
	v, err := reg.Workbench("f")
	if err != nil {
		t.Fatal(err)
	}
	row := rowWith(t, v, "32", "投诉")
	if len(row.Below) != 1 || !strings.HasPrefix(row.Below[0], "苏 十五日内") {
		t.Fatalf("below the floor: %q, want 苏 (15 days against 10) alone", row.Below)
	}
	if _, err := reg.MovePassages(jiangsu, "f", row.ID, row.Version, "32", row.Cells["32"], ""); err != nil {
		t.Fatal(err)
	}
	after, err := reg.Row("f", row.ID)
	if err != nil || len(after.Below) != 0 {
		t.Errorf("after the move: %q, %v", after.Below, err)
	}
}
