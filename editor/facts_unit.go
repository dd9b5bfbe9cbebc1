package editor

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Dimensions of quantities, with the unit in which Quantity.Base counts. What
// is merely counted has a dimension of its own for each classifier: "count/件".
const (
	dimDuration    = "duration"     // 日 of 24 hours; a month is a twelfth of 365.25 days
	dimWorkingDays = "working-days" // 工作日: never converted into days
	dimAge         = "age"          // 周岁
	dimMoney       = "money"        // 元
	dimPercent     = "percent"      // %
	dimMultiple    = "multiple"     // 倍
	dimFrequency   = "frequency"    // 次 a day
	dimLength      = "length"       // m
	dimArea        = "area"         // m²
	dimVolume      = "volume"       // L
	dimMass        = "mass"         // kg
	dimSpeed       = "speed"        // km/h
	dimTemperature = "temperature"  // ℃
	dimAngle       = "angle"        // °
	dimVoltage     = "voltage"      // V
	dimCurrent     = "current"      // A
	dimPower       = "power"        // W
	dimEnergy      = "energy"       // Wh
	dimCharge      = "charge"       // Ah
	dimPressure    = "pressure"     // Pa
	dimForce       = "force"        // N
	dimSound       = "sound"        // dB
	dimLight       = "light"        // lx
	dimLessons     = "lessons"      // 学时
	dimHertz       = "hertz"        // Hz
	dimResistance  = "resistance"   // Ω
	dimTonnage     = "tonnage"      // 总吨
	dimSteam       = "steam"        // 蒸吨
	counted        = "count/"
)

// unit is a unit as texts write it.
type unit struct {
	name      string
	dimension string
	factor    float64 // in the dimension's base unit
	counter   int     // whether 个 stands before it, and whether it is read only beside a comparator
	notBefore string  // runes that make it part of another word: 年级, 人民
}

const (
	noCounter = iota
	mayCounter
	mustCounter
	boundOnly // no 个; 三层以下, and not 三层
)

const month = 365.25 / 12

// units by their first rune, longer ones first.
var units = func() map[rune][]unit {
	m := map[rune][]unit{}
	for _, u := range unitTable {
		r, _ := utf8.DecodeRuneInString(u.name)
		m[r] = append(m[r], u)
	}
	for _, us := range m {
		slices.SortStableFunc(us, func(a, b unit) int { return cmp.Compare(len(b.name), len(a.name)) })
	}
	return m
}()

