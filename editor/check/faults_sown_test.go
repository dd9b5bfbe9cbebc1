package check

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tongbiao/editor"
)

// faults is one fault, or more, of every rule that a text can break.
func faults() []fault {
	return slices.Concat(structureFaults(), frontFaults(), referenceFaults(), termFaults(), modalFaults(), objectFaults(), signFaults())
}

type sower = func(*rand.Rand, *editor.Document) bool

// plain are the clauses that bind and hold one paragraph of at most three sentences.
func plain(d *editor.Document) []*editor.Clause {
	var out []*editor.Clause
	for _, top := range d.Clauses {
		if top.Kind != editor.Chapter || isFront(top.Title) {
			continue
		}
		for x := range (&editor.Document{Clauses: []*editor.Clause{top}}).All() {
			if ofKind(x.Title) || ofKind(top.Title) { // MOD-06 has its say there
				continue
			}
			if len(x.Clauses) == 0 && strings.HasSuffix(x.Text, "。") && !strings.Contains(x.Text, "\n") && strings.Count(x.Text, "。") < 4 {
				out = append(out, x)
			}
		}
	}
	return out
}

// ofKind tells the titles that say what kind of provisions a clause holds.
func ofKind(title string) bool {
	return (&Clause{clauseKey: clauseKey{Title: title}}).governs() != ""
}

// say adds a sentence to some clause that binds.
func say(sentences ...string) sower {
	return func(r *rand.Rand, d *editor.Document) bool {
		places := plain(d)
		if len(places) == 0 {
			return false
		}
		places[r.IntN(len(places))].Text += sentences[r.IntN(len(sentences))]
		return true
	}
}

// saidLast adds to the last clause of the last chapter.
func saidLast(words string) sower {
	return func(_ *rand.Rand, d *editor.Document) bool {
		places := plain(d)
		places[len(places)-1].Text += words
		return true
	}
}

// listedNumber is the first undated standard of the list of references.
func listedNumber(d *editor.Document) string {
	for _, e := range referenceList(d) {
		if e.Standard != "" && e.Year == "" && strings.HasPrefix(e.Standard, "GB/T") {
			return e.Standard
		}
	}
	return ""
}

func references(d *editor.Document) *editor.Clause {
	return d.Clauses[slices.IndexFunc(d.Clauses, func(x *editor.Clause) bool { return x.Title == "规范性引用文件" })]
}

func referenceList(d *editor.Document) []listed {
	x := references(d)
	return listedIn(x, &Facts{text: x.Text}, true)
}

// citing says a sentence about the first listed standard, which stands for ×.
func citing(sentence string) sower {
	return func(r *rand.Rand, d *editor.Document) bool {
		n := listedNumber(d)
		return n != "" && say(strings.ReplaceAll(sentence, "×", n))(r, d)
	}
}

// at changes the first top clause of a title or kind.
func at(title string, change func(*editor.Clause) bool) sower {
	return func(_ *rand.Rand, d *editor.Document) bool {
		i := slices.IndexFunc(d.Clauses, func(x *editor.Clause) bool { return x.Title == title })
		return i >= 0 && change(d.Clauses[i])
	}
}

// replace changes words in the first top clause of a title.
func replace(title, from, to string) sower {
	return at(title, func(x *editor.Clause) bool {
		if !strings.Contains(x.Text, from) {
			return false
		}
		x.Text = strings.Replace(x.Text, from, to, 1)
		return true
	})
}

// remodal replaces some modal word of what binds.
func remodal(from, to string) sower {
	return func(r *rand.Rand, d *editor.Document) bool {
		places := plain(d)
		r.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		for _, x := range places {
			for _, m := range editor.Modalities(x.Text) {
				if x.Text[m.Start:m.End] == from {
					x.Text = x.Text[:m.Start] + to + x.Text[m.End:]
					return true
				}
			}
		}
		return false
	}
}

// chapter adds a chapter behind the others.
func chapter(x *editor.Clause) sower {
	return func(_ *rand.Rand, d *editor.Document) bool {
		x.Kind = editor.Chapter
		insert(d, copied(x))
		return true
	}
}

