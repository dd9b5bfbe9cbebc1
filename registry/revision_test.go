package registry_test

import (
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/registry"
)

func submit(t *testing.T, reg *registry.Registry, m registry.Member, base int, source string) (registry.Revision, error) {
	t.Helper()
	v, _, err := reg.Submit(m, registry.Submission{Standard: "sh-express", Base: base, Source: []byte(source), Message: "试改"})
	return v, err
}

func TestSubmitMakesRevisionsAndRefusesWhatIsStale(t *testing.T) {
	reg, _ := two(t)
	held, err := reg.Text(registry.Ref{Standard: "sh-express"})
	if err != nil {
		t.Fatal(err)
	}
	source := string(held.Source)
	tight := strings.Replace(source, "24小时内投递", "12小时内投递", 1)

	v, err := submit(t, reg, shanghai, 1, tight)
	if err != nil || v.Number != 2 || v.Parent != 1 || v.Author != "sh" {
		t.Fatalf("revision %+v, %v", v.Ref(), err)
	}
	again, err := submit(t, reg, shanghai, 2, tight)
	if err != nil || again.Number != 2 {
		t.Errorf("the same text again is %v, %v; want revision 2", again.Ref(), err)
	}
	_, err = submit(t, reg, shanghai, 1, strings.Replace(source, "七日", "五日", 1))
	refused(t, err, registry.Conflict)
	_, err = submit(t, reg, jiangsu, 2, source)
	refused(t, err, registry.Forbidden) // another region's text
	_, err = submit(t, reg, shanghai, 2, "---\ntitle: [\n---\n")
	refused(t, err, registry.Invalid)
	_, _, err = reg.Submit(shanghai, registry.Submission{Standard: "sh-express", Base: 2, Source: []byte(source)})
	refused(t, err, registry.Invalid) // no message

	merged, conflicts, current, err := reg.Merge("sh-express", 1, []byte(strings.Replace(source, "七日", "五日", 1)))
	if err != nil || len(conflicts) != 0 || current.Number != 2 {
		t.Fatalf("merge: %d conflicts with %v, %v", len(conflicts), current.Ref(), err)
	}
	var all strings.Builder
	for c := range merged.All() {
		all.WriteString(c.Text)
	}
	if s := all.String(); !strings.Contains(s, "12小时") || !strings.Contains(s, "五日") {
		t.Errorf("the merge lost a side: %s", s)
	}

	back, err := submit(t, reg, shanghai, 2, source)
	if err != nil || back.Number != 3 {
		t.Errorf("going back to an older text is %v, %v; want revision 3", back.Ref(), err)
	}
}

func TestImportIsIdempotentAndOldestFirst(t *testing.T) {
	reg := open(t)
	older := "# 江苏省某规定\n\n第一条 为了规范快递服务，制定本规定。\n\n第二条 企业应当在十五日内答复。\n"
	newer := "# 江苏省某规定\n\n第一条 为了规范快递服务，制定本规定。\n\n第二条 企业应当公布电话。\n\n第三条 企业应当在十五日内答复。\n"
	texts := []registry.Incoming{
		{Path: "x/江苏省某规定(2024-05-01).md", Source: []byte(newer)},
		{Path: "x/江苏省某规定(2019-05-01).md", Source: []byte(older)},
		{Path: "x/bad.md", Source: []byte{0xff, 0xfe, 0x00}},
	}
	done, err := reg.Import(registry.System, texts)
	if err != nil {
		t.Fatal(err)
	}
	if done[2].Err == nil {
		t.Error("a text that is not UTF-8 was imported")
	}
	if done[1].Revision != 1 || done[0].Revision != 2 || done[0].Standard != done[1].Standard {
		t.Errorf("imported as %+v", done)
	}
	id := done[0].Standard
	s, err := reg.Standard(id)
	if err != nil || s.Current != 2 || s.Region() != "32" || s.Header.Published != "2024-05-01" {
		t.Errorf("standard %+v, %v", s, err)
	}
	a, _ := reg.Text(registry.Ref{Standard: id, Revision: 1})
	b, _ := reg.Text(registry.Ref{Standard: id, Revision: 2})
	idOf := func(x registry.Text, words string) string {
		for c := range x.Document.All() {
			if strings.Contains(c.Text, words) {
				return c.ID
			}
		}
		return ""
	}
	if x, y := idOf(a, "十五日"), idOf(b, "十五日"); x == "" || x != y {
		t.Errorf("the clause that moved from 第二条 to 第三条 is %q, then %q", x, y)
	}

	before, _ := reg.LastEvent()
	again, err := reg.Import(registry.System, texts[:2])
	if err != nil || !again[0].Unchanged || !again[1].Unchanged {
		t.Errorf("the same texts again: %+v, %v", again, err)
	}
	if after, _ := reg.LastEvent(); after.Seq != before.Seq {
		t.Errorf("importing nothing new made %d events", after.Seq-before.Seq)
	}
	_, err = reg.Import(reader, texts)
	refused(t, err, registry.Forbidden)
}

