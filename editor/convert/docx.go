package convert

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Paper is a text for printing: a title, what stands under it, and its blocks
// in order.
type Paper struct {
	Title    string
	Subtitle string
	// Cover makes a first page of its own that holds the title: these lines
	// stand above it, and CoverFoot at the page's foot.
	Cover     []string
	CoverFoot []string
	Landscape bool // for wide tables
	Blocks    []Block
}

// BlockKind says what a block of a paper is.
type BlockKind int

const (
	Heading   BlockKind = iota + 1 // Level 1 to 6
	Paragraph                      // first line indented by two characters
	Item                           // of a list, Level 1 or 2; its mark is part of its text
	Grid                           // Table
	Remark                         // a note or an example, in small type
	Lead                           // a paragraph without indent: a numbered clause without title
	Image                          // Picture; its title is the Under that follows
	Under                          // a title below what it names
	Equation                       // Text in TeX, Label its number
)

// Block is one block of a paper. Line breaks in a text are kept.
type Block struct {
	Kind  BlockKind
	Level int
	Text  string
	Runs  []Run // the text in pieces with marks; Text is not read where they are given
	Table *Table

	Picture *Picture
	Label   string
}

// Run is a piece of a text.
type Run struct {
	Text string
	Mark Mark
}

// Mark says how a piece of a text is shown.
type Mark int

const (
	Plain    Mark = iota
	Strong        // in bold, 黑体
	Inserted      // underlined
	Deleted       // struck out
)