func copied(x *editor.Clause) *editor.Clause { return renamed(x, "") }

// insert puts a clause behind the last of its kind, or where the elements have it.
func insert(d *editor.Document, x *editor.Clause) {
	i := len(d.Clauses)
	for i > 0 && elementOrder[d.Clauses[i-1].Kind] > elementOrder[x.Kind] {
		i--
	}
	d.Clauses = slices.Insert(d.Clauses, i, x)
}

func sub(id, title, text string, clauses ...*editor.Clause) *editor.Clause {
	return &editor.Clause{ID: id, Kind: editor.Subclause, Title: title, Text: text, Clauses: clauses}
}

// annex is an informative annex.
func annex(id string, clauses ...*editor.Clause) *editor.Clause {
	x := &editor.Clause{ID: id, Kind: editor.Annex, Informative: true, Title: "资料", Clauses: clauses}
	if clauses == nil {
		x.Text = "资料的内容。"
	}
	return x
}

func header(change func(*editor.Header) bool) sower {
	return func(_ *rand.Rand, d *editor.Document) bool { return change(&d.Header) }
}

// both does two things.
func both(a, b sower) sower {
	return func(r *rand.Rand, d *editor.Document) bool { return a(r, d) && b(r, d) }
}

func inserted(x *editor.Clause) sower {
	return func(_ *rand.Rand, d *editor.Document) bool {
		insert(d, copied(x))
		return true
	}
}

// move takes the top clause of a title behind the one that follows it.
func move(title string) sower {
	return func(_ *rand.Rand, d *editor.Document) bool {
		i := slices.IndexFunc(d.Clauses, func(x *editor.Clause) bool { return x.Title == title })
		if i < 0 || i+1 >= len(d.Clauses) {
			return false
		}
		d.Clauses[i], d.Clauses[i+1] = d.Clauses[i+1], d.Clauses[i]
		return true
	}
}

func remove(title string) sower {
	return func(_ *rand.Rand, d *editor.Document) bool {
		n := len(d.Clauses)
		d.Clauses = slices.DeleteFunc(d.Clauses, func(x *editor.Clause) bool { return x.Title == title })
		return len(d.Clauses) < n
	}
}

// divided picks some chapter that has subclauses for which ok holds.
func divided(ok func(*editor.Clause) bool, change func(*rand.Rand, *editor.Clause)) sower {
	return func(r *rand.Rand, d *editor.Document) bool {
		var out []*editor.Clause
		for _, x := range d.Clauses {
			if x.Kind == editor.Chapter && !isFront(x.Title) && len(x.Clauses) > 1 && ok(x) {
				out = append(out, x)
			}
		}
		if len(out) == 0 {
			return false
		}
		change(r, out[r.IntN(len(out))])
		return true
	}
}

func deep(level int) []*editor.Clause {
	if level == 0 {
		return nil
	}
	id := "deep-" + string(rune('0'+level))
	a, b := sub(id+"a", "甲", "", deep(level-1)...), sub(id+"b", "乙", "内容为乙。")
	if level == 1 {
		a.Text = "内容为甲。"
	}
	return []*editor.Clause{a, b}
}

