package check

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"tongbiao/editor"
)

// objectRules look at notes, examples, annexes, figures, tables and formulas
// (GB/T 1.1—2020, 8.11 and 9.6 to 9.11).
var objectRules = slices.Concat(noteRules, annexRules, []Rule{
	{ID: "FIG-01", Text: numberedFigures},
	{ID: "FIG-02", Text: mentionedFigures},
	{ID: "FIG-03", Clause: subFigures},
	{ID: "TAB-01", Clause: titledTables},
	{ID: "TAB-01", Text: mentionedTables},
	{ID: "TAB-02", Clause: emptyCells},
	{ID: "TAB-02", Clause: subTables},
	{ID: "TAB-03", Clause: unitsInHead},
	{ID: "EQN-01", Clause: explainedFormulas},
})

// numberedFigures: every figure has a number (a caption), and all have titles or none.
func numberedFigures(t *Text) {
	type figure struct {
		x *editor.Clause
		b editor.Block
	}
	var titled, untitled []figure
	for _, x := range t.All {
		if !strings.Contains(x.Text, "![") {
			continue
		}
		for _, b := range t.Facts(x).Blocks() {
			switch {
			case b.Kind != editor.Figure:
			case b.Number == "":
				t.Flag(x, Words(b.Start, b.End), "图没有编号，请写成 ![图：题目](文件){#标识}", "the figure has no number: write ![图：title](file){#id}")
			case b.Title == "":
				untitled = append(untitled, figure{x, b})
			default:
				titled = append(titled, figure{x, b})
			}
		}
	}
	if len(titled) > 0 {
		for _, f := range untitled {
			t.Flag(f.x, Words(f.b.Start, f.b.End), "%[1]s没有图题，而其他图有，请统一", "%[1]s has no title, others have: make them alike", f.b.Number)
		}
	}
}

func mentionedFigures(t *Text) { t.mentioned(editor.Figure, "图", "the figure") }

func mentionedTables(t *Text) { t.mentioned(editor.Table, "表", "the table") }

// mentioned flags the numbered objects of a kind that the text does not mention, and,
// milder, those that it mentions only afterwards.
func (t *Text) mentioned(kind editor.BlockKind, zh, en string) {
	var places map[string]position
	for i, x := range t.All {
		if !holdsNumbered(x.Text) {
			continue
		}
		for _, b := range t.Facts(x).Blocks() {
			if b.Kind != kind || b.Number == "" {
				continue
			}
			if places == nil {
				places = t.mentions()
			}
			first, ok := places[b.Number]
			if byID, has := places["#"+b.ID]; has && b.ID != "" && (!ok || byID.before(first)) {
				first, ok = byID, true
			}
			if span := Words(b.Start, b.Start+len(firstLine(x.Text[b.Start:b.End]))); !ok {
				t.Flag(x, span, "文中没有提及%[1]s，请引用，如“见[](#%[2]s)”", "%[1]s is not mentioned: refer to it, e.g. 见[](#%[2]s)", b.Number, b.ID)
			} else if here := (position{i, b.Start}); here.before(first) {
				t.Flag(x, span, "%[1]s在提及之前出现，请移到提及它的条文之后", "%[1]s stands before it is mentioned: move it behind the clause that mentions it", b.Number).Lesser()
			}
		}
	}
}

func firstLine(s string) string {
	l, _, _ := strings.Cut(s, "\n")
	return l
}

// position is a place in the text: which clause, which byte of it.
type position struct{ clause, at int }

func (p position) before(q position) bool {
	return p.clause < q.clause || p.clause == q.clause && p.at < q.at
}

var byHand = regexp.MustCompile(`[表图][ ]?(?:[A-Z]\.)?\d+`)

// mentions are the first places at which the text refers to something: "#id", "表1", "图A.1".
func (t *Text) mentions() map[string]position {
	out := map[string]position{}
	put := func(key string, p position) {
		if _, known := out[key]; !known {
			out[key] = p
		}
	}
	for i, x := range t.All {
		if t.Top(x).Kind == editor.Foreword {
			continue
		}
		for _, f := range t.Facts(x).References() {
			if f.Reference.ID != "" {
				put("#"+f.Reference.ID, position{i, f.Start})
			}
		}
		for _, m := range t.Facts(x).Matches(byHand) {
			put(squash(x.Text[m[0]:m[1]]), position{i, m[0]})
		}
	}
	return out
}

