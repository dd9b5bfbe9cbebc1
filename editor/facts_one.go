package editor

import "strings"

// meant rules out what only looks like a quantity: 一个 and 一种 as articles,
// the tenth day of a month, 一户一表, 二层窗檐.
func (t *factText) meant(n numeral, u unit, end int) bool {
	if u.name == "日" && t.rune(n.start-1) == '月' {
		return false
	}
	if t.rune(n.start-1) == '“' {
		return false // a name: “三个代表”
	}
	if u.name == "位" && isOneOf("前后末", t.rune(n.start-1)) {
		return false // the last four digits
	}
	if t.rune(n.start-1) == '每' && u.dimension == dimDuration && t.within(end, 16, "次") >= 0 {
		return false // the 每两年 of 每两年一次 belongs to 一次
	}
	one := n.value == 1 && strings.HasPrefix(u.dimension, counted) && !isASCIIDigit(t.rune(n.start))
	if one && (t.rune(end) == '一' || t.rune(n.start-1) == '跑' || t.rune(n.start-1) == '为' && u.dimension != counted+"人" && t.within(end, 6, "计算") < 0) { // 一户一表, 最多跑一次, 划分为一个区域
		return false
	}
	if !one && !n.bare && u.counter != boundOnly && !t.has(n.start, "四周") {
		return true
	}
	if comparator, _ := t.suffix(end, u); comparator != "" {
		return true
	}
	if _, start := t.touchingPrefix(n.start); start < n.start {
		return true
	}
	if n.bare {
		return t.rune(n.start-1) == '每' || t.has(end, "一遇")
	}
	return !t.has(n.start, "四周") && t.distantPrefix(n.start, 0, distantReach) != "" || one && t.oneCounts(n.start, u, end)
}

// settles are the last words before a one that a rule sets: 设置一个, 指派一名.
var settles = []string{"设", "立", "置", "建", "配备", "配", "留", "指定", "确定", "选定", "选择", "推选", "推举", "选举", "委托", "聘用", "选聘", "聘请", "举办", "派", "降低", "提高", "晋升", "上浮", "载", "养", "授权", "各", "指定其中", "确定其中", "选择其中", "填写", "填报", "提交", "提供", "建成", "成立", "规划", "送交", "附", "持", "执", "借用", "相邻的"}

// appoint are the last words before a 一人 that a rule sets: 推选一人, 由一人领誓.
var appoint = []string{"设", "指定", "确定", "明确", "推选", "推举", "选举", "委托", "聘用", "聘请", "派", "配备", "由", "代表", "成员", "可以", "多", "增加", "载", "有"}

// happens are the last words before a 一次 that a rule sets: 进行一次检查, 延长一次.
var happens = []string{"进行", "组织", "开展", "实施", "召开", "举行", "举办", "报告", "公布", "公开", "延长", "延续", "延期", "顺延", "续期", "有", "接受", "参加", "提供", "给予", "安排", "发送", "经", "经过", "享受", "办理", "检查", "检测", "核查", "清洗", "监测", "更新", "评估", "修订", "调整", "巡查", "培训", "演练", "连任"}

// oneCounts tells the 一 of 指定一名负责人 and 每户设一个信报箱, which a rule could
// set otherwise, from the article of 一个经营者.
func (t *factText) oneCounts(start int, u unit, end int) bool {
	next := t.rune(end)
	switch {
	case t.endsWith(start, "其中") && u.dimension != counted+"人" && !t.settled(start, settles):
		return false
	case isClauseEnd(next) || isOneOf("、和", next): // 设主任一名，
		return true
	case u.dimension == counted+"人" && u.name != "人":
		return true
	}
	for _, w := range []string{"计算", "折合", "计入"} {
		if t.within(end, 6, w) >= 0 {
			return true
		}
	}
	for _, w := range []string{"每", "限", "仅"} {
		if t.window(start, 0, 12, w) >= 0 {
			return true
		}
	}
	words := settles
	switch u.name {
	case "人":
		if _, ranged := t.rangeEnd(end); ranged {
			return true
		}
		words = appoint
	case "次":
		if t.window(start, 0, farReach, "每") >= 0 {
			return true
		}
		words = happens
	}
	if t.settled(start, words) {
		return true
	}
	if at := t.within(end, 8, "或者"); at >= 0 { // 一个代表团或者十名以上代表
		_, ok := t.numberAt(at + 2)
		return ok
	}
	return false
}

// settled reports whether one of the words stands right before a place.
func (t *factText) settled(i int, words []string) bool {
	for _, w := range words {
		if t.endsWith(i, w) {
			return true
		}
	}
	return false
}