var unitTable = append(countUnits(), []unit{
	{"年", dimDuration, 365.25, noCounter, "级度龄检审代轻货老限初末底会报味幼"},
	{"周年", dimDuration, 365.25, noCounter, ""},
	{"季度", dimDuration, 3 * month, mayCounter, ""},
	{"月", dimDuration, month, mustCounter, "亮"},
	{"星期", dimDuration, 7, mayCounter, "一二三四五六日天"},
	{"礼拜", dimDuration, 7, mayCounter, ""},
	{"周", dimDuration, 7, noCounter, "边围期岁转知密全到日末一二三四五六"},
	{"日", dimDuration, 1, noCounter, "常用程照光本语志历"},
	{"天", dimDuration, 1, noCounter, "然气津窗桥花文"},
	{"自然日", dimDuration, 1, mayCounter, ""},
	{"d", dimDuration, 1, noCounter, ""},
	{"小时", dimDuration, 1. / 24, mayCounter, ""},
	{"h", dimDuration, 1. / 24, noCounter, ""},
	{"分钟", dimDuration, 1. / 1440, noCounter, ""},
	{"min", dimDuration, 1. / 1440, noCounter, ""},
	{"秒", dimDuration, 1. / 86400, noCounter, "杀"},
	{"s", dimDuration, 1. / 86400, noCounter, ""},
	{"工作日", dimWorkingDays, 1, mayCounter, ""},
	{"学时", dimLessons, 1, mayCounter, ""},
	{"课时", dimLessons, 1, mayCounter, ""},
	{"周岁", dimAge, 1, noCounter, ""},
	{"岁", dimAge, 1, noCounter, "月"},

	{"元", dimMoney, 1, noCounter, "化素旦件首论结宵"},
	{"元人民币", dimMoney, 1, noCounter, ""},
	{"%", dimPercent, 1, noCounter, ""},
	{"‰", dimPercent, .1, noCounter, ""},
	{"百分点", dimPercent, 1, mayCounter, ""},
	{"倍", dimMultiple, 1, noCounter, "增数率"},

	{"千米", dimLength, 1000, noCounter, ""},
	{"公里", dimLength, 1000, noCounter, ""},
	{"km", dimLength, 1000, noCounter, ""},
	{"海里", dimLength, 1852, noCounter, ""},
	{"米", dimLength, 1, noCounter, "饭粉面线"},
	{"m", dimLength, 1, noCounter, ""},
	{"分米", dimLength, .1, noCounter, ""},
	{"厘米", dimLength, .01, noCounter, ""},
	{"cm", dimLength, .01, noCounter, ""},
	{"毫米", dimLength, .001, noCounter, ""},
	{"mm", dimLength, .001, noCounter, ""},
	{"公里/小时", dimSpeed, 1, noCounter, ""},
	{"千米/小时", dimSpeed, 1, noCounter, ""},
	{"公里每小时", dimSpeed, 1, noCounter, ""},
	{"km/h", dimSpeed, 1, noCounter, ""},
	{"m/s", dimSpeed, 3.6, noCounter, ""},
	{"米/秒", dimSpeed, 3.6, noCounter, ""},
	{"平方米", dimArea, 1, noCounter, ""},
	{"m²", dimArea, 1, noCounter, ""},
	{"m2", dimArea, 1, noCounter, ""},
	{"㎡", dimArea, 1, noCounter, ""},
	{"平方公里", dimArea, 1e6, noCounter, ""},
	{"平方千米", dimArea, 1e6, noCounter, ""},
	{"km²", dimArea, 1e6, noCounter, ""},
	{"公顷", dimArea, 1e4, noCounter, ""},
	{"亩", dimArea, 2000. / 3, noCounter, "产"},
	{"立方米", dimVolume, 1000, noCounter, ""},
	{"m³", dimVolume, 1000, noCounter, ""},
	{"m3", dimVolume, 1000, noCounter, ""},
	{"平方厘米", dimArea, 1e-4, noCounter, ""},
	{"平方毫米", dimArea, 1e-6, noCounter, ""},
	{"cm²", dimArea, 1e-4, noCounter, ""},
	{"mm²", dimArea, 1e-6, noCounter, ""},
	{"微米", dimLength, 1e-6, noCounter, ""},
	{"μm", dimLength, 1e-6, noCounter, ""},
	{"纳米", dimLength, 1e-9, noCounter, ""},
	{"nm", dimLength, 1e-9, noCounter, ""},
	{"dm", dimLength, .1, noCounter, ""},
	{"立方厘米", dimVolume, .001, noCounter, ""},
	{"cm³", dimVolume, .001, noCounter, ""},
	{"升", dimVolume, 1, noCounter, "级降高学温值旗迁入至"},
	{"L", dimVolume, 1, noCounter, ""},
	{"毫升", dimVolume, .001, noCounter, ""},
	{"mL", dimVolume, .001, noCounter, ""},
	{"ml", dimVolume, .001, noCounter, ""},

	{"总吨", dimTonnage, 1, noCounter, ""},
	{"蒸吨", dimSteam, 1, noCounter, ""},
	{"吨", dimMass, 1000, noCounter, ""},
	{"t", dimMass, 1000, noCounter, ""},
	{"千克", dimMass, 1, noCounter, ""},
	{"公斤", dimMass, 1, noCounter, ""},
	{"kg", dimMass, 1, noCounter, ""},
	{"斤", dimMass, .5, noCounter, ""},
	{"克", dimMass, .001, noCounter, "服隆扣"},
	{"g", dimMass, .001, noCounter, ""},
	{"毫克", dimMass, 1e-6, noCounter, ""},
	{"微克", dimMass, 1e-9, noCounter, ""},
	{"μg", dimMass, 1e-9, noCounter, ""},
	{"mg", dimMass, 1e-6, noCounter, ""},

	{"℃", dimTemperature, 1, noCounter, ""},
	{"°C", dimTemperature, 1, noCounter, ""},
	{"摄氏度", dimTemperature, 1, noCounter, ""},
	{"°", dimAngle, 1, noCounter, ""},
	{"度", dimAngle, 1, noCounter, "假电量数角春夏秋冬"},
	{"K", dimTemperature, 1, noCounter, ""},
	{"伏", dimVoltage, 1, noCounter, "击案"},
	{"伏特", dimVoltage, 1, noCounter, ""},
	{"V", dimVoltage, 1, noCounter, ""},
	{"千伏", dimVoltage, 1000, noCounter, ""},
	{"kV", dimVoltage, 1000, noCounter, ""},
	{"安", dimCurrent, 1, noCounter, "全装置排检保徽居宁定时"},
	{"A", dimCurrent, 1, noCounter, ""},
	{"瓦", dimPower, 1, noCounter, "斯解片房砾时"},
	{"W", dimPower, 1, noCounter, ""},
	{"千瓦", dimPower, 1000, noCounter, "时"},
	{"kW", dimPower, 1000, noCounter, ""},
	{"瓦时", dimEnergy, 1, noCounter, ""},
	{"Wh", dimEnergy, 1, noCounter, ""},
	{"千瓦时", dimEnergy, 1000, noCounter, ""},
	{"kWh", dimEnergy, 1000, noCounter, ""},
	{"安时", dimCharge, 1, noCounter, ""},
	{"Ah", dimCharge, 1, noCounter, ""},
	{"mAh", dimCharge, .001, noCounter, ""},
	{"Pa", dimPressure, 1, noCounter, ""},
	{"帕", dimPressure, 1, noCounter, ""},
	{"千帕", dimPressure, 1e3, noCounter, ""},
	{"兆帕", dimPressure, 1e6, noCounter, ""},
	{"kPa", dimPressure, 1e3, noCounter, ""},
	{"MPa", dimPressure, 1e6, noCounter, ""},
	{"N", dimForce, 1, noCounter, ""},
	{"kN", dimForce, 1e3, noCounter, ""},
	{"牛顿", dimForce, 1, noCounter, ""},
	{"分贝", dimSound, 1, noCounter, ""},
	{"dB", dimSound, 1, noCounter, ""},
	{"dB(A)", dimSound, 1, noCounter, ""},
	{"Hz", dimHertz, 1, noCounter, ""},
	{"kHz", dimHertz, 1e3, noCounter, ""},
	{"MHz", dimHertz, 1e6, noCounter, ""},
	{"GHz", dimHertz, 1e9, noCounter, ""},
	{"赫兹", dimHertz, 1, noCounter, ""},
	{"兆赫", dimHertz, 1e6, noCounter, ""},
	{"兆赫兹", dimHertz, 1e6, noCounter, ""},
	{"ms", dimDuration, 1. / 86400e3, noCounter, ""},
	{"mA", dimCurrent, .001, noCounter, ""},
	{"mV", dimVoltage, .001, noCounter, ""},
	{"MW", dimPower, 1e6, noCounter, ""},
	{"兆瓦", dimPower, 1e6, noCounter, ""},
	{"kVA", dimPower, 1000, noCounter, ""},
	{"千伏安", dimPower, 1000, noCounter, ""},
	{"Ω", dimResistance, 1, noCounter, ""},
	{"kΩ", dimResistance, 1e3, noCounter, ""},
	{"MΩ", dimResistance, 1e6, noCounter, ""},
	{"lx", dimLight, 1, noCounter, ""},
	{"勒克斯", dimLight, 1, noCounter, ""},
}...)

