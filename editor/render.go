package editor

import (
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/renderer"
)

// RenderOptions says how a text is shown.
type RenderOptions struct {
	// Level is the level of the topmost headings, 2 to 6; 2 when 0.
	Level int
	// Base is put before "#id" in references, for a page that shows only a part
	// of the text; "" for a page that shows the whole.
	Base string
}

// Renderer shows the clauses of one document as HTML that is safe to put into a
// page: no HTML of the text gets through, images are figures that the registry keeps, links lead
// to http, https and mailto. It is not safe for concurrent use.
type Renderer struct {
	doc       *Document
	options   RenderOptions
	citations map[string]string
	nodes     renderer.Renderer
}

// NewRenderer prepares to show clauses of d, which must be numbered (Parse and
// Renumber do that).
func NewRenderer(d *Document, o RenderOptions) *Renderer {
	if o.Level < 2 || o.Level > 6 {
		o.Level = 2
	}
	r := &Renderer{doc: d, options: o, citations: d.Citations()}
	r.nodes = newNodes(r)
	return r
}

// Render gives the whole document as HTML: a section with an anchor for every
// clause, headings from h2 on. Its time is linear in the length of the text.
func Render(d *Document, o RenderOptions) string { return NewRenderer(d, o).Document() }

// Document gives all clauses.
func (r *Renderer) Document() string {
	var b strings.Builder
	for _, c := range r.doc.Clauses {
		r.clause(&b, c, 0)
	}
	return b.String()
}

// Clause gives a clause with everything below it.
func (r *Renderer) Clause(c *Clause) string {
	var b strings.Builder
	r.clause(&b, c, 0)
	return b.String()
}

// Text gives the text of a clause alone, without its heading and its number.
func (r *Renderer) Text(c *Clause) string {
	var b strings.Builder
	r.blocks(&b, c.Blocks(), "")
	return b.String()
}

func (r *Renderer) clause(b *strings.Builder, c *Clause, depth int) {
	b.WriteString(`<section class="clause ` + html.EscapeString(string(c.Kind)) + `" id="` + html.EscapeString(c.ID) + `">`)
	inline := ""
	switch {
	case c.Title != "" || c.Kind == Annex || c.Kind == Chapter && c.Number != "":
		r.heading(b, c, depth)
	case c.Number != "":
		inline = `<span class="number">` + html.EscapeString(c.Number) + `</span>`
		if !strings.HasSuffix(c.Number, "、") {
			inline += "\u3000"
		}
	}
	r.blocks(b, c.Blocks(), inline)
	for _, sub := range c.Clauses {
		r.clause(b, sub, depth+1)
	}
	b.WriteString("</section>\n")
}

func (r *Renderer) heading(b *strings.Builder, c *Clause, depth int) {
	tag := "h" + strconv.Itoa(min(r.options.Level+depth, 6))
	b.WriteString("<" + tag + ">")
	if c.Number != "" {
		b.WriteString(`<span class="number">` + html.EscapeString(c.Number) + `</span>`)
	}
	if c.Kind == Annex {
		word := "（规范性）"
		if c.Informative {
			word = "（资料性）"
		}
		b.WriteString(` <span class="annex-kind">` + word + `</span>`)
	}
	if c.Title != "" {
		if c.Number != "" && !strings.HasSuffix(c.Number, "、") {
			b.WriteString("\u3000")
		}
		b.WriteString(`<span class="title">` + html.EscapeString(c.Title) + `</span>`)
	}
	if c.English != "" {
		b.WriteString(` <span class="english" lang="en">` + html.EscapeString(c.English) + `</span>`)
	}
	b.WriteString("</" + tag + ">\n")
}

