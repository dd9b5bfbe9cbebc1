package check

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"tongbiao/schemas"
)

// Word is one entry of a lexicon: a word that a rule looks for, and what makes it
// part of another word.
type Word struct {
	Word      string
	NotAfter  []string // what may not end right before it
	NotBefore []string // what may not begin right after it
	Instead   string   // what to write instead; "" when a person must say
}

var lexicons sync.Map // name → []Word

// Lexicon reads schemas/lexicons/NAME.tsv, once.
func Lexicon(name string) []Word {
	if w, ok := lexicons.Load(name); ok {
		return w.([]Word)
	}
	data, err := schemas.Lexicons.ReadFile("lexicons/" + name + ".tsv")
	if err != nil {
		panic("check: no lexicon " + name)
	}
	var out []Word
	for l := range strings.Lines(string(data)) {
		l = strings.TrimRight(l, "\n")
		if l == "" || l[0] == '#' {
			continue
		}
		f := append(strings.Split(l, "\t"), "", "", "")
		out = append(out, Word{Word: f[0], NotAfter: strings.Fields(f[1]), NotBefore: strings.Fields(f[2]), Instead: f[3]})
	}
	w, _ := lexicons.LoadOrStore(name, out)
	return w.([]Word)
}

// Find gives the bytes at which the word stands in a text by itself and not in
// quotation marks.
func (w Word) Find(text string) []int {
	var out []int
	for at := 0; ; {
		i := strings.Index(text[at:], w.Word)
		if i < 0 {
			return out
		}
		i += at
		at = i + len(w.Word)
		if !endsWithAny(text[:i], w.NotAfter) && !beginsWithAny(text[at:], w.NotBefore) && !quoted(text, i) {
			out = append(out, i)
		}
	}
}

func endsWithAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(s, w) })
}

func beginsWithAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) })
}

// quoted tells whether a word at i stands right behind an opening quotation mark.
func quoted(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return r == '“' || r == '《' || r == '「'
}
