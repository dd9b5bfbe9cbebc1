package editor

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Modality is how binding a sentence is. Standards say it with 应, 宜, 可
// (GB/T 1.1—2020, annex C), regulations with 应当, 不得, 可以, 鼓励.
type Modality string

const (
	Encouragement  Modality = "encouragement"  // 倡导: 鼓励, 支持, 引导
	Permission     Modality = "permission"     // 允许: 可, 可以, 有权
	Recommendation Modality = "recommendation" // 推荐: 宜
	Obligation     Modality = "obligation"     // 义务: 应, 应当, 必须
	Prohibition    Modality = "prohibition"    // 禁止: 不应, 不得, 严禁
)

// Strength orders modalities from 0 (a mere statement) to 4 (an obligation or
// a prohibition, which bind alike).
func (m Modality) Strength() int {
	switch m {
	case Encouragement:
		return 1
	case Permission:
		return 2
	case Recommendation:
		return 3
	case Obligation, Prohibition:
		return 4
	}
	return 0
}

// Zh names the modality in Chinese; 陈述 when there is none.
func (m Modality) Zh() string {
	switch m {
	case Encouragement:
		return "倡导"
	case Permission:
		return "允许"
	case Recommendation:
		return "推荐"
	case Obligation:
		return "义务"
	case Prohibition:
		return "禁止"
	}
	return "陈述"
}

// modal is a modal word and the neighbours that make it part of another word.
type modal struct {
	word      string
	modality  Modality
	negative  bool
	notAfter  string   // runes
	notBefore []string // beginnings of what follows
}

// modals by their first rune, longer ones first.
var modals = func() map[rune][]modal {
	m := map[rune][]modal{}
	for _, w := range modalTable {
		r, _ := utf8.DecodeRuneInString(w.word)
		m[r] = append(m[r], w)
	}
	for _, ws := range m {
		slices.SortStableFunc(ws, func(a, b modal) int { return cmp.Compare(len(b.word), len(a.word)) })
	}
	return m
}()

var modalTable = []modal{
	{word: "应当", modality: Obligation},
	{word: "应该", modality: Obligation},
	{word: "必须", modality: Obligation},
	{word: "务必", modality: Obligation},
	{word: "有义务", modality: Obligation},
	{word: "不得不", modality: Obligation},
	{word: "方可", modality: Obligation, notAfter: "东西南北地对双多"}, // only then may: the condition binds
	{word: "应", modality: Obligation, notAfter: "相适反响供对效回呼顺理感策答因照报", notBefore: []string{
		"急", "用", "力", "变", "聘", "邀", "届", "景", "激", "允", "诉", "征", "有的", "有尽有", "接不暇",
		"付款", "付账", "付金", "付未", "收款", "收账", "收账款", "试教", "试人", "试者", "对措施", "对能力", "对机制", "对准备", "答机", "验了"}},
	{word: "须", modality: Obligation, notAfter: "必无毋胡", notBefore: []string{"知", "要", "臾"}},

	{word: "不应当", modality: Prohibition},
	{word: "不应该", modality: Prohibition},
	{word: "不应", modality: Prohibition},
	{word: "不得", modality: Prohibition, notBefore: []string{"已", "而知", "人心"}},
	{word: "不可", modality: Prohibition, notBefore: []string{"抗", "分", "或缺", "逆", "避", "缺", "少", "预", "能", "撤", "移", "再生", "回收", "降解", "见", "行"}},
	{word: "不可以", modality: Prohibition},
	{word: "不准", modality: Prohibition, notBefore: []string{"确"}},
	{word: "不许", modality: Prohibition},
	{word: "不允许", modality: Prohibition},
	{word: "严禁", modality: Prohibition},
	{word: "禁止", modality: Prohibition, notBefore: []string{"性", "行为", "的行为", "令", "事项", "标志", "标识", "区域"}},

	{word: "可以", modality: Permission},
	{word: "可以不", modality: Permission, negative: true},
	{word: "有权", modality: Permission, notAfter: "所", notBefore: []string{"机关", "部门", "属"}},
	{word: "享有", modality: Permission, notBefore: []string{"盛誉", "的"}},
	{word: "允许", modality: Permission, notAfter: "经未"},
	{word: "不必", modality: Permission, negative: true, notBefore: []string{"要"}},
	{word: "无须", modality: Permission, negative: true},
	{word: "无需", modality: Permission, negative: true},
	{word: "毋须", modality: Permission, negative: true},
	{word: "可", modality: Permission, notAfter: "许认宁不尚小", notBefore: []string{
		"能", "靠", "行", "循环", "追溯", "降解", "视", "见", "燃", "回收", "再生", "持续", "观", "操作", "逆", "信", "比", "塑", "控", "疑", "爱", "抗", "知",
		"重复", "折叠", "拆卸", "移动", "调节", "识别", "检索", "证实", "用性", "用的", "谓", "移植"}},

	{word: "宜", modality: Recommendation, notAfter: "适便事相权机时合制得", notBefore: []string{"兴", "居", "昌", "宾", "春", "人"}},
	{word: "不宜", modality: Recommendation, negative: true},

	{word: "鼓励", modality: Encouragement},
	{word: "提倡", modality: Encouragement},
	{word: "倡导", modality: Encouragement},
	{word: "支持", modality: Encouragement, notAfter: "供予术金策的", notBefore: []string{"力度", "政策", "措施", "体系"}},
	{word: "引导", modality: Encouragement, notAfter: "的", notBefore: []string{"标识", "标志", "员", "作用", "线", "区"}},
}

