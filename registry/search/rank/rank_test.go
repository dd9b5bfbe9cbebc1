package rank

import (
	"slices"
	"strings"
	"testing"
)

// even weighs every pair alike.
func even(Gram) float64 { return 5 }

func TestShippedModelIsWhole(t *testing.T) {
	m, err := Shipped()
	if err != nil || m == nil {
		t.Fatalf("no model: %v", err)
	}
	if len(m.Weights) != len(Features) || len(m.Translate) < 1000 || len(m.Articles) < 100 {
		t.Errorf("%d weights, %d translations, %d articles", len(m.Weights), len(m.Translate), len(m.Articles))
	}
	q := m.Read("快递丢了怎么赔？", even)
	if got := len(q.Judge(Clause{Law: "邮政法", Body: "快件丢失的，应当赔偿。"}, Found{}, Best{}, nil)); got != len(Features) {
		t.Errorf("%d features, want %d", got, len(Features))
	}
}

// Every feature has a name that people can read.
func TestReasonsAreSaid(t *testing.T) {
	for _, f := range append(slices.Clone(Features), "words-alone", "company-alone") {
		if r := (Reason{Feature: f}); r.Chinese() == "" || r.English() == "" {
			t.Errorf("%s is not said", f)
		}
	}
}

func TestEverydayWordsLeadToTheFields(t *testing.T) {
	q := (&Model{}).Read("快递丢了怎么赔", even)
	var near []string
	for _, w := range q.Near {
		near = append(near, w.Gram.String())
	}
	for _, want := range []string{"丢失", "灭失", "赔偿"} {
		if !slices.Contains(near, want) {
			t.Errorf("%s is not sought: %v", want, near)
		}
	}
	if q := (&Model{}).Read("修改标准", even); slices.ContainsFunc(q.Near, func(w Weighed) bool { return w.Gram.String() == "维修" }) {
		t.Error("修改 is read as 修")
	}
}

func TestPlain(t *testing.T) {
	if got := Plain("怎么赔偿"); got != "，赔偿" {
		t.Errorf("got %s", got)
	}
	if got := Plain("赔偿标准"); got != "赔偿标准" {
		t.Errorf("got %s", got)
	}
}

// In which order clauses are found changes neither candidates nor places.
func TestChooseIgnoresOrder(t *testing.T) {
	q := (&Model{}).Read("快递丢了怎么赔", even)
	var found []Scored
	for i := range 1000 {
		found = append(found, Scored{Words: float64(i % 37), Near: float64(i % 11), Text: i % 5, Place: i, Doc: uint64(i)})
	}
	choose := func() []Candidate {
		out, _ := q.Choose(found, make([]float64, 5), make([]float64, 5), func(int) string { return "" })
		slices.SortFunc(out, func(a, b Candidate) int { return int(a.Doc) - int(b.Doc) })
		return out
	}
	want := choose()
	slices.Reverse(found)
	if got := choose(); !slices.Equal(got, want) || len(want) == 0 {
		t.Errorf("%d candidates, and %d in another order", len(want), len(got))
	}
}

// Fit learns what tells answers from the others.
func TestFit(t *testing.T) {
	var examples []Example
	for i := range 20 {
		e := Example{Answers: []int{i % 3}}
		for j := range 3 {
			f := make([]float64, len(Features))
			f[0], f[1] = is(j == i%3), float64((i+j)%2)
			e.Features = append(e.Features, f)
		}
		examples = append(examples, e)
	}
	if w := Fit(examples, 0.01, 100, nil); w[0] < 1 || w[1] > w[0]/3 {
		t.Errorf("weights %v", w[:2])
	}
}

func FuzzRead(f *testing.F) {
	f.Add("快递丢了怎么赔？", "快件丢失的，应当赔偿。")
	f.Add("\xff24h", strings.Repeat("一", 300))
	m, err := Shipped()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, question, body string) {
		q := m.Read(question, even)
		for i, v := range q.Judge(Clause{Law: "快递暂行条例", Body: body, Path: question}, Found{Words: 1}, Best{Words: 2}, nil) {
			if v != v || v > 1e6 || v < -1e6 {
				t.Errorf("%s is %v", Features[i], v)
			}
		}
	})
}
