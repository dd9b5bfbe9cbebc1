package editor

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Header is what the front matter of a text says about it.
type Header struct {
	ID         string     `yaml:"id,omitempty"`       // the standard's permanent name in the registry, e.g. "db31-t-sf001"
	Title      string     `yaml:"title"`              // 快递末端服务规范
	English    string     `yaml:"title_en,omitempty"` // English title
	Numbers    []string   `yaml:"number,omitempty"`   // DB31/T 310003—2021; several for a text published under several numbers. A single one may be written as a scalar
	Kind       string     `yaml:"kind,omitempty"`     // national, industry, local, group, enterprise; law, regulation, rule, decision
	Convention Convention `yaml:"convention,omitempty"`
	Regions    []string   `yaml:"region,omitempty"` // GB/T 2260 codes: "31"; "" or absent for national. A single one may be a scalar
	Status     string     `yaml:"status,omitempty"` // draft, consultation, published, in-force, superseded, withdrawn
	ICS        []string   `yaml:"ics,omitempty"`
	CCS        []string   `yaml:"ccs,omitempty"`
	Issuer     string     `yaml:"issuer,omitempty"`
	Published  string     `yaml:"published,omitempty"` // YYYY-MM-DD
	Effective  string     `yaml:"effective,omitempty"` // YYYY-MM-DD
	Replaces   []string   `yaml:"replaces,omitempty"`
	Adopts     []string   `yaml:"adopts,omitempty"` // "ISO 12345:2020 MOD"
	Notice     string     `yaml:"notice,omitempty"` // shown on the face of the text, e.g. that it is a demonstration
	// Extra holds the keys that this software does not know, as they were.
	// Values are string, int, bool, nil, []any and map[string]any.
	Extra map[string]any `yaml:",inline"`
}

// Primary is the number under which the text is cited: the first; "" when it has none.
func (h Header) Primary() string {
	if len(h.Numbers) == 0 {
		return ""
	}
	return h.Numbers[0]
}

// field is one key of the front matter: where it is kept, in the order in
// which it is written.
type field struct {
	key  string
	one  *string
	many *[]string
}

func (h *Header) fields() []field {
	return []field{
		{key: "id", one: &h.ID},
		{key: "title", one: &h.Title},
		{key: "title_en", one: &h.English},
		{key: "number", many: &h.Numbers},
		{key: "kind", one: &h.Kind},
		{key: "convention", one: (*string)(&h.Convention)},
		{key: "region", many: &h.Regions},
		{key: "status", one: &h.Status},
		{key: "ics", many: &h.ICS},
		{key: "ccs", many: &h.CCS},
		{key: "issuer", one: &h.Issuer},
		{key: "published", one: &h.Published},
		{key: "effective", one: &h.Effective},
		{key: "replaces", many: &h.Replaces},
		{key: "adopts", many: &h.Adopts},
		{key: "notice", one: &h.Notice},
	}
}

// Marshal gives the YAML of a header, without the marks around it: known keys
// in a fixed order, then the others by name. The same header gives the same bytes.
func (h Header) Marshal() []byte {
	root := &yaml.Node{Kind: yaml.MappingNode}
	put := func(key string, value *yaml.Node) {
		root.Content = append(root.Content, textNode(key), value)
	}
	for _, f := range h.fields() {
		switch {
		case f.one != nil && (*f.one != "" || f.key == "title"):
			put(f.key, textNode(*f.one))
		case f.many != nil && len(*f.many) == 1 && (f.key == "number" || f.key == "region"):
			put(f.key, textNode((*f.many)[0]))
		case f.many != nil && len(*f.many) > 0:
			list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
			for _, s := range *f.many {
				list.Content = append(list.Content, textNode(s))
			}
			put(f.key, list)
		}
	}
	for _, k := range sortedKeys(h.Extra) {
		put(k, valueNode(h.Extra[k]))
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		// Nodes of strings, numbers and lists always encode.
		panic("editor: encode header: " + err.Error())
	}
	return b.Bytes()
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// plainScalar is what may stand in YAML without quotation marks whatever reads it.
var plainScalar = regexp.MustCompile(`^[\p{Han}A-Za-z（《][\p{Han}A-Za-z0-9（）《》、，。：；/_.—－·-]*( [\p{Han}A-Za-z0-9（）《》—/_.]+)*$`)

func textNode(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if !plainScalar.MatchString(s) || isReserved(s) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

func isReserved(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
		return true
	}
	return false
}

func valueNode(v any) *yaml.Node {
	switch v := v.(type) {
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v)}
	case int:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(v)}
	case string:
		return textNode(v)
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, e := range v {
			n.Content = append(n.Content, valueNode(e))
		}
		return n
	case map[string]any:
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, k := range sortedKeys(v) {
			n.Content = append(n.Content, textNode(k), valueNode(v[k]))
		}
		return n
	}
	return textNode(fmt.Sprint(v))
}