// A text that is older than the one held does not become the current one.
func TestAnOlderTextThatComesLaterIsNotCurrent(t *testing.T) {
	reg := open(t)
	for _, path := range []string{"浙江省某办法(2024-01-01).md", "浙江省某办法(2010-01-01).md"} {
		source := "# 浙江省某办法\n\n第一条 " + path + "。\n\n第二条 本办法自公布之日起施行。\n"
		if _, err := reg.Import(registry.System, []registry.Incoming{{Path: path, Source: []byte(source)}}); err != nil {
			t.Fatal(err)
		}
	}
	list, total, err := reg.Standards(registry.Filter{Region: "33"}, 0, 10)
	if err != nil || total != 1 || list[0].Current != 1 || list[0].Revisions != 2 {
		t.Errorf("got %+v (%d), %v; want one standard with revision 1 current of 2", list, total, err)
	}
}

func TestRefs(t *testing.T) {
	for _, s := range []string{"db31-t-sf001", "db31-t-sf001/2", "db31-t-sf001#scope", "db31-t-sf001/12#c-x.1:3"} {
		ref, err := registry.ParseRef(s)
		if err != nil || ref.String() != s {
			t.Errorf("%s reads as %s, %v", s, ref, err)
		}
	}
	for _, s := range []string{"", "#x", "a/0", "a/x", "A", "a#", "a#x:0", "../a", "a b", "a/2/3", "a\n"} {
		if _, err := registry.ParseRef(s); !registry.Refused(err, registry.Invalid) {
			t.Errorf("%q is taken for a reference (%v)", s, err)
		}
	}
}

func FuzzParseRef(f *testing.F) {
	f.Add("db31-t-sf001/2#scope:1")
	f.Fuzz(func(t *testing.T, s string) {
		ref, err := registry.ParseRef(s)
		if err == nil && ref.String() != s {
			t.Errorf("%q reads as %q", s, ref)
		}
	})
}

// A text that would no longer be readable once its clauses have IDs is refused
// by itself; the texts beside it are kept.
func TestImportRefusesWhatItCouldNotReadBack(t *testing.T) {
	reg := open(t)
	line := "某某某某某某某某某某。\n\n"
	var big strings.Builder
	big.WriteString("# 上海市某长规定\n\n")
	for i := 1; big.Len() < editor.MaxBytes-200; i++ {
		if i <= 9000 {
			big.WriteString("第" + editor.Numeral(i) + "条 ")
		}
		big.WriteString(strings.Repeat(line[:len(line)-2], 5) + "\n\n")
	}
	done, err := reg.Import(registry.System, []registry.Incoming{
		{Path: "long.md", Source: []byte(big.String())},
		{Path: "sh.md", Source: []byte(shText)},
	})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, done[0].Err, registry.Invalid)
	if done[1].Err != nil || done[1].Revision != 1 {
		t.Errorf("the text beside it: %+v", done[1])
	}
	if _, err := reg.Text(registry.Ref{Standard: "sh-express"}); err != nil {
		t.Error(err)
	}
}

// A number that would make no name gives way to a hash of the title; every
// text that is kept can be named.
func TestANumberThatIsNoName(t *testing.T) {
	reg := open(t)
	source := strings.Replace(shText, "id: sh-express\n", "number: DB31/T 1"+strings.Repeat("a", 200)+"\n", 1)
	done, err := reg.Import(registry.System, []registry.Incoming{{Path: "x.md", Source: []byte(source)}})
	if err != nil || done[0].Err != nil {
		t.Fatal(err, done[0].Err)
	}
	if _, err := registry.ParseRef(done[0].Standard); err != nil {
		t.Error(err)
	}
	if _, n, err := reg.Standards(registry.Filter{}, 0, 10); n != 1 || err != nil {
		t.Errorf("%d standards, %v", n, err)
	}
}

// A text of several regions is nobody's own: only who may write every region's
// texts writes it.
func TestJointTexts(t *testing.T) {
	reg := open(t)
	joint := strings.Replace(shText, `region: "31"`, `region: ["31", "32"]`, 1)
	_, _, err := reg.Submit(shanghai, registry.Submission{Standard: "joint", Source: []byte(joint), Message: "x"})
	refused(t, err, registry.Forbidden)
	if _, _, err := reg.Submit(secretary, registry.Submission{Standard: "joint", Source: []byte(joint), Message: "x"}); err != nil {
		t.Fatal(err)
	}
	_, _, err = reg.Submit(shanghai, registry.Submission{Standard: "joint", Base: 1, Source: []byte(shText), Message: "x"})
	refused(t, err, registry.Forbidden) // nor can it be made one's own
}