var subFigureTitle = regexp.MustCompile(`^(?:[a-z][)）]|[（(][a-z][)）]|\d+[a-z]\b)`)

// subFigures flags a sub-figure that bears a number of its own.
func subFigures(c *Clause) {
	for _, b := range c.Blocks() {
		if b.Kind == editor.Figure && b.Number != "" && subFigureTitle.MatchString(b.Title) {
			c.Flag(Words(b.Start, b.End), "分图不单独编号：请用 ![a) 分图题](文件) 置于同一图下，只分一级", "a sub-figure has no number of its own: put it under its figure, one level only")
		}
	}
}

// titledTables: a table has a number, a title and a head.
func titledTables(c *Clause) {
	for _, b := range c.Blocks() {
		if b.Kind != editor.Table {
			continue
		}
		at := c.At(b)
		head := Words(at, at+len(firstLine(b.Text)))
		if b.Number == "" {
			c.Flag(head, "表没有编号和表题，请在表前写“表：题目 {#标识}”", "the table has no number and title: write 表：title {#id} before it")
		} else if b.Title == "" {
			c.Flag(Words(b.Start, b.Start+len(firstLine(c.Text[b.Start:b.End]))), "%[1]s没有表题，请添加", "%[1]s has no title: add one", b.Number)
		}
		rows := c.Cells(b)
		if len(rows) == 0 {
			continue
		}
		empty := !slices.ContainsFunc(rows[0], func(cell Cell) bool { return cell.Text != "" })
		if empty {
			c.Flag(head, "表没有表头，请添加", "the table has no head: add one")
		} else if first := rows[0][0]; strings.ContainsAny(first.Text, `\＼╲`) {
			c.Flag(Words(first.Start, first.End), "表头不用斜线分格，请改用两级表头或另起一列", "no diagonal in the head of a table: use two rows or another column")
		}
	}
}

func emptyCells(c *Clause) {
	for _, b := range c.Blocks() {
		name := b.Number
		if name == "" {
			name = "表"
		}
		rows := c.Cells(b)
		if len(rows) > 0 && !slices.ContainsFunc(rows[0], func(cell Cell) bool { return cell.Text != "" }) {
			rows = rows[1:] // TAB-01 says that there is no head
		}
		for i, row := range rows {
			for j, cell := range row {
				c.cell(name, i, j, cell)
			}
		}
	}
}

func (c *Clause) cell(name string, i, j int, cell Cell) {
	at := Words(cell.Start, cell.End)
	switch cell.Text {
	case "":
		if i == 0 && j == 0 {
			return
		}
		f := c.Flag(at, "%[1]s第 %[2]d 行第 %[3]d 列为空，请填“—”", "row %[2]d, column %[3]d of %[1]s is empty: put — there", name, i+1, j+1)
		if !cell.Missing {
			f.Mend("填“—” · put —", Change{at, " — "})
		}
	case "同上", "同左", "同右", "〃", "″":
		c.Flag(at, "%[1]s第 %[2]d 行第 %[3]d 列写“%[4]s”，请写出内容", "row %[2]d, column %[3]d of %[1]s says %[4]s: write out what it means", name, i+1, j+1, cell.Text)
	}
}

var subTable = regexp.MustCompile(`表[ ]?(?:[A-Z]\.)?\d+[a-z](?:[^A-Za-z0-9]|$)`)

// subTables flags 表2a: a table is not divided.
func subTables(c *Clause) {
	for _, m := range subTable.FindAllStringIndex(c.Text, -1) {
		end := m[0] + strings.LastIndexFunc(c.Text[m[0]:m[1]], unicode.IsLower) + 1
		c.Flag(Words(m[0], end), "“%[1]s”：表不分为分表，请各自编号", "%[1]s: a table has no sub-tables: number each", c.Text[m[0]:end])
	}
	for _, b := range c.Blocks() {
		if b.Kind == editor.Table && b.Number != "" && subFigureTitle.MatchString(b.Title) {
			c.Flag(Words(b.Start, b.Start+len(firstLine(c.Text[b.Start:b.End]))), "表不分为分表，请各自编号", "a table has no sub-tables: number each")
		}
	}
}