func structureFaults() []fault {
	return []fault{
		{rule: "STR-01", sow: move("前言")},
		{rule: "STR-02", sow: remove("前言")},
		{rule: "STR-03", sow: move("术语和定义"), also: []string{"STR-01"}},
		{rule: "STR-04", sow: at("规范性引用文件", func(x *editor.Clause) bool {
			x.Clauses = []*editor.Clause{sub("ref-a", "国家标准", "见上。"), sub("ref-b", "行业标准", "见上。")}
			return true
		}), also: []string{"NUM-07"}},
		{rule: "STR-05", sow: func(r *rand.Rand, d *editor.Document) bool {
			d.Clauses = slices.DeleteFunc(d.Clauses, func(x *editor.Clause) bool { return x.Kind == editor.Bibliography })
			d.Clauses = append(d.Clauses, &editor.Clause{ID: "fault-bib", Kind: editor.Bibliography, Title: "参考文献", Text: "GB/T 15834　标点符号用法"}, annex("fault-annex"))
			return saidLast("资料见[](#fault-annex)。")(r, d)
		}},
		{rule: "STR-06", sow: at("术语和定义", func(x *editor.Clause) bool { x.Title = "术语"; return true }), also: []string{"STR-02"}},
		{rule: "STR-07", sow: both(remove("参考文献"), say("相关说明参见GB/T 77777。"))},
		{rule: "STR-07", sow: func(r *rand.Rand, d *editor.Document) bool {
			return !slices.ContainsFunc(d.Clauses, func(x *editor.Clause) bool { return x.Kind == editor.Bibliography }) && say("相关说明参见GB/T 77777。")(r, d)
		}},
		{rule: "STR-08", sow: say("期限为XXX。", "期限待定。")},
		{rule: "STR-08", sow: chapter(&editor.Clause{ID: "fault-empty", Title: "附加要求"})},
		{rule: "STR-09", sow: header(func(h *editor.Header) bool { h.Title = strings.TrimSuffix(h.Title, "规范") + "标准"; return true })},
		{rule: "STR-10", sow: header(func(h *editor.Header) bool {
			h.Title = strings.TrimSuffix(h.Title, "规范") + "试验方法"
			return true
		})},
		{rule: "NUM-01", sow: divided(func(*editor.Clause) bool { return true }, func(_ *rand.Rand, x *editor.Clause) { x.Fixed = "77" }), also: []string{"NUM-03"}},
		{rule: "NUM-02", sow: chapter(&editor.Clause{ID: "deep", Title: "层次", Clauses: deep(6)})},
		{rule: "NUM-03", sow: divided(func(*editor.Clause) bool { return true }, func(_ *rand.Rand, x *editor.Clause) {
			last := x.Clauses[len(x.Clauses)-1]
			last.Fixed = x.Number + ".77"
		})},
		{rule: "NUM-04", sow: chapter(&editor.Clause{ID: "fault-single", Title: "附加要求", Clauses: []*editor.Clause{sub("fault-only", "标识", "标识应清晰可见。")}})},
		{rule: "NUM-05", sow: divided(func(x *editor.Clause) bool {
			return !slices.ContainsFunc(x.Clauses, func(y *editor.Clause) bool { return y.Title == "" || len(y.Clauses) > 0 })
		}, func(r *rand.Rand, x *editor.Clause) { x.Clauses[r.IntN(len(x.Clauses))].Title = "" }), also: []string{"SCO-03", "STR-10", "TRM-04"}},
		{rule: "NUM-06", sow: chapter(&editor.Clause{ID: "fault-untitled", Title: "附加要求", Clauses: []*editor.Clause{
			sub("fault-u1", "", "", sub("fault-u2", "", "标识应清晰可见。"), sub("fault-u3", "", "标识应置于正面。")), sub("fault-u4", "", "标识应使用中文。")}})},
		{rule: "NUM-07", sow: divided(func(x *editor.Clause) bool { return x.Text == "" }, func(_ *rand.Rand, x *editor.Clause) { x.Text = "本章的规定如下。" })},
		{rule: "NUM-08", sow: say("标识应符合下列要求：\n\na) 清晰；\nc) 完整。", "标识应符合下列要求：\n\nb) 清晰；\nc) 完整。")},
		{rule: "NUM-09", sow: say("标识应符合下列要求：\n\na) 清晰。\nb) 完整。", "标识应符合下列要求：\n\n——清晰；\n——完整；")},
		{rule: "NUM-10", sow: say("标识应符合下列要求。\n\n9.9.1 标识应清晰。")},
		{rule: "NUM-11", sow: citing("用语应符合GB/T 1O757的规定。")},
	}
}

