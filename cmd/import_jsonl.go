package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
	"tongbiao/registry"
)

// Bounds of a file of clauses, one JSON object a line.
const (
	maxLine    = 1 << 20 // bytes of a line
	maxLines   = 2_000_000
	clauseForm = `^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`
)

var clauseID = regexp.MustCompile(clauseForm)

// clauseLine is a line of such a file; what else a line holds is not carried.
type clauseLine struct {
	ID      string `json:"id"`
	Title   string `json:"title"`   // of the regulation that it belongs to
	Article string `json:"article"` // 第十二条
	Chapter string `json:"chapter"`
	Text    string `json:"text"`
}

// clauseFile groups the lines of a file into regulations by their titles.
type clauseFile struct {
	path   string
	kind   string
	region string
	byName map[string]*editor.Document
	docs   []*editor.Document
	ids    map[string]bool
	left   map[string]int // fields that are not carried, and in how many lines
}

// readClauseFile reads a file of clauses. What it cannot carry is told to
// report with its line; the rest is kept.
func readClauseFile(path, region, kind string, report func(line int, err error)) (*clauseFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c := newClauseFile(path, region, kind)
	return c, c.read(f, report)
}

func newClauseFile(path, region, kind string) *clauseFile {
	if kind == "" {
		kind = "regulation"
	}
	return &clauseFile{path: path, kind: kind, region: region, byName: map[string]*editor.Document{}, ids: map[string]bool{}, left: map[string]int{}}
}

func (c *clauseFile) read(r io.Reader, report func(line int, err error)) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	n := 0
	for lines.Scan() {
		if n++; n > maxLines {
			return fmt.Errorf("超过 %d 行：请分成几个文件。 more than %d lines: divide the file", maxLines, maxLines)
		}
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		if err := c.take(lines.Bytes()); err != nil {
			report(n, err)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("第 %d 行超过 %d KB，之后的没有读。 line %d is over %d KB: nothing after it was read", n+1, maxLine>>10, n+1, maxLine>>10)
	}
	return lines.Err()
}

// take puts a clause into its regulation.
func (c *clauseFile) take(raw []byte) error {
	if !utf8.Valid(raw) {
		return errors.New("不是 UTF-8，没有读。 not UTF-8: not read")
	}
	var l clauseLine
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("不是 JSON，没有读：%w。 not JSON: not read", err)
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return fmt.Errorf("字段不是文字，没有读：%w。 a field is no string: not read", err)
	}
	title, text := oneLine(l.Title), strings.TrimSpace(l.Text)
	switch {
	case !clauseID.MatchString(l.ID):
		return fmt.Errorf("id %.80q 不能作条文标识（字母、数字、点、连字符，至多 64 个），没有读。 cannot be the ID of a clause: not read", l.ID)
	case c.ids[l.ID]:
		return fmt.Errorf("id %s 用过了，没有读。 is used twice: not read", l.ID)
	case title == "":
		return fmt.Errorf("%s 没有 title，没有读。 has no title: not read", l.ID)
	case text == "":
		return fmt.Errorf("%s 没有 text，没有读。 has no text: not read", l.ID)
	}
	c.ids[l.ID] = true
	for name := range all {
		if !slices.Contains([]string{"id", "title", "article", "chapter", "text"}, name) {
			c.left[name]++
		}
	}
	above := c.chapter(title, oneLine(l.Chapter))
	*above = append(*above, &editor.Clause{ID: l.ID, Kind: editor.Article, Fixed: oneLine(l.Article), Text: paragraphs(text)})
	return nil
}

// chapter finds where the next clause of a regulation belongs.
func (c *clauseFile) chapter(title, chapter string) *[]*editor.Clause {
	d := c.byName[title]
	if d == nil {
		d = &editor.Document{Header: editor.Header{Title: title, Kind: c.kind, Convention: editor.Regulation}}
		if c.region != "" {
			d.Header.Regions = []string{c.region}
		}
		c.byName[title] = d
		c.docs = append(c.docs, d)
	}
	if chapter == "" {
		if n := len(d.Clauses); n == 0 || d.Clauses[n-1].Kind == editor.Article {
			return &d.Clauses
		}
	}
	if n := len(d.Clauses); n == 0 || d.Clauses[n-1].Kind != editor.Chapter || d.Clauses[n-1].Title != chapter {
		d.Clauses = append(d.Clauses, &editor.Clause{ID: fmt.Sprintf("chapter-%d", n+1), Kind: editor.Chapter, Title: chapter})
	}
	return &d.Clauses[len(d.Clauses)-1].Clauses
}

// texts writes the regulations as they are imported.
func (c *clauseFile) texts() []registry.Incoming {
	var out []registry.Incoming
	for _, d := range c.docs {
		out = append(out, registry.Incoming{Path: d.Header.Title, Source: editor.Write(d)})
	}
	return out
}

// oneLine is a heading as it can stand: without line ends and doubled spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// paragraphs makes each line a paragraph, and of what would mean something in
// Markdown plain text.
func paragraphs(text string) string {
	var out []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		if strings.ContainsAny(l[:1], "#>|-*+~=`$<") {
			l = `\` + l
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n\n")
}

// runJSONL imports the clauses of a file.
func (cmd importCommand) runJSONL(t *terminal, sum *importSummary, take func([]registry.Incoming) ([]registry.Imported, error)) error {
	file, err := readClauseFile(cmd.JSONL, cmd.Region, cmd.Kind, func(line int, err error) {
		sum.fail(t, cmd.JSONL, &editor.SyntaxError{Line: line, Message: err.Error()})
	})
	if file == nil {
		return err
	}
	if err != nil {
		sum.fail(t, cmd.JSONL, err)
	}
	for _, name := range sortedKeys(file.left) {
		fmt.Fprintf(t.err, "%s: %d 行的字段 %s 没有带入。 field %s of %d lines is not carried\n", cmd.JSONL, file.left[name], name, name, file.left[name])
	}
	texts := file.texts()
	for at := 0; at < len(texts); at += batch {
		if err := t.ctx.Err(); err != nil {
			return fmt.Errorf("中断：已导入 %d 个文本。 interrupted: %d texts are kept: %w", sum.Imported, sum.Imported, err)
		}
		next := texts[at:min(at+batch, len(texts))]
		sum.Read += len(next)
		if err := cmd.keep(t, next, take, sum); err != nil {
			return err
		}
		t.progress(sum.Read, len(texts))
	}
	return nil
}

func sortedKeys(m map[string]int) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
