package editor

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"tongbiao/schemas"
)

// adapt brings what other collections write in their front matter to our keys,
// and tells what can be told from the title. What it maps it reports.
func (h *Header) adapt(r *report, told map[string]int) {
	h.moveID(r, told)
	for _, m := range []struct {
		key string
		to  *string
	}{
		{"office", &h.Issuer}, {"publish", &h.Published}, {"publish_date", &h.Published}, {"effective_date", &h.Effective},
	} {
		v, ok := h.Extra[m.key].(string)
		if !ok || *m.to != "" {
			continue
		}
		*m.to = tidy(v)
		delete(h.Extra, m.key)
		r.add("HEAD-mapped", Info, told[m.key], "文件头的 %s 按本系统的键读入 · the key %s is read as ours", m.key, m.key)
	}
	for _, k := range []string{"type", "category"} {
		// The word says more than our kind (地方性法规, 经济特区法规), so it stays.
		if v, ok := h.Extra[k].(string); ok && h.Kind == "" {
			h.Kind = foreignKinds[tidy(v)]
		}
	}
	if s := foreignStatus[h.Status]; s != "" {
		h.Status = s
	}
	for _, m := range []struct {
		key string
		at  *string
	}{{"published", &h.Published}, {"effective", &h.Effective}} {
		d, ok := date(*m.at)
		if *m.at = d; !ok && d != "" {
			r.add("HEAD-date", Warning, told[m.key], "%s 不是日期，请写成 2025-09-01：%s · %s is not a date, write it as 2025-09-01: %s", m.key, shorten(d), m.key, shorten(d))
		}
	}
	if len(h.Extra) == 0 {
		h.Extra = nil
	}
	keys := slices.DeleteFunc(sortedKeys(h.Extra), func(k string) bool { return k == "source_id" })
	if len(keys) > 0 {
		list := strings.Join(keys, ", ")
		r.add("HEAD-key", Info, told[keys[0]], "文件头中本系统不认识的键，原样保留：%s · keys that are not known are kept as they are: %s", list, list)
	}
}

// validID is a registry's permanent name.
var validID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

func (h *Header) moveID(r *report, told map[string]int) {
	if h.ID == "" || validID.MatchString(h.ID) {
		return
	}
	if h.Extra == nil {
		h.Extra = map[string]any{}
	}
	if _, taken := h.Extra["source_id"]; !taken {
		h.Extra["source_id"] = h.ID
	}
	r.add("HEAD-id", Info, told["id"], "文件头的 id 不是本系统的标识，存入 source_id · the id is not one of this registry, it is kept as source_id: %s", shorten(h.ID))
	h.ID = ""
}

var foreignKinds = map[string]string{
	"法律": "law", "行政法规": "regulation", "地方性法规": "regulation", "自治条例": "regulation", "单行条例": "regulation",
	"经济特区法规": "regulation", "浦东新区法规": "regulation", "海南自由贸易港法规": "regulation",
	"规章": "rule", "地方政府规章": "rule", "部门规章": "rule",
	"法规性决定": "decision", "决定": "decision", "决议": "decision",
	"国家标准": "national", "行业标准": "industry", "地方标准": "local", "团体标准": "group", "企业标准": "enterprise",
}

var foreignStatus = map[string]string{
	"有效": "in-force", "现行有效": "in-force", "现行": "in-force", "已修改": "superseded", "被代替": "superseded",
	"已废止": "withdrawn", "废止": "withdrawn", "失效": "withdrawn", "尚未生效": "published", "即将实施": "published",
	"征求意见稿": "consultation", "草案": "draft",
}

// regionNames are the names with which a title of the region begins.
// Order: 沪 苏 浙 皖.
var regionNames = []struct {
	code  string
	names string
}{
	{"31", "上海"},
	{"32", "江苏 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁"},
	{"33", "浙江 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水"},
	{"34", "安徽 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城"},
}

// regionOf tells the region from a title: 上海市…, 杭州市…, 中国（浙江）自由贸易试验区….
func regionOf(title string) string {
	title = strings.TrimPrefix(title, "中国（")
	for _, r := range regionNames {
		for n := range strings.FieldsSeq(r.names) {
			if strings.HasPrefix(title, n) {
				return r.code
			}
		}
	}
	return ""
}

var headerSchema = sync.OnceValue(func() *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemas.Header))
	if err != nil {
		panic("editor: header.schema.json: " + err.Error())
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("header.schema.json", doc); err != nil {
		panic("editor: header.schema.json: " + err.Error())
	}
	return c.MustCompile("header.schema.json")
})

// check holds a header against schemas/header.schema.json.
func (h *Header) check(r *report, told map[string]int) {
	m := map[string]any{}
	for _, f := range h.fields() {
		if f.key == "published" || f.key == "effective" {
			if _, ok := date(*f.one); !ok { // adapt has said so
				continue
			}
		}
		if f.one != nil && (*f.one != "" || f.key == "title") {
			m[f.key] = *f.one
		}
		if f.many != nil && len(*f.many) > 0 {
			list := make([]any, len(*f.many))
			for i, s := range *f.many {
				list[i] = s
			}
			m[f.key] = list
		}
	}
	var bad *jsonschema.ValidationError
	if err := headerSchema().Validate(m); !errors.As(err, &bad) {
		return
	}
	reportSchema(bad, r, told)
}

func reportSchema(e *jsonschema.ValidationError, r *report, told map[string]int) {
	if len(e.Causes) > 0 {
		for _, c := range e.Causes {
			reportSchema(c, r, told)
		}
		return
	}
	key := "title"
	if len(e.InstanceLocation) > 0 {
		key = e.InstanceLocation[0]
	}
	why := e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
	r.add("HEAD-schema", Warning, told[key], "%s", fmt.Sprintf("文件头的 %s 不合格式，请改正 · correct the key %s: %s", key, key, why))
}
