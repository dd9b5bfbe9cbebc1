package editor

import "testing"

func TestNormal(t *testing.T) {
	for text, want := range map[string]string{
		"应在24 h内投递": "≤ 1 日", "不少于两周": "≥ 14 日", "十五个工作日内": "≤ 15 工作日", "处五千元以上五万元以下罚款": "5000～50000 元",
		"步行距离不大于0.5公里": "≤ 500 m", "保存3个月": "91.31 日", "不少于2名安检员": "≥ 2 人", "不超过100分钟": "≤ 0.06944 日",
	} {
		found := Quantities(text)
		if len(found) != 1 {
			t.Errorf("%s: %d quantities", text, len(found))
		} else if got := found[0].Quantity.Normal(); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// TestEveryDimensionHasABaseUnit: what can be read can be written normalised.
func TestEveryDimensionHasABaseUnit(t *testing.T) {
	for _, u := range unitTable {
		if (Quantity{Dimension: u.dimension}).BaseUnit() == "" {
			t.Errorf("%s has the dimension %s, which has no base unit", u.name, u.dimension)
		}
	}
}
