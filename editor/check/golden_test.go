package check

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"tongbiao/editor"
)

var update = flag.Bool("update", false, "write the wanted findings of testdata/rules anew")

// ruleCase is one text of testdata/rules and what a rule must say of it.
type ruleCase struct {
	rule, name string
	source     []byte
	want       []string // nil for a good text
	options    Options
}

func (c ruleCase) bad() bool { return strings.HasPrefix(c.name, "bad") }

// readCases reads one archive.
func readCases(t testing.TB, path string) []ruleCase {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rule := strings.TrimSuffix(filepath.Base(path), ".txtar")
	files := map[string]string{}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
	}
	var out []ruleCase
	for _, f := range a.Files {
		if f.Name == "config" || strings.Contains(f.Name, ".") {
			continue
		}
		c := ruleCase{rule: rule, name: f.Name, source: caseSource(t, path+" "+f.Name, string(f.Data))}
		c.options = readConfig(t, files["config"]+files[f.Name+".config"])
		if want := strings.TrimSpace(files[f.Name+".want"]); c.bad() && want != "" {
			c.want = strings.Split(want, "\n")
		}
		out = append(out, c)
	}
	return out
}

// caseSource is a whole text, or the sound text with the edits made.
func caseSource(t testing.TB, name, data string) []byte {
	t.Helper()
	if strings.HasPrefix(data, "---\n") {
		return []byte(data)
	}
	text := soundText(t)
	for data = strings.TrimSpace(data); data != ""; data = strings.TrimSpace(data) {
		block, rest, ok := strings.Cut(strings.TrimPrefix(data, "<<<<\n"), "\n>>>>")
		from, to, both := strings.Cut(block, "\n====")
		to = strings.TrimPrefix(to, "\n")
		if !ok || !both || strings.Count(text, from) < 1 {
			t.Fatalf("%s: %q is not in the sound text", name, from)
		}
		text, data = strings.Replace(text, from, to, 1), rest
	}
	return []byte(text)
}

func soundText(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "sound.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readConfig(t testing.TB, config string) Options {
	t.Helper()
	o := Options{}
	for l := range strings.FieldsFuncSeq(config, func(r rune) bool { return r == '\n' }) {
		key, value, _ := strings.Cut(l, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "stage":
			o.Stage = value
		case "region":
			o.Region = value
		case "today":
			o.Today = value
		case "library":
			if o.Library == nil {
				o.Library = shelf{}
			}
			k := readKnown(value)
			o.Library.(shelf)[squash(strings.ReplaceAll(k.Number, "-", "—"))] = k
		default:
			t.Fatalf("config: no key %q", key)
		}
	}
	return o
}

// shelf is a library for tests, by number.
type shelf map[string]Known

// readKnown reads "GB/T 10757—2011 | 邮政业术语 | in-force", then, where given,
// "superseded=…", "effective=…", "term 词=定义", "kind=…", "body=…", "id=…".
func readKnown(line string) Known {
	f := strings.Split(line, "|")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	f = append(f, "", "", "")
	k := Known{Number: f[0], Title: f[1], Status: f[2], Terms: map[string]string{}, ID: squash(f[0])}
	if _, year, ok := strings.Cut(f[0], "—"); ok {
		k.Year = year
	}
	for _, more := range f[3:] {
		key, value, _ := strings.Cut(more, "=")
		switch {
		case key == "superseded":
			k.Superseded = value
		case key == "effective":
			k.Effective = value
		case key == "kind":
			k.Kind = value
		case key == "body":
			k.Body = value
		case key == "id":
			k.ID = value
		case strings.HasPrefix(key, "term "):
			k.Terms[strings.TrimPrefix(key, "term ")] = value
		}
	}
	return k
}

func (s shelf) Standard(number string) (Known, bool) {
	number = squash(strings.ReplaceAll(number, "-", "—"))
	if k, ok := s[number]; ok {
		return k, true
	}
	for _, key := range s.keys() {
		if undated, _, _ := strings.Cut(key, "—"); undated == number {
			return s[key], true
		}
	}
	return Known{}, false
}

func (s shelf) Similar(title string) []Known {
	var out []Known
	for _, key := range s.keys() {
		if squash(s[key].Title) == squash(title) {
			out = append(out, s[key])
		}
	}
	return out
}

