package editor

import (
	"bytes"
	"html"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	md "github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gohtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Bounds of one piece of text that is given to the Markdown library, which is
// quadratic in the number of its delimiters. What is beyond them is shown as it
// is written.
const (
	maxDelimiters = 240
	maxContainers = 24 // marks of quotations and lists at the beginning of lines
	maxInline     = 64 << 10
)

// Two parsers: prose knows quotations and lists besides paragraphs, inline knows
// paragraphs only. Neither knows headings, HTML or link definitions.
var (
	proseParser  = newMarkdown(true)
	inlineParser = newMarkdown(false)
)

func newMarkdown(containers bool) md.Parser {
	blocks := []util.PrioritizedValue{util.Prioritized(md.NewParagraphParser(), 1000)}
	if containers {
		blocks = append(blocks,
			util.Prioritized(md.NewThematicBreakParser(), 200),
			util.Prioritized(md.NewListParser(), 300),
			util.Prioritized(md.NewListItemParser(), 400),
			util.Prioritized(md.NewBlockquoteParser(), 800))
	}
	return md.NewParser(
		md.WithBlockParsers(blocks...),
		md.WithInlineParsers(
			util.Prioritized(md.NewCodeSpanParser(), 100),
			util.Prioritized(md.NewLinkParser(), 200),
			util.Prioritized(md.NewAutoLinkParser(), 300),
			util.Prioritized(hanEmphasis{md.NewEmphasisParser()}, 500)))
}

// policy is the second lock, behind a Markdown library that lets no HTML through.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "em", "strong", "code", "br", "hr", "ul", "ol", "li", "blockquote")
	p.AllowAttrs("class").Matching(bluemonday.SpaceSeparatedTokens).OnElements("a", "span", "code", "img")
	p.AllowElements("span")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	return p
}()

// inline shows a piece of text without blocks: a cell, an item, a note.
func (r *Renderer) inline(s string) string {
	if isPlain(s) {
		return html.EscapeString(s)
	}
	if !withinBounds(s) {
		return bare(s)
	}
	out := strings.TrimSpace(r.markdown(inlineParser, s))
	return strings.TrimSuffix(strings.TrimPrefix(out, "<p>"), "</p>")
}

// prose shows a paragraph of a clause, which may be a quotation or a list of
// Markdown. The result is one or more elements.
func (r *Renderer) prose(s string) string {
	if !strings.ContainsAny(s[:1], "-+*>0123456789") && isPlain(s) {
		return "<p>" + html.EscapeString(s) + "</p>"
	}
	if !withinBounds(s) {
		return "<p>" + bare(s) + "</p>"
	}
	return strings.TrimSpace(r.markdown(proseParser, s))
}

func (r *Renderer) markdown(p md.Parser, s string) string {
	src := []byte(s)
	doc := p.Parse(text.NewReader(src))
	var b bytes.Buffer
	if err := r.nodes.Render(&b, src, doc); err != nil {
		return "<p>" + bare(s) + "</p>" // a buffer refuses nothing
	}
	return policy.Sanitize(b.String())
}

// bare shows a text as it is written.
func bare(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>")
}

// isPlain tells whether a text has nothing that Markdown would read.
func isPlain(s string) bool {
	return !strings.ContainsAny(s, "\\`*_[]<>&!\n")
}

// withinBounds counts what makes the Markdown library slow.
func withinBounds(s string) bool {
	if len(s) > maxInline {
		return false
	}
	delimiters, containers := 0, 0
	start := true // only marks of containers so far on this line
	for i := range len(s) {
		switch b := s[i]; {
		case b == '\n':
			start = true
		case start && (b == '>' || b == '-' || b == '+' || b == '*'):
			containers++
		case start && (b == ' ' || b >= '0' && b <= '9' || b == '.' || b == ')'):
		default:
			start = false
		}
		if strings.IndexByte("*_`[]()<>!\\&", s[i]) >= 0 {
			delimiters++
		}
	}
	return delimiters <= maxDelimiters && containers <= maxContainers
}

// hanEmphasis reads ** beside Chinese punctuation: CommonMark does not close the
// bold of **注意：**后文, because ： is punctuation and 后 is not white space.
// Chinese characters and punctuation count here as neither.
type hanEmphasis struct{ md.InlineParser }

type emphasisDelimiters struct{}

func (emphasisDelimiters) IsDelimiter(b byte) bool { return b == '*' || b == '_' }

func (emphasisDelimiters) CanOpenCloser(opener, closer *md.Delimiter) bool {
	return opener.Char == closer.Char
}

func (emphasisDelimiters) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }

