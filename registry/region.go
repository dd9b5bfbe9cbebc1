package registry

// Region is one of the four that harmonise, or the nation.
type Region struct {
	Code    string // GB/T 2260 division code, "31"; "" for the nation
	Short   string // 沪
	Name    string // 上海市
	English string
}

// National is the place of national texts among the regions.
var National = Region{"", "国", "国家", "National"}

// Regions are the four, in the order in which every screen shows them.
var Regions = []Region{
	{"31", "沪", "上海市", "Shanghai"},
	{"32", "苏", "江苏省", "Jiangsu"},
	{"33", "浙", "浙江省", "Zhejiang"},
	{"34", "皖", "安徽省", "Anhui"},
}

// RegionOf finds a region by its code. A code that is not one of the four is
// returned as a region that is named by its code.
func RegionOf(code string) Region {
	if code == "" {
		return National
	}
	for _, r := range Regions {
		if r.Code == code {
			return r
		}
	}
	return Region{code, code, code, code}
}