// countUnits are the classifiers of what is counted. 名, 位 and 人 all count
// persons.
func countUnits() []unit {
	us := []unit{
		{"人", counted + "人", 1, mayCounter, "民员才身格群大工口行类情事均力"},
		{"名", counted + "人", 1, noCounter, "称义录单誉牌额胜优特泉山品"},
		{"位", counted + "人", 1, noCounter, "于置次数移一"},
		{"人次", counted + "人次", 1, noCounter, ""},
	}
	for name, notBefore := range map[string]string{
		"次": "性日年月要序生数包污利开供能级品", "件": "事", "家": "庭属长政具电园畜禽用人装乡访教", "户": "籍外口型主名用",
		"条": "件例款约文码形龙目", "项": "目", "种": "类植子养业群", "份": "额", "辆": "", "台": "阶风账湾", "套": "餐牌用",
		"页": "面码", "张": "贴", "栋": "", "幢": "", "宗": "教旨族派", "只": "能要是有可限在需", "车道": "", "票": "据面务", "格口": "", "批": "准评发示",
		"部": "门分位队署委制", "枚": "", "例": "外如会行", "米线": "", "箱": "", "支": "持付出援配线行部队撑架流气柱承护", "盒": "", "瓶": "", "袋": "", "桶": "装", "粒": "", "片": "区段", "根": "据本", "吨位": "", "马力": "", "颗": "", "尾": "气矿水", "羽": "毛绒", "匹": "配", "卷": "烟",
		"株": "洲连", "棵": "", "头": "部等目发寨在里", "座": "谈右椅位标城", "席": "卷", "册": "", "艘": "", "间": "隔接距作", "块": "", "笔": "录记试画",
		"处": "理罚置分方境于长以在", "所": "有需得述在称属谓列", "客位": "", "标台": "", "床": "位", "班次": "", "车次": "", "航次": "", "扇": "", "盏": "", "把": "关握控手",
	} {
		us = append(us, unit{name, counted + name, 1, noCounter, notBefore})
	}
	for name, notBefore := range map[string]string{ // only where something bounds them
		"层": "级次面", "分": "之别钟公子局支类级批期析布部散包配成红摊歧米贝", "届": "", "代": "表理码步替价号办管", "场": "所地馆合景次", "起": "草步诉点算征始止施实见执生至开重", "字": "号第", "轮": "", "本": "", "道": "路德", "排": "",
	} {
		us = append(us, unit{name, counted + name, 1, boundOnly, notBefore})
	}
	slices.SortFunc(us, func(a, b unit) int { return strings.Compare(a.name, b.name) })
	return us
}

