package check

import (
	"slices"
	"strings"

	"tongbiao/editor"
)

// Rules on what the elements of a standard hold: nothing empty, nothing that is only
// promised, and what its type of document asks for.

func dividedLists(c *Clause) {
	if c.Level == 1 && !c.Leaf && (c.Kind == editor.Bibliography || c.Kind == editor.Chapter && c.Title == "规范性引用文件") {
		c.Flag(Heading, "“%[1]s”不分条，请改为清单", "%[1]s is not divided into subclauses: make it a list", c.Title)
	}
}

// missingBibliography flags the first document that is only hinted at (见, 参见 GB/T
// …) and stands neither among the references nor in a bibliography.
func missingBibliography(t *Text) {
	if t.Find(editor.Bibliography) != nil {
		return
	}
	listed := map[string]bool{}
	if x := t.Find(editor.Chapter, "规范性引用文件"); x != nil {
		for _, f := range t.Facts(x).References() {
			listed[squash(f.Reference.Standard)] = true
		}
	}
	for _, x := range t.All {
		if !t.Binding(x) {
			continue
		}
		for _, f := range t.Facts(x).References() {
			if n := f.Reference.Standard; n != "" && !listed[squash(n)] && endsWithAny(strings.TrimRight(x.Text[:f.Start], " \u3000"), []string{"见", "参见", "参考", "参考了"}) {
				t.Flag(x, Words(f.Start, f.End), "资料性引用了 %[1]s，请列入参考文献", "%[1]s is referred to for information: list it in a bibliography (参考文献)", n)
				return
			}
		}
	}
}

func emptyClauses(c *Clause) {
	if !c.Leaf || strings.TrimSpace(c.Text) != "" || c.Kind == editor.Preamble {
		return
	}
	if c.Level == 1 {
		c.Flag(Heading, "“%[1]s”没有内容，请撰写或删去", "%[1]s is empty: write it or take it out", c.Title)
		return
	}
	if !endsWithAny(c.Title, []string{"。", "；"}) { // some write the provision into the heading
		c.Flag(Heading, "这一条没有内容，请撰写或删去", "the subclause is empty: write it or take it out").Lesser()
	}
}

// placeholders are errors once a text goes to review.
func placeholders(c *Clause) {
	flag := func(text string, span func(start, end int) Span) {
		for _, w := range Lexicon("placeholders") {
			for _, i := range w.Find(text) {
				f := c.Flag(span(i, i+len(w.Word)), "占位文字“%[1]s”请写成正文", "%[1]s holds the place of something: write it", w.Word)
				if stageRank(c.Stage) < stageRank("review") {
					f.Lesser()
				}
			}
		}
	}
	flag(c.Title, TitleWords)
	flag(c.Text, Words)
}

// stages in the order in which a standard passes through them.
var stages = []string{"proposal", "drafting", "consultation", "review", "approval", "published", "in-force"}

// stageRank orders stages; what comes after in-force counts as that.
func stageRank(stage string) int {
	if i := slices.Index(stages, stage); i >= 0 {
		return i
	}
	return len(stages)
}

// functions are the types of document by the end of their titles, the longer first.
var functions = []string{"试验方法", "测定方法", "检测方法", "检验方法", "规范", "规程", "指南", "术语", "词汇", "符号", "分类", "编码"}

// function tells the type of document from its title: 规范, 规程, 指南 …; "" for none.
func function(title string) string {
	title = squash(title)
	for _, f := range functions {
		if strings.HasSuffix(title, f) || strings.HasSuffix(title, f+"（试行）") {
			switch {
			case strings.HasSuffix(f, "方法"):
				return "试验方法"
			case f == "词汇":
				return "术语"
			}
			return f
		}
	}
	return ""
}

func wordsOfTitle(t *Text) {
	title := t.Header.Title
	bare := squash(title)
	switch {
	case bare == "":
		t.Flag(nil, Key("title"), "没有标题，请在文件头写 title", "there is no title: write one in the front matter")
	case slices.Contains(functions, bare) || bare == "要求" || bare == "通则" || bare == "技术要求":
		t.Flag(nil, Key("title"), "标题“%[1]s”缺主体要素，请写明标准化对象", "the title %[1]s lacks its subject: name what is standardised", title)
	case strings.HasSuffix(bare, "标准") && !strings.HasSuffix(bare, "标准化"):
		t.Flag(nil, Key("title"), "标题不以“标准”结尾，请用表示功能类型的词（规范、规程、指南、试验方法……）", "a title does not end in 标准: use the word of its type of document (规范, 规程, 指南, 试验方法 …)")
	case len(strings.Fields(strings.ReplaceAll(title, "\u3000", " "))) > 3:
		t.Flag(nil, Key("title"), "标题的要素超过三个（引导、主体、补充），请合并", "the title has more than three elements: merge some")
	}
}

// coreElements asks of each type of document what it must hold (8.9).
func coreElements(t *Text) {
	holds := func(lexicon string) bool {
		return slices.ContainsFunc(t.All, func(x *editor.Clause) bool {
			return t.Top(x).Kind != editor.Foreword && !isFront(t.Top(x).Title) &&
				slices.ContainsFunc(Lexicon(lexicon), func(w Word) bool { return strings.Contains(x.Title, w.Word) })
		})
	}
	switch function(t.Header.Title) {
	case "规范":
		if !holds("verification") {
			t.Flag(nil, Key("title"), "规范应有证实方法（试验、检查、评价……），请添加章条", "a specification (规范) says how its requirements are verified: add a clause on it")
		}
	case "规程":
		if !holds("procedure") {
			t.Flag(nil, Key("title"), "规程应确立程序（流程、步骤、阶段……），请添加章条", "a code of practice (规程) sets out a procedure: add a clause on it")
		}
		if !holds("tracing") && !holds("verification") {
			t.Flag(nil, Key("title"), "规程应有追溯或证实方法（记录、检查……），请添加章条", "a code of practice (规程) says how following it is traced or verified: add a clause on it")
		}
	case "试验方法":
		if !holds("steps") {
			t.Flag(nil, Key("title"), "试验方法应有试验步骤，请添加章条", "a test method has its steps: add a clause on them")
		}
		if !holds("results") {
			t.Flag(nil, Key("title"), "试验方法应有试验数据处理，请添加章条", "a test method says how its data are processed: add a clause on it")
		}
	case "指南":
		for _, x := range t.All {
			if !t.Binding(x) {
				continue
			}
			for _, f := range t.Facts(x).Modalities() {
				if f.Modality == editor.Obligation || f.Modality == editor.Prohibition {
					t.Flag(x, Words(f.Start, f.End), "指南只作推荐和陈述，不写要求（“%[1]s”），请用“宜”或改为陈述", "a guide (指南) recommends and states, it does not require (%[1]s): use 宜 or state", x.Text[f.Start:f.End])
				}
			}
		}
	}
}
