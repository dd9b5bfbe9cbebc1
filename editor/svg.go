package editor

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
)

// Bounds of a drawing.
const (
	maxDrawing      = 2 << 20 // bytes
	maxDrawingDepth = 64      // elements within each other
	maxDrawingNodes = 60_000  // elements
	maxGoneNames    = 30      // names of what was taken out that are told
	maxGoneName     = 40      // bytes of one
	maxDrawn        = 200_000 // elements that a browser draws, those that are used again counted each time
)

// drawingElements are the elements of SVG that a drawing may have. What is not
// here goes with all that it holds: script, style sheets, foreign content,
// pictures from elsewhere, animation, filters.
var drawingElements = setOf(`svg g defs symbol use switch title desc path rect circle ellipse line polyline polygon
	text tspan textPath linearGradient radialGradient stop clipPath mask pattern marker`)

// unwrapped elements go, and what they hold stays.
var unwrapped = setOf(`a`)

// drawingAttributes are the attributes that may stay, and the properties of a
// style attribute, each of which becomes an attribute: the page that shows a
// drawing needs to allow no style.
var drawingAttributes = setOf(`id width height viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy d points
	transform gradientTransform gradientUnits spreadMethod offset clipPathUnits maskUnits maskContentUnits patternUnits
	patternContentUnits patternTransform markerWidth markerHeight markerUnits refX refY orient rotate textLength lengthAdjust
	startOffset method spacing pathLength lang role aria-label
	fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
	stroke-dasharray stroke-dashoffset opacity color display visibility clip-path clip-rule mask marker-start marker-mid marker-end
	stop-color stop-opacity font-family font-size font-style font-weight font-variant font-stretch text-anchor text-decoration
	letter-spacing word-spacing writing-mode dominant-baseline alignment-baseline baseline-shift direction paint-order
	vector-effect shape-rendering text-rendering mix-blend-mode overflow`)

// holdsWords are the elements whose characters are shown or read aloud.
var holdsWords = setOf(`text tspan textPath title desc`)

func setOf(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

const svgSpace = "http://www.w3.org/2000/svg"

// drawingNode is an element that stays, or a run of characters.
type drawingNode struct {
	name  string // "" for characters
	text  string
	attrs [][2]string
	nodes []*drawingNode
}

// CleanSVG gives a drawing with nothing in it that acts, loads or leads anywhere,
// written anew from what an allow-list knows. gone names what was taken out, each
// once. A file that is no SVG, or beyond the bounds, is an error that says why.
func CleanSVG(source []byte) (clean []byte, gone []string, err error) {
	if len(source) > maxDrawing {
		return nil, nil, fmt.Errorf("the drawing has %d bytes, over %d", len(source), maxDrawing)
	}
	c := &drawingCleaner{gone: map[string]bool{}}
	root, err := c.read(source)
	if err != nil {
		return nil, nil, err
	}
	if err := drawn(root); err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	root.write(&b, true)
	for name := range c.gone {
		gone = append(gone, strings.ToValidUTF8(name[:min(len(name), maxGoneName)], ""))
	}
	slices.Sort(gone)
	gone = gone[:min(len(gone), maxGoneNames)]
	return b.Bytes(), gone, nil
}

type drawingCleaner struct {
	gone  map[string]bool
	nodes int
}

// read builds the tree of what stays.
func (c *drawingCleaner) read(source []byte) (root *drawingNode, err error) {
	d := xml.NewDecoder(bytes.NewReader(source))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) {
		return nil, errors.New("the drawing is not UTF-8")
	}
	var open []*drawingNode // nil for what goes; an unwrapped element is its parent once more
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("the drawing is not well-formed: %w", err)
		}
		switch t := token.(type) {
		case xml.Directive:
			c.gone["<!"+firstWord(string(t))+">"] = true
		case xml.StartElement:
			if c.nodes++; c.nodes > maxDrawingNodes || len(open) >= maxDrawingDepth {
				return nil, fmt.Errorf("the drawing has over %d elements, or over %d within each other", maxDrawingNodes, maxDrawingDepth)
			}
			var parent *drawingNode
			if len(open) > 0 {
				parent = open[len(open)-1]
			} else if root != nil || t.Name.Local != "svg" || t.Name.Space != "" && t.Name.Space != svgSpace {
				return nil, errors.New("the file is no SVG drawing: its outermost element has to be svg")
			}
			node := c.element(t, parent, len(open) == 0)
			if len(open) == 0 {
				root = node
			}
			open = append(open, node)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				if at := open[len(open)-1]; at != nil && holdsWords[at.name] {
					at.nodes = append(at.nodes, &drawingNode{text: string(t)})
				}
			}
		}
	}
	if root == nil {
		return nil, errors.New("the file is no SVG drawing")
	}
	return root, nil
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	if len(w) > 20 {
		return "…"
	}
	return w
}

// element keeps an element below its parent; nil where it goes.
func (c *drawingCleaner) element(t xml.StartElement, parent *drawingNode, outermost bool) *drawingNode {
	if parent == nil && !outermost {
		return nil
	}
	name := t.Name.Local
	if t.Name.Space != "" && t.Name.Space != svgSpace {
		return nil // what drawing programs note for themselves
	}
	if unwrapped[name] {
		c.gone[name] = true
		return parent
	}
	if !drawingElements[name] {
		if name != "metadata" {
			c.gone[name] = true
		}
		return nil
	}
	node := &drawingNode{name: name}
	has := map[string]bool{}
	keep := func(key, value string) {
		if !has[key] {
			has[key] = true
			node.attrs = append(node.attrs, [2]string{key, value})
		}
	}
	for _, a := range t.Attr {
		c.attribute(a, keep)
	}
	if parent != nil {
		parent.nodes = append(parent.nodes, node)
	}
	return node
}

