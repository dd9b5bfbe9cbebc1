package web

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// TestCorrectingTheMachine goes the way of a representative by plain forms: a
// passage is moved out, what comes near is offered and refused, then taken, and
// all of it undone.
func TestCorrectingTheMachine(t *testing.T) {
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	at := "/projects/express/rows/" + row.ID
	moved := s.ask("demo-31", post, at+"/move", fields("version", strconv.Itoa(row.Version), "column", "32", "passage", passageValue(row.Cells["32"][0]), "into", ""))
	if moved.StatusCode != 303 {
		t.Fatalf("move: %d", moved.StatusCode)
	}
	page := s.ask("demo-31", get, at, nil).body
	for _, want := range []string{"最相近的 1 条", "48小时内投递", "共有词语", "归入本条目", "确认无对应", "您刚才 移动了条款", `data-key="z"`} {
		if !strings.Contains(page, want) {
			t.Errorf("after the move the page does not show %q", want)
		}
	}

	now := s.rowWith("24 h")
	if a := s.ask("demo-31", post, at+"/none", fields("version", strconv.Itoa(now.Version), "column", "32", "none", "yes")); a.StatusCode != 303 {
		t.Fatalf("none: %d", a.StatusCode)
	}
	if page := s.ask("demo-31", get, at, nil).body; !strings.Contains(page, "经确认无对应条款（上海代表（示范））") || !strings.Contains(page, "取消：可能还有对应") {
		t.Error("the page does not say who said that there is none")
	}
	if page := s.ask("", get, "/projects/express", nil).body; !strings.Contains(page, "经确认无对应条款") {
		t.Error("the grid does not say that there is none")
	}

	form := regexp.MustCompile(`name="from" value="([^"]+)"><input type="hidden" name="version" value="([^"]+)"><input type="hidden" name="column" value="32"><input type="hidden" name="passage" value="([^"]+)"`).FindStringSubmatch(s.ask("demo-31", get, at, nil).body)
	if form == nil {
		t.Fatal("what comes near has no form")
	}
	if a := s.ask("demo-31", post, at+"/take", fields("from", form[1], "version", form[2], "column", "32", "passage", form[3])); a.StatusCode != 303 {
		t.Fatalf("take: %d", a.StatusCode)
	}
	if got := s.rowWith("24 h"); len(got.Cells["32"]) != 1 || len(got.None) != 0 {
		t.Errorf("after it was taken: %v, none %v", got.Cells, got.None)
	}
	for _, verb := range []string{"taken", "none", "moved"} {
		event := regexp.MustCompile(`name="event" value="(\d+)"`).FindStringSubmatch(s.ask("demo-31", get, "/projects/express/undo", nil).body)
		if event == nil {
			t.Fatalf("%s: nothing to undo", verb)
		}
		if a := s.ask("demo-31", post, "/projects/express/undo", fields("event", event[1], "row", row.ID)); a.StatusCode != 303 || !strings.HasPrefix(a.Header.Get("Location"), at) {
			t.Fatalf("undo %s: %d to %s", verb, a.StatusCode, a.Header.Get("Location"))
		}
	}
	if got := s.rowWith("24 h"); got.ID != row.ID || len(got.Cells["32"]) != 1 || got.Corrected != "" {
		t.Errorf("after all was undone: %v, corrected by %q", got.Cells, got.Corrected)
	}
}

// TestUndoWhatWasBuiltOn is refused and says by whom.
func TestUndoWhatWasBuiltOn(t *testing.T) {
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	at := "/projects/express/rows/" + row.ID
	s.ask("demo-31", post, at+"/split", fields("version", strconv.Itoa(row.Version), "column", "32"))
	first := s.lastEvent()
	now := s.rowWith("24 h")
	if a := s.ask("demo-32", post, at+"/confirm", fields("version", strconv.Itoa(now.Version), "confirmed", "yes")); a.StatusCode != 303 {
		t.Fatalf("confirm: %d", a.StatusCode)
	}
	for e := first; e > 0; e-- { // the split is the last event before the second sign-in
		if list, err := s.reg.Events(e-1, 1); err == nil && list[0].Verb == registry.SplitRow {
			first = e
			break
		}
	}
	a := s.ask("demo-31", post, "/projects/express/undo", fields("event", strconv.FormatUint(first, 10)))
	if a.StatusCode != 409 || !strings.Contains(a.body, "江苏代表（示范），确认") {
		t.Errorf("%d, and the page does not say that 江苏 confirmed it", a.StatusCode)
	}
}

