package editor

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// realTexts are the regulations of ../shared, which is not part of this
// repository. A test that needs them is skipped, loudly, where they are missing.
func realTexts(t testing.TB) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	for _, dir := range []string{"regulations", "families", "alignment"} {
		root := filepath.Join("..", "..", "shared", "data", dir)
		if _, err := os.Stat(root); err != nil {
			t.Skipf("SKIPPED: folder %s is missing: the real regulations are not measured", root)
		}
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(path) != ".md" {
				return err
			}
			texts[path], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

func TestRealTextsRoundTrip(t *testing.T) {
	n := 0
	for path, src := range realTexts(t) {
		d, _, err := Parse(src)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		n++
		if diff := roundTrip(d); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	t.Logf("%d texts read and written", n)
}

// roundTrip says how a document changes when it is written and read again.
func roundTrip(d *Document) string {
	w := Write(d)
	e, _, err := Parse(w)
	if err != nil {
		return "what was written is refused: " + err.Error()
	}
	if w2 := Write(e); string(w2) != string(w) {
		return "written twice it differs:\n" + firstDifference(string(w), string(w2))
	}
	a, b := withoutLines(d), withoutLines(e)
	if reflect.DeepEqual(a, b) {
		return ""
	}
	if !reflect.DeepEqual(a.Header, b.Header) {
		return fmt.Sprintf("the header changed\n got %#v\nwant %#v", b.Header, a.Header)
	}
	return "the document changed\n" + firstDifference(outline(a), outline(b))
}

// outline is a line for everything that a clause is.
func outline(d *Document) string {
	var b strings.Builder
	for c := range d.All() {
		k := *c
		k.Clauses = nil
		fmt.Fprintf(&b, "%d clauses in %#v\n", len(c.Clauses), k)
	}
	return b.String()
}

func withoutLines(d *Document) *Document {
	d.Renumber()
	for c := range d.All() {
		c.Line = 0
	}
	return d
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return "got  " + bs[i] + "\nwant " + as[i]
		}
	}
	return "one is longer"
}

var articleLine = regexp.MustCompile(`^[ \t\x{3000}\x{A0}\x{200B}*#]*第([一二三四五六七八九十百千零〇0-9０-９ ]+)条([ \t\x{3000}\x{A0}（*]|$)`)

// Every line that begins with 第X条 is an article, in order, with the number that
// is printed. A line whose number was written otherwise (第七十 五条) has a finding.
func TestRealArticles(t *testing.T) {
	articles, rough := 0, 0
	for path, src := range realTexts(t) {
		d, findings, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		mended := map[int]bool{}
		for _, f := range findings {
			mended[f.Line] = mended[f.Line] || strings.HasPrefix(f.Message, "编号写法改为")
		}
		var got, want []string
		for c := range d.All() {
			if c.Kind == Article {
				got = append(got, c.Number)
			}
		}
		for i, l := range strings.Split(string(src), "\n") {
			if m := articleLine.FindStringSubmatch(l); m != nil {
				n, _ := ParseNumeral(squash(m[1]))
				want = append(want, statuteNumber(Article, n))
			} else if s, ok := readStatute(l); ok && s.kind == Article && mended[i+1] {
				rough++
				want = append(want, s.number)
			}
		}
		articles += len(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d articles, %d lines that begin with one\n got %v\nwant %v", path, len(got), len(want), got, want)
		}
	}
	t.Logf("%d articles, %d of them with a number that was mended", articles, rough)
}

// No character is lost without a finding: a text of which nothing is reported
// taken out or mended has all the characters of its source, and every line of
// the others is in the document or has a finding.
func TestRealTextsLoseNothing(t *testing.T) {
	exact, explained, characters := 0, 0, 0
	for path, src := range realTexts(t) {
		d, findings, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		s, err := readSource(src)
		if err != nil {
			t.Fatal(err)
		}
		want := &strings.Builder{}
		for _, l := range s.lines {
			want.WriteString(strings.Trim(squash(l.text), "#*"))
		}
		reported := map[int]bool{}
		mended := false
		for _, f := range findings {
			reported[f.Line] = true
			mended = mended || strings.HasPrefix(f.Rule, "PARSE-") && f.Line > 0 && f.Rule != "PARSE-comment" && f.Rule != "PARSE-invisible" &&
				f.Rule != "PARSE-break" && !strings.Contains(f.Message, "标题中的空格")
		}
		got := characterString(d)
		characters += utf8.RuneCountInString(got)
		if got == want.String() {
			exact++
			continue
		}
		if !mended {
			t.Errorf("%s: the characters differ although nothing is reported\n%s", path, firstDifference(strings.ReplaceAll(got, "。", "。\n"), strings.ReplaceAll(want.String(), "。", "。\n")))
			continue
		}
		explained++
		contents := contentsLines(findings)
		for _, l := range s.lines {
			text := strings.Trim(squash(l.text), "#*")
			if st, ok := readStatute(text); ok {
				text = squash(st.rest)
			}
			if !strings.Contains(got, text) && !reported[l.no] && !contents[l.no] {
				t.Errorf("%s:%d: lost without a finding: %s", path, l.no, l.text)
			}
		}
	}
	t.Logf("%d texts exactly, %d with findings that explain the difference; %d characters", exact, explained, characters)
}

// characterString is everything that a document says, without white space.
func characterString(d *Document) string {
	var b strings.Builder
	b.WriteString(squash(d.Header.Title))
	for c := range d.All() {
		b.WriteString(squash(c.Number))
		title := squash(c.Title)
		if c.Kind == Article && title != "" {
			title = "（" + title + "）"
		}
		b.WriteString(title)
		for l := range strings.SplitSeq(c.Text, "\n") {
			b.WriteString(strings.Trim(squash(l), "#*"))
		}
	}
	return b.String()
}

var contentsFinding = regexp.MustCompile(`删去目次 (\d+) 行`)

// contentsLines are the lines of a contents list that was taken out.
func contentsLines(findings []Finding) map[int]bool {
	out := map[int]bool{}
	for _, f := range findings {
		if m := contentsFinding.FindStringSubmatch(f.Message); m != nil {
			n, _ := strconv.Atoi(m[1])
			for i := range n {
				out[f.Line+i] = true
			}
		}
	}
	return out
}
