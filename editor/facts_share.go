package editor

// fractionAt reads 百分之五, 三分之二, 半数.
func (t *factText) fractionAt(i int) (measure, bool) {
	percent := unit{name: "%", dimension: dimPercent, factor: 1}
	if w, long := t.hasAny(i, []string{"百万分之", "百分之", "千分之", "万分之"}); long > 0 {
		if isOneOf(chineseNumerals, t.rune(i-1)) { // the 千分之一 of 五千分之一
			return measure{}, false
		}
		scale := map[string]float64{"百万分之": 1e-4, "百分之": 1, "千分之": .1, "万分之": .01}[w]
		n, ok := t.plainNumber(i + long)
		if j := t.digitsAfterPoint(n.end); ok && j > n.end+1 { // 千分之一点五
			n = t.withDecimals(n, j-n.end-1)
		}
		return measure{start: i, beforeStart: i, end: n.end, value: roundNumber(n.value * scale), unit: percent}, ok
	}
	if m, ok := t.slashAt(i); ok {
		return m, true
	}
	if t.has(i, "半数") || t.has(i, "一半") && !isOneOf("另"+chineseNumerals, t.rune(i-1)) {
		return measure{start: i, beforeStart: i, end: i + 2, value: 50, unit: percent}, true
	}
	whole, ok := t.numberAt(i)
	if !ok || !t.has(whole.end, "分之") || whole.value == 0 {
		return measure{}, false
	}
	part, ok := t.plainNumber(whole.end + 2)
	if t.within(part.end, 6, "比例尺") >= 0 {
		return measure{}, false
	}
	return measure{start: i, beforeStart: i, end: part.end, value: 100 * part.value / whole.value, unit: percent}, ok
}

// slashAt reads 1/2 where words say that it is a share: 不超过部分的1/2, 1/3以上.
func (t *factText) slashAt(i int) (measure, bool) {
	part, ok := t.slashNumber(i, t.rune(i-1))
	if !ok || t.rune(part.end) != '/' {
		return measure{}, false
	}
	whole, ok := t.slashNumber(part.end+1, 0)
	if !ok || part.value >= whole.value || isASCIILetter(t.rune(whole.end)) || isOneOf("/.-", t.rune(whole.end)) {
		return measure{}, false
	}
	m := measure{start: i, beforeStart: i, end: whole.end, value: roundNumber(100 * part.value / whole.value), unit: unit{name: "%", dimension: dimPercent, factor: 1}}
	_, begin := t.touchingPrefix(i)
	after, _ := t.suffix(m.end, m.unit)
	return m, begin < i || after != "" || t.rune(i-1) == '的'
}

// slashNumber reads a short whole number that does not go on from before.
func (t *factText) slashNumber(i int, before rune) (numeral, bool) {
	if !isASCIIDigit(t.rune(i)) || isASCIIDigit(before) || isASCIILetter(before) || isOneOf("/.-", before) {
		return numeral{}, false
	}
	n := numeral{start: i, end: i}
	for ; isASCIIDigit(t.rune(n.end)) && n.end-i < 4; n.end++ {
		n.value = 10*n.value + float64(t.rune(n.end)-'0')
	}
	return n, !isASCIIDigit(t.rune(n.end))
}
