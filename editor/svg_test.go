package editor

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestCleanSVG(t *testing.T) {
	const head = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">`
	tests := []struct {
		name, in, want string // without head and </svg>
		gone           string
	}{
		{"what a drawing is made of", `<g fill="red"><path d="M0 0h5"/><text x="1">收件 &amp; 投递</text></g>`, `<g fill="red"><path d="M0 0h5"/><text x="1">收件 &amp; 投递</text></g>`, ""},
		{"script", `<script>alert(1)</script><rect width="1"/>`, `<rect width="1"/>`, "script"},
		{"a script inside what goes", `<foreignObject><svg><path d="M0"/></svg></foreignObject>`, ``, "foreignObject"},
		{"an act", `<rect onclick="alert(1)" ONLOAD="x" width="1"/>`, `<rect width="1"/>`, "onclick onload"},
		{"a picture from elsewhere", `<image href="http://x/a.png"/><use xlink:href="http://x/a.svg#b"/>`, `<use/>`, "href image"},
		{"a colour from elsewhere", `<rect fill="url(http://x/#a)" stroke="url(#a)"/>`, `<rect stroke="url(#a)"/>`, "fill"},
		{"style becomes attributes", `<rect style="fill:url(#a);stroke:#123; background:url(http://x); -moz-binding:url(x)"/>`, `<rect fill="url(#a)" stroke="#123"/>`, ""},
		{"a style sheet", `<style>@import "http://x";</style>`, ``, "style"},
		{"a link is unwrapped", `<a href="javascript:alert(1)"><text>甲</text></a>`, `<text>甲</text>`, "a"},
		{"a part used again", `<defs><g id="a"><path d="M0"/></g></defs><use xlink:href="#a" x="2"/>`, `<defs><g id="a"><path d="M0"/></g></defs><use href="#a" x="2"/>`, ""},
		{"notes of a program", `<sodipodi:namedview xmlns:sodipodi="http://s"/><metadata><x/></metadata>`, ``, ""},
		{"animation", `<rect width="1"><set attributeName="href" to="javascript:1"/></rect>`, `<rect width="1"/>`, "set"},
		{"cdata and comment", `<!-- <script/> --><text><![CDATA[<script>]]></text>`, `<text>&lt;script&gt;</text>`, ""},
		{"an escape in a colour", `<rect fill="u\72l(http://x)"/>`, `<rect/>`, "fill"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			clean, gone, err := CleanSVG([]byte(head + c.in + "</svg>"))
			if err != nil {
				t.Fatal(err)
			}
			got := strings.TrimSuffix(strings.TrimPrefix(string(clean), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">`), "</svg>")
			if c.want == "" {
				got = strings.TrimPrefix(got, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"/>`)
			}
			if got != c.want || strings.Join(gone, " ") != c.gone {
				t.Errorf("got %s, gone %v\nwant %s, gone %s", got, gone, c.want, c.gone)
			}
		})
	}
}

func TestSVGRefused(t *testing.T) {
	nest := "<svg>" + strings.Repeat("<g>", 100) + strings.Repeat("</g>", 100) + "</svg>"
	bomb := "<svg>"
	for i := range 12 {
		bomb += `<g id="a` + string(rune('a'+i)) + `">` + strings.Repeat(`<use href="#a`+string(rune('b'+i))+`"/>`, 10) + "</g>"
	}
	for name, in := range map[string]string{
		"no svg": "<html/>", "nothing": "", "not closed": "<svg>", "too deep": nest,
		"a part within itself": `<svg><g id="a"><use href="#a"/></g></svg>`, "uses of uses of uses": bomb + "</svg>",
		"another encoding": `<?xml version="1.0" encoding="gb2312"?><svg/>`, "an entity": `<!DOCTYPE svg [<!ENTITY x "y">]><svg><text>&x;</text></svg>`,
		"two roots": "<svg/><svg/>", "too long": "<svg>" + strings.Repeat(" ", maxDrawing) + "</svg>",
	} {
		if clean, _, err := CleanSVG([]byte(in)); err == nil {
			t.Errorf("%s: %s", name, clean)
		}
	}
}

// Whatever comes in: what comes out is well-formed, made of the allow-list alone,
// points nowhere, and cleaning it again changes nothing.
func FuzzCleanSVG(f *testing.F) {
	f.Add([]byte(`<svg xmlns="http://www.w3.org/2000/svg"><g style="fill:url(#a)" onload="x"><script>1</script><text>甲&amp;</text></g></svg>`))
	f.Add([]byte(`<svg xmlns:xlink="http://www.w3.org/1999/xlink"><use xlink:href="data:image/svg+xml,x"/><a><path d="M0"/></a></svg>`))
	f.Add([]byte(`<svg><text><![CDATA[]]><tspan fill='"&#10;u&#114;l(x)'/></text></svg>`))
	f.Fuzz(func(t *testing.T, in []byte) {
		clean, _, err := CleanSVG(in)
		if err != nil {
			return
		}
		d := xml.NewDecoder(bytes.NewReader(clean))
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%v in %s", err, clean)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if !drawingElements[start.Name.Local] || start.Name.Space != svgSpace {
				t.Fatalf("element %v in %s", start.Name, clean)
			}
			for _, a := range start.Attr {
				name := a.Name.Local
				switch {
				case name == "xmlns":
				case name == "href" && strings.HasPrefix(a.Value, "#"):
				case drawingAttributes[name] && a.Name.Space == "" && (name == "id" || harmless(a.Value)):
				default:
					t.Fatalf("attribute %v=%q in %s", a.Name, a.Value, clean)
				}
			}
		}
		again, gone, err := CleanSVG(clean)
		if err != nil || !bytes.Equal(again, clean) || slices.ContainsFunc(gone, func(string) bool { return true }) {
			t.Fatalf("cleaned again: %v, gone %v\n%s\n%s", err, gone, clean, again)
		}
	})
}

// TestCleanSVGTellsLittle bounds what is told of a drawing that is full of what
// goes.
func TestCleanSVGTellsLittle(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for i := range 5000 {
		fmt.Fprintf(&b, "<x%d%s/>", i, strings.Repeat("y", 100))
	}
	b.WriteString("</svg>")
	_, gone, err := CleanSVG([]byte(b.String()))
	if err != nil || len(gone) > maxGoneNames || len(strings.Join(gone, "")) > maxGoneNames*maxGoneName {
		t.Errorf("%d names, %v", len(gone), err)
	}
}
