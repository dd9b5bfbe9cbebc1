package check

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

// list is a run of items and the block before it.
type list struct {
	lead  *editor.Block // nil when the clause begins with the list
	items []editor.Block
}

// lists are the lists of a clause, less those of documents, which have rules of
// their own. A note or example of an item does not end its list.
func (c *Clause) lists() []list {
	if c.Kind == editor.Bibliography || c.Top.Title == "规范性引用文件" {
		return nil
	}
	var out []list
	blocks := c.Blocks()
	open := false
	for i, b := range blocks {
		switch {
		case b.Kind == editor.Item && open:
			last := &out[len(out)-1]
			last.items = append(last.items, b)
		case b.Kind == editor.Item:
			l := list{items: []editor.Block{b}}
			if i > 0 {
				l.lead = &blocks[i-1]
			}
			out, open = append(out, l), true
		case b.Kind == editor.Paragraph || b.Kind == editor.Table:
			open = false
		}
	}
	return out
}

// label is the place of an item's label.
func (c *Clause) label(b editor.Block) Span {
	at := b.Start + max(strings.Index(c.Text[b.Start:b.End], b.Label), 0)
	return Words(at, at+len(b.Label))
}

// shapeOfLists: a lead-in, level 1 with —— or letters, level 2 with · or figures,
// labels that follow on.
func shapeOfLists(c *Clause) {
	var before [3]string // the last label of each level in the clause
	for _, l := range c.lists() {
		if l.lead == nil || l.lead.Kind == editor.Table || l.lead.Kind == editor.Figure {
			c.Flag(c.label(l.items[0]), "列项没有引导语，请在其前加一句", "the list has no lead-in: put a sentence before it").Lesser()
		}
		var last [3]string
		for i, b := range l.items {
			level := min(b.Level, 2)
			if i == 0 && level == 2 {
				c.Flag(c.label(b), "列项从第二级开始，第一级请用 a）或“——”", "the list begins at its second level: the first is labelled a) or ——").Lesser()
			}
			if level == 1 {
				last[2] = ""
			}
			want := nextLabel(last[level])
			switch key := labelKey(b.Label); {
			case last[level] == "" && (key == firstLabel(key) || before[level] != "" && key == nextLabel(before[level])):
			case last[level] == "" || key != want && kindOfLabel(key) == kindOfLabel(want):
				if want == "" {
					want = firstLabel(key)
				}
				c.Flag(c.label(b), "列项的序号不连续，这里应为 %[1]s）", "the labels do not follow on: %[1]s) comes here", want)
			case key != want:
				c.Flag(c.label(b), "同一级列项的序号请用同一种", "items of one level have labels of one kind").Lesser()
			}
			last[level] = labelKey(b.Label)
			before[level] = last[level]
		}
	}
}

// labelKey is a label without its brackets: "a", "3", "——".
func labelKey(label string) string {
	if k := strings.Trim(label, "（）().．、 "); k != "" {
		if n, ok := editor.ParseNumeral(k); ok {
			return strconv.Itoa(n)
		}
		return k
	}
	return label
}

func kindOfLabel(key string) byte {
	switch {
	case key == "":
		return 0
	case key[0] >= 'a' && key[0] <= 'z':
		return 'a'
	case key[0] >= '0' && key[0] <= '9':
		return '1'
	}
	return '-'
}

// firstLabel is the label with which a list of this kind begins.
func firstLabel(key string) string {
	switch kindOfLabel(key) {
	case 'a':
		return "a"
	case '1':
		return "1"
	}
	return key
}

// nextLabel follows a label: b after a, 4 after 3, —— after ——.
func nextLabel(key string) string {
	switch kindOfLabel(key) {
	case 'a':
		if key == "z" {
			return "aa"
		}
		return string(rune(key[0] + 1))
	case '1':
		n, _ := strconv.Atoi(key)
		return strconv.Itoa(n + 1)
	}
	return key
}

// endsOfItems: after a lead-in that ends in ：items end in ；and the last in 。, after a
// whole sentence every item ends in 。.
func endsOfItems(c *Clause) {
	for _, l := range c.lists() {
		if l.lead == nil || l.lead.Kind != editor.Paragraph {
			continue
		}
		colon, sentence := strings.HasSuffix(l.lead.Text, "："), strings.HasSuffix(l.lead.Text, "。")
		if !colon && !sentence || slices.ContainsFunc(l.items, holdsSentences) && colon {
			continue
		}
		for i, b := range l.items {
			want := "；"
			if sentence || i == len(l.items)-1 {
				want = "。"
			}
			text := strings.TrimRight(b.Text, " \u3000\n")
			if text == "" || strings.HasSuffix(text, want) || endsWithAny(text, []string{"：", "$$", "|", ")", "]", "}", ">"}) || want == "；" && strings.HasSuffix(text, "，") {
				continue
			}
			end := c.At(b) + len(text)
			start := end
			if r, size := utf8.DecodeLastRuneInString(text); strings.ContainsRune("。；，、;,.", r) {
				start -= size
			}
			at := Words(start, end)
			shown := at
			if start == end {
				_, size := utf8.DecodeLastRuneInString(text)
				shown = Words(end-size, end)
			}
			c.Flag(shown, "列项的这一项应以“%[1]s”结尾", "this item of the list ends in %[1]s", want).
				Mend("以“"+want+"”结尾 · end it in "+want, Change{at, want})
		}
	}
}