// headerReader turns front matter into a Header.
type headerReader struct {
	h      Header
	report *report
	line   int // of the text on which the YAML begins
	told   map[string]int
}

// read reads the front matter. What is not a map of scalars, and of lists of
// scalars where they are known, is refused.
func (r *headerReader) read(src string) error {
	if strings.TrimSpace(src) == "" {
		return nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(src), &doc); err != nil {
		return &SyntaxError{Line: r.line, Message: "文件头不是 YAML · the front matter is not YAML: " + tidy(err.Error())}
	}
	if len(doc.Content) == 0 { // only comments
		return nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return r.refuse(root, "文件头应为“键: 值” · the front matter must be a map of keys and values")
	}
	return r.readMap(root)
}

func (r *headerReader) refuse(n *yaml.Node, format string, args ...any) error {
	return &SyntaxError{Line: r.line + n.Line - 1, Message: fmt.Sprintf(format, args...)}
}

func (r *headerReader) readMap(root *yaml.Node) error {
	known := map[string]field{}
	for _, f := range r.h.fields() {
		known[f.key] = f
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		if k.Kind != yaml.ScalarNode || k.Value == "<<" || k.Anchor != "" {
			return r.refuse(k, "文件头的键只能是文字 · a key of the front matter must be plain text")
		}
		key := tidy(k.Value)
		if key == "" || seen[key] {
			return r.refuse(k, "文件头的键为空或重复：%q · an empty or repeated key in the front matter: %q", key, key)
		}
		seen[key] = true
		r.told[key] = r.line + k.Line - 1
		if f, ok := known[key]; ok {
			if err := r.readField(f, v); err != nil {
				return err
			}
			continue
		}
		value, err := r.value(v, 0)
		if err != nil {
			return err
		}
		if r.h.Extra == nil {
			r.h.Extra = map[string]any{}
		}
		r.h.Extra[key] = value
	}
	return nil
}

func (r *headerReader) readField(f field, v *yaml.Node) error {
	if v.Kind == yaml.AliasNode || v.Anchor != "" {
		return r.refuse(v, "文件头不得使用锚点和别名 · anchors and aliases are not allowed in the front matter")
	}
	if f.one != nil {
		if v.Kind != yaml.ScalarNode {
			return r.refuse(v, "%s 应为一个值 · %s must be one value", f.key, f.key)
		}
		*f.one = scalar(v)
		return nil
	}
	items := []*yaml.Node{v}
	switch v.Kind {
	case yaml.SequenceNode:
		items = v.Content
	case yaml.MappingNode:
		return r.refuse(v, "%s 应为一个值或列表 · %s must be one value or a list", f.key, f.key)
	}
	for _, n := range items {
		if n.Kind != yaml.ScalarNode || n.Anchor != "" {
			return r.refuse(n, "%s 的各项应为文字 · the items of %s must be text", f.key, f.key)
		}
		if s := scalar(n); s != "" {
			*f.many = append(*f.many, s)
		}
	}
	return nil
}

func scalar(n *yaml.Node) string {
	if n.Tag == "!!null" {
		return ""
	}
	return tidy(n.Value)
}

const maxHeaderDepth = 8

// value keeps an unknown value as it was written.
func (r *headerReader) value(n *yaml.Node, depth int) (any, error) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return nil, r.refuse(n, "文件头不得使用锚点和别名 · anchors and aliases are not allowed in the front matter")
	}
	if depth > maxHeaderDepth {
		return nil, r.refuse(n, "文件头嵌套过深 · the front matter is nested too deeply")
	}
	switch n.Kind {
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := r.value(c, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := tidy(n.Content[i].Value)
			if _, double := m[k]; double || n.Content[i].Kind != yaml.ScalarNode || n.Content[i].Value == "<<" {
				return nil, r.refuse(n.Content[i], "文件头的键重复或不是文字：%q · a repeated key, or one that is not text: %q", k, k)
			}
			v, err := r.value(n.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			m[k] = v
		}
		return m, nil
	}
	return scalarValue(n), nil
}

func scalarValue(n *yaml.Node) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		if n.Value == "true" || n.Value == "false" {
			return n.Value == "true"
		}
	case "!!int":
		if i, err := strconv.Atoi(n.Value); err == nil && strconv.Itoa(i) == n.Value {
			return i
		}
	}
	lines := strings.Split(strings.ReplaceAll(n.Value, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i], _ = visible(l)
	}
	return strings.Join(lines, "\n")
}

var datePattern = regexp.MustCompile(`^(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[T ].*)?$`)

// date brings a date to YYYY-MM-DD.
func date(s string) (string, bool) {
	m := datePattern.FindStringSubmatch(s)
	if m == nil {
		return s, false
	}
	y, _ := strconv.Atoi(m[1])
	mo, _ := strconv.Atoi(m[2])
	d, _ := strconv.Atoi(m[3])
	t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d || int(t.Month()) != mo {
		return s, false
	}
	return t.Format(time.DateOnly), true
}
