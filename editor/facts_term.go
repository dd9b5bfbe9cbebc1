package editor

import "unicode/utf8"

// DefinedTerm is a name that a text defines: 本条例所称快件，是指…; （以下简称快递企业）.
type DefinedTerm struct {
	Name  string `json:"name"`
	Short bool   `json:"short,omitempty"` // an abbreviation (以下简称), not a definition
}

const longestTerm = 24 // runes

// terms finds the names that a text defines. The span is the name's.
func (t *factText) terms() []Fact {
	var facts []Fact
	last := 0
	for i := 0; i < len(t.runes); i++ {
		start, end, short := t.termAt(i)
		if start < last || end <= start {
			continue
		}
		facts = append(facts, Fact{Kind: TermFact, Start: t.at[start], End: t.at[end], Term: &DefinedTerm{Name: string(t.runes[start:end]), Short: short}})
		last = end
	}
	return facts
}

// termAt reads the name that is defined at place i; end is start where none is.
func (t *factText) termAt(i int) (start, end int, short bool) {
	switch t.rune(i) {
	case '以':
		for _, w := range []string{"以下统称为", "以下简称为", "以下统称", "以下简称", "以下称"} {
			if t.has(i, w) {
				start = i + utf8.RuneCountInString(w)
				return start, t.nameEnd(start), true
			}
		}
	case '是':
		if t.has(i, "是指") {
			return t.nameBefore(i)
		}
	}
	return i, i, false
}

// nameEnd gives the end of a name that runs to a bracket or mark.
func (t *factText) nameEnd(start int) int {
	for end := start; end < start+longestTerm; end++ {
		switch r := t.rune(end); {
		case r == '）' || r == ')' || isClauseEnd(r) && r != 0:
			return end
		case r == 0:
			return start
		}
	}
	return start
}

// nameBefore finds the name before 是指: after 所称, or from the beginning of a
// sentence or an item.
func (t *factText) nameBefore(i int) (start, end int, short bool) {
	end = i
	if isOneOf("，,：", t.rune(end-1)) {
		end--
	}
	for start = end; start > 0 && end-start <= longestTerm; start-- {
		if t.endsWith(start, "所称的") || t.endsWith(start, "所称") {
			return start, end, false
		}
		if r := t.rune(start - 1); isClauseEnd(r) || r == '）' {
			break
		}
	}
	if end-start > longestTerm || start > 0 && isOneOf("，,；", t.rune(start-1)) || end == start {
		return i, i, false
	}
	if name := t.skipSpace(start); name < end {
		return name, end, false
	}
	return i, i, false
}

// conditions finds the clauses that say when something holds: 拒不改正的，…;
// 有下列情形之一的：…
func (t *factText) conditions() []Fact {
	var facts []Fact
	start := 0
	for i, r := range t.runes {
		if !isClauseEnd(r) {
			continue
		}
		begin := t.skipItem(start)
		if t.rune(i-1) == '的' && isOneOf("，,；：", r) && i-begin > 2 && i-begin <= 200 {
			facts = append(facts, Fact{Kind: ConditionFact, Start: t.at[begin], End: t.at[i]})
		}
		start = i + 1
	}
	return facts
}
