package model

import (
	"bytes"
	"strings"
	"testing"
)

// TestDefault holds what is promised of the model that is part of the program.
func TestDefault(t *testing.T) {
	m := Default()
	if len(language) > 3<<20 {
		t.Errorf("the model takes %d bytes, at most 3 MB are allowed", len(language))
	}
	if m.Articles() < 10_000 || m.Pairs() < 10_000 || len(m.Words()) < 5_000 {
		t.Errorf("learned from %d clauses: %d pairs, %d words", m.Articles(), m.Pairs(), len(m.Words()))
	}
	if common, rare := m.Rarity('应', '当'), m.Rarity('赃', '车'); common >= rare {
		t.Errorf("应当 has the rarity %.2f, 赃车 %.2f", common, rare)
	}
	for _, w := range m.Words() {
		if n := len([]rune(w.Text)); n > 4 {
			t.Errorf("%s: words have at most four characters, so that no sentence is kept", w.Text)
		}
	}
}

func TestSegment(t *testing.T) {
	m := Default()
	for text, want := range map[string]string{
		"经营者应当自收到投诉之日起七日内处理": "经营者 应当 收到 投诉 处理",
		"消费者投诉":     "消费者 投诉",
		"消费\x00者投诉": "消费 投诉", // no word spans a gap
		"":          "",
	} {
		var words []string
		for _, w := range m.Segment([]rune(text), nil) {
			words = append(words, m.Words()[w].Text)
		}
		got := " " + strings.Join(words, " ") + " "
		for _, w := range strings.Fields(want) {
			if !strings.Contains(got, " "+w+" ") {
				t.Errorf("%s is cut into%s; %s is missing", text, got, w)
			}
		}
	}
}

// alike is the cosine of two words' vectors.
func alike(t *testing.T, m *Model, a, b string) float64 {
	t.Helper()
	var found [2]*Word
	for i := range m.Words() {
		for k, text := range []string{a, b} {
			if m.words[i].Text == text {
				found[k] = &m.words[i]
			}
		}
	}
	if found[0] == nil || found[1] == nil {
		t.Fatalf("%s or %s is not in the list", a, b)
	}
	dot := 0.0
	for k, v := range found[0].Vector {
		dot += float64(v) * float64(found[1].Vector[k])
	}
	return dot / (found[0].Length() * found[1].Length())
}

// TestVectors: words that are used alike are nearer than words that are not.
func TestVectors(t *testing.T) {
	m := Default()
	for _, c := range [][3]string{{"赔偿", "损失", "绿化"}, {"投诉", "举报", "绿化"}, {"罚款", "处罚", "湿地"}, {"车辆", "驾驶", "档案"}} {
		near, far := alike(t, m, c[0], c[1]), alike(t, m, c[0], c[2])
		t.Logf("%s–%s %.2f, %s–%s %.2f", c[0], c[1], near, c[0], c[2], far)
		if near < far+0.2 {
			t.Errorf("%s is as near to %s (%.2f) as to %s (%.2f)", c[0], c[2], far, c[1], near)
		}
	}
}

func small() [][]rune {
	var out [][]rune
	for range 60 {
		for _, s := range []string{"经营者应当赔偿损失\x00不得拒绝", "消费者有权要求赔偿", "部门应当受理投诉\x00及时处理"} {
			out = append(out, []rune(s))
		}
	}
	return out
}

// TestLearn: the same articles give the same bytes, and these the same model.
func TestLearn(t *testing.T) {
	data := Learn(small()).Encode()
	if !bytes.Equal(data, Learn(small()).Encode()) {
		t.Fatal("learning twice gave two models")
	}
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if again := m.Encode(); !bytes.Equal(again, data) {
		t.Error("a model that is read and written changes")
	}
	if m.Rarity('应', '当') >= m.Rarity('拒', '应') {
		t.Error("what is met is as rare as what is not")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Learn(small()).Encode())
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := Decode(data); err == nil {
			m.Segment([]rune("经营者应当赔偿\x00损失"), nil)
		}
	})
}
