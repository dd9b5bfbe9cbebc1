package editor

import (
	"os"
	"testing"
)

// labelledQuantity is a quantity that a reader found in a regulation: where its
// (first) numeral stands and what it says. The texts themselves are third-party
// and not part of the repository.
type labelledQuantity struct {
	at         int // byte offset of the numeral
	comparator Comparator
	value, to  float64
	unit       string
}

// labelledRegulations hold every quantity of regulations that were listed
// numeral by numeral and read before the extractor saw them. Dates, ordinals
// and words such as 零部件 and 统一 are none.
var labelledRegulations = map[string][]labelledQuantity{
	"zhejiang/杭州市电梯安全管理条例(2019-12-18).md": {
		{11225, AtMost, 10, 0, "日"}, {12919, AtLeast, 4, 0, "年"}, {13573, Exactly, 24, 0, "小时"},
		{13780, AtMost, 30, 0, "分钟"}, {13870, AtMost, 1, 0, "小时"}, {14039, AtLeast, 1, 0, "个月"},
		{14173, AtMost, 10, 0, "工作日"}, {14284, AtMost, 10, 0, "工作日"}, {14577, MoreThan, 15, 0, "年"},
		{17834, Within, 3e4, 3e5, "元"}, {18016, Within, 5e4, 2e5, "元"}, {18186, Within, 1e4, 1e5, "元"},
		{18329, Within, 1e4, 1e5, "元"}, {18524, Within, 1e4, 5e4, "元"}, {19025, Within, 5e3, 5e4, "元"},
		{19285, Within, 1e4, 1e5, "元"}, {19467, Within, 3e3, 3e4, "元"}, {19634, Within, 1e4, 1e5, "元"},
		{19759, Within, 1e4, 1e5, "元"}, {19881, Within, 1e4, 1e5, "元"}, {20097, Within, 1e4, 5e4, "元"},
	},
	"zhejiang/宁波市献血条例(2020-06-05).md": {
		{1216, Within, 18, 55, "周岁"}, {1411, AtMost, 60, 0, "周岁"}, {6526, AtLeast, 400, 0, "毫升"},
		{6595, LessThan, 400, 0, "毫升"}, {6631, AtMost, 5, 0, "年"}, {6667, AtMost, 5, 0, "倍"},
		{6700, AtLeast, 5, 0, "年"}, {6807, AtMost, 5, 0, "年"}, {6843, AtMost, 2, 0, "倍"},
		{6876, AtLeast, 5, 0, "年"}, {7234, AtMost, 800, 0, "毫升"}, {7452, Exactly, 1, 0, "次"},
		{7470, Exactly, 800, 0, "毫升"}, {8674, Within, 1, 5, "倍"},
	},
	"zhejiang/宁波市停车场规划建设和管理条例(2011-10-13).md": {
		{7800, AtMost, 15, 0, "日"}, {10579, AtLeast, 30, 0, "日"}, {11638, AtLeast, 1, 0, "次/年"},
		{11881, Exactly, 2, 0, "种"}, {13207, Exactly, 1e4, 0, "元"}, {13417, Exactly, 3e3, 0, "元"},
		{13597, Within, 500, 5e3, "元"}, {13789, Within, 1e4, 3e4, "元"}, {14107, Within, 500, 5e3, "元"},
		{14365, Within, 50, 150, "元"},
	},
	"zhejiang/台州市物业管理条例(2021-04-06).md": {
		{5265, AtLeast, 2, 0, "宗"}, {5623, AtMost, 30, 0, "日"}, {5761, AtMost, 10, 0, "工作日"},
		{7414, AtLeast, 60, 0, "%"}, {7491, AtLeast, 2, 0, "年"}, {7572, AtLeast, 30, 0, "%"},
		{7876, Within, 5, 15, "人"}, {7960, AtLeast, 50, 0, "%"}, {8172, AtMost, 5, 0, "工作日"},
		{9126, AtLeast, 200. / 3, 0, "%"}, {9168, AtLeast, 200. / 3, 0, "%"}, {9298, AtLeast, 75, 0, "%"},
		{9346, AtLeast, 75, 0, "%"}, {9449, MoreThan, 50, 0, "%"}, {9488, MoreThan, 50, 0, "%"},
		{9913, Exactly, 1, 0, "人"}, {10021, AtLeast, 1, 0, "个"}, {10054, Exactly, 1, 0, "人"},
		{10968, Within, 5, 11, "名"}, {11016, Exactly, 1, 0, "名"}, {11923, LessThan, 5, 0, "年"},
		{14246, AtLeast, 20, 0, "%"}, {16665, Within, 3, 5, "年"}, {16709, AtLeast, 2, 0, "个月"},
		{17111, AtMost, 10, 0, "日"}, {17329, AtMost, 3, 0, "日"}, {18173, LessThan, 50, 0, "%"},
		{18568, Within, 11, 15, "人"}, {18634, AtLeast, 60, 0, "%"}, {19607, AtMost, 10, 0, "日"},
		{20158, LessThan, 3, 0, "个"}, {20206, LessThan, 5e4, 0, "平方米"}, {20472, AtMost, 5, 0, "工作日"},
		{23881, AtLeast, 90, 0, "日"}, {24204, AtLeast, 60, 0, "日"}, {24363, AtMost, 15, 0, "日"},
		{24719, AtLeast, 90, 0, "日"}, {28676, Exactly, .7, 0, "%"}, {28736, AtLeast, .4, 0, "%"},
		{28862, Exactly, .3, 0, "%"}, {28922, AtLeast, .15, 0, "%"}, {29000, LessThan, 50, 0, "平方米"},
		{29027, Exactly, 50, 0, "平方米"}, {29365, AtLeast, 50, 0, "%"}, {30144, AtMost, 15, 0, "工作日"},
		{32362, Exactly, 2, 0, "%"}, {32505, Exactly, 1, 0, "个月"}, {32604, Exactly, 1, 0, "个月"},
		{32870, Exactly, 8, 0, "年"}, {32939, AtLeast, 8, 0, "年"}, {32951, AtMost, 1, 0, "个月"},
		{33053, Exactly, 1, 0, "个月"}, {33191, AtMost, 30, 0, "日"}, {33727, Within, 5, 8, "%"},
		{34184, LessThan, 30, 0, "%"}, {35659, AtMost, 1, 0, "个月"}, {38151, Within, 1e4, 1e5, "元"},
		{38832, Within, 1e3, 1e4, "元"}, {39198, Within, 1e4, 5e4, "元"}, {39264, Within, 5e4, 1e5, "元"},
		{39432, Within, 5e3, 5e4, "元"}, {40146, Within, 1e4, 1e5, "元"},
	},
	"zhejiang/宁波市养犬管理条例(2020-04-09).md": {
		{4026, AtLeast, 3, 0, "个月"}, {4065, AtMost, 30, 0, "日"}, {4508, AtLeast, 3, 0, "个月"},
		{5004, AtMost, 1, 0, "只"}, {5262, AtMost, 3, 0, "年"}, {5544, AtMost, 1, 0, "只"},
		{5577, AtMost, 30, 0, "日"}, {5678, AtMost, 3, 0, "个月"}, {6520, AtMost, 15, 0, "日"},
	},
	"zhejiang/嘉兴市建筑垃圾管理条例(2021-04-13).md": {
		{4778, Within, 1e5, 1e6, "元"}, {4832, Within, 5e3, 5e4, "元"}, {4979, Within, 2e4, 2e5, "元"},
		{5033, Within, 1e3, 1e4, "元"}, {5222, Within, 500, 5e3, "元"}, {5282, Within, 5e3, 3e4, "元"},
		{5483, Within, 50, 200, "元"}, {5702, Within, 1e4, 1e5, "元"}, {5753, Within, 2e3, 2e4, "元"},
	},
	"zhejiang/宁波市住宅小区物业管理条例(2021-10-15).md": {
		{4179, AtMost, 30, 0, "日"}, {4966, AtLeast, 2, 0, "个"}, {5438, AtMost, 30, 0, "日"},
		{6742, Exactly, .3, 0, "%"}, {6922, AtLeast, 20, 0, "平方米"}, {7023, Exactly, .4, 0, "%"},
		{7801, AtMost, 1, 0, "年"}, {9004, AtMost, 30, 0, "日"}, {9237, AtMost, 1, 0, "年"},
		{10924, Exactly, 1, 0, "个"}, {10993, Exactly, 1, 0, "名"}, {11029, AtLeast, 1, 0, "个"},
		{11080, Exactly, 1, 0, "个"}, {11191, Exactly, 1, 0, "个"}, {12110, AtMost, 3, 0, "日"},
		{12924, AtMost, 90, 0, "日"}, {13808, AtMost, 30, 0, "日"}, {14254, AtLeast, 1, 0, "次/年"},
		{14370, AtLeast, 20, 0, "%"}, {15206, AtMost, 30, 0, "日"}, {17929, AtLeast, 5, 0, "人"},
		{19099, AtLeast, 10, 0, "日"}, {19565, AtLeast, 20, 0, "%"}, {19618, AtLeast, 100. / 3, 0, "%"},
		{19896, MoreThan, 50, 0, "%"}, {20096, AtLeast, 3, 0, "日"}, {20263, MoreThan, 50, 0, "%"},
		{20293, AtMost, 3, 0, "日"}, {22609, AtLeast, 60, 0, "日"}, {22929, LessThan, 50, 0, "%"},
		{23384, AtMost, 10, 0, "日"}, {30574, AtMost, 10, 0, "日"}, {30954, AtMost, 5, 0, "年"},
		{31118, AtMost, 10, 0, "日"}, {31723, Within, 2, 3, "家"}, {37551, AtLeast, 4, 0, "个月"},
		{37874, AtLeast, 90, 0, "日"}, {42518, AtLeast, .75, 0, "吨"}, {47308, LessThan, 30, 0, "%"},
		{53453, AtLeast, 60, 0, "日"}, {53825, AtLeast, 30, 0, "日"}, {53942, AtLeast, 7, 0, "日"},
		{55023, LessThan, 5, 0, "人"}, {55115, AtLeast, 1, 0, "年"}, {55274, Exactly, 2, 0, "次"},
		{55465, AtLeast, 5, 0, "人"}, {55555, AtLeast, 50, 0, "%"}, {56067, AtMost, 6, 0, "个月"},
		{57605, Exactly, 1, 0, "个"}, {57629, Within, 2e4, 5e4, "元"}, {57805, Within, 1e4, 5e4, "元"},
		{58020, Within, 2e4, 5e4, "元"}, {58340, Within, 1e3, 5e3, "元"}, {58543, Within, 5e3, 1e4, "元"},
		{58807, MoreThan, 1, 0, "年"}, {58903, Within, 5e4, 2e5, "元"}, {59227, Within, 5e3, 1e4, "元"},
		{59290, Within, 2e4, 5e4, "元"}, {59509, Within, 1e4, 5e4, "元"}, {59572, Within, 5e4, 1e5, "元"},
		{60480, Within, 5e4, 2e5, "元"}, {60807, Within, 1e3, 5e3, "元"}, {61113, Within, 5e4, 1e5, "元"},
	},
}

