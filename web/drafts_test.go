package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf16"

	"tongbiao/editor"
	"tongbiao/editor/check"
	"tongbiao/registry"
)

// script asks as the drafting page's script does.
func (s *site) script(as, path string, question map[string]any, into any) answer {
	s.t.Helper()
	if question["member"] == nil {
		question["member"] = as
	}
	raw, err := json.Marshal(question)
	if err != nil {
		s.t.Fatal(err)
	}
	res := s.ask(as, post, path, nil, func(r *http.Request) {
		r.Body, r.ContentLength = http.NoBody, 0
		b := bytes.NewReader(raw)
		r.Body, r.ContentLength = readCloser{b}, int64(len(raw))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json")
	})
	if into != nil {
		if err := json.Unmarshal([]byte(res.body), into); err != nil {
			s.t.Fatalf("%s: %d %s", path, res.StatusCode, res.body)
		}
	}
	return res
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// startDraftOf opens a working copy and gives it.
func (s *site) startDraftOf(id, standard string) registry.WorkingCopy {
	s.t.Helper()
	m, err := s.reg.Member(id)
	if err != nil {
		s.t.Fatal(err)
	}
	w, err := s.reg.StartWorking(m, standard, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return w
}

func TestScriptSaves(t *testing.T) {
	s := serve(t, Options{})
	w := s.startDraftOf("demo-author", "sh-express")
	before := s.lastEvent()
	text := string(w.Source) + "\n多了一句。\n"
	var kept copyJSON
	if res := s.script("demo-author", "/drafts/sh-express/save", map[string]any{"version": w.Version, "source": text}, &kept); res.StatusCode != 200 || kept.Version == w.Version || kept.Source != nil {
		t.Fatalf("%d %s", res.StatusCode, res.body)
	}
	if got := s.eventsSince(before); len(got) != 0 {
		t.Errorf("a save is the event %v", got)
	}
	// The answer was lost and the same is sent again: no conflict.
	if res := s.script("demo-author", "/drafts/sh-express/save", map[string]any{"version": w.Version, "source": text}, nil); res.StatusCode != 200 {
		t.Errorf("the same again: %d %s", res.StatusCode, res.body)
	}
	// Another window, on the old save: refused, with what is kept.
	var met copyJSON
	if res := s.script("demo-author", "/drafts/sh-express/save", map[string]any{"version": w.Version, "source": "别的"}, &met); res.StatusCode != 409 || met.Source == nil || *met.Source != text || met.Version != kept.Version {
		t.Errorf("%d %s", res.StatusCode, res.body)
	}
	for name, one := range map[string]struct {
		as, member string
		status     int
	}{"nobody": {"", "demo-author", 401}, "somebody else": {"demo-31", "demo-author", 401}, "no copy": {"demo-31", "demo-31", 404}} {
		res := s.script(one.as, "/drafts/sh-express/save", map[string]any{"member": one.member, "version": w.Version, "source": "x"}, nil)
		if res.StatusCode != one.status || !strings.Contains(res.body, `"reason"`) {
			t.Errorf("%s: %d %s", name, res.StatusCode, res.body)
		}
	}
	if res := s.script("demo-author", "/drafts/sh-express/save", map[string]any{"version": kept.Version, "source": strings.Repeat("字", editor.MaxBytes/3+1)}, nil); res.StatusCode != 422 {
		t.Errorf("a text beyond the bound: %d", res.StatusCode)
	}
}

func TestLook(t *testing.T) {
	s := serve(t, Options{})
	w := s.startDraftOf("demo-31", "sh-express")
	source := strings.Replace(string(w.Source), "快件到达末端网点后，应在 24 h", "𠮷快件到达后见[](#complaints)，应在 24小时", 1)
	var said look
	if res := s.script("demo-31", "/drafts/sh-express/look", map[string]any{"source": source}, &said); res.StatusCode != 200 {
		t.Fatalf("%d %s", res.StatusCode, res.body)
	}
	units := utf16.Encode([]rune(source))
	for _, o := range said.Outline {
		if line := string(utf16.Decode(units[o.From:min(len(units), o.From+2)])); o.Heading != strings.HasPrefix(line, "#") {
			t.Errorf("%s begins with %q", o.ID, line)
		}
	}
	if said.Numbers["complaints"] != "3" && !strings.Contains(said.Numbers["complaints"], "3") {
		t.Errorf("numbers: %v", said.Numbers)
	}
	found := false
	for _, f := range said.Findings {
		if words := string(utf16.Decode(units[f.From:f.To])); f.Placed && strings.HasSuffix(words, "小时") && f.Clause == "delivery-time" {
			found = true
		}
	}
	if !found {
		t.Errorf("小时 is not found where it stands: %+v", said.Findings)
	}
	// What the page has is not sent again; a clause that refers to one that moves is.
	var have []string
	for _, k := range said.Clauses {
		if k.HTML == nil {
			t.Errorf("%s was not sent", k.ID)
		}
		have = append(have, k.Hash)
	}
	var again look
	s.script("demo-31", "/drafts/sh-express/look", map[string]any{"source": strings.Replace(source, "## 投诉", "## 验收 {#new}\n\n应验收。\n\n## 投诉", 1), "have": have}, &again)
	var sent []string
	for _, k := range again.Clauses {
		if k.HTML != nil {
			sent = append(sent, k.ID)
		}
	}
	if got := strings.Join(sent, " "); got != "delivery-time new complaints" {
		t.Errorf("sent again: %s", got)
	}
	if res := s.script("demo-31", "/drafts/sh-express/look", map[string]any{"source": "---\ntitle: [\n---\n"}, nil); res.StatusCode != 422 || !strings.Contains(res.body, `"line"`) {
		t.Errorf("what cannot be read: %d %s", res.StatusCode, res.body)
	}
}

func TestScriptWaives(t *testing.T) {
	s := serve(t, Options{})
	w := s.startDraftOf("demo-secretary", "sh-express")
	ask := func() (f lookFinding) {
		var said look
		s.script("demo-secretary", "/drafts/sh-express/look", map[string]any{"source": string(w.Source)}, &said)
		for _, f = range said.Findings {
			if f.Waive != nil || f.Waived != nil {
				return f
			}
		}
		t.Fatalf("nothing to waive: %+v", said.Findings)
		return f
	}
	f := ask()
	if res := s.script("demo-secretary", "/drafts/sh-express/waive", map[string]any{"finding": f.Waive, "reason": " "}, nil); res.StatusCode != 422 {
		t.Errorf("without a reason: %d", res.StatusCode)
	}
	if res := s.script("demo-secretary", "/drafts/sh-express/waive", map[string]any{"finding": f.Waive, "reason": "工作组同意"}, nil); res.StatusCode != 200 {
		t.Fatalf("%d %s", res.StatusCode, res.body)
	}
	var said look
	s.script("demo-secretary", "/drafts/sh-express/look", map[string]any{"source": string(w.Source)}, &said)
	for _, g := range said.Findings {
		if g.Waived != nil && g.Waived.Reason == "工作组同意" && g.Waived.Drop != "" {
			if res := s.script("demo-secretary", "/drafts/sh-express/waive", map[string]any{"drop": g.Waived.Drop}, nil); res.StatusCode != 200 {
				t.Errorf("%d %s", res.StatusCode, res.body)
			}
			return
		}
	}
	t.Errorf("the waiver is not shown: %+v", said.Findings)
}

// Two drafters: what others changed is told; one clause changed by both is a
// choice, and what was chosen is what is submitted.
func TestScriptSubmits(t *testing.T) {
	s := serve(t, Options{})
	mine, theirs := s.startDraftOf("demo-author", "sh-express"), s.startDraftOf("demo-31", "sh-express")
	save := func(as string, w registry.WorkingCopy, pairs ...string) uint64 {
		var kept copyJSON
		s.script(as, "/drafts/sh-express/save", map[string]any{"version": w.Version, "source": strings.NewReplacer(pairs...).Replace(string(w.Source))}, &kept)
		return kept.Version
	}
	v := save("demo-31", theirs, "5 日内", "3 日内", "由代收点", "由代收点或驿站")
	if res := s.script("demo-31", "/drafts/sh-express/submit", map[string]any{"version": v, "message": "收紧"}, nil); res.StatusCode != 200 || !strings.Contains(res.body, "/standards/sh-express/3") {
		t.Fatalf("%d %s", res.StatusCode, res.body)
	}
	v = save("demo-author", mine, "5 日内", "10 日内")
	var met struct {
		Conflicts     []conflictJSON
		Base, Current int
		By, Me        string
		Others        []string
	}
	if res := s.script("demo-author", "/drafts/sh-express/submit", map[string]any{"version": v, "message": "放宽"}, &met); res.StatusCode != 409 || len(met.Conflicts) != 1 || met.Base != 2 || met.Current != 3 || met.By != s.web.person("zh", "demo-31") || len(met.Others) != 1 {
		t.Fatalf("%d %s", res.StatusCode, res.body)
	}
	k := met.Conflicts[0]
	if k.ID != "complaints" || !strings.Contains(*k.Base, "5 日") || !strings.Contains(*k.Theirs, "3 日") || !strings.Contains(*k.Mine, "10 日") {
		t.Errorf("%+v", k)
	}
	question := map[string]any{"version": v, "current": 2, "chosen": []map[string]any{{"id": "complaints", "text": "企业应在 4 日内答复用户投诉。"}}}
	if res := s.script("demo-author", "/drafts/sh-express/settle", question, nil); res.StatusCode != 409 {
		t.Errorf("settled on a revision that is not the current one: %d", res.StatusCode)
	}
	question["current"] = 3
	var kept copyJSON
	if res := s.script("demo-author", "/drafts/sh-express/settle", question, &kept); res.StatusCode != 200 || kept.Base != 3 || !strings.Contains(*kept.Source, "4 日内") || !strings.Contains(*kept.Source, "驿站") {
		t.Fatalf("%d %s", res.StatusCode, res.body)
	}
	if res := s.script("demo-author", "/drafts/sh-express/submit", map[string]any{"version": kept.Version, "message": "折中"}, nil); res.StatusCode != 200 || !strings.Contains(res.body, "/standards/sh-express/4") {
		t.Errorf("%d %s", res.StatusCode, res.body)
	}
}

// The same without script: the merge page holds both, and its form goes on.
func TestFormSubmitMeets(t *testing.T) {
	s := serve(t, Options{})
	w := s.startDraftOf("demo-author", "sh-express")
	other, err := s.reg.Member("demo-31")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.reg.Submit(other, registry.Submission{Standard: "sh-express", Base: 2, Source: []byte(strings.Replace(shanghaiText, "7 日内", "3 日内", 1)), Message: "收紧"}); err != nil {
		t.Fatal(err)
	}
	form := fields("do", "submit", "version", fmt.Sprint(w.Version), "base", "2", "source", strings.Replace(shanghaiText, "7 日内", "10 日内", 1), "message", "放宽")
	res := s.ask("demo-author", post, "/drafts/sh-express", form)
	for _, want := range []string{"1 处两边都改了", "&lt;&lt;&lt;&lt;&lt;&lt;&lt; 您的", "3 日内", "10 日内", `action="/drafts/sh-express"`, `name="base" value="3"`, `value="放宽"`} {
		if !strings.Contains(res.body, want) {
			t.Errorf("%d does not show %q", res.StatusCode, want)
		}
	}
	now, err := s.reg.WorkingCopy(registry.Member{ID: "demo-author"}, "sh-express")
	if err != nil {
		t.Fatal(err)
	}
	form = fields("do", "submit", "version", fmt.Sprint(now.Version), "base", "3", "source", strings.Replace(shanghaiText, "7 日内", "4 日内", 1), "message", "折中")
	if res := s.ask("demo-author", post, "/drafts/sh-express", form); res.StatusCode != 303 || res.Header.Get("Location") != "/standards/sh-express/4" {
		t.Errorf("%d %s", res.StatusCode, bodyText(res.body))
	}
}

// Every skeleton keeps the rules of structure before a word is written.
func TestSkeletonsKeepTheRules(t *testing.T) {
	aspects := map[string]string{"specification": "规范", "practice": "规程", "guide": "指南", "test": "试验方法", "classification": "分类", "symbol": "图形符号", "terminology": "术语"}
	for _, kind := range newTypes {
		n := newStandard{Field: "快递服务", Subject: "末端投递", Aspect: aspects[kind], English: "Last-mile delivery", Kind: "local", Number: "DB31/T 900009—2026", Region: "31", Type: kind}
		_, source := n.skeleton()
		doc, findings, err := editor.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			t.Errorf("%s: read with %s: %s", kind, f.Rule, f.Message)
		}
		for _, f := range check.Check(source, doc, check.Options{Stage: "drafting"}) {
			if kind == "terminology" && f.Rule == "STR-02" {
				continue // its terms are its core; the rule asks for a chapter besides
			}
			if strings.HasPrefix(f.Rule, "STR-") {
				t.Errorf("%s: %s %s", kind, f.Rule, f.Message)
			}
		}
	}
}

func FuzzPlaces(f *testing.F) {
	f.Add("应在 24 h 内\n𠮷快件\n", 3)
	f.Add(strings.Repeat("投递𠮷a", 400), 1023)
	f.Fuzz(func(t *testing.T, text string, at int) {
		text = strings.ToValidUTF8(text, "?")
		p := newPlaces(text)
		at = min(max(at, 0), len(text))
		for at > 0 && at < len(text) && text[at]&0xC0 == 0x80 {
			at--
		}
		if got, want := p.utf16(at), len(utf16.Encode([]rune(text[:at]))); got != want {
			t.Errorf("byte %d of %q is unit %d, want %d", at, text, got, want)
		}
	})
}

// hundredPages is a standard of about a hundred printed pages.
func hundredPages() string {
	var b strings.Builder
	b.WriteString(shanghaiText)
	for chapter := range 20 {
		fmt.Fprintf(&b, "\n## 第%d项要求 {#x-%d}\n", chapter, chapter)
		for clause := range 15 {
			fmt.Fprintf(&b, "\n### 条 %d {#x-%d-%d}\n\n快递企业应在 %d h 内投递，并符合[](#x-%d)的规定；不能投递的，宜在 2 个工作日内告知用户。代收点可代收不超过 %d 件，应保存记录 12 个月。末端网点应公示服务时间、收费标准和投诉电话，公示内容发生变化的应及时更新。\n\na) 上门投递；\nb) 箱递。\n", clause, chapter, clause, clause+2, chapter, clause+3)
		}
	}
	return b.String()
}

// BenchmarkLook is the preview's round trip over HTTP: one more character in a
// text of a hundred pages, until its findings, outline and changed clauses are
// here.
func BenchmarkLook(b *testing.B) {
	s := serve(b, Options{})
	s.startDraftOf("demo-31", "sh-express")
	text := hundredPages()
	var said look
	s.script("demo-31", "/drafts/sh-express/look", map[string]any{"source": text}, &said)
	for i := 0; b.Loop(); i++ {
		have := make([]string, 0, len(said.Clauses))
		for _, k := range said.Clauses {
			have = append(have, k.Hash)
		}
		at := strings.Index(text, "末端网点应公示")
		text = text[:at] + "字" + text[at:]
		said = look{}
		s.script("demo-31", "/drafts/sh-express/look", map[string]any{"source": text, "have": have}, &said)
	}
	b.ReportMetric(float64(len(text)), "bytes/text")
}
