package rank

import (
	"bufio"
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// What was learned, as `make rank` writes it.
//
//go:embed data
var data embed.FS

// Names of the files in data.
const (
	WeightsFile      = "weights.tsv"      // feature, weight, weight where nothing was learned about the texts
	TranslationsFile = "translations.tsv" // word of questions, words of answers with weights
	AskedFile        = "asked.tsv"        // law, article, questions, their words with counts
	CommonFile       = "common.tsv"       // word of questions, questions that have it, share of those with it in an answer
)

// Shipped is the model of the data in this package. Without weights it is nil:
// then nothing is ranked anew.
var Shipped = sync.OnceValues(func() (*Model, error) {
	m := &Model{}
	for _, f := range []struct {
		name string
		read func(fields []string) error
	}{{WeightsFile, m.readWeight}, {TranslationsFile, m.readTranslation}, {AskedFile, m.readAsked}, {CommonFile, m.readCommon}} {
		raw, err := data.ReadFile("data/" + f.name)
		if errors.Is(err, fs.ErrNotExist) && f.name == WeightsFile {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read what was learned: %w", err)
		}
		lines := bufio.NewScanner(bytes.NewReader(raw))
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			if l := lines.Text(); l == "" || l[0] == '#' {
				continue
			}
			if err := f.read(strings.Split(lines.Text(), "\t")); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", f.name, n, err)
			}
		}
	}
	m.index()
	return m, nil
})

func (m *Model) readWeight(f []string) error {
	if len(f) != 3 {
		return fmt.Errorf("%d fields, want 3", len(f))
	}
	at := slices.Index(Features, f[0])
	if at < 0 {
		return fmt.Errorf("no feature %s", f[0])
	}
	if m.Weights == nil {
		m.Weights, m.Plain = make([]float64, len(Features)), make([]float64, len(Features))
	}
	var err error
	if m.Weights[at], err = strconv.ParseFloat(f[1], 64); err != nil {
		return err
	}
	m.Plain[at], err = strconv.ParseFloat(f[2], 64)
	return err
}

func (m *Model) readTranslation(f []string) error {
	if len(f) != 2 {
		return fmt.Errorf("%d fields, want 2", len(f))
	}
	g, err := readGram(f[0])
	if err != nil {
		return err
	}
	if m.Translate == nil {
		m.Translate = map[Gram][]Weighed{}
	}
	m.Translate[g], err = readWeighed(f[1])
	return err
}

func (m *Model) readAsked(f []string) error {
	if len(f) != 4 {
		return fmt.Errorf("%d fields, want 4", len(f))
	}
	a := Asked{Article: Article{f[0], f[1]}}
	var err error
	if a.Questions, err = strconv.ParseFloat(f[2], 64); err != nil {
		return err
	}
	a.Words, err = readWeighed(f[3])
	m.Articles = append(m.Articles, a)
	return err
}

func readGram(s string) (g Gram, err error) {
	rs := []rune(s)
	if len(rs) < 1 || len(rs) > 2 || !utf8.ValidString(s) {
		return g, fmt.Errorf("%q is no pair of characters", s)
	}
	g.A = rs[0]
	if len(rs) == 2 {
		g.B = rs[1]
	}
	return g, nil
}

func readWeighed(s string) (out []Weighed, err error) {
	for _, one := range strings.Fields(s) {
		word, weight, _ := strings.Cut(one, ":")
		var w Weighed
		if w.Gram, err = readGram(word); err != nil {
			return nil, err
		}
		if w.Weight, err = strconv.ParseFloat(weight, 64); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// number writes a weight with the figures that matter.
func number(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }

func writeWeighed(ws []Weighed) string {
	ws = slices.Clone(ws)
	slices.SortFunc(ws, func(a, b Weighed) int { return compareGrams(a.Gram, b.Gram) })
	var out []string
	for _, w := range ws {
		out = append(out, w.Gram.String()+":"+number(w.Weight))
	}
	return strings.Join(out, " ")
}

func compareGrams(a, b Gram) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) }

// WriteWeights writes the weights by the names of their features.
func (m *Model) WriteWeights(w io.Writer) error {
	for i, f := range Features {
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", f, number(m.Weights[i]), number(m.Plain[i])); err != nil {
			return err
		}
	}
	return nil
}

// WriteTranslations writes which words answers have to questions with a word.
func (m *Model) WriteTranslations(w io.Writer) error {
	var grams []Gram
	for g := range m.Translate {
		grams = append(grams, g)
	}
	slices.SortFunc(grams, compareGrams)
	for _, g := range grams {
		if len(m.Translate[g]) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\n", g, writeWeighed(m.Translate[g])); err != nil {
			return err
		}
	}
	return nil
}

// WriteAsked writes by which words, in no order, articles were asked for.
func (m *Model) WriteAsked(w io.Writer) error {
	all := slices.Clone(m.Articles)
	slices.SortFunc(all, func(a, b Asked) int {
		return cmp.Or(cmp.Compare(a.Law, b.Law), cmp.Compare(a.Number, b.Number))
	})
	for _, a := range all {
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Law, a.Number, number(a.Questions), writeWeighed(a.Words)); err != nil {
			return err
		}
	}
	return nil
}

// allQuestions stands in CommonFile for the questions that were learned from.
var allQuestions = Gram{'*', 0}

// WriteCommon writes the words that several questions have.
func (m *Model) WriteCommon(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "%s\t%s\t0\n", allQuestions, number(m.Questions)); err != nil {
		return err
	}
	grams := slices.SortedFunc(maps.Keys(m.Common), compareGrams)
	for _, g := range grams {
		k := m.Common[g]
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", g, number(k.Questions), number(k.Share)); err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) readCommon(f []string) error {
	if len(f) != 3 {
		return fmt.Errorf("%d fields, want 3", len(f))
	}
	g, err := readGram(f[0])
	if err != nil {
		return err
	}
	var k Known
	if k.Questions, err = strconv.ParseFloat(f[1], 64); err != nil {
		return err
	}
	if k.Share, err = strconv.ParseFloat(f[2], 64); err != nil {
		return err
	}
	if g == allQuestions {
		m.Questions = k.Questions
		return nil
	}
	if m.Common == nil {
		m.Common = map[Gram]Known{}
	}
	m.Common[g] = k
	return nil
}
