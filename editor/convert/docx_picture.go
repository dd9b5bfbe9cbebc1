package convert

import (
	"fmt"
	"strings"
)

// media are the pictures of a document, each kept once.
type media struct {
	files  []mediaFile
	by     map[string]int // by what is in it → files
	placed int            // drawings so far
}

type mediaFile struct {
	name string // below word/
	data []byte
}

// firstMedia is the number of the first relationship that is a picture's; those
// before it are docxDocumentRels.
const firstMedia = 6

// put keeps a file and gives the relationship that names it.
func (m *media) put(kind string, data []byte) (relation string) {
	if m.by == nil {
		m.by = map[string]int{}
	}
	i, held := m.by[kind+string(data)]
	if !held {
		i = len(m.files)
		m.by[kind+string(data)] = i
		m.files = append(m.files, mediaFile{fmt.Sprintf("media/image%d.%s", i+1, kind), data})
	}
	return fmt.Sprintf("rId%d", firstMedia+i)
}

// relations of the pictures, to stand beside the others.
func (m *media) relations() string {
	var b strings.Builder
	for i, f := range m.files {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%simage" Target="%s"/>`, firstMedia+i, relType, f.name)
	}
	return b.String()
}

// The markup of a picture that stands in a line of text (ECMA-376, 20.4), and of
// the drawing beside the picture shown instead of it ([MS-ODRAWXML], svgBlip).
const (
	nsDrawing = `xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`
	svgBlip   = `<a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="%s"/></a:ext></a:extLst>`
	inlined   = `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[2]d"/><wp:docPr id="%[3]d" name="%[4]s" descr="%[5]s"/>` +
		`<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>` +
		`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>` +
		`<pic:nvPicPr><pic:cNvPr id="%[3]d" name="%[4]s"/><pic:cNvPicPr/></pic:nvPicPr>` +
		`<pic:blipFill><a:blip r:embed="%[6]s">%[7]s</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>` +
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>` +
		`</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`

	pixelEMU  = 9525 // 1/96 inch in English metric units
	twipEMU   = 635
	maxHeight = 9000 // of a picture, in twentieths of a point: most of a page
)

// picture writes a picture, no wider than the text and no higher than most of a
// page.
func (d *docx) picture(p Picture) error {
	cx, cy := p.Width*pixelEMU, p.Height*pixelEMU
	if wide := d.textWidth() * twipEMU; cx > wide {
		cx, cy = wide, max(cy*wide/cx, 1)
	}
	if high := maxHeight * twipEMU; cy > high {
		cx, cy = max(cx*high/cy, 1), high
	}
	shown, beside := "", ""
	if p.Kind == "svg" {
		frame, err := instead(p.Width, p.Height)
		if err != nil {
			return err
		}
		shown = d.media.put("png", frame)
		beside = fmt.Sprintf(svgBlip, d.media.put("svg", p.Data))
	} else {
		shown = d.media.put(p.Kind, p.Data)
	}
	d.media.placed++
	d.b.WriteString(`<w:p><w:pPr><w:pStyle w:val="Picture"/></w:pPr>`)
	fmt.Fprintf(&d.b, inlined, cx, cy, d.media.placed, xmlText(fmt.Sprintf("picture %d", d.media.placed)), xmlText(oneLine(p.Name)), shown, beside)
	d.b.WriteString(`</w:p>`)
	return nil
}

// equation writes a formula in the middle of a line and its number at the line's
// end. What cannot be read as TeX stands as it was typed.
func (d *docx) equation(tex, number string) {
	fmt.Fprintf(&d.b, `<w:p><w:pPr><w:pStyle w:val="Equation"/><w:tabs><w:tab w:val="center" w:pos="%d"/><w:tab w:val="right" w:pos="%d"/></w:tabs></w:pPr>`, d.textWidth()/2, d.textWidth())
	d.b.WriteString(`<w:r><w:tab/></w:r>`)
	if math, err := OMML(tex); err == nil {
		d.b.WriteString(math)
	} else {
		d.b.WriteString(run(tex, Plain))
	}
	if number != "" {
		d.b.WriteString(`<w:r><w:tab/></w:r>` + run(number, Plain))
	}
	d.b.WriteString(`</w:p>`)
}
