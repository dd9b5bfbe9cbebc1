package check

import (
	"slices"

	"tongbiao/editor"
)

// structureRules look at the elements of a standard and their order (GB/T
// 1.1—2020, clauses 5, 6 and 8).
var structureRules = []Rule{
	{ID: "STR-01", Text: orderOfElements},
	{ID: "STR-02", Text: mandatoryElements},
	{ID: "STR-03", Text: firstChapters},
	{ID: "STR-04", Clause: dividedLists},
	{ID: "STR-05", Text: orderAtTheEnd},
	{ID: "STR-06", Clause: namesOfElements},
	{ID: "STR-07", Text: missingBibliography},
	{ID: "STR-08", Clause: emptyClauses},
	{ID: "STR-08", Clause: placeholders, Staged: true},
	{ID: "STR-09", Text: wordsOfTitle},
	{ID: "STR-10", Text: coreElements},
}

// elementOrder says what may not stand before what.
var elementOrder = map[editor.Kind]int{
	editor.Preamble: 0, editor.Foreword: 1, editor.Introduction: 2, editor.Chapter: 3,
	editor.Annex: 4, editor.Bibliography: 5, editor.Index: 6,
}

// misplaced yields the elements that stand after one that they should precede.
func misplaced(t *Text, yield func(x *editor.Clause, order int)) {
	last := 0
	for _, x := range t.Clauses {
		at, ok := elementOrder[x.Kind]
		if !ok {
			continue
		}
		if at < last {
			yield(x, last)
		}
		last = max(last, at)
	}
}

const (
	outOfPlaceZh = "位置有误，要素的顺序为前言、引言、各章、附录、参考文献、索引，请移动"
	outOfPlaceEn = "out of place: foreword, introduction, chapters, annexes, bibliography, index is the order: move it"
)

func orderOfElements(t *Text) {
	misplaced(t, func(x *editor.Clause, after int) {
		if after <= elementOrder[editor.Chapter] {
			t.Flag(x, Heading, outOfPlaceZh, outOfPlaceEn)
		}
	})
	core := false
	for _, x := range t.Chapters() {
		switch {
		case isFront(x.Title):
		case !isGeneral(x.Title):
			core = true
		case core:
			t.Flag(x, Heading, "“%[1]s”宜在核心技术要素之前，请移动", "%[1]s preferably stands before the chapters of technical content: move it", x.Title).Lesser()
		}
	}
}

// isGeneral recognises 总体原则 and 总体要求, which stand before what they govern.
func isGeneral(title string) bool {
	return slices.Contains([]string{"总体原则", "总体要求", "总则", "基本原则", "总体原则和要求", "总体原则和总体要求"}, title)
}

// orderAtTheEnd: annexes, the bibliography, the index, and nothing technical after
// annexes.
func orderAtTheEnd(t *Text) {
	misplaced(t, func(x *editor.Clause, after int) {
		if after > elementOrder[editor.Chapter] {
			t.Flag(x, Heading, outOfPlaceZh, outOfPlaceEn)
		}
	})
}

func mandatoryElements(t *Text) {
	if t.Find(editor.Foreword) == nil {
		t.Flag(nil, Heading, "缺少前言，请添加", "the foreword (前言) is missing: add it")
	}
	for _, title := range []string{"范围", "规范性引用文件"} {
		if t.Find(editor.Chapter, title) == nil {
			t.Flag(nil, Heading, "缺少“%[1]s”一章，请添加", "the chapter %[1]s is missing: add it", title)
		}
	}
	if function(t.Header.Title) == "术语" {
		terminologyElements(t)
		return
	}
	if t.Terms() == nil {
		t.Flag(nil, Heading, "缺少“%[1]s”一章，请添加", "the chapter %[1]s is missing: add it", "术语和定义")
	}
	for _, x := range t.Chapters() {
		if !isFront(x.Title) {
			return
		}
	}
	t.Flag(nil, Heading, "缺少核心技术要素，请添加规定要求的章", "there is no chapter of technical content: add one")
}

// terminologyElements: the technical content of a terminology standard is its
// entries, in 术语和定义 or in chapters by subject, and it has an index
// (GB/T 20001.1).
func terminologyElements(t *Text) {
	entries := false
	for _, x := range t.Chapters() {
		if isTerms(x.Title) || !isFront(x.Title) {
			entries = entries || len(x.Clauses) > 0
		}
	}
	if !entries {
		t.Flag(nil, Heading, "术语标准缺少术语条目，请添加“术语和定义”一章或按主题分章", "a terminology standard has no entries: add the chapter 术语和定义, or chapters by subject")
	}
	if t.Find(editor.Index) == nil {
		t.Flag(nil, Heading, "术语标准应有索引（汉语拼音、英文对应词），请在最后添加", "a terminology standard has an index, by pinyin and by English equivalent: add one at the end").Lesser()
	}
}

func firstChapters(t *Text) {
	places := []string{"范围", "规范性引用文件", "术语和定义"}
	for i, x := range t.Chapters() {
		title := x.Title
		if isTerms(title) {
			title = "术语和定义"
		}
		if at := slices.Index(places, title); at >= 0 && at != i {
			t.Flag(x, Heading, "“%[1]s”应为第 %[2]d 章，现为第 %[3]d 章，请移动", "%[1]s must be chapter %[2]d, it is chapter %[3]d: move it", x.Title, at+1, i+1)
		}
		if isSymbols(title) && i != 3 {
			t.Flag(x, Heading, "“%[1]s”宜为第 4 章，现为第 %[2]d 章", "%[1]s is preferably chapter 4, it is chapter %[2]d", x.Title, i+1).Lesser()
		}
	}
}

func namesOfElements(c *Clause) {
	if c.Level != 1 || c.Kind == editor.Annex {
		return
	}
	for _, w := range Lexicon("elements") {
		if c.Title == w.Word {
			c.Flag(TitleWords(0, len(c.Title)), "标题“%[1]s”请改为“%[2]s”", "the heading %[1]s should read %[2]s", c.Title, w.Instead)
		}
	}
}
