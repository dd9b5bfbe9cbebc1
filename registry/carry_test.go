package registry

import (
	"slices"
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

const carryHead = "---\ntitle: 规定\nkind: regulation\nconvention: regulation\n---\n\n"

func carriedBetween(t testing.TB, a, b string) (old, new *editor.Document, all []carried) {
	t.Helper()
	old, _, err := editor.Parse([]byte(carryHead + a))
	if err != nil {
		t.Fatal(err)
	}
	if new, _, err = editor.Parse([]byte(carryHead + b)); err != nil {
		t.Fatal(err)
	}
	compare.CarryIDs(old, new)
	return old, new, carry(old, new)
}

// FuzzCarry: every passage of the newer text is named once, every one of the
// older text at least once, and nothing else.
func FuzzCarry(f *testing.F) {
	f.Add("### 第一条\n甲应当做。\n\n乙不得做。\n", "### 第一条\n乙不得做。\n\n甲应当做好。\n")
	f.Add("### 第一条\n甲。\n", "")
	f.Add("### 第一条\n甲应当做事，乙应当看。\n", "### 第一条\n甲应当做事。\n\n乙应当看。\n\n### 第二条\n丙。\n")
	f.Add("### 第一条\n同。\n\n同。\n\n同。\n", "### 第一条\n同。\n\n### 第二条\n同。\n\n同。\n\n同。\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 20_000 {
			t.Skip("SKIPPED: an input larger than the bound")
		}
		for _, text := range []string{a, b} {
			if _, _, err := editor.Parse([]byte(carryHead + text)); err != nil {
				t.Skip("SKIPPED: an input that is no text")
			}
		}
		old, new, all := carriedBetween(t, a, b)
		came, went := passagesOf(new), passagesOf(old)
		for _, c := range all {
			if c.New != (editor.Passage{}) {
				came[c.New]++
			}
			if c.Old != (editor.Passage{}) {
				went[c.Old]++
			}
			if c.Same && passageText(old, c.Old) != passageText(new, c.New) {
				t.Errorf("%v is said to be the same as %v", c.New, c.Old)
			}
		}
		for at, n := range came {
			if n != 1 {
				t.Errorf("%v of the newer text is named %d times", at, n)
			}
		}
		for at, n := range went {
			if n < 1 {
				t.Errorf("%v of the older text is not named", at)
			}
		}
		if len(came) != len(passagesOf(new)) || len(went) != len(passagesOf(old)) {
			t.Error("passages are named that are in neither text")
		}
	})
}

func TestCarryKnowsWhatMovedIntoAnotherClause(t *testing.T) {
	_, new, all := carriedBetween(t,
		"### 第一条\n企业应当在七日内答复投诉。\n\n从事快递业务的人员应当佩戴统一标识，接受公众监督。\n\n### 第二条\n快件到达末端网点后应当在二十四小时内投递。\n",
		"### 第一条\n企业应当在七日内答复投诉。\n\n### 第二条\n快件到达末端网点后应当在二十四小时内投递。\n\n从事快递业务的人员应当佩戴统一标识，接受公众监督。\n")
	i := slices.IndexFunc(all, func(c carried) bool { return strings.Contains(passageText(new, c.New), "佩戴") })
	if i < 0 || !all[i].Same || all[i].Old.Paragraph != 2 {
		t.Errorf("%+v", all)
	}
	for _, c := range all {
		if c.New == (editor.Passage{}) || c.Old == (editor.Passage{}) {
			t.Errorf("%+v: nothing came and nothing went", c)
		}
	}
}

// An entry that stands by itself is known again by its words, wherever it has
// come to stand among the others.
func TestCarryEntries(t *testing.T) {
	old, new, all := carriedBetween(t,
		"### 第一条\n企业应当：\n\n（一）公示服务承诺；\n\n（二）在七日内答复投诉；\n\n（三）妥善保管快件。\n",
		"### 第一条\n企业应当：\n\n（一）在七日内答复投诉；\n\n（二）公示服务承诺和资费；\n")
	to := all[0].New
	entry := func(n int) editor.Passage { at := all[0].Old; at.Entry = n; return at }
	if len(editor.Entries(passageText(old, all[0].Old))) != 3 {
		t.Fatalf("the test's text has no entries: %q", passageText(old, all[0].Old))
	}
	for n, want := range map[int]int{1: 2, 2: 1, 3: 0} {
		got := carryEntry(old, new, entry(n), to)
		if got.New.Entry != want {
			t.Errorf("entry %d became %d, want %d", n, got.New.Entry, want)
		}
	}
}

// Of several rows of a table with the same words each stays the one that it was.
func TestCarryEntriesOfEqualWords(t *testing.T) {
	text := "### 第一条\n费用如下：\n\n| 费用 | 说明 |\n|---|---|\n| 同上 | 约定 |\n| 不得收取 | 无 |\n| 同上 | 约定 |\n"
	old, new, all := carriedBetween(t, text, strings.Replace(text, "不得收取", "可以收取", 1))
	at := all[0].Old
	for n := 1; n <= 3; n++ {
		if at.Entry = n; carryEntry(old, new, at, all[0].New).New.Entry != n {
			t.Errorf("row %d became %d", n, carryEntry(old, new, at, all[0].New).New.Entry)
		}
	}
}
