package editor

// Parse reads a text: front matter, then Markdown in either convention.
func Parse(src []byte) (*Document, []Finding, error) { panic("being written") }

// Write gives the canonical Markdown of a document.
func Write(d *Document) []byte { panic("being written") }

// Renumber derives every number from the places of the clauses.
func (d *Document) Renumber() { panic("being written") }

// Blocks divides a clause's text.
func (c *Clause) Blocks() []Block { panic("being written") }
