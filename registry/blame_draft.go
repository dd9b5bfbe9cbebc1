package registry

import (
	"strings"

	"tongbiao/editor"
)

// DraftSource is where a sentence of a unified draft came from: the row that it
// stands in, and the region's sentence.
type DraftSource struct {
	Project string `json:"project"`
	Row     string `json:"row"`
	Topic   string `json:"topic"`
	SentenceSource
}

// draw adds to the sentences of a unified draft where the regions' texts say
// them, as the rows of its project know it now.
func (b *Blame) draw(tx Tx) error {
	return projects.scan(tx, func(p Project) error {
		if p.Standard != b.Revision.Standard {
			return nil
		}
		rows, err := rowsOf(tx, p.ID)
		if err != nil {
			return err
		}
		from := map[string]*DraftSource{}
		topics := map[string]string{}
		for _, row := range rows {
			topics[row.ID] = "“" + row.Topic + "”"
			if row.Unified == nil {
				continue
			}
			for _, s := range row.Unified.Sources {
				key := unspaced(s.Sentence)
				if from[key] == nil {
					from[key] = &DraftSource{Project: p.ID, Row: row.ID, Topic: row.Topic, SentenceSource: s}
				}
			}
		}
		for i, s := range b.Sentences {
			plain := editor.PlainText(editor.Cite(s.Text, func(id string) string {
				row, _ := rowNamed(id)
				return topics[row]
			}))
			b.Sentences[i].From = from[unspaced(plain)]
		}
		return nil
	})
}

// unspaced is what two writings of one sentence have in common.
func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }
