package compare

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tongbiao/editor"
)

const listedRules = `# 甲市快递管理办法

第一条 快递企业应当在营业场所公示服务种类、服务时限和资费标准。

第二条 快递末端网点不得有下列行为：

（一）在露天场地堆放、分拣快件，或者以快件占用消防通道、人行道；

（二）未经收件人同意将快件投放至智能快件箱；

（三）抛扔、踩踏、坐压快件，或者以其他方式野蛮装卸快件；

（四）法律、法规规定的其他行为。

第三条 快递企业应当自收到投诉之日起七日内答复投诉人。
`

const plainRules = `# 乙市快递管理办法

第一条 快递企业应当自收到投诉之日起十日内答复投诉人。

第二条 快递企业应当公示服务种类、服务时限和资费标准。

第三条 快递员将快件投放至智能快件箱，应当经收件人同意；未经收件人同意的，不得将快件投放至智能快件箱。

第四条 快递末端网点不得在露天场地堆放、分拣快件，不得以快件占用消防通道、人行道，不得抛扔、踩踏、坐压快件，不得野蛮装卸快件。
`

func cellNames(docs []*editor.Document, row Row) string {
	var cells []string
	for i, cell := range row.Cells {
		var names []string
		for _, at := range cell {
			name := docs[i].Clause(at.Clause).Number
			if at.Entry > 0 {
				name += "（" + editor.Numeral(at.Entry) + "）"
			}
			names = append(names, name)
		}
		cells = append(cells, strings.Join(names, "+"))
	}
	return strings.Join(cells, " | ")
}

func rowWith(t *testing.T, docs []*editor.Document, a *Alignment, text int, number string, entry int) Row {
	t.Helper()
	for _, row := range a.Rows {
		for _, at := range row.Cells[text] {
			if docs[text].Clause(at.Clause).Number == number && at.Entry == entry {
				return row
			}
		}
	}
	t.Fatalf("%s entry %d of text %d is in no row", number, entry, text)
	return Row{}
}

func TestEntryStandsWhereItsSubjectIs(t *testing.T) {
	docs := []*editor.Document{parse(t, listedRules), parse(t, plainRules)}
	a, err := Align(docs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkConserved(t, docs, a)
	checkOrderIndependent(t, docs, rand.New(rand.NewPCG(3, 4)))
	if got, want := cellNames(docs, rowWith(t, docs, a, 0, "第二条", 2)), "第二条（二） | 第三条"; got != want {
		t.Errorf("the item stands in %q, want %q", got, want)
	}
	rest := rowWith(t, docs, a, 0, "第二条", 0)
	if got, want := cellNames(docs, rest), "第二条 | 第四条"; got != want {
		t.Errorf("the other items stand in %q, want %q", got, want)
	}
	for _, d := range rest.Differences {
		if strings.Contains(strings.Join(d.Texts, ""), "未经收件人同意") {
			t.Errorf("the row of the others speaks of what stands elsewhere: %q", d.Texts)
		}
	}
}

func TestPeoplePlaceEntries(t *testing.T) {
	docs := []*editor.Document{parse(t, listedRules), parse(t, plainRules)}
	at := func(text int, number string, entry int) Place {
		for c := range docs[text].All() {
			if c.Number == number {
				return Place{text, editor.Passage{Clause: c.ID, Paragraph: 1, Entry: entry}}
			}
		}
		t.Fatalf("text %d has no %s", text, number)
		return Place{}
	}
	apart, err := Align(docs, Options{CannotLink: [][2]Place{{at(0, "第二条", 2), at(1, "第三条", 0)}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := cellNames(docs, rowWith(t, docs, apart, 1, "第三条", 0)); got != " | 第三条" {
		t.Errorf("kept apart, yet in %q", got)
	}
	joined, err := Align(docs, Options{MustLink: [][2]Place{{at(0, "第二条", 3), at(1, "第一条", 0)}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := cellNames(docs, rowWith(t, docs, joined, 0, "第二条", 3)); got != "第二条（三）+第三条 | 第一条" {
		t.Errorf("put together, yet in %q", got)
	}
	fixed, err := Align(docs, Options{Fixed: [][][]editor.Passage{{{at(0, "第二条", 0).Passage}, nil}}})
	if err != nil {
		t.Fatal(err)
	}
	checkConserved(t, docs, fixed)
	if got := cellNames(docs, rowWith(t, docs, fixed, 1, "第三条", 0)); got != " | 第三条" {
		t.Errorf("an item left a confirmed row: %q", got)
	}
	own, err := Align(docs, Options{Fixed: [][][]editor.Passage{{{at(0, "第二条", 1).Passage}, {at(1, "第四条", 0).Passage}}}})
	if err != nil {
		t.Fatal(err)
	}
	checkConserved(t, docs, own)
	if got := cellNames(docs, rowWith(t, docs, own, 0, "第二条", 1)); got != "第二条（一） | 第四条" {
		t.Errorf("confirmed, yet in %q", got)
	}
}

func TestTableRowsAlignByTheirHeads(t *testing.T) {
	a := "# 甲\n\n## 投递 {#a-time}\n\n投递时限应符合下表的规定。\n\n| 投递区域 | 首次投递时限/h | 备注 |\n| --- | --- | --- |\n| 设区的市城区内的住宅小区 | 24 | 自到达末端网点起 |\n| 建制村和交通不便的偏远地区 | 72 | 自到达县级分拨中心起 |\n"
	b := "# 乙\n\n## 城区 {#b-town}\n\n快递企业应在城区的住宅小区于24 h内完成首次投递，自到达末端网点起计算。\n\n## 农村 {#b-village}\n\n建制村和交通不便的偏远地区，首次投递时限应不超过48 h，自到达县级分拨中心起计算。\n"
	docs := []*editor.Document{parse(t, a), parse(t, b)}
	found, err := Align(docs, Options{Labels: []string{"甲", "乙"}})
	if err != nil {
		t.Fatal(err)
	}
	checkConserved(t, docs, found)
	if got, want := cellNames(docs, rowWith(t, docs, found, 1, "1", 0)), "1（一） | 1"; got != want {
		t.Errorf("the first row of the table stands in %q, want %q", got, want)
	}
	village := rowWith(t, docs, found, 1, "2", 0)
	if !slices.ContainsFunc(village.Differences, func(d Difference) bool {
		return d.Kind == Quantity && strings.Contains(d.Summary, "甲 72 h") && strings.Contains(d.Summary, "48 h")
	}) {
		t.Errorf("72 h against 48 h is not said: %+v", village.Differences)
	}
}