func (hanEmphasis) Parse(parent ast.Node, block text.Reader, pc md.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	n := 1
	for n < len(line) && line[n] == line[0] {
		n++
	}
	after := ' '
	if n < len(line) {
		after, _ = utf8.DecodeRune(line[n:])
	}
	left := !unicode.IsSpace(after) && (!isWesternPunct(after) || endsWord(before))
	right := !unicode.IsSpace(before) && (!isWesternPunct(before) || endsWord(after))
	open, shut := left, right
	if line[0] == '_' {
		open = left && (!right || isWesternPunct(before))
		shut = right && (!left || isWesternPunct(after))
	}
	d := md.NewDelimiter(open, shut, n, line[0], emphasisDelimiters{})
	d.Segment = segment.WithStop(segment.Start + n)
	block.Advance(n)
	pc.PushDelimiter(d)
	return d
}

func isEastAsian(r rune) bool {
	return r > 0x2E7F || r == '“' || r == '”' || r == '‘' || r == '’' || r == '—' || r == '…'
}

func isWesternPunct(r rune) bool { return util.IsPunctRune(r) && !isEastAsian(r) }

func endsWord(r rune) bool {
	return unicode.IsSpace(r) || util.IsPunctRune(r) || isEastAsian(r)
}

// nodeRenderer renders links and images: [](#id) becomes the number of what it
// points at, images are shown from this site only.
type nodeRenderer struct{ r *Renderer }

func (n nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, n.link)
	reg.Register(ast.KindImage, n.image)
	reg.Register(ast.KindAutoLink, n.autoLink)
}

func newNodes(r *Renderer) renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(nodeRenderer{r}, 100),
		util.Prioritized(gohtml.NewRenderer(gohtml.WithEastAsianLineBreaks(gohtml.EastAsianLineBreaksCSS3Draft)), 1000)))
}

func (n nodeRenderer) link(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	l := node.(*ast.Link)
	dest := string(l.Destination)
	id, internal := strings.CutPrefix(dest, "#")
	if internal && !l.HasChildren() {
		if entering {
			_, _ = w.WriteString(n.r.reference(wordsBefore(l, src), id, wordsAfter(l, src)))
		}
		return ast.WalkContinue, nil
	}
	known := allowedLink(dest)
	if internal {
		_, known = n.r.citations[id]
		dest = n.r.options.Base + dest
	}
	switch {
	case known && entering:
		_, _ = w.WriteString(`<a href="` + html.EscapeString(dest) + `">`)
	case known:
		_, _ = w.WriteString("</a>")
	case !entering && internal:
		_, _ = w.WriteString(n.r.reference("", id, ""))
	case !entering:
		_, _ = w.WriteString(html.EscapeString("（" + dest + "）"))
	}
	return ast.WalkContinue, nil
}

func (n nodeRenderer) autoLink(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	l := node.(*ast.AutoLink)
	dest, label := string(l.URL(src)), string(l.Label(src))
	if l.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(dest), "mailto:") {
		dest = "mailto:" + dest
	}
	if !allowedLink(dest) {
		_, _ = w.WriteString(html.EscapeString("<" + label + ">"))
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<a href="` + html.EscapeString(dest) + `">` + html.EscapeString(label) + "</a>")
	return ast.WalkContinue, nil
}

func (n nodeRenderer) image(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var alt strings.Builder
	for c := node.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			alt.Write(t.Value(src))
		}
	}
	_, _ = w.WriteString(n.r.imageTag(string(node.(*ast.Image).Destination), alt.String()))
	return ast.WalkSkipChildren, nil
}

// imageTag shows a figure that the registry keeps, or says that it is not shown:
// no other address is ever loaded.
func (r *Renderer) imageTag(address, alt string) string {
	file, ok := FigureFile(address)
	if !ok {
		return `<span class="missing-image">` + html.EscapeString("［未显示的图片："+alt+" "+address+"］") + `</span>`
	}
	return `<img src="/figures/` + file + `" alt="` + html.EscapeString(alt) + `">`
}

// allowedLink tells whether a link may be followed: http, https, mailto.
func allowedLink(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return true
	}
	return false
}

// wordsBefore and wordsAfter are the text right beside a node.
func wordsBefore(n ast.Node, src []byte) string { return words(n.PreviousSibling(), src) }

func wordsAfter(n ast.Node, src []byte) string { return words(n.NextSibling(), src) }

func words(n ast.Node, src []byte) string {
	if t, ok := n.(*ast.Text); ok {
		return string(t.Value(src))
	}
	return ""
}

// reference shows how an ID is cited between the words around it, as a link.
func (r *Renderer) reference(before, id, after string) string {
	number, ok := r.citations[id]
	if !ok {
		return `<span class="missing-ref">缺失引用：` + html.EscapeString(id) + `</span>`
	}
	if number == "" {
		number = id
	}
	return `<a class="ref" href="` + html.EscapeString(r.options.Base+"#"+id) + `">` + html.EscapeString(besides(before, number, after)) + `</a>`
}