var cellWithUnit = regexp.MustCompile(`^[≤≥<>＜＞±]?[ ]?\d+(?:[ ]\d{3})*(?:\.\d+)?(?:[ ]?[～~][ ]?\d+(?:\.\d+)?)?[ ]?(%|℃|kg|mg|g|km|cm|mm|μm|m²|m³|mL|m|L|kPa|MPa|Pa|kW|kV|W|V|A|N|Hz|dB|lx|min|h|s|t)$`)

// unitsInHead flags a column each of whose cells says the same unit.
func unitsInHead(c *Clause) {
	for _, b := range c.Blocks() {
		rows := c.Cells(b)
		if len(rows) < 3 {
			continue
		}
		for j, head := range rows[0] {
			unit, n := "", 0
			for _, row := range rows[1:] {
				if j >= len(row) {
					n = 0
					break
				}
				m := cellWithUnit.FindStringSubmatch(row[j].Text)
				if m == nil && (row[j].Text == "—" || row[j].Text == "") {
					continue
				}
				if m == nil || unit != "" && m[1] != unit {
					n = 0
					break
				}
				unit = m[1]
				n++
			}
			if n >= 2 && head.Text != "" {
				c.Flag(Words(head.Start, head.End), "这一栏各格都写“%[1]s”，请把单位写在表头，如“%[2]s/%[1]s”", "every cell of this column says %[1]s: put the unit into the head, e.g. %[2]s/%[1]s", unit, head.Text)
			}
		}
	}
}

var (
	texText    = regexp.MustCompile(`\\(?:text|mathrm|operatorname|textrm|rm)\s*\{([^{}]*)\}`)
	texScript  = regexp.MustCompile(`[_^](?:\{[^{}]*\}|\\?[A-Za-z0-9]+)`)
	texCommand = regexp.MustCompile(`\\[A-Za-z]+`)
	handNumber = regexp.MustCompile(`\\tag\b|[（(]\d+[a-z]?[)）]\s*$`)
)

// explainedFormulas: a formula that is cited is followed by 式中, which says what each
// symbol means; it holds symbols, not names of quantities.
func explainedFormulas(c *Clause) {
	blocks := c.Blocks()
	for i, b := range blocks {
		if b.Kind != editor.Formula {
			continue
		}
		span := Words(b.Start, b.End)
		if handNumber.MatchString(b.Text) {
			c.Flag(span, "公式的编号由位置得出，请删去手写的编号，改写 {#标识}", "numbers of formulas are derived: take out the one written by hand and write {#id}")
		}
		if strings.ContainsFunc(b.Text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			c.Flag(span, "公式中用量的符号，不用量的名称或计量单位", "a formula holds symbols, not names of quantities or units")
			continue
		}
		symbols := symbolsOf(b.Text)
		if b.Number == "" || len(symbols) == 0 {
			continue
		}
		where := c.explanation(blocks[i+1:])
		if where == "" {
			c.Flag(span, "公式%[1]s之后请写“式中：”，逐个说明符号的含义和单位", "formula %[1]s is followed by 式中：, which says what each symbol means, with its unit", b.Number)
			continue
		}
		for _, s := range symbols {
			if !strings.Contains(where, s) {
				c.Flag(span, "“式中”没有说明公式%[1]s的符号 %[2]s，请补上", "the symbol %[2]s of formula %[1]s is not explained: add it", b.Number, s)
			}
		}
	}
}

// symbolsOf are the letters of a formula that stand for quantities.
func symbolsOf(tex string) []string {
	tex = texText.ReplaceAllString(tex, " ")
	tex = texScript.ReplaceAllString(tex, " ")
	tex = texCommand.ReplaceAllString(tex, " ")
	var out []string
	for _, r := range tex {
		if s := string(r); r < unicode.MaxASCII && unicode.IsLetter(r) && r != 'd' && r != 'e' && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// explanation is the text that begins with 式中, up to the next formula.
func (c *Clause) explanation(after []editor.Block) string {
	if len(after) == 0 || !strings.HasPrefix(after[0].Text, "式中") {
		return ""
	}
	end := after[0].End
	for _, b := range after[1:] {
		if b.Kind == editor.Formula || b.Kind == editor.Table || b.Kind == editor.Figure {
			break
		}
		end = b.End
	}
	return c.Text[after[0].Start:end]
}