func frontFaults() []fault {
	unified := func(d *editor.Document) {
		d.Header.Numbers, d.Header.Regions = []string{"DB31/T 310999—2026", "DB32/T 310999—2026"}, []string{"31", "32"}
	}
	return []fault{
		{rule: "COV-01", sow: header(func(h *editor.Header) bool { h.ICS = nil; return true })},
		{rule: "COV-02", sow: header(func(h *editor.Header) bool {
			if len(h.Replaces) > 0 {
				h.Replaces = nil
			} else {
				h.Replaces = []string{"DB31/T 999—2020"}
			}
			return true
		}), also: []string{"FOR-04", "FOR-05"}},
		{rule: "COV-03", before: func(d *editor.Document) { d.Header.Kind = "industry" }, sow: header(func(h *editor.Header) bool { h.English = ""; return true })},
		{rule: "COV-04", sow: header(func(h *editor.Header) bool { h.Adopts = []string{"ISO 9001:2015"}; return true })},
		{rule: "COV-05", options: Options{Stage: "consultation"}, before: func(d *editor.Document) { d.Header.Notice = patentCall }, sow: header(func(h *editor.Header) bool { h.Notice = "草案"; return true })},
		{rule: "COV-06", sow: header(func(h *editor.Header) bool { h.Effective = "2001-01-01"; return true })},
		{rule: "FOR-01", sow: at("前言", func(x *editor.Clause) bool {
			x.Text = strings.Replace(x.Text, "的规定起草。", "的规定起草。\n\n各单位应执行有关规定。", 1)
			return true
		})},
		{rule: "FOR-02", sow: at("前言", func(x *editor.Clause) bool {
			x.Text = strings.Replace(x.Text, basis+"\n\n", "", 1) + "\n\n" + basis
			return true
		})},
		{rule: "FOR-03", sow: replace("前言", "的规定起草", "给出的规则起草")},
		{rule: "FOR-04", sow: replace("前言", first, "本文件系首次制定。")},
		{rule: "FOR-05", sow: replace("前言", "（见[](#delivery-time)，2021年版的7.1）", "")},
		{rule: "FOR-05", before: func(d *editor.Document) { d.Header.Replaces = []string{"DB31/T 999—2020"} }, sow: replace("前言", first, "本文件代替DB31/T 999—2020。"), also: []string{"FOR-02"}},
		{rule: "INT-01", sow: inserted(&editor.Clause{ID: "fault-intro", Kind: editor.Introduction, Title: "引言", Text: "企业应提高服务质量。"})},
		{rule: "LOC-01", sow: header(func(h *editor.Header) bool { h.Numbers = []string{"DB35/T 999—2025"}; return true })},
		{rule: "LOC-02", before: unified, sow: header(func(h *editor.Header) bool { h.Numbers[1] = "DB32/T 310998—2026"; return true })},
		{rule: "LOC-03", before: unified, sow: header(func(h *editor.Header) bool { return true }),
			library: shelf{"DB33/T310999—2026": {Number: "DB33/T 310999—2026", Title: "另一标准", Status: "in-force"}}},
		{rule: "LOC-05", before: func(d *editor.Document) { d.Header.Title, d.Header.Kind = "快递末端服务规范", "local" }, options: Options{Stage: "drafting"}, sow: header(func(h *editor.Header) bool { return true }),
			library: shelf{"YZ/T9999—2020": {Number: "YZ/T 9999—2020", Title: "快递末端服务规范", Kind: "industry", Status: "in-force", ID: "yz-t-9999"}}},
	}
}

// known is a library that holds the first listed standard of every text.
func known(k Known) Library {
	s := shelf{}
	for _, n := range []string{"GB/T 10757—2011"} {
		k.Number = n
		s[squash(n)] = k
	}
	return s
}

func cites10757(d *editor.Document) bool { return strings.Contains(references(d).Text, "GB/T 10757") }