// WriteDOCX writes a paper as a Word document (ECMA-376): A4, 宋体 for texts and
// 黑体 for headings as GB/T 1.1—2020, 10 sets them, heads of tables repeated on
// every page, page numbers at the foot. Characters that XML cannot hold are
// left out.
func WriteDOCX(w io.Writer, p Paper) error {
	d := docx{paper: p}
	if err := d.document(); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	parts := []mediaFile{
		{"[Content_Types].xml", []byte(docxTypes)},
		{"_rels/.rels", []byte(docxRels)},
		{"docProps/core.xml", []byte(d.core())},
		{"word/_rels/document.xml.rels", []byte(docxDocumentRels + d.media.relations() + docxRelsEnd)},
		{"word/styles.xml", []byte(docxStyles())},
		{"word/settings.xml", []byte(docxSettings)},
		{"word/fontTable.xml", []byte(docxFonts)},
		{"word/header1.xml", []byte(d.header())},
		{"word/footer1.xml", []byte(docxFooter)},
		{"word/document.xml", []byte(d.b.String())},
	}
	for _, f := range d.media.files {
		parts = append(parts, mediaFile{"word/" + f.name, f.data})
	}
	z := zip.NewWriter(w)
	for _, part := range parts {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate}) // no time: same paper, same bytes
		if err != nil {
			return fmt.Errorf("write document: %w", err)
		}
		if _, err := f.Write(part.data); err != nil {
			return fmt.Errorf("write document: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}

// docx writes the parts of one document.
type docx struct {
	paper Paper
	b     strings.Builder
	media media
}

// Sizes of an A4 page in twentieths of a point; margins of 2.5 cm.
const (
	pageShort  = 11906
	pageLong   = 16838
	pageMargin = 1418
)

// textWidth is the width between the margins.
func (d *docx) textWidth() int {
	if d.paper.Landscape {
		return pageLong - 2*pageMargin
	}
	return pageShort - 2*pageMargin
}

func (d *docx) core() string {
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<dc:title>` + xmlText(oneLine(d.paper.Title)) + `</dc:title><dc:creator>同标 Tongbiao</dc:creator></cp:coreProperties>`
}

func (d *docx) header() string {
	return xmlHead + `<w:hdr ` + nsW + `><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>` + run(oneLine(d.paper.Title), Plain) + `</w:p></w:hdr>`
}

func (d *docx) document() error {
	d.b.WriteString(xmlHead + `<w:document ` + nsW + ` ` + nsR + ` ` + nsMath + ` ` + nsDrawing + `><w:body>`)
	if len(d.paper.Cover)+len(d.paper.CoverFoot) > 0 {
		d.cover()
	} else {
		d.paragraph("Title", "", Run{Text: d.paper.Title})
		if d.paper.Subtitle != "" {
			d.paragraph("Subtitle", "", Run{Text: d.paper.Subtitle})
		}
	}
	for _, k := range d.paper.Blocks {
		if err := d.block(k); err != nil {
			return err
		}
	}
	d.section(false)
	d.b.WriteString(`</w:body></w:document>`)
	return nil
}

// cover is a page of its own: its section ends with it and shows no number.
func (d *docx) cover() {
	for _, l := range d.paper.Cover {
		d.paragraph("CoverLine", "", Run{Text: l})
	}
	d.paragraph("CoverTitle", "", Run{Text: d.paper.Title})
	if d.paper.Subtitle != "" {
		d.paragraph("Subtitle", "", Run{Text: d.paper.Subtitle})
	}
	for i, l := range d.paper.CoverFoot {
		space := ""
		if i == 0 {
			space = `<w:spacing w:before="4800"/>`
		}
		d.paragraph("CoverFoot", space, Run{Text: l})
	}
	d.b.WriteString(`<w:p><w:pPr>`)
	d.section(true)
	d.b.WriteString(`</w:pPr></w:p>`)
}

func (d *docx) section(cover bool) {
	d.b.WriteString(`<w:sectPr>`)
	if !cover {
		d.b.WriteString(`<w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>`)
	}
	w, h, orient := pageShort, pageLong, ""
	if d.paper.Landscape {
		w, h, orient = pageLong, pageShort, ` w:orient="landscape"`
	}
	fmt.Fprintf(&d.b, `<w:pgSz w:w="%d" w:h="%d"%s/>`, w, h, orient)
	fmt.Fprintf(&d.b, `<w:pgMar w:top="%[1]d" w:right="%[1]d" w:bottom="%[1]d" w:left="%[1]d" w:header="851" w:footer="851" w:gutter="0"/>`, pageMargin)
	if !cover {
		d.b.WriteString(`<w:pgNumType w:start="1"/>`)
	}
	d.b.WriteString(`</w:sectPr>`)
}

func (d *docx) block(k Block) error {
	runs := k.Runs
	if runs == nil {
		runs = []Run{{Text: k.Text}}
	}
	switch k.Kind {
	case Heading:
		d.paragraph(fmt.Sprintf("Heading%d", min(max(k.Level, 1), 6)), "", runs...)
	case Item:
		d.paragraph(fmt.Sprintf("Item%d", min(max(k.Level, 1), 2)), "", runs...)
	case Remark:
		d.paragraph("Remark", "", runs...)
	case Lead:
		d.paragraph("Lead", "", runs...)
	case Under:
		d.paragraph("FigureTitle", "", runs...)
	case Equation:
		d.equation(k.Text, k.Label)
	case Image:
		if k.Picture != nil {
			return d.picture(*k.Picture)
		}
	case Grid:
		if k.Table != nil {
			d.table(*k.Table)
		}
	default:
		d.paragraph("BodyText", "", runs...)
	}
	return nil
}

// paragraph writes one paragraph; further is what else its properties hold,
// in the order of the schema.
func (d *docx) paragraph(style, further string, runs ...Run) {
	d.b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + further + `</w:pPr>`)
	for _, r := range runs {
		d.b.WriteString(run(r.Text, r.Mark))
	}
	d.b.WriteString(`</w:p>`)
}

var markProperties = map[Mark]string{
	Strong:   `<w:rPr><w:rFonts w:eastAsia="黑体"/><w:b/></w:rPr>`,
	Inserted: `<w:rPr><w:color w:val="1F5C34"/><w:u w:val="single"/></w:rPr>`,
	Deleted:  `<w:rPr><w:strike/><w:color w:val="9A2A20"/></w:rPr>`,
}

// run writes a text whose line breaks are kept.
func run(text string, mark Mark) string {
	var b strings.Builder
	for i, l := range textLines(text) {
		b.WriteString(`<w:r>` + markProperties[mark])
		if i > 0 {
			b.WriteString(`<w:br/>`)
		}
		b.WriteString(`<w:t xml:space="preserve">` + xmlText(l) + `</w:t></w:r>`)
	}
	return b.String()
}

const (
	maxDOCXColumns = 63  // what Word shows of a table
	longCell       = 600 // bytes; a row with a longer cell may be cut by the end of a page
)

// table writes a table with its caption above and its notes below. Columns
// share the width of the page as Widths say. Columns beyond Word's bound are
// put into the last one, so that nothing is lost.
func (d *docx) table(t Table) {
	cols := len(t.Head)
	for _, r := range t.Rows {
		cols = max(cols, len(r))
	}
	if cols == 0 {
		return
	}
	cols = min(cols, maxDOCXColumns)
	if t.Name != "" {
		d.paragraph("Caption", "", Run{Text: t.Name})
	}
	widths := columnWidths(t.Widths, cols, d.textWidth())
	d.b.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="Ruled"/>`)
	fmt.Fprintf(&d.b, `<w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`, d.textWidth())
	for _, w := range widths {
		fmt.Fprintf(&d.b, `<w:gridCol w:w="%d"/>`, w)
	}
	d.b.WriteString(`</w:tblGrid>`)
	if len(t.Head) > 0 {
		d.tableRow(t.Head, widths, true)
	}
	for _, r := range t.Rows {
		d.tableRow(r, widths, false)
	}
	d.b.WriteString(`</w:tbl>`)
	for _, n := range t.Notes {
		d.paragraph("Remark", "", Run{Text: n})
	}
	d.paragraph("TableEnd", "") // two tables without a paragraph between them would grow into one
}

func (d *docx) tableRow(cells []string, widths []int, head bool) {
	if len(cells) > len(widths) {
		last := len(widths) - 1
		cells = append(append([]string(nil), cells[:last]...), strings.Join(cells[last:], "\n"))
	}
	style := "TableText"
	d.b.WriteString(`<w:tr>`)
	switch {
	case head:
		style = "TableHead"
		d.b.WriteString(`<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	case !slices.ContainsFunc(cells, func(c string) bool { return len(c) > longCell }):
		d.b.WriteString(`<w:trPr><w:cantSplit/></w:trPr>`)
	}
	for i, w := range widths {
		fmt.Fprintf(&d.b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, w)
		if head {
			d.b.WriteString(`<w:shd w:val="clear" w:color="auto" w:fill="EEF1F4"/>`)
		}
		d.b.WriteString(`</w:tcPr>`)
		text := ""
		if i < len(cells) {
			text = cells[i]
		}
		for _, l := range textLines(text) {
			d.paragraph(style, "", Run{Text: l})
		}
		d.b.WriteString(`</w:tc>`)
	}
	d.b.WriteString(`</w:tr>`)
}

// columnWidths shares a width among columns; 0 or absent counts as
// defaultWidth.
func columnWidths(asked []int, cols, width int) []int {
	share, sum := make([]int, cols), 0
	for i := range share {
		share[i] = defaultWidth
		if i < len(asked) && asked[i] > 0 {
			share[i] = min(asked[i], maxSheetWidth)
		}
		sum += share[i]
	}
	left := width
	for i := range share {
		share[i] = share[i] * width / sum
		left -= share[i]
	}
	share[cols-1] += left
	return share
}

func textLines(text string) []string {
	return strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// xmlText escapes a text; what XML 1.0 cannot hold is left out.
func xmlText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0xfffe || r == 0xffff || r >= 0xd800 && r < 0xe000 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}
