package convert

import (
	"fmt"
	"strings"
)

// The parts of a Word document that do not depend on what is written.
const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	nsW     = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	nsR     = `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

	docxTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Default Extension="png" ContentType="image/png"/><Default Extension="jpg" ContentType="image/jpeg"/><Default Extension="svg" ContentType="image/svg+xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
		`<Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/>` +
		`<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

	docxRels = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

	relType          = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	docxDocumentRels = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relType + `styles" Target="styles.xml"/>` +
		`<Relationship Id="rId2" Type="` + relType + `settings" Target="settings.xml"/>` +
		`<Relationship Id="rId3" Type="` + relType + `fontTable" Target="fontTable.xml"/>` +
		`<Relationship Id="rId4" Type="` + relType + `header" Target="header1.xml"/>` +
		`<Relationship Id="rId5" Type="` + relType + `footer" Target="footer1.xml"/>`
	docxRelsEnd = `</Relationships>`

	docxSettings = xmlHead + `<w:settings ` + nsW + `><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/>` +
		`<w:compat><w:doNotExpandShiftReturn/><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`

	docxFonts = xmlHead + `<w:fonts ` + nsW + `>` +
		`<w:font w:name="宋体"><w:altName w:val="SimSun,Songti SC,Noto Serif CJK SC"/><w:charset w:val="86"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>` +
		`<w:font w:name="黑体"><w:altName w:val="SimHei,Heiti SC,Noto Sans CJK SC"/><w:charset w:val="86"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>` +
		`<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>`

	docxFooter = xmlHead + `<w:ftr ` + nsW + `><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r>` +
		`<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>`
)

// style is one paragraph style; sizes in half points, spaces in twentieths of a
// point.
type style struct {
	id, name  string
	paragraph string // properties, in the order of the schema
	head      bool   // 黑体
	size      int
	outline   int // 1 for a heading of the first level; 0 for a text
}

