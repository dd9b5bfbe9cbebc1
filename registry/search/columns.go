package search

import (
	"fmt"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// columns keep in memory what every match is filtered, counted and ordered by.
// A segment never changes, so its column is read once.
type columns struct {
	mu        sync.Mutex
	segments  map[uint64][]row
	standards numbered[string]
	classes   numbered[class]
	editions  numbered[edition]
}

// row is what is known of a document: numbers into the lists of a view. 0 is
// no standard, no class, no edition.
type row struct{ standard, class, edition uint32 }

// numbered gives values small numbers from 1.
type numbered[T any] struct {
	number map[string]uint32
	values []T
}

func (n *numbered[T]) of(key string, read func(string) T) uint32 {
	if i, ok := n.number[key]; ok {
		return i
	}
	if n.number == nil {
		n.number = map[string]uint32{}
		n.values = make([]T, 1)
	}
	i := uint32(len(n.values))
	n.number[key] = i
	n.values = append(n.values, read(key))
	return i
}

// view is the columns of one state of the index.
type view struct {
	starts    []uint64 // document at which each segment begins, and the end
	rows      [][]row
	standards []string
	classes   []class
	editions  []edition
}

// at gives the row of a document; from is the segment to begin at, for
// documents that are asked for in order.
func (v *view) at(doc uint64, from *int) row {
	for doc >= v.starts[*from+1] {
		*from++
	}
	return v.rows[*from][doc-v.starts[*from]]
}

// end is the first document that there is not.
func (v *view) end() uint64 { return v.starts[len(v.starts)-1] }

// of gives the columns of a state of the index.
func (c *columns) of(reader index.IndexReader) (*view, error) {
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("index is no scorch: %T", reader)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	v := &view{starts: []uint64{0}}
	held := make(map[uint64][]row, len(c.segments))
	for _, s := range snapshot.Segments() {
		start := v.end()
		end := start + uint64(s.FullSize())
		rows, ok := c.segments[s.Id()]
		if !ok {
			var err error
			if rows, err = c.read(reader, start, end); err != nil {
				return nil, err
			}
		}
		held[s.Id()] = rows
		v.starts = append(v.starts, end)
		v.rows = append(v.rows, rows)
	}
	c.segments = held
	v.standards, v.classes, v.editions = c.standards.values, c.classes.values, c.editions.values
	return v, nil
}

// read reads the rows of the documents of one segment.
func (c *columns) read(reader index.IndexReader, start, end uint64) ([]row, error) {
	values, err := reader.DocValueReader([]string{standardField, classField, editionField})
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	rows := make([]row, end-start)
	var id index.IndexInternalID
	for doc := start; doc < end; doc++ {
		r := &rows[doc-start]
		id = index.NewIndexInternalID(id, doc)
		err := values.VisitDocValues(id, func(field string, value []byte) {
			switch field {
			case standardField:
				r.standard = c.standards.of(string(value), func(s string) string { return s })
			case classField:
				r.class = c.classes.of(string(value), readClass)
			case editionField:
				r.edition = c.editions.of(string(value), readEdition)
			}
		})
		if err != nil {
			return nil, fmt.Errorf("read columns: %w", err)
		}
	}
	return rows, nil
}