// unitAt reads the unit at place i, after at most one blank and a 个, with
// another in brackets: 册（件）.
func (t *factText) unitAt(i int) (unit, int, bool) {
	i = t.skipSpace(i)
	if t.rune(i) == '个' {
		if u, end, ok := t.countedUnitAt(i + 1); ok {
			return u, end, true
		}
		if isOneOf("别体性人税案半", t.rune(i+1)) {
			return unit{}, 0, false
		}
		return unit{name: "个", dimension: counted + "个", factor: 1}, i + 1, true
	}
	u, end, ok := t.bareUnitAt(i, false)
	if !ok {
		return unit{}, 0, false
	}
	switch t.rune(end) {
	case '/', '每':
		if each := t.perAt(end); each > 0 && (t.rune(end) == '/' || u.dimension != dimDuration) {
			if per, perEnd, ok := t.bareUnitAt(end+each, false); ok {
				return u.per(per), perEnd, true
			}
		}
	case '（', '(':
		if _, other, ok := t.bareUnitAt(end+1, false); ok && isOneOf("）)", t.rune(other)) {
			return u, other + 1, true
		}
	}
	return u, end, true
}

// perAt gives the length of what says "for each" at place i: /, or the 每 of
// 立方米每秒, but not of 二人每日.
func (t *factText) perAt(i int) int {
	if t.rune(i) == '/' {
		return 1
	}
	if _, long := t.hasAny(i+1, []string{"秒", "分钟", "小时", "平方米", "立方米", "吨"}); long > 0 {
		return 1
	}
	return 0
}

// countedUnitAt reads the unit at place i, after 个.
func (t *factText) countedUnitAt(i int) (unit, int, bool) {
	u, end, ok := t.bareUnitAt(i, true)
	if ok && u.counter == mustCounter {
		u.name = "个" + u.name
	}
	return u, end, ok
}

func (t *factText) bareUnitAt(i int, counter bool) (unit, int, bool) {
	for _, u := range units[t.rune(i)] {
		if counter && (u.counter == noCounter || u.counter == boundOnly) || !counter && u.counter == mustCounter || !t.has(i, u.name) {
			continue
		}
		end := i + utf8.RuneCountInString(u.name)
		next := t.rune(end)
		if isASCIILetter(t.rune(end-1)) && (isASCIILetter(next) || isASCIIDigit(next)) {
			continue
		}
		if isOneOf(u.notBefore, next) && !(next == '以' && isOneOf("上下内", t.rune(end+1))) { // 处以罚款, but 两处以上
			continue
		}
		return u, end, true
	}
	return unit{}, 0, false
}

// per is a unit for each of another: 元/件, 次/周.
func (u unit) per(v unit) unit {
	w := unit{name: u.name + "/" + v.name, dimension: u.dimension + "/" + v.dimension, factor: u.factor / v.factor}
	if u.name == "次" && v.dimension == dimDuration {
		w.dimension = dimFrequency
	}
	return w
}