func referenceFaults() []fault {
	nothing := func(_ *rand.Rand, d *editor.Document) bool { return cites10757(d) }
	return []fault{
		{rule: "SCO-01", sow: replace("范围", "本文件规定了", "为提高"), also: []string{"SCO-03"}},
		{rule: "SCO-01", sow: replace("范围", "本文件适用于", "使用者为"), also: []string{"SCO-03"}},
		{rule: "SCO-02", sow: at("范围", func(x *editor.Clause) bool { x.Text += "\n\n其他企业可参照使用。"; return true })},
		{rule: "SCO-03", sow: replace("范围", "本文件规定了", "本文件规定了冷链温湿度、")},
		{rule: "REF-01", sow: replace("规范性引用文件", "必不可少的条款", "不可缺少的条款")},
		{rule: "REF-02", sow: func(r *rand.Rand, d *editor.Document) bool {
			list := referenceList(d)
			e, x := list[r.IntN(len(list))], references(d)
			x.Text = x.Text[:e.end] + []string{"。", "；"}[r.IntN(2)] + x.Text[e.end:]
			return true
		}},
		{rule: "REF-02", sow: func(r *rand.Rand, d *editor.Document) bool {
			list := referenceList(d)
			e, x := list[r.IntN(len(list))], references(d)
			x.Text = x.Text[:e.start] + "［1］ " + x.Text[e.start:]
			return true
		}},
		{rule: "REF-03", sow: func(_ *rand.Rand, d *editor.Document) bool {
			x := references(d)
			for _, e := range slices.Backward(referenceList(d)) {
				if rank(e.number) == national {
					x.Text = x.Text[:e.end] + "\n\nGB/T 99999　没有引用的文件" + x.Text[e.end:]
					return true
				}
			}
			return false
		}},
		{rule: "REF-03", sow: say("作业应符合GB/T 88888的规定。", "作业应按照YZ/T 7777进行。")},
		{rule: "REF-03", sow: citing("用语应符合×—2011的规定。")},
		{rule: "REF-04", sow: citing("用语应符合×中第4章的规定。")},
		{rule: "REF-05", sow: citing("用语应符合×（2011年版）的规定。")},
		{rule: "REF-06", sow: func(_ *rand.Rand, d *editor.Document) bool {
			list, x := referenceList(d), references(d)
			a, b := list[0], list[len(list)-1]
			x.Text = x.Text[:a.start] + b.words + x.Text[a.end:b.start] + a.words + x.Text[b.end:]
			return true
		}},
		{rule: "REF-07", sow: nothing, library: known(Known{Status: "superseded", Superseded: "GB/T 10757—2030"})},
		{rule: "REF-08", sow: say("作业应符合国家有关法律法规的规定。", "作业应按照《快递暂行条例》进行。")},
		{rule: "REF-09", sow: citing("用语应符合×系列标准的规定。")},
		{rule: "REF-10", sow: func(r *rand.Rand, d *editor.Document) bool {
			if !slices.ContainsFunc(d.Clauses, func(x *editor.Clause) bool { return x.Kind == editor.Bibliography }) {
				insert(d, &editor.Clause{ID: "fault-bib", Kind: editor.Bibliography, Title: "参考文献", Text: "GB/T 15834　标点符号用法"})
			}
			return say("相关说明参见GB/T 77777。")(r, d)
		}},
		{rule: "REF-11", sow: func(_ *rand.Rand, d *editor.Document) bool {
			i := slices.IndexFunc(d.Clauses, func(x *editor.Clause) bool { return x.Kind == editor.Bibliography })
			if i < 0 {
				insert(d, &editor.Clause{ID: "fault-bib", Kind: editor.Bibliography, Title: "参考文献", Text: "GB/T 1.1　标准化工作导则"})
			} else {
				d.Clauses[i].Text += "\n\n［9］　GB/T 1.1　标准化工作导则"
			}
			return true
		}},
		{rule: "CIT-01", sow: say("期限见[](#nowhere)。", "期限见下表。")},
		{rule: "CIT-02", sow: say("本标准不涉及计价。", "本规范不涉及计价。")},
		{rule: "CIT-03", sow: func(r *rand.Rand, d *editor.Document) bool {
			places := plain(d)
			return say("期限详见[](#"+places[r.IntN(len(places))].ID+")。")(r, d)
		}},
	}
}