// docxStyles follow GB/T 1.1—2020, 10: texts 五号宋体 (10.5 pt), headings 五号黑体,
// notes and tables 小五 (9 pt). Chapters stand out by their space.
func docxStyles() string {
	list := []style{
		{id: "Title", name: "Title", paragraph: `<w:keepNext/><w:spacing w:before="240" w:after="160"/><w:jc w:val="center"/>`, head: true, size: 36},
		{id: "Subtitle", name: "Subtitle", paragraph: `<w:spacing w:before="0" w:after="320"/><w:jc w:val="center"/>`, size: 21},
		{id: "CoverLine", name: "Cover Line", paragraph: `<w:spacing w:before="60" w:after="60"/>`, head: true, size: 24},
		{id: "CoverTitle", name: "Cover Title", paragraph: `<w:spacing w:before="3600" w:after="480"/><w:jc w:val="center"/>`, head: true, size: 52},
		{id: "CoverFoot", name: "Cover Foot", paragraph: `<w:spacing w:before="0" w:after="120"/><w:jc w:val="center"/>`, head: true, size: 28},
		{id: "BodyText", name: "Body Text", paragraph: `<w:spacing w:before="0" w:after="60"/><w:ind w:firstLineChars="200" w:firstLine="420"/><w:jc w:val="both"/>`, size: 21},
		{id: "Lead", name: "Lead", paragraph: `<w:spacing w:before="40" w:after="60"/><w:jc w:val="both"/>`, size: 21},
		{id: "Item1", name: "Item 1", paragraph: `<w:spacing w:before="0" w:after="40"/><w:ind w:leftChars="400" w:left="840" w:hangingChars="200" w:hanging="420"/><w:jc w:val="both"/>`, size: 21},
		{id: "Item2", name: "Item 2", paragraph: `<w:spacing w:before="0" w:after="40"/><w:ind w:leftChars="600" w:left="1260" w:hangingChars="200" w:hanging="420"/><w:jc w:val="both"/>`, size: 21},
		{id: "Remark", name: "Remark", paragraph: `<w:spacing w:before="0" w:after="60"/><w:ind w:leftChars="200" w:left="420"/><w:jc w:val="both"/>`, size: 18},
		{id: "Caption", name: "caption", paragraph: `<w:keepNext/><w:spacing w:before="160" w:after="80"/><w:jc w:val="center"/>`, head: true, size: 21},
		{id: "Picture", name: "Picture", paragraph: `<w:keepNext/><w:spacing w:before="160" w:after="80"/><w:jc w:val="center"/>`, size: 21},
		{id: "FigureTitle", name: "Figure Title", paragraph: `<w:spacing w:before="40" w:after="160"/><w:jc w:val="center"/>`, head: true, size: 21},
		{id: "Equation", name: "Equation", paragraph: `<w:spacing w:before="80" w:after="80"/>`, size: 21},
		{id: "TableText", name: "Table Text", paragraph: `<w:spacing w:before="30" w:after="30" w:line="264" w:lineRule="auto"/>`, size: 18},
		{id: "TableHead", name: "Table Head", paragraph: `<w:keepNext/><w:spacing w:before="30" w:after="30" w:line="264" w:lineRule="auto"/><w:jc w:val="center"/>`, head: true, size: 18},
		{id: "TableEnd", name: "Table End", paragraph: `<w:spacing w:before="0" w:after="0" w:line="160" w:lineRule="exact"/>`, size: 10},
		{id: "Header", name: "header", paragraph: `<w:spacing w:before="0" w:after="0"/><w:jc w:val="right"/>`, head: true, size: 18},
		{id: "Footer", name: "footer", paragraph: `<w:spacing w:before="0" w:after="0"/><w:jc w:val="center"/>`, size: 18},
	}
	for level := 1; level <= 6; level++ {
		space := `<w:keepNext/><w:spacing w:before="120" w:after="80"/>`
		if level == 1 {
			space = `<w:keepNext/><w:spacing w:before="280" w:after="160"/>`
		}
		list = append(list, style{id: fmt.Sprintf("Heading%d", level), name: fmt.Sprintf("heading %d", level), paragraph: space, head: true, size: 21, outline: level})
	}
	var b strings.Builder
	b.WriteString(xmlHead + `<w:styles ` + nsW + `><w:docDefaults><w:rPrDefault><w:rPr>` +
		`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/><w:sz w:val="21"/><w:szCs w:val="21"/>` +
		`<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:spacing w:line="300" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>`)
	for _, s := range list {
		b.WriteString(s.xml())
	}
	b.WriteString(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>` +
		`<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`)
	b.WriteString(`<w:style w:type="table" w:customStyle="1" w:styleId="Ruled"><w:name w:val="Ruled"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>`)
	for _, side := range []struct {
		name string
		size int
	}{{"top", 8}, {"left", 8}, {"bottom", 8}, {"right", 8}, {"insideH", 4}, {"insideV", 4}} {
		fmt.Fprintf(&b, `<w:%s w:val="single" w:sz="%d" w:space="0" w:color="auto"/>`, side.name, side.size)
	}
	b.WriteString(`</w:tblBorders></w:tblPr></w:style></w:styles>`)
	return b.String()
}

func (s style) xml() string {
	var b strings.Builder
	custom := ` w:customStyle="1"`
	switch s.name {
	case "Title", "Subtitle", "Body Text", "caption", "header", "footer":
		custom = ""
	}
	if s.outline > 0 {
		custom = ""
	}
	fmt.Fprintf(&b, `<w:style w:type="paragraph"%s w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/>`, custom, s.id, s.name)
	if s.outline > 0 {
		b.WriteString(`<w:next w:val="BodyText"/>`)
	}
	b.WriteString(`<w:qFormat/><w:pPr>` + s.paragraph)
	if s.outline > 0 {
		fmt.Fprintf(&b, `<w:outlineLvl w:val="%d"/>`, s.outline-1)
	}
	b.WriteString(`</w:pPr><w:rPr>`)
	if s.head {
		b.WriteString(`<w:rFonts w:eastAsia="黑体"/>`)
	}
	fmt.Fprintf(&b, `<w:sz w:val="%[1]d"/><w:szCs w:val="%[1]d"/></w:rPr></w:style>`, s.size)
	return b.String()
}
