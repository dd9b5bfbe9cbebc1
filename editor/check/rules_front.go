package check

import "tongbiao/editor"

// frontRules look at cover, foreword and introduction (GB/T 1.1—2020, 8.1 to 8.4).
var frontRules = []Rule{
	{ID: "FOR-01", Clause: contentOfForeword},
}

func contentOfForeword(c *Clause) {
	if c.Kind != editor.Foreword {
		return
	}
	if !c.Leaf {
		c.Flag(Heading, "前言不分条，请改为段", "the foreword has no subclauses: make them paragraphs")
	}
	for _, b := range c.Blocks() {
		switch b.Kind {
		case editor.Table, editor.Figure, editor.Formula:
			c.Flag(Words(b.Start, b.End), "前言不得有图、表和公式，请移出", "the foreword has no figures, tables or formulas: move them")
			continue
		}
		if aboutPatents(b.Text) || reportsChange(b.Text) {
			continue
		}
		at := c.At(b)
		for _, f := range editor.Modalities(b.Text) {
			if f.Modality != editor.Encouragement {
				c.Flag(Words(at+f.Start, at+f.End), "前言不得含要求、推荐和允许（“%[1]s”），请移到相应的章", "the foreword holds no requirement, recommendation or permission (%[1]s): move it to its chapter", b.Text[f.Start:f.End])
			}
		}
	}
}