// term changes some entry.
func term(change func(*editor.Clause)) sower {
	return func(r *rand.Rand, d *editor.Document) bool {
		var entries []*editor.Clause
		for x := range d.All() {
			if x.Kind == editor.Term {
				entries = append(entries, x)
			}
		}
		if len(entries) == 0 {
			return false
		}
		change(entries[r.IntN(len(entries))])
		return true
	}
}

func termFaults() []fault {
	return []fault{
		{rule: "TRM-01", sow: replace("术语和定义", "下列术语和定义适用于本文件。", "下列术语适用。")},
		{rule: "TRM-02", sow: term(func(x *editor.Clause) { x.English = "" })},
		{rule: "TRM-02", sow: term(func(x *editor.Clause) { x.Text = "注：先写了注。\n\n" + x.Text }), also: []string{"NOT-01"}},
		{rule: "TRM-03", sow: term(func(x *editor.Clause) { x.English = strings.ToUpper(x.English[:1]) + x.English[1:] })},
		{rule: "TRM-04", sow: at("术语和定义", func(x *editor.Clause) bool {
			x.Clauses = append(x.Clauses, &editor.Clause{ID: "fault-term", Kind: editor.Term, Title: "静置周转", English: "standing turnover", Text: "物品停放的过程。"})
			return true
		})},
		{rule: "TRM-05", sow: term(func(x *editor.Clause) { x.Text = "是指" + x.Text })},
		{rule: "TRM-06", sow: term(func(x *editor.Clause) { x.Text += "\n\n［来源：GB/T 10757，2.3］" })},
		{rule: "TRM-07", sow: func(_ *rand.Rand, d *editor.Document) bool { return cites10757(d) },
			library: known(Known{Status: "in-force", Terms: map[string]string{"快递末端服务": "另一个定义。"}})},
		{rule: "SYM-01", sow: say("终端应支持NFC功能。", "信息应由EDI系统传送。")},
		{rule: "SYM-01", sow: func(_ *rand.Rand, d *editor.Document) bool {
			i := slices.IndexFunc(d.Clauses, func(x *editor.Clause) bool { return isTerms(x.Title) })
			d.Clauses = slices.Insert(d.Clauses, i+1, &editor.Clause{ID: "fault-abbr", Kind: editor.Chapter, Title: "缩略语",
				Text: "下列缩略语适用于本文件。\n\nRFID：射频识别（radio frequency identification）\n\nGIS：地理信息系统（geographic information system）"})
			return true
		}},
	}
}

func modalFaults() []fault {
	return []fault{
		{rule: "MOD-01", sow: remodal("应", "必须")},
		{rule: "MOD-02", sow: remodal("不应", "不得")},
		{rule: "MOD-02", sow: say("作业时禁止吸烟。", "快件不可抛扔。", "作业时严禁吸烟。")},
		{rule: "MOD-03", sow: say("作业时应尽可能降低噪声。", "作业时应充分考虑交通条件。")},
		{rule: "MOD-04", sow: say("作业一般应在白天进行。", "作业原则上不应在夜间进行。")},
		{rule: "MOD-05", sow: say("作业设备应遵守操作规程。", "作业人员应符合操作规程。")},
		{rule: "MOD-06", sow: both(chapter(&editor.Clause{ID: "fault-general", Title: "附加要求", Clauses: []*editor.Clause{sub("fault-g1", "总则", "标识应清晰可见。"), sub("fault-g2", "标识", "标识应置于正面。")}}), nothingElse)},
		{rule: "MOD-07", sow: say("\n\n注：作业人员应佩戴标识。", "\n\n示例：用户可在门口取件。")},
		{rule: "MOD-08", sow: say("快件应妥善码放。", "场地应足够坚固。")},
		{rule: "MOD-10", sow: say("作业应有计划。作业应有记录。作业应有监控。作业应有回访。作业应有评价。作业应有总结。")},
		{rule: "PRO-01", sow: say("延误的应支付违约金。", "拒不改正的处以罚款。")},
		{rule: "PRO-02", sow: say("信息应通过微信通知用户。", "系统应能在Windows上运行。")},
		{rule: "PRO-03", sow: say("采购时应优先选择本地企业。", "设备应向指定供应商采购。")},
	}
}

