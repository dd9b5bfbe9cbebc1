package compare

import "strings"

// maxCited bounds the passages that one passage is read with.
const maxCited = 12

// citations finds for each node of a penalty the nodes that it cites in its own
// text: 违反本条例第十二条第二款规定的 says nothing without them.
func (f *family) citations() [][]int {
	cited := make([][]int, len(f.nodes))
	f.articles = make([]map[string]int, len(f.docs))
	for i, p := range f.provisions {
		if f.articles[p.doc] == nil {
			f.articles[p.doc] = map[string]int{}
		}
		if p.article != "" {
			f.articles[p.doc][p.article] = i
		}
	}
	for i := range f.nodes {
		if p := &f.provisions[f.nodes[i].provision]; p.penalty {
			cited[i] = f.citedBy(&f.nodes[i], p)
		}
	}
	return cited
}

// citedBy is the nodes that a node of a penalty cites.
func (f *family) citedBy(n *node, p *provision) (cited []int) {
	for _, r := range n.references {
		ref := r.Reference
		target, ok := f.articles[p.doc][ref.Article]
		if !ok || target == p.of || ref.Title != "" || len(cited) >= maxCited {
			continue
		}
		t := f.provisions[target]
		if t.penalty && strings.Contains(n.text, "依照") {
			continue
		}
		from, to := t.first, min(t.last, t.first+maxCited-len(cited))
		if ref.Paragraph > 0 && ref.Paragraph <= t.last-t.first {
			from = t.first + ref.Paragraph - 1
			to = from + 1
		}
		for j := from; j < to; j++ {
			cited = append(cited, j)
		}
	}
	return cited
}
