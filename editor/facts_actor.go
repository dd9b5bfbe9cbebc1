package editor

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"
)

// Actor is whom a modal word binds: the organ or person whose name stands as
// the subject before it. Only names of the lexicon are claimed.
type Actor struct {
	Names []string `json:"names"`           // as the lexicon calls them, in the order of the text
	Organ bool     `json:"organ,omitempty"` // all of them are organs
	Level string   `json:"level,omitempty"` // 国家, 省, 市, 县, 乡: the lowest that is named
	Start int      `json:"start"`           // bytes
	End   int      `json:"end"`
}

// organs is the lexicon: one name a line with its kind and its other names.
//
//go:embed organs.tsv
var organs string

// actorName is a name by which texts call an actor.
type actorName struct {
	word, name string
	organ      bool
	long       int // runes
}

// actorFirst and actorLast hold the names by their first and their last rune,
// longer ones first.
var actorFirst, actorLast = readOrgans(organs)

func readOrgans(table string) (first, last map[rune][]actorName) {
	first, last = map[rune][]actorName{}, map[rune][]actorName{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(cells) < 2 {
			continue
		}
		words := []string{cells[0]}
		if len(cells) > 2 && cells[2] != "" {
			words = append(words, strings.Split(cells[2], "、")...)
		}
		for _, w := range words {
			a := actorName{word: w, name: cells[0], organ: cells[1] == "organ", long: utf8.RuneCountInString(w)}
			r, _ := utf8.DecodeRuneInString(w)
			first[r] = append(first[r], a)
			r, _ = utf8.DecodeLastRuneInString(w)
			last[r] = append(last[r], a)
		}
	}
	for _, m := range []map[rune][]actorName{first, last} {
		for _, as := range m {
			slices.SortStableFunc(as, func(a, b actorName) int { return cmp.Compare(b.long, a.long) })
		}
	}
	return first, last
}

const (
	longestSubject = 60 // runes before a modal word that are read
	clausesBack    = 3  // in which the subject of a sentence is looked for
)

// adverbs may stand between a subject and its modal word.
var adverbs = []string{"按照各自职责", "在各自职责范围内", "在职责范围内", "根据需要", "应当事人的请求", "依法", "及时", "均", "还", "也", "都", "同时", "定期", "一律", "不", "并", "另行", "对此", "首先", "必要时"}

// joints join several subjects.
var joints = []string{"以及", "或者", "及其", "、", "和", "与", "及", "或"}

// afterSubject are the runes with which a sentence goes on after its subject
// when other words stand before the modal word: 快递企业自收到投诉之日起.
const afterSubject = "自在对接收将向按依根为从因以通经就使违采建"

// notAfterSubject are those after which another subject may follow: 业主大会成立前.
const notAfterSubject = "的、和与及或者其内成发在"

// beforeSubject are the runes that end what may stand before a subject: 三日内,
// 处理后, 办理时.
const beforeSubject = "内后时前中下）)，由对向被给把将为经报于、和与及或者其"

// afterBy are those after the organ that a 由 names: 由公安机关责令改正.
const afterBy = "责给没予处吊会依按暂"

// actorBefore finds the subject of the modal word at place i: right before it,
// at the beginning of its clause, or of the clauses before in its sentence.
func (t *factText) actorBefore(i int) *Actor {
	end := i
	for range clausesBack {
		start := end
		for start > 0 && end-start < longestSubject && !isClauseEnd(t.rune(start-1)) {
			start--
		}
		whole := start == 0 || isClauseEnd(t.rune(start-1))
		if end == i {
			if a := t.namesEnding(start, t.withoutAdverbs(start, end)); a != nil {
				return a
			}
		}
		if whole {
			if a := t.nameBeginning(start, end); a != nil {
				return a
			}
			if a := t.namesEnding(start, end); end < i && a != nil && a.Start <= t.at[t.skipItem(start)] { // 教育督导机构，应当
				return a
			}
		}
		bare := t.withoutAdverbs(start, end) <= t.skipItem(start)
		leads := end < i && t.rune(start-1) == '，' // a clause that only goes on
		if !whole || !bare && end == i && !t.goesOn(start) || t.rune(start-1) != '，' || t.rune(start-2) == '的' || end < i && !leads {
			return nil
		}
		end = start - 1
	}
	return nil
}

// goesOn reports whether a clause without subject goes on with one begun before:
// 自收到投诉之日起五日内.
func (t *factText) goesOn(i int) bool { return isOneOf("自在对将向按依根并", t.rune(i)) }

// withoutAdverbs gives the end of what stands before place end but for adverbs.
func (t *factText) withoutAdverbs(start, end int) int {
	for again := true; again; {
		again = false
		for _, w := range adverbs {
			if n := utf8.RuneCountInString(w); end-n >= start && t.endsWith(end, w) {
				end, again = end-n, true
				break
			}
		}
	}
	return end
}

// namesEnding reads the names that end at a place, several where they are
// joined: 商务、公安和邮政管理部门.
func (t *factText) namesEnding(start, end int) *Actor {
	var found []actorName
	at := end
	for at > start {
		n, ok := t.nameEndingAt(start, at)
		if !ok {
			break
		}
		found = append(found, n)
		at -= n.long
		next := at
		for _, joint := range joints {
			if t.endsWith(at, joint) {
				next = at - utf8.RuneCountInString(joint)
				break
			}
		}
		if next == at {
			break
		}
		if _, ok := t.nameEndingAt(start, next); !ok {
			break
		}
		at = next
	}
	if len(found) == 0 {
		return nil
	}
	lead := t.leadOf(start, at)
	begin := at
	if !slices.ContainsFunc(found, func(n actorName) bool { return !n.organ }) {
		begin = lead
	}
	if _, joint := t.hasAny(begin, joints); joint > 0 {
		return nil // one of several that are not all known
	}
	if lead > t.skipItem(start) && !isOneOf(beforeSubject, t.rune(lead-1)) && t.rune(lead) != '的' && t.rune(lead-1) != '的' {
		return nil // the 部门 of 革命遗址保护部门
	}
	if begin > start && isOneOf("对向由被给把将为经报于、和与及或者其", t.rune(begin-1)) {
		return nil // an object, or one of several
	}
	slices.Reverse(found)
	return t.actor(found, begin, end)
}