// holdsSentences tells whether an item has several sentences, so that ；cannot end it.
func holdsSentences(b editor.Block) bool {
	i := strings.Index(b.Text, "。")
	return i >= 0 && i+len("。") < len(b.Text)
}

var (
	numberBeforeTitle = regexp.MustCompile(`^(?:[A-Z]\.)?\d+(?:\.\d+)+[ \x{3000}]*|^第[一二三四五六七八九十]+[章节条][ \x{3000}]*`)
	numberBeforeText  = regexp.MustCompile(`^(?:[A-Z]\.)?\d+(?:\.\d+)+[ \x{3000}]+\p{Han}`)
	numberBeforeName  = regexp.MustCompile(`^[表图][ \x{3000}]*(?:[A-Z]\.)?\d+[ \x{3000}：:]*`)
)

// handNumbers flags numbers that the format derives: before titles, before
// paragraphs, in captions.
func handNumbers(c *Clause) {
	if m := numberBeforeTitle.FindString(c.Title); m != "" && len(m) < len(c.Title) {
		c.Flag(TitleWords(0, len(m)), "编号由位置得出，请删去手写的“%[1]s”", "numbers are derived: take %[1]s out", strings.TrimSpace(m)).
			Mend("删去手写的编号 · take the number out", Change{TitleWords(0, len(m)), ""})
	}
	for _, b := range c.Blocks() {
		switch b.Kind {
		case editor.Paragraph:
			at := c.At(b)
			if m := numberBeforeText.FindString(b.Text); m != "" && !aboutClause(b.Text[len(m)-len("中"):]) {
				number, _, _ := strings.Cut(m, " ")
				number, _, _ = strings.Cut(number, "\u3000")
				c.Flag(Words(at, at+len(number)), "段首手写了编号“%[1]s”，请改为一条（另起标题行）", "the paragraph begins with the number %[1]s: make it a clause with a heading line", number).Lesser()
			}
		case editor.Table, editor.Figure:
			m := numberBeforeName.FindString(b.Title)
			i := strings.Index(c.Text[b.Start:b.End], b.Title)
			if m == "" || i < 0 || len(m) == len(b.Title) {
				continue
			}
			at := Words(b.Start+i, b.Start+i+len(m))
			c.Flag(at, "图表的编号由位置得出，请删去手写的“%[1]s”", "numbers of tables and figures are derived: take %[1]s out", strings.TrimSpace(m)).
				Mend("删去手写的编号 · take the number out", Change{at, ""})
		}
	}
}

// aboutClause tells whether what follows a number only speaks of that clause: 5.2 规定的….
func aboutClause(rest string) bool {
	return beginsWithAny(rest, []string{"的", "规定", "给出", "中", "所", "要求", "和", "与", "、", "及", "至", "或", "界定", "描述", "倍", "级", "类", "版", "米", "元"})
}

// codeWithLetters is the number of a standard, or a clause, in which letters may
// stand for digits; the part behind the prefix is group 1.
var codeWithLetters = regexp.MustCompile(`(?:^|[^A-Za-z0-9])(?:ISO[ \x{3000}]+|IEC[ \x{3000}]+|DB|[A-Z]{2}(?:/[TZ])?[ \x{3000}]*|见[ \x{3000}]*)([0-9OIl]+(?:[./][0-9OIlTZ]+)*(?:[ \x{3000}]+[0-9OIl]{3,})?(?:[—-][0-9OIl]{4})?)`)

// confused gives the places in a text at which a letter stands among digits, and what
// they should read.
func confused(text string, yield func(start, end int, right string)) {
	for _, m := range codeWithLetters.FindAllStringSubmatchIndex(text, -1) {
		code := text[m[2]:m[3]]
		if !strings.ContainsAny(code, "OIl") || !strings.ContainsAny(code, "0123456789") {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(text[m[3]:]); next < utf8.RuneSelf && (next >= 'a' && next <= 'z' || next >= 'A' && next <= 'Z') {
			continue
		}
		yield(m[2], m[3], strings.NewReplacer("O", "0", "I", "1", "l", "1").Replace(code))
	}
}

func lettersForDigits(c *Clause) {
	confused(c.Text, func(start, end int, right string) {
		// No correction: the right number may be one that the references lack.
		c.Flag(Words(start, end), "编号“%[1]s”混入字母 O、l、I，应为“%[2]s”，请核对后改正", "letters stand for digits in %[1]s: check it, it should read %[2]s", c.Text[start:end], right)
	})
}

func lettersInHeader(t *Text) {
	for _, n := range t.Header.Numbers {
		confused(n, func(start, end int, right string) {
			t.Flag(nil, Key("number"), "标准编号“%[1]s”混入字母 O、l、I，应为“%[2]s”", "letters stand for digits in %[1]s: it should read %[2]s", n, n[:start]+right+n[end:])
		})
	}
}
