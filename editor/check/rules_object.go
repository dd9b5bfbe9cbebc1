package check

// objectRules look at notes, examples, annexes, figures, tables and formulas
// (GB/T 1.1—2020, 8.11 and 9.6 to 9.11).
var objectRules = []Rule{
	{ID: "TAB-02", Clause: emptyCells},
}

func emptyCells(c *Clause) {
	for _, b := range c.Blocks() {
		name := b.Number
		if name == "" {
			name = "表"
		}
		for i, row := range c.Cells(b) {
			for j, cell := range row {
				at := Words(cell.Start, cell.End)
				switch cell.Text {
				case "":
					if i == 0 && j == 0 {
						continue
					}
					f := c.Flag(at, "%[1]s第 %[2]d 行第 %[3]d 列为空，请填“—”", "row %[2]d, column %[3]d of %[1]s is empty: put — there", name, i+1, j+1)
					if !cell.Missing {
						f.Mend("填“—” · put —", Change{at, " — "})
					}
				case "同上", "同左", "〃":
					c.Flag(at, "%[1]s第 %[2]d 行第 %[3]d 列写“%[4]s”，请写出内容", "row %[2]d, column %[3]d of %[1]s says %[4]s: write out what it means", name, i+1, j+1, cell.Text)
				}
			}
		}
	}
}