// leadOf steps back from a name over its level and over 有关: 有关区人民政府.
func (t *factText) leadOf(start, at int) int {
	for range 2 {
		for _, w := range []string{"有关", "相关"} {
			if n := utf8.RuneCountInString(w); at-n >= start && t.endsWith(at, w) {
				at -= n
			}
		}
		at = min(at, t.levelStart(start, at))
	}
	return at
}

func (t *factText) nameEndingAt(start, end int) (actorName, bool) {
	for _, n := range actorLast[t.rune(end-1)] {
		if end-n.long >= start && t.endsWith(end, n.word) {
			return n, true
		}
	}
	return actorName{}, false
}

// nameBeginning reads the name with which a clause begins, where the clause goes
// on as after a subject.
func (t *factText) nameBeginning(start, end int) *Actor {
	at := t.skipItem(start)
	begin := at
	if _, long := t.hasAny(at, []string{"有关", "相关", "其他"}); long > 0 {
		at += long
	}
	after := afterSubject
	if t.rune(at) == '由' { // 由公安机关责令改正，可以处…
		at++
		begin, after = at, afterBy
	}
	for range 14 { // 县级以上地方, 省、设区的市
		if found, last := t.namesAt(at, end); len(found) > 0 && t.goesOnAfter(last, end, after) && t.stays(last, end) {
			return t.actor(found, begin, last)
		}
		if !isOneOf(levelRunes, t.rune(at)) || at >= end {
			return nil
		}
		at++
	}
	return nil
}

// namesAt reads the names that begin at a place, several where they are joined.
func (t *factText) namesAt(at, end int) (found []actorName, last int) {
	for {
		i := slices.IndexFunc(actorFirst[t.rune(at)], func(n actorName) bool { return at+n.long < end && t.has(at, n.word) })
		if i < 0 {
			return found, last
		}
		found = append(found, actorFirst[t.rune(at)][i])
		last = at + found[len(found)-1].long
		_, long := t.hasAny(last, joints)
		if long == 0 {
			return found, last
		}
		at = last + long
	}
}

// goesOnAfter reports whether a clause from its subject, which ends at place i,
// goes on as one that the next clause shares: 公安机关接到报告后.
func (t *factText) goesOnAfter(i, end int, after string) bool {
	return isOneOf(after, t.rune(i)) || isOneOf("后时前", t.rune(end-1)) && !isOneOf(notAfterSubject, t.rune(i))
}

// stays reports whether the subject is still the same at the end of a clause
// that goes on from place i: 经营者使用的格式条款 is none of the operator's.
func (t *factText) stays(i, end int) bool {
	return t.window(end, i, longestSubject, "的") < 0 || isOneOf("后时前中内起", t.rune(end-1))
}

// skipItem steps over the 第X条 or the （一） with which a clause begins and
// white space.
func (t *factText) skipItem(i int) int {
	for n := 0; n < longestNumeral && t.rune(i) == hiddenRune; n++ {
		i++
	}
	i = t.skipSpace(i)
	if t.rune(i) == '（' {
		for j := i + 1; j < i+5; j++ {
			if t.rune(j) == '）' {
				i = j + 1
				break
			}
		}
	}
	return t.skipSpace(i)
}

const levelRunes = "国务院省市县区级以上地方设的各本所在乡镇人民、（）和其授权及全自治州"

// levelStart steps back over the words that say of which level an organ is.
func (t *factText) levelStart(start, at int) int {
	for n := 0; at > start && n < 20; n++ {
		switch {
		case at-4 >= start && t.endsWith(at, "人民政府"):
			at -= 4
		case isOneOf(levelRunes, t.rune(at-1)) && !t.endsWith(at, "城市"):
			at--
		default:
			n = 20
		}
	}
	if t.rune(at) == '的' { // 所在地的县级人民政府
		at++
	}
	return at
}

func (t *factText) actor(found []actorName, begin, end int) *Actor {
	a := &Actor{Organ: true, Start: t.at[begin], End: t.at[end]}
	for _, n := range found {
		if !slices.Contains(a.Names, n.name) {
			a.Names = append(a.Names, n.name)
		}
		a.Organ = a.Organ && n.organ
	}
	if a.Organ {
		a.Level = levelOf(string(t.runes[begin:end]))
	}
	return a
}

// levelOf is the lowest level that the name of an organ mentions.
func levelOf(name string) string {
	for _, l := range []struct{ level, words string }{
		{"乡", "乡 镇 街道"}, {"县", "县 区"}, {"市", "市人民 市邮 市市 市消 市公 市商 设区的市"}, {"省", "省"}, {"国家", "国务院 国家"},
	} {
		for _, w := range strings.Fields(l.words) {
			if at := strings.Index(name, w); at >= 0 && !strings.HasPrefix(name[at:], "区域") && !strings.HasPrefix(name[at:], "区的") {
				return l.level
			}
		}
	}
	return ""
}
