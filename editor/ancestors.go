package editor

// Path returns the clauses from the top of the document down to the one with
// this ID, itself included; nil when there is none.
func (d *Document) Path(id string) []*Clause {
	return pathIn(d.Clauses, id)
}

func pathIn(cs []*Clause, id string) []*Clause {
	for _, c := range cs {
		if c.ID == id {
			return []*Clause{c}
		}
		if below := pathIn(c.Clauses, id); below != nil {
			return append([]*Clause{c}, below...)
		}
	}
	return nil
}

// Chapter is the chapter (章) or annex in which a clause stands, or the top
// clause where there are no chapters; nil when there is no such clause.
func (d *Document) Chapter(id string) *Clause {
	path := d.Path(id)
	for _, c := range path {
		if c.Kind == Chapter || c.Kind == Annex {
			return c
		}
	}
	if path == nil {
		return nil
	}
	return path[0]
}
