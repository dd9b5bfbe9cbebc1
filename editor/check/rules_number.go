package check

import (
	"strings"

	"tongbiao/editor"
)

// numberRules look at levels, numbers and lists (GB/T 1.1—2020, clause 7).
var numberRules = []Rule{
	{ID: "NUM-01", Clause: chapterTitles},
	{ID: "NUM-02", Clause: fiveLevels},
	{ID: "NUM-03", Clause: gapsInSubclauses},
	{ID: "NUM-04", Text: singleChild},
	{ID: "NUM-05", Text: mixedTitles},
	{ID: "NUM-06", Clause: dividedUntitled},
	{ID: "NUM-07", Clause: hangingText},
	{ID: "NUM-08", Clause: shapeOfLists},
	{ID: "NUM-09", Clause: endsOfItems},
	{ID: "NUM-10", Clause: handNumbers},
	{ID: "NUM-11", Clause: lettersForDigits},
	{ID: "NUM-11", Text: lettersInHeader},
}

func chapterTitles(c *Clause) {
	if c.Kind != editor.Chapter {
		return
	}
	if c.Title == "" {
		c.Flag(Heading, "章没有标题，请添加", "the chapter has no title: add one")
	}
	if c.Fixed != "" {
		c.Flag(Heading, "章的编号不连续，请从 1 起连续编号", "chapters are not numbered consecutively from 1: number them so")
	}
}

func fiveLevels(c *Clause) {
	if c.Level == 7 {
		c.Flag(Heading, "条的层次超过五级，请归并", "subclauses go down five levels at most: merge some")
	}
}

// gapsInSubclauses flags a printed number that is not the one that comes next.
func gapsInSubclauses(c *Clause) {
	if c.Fixed != "" && c.Level > 1 {
		c.Flag(Heading, "条的编号“%[1]s”不接续，请删去 number= 或核对是否缺条、重号", "the number %[1]s does not follow on: take number= out, or check whether something is missing or numbered twice", c.Fixed)
	}
}

func singleChild(t *Text) {
	for _, x := range t.All {
		if len(x.Clauses) == 1 && x.Clauses[0].Kind == editor.Subclause {
			t.Flag(x.Clauses[0], Heading, "同一层次只有这一条，请并入上一层或再分出一条", "it is the only subclause of its level: merge it with the level above or divide further")
		}
	}
}

func mixedTitles(t *Text) {
	for _, x := range t.All {
		titled, untitled := 0, 0
		for _, sub := range x.Clauses {
			switch {
			case sub.Kind != editor.Subclause:
			case sub.Title == "":
				untitled++
			default:
				titled++
			}
		}
		if titled > 0 && untitled > 0 {
			t.Flag(x, Heading, "下属的条有的有标题、有的没有，请统一", "some subclauses of this level have titles and some have none: make them alike")
		}
	}
}

func dividedUntitled(c *Clause) {
	if c.Kind == editor.Subclause && c.Title == "" && !c.Leaf {
		c.Flag(Heading, "无标题条不得再分条，请加标题或改为列项", "a subclause without a title may not be divided: give it a title or use a list")
	}
}

func hangingText(c *Clause) {
	switch {
	case c.Leaf || c.Text == "":
	case c.Kind != editor.Chapter && c.Kind != editor.Subclause && c.Kind != editor.Annex:
	case isTerms(c.Title) || isSymbols(c.Title) || strings.HasPrefix(c.Text, "重要提示"):
	case c.Kind == editor.Subclause && c.InTerms():
	default:
		c.Flag(Heading, "标题与第一条之间有悬置段，请编为一条（如“通则”）", "text hangs between the heading and the first subclause: make it a subclause, e.g. General")
	}
}