// blocks writes the blocks of a clause; number stands before the first words of
// a clause without a title.
func (r *Renderer) blocks(b *strings.Builder, blocks []Block, number string) {
	if number != "" && (len(blocks) == 0 || blocks[0].Kind != Paragraph) {
		b.WriteString(`<p>` + number + "</p>\n")
		number = ""
	}
	for i := 0; i < len(blocks); i++ {
		k := blocks[i]
		switch k.Kind {
		case Item:
			n := i
			for n < len(blocks) && blocks[n].Kind == Item {
				n++
			}
			r.items(b, blocks[i:n])
			i = n - 1
		case Paragraph:
			b.WriteString(withNumber(r.prose(k.Text), number) + "\n")
			number = ""
		case Note, Example:
			b.WriteString(`<p class="` + string(k.Kind) + `"><span class="label">` + html.EscapeString(k.Label) + `：</span>` + r.inline(k.Text) + "</p>\n")
		case Source:
			b.WriteString(`<p class="source">［来源：` + r.inline(k.Text) + "］</p>\n")
		case Table:
			r.table(b, k)
		case Figure:
			r.figure(b, k)
		case Formula:
			r.formula(b, k)
		}
	}
}

// withNumber puts the number of a clause before its first words.
func withNumber(p, number string) string {
	if number == "" {
		return p
	}
	if rest, ok := strings.CutPrefix(p, "<p>"); ok {
		return "<p>" + number + rest
	}
	return "<p>" + number + "</p>\n" + p
}

// items writes a list of two levels with the marks that are in the text.
func (r *Renderer) items(b *strings.Builder, items []Block) {
	b.WriteString(`<ul class="items">`)
	inner := false
	for i, k := range items {
		deep := k.Level == 2 && i > 0
		switch {
		case deep && !inner:
			b.WriteString(`<ul class="items">`)
		case !deep && inner:
			b.WriteString("</li></ul></li>")
		case i > 0:
			b.WriteString("</li>")
		}
		inner = deep
		b.WriteString(`<li><span class="label">` + html.EscapeString(k.Label) + `</span> ` + r.inline(k.Text))
	}
	if inner {
		b.WriteString("</li></ul>")
	}
	b.WriteString("</li></ul>\n")
}

func (r *Renderer) table(b *strings.Builder, k Block) {
	b.WriteString(`<figure class="table"` + anchor(k.ID) + `>`)
	r.caption(b, k)
	b.WriteString("<table>")
	for i, row := range k.Cells() {
		tag, open := "td", "<td>"
		switch i {
		case 0:
			tag, open = "th", `<th scope="col">`
			b.WriteString("<thead>")
		case 1:
			b.WriteString("<tbody>")
		}
		b.WriteString("<tr>")
		for _, c := range row {
			b.WriteString(open + r.inline(c) + "</" + tag + ">")
		}
		b.WriteString("</tr>")
		if i == 0 {
			b.WriteString("</thead>")
		}
	}
	if strings.Count(k.Text, "\n") > 1 {
		b.WriteString("</tbody>")
	}
	b.WriteString("</table></figure>\n")
}

func anchor(id string) string {
	if id == "" {
		return ""
	}
	return ` id="` + html.EscapeString(id) + `"`
}

func (r *Renderer) caption(b *strings.Builder, k Block) {
	if k.Number == "" && k.Title == "" {
		return
	}
	b.WriteString(`<figcaption><span class="number">` + html.EscapeString(k.Number) + "</span>\u3000" + r.inline(k.Title) + "</figcaption>")
}

func (r *Renderer) figure(b *strings.Builder, k Block) {
	b.WriteString(`<figure class="figure"` + anchor(k.ID) + `>` + r.imageTag(k.Text, k.Title))
	if k.Number != "" {
		r.caption(b, k)
	}
	b.WriteString("</figure>\n")
}

func (r *Renderer) formula(b *strings.Builder, k Block) {
	shown, err := MathML(k.Text)
	if err != nil { // as it was typed
		shown = `<code class="formula">` + html.EscapeString(k.Text) + "</code>"
	}
	b.WriteString(`<div class="formula"` + anchor(k.ID) + `>` + shown)
	if k.Number != "" {
		b.WriteString(` <span class="number">` + html.EscapeString(k.Number) + "</span>")
	}
	b.WriteString("</div>\n")
}
