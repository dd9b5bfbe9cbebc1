package convert

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"
)

// formulaSigns begin what a spreadsheet may take for a formula; the full-width
// ones where it runs in an East Asian locale.
const formulaSigns = "=+-@\t\r＝＋－＠"

// WriteCSV writes a table as CSV in UTF-8 with a byte order mark, so that
// spreadsheets read it. A text that a spreadsheet would take for a formula is led
// by an apostrophe; notes are left out.
func WriteCSV(w io.Writer, t Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	for i, row := range append([][]string{t.Head}, t.Rows...) {
		cells := slices.Clone(row)
		for c, text := range cells {
			number := i > 0 && slices.Contains(t.Numbers, c) && isNumber(text)
			if !number && strings.IndexAny(text, formulaSigns) == 0 {
				cells[c] = "'" + text
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
