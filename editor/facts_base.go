package editor

import (
	"strconv"
	"strings"
)

// baseUnits are the units in which Quantity.Base counts: of each dimension the
// first in the table that counts one, but for those that have a usual name.
var baseUnits = func() map[string]string {
	names := map[string]string{dimFrequency: "次/日", dimLength: "m", dimArea: "m²", dimMass: "kg", dimSpeed: "km/h"}
	for _, u := range unitTable {
		if names[u.dimension] == "" && u.factor == 1 {
			names[u.dimension] = u.name
		}
	}
	return names
}()

// BaseUnit names the unit in which Base counts; "" for a dimension that has
// none.
func (q Quantity) BaseUnit() string {
	if what, ok := strings.CutPrefix(q.Dimension, counted); ok {
		return what
	}
	return baseUnits[q.Dimension]
}

// Normal writes the quantity in its dimension's base unit: 24 h内 is "≤ 1 日".
// What does not come out even is rounded to four digits.
func (q Quantity) Normal() string {
	number := func(v float64) string {
		rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
		if d := v - rounded; d < 1e-9*v && d > -1e-9*v {
			rounded = v
		}
		return strconv.FormatFloat(rounded, 'f', -1, 64)
	}
	unit := q.BaseUnit()
	switch q.Comparator {
	case Within:
		return number(q.Base) + "～" + number(q.BaseTo) + " " + unit
	case Exactly:
		return number(q.Base) + " " + unit
	}
	return string(q.Comparator) + " " + number(q.Base) + " " + unit
}