func nothingElse(*rand.Rand, *editor.Document) bool { return true }

func objectFaults() []fault {
	const table = "\n\n表：数值 {#fault-tab}\n\n| 甲 | 乙 |\n|---|---|\n"
	return []fault{
		{rule: "NOT-01", sow: say("\n\n注1：只有一个注。", "\n\n注：第一个注。\n\n注：第二个注。")},
		{rule: "NOT-02", sow: say("\n\n示例1：只有一个示例。")},
		{rule: "NOT-03", sow: say("面单的格式另定[^7]。")},
		{rule: "ANX-01", sow: both(both(inserted(annex("fault-1")), inserted(annex("fault-2"))), saidLast("流程见[](#fault-2)，表格见[](#fault-1)。"))},
		{rule: "ANX-02", sow: inserted(annex("fault-1"))},
		{rule: "ANX-02", sow: both(inserted(annex("fault-1")), saidLast("作业应按照[](#fault-1)进行。"))},
		{rule: "ANX-04", sow: both(inserted(annex("fault-1", sub("fault-1a", "范围", "资料的内容。"), sub("fault-1b", "用途", "资料的用途。"))), saidLast("流程见[](#fault-1)。"))},
		{rule: "FIG-01", sow: say("\n\n![流程](figures/0123456789abcdef.png)")},
		{rule: "FIG-02", sow: say("\n\n![图：流程](figures/0123456789abcdef.png){#fault-fig}")},
		{rule: "FIG-03", sow: say("流程见[](#fault-fig)。\n\n![图：a) 流程](figures/0123456789abcdef.png){#fault-fig}")},
		{rule: "TAB-01", sow: say(table+"| 1 | 2 |", "\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |")},
		{rule: "TAB-02", sow: say("数值见[](#fault-tab)。"+table+"| 1 | |", "数值见[](#fault-tab)。"+table+"| 1 | 同上 |")},
		{rule: "TAB-03", sow: say("数值见[](#fault-tab)。" + table + "| 1 | 24 h |\n| 2 | 48 h |")},
		{rule: "EQN-01", sow: say("及时率按照公式[](#fault-eq)计算：\n\n$$T = \\frac{M}{N}$$ {#fault-eq}", "及时率按照公式[](#fault-eq)计算：\n\n$$T = \\frac{M}{N}$$ {#fault-eq}\n\n式中：\nT——及时率；\nM——件数。")},
	}
}

func signFaults() []fault {
	return []fault{
		{rule: "UNI-01", sow: say("作业应在12小时内完成。", "作业应在十二小时内完成。", "温度应为0～10 ℃。", "湿度应为65±2%。")},
		{rule: "UNI-02", sow: say("间距应不小于3。", "间距应≥3。")},
		{rule: "TYP-01", sow: func(r *rand.Rand, d *editor.Document) bool {
			n := listedNumber(d)
			return n != "" && say("用语应符合"+strings.ReplaceAll(n, " ", "")+"的规定。")(r, d)
		}},
		{rule: "TYP-02", sow: halfWidthSign},
		{rule: "TYP-02", sow: say("温度应为0 ℃~10 ℃。")},
	}
}

// halfWidthSign replaces some comma between Chinese words.
func halfWidthSign(r *rand.Rand, d *editor.Document) bool {
	places := plain(d)
	r.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
	for _, x := range places {
		for i := 0; ; {
			k := strings.Index(x.Text[i:], "，")
			if k < 0 {
				break
			}
			i += k
			left, _ := utf8.DecodeLastRuneInString(x.Text[:i])
			right, _ := utf8.DecodeRuneInString(x.Text[i+len("，"):])
			if unicode.Is(unicode.Han, left) && unicode.Is(unicode.Han, right) {
				x.Text = x.Text[:i] + "," + x.Text[i+len("，"):]
				return true
			}
			i += len("，")
		}
	}
	return false
}
