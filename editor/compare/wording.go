package compare

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Words that say nothing by themselves: they may differ where nothing does. By
// their first and by their last character, longer ones first.
var hollowFirst, hollowLast = func() (first, last map[rune][]string) {
	words := strings.Fields(`应当 应 当 须 必须 不得 可以 可 并且 并 以及 及 或者 或 和 与 以 的 地 得 在 其 该 将 把 对 对于 向 由 从 自 于 为 是 所 之 等 有 者 时
		按照 依照 根据 依据 按 照 依 予以 给予 进行 加以 作出 做出 通过 采取 采用 有关 相关 规定 要求 国家 情况 本 各 其他 下列 以下 如下 且 均 都 也 即 则 若 如 因 而 至 到 内 中 上 下 后 前 个
		本市 本省 本文件 本条例 本办法 本规定 上海市 江苏省 浙江省 安徽省 人 物 需 需要 能 能够 具有 具备 属于 包括 作为 方式 等方面 方面 工作 活动`)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	first, last = map[rune][]string{}, map[rune][]string{}
	for _, w := range words {
		r := []rune(w)
		first[r[0]] = append(first[r[0]], w)
		last[r[len(r)-1]] = append(last[r[len(r)-1]], w)
	}
	return first, last
}()

// wordDifference says whether the columns, which demand the same as far as
// numbers and modal words go, differ in their words only or in more. Wording is
// claimed only where every word of content on each side is found on every other.
func wordDifference(cols []column, demands bool) []Difference {
	alike := true
	var first *column
	for i := range cols {
		switch {
		case cols[i].silent:
		case first == nil:
			first = &cols[i]
		default:
			alike = alike && slices.Equal(first.symbols, cols[i].symbols)
		}
	}
	if alike {
		return nil
	}
	d := Difference{Kind: Scope, Texts: make([]string, len(cols)), Confidence: 0.4}
	safe := true
	var parts []string
	for i := range cols {
		if cols[i].silent {
			continue
		}
		own, all := cols[i].unshared(cols, i)
		safe = safe && all
		d.Texts[i] = strings.Join(own, "、")
		if len(own) > 0 {
			parts = append(parts, cols[i].label+" “"+strings.Join(own, "”“")+"”")
		}
	}
	if safe && !demands {
		d.Kind, d.Confidence = Wording, 0.8
		d.Summary = "仅措辞不同"
		return []Difference{d}
	}
	d.Summary = "内容有差异"
	if len(parts) > 0 {
		d.Summary += "：" + strings.Join(parts, "；")
	}
	return []Difference{d}
}

const shownWords = 3 // of a column that no other has

// unshared lists the longest stretches of content that no other column has, and
// reports whether every other column has all content of this one.
func (col *column) unshared(cols []column, self int) (own []string, all bool) {
	all = true
	union := map[[2]rune]bool{}
	for j := range cols {
		if j == self || cols[j].silent {
			continue
		}
		set := pairSet(cols[j].symbols)
		all = all && len(stretches(col.spaced, set)) == 0 && asOften(col.symbols, cols[j].symbols)
		for p := range set {
			union[p] = true
		}
	}
	own = stretches(col.spaced, union)
	slices.SortStableFunc(own, func(a, b string) int { return len(b) - len(a) })
	if len(own) > shownWords {
		own = own[:shownWords]
	}
	for i := range own {
		own[i] = clip(own[i], 16)
	}
	return own, all
}

// asOften reports whether two runs of symbols have each pair that is in both
// equally often: 志愿服务组织和其他组织 says more than 志愿服务组织.
func asOften(a, b []rune) bool {
	in := map[[2]rune][2]int{}
	for side, symbols := range [][]rune{a, b} {
		for i := 1; i < len(symbols); i++ {
			pair := [2]rune{symbols[i-1], symbols[i]}
			n := in[pair]
			n[side]++
			in[pair] = n
		}
	}
	for pair, n := range in {
		if !slices.Contains(hollowFirst[pair[0]], string(pair[:])) && n[0] > 0 && n[1] > 0 && n[0] != n[1] {
			return false
		}
	}
	return true
}

// stretches are the parts of symbols whose neighbouring pairs are not in the
// set, without what is hollow.
func stretches(symbols []rune, set map[[2]rune]bool) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := withoutHollow(b.String()); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
		b.Reset()
	}
	for i, r := range symbols {
		left := i > 0 && set[[2]rune{symbols[i-1], r}]
		right := i+1 < len(symbols) && set[[2]rune{r, symbols[i+1]}]
		if r == gap || left || right || isWordSymbol(r) {
			flush()
			continue
		}
		b.WriteRune(r)
	}
	flush()
	return out
}

// withoutHollow takes hollow words off both ends of a stretch; "" when nothing
// is left.
func withoutHollow(s string) string {
	for s != "" {
		t := s
		r, _ := utf8.DecodeRuneInString(s)
		for _, w := range hollowFirst[r] {
			if strings.HasPrefix(t, w) {
				t = t[len(w):]
				break
			}
		}
		r, _ = utf8.DecodeLastRuneInString(t)
		for _, w := range hollowLast[r] {
			if strings.HasSuffix(t, w) {
				t = t[:len(t)-len(w)]
				break
			}
		}
		if t == s {
			break
		}
		s = t
	}
	return s
}