// attribute keeps an attribute, each property of a style as one of its own.
func (c *drawingCleaner) attribute(a xml.Attr, keep func(key, value string)) {
	key, value := a.Name.Local, strings.TrimSpace(a.Value)
	switch {
	case key == "href" && (a.Name.Space == "" || strings.HasSuffix(a.Name.Space, "/xlink") || a.Name.Space == "xlink"):
		if id, ok := strings.CutPrefix(value, "#"); ok && isDrawingID(id) {
			keep("href", value)
		} else {
			c.gone["href"] = true
		}
	case a.Name.Space != "" || key == "xmlns":
	case key == "style":
		for _, part := range strings.Split(value, ";") {
			property, v, _ := strings.Cut(part, ":")
			property, v = strings.TrimSpace(property), strings.TrimSpace(v)
			if drawingAttributes[property] && property != "id" && harmless(v) {
				keep(property, v)
			}
		}
	case strings.HasPrefix(strings.ToLower(key), "on"):
		c.gone[strings.ToLower(key)] = true
	case key == "id":
		if isDrawingID(value) {
			keep(key, value)
		}
	case drawingAttributes[key] && harmless(value):
		keep(key, value)
	case drawingAttributes[key]:
		c.gone[key] = true
	}
}

// isDrawingID tells whether a name can be pointed at without escapes.
func isDrawingID(s string) bool {
	return s != "" && len(s) <= 200 && strings.IndexFunc(s, func(r rune) bool {
		return !(r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80)
	}) < 0
}

// harmless tells whether a value points at nothing but a part of the drawing.
func harmless(value string) bool {
	lower := strings.ToLower(value)
	if strings.ContainsAny(value, "\\@<{}") || strings.Contains(lower, "/*") || strings.Contains(lower, "script") ||
		strings.Contains(lower, "expression") || strings.Contains(lower, "data:") || strings.Contains(lower, "http") || strings.Contains(lower, "image") {
		return false
	}
	for rest := lower; ; {
		_, after, found := strings.Cut(rest, "url")
		if !found {
			return true
		}
		inside, after, closed := strings.Cut(after, ")")
		inside = strings.Trim(strings.TrimPrefix(strings.TrimSpace(inside), "("), `"' `)
		if !closed || !strings.HasPrefix(inside, "#") || !isDrawingID(inside[1:]) {
			return false
		}
		rest = after
	}
}

// drawn refuses a drawing that uses its parts so often that drawing it takes for
// ever, or a part within itself.
func drawn(root *drawingNode) error {
	named := map[string]*drawingNode{}
	var name func(n *drawingNode)
	name = func(n *drawingNode) {
		for _, a := range n.attrs {
			if a[0] == "id" && named[a[1]] == nil {
				named[a[1]] = n
			}
		}
		for _, k := range n.nodes {
			name(k)
		}
	}
	name(root)
	const under = -1
	cost := map[*drawingNode]int{}
	var count func(n *drawingNode) (int, bool)
	count = func(n *drawingNode) (int, bool) {
		if done, known := cost[n]; known {
			return done, done != under
		}
		cost[n] = under
		sum := 1
		add := func(k *drawingNode) bool {
			c, ok := count(k)
			sum = min(sum+c, maxDrawn+1)
			return ok && sum <= maxDrawn
		}
		for _, k := range n.nodes {
			if !add(k) {
				return sum, false
			}
		}
		for _, a := range n.attrs {
			if id, ok := pointsAt(a); ok && named[id] != nil && !add(named[id]) {
				return sum, false
			}
		}
		cost[n] = sum
		return sum, true
	}
	if _, ok := count(root); !ok {
		return fmt.Errorf("the drawing uses a part within itself, or draws over %d elements", maxDrawn)
	}
	return nil
}

// pointsAt is the part of the drawing that an attribute draws again.
func pointsAt(a [2]string) (id string, ok bool) {
	if a[0] == "href" {
		return strings.CutPrefix(a[1], "#")
	}
	_, rest, found := strings.Cut(a[1], "#")
	if !found || !strings.Contains(a[1], "(") {
		return "", false
	}
	id, _, _ = strings.Cut(rest, ")")
	return strings.Trim(id, `"' `), true
}

func (n *drawingNode) write(b *bytes.Buffer, outermost bool) {
	if n.name == "" {
		b.WriteString(html.EscapeString(validText(n.text)))
		return
	}
	b.WriteString("<" + n.name)
	if outermost {
		b.WriteString(` xmlns="` + svgSpace + `"`)
	}
	for _, a := range n.attrs {
		b.WriteString(" " + a[0] + `="` + html.EscapeString(validText(a[1])) + `"`)
	}
	if len(n.nodes) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	for _, k := range n.nodes {
		k.write(b, false)
	}
	b.WriteString("</" + n.name + ">")
}

// validText leaves out what XML cannot hold.
func validText(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r >= 0x20 && r < 0xFFFE || r > 0xFFFF {
			return r
		}
		return -1
	}, s)
}