func (s shelf) keys() []string {
	var keys []string
	for k := range s {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func allCases(t testing.TB) []ruleCase {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "rules", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no golden files", err)
	}
	var out []ruleCase
	for _, p := range paths {
		out = append(out, readCases(t, p)...)
	}
	return out
}

// checked gives the findings of the rules, without what Parse reports.
func checked(t testing.TB, source []byte, o Options) []editor.Finding {
	t.Helper()
	d, _, err := editor.Parse(source)
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	return Check(source, d, o)
}

// said is a finding as the golden files write it.
func said(source []byte, f editor.Finding) string {
	words := strings.ReplaceAll(string(source[f.Start:f.End]), "\n", "⏎")
	switch {
	case f.Start == 0 && f.End == 0:
		words = "-"
	case strings.TrimSpace(words) == "":
		words = strings.ReplaceAll(words, " ", "␣")
	}
	if e, _ := Lookup(f.Rule); e.Severity != f.Severity {
		words += "|" + string(f.Severity)
	}
	return words
}

// Every rule flags what it must, where it must, and lets pass what it must; every
// correction is safe.
func TestRules(t *testing.T) {
	bad, good := map[string]int{}, map[string]int{}
	for _, c := range allCases(t) {
		if c.bad() {
			bad[c.rule]++
		} else {
			good[c.rule]++
		}
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			var got []string
			for _, f := range checked(t, c.source, c.options) {
				if f.Rule != c.rule {
					continue
				}
				got = append(got, said(c.source, f))
				if f.Fix != nil {
					got = append(got, strings.TrimRight("fix: "+mended(c.source, f), " "))
					if e := unsafe(t, c.source, f, c.options); e != "" {
						t.Errorf("the correction of %q is not safe: %s", said(c.source, f), e)
					}
				}
				if !strings.Contains(f.Message, " · ") || strings.Contains(f.Message, "%!") {
					t.Errorf("message: %s", f.Message)
				}
			}
			if *update && c.bad() && len(got) > 0 {
				record(t, c, got)
				return
			}
			if !slices.Equal(got, c.want) || c.bad() && len(got) == 0 {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
			}
		})
	}
	for _, r := range Rules() {
		if bad[r.ID] == 0 || good[r.ID] == 0 {
			t.Errorf("%s has %d texts that it must flag and %d that it must not: it needs one of each", r.ID, bad[r.ID], good[r.ID])
		}
	}
}

// mended is the line of a finding after its correction.
func mended(source []byte, f editor.Finding) string {
	after := f.Fix.Apply(source)
	at := min(f.Fix.Edits[0].Start, len(after))
	start := bytes.LastIndexByte(after[:at], '\n') + 1
	end := len(source) - f.Fix.Edits[len(f.Fix.Edits)-1].End // bytes behind the last edit
	last := len(after) - end
	if i := bytes.IndexByte(after[last:], '\n'); i >= 0 {
		last += i
	} else {
		last = len(after)
	}
	return strings.ReplaceAll(string(after[start:max(start, last)]), "\n", "⏎")
}

// unsafe says why a correction is not safe; "" when it is.
func unsafe(t testing.TB, source []byte, f editor.Finding, o Options) string {
	t.Helper()
	after := f.Fix.Apply(source)
	if bytes.Equal(after, source) {
		return "it changes nothing"
	}
	if id := touched(t, source, after, f); id != "" {
		return "it changes " + id + " too"
	}
	before, errorsBefore := tally(checked(t, source, o))
	left, errorsAfter := tally(checked(t, after, o))
	if left[f.Rule] >= before[f.Rule] {
		return "the finding is still there"
	}
	for rule, n := range errorsAfter {
		if n > errorsBefore[rule] {
			return "it brings an error of " + rule
		}
	}
	return ""
}

// touched names a clause other than that of the finding which a correction changed;
// "" when there is none.
func touched(t testing.TB, source, after []byte, f editor.Finding) string {
	t.Helper()
	old, _, err := editor.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	now, _, err := editor.Parse(after)
	if err != nil {
		return "the text, which cannot be read,"
	}
	of := map[string]*editor.Clause{}
	for x := range now.All() {
		of[x.ID] = x
	}
	n := 0
	for x := range old.All() {
		n++
		y := of[x.ID]
		switch {
		case y == nil:
			return x.ID
		case x.ID == f.Clause:
		case y.Title != x.Title || y.Text != x.Text || y.Kind != x.Kind || y.Number != x.Number:
			return x.ID
		}
	}
	if n != len(of) {
		return "the number of clauses"
	}
	return ""
}

func tally(findings []editor.Finding) (all, errors map[string]int) {
	all, errors = map[string]int{}, map[string]int{}
	for _, f := range findings {
		all[f.Rule]++
		if f.Severity == editor.Error {
			errors[f.Rule]++
		}
	}
	return all, errors
}

// record writes what a bad text's findings are into its archive.
func record(t *testing.T, c ruleCase, got []string) {
	t.Helper()
	path := filepath.Join("testdata", "rules", c.rule+".txtar")
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data := []byte(strings.Join(got, "\n") + "\n")
	name := c.name + ".want"
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
	if i >= 0 {
		a.Files[i].Data = data
	} else {
		at := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == c.name })
		a.Files = slices.Insert(a.Files, at+1, txtar.File{Name: name, Data: data})
	}
	if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The sound text breaks no rule.
func TestSound(t *testing.T) {
	source := []byte(soundText(t))
	for _, f := range checked(t, source, Options{}) {
		t.Errorf("%d: %s %s", f.Line, f.Rule, f.Message)
	}
}

// Every rule of the catalogue is checked, or says why no text can break it.
func TestCatalogue(t *testing.T) {
	ruled := map[string]bool{}
	for _, r := range Rules() {
		ruled[r.ID] = true
		if (r.Clause == nil) == (r.Text == nil) {
			t.Errorf("%s must look at either a clause or the text", r.ID)
		}
	}
	for _, e := range Catalogue() {
		if ruled[e.ID] == (e.Guaranteed.Zh != "") {
			t.Errorf("%s: a rule %v, guaranteed %q", e.ID, ruled[e.ID], e.Guaranteed.Zh)
		}
		if e.Title.Zh == "" || e.Title.En == "" || e.Source == "" {
			t.Errorf("%s: %+v", e.ID, e)
		}
	}
}
