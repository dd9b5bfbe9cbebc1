package editor

// cellUnits reads the units in the heads of Markdown tables (投递时限/h,
// 温度（℃）) and gives the unit of every cell of their columns by the place of
// the bar that closes the cell.
func (t *factText) cellUnits() map[int]unit {
	if !t.bars {
		return nil
	}
	units := map[int]unit{}
	var heads []unit // of the table that is being read; nil outside of tables
	for start := 0; start < len(t.runes); {
		end := start
		for end < len(t.runes) && t.runes[end] != '\n' {
			end++
		}
		switch {
		case !t.has(t.skipSpace(start), "|"):
			heads = nil
		case heads == nil:
			if next := t.skipSpace(end + 1); t.has(next, "|") && isOneOf("-:", t.rune(t.skipSpace(next+1))) {
				heads = t.headUnits(start, end)
			}
		default:
			column := -1
			for i := start; i < end && column < len(heads); i++ {
				if t.runes[i] != '|' {
					continue
				}
				if column >= 0 && heads[column].name != "" {
					units[i] = heads[column]
				}
				column++
			}
		}
		start = end + 1
	}
	return units
}

// headUnits are the units that the heads of a table's columns end with, one a
// column; the zero unit where there is none.
func (t *factText) headUnits(start, end int) []unit {
	heads := []unit{}
	column := -1
	for i := start; i < end; i++ {
		if t.runes[i] != '|' {
			continue
		}
		if column >= 0 {
			heads = append(heads, t.headUnit(column, i))
		}
		column = i
	}
	return heads
}

// headUnit is the unit that the head between two bars ends with.
func (t *factText) headUnit(from, to int) unit {
	for t.rune(to-1) == ' ' && to > from {
		to--
	}
	if isOneOf("）)", t.rune(to-1)) {
		to--
	}
	for i := to - 1; i > from && to-i < 12; i-- {
		if !isOneOf("/（(", t.rune(i)) {
			continue
		}
		if u, unitEnd, ok := t.unitAt(i + 1); ok && unitEnd == to && !isOneOf("/", t.rune(i-1)) && !isASCIILetter(t.rune(i-1)) {
			return u
		}
	}
	return unit{}
}

// cellUnitAt is the unit of the column when a cell ends at place i with a
// number alone.
func (t *factText) cellUnitAt(i int) (unit, int, bool) {
	bar := t.skipSpace(i)
	u, ok := t.cells[bar]
	return u, i, ok
}