// TestQuantitiesOfUnseenRegulations measures what is found against the labels:
// value and unit, and then the comparator of what was found rightly.
func TestQuantitiesOfUnseenRegulations(t *testing.T) {
	var labelled, reported, right, compared int
	for name, labels := range labelledRegulations {
		src, err := os.ReadFile("../../shared/data/regulations/" + name)
		if err != nil {
			t.Skipf("SKIPPED: ../shared/data/regulations is missing (%v): quantities were not measured on real regulations", err)
		}
		text := string(src)
		found := Quantities(text)
		labelled += len(labels)
		reported += len(found)
		claimed := map[int]bool{}
		for _, l := range labels {
			hit := false
			for _, f := range found {
				if q := f.Quantity; f.Start <= l.at && l.at < f.End && near(q.Value, l.value) && near(q.To, l.to) && q.Unit == l.unit {
					hit, claimed[f.Start] = true, true
					right++
					if q.Comparator == l.comparator {
						compared++
					} else {
						t.Logf("%s: %s is read as %s, want comparator %s", name, text[f.Start:f.End], q, l.comparator)
					}
				}
			}
			if !hit {
				t.Logf("%s: byte %d: missed %+v", name, l.at, l)
			}
		}
		for _, f := range found {
			if !claimed[f.Start] {
				t.Logf("%s: byte %d: %s is read as %s", name, f.Start, text[f.Start:f.End], f.Quantity)
			}
		}
	}
	precision, recall := float64(right)/float64(reported), float64(right)/float64(labelled)
	comparators := float64(compared) / float64(right)
	t.Logf("value and unit: precision %.3f, recall %.3f of %d; comparator %.3f", precision, recall, labelled, comparators)
	if precision < 0.98 || recall < 0.98 || comparators < 0.95 {
		t.Errorf("want precision 0.98, recall 0.98, comparator 0.95")
	}
}