// TestPinningANewerText shows what a newer revision touches and marks it until
// somebody has reviewed it.
func TestPinningANewerText(t *testing.T) {
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	at := "/projects/express/rows/" + row.ID
	if a := s.ask("demo-31", post, at+"/unify", fields("version", strconv.Itoa(row.Version), "title", "", "text", "快件到达末端网点后，应在 24 h 内投递。")); a.StatusCode != 303 {
		t.Fatalf("unify: %d", a.StatusCode)
	}
	_, _, err := s.reg.Submit(registry.System, registry.Submission{Standard: "sh-express", Base: 2, Source: []byte(changedText("12 h")), Message: "缩短时限"})
	if err != nil {
		t.Fatal(err)
	}
	if page := s.ask("demo-31", get, "/projects/express", nil).body; !strings.Contains(page, "/projects/express/repin?column=31") {
		t.Error("the workbench does not lead to what the newer revision changes")
	}
	page := s.ask("demo-31", get, "/projects/express/repin?column=31", nil)
	for _, want := range []string{"换用第 3 版", "2.1 投递时限", "<del>24 h", "<ins>12 h", "统一条款中出自此处的句子", at} {
		if !strings.Contains(strings.NewReplacer("<b>", "", "</b>", "").Replace(page.body), want) {
			t.Errorf("the preview does not show %q", want)
		}
	}
	print := regexp.MustCompile(`name="fingerprint" value="([^"]+)"`).FindStringSubmatch(page.body)
	if print == nil {
		t.Fatal("no form")
	}
	if a := s.ask("demo-31", post, "/projects/express/repin", fields("column", "31", "revision", "3", "fingerprint", "x")); a.StatusCode != 409 || !strings.Contains(a.body, "请看过新的预览") {
		t.Errorf("another preview: %d", a.StatusCode)
	}
	if a := s.ask("demo-32", post, "/projects/express/repin", fields("column", "31", "revision", "3", "fingerprint", print[1])); a.StatusCode != 403 {
		t.Errorf("another region: %d", a.StatusCode)
	}
	if a := s.ask("demo-31", post, "/projects/express/repin", fields("column", "31", "revision", "3", "fingerprint", print[1])); a.StatusCode != 303 {
		t.Fatalf("pin: %d", a.StatusCode)
	}
	body := s.ask("demo-31", get, at, nil).body
	for _, want := range []string{"原文已修订，待复核", "第 2 版 → 第 3 版", "出处自第 3 版起已修订", `data-key="v"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the row does not show %q", want)
		}
	}
	if page := s.ask("", get, "/projects/express", nil).body; !strings.Contains(page, "原文已修订") {
		t.Error("the grid does not mark the row")
	}
	now := s.rowWith("12 h")
	if a := s.ask("demo-31", post, at+"/review", fields("version", strconv.Itoa(now.Version))); a.StatusCode != 303 {
		t.Fatalf("review: %d", a.StatusCode)
	}
	if body := s.ask("demo-31", get, at, nil).body; strings.Contains(body, "待复核") || !strings.Contains(body, "上海代表（示范） 已复核") {
		t.Error("after the review the row is still marked, or does not say who reviewed it")
	}
}

// TestSynonymsByForm: a group is added and taken away, and the page says what it
// changed.
func TestSynonymsByForm(t *testing.T) {
	s := serve(t, Options{Demo: true})
	a := s.ask("demo-author", post, "/projects/express/synonyms", fields("words", "代收点＝驿站、服务站"))
	if a.StatusCode != 303 {
		t.Fatalf("add: %d %s", a.StatusCode, a.body)
	}
	page := s.ask("demo-author", get, "/projects/express/synonyms", nil).body
	for _, want := range []string{"驿站", "服务站", "没有条目因此改变", "上海起草人（示范）"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if a := s.ask("demo-author", post, "/projects/express/synonyms", fields("words", "驿站 = 小店")); a.StatusCode != 409 || !strings.Contains(a.body, `value="驿站 = 小店"`) {
		t.Errorf("a word twice: %d", a.StatusCode)
	}
	group := regexp.MustCompile(`id="s(\d+)"`).FindStringSubmatch(page)
	if group == nil {
		t.Fatal("no group")
	}
	if a := s.ask("demo-31", post, "/projects/express/synonyms/"+group[1], nil); a.StatusCode != 303 {
		t.Errorf("take away: %d", a.StatusCode)
	}
	if page := s.ask("", get, "/projects/express/synonyms?changed=", nil).body; !strings.Contains(page, "还没有同义词") || !strings.Contains(page, "删去后没有条目改变") {
		t.Error("the page does not say what taking it away changed")
	}
}

// TestRealigningByForm: what nobody has touched is put right, as the preview
// says, and the re-run is undone from the page that follows.
func TestRealigningByForm(t *testing.T) {
	s := scattered(t)
	row := s.rowWith("24 h")
	page := s.ask("demo-31", get, "/projects/express/realign", nil).body
	for _, want := range []string{"1</b>条条文移动", "1</b>个条目消失", "第二条", "2.1 投递时限", "应用以上变化"} {
		if !strings.Contains(page, want) {
			t.Errorf("the preview does not show %q", want)
		}
	}
	print := regexp.MustCompile(`name="fingerprint" value="([^"]+)"`).FindStringSubmatch(page)
	if print == nil {
		t.Fatal("no form")
	}
	if a := s.ask("", get, "/projects/express/realign", nil); strings.Contains(a.body, "应用以上变化") {
		t.Error("nobody is offered to apply it")
	}
	if a := s.ask("demo-31", post, "/projects/express/realign", fields("fingerprint", print[1])); a.StatusCode != 303 {
		t.Fatalf("apply: %d", a.StatusCode)
	}
	if got := s.rowWith("24 h"); got.ID != row.ID || len(got.Cells["32"]) != 1 {
		t.Errorf("after the re-run %v in %s", got.Cells, got.ID)
	}
	page = s.ask("demo-31", get, "/projects/express/realign", nil).body
	event := regexp.MustCompile(`name="event" value="(\d+)"`).FindStringSubmatch(page)
	if event == nil || !strings.Contains(page, "您刚才") {
		t.Fatal("the re-run cannot be undone from its page")
	}
	if a := s.ask("demo-31", post, "/projects/express/undo", fields("event", event[1], "row", "")); a.StatusCode != 303 {
		t.Fatalf("undo: %d", a.StatusCode)
	}
	if got := s.rowWith("24 h"); len(got.Cells["32"]) != 0 {
		t.Errorf("after the undo %v", got.Cells)
	}
}

// scattered is the test site with a row split that nobody is said to have split,
// as a store of an older version may hold it.
func scattered(t *testing.T) *site {
	t.Helper()
	held, err := seed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, held); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "registry.db")
	store, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	row := (&site{t: t, reg: reg}).rowWith("24 h")
	if _, err := reg.SplitRow(registry.System, testProject, row.ID, row.Version, []string{"32"}); err != nil {
		t.Fatal(err)
	}
	prefix := []byte("row\x00" + testProject + "\x00")
	err = store.Update(func(tx registry.Tx) error {
		rows := map[string][]byte{}
		err := tx.Scan(prefix, append(prefix[:len(prefix)-1:len(prefix)-1], 1), func(key, value []byte) error {
			rows[string(key)] = bytes.ReplaceAll(value, []byte(`"corrected":"system",`), nil)
			return nil
		})
		for key, value := range rows {
			err = errors.Join(err, tx.Put([]byte(key), value))
		}
		return err
	})
	if err := errors.Join(err, reg.Close()); err != nil {
		t.Fatal(err)
	}
	return serveStore(t, path, Options{Demo: true})
}
