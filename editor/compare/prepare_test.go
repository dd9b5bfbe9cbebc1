package compare

import (
	"reflect"
	"slices"
	"testing"

	"tongbiao/editor/compare/model"
)

// TestPrepared: a text that is prepared once aligns as one that is read anew,
// also when synonyms are added later.
func TestPrepared(t *testing.T) {
	docs := bundledFamily(t).docs
	texts := prepareAll(docs)
	for _, synonyms := range [][][]string{nil, {{"智能快件箱", "快递柜", "智能快递柜"}, {"经营者", "企业"}}} {
		opts := Options{Knowledge: Knowledge{Synonyms: synonyms}}
		want, err := Align(docs, opts)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			got, err := AlignPrepared(texts, opts)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatal("rows of prepared texts are others")
			}
		}
		for _, p := range texts {
			n := newNormaliser(slices.Concat(p.short, synonyms))
			for _, k := range p.renamed(synonyms, model.Default()).clauses {
				for _, at := range k.passages {
					if !slices.Equal(at.symbols, n.symbols(at.text)) {
						t.Fatalf("%s was not renamed", at.text)
					}
				}
			}
		}
	}
	if Prepare(docs[0]).Hash() != texts[0].Hash() || texts[0].Hash() == texts[1].Hash() {
		t.Error("a hash does not name the content")
	}
	if _, err := AlignPrepared([]*Prepared{texts[0], nil}, Options{}); err == nil {
		t.Error("a missing text was accepted")
	}
}