// modalities finds the modal words of a text. Encouraging verbs count once a
// clause, and only where no other modal governs it: 应当鼓励 is an obligation.
func (t *factText) modalities() []Fact {
	var facts []Fact
	governed, last := false, -1
	for i := 0; i < len(t.runes); {
		r := t.rune(i)
		if isClauseEnd(r) {
			governed = false
		}
		m, end, ok := t.modalAt(i)
		if !ok {
			i++
			continue
		}
		start := i
		i = end
		if m.modality == Encouragement {
			if governed || t.shares(facts, m, last, start) || isClauseEnd(t.rune(end)) || t.rune(end) == '的' {
				continue
			}
			end = t.moreEncouragement(end)
			i = end
		}
		governed = true
		actor := t.actorBefore(start)
		if actor == nil && t.bare(start) && t.sameSentence(last, start) {
			actor = facts[len(facts)-1].Actor // 应当及时处理，并不得泄露
		}
		last = end
		facts = append(facts, Fact{Kind: ModalityFact, Start: t.at[start], End: t.at[end], Modality: m.modality, Negative: m.negative, Actor: actor})
	}
	return facts
}

// shares reports whether 支持 at place i goes on with a duty before it: 应当组织
// 培训，支持创新.
func (t *factText) shares(facts []Fact, m modal, last, i int) bool {
	return (m.word == "支持" || m.word == "引导") && last >= 0 && facts[len(facts)-1].Modality == Obligation && t.bare(i) && t.sameSentence(last, i)
}

// bare reports whether nothing but adverbs stands between place i and the comma
// before it.
func (t *factText) bare(i int) bool {
	for i > 0 {
		before := t.withoutAdverbs(max(0, i-longestSubject), i)
		if before == i {
			break
		}
		i = before
	}
	return t.rune(i-1) == '，'
}

// sameSentence reports whether no sentence ends between two places, the first
// of which may be -1 for none.
func (t *factText) sameSentence(from, to int) bool {
	if from < 0 || to-from > 2*longestSubject {
		return false
	}
	for i := from; i < to; i++ {
		if isClauseEnd(t.rune(i)) && t.rune(i) != '，' && t.rune(i) != ',' || t.rune(i) == '的' && t.rune(i+1) == '，' {
			return false
		}
	}
	return true
}

func (t *factText) modalAt(i int) (modal, int, bool) {
	for _, m := range modals[t.rune(i)] {
		end := i + utf8.RuneCountInString(m.word)
		if !t.has(i, m.word) || isOneOf(m.notAfter, t.rune(i-1)) {
			continue
		}
		if _, guarded := t.hasAny(end, m.notBefore); guarded > 0 || t.attributive(m, i, end) {
			return modal{}, 0, false
		}
		return m, end, true
	}
	return modal{}, 0, false
}

// attributive tells the 禁止 of 驾驶禁止通行的车辆, the 可 of 可重复使用的包装, the
// 应当 of 依法应当公开的其他信息 and of 应当登记而未登记的 and the verb 应对 from
// modal words.
func (t *factText) attributive(m modal, start, end int) bool {
	switch m.word {
	case "禁止":
		return !isClauseEnd(t.rune(start-1)) && (t.within(end, 8, "的") >= 0 || t.within(end, 20, "的规定") >= 0)
	case "应当", "必须", "可以", "不得":
		return t.inNoun(start, end)
	case "可":
		return t.within(end, 5, "的") >= 0
	case "应":
		return t.rune(end) == '对' && t.within(end, 30, "进行") < 0 && t.within(end, 30, "予以") < 0 &&
			t.within(end, 30, "实施") < 0 && t.within(end, 30, "作出") < 0 && t.within(end, 30, "做") < 0 && t.within(end, 30, "加") < 0
	}
	return false
}

// inNoun reports whether a modal word only says which things are meant: 其他依法
// 可以公开的情形, 应当登记而未登记的.
func (t *factText) inNoun(start, end int) bool {
	of := t.within(end, 40, "的")
	if of < 0 {
		return false
	}
	if t.has(of, "的其他") && (t.window(start, 0, 24, "规定") >= 0 || t.window(start, 0, 24, "依法") >= 0) {
		return true
	}
	if isClauseEnd(t.rune(of + 1)) {
		return t.within(end, 40, "而未") >= 0 || t.within(end, 40, "而不") >= 0 || t.within(end, 40, "而没有") >= 0
	}
	other := t.window(start, 0, 24, "其他")
	return other >= 0 && (other == 0 || isClauseEnd(t.rune(other-1)) || isOneOf("）)", t.rune(other-1)))
}

// within finds the word at most n runes on, in the same clause; -1 when it is
// not there.
func (t *factText) within(i, n int, word string) int {
	for j := i; j < i+n && !isClauseEnd(t.rune(j)); j++ {
		if t.has(j, word) {
			return j
		}
	}
	return -1
}

// moreEncouragement steps over the rest of 鼓励、支持和引导.
func (t *factText) moreEncouragement(end int) int {
	for {
		next := end
		if isOneOf("、和与", t.rune(next)) || t.rune(next) == '并' {
			next++
		}
		m, after, ok := t.modalAt(next)
		if !ok || m.modality != Encouragement {
			return end
		}
		end = after
	}
}
