// Package standards holds the bundled texts: four regional standards on
// last-mile express service (快递末端服务), an earlier edition of one of them, a
// national mandatory floor, and the labelled alignment and differences of the
// four. They were written for this software to demonstrate and test it; none is
// a standard in force and none may be cited as one.
package standards

import "embed"

// FS holds the texts (db31-t-sf001.md and so on, in the format of the editor)
// and the labels: alignment.tsv (one row a subject, a cell lists clause numbers
// as displayed), alignment-gb.tsv (which clause of the national text deals with
// which of these subjects) and differences.tsv (how the cells of a row differ).
//
//go:embed db*.md gb*.md *.tsv
var FS embed.FS
