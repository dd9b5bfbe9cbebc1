package editor

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// benchTexts are the real regulations where they are present, else a text of the
// same shape.
func benchTexts(b *testing.B) [][]byte {
	b.Helper()
	var texts [][]byte
	if _, err := os.Stat(filepath.Join("..", "..", "shared", "data", "regulations")); err == nil {
		real := realTexts(b)
		paths := make([]string, 0, len(real))
		for p := range real {
			paths = append(paths, p)
		}
		slices.Sort(paths)
		for _, p := range paths {
			texts = append(texts, real[p])
		}
		return texts
	}
	b.Log("the real regulations are missing: a generated text stands for them")
	var t strings.Builder
	t.WriteString("---\ntitle: 甲条例\n---\n# 甲条例\n")
	for i := range 600 {
		t.WriteString("\n第" + Numeral(i+1) + "条 经营快递业务的企业应当在收到快件后二十四小时内投递，并告知收件人。\n\n收件人不在的，应当与其约定再次投递的时间和方式：\n\n（一）投入智能快件箱；\n\n（二）交由他人代收。\n")
	}
	return [][]byte{[]byte(t.String())}
}

func BenchmarkParse(b *testing.B) {
	texts := benchTexts(b)
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, t := range texts {
			if _, _, err := Parse(t); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// parsed gives the documents of the benchmark texts and their bytes.
func parsed(b *testing.B) []*Document {
	var docs []*Document
	size := 0
	for _, t := range benchTexts(b) {
		d, _, err := Parse(t)
		if err != nil {
			b.Fatal(err)
		}
		docs = append(docs, d)
		size += len(t)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	return docs
}

func BenchmarkWrite(b *testing.B) {
	docs := parsed(b)
	for b.Loop() {
		for _, d := range docs {
			Write(d)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	docs := parsed(b)
	for b.Loop() {
		for _, d := range docs {
			Render(d, RenderOptions{})
		}
	}
}

func BenchmarkPassages(b *testing.B) {
	docs := parsed(b)
	for b.Loop() {
		for _, d := range docs {
			for c := range d.All() {
				c.Passages()
			}
		}
	}
}

func BenchmarkPlainText(b *testing.B) {
	docs := parsed(b)
	for b.Loop() {
		for _, d := range docs {
			for c := range d.All() {
				PlainText(c.Text)
			}
		}
	}
}
