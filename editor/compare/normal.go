package compare

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"

	"tongbiao/editor"
)

// gap is the symbol between two clauses of a sentence: no pair spans it.
const gap rune = 0

// normaliser turns plain text into symbols that can be compared between
// regions: Chinese characters as they are; words of letters and digits,
// quantities and synonyms as one symbol each.
type normaliser struct {
	fold *strings.Replacer
}

// Words that differ between regions or kinds of text without saying anything.
var (
	foldedAway = []string{
		"中华人民共和国", "本行政区域", "县级以上地方各级", "县级以上地方", "县级以上", "设区的市", "地方各级", "各级",
		"本省", "本市", "本自治区", "全省", "全市", "省、市、县", "市、县（市、区）", "县（市、区）", "市、区", "区、县", "市、县", "省、市",
		"北京市", "天津市", "上海市", "重庆市", "河北省", "山西省", "辽宁省", "吉林省", "黑龙江省", "江苏省", "浙江省", "安徽省", "福建省", "江西省",
		"山东省", "河南省", "湖北省", "湖南省", "广东省", "海南省", "四川省", "贵州省", "云南省", "陕西省", "甘肃省", "青海省",
		"内蒙古自治区", "广西壮族自治区", "西藏自治区", "宁夏回族自治区", "新疆维吾尔自治区",
		"\u200b", "\u200c", "\u200d", "\ufeff", "\u00ad",
	}
	foldedInto = []string{
		"本办法", "本条例", "本规定", "本条例", "本细则", "本条例", "本决定", "本条例", "本规范", "本文件", "本标准", "本文件", "本部分", "本文件",
		"无须", "不必", "无需", "不必", "须", "应当", "必须", "应当", "或者", "或", "以及", "及", "并且", "并",
	}
)

func newNormaliser(synonyms [][]string) *normaliser {
	var pairs []string
	for _, w := range foldedAway {
		pairs = append(pairs, w, "")
	}
	pairs = append(pairs, foldedInto...)
	type word struct{ from, to string }
	var words []word
	for _, group := range synonyms {
		for _, w := range group[min(1, len(group)):] {
			if w != "" && w != group[0] {
				words = append(words, word{w, group[0]})
			}
		}
		if len(group) > 1 && group[0] != "" { // so that a longer word is not cut by a shorter one
			words = append(words, word{group[0], group[0]})
		}
	}
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Compare(len(b.from), len(a.from)) })
	for _, w := range words {
		pairs = append(pairs, w.from, w.to)
	}
	return &normaliser{strings.NewReplacer(pairs...)}
}

// symbols gives the symbols of a plain text.
func (n *normaliser) symbols(text string) []rune {
	text = n.fold.Replace(text)
	out := make([]rune, 0, len(text)/3+8)
	from := 0
	for _, f := range editor.Facts(text, editor.QuantityFact, editor.ReferenceFact) {
		if f.Start < from {
			continue
		}
		switch {
		case f.Kind == editor.QuantityFact:
			out = appendSymbols(out, text[from:f.Start])
			out = append(out, wordSymbol("#"+ofKind(f.Quantity.Dimension)))
		case f.Kind == editor.ReferenceFact && f.Reference.Standard != "":
			out = appendSymbols(out, text[from:f.Start])
			out = append(out, gap, wordSymbol(f.Reference.Standard), gap)
		case f.Kind == editor.ReferenceFact:
			out = appendSymbols(out, text[from:f.Start])
			out = appendSymbols(append(out, gap), f.Reference.Title)
			out = append(out, gap)
		default:
			continue
		}
		from = f.End
	}
	return appendSymbols(out, text[from:])
}

// ofKind joins the dimensions in which one subject may be regulated:
// periods in days and in working days.
func ofKind(dimension string) string {
	if dimension == "working-days" {
		return "duration"
	}
	return dimension
}

// appendSymbols reads characters one by one and words of letters and digits
// whole; punctuation becomes a gap, white space vanishes.
func appendSymbols(out []rune, text string) []rune {
	word := -1
	flush := func(end int) {
		if word >= 0 {
			out = append(out, wordSymbol(strings.ToLower(text[word:end])))
			word = -1
		}
	}
	for i, r := range text {
		latin := r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r))
		if latin {
			if word < 0 {
				word = i
			}
			continue
		}
		flush(i)
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			out = append(out, r)
		case unicode.IsSpace(r):
		case len(out) > 0 && out[len(out)-1] != gap:
			out = append(out, gap)
		}
	}
	flush(len(text))
	return out
}

// wordSymbol is the symbol of a whole word: a private rune from its hash.
func wordSymbol(word string) rune {
	h := fnv.New32a()
	h.Write([]byte(word))
	return 0xF0000 + rune(h.Sum32()%0x1FFF0)
}

func isWordSymbol(r rune) bool { return r >= 0xF0000 }

// Symbols are what a comparison reads of a clause: Chinese characters, words of
// letters and digits and quantities as one symbol each, 0 between clauses of a
// sentence. A language model is learned from them.
func Symbols(c *editor.Clause) []rune {
	n := newNormaliser(nil)
	var out []rune
	for _, text := range c.Passages() {
		out = append(append(out, n.symbols(plain(text))...), gap)
	}
	return out
}
