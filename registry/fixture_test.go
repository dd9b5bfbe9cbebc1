package registry_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// clock is a time that moves one second a look.
type clock struct{ at time.Time }

func (c *clock) now() time.Time {
	c.at = c.at.Add(time.Second)
	return c.at
}

func open(t *testing.T) *registry.Registry {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	reg, err := registry.Open(held(t, store), c.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	return reg
}

var (
	secretary = registry.Member{ID: "secretary", Role: registry.Secretary}
	shanghai  = registry.Member{ID: "sh", Region: "31", Role: registry.Representative}
	jiangsu   = registry.Member{ID: "js", Region: "32", Role: registry.Representative}
	reader    = registry.Member{ID: "reader", Role: registry.Reader}
)

const shText = `---
id: sh-express
title: 上海市快递末端服务规定
kind: regulation
convention: regulation
region: "31"
---

### 第一条
为了规范快递末端服务，保护用户合法权益，制定本规定。

### 第二条
快件到达末端网点后，经营快递业务的企业应当在24小时内投递。

智能快件箱的免费保管期不少于24小时。

### 第三条
用户投诉的，企业应当自收到投诉之日起七日内答复。
`

const jsText = `---
id: js-express
title: 江苏省快递末端服务规定
kind: regulation
convention: regulation
region: "32"
---

### 第一条
为了规范快递末端服务，维护用户合法权益，制定本规定。

### 第二条
用户投诉的，企业应当自收到投诉之日起十五日内答复。

### 第三条
快件到达末端网点后，经营快递业务的企业应当在48小时内投递。

### 第四条
智能快件箱的免费保管期不少于48小时。
`

// two holds the two texts above and a project on them.
func two(t *testing.T) (*registry.Registry, registry.ProjectView) {
	t.Helper()
	reg := open(t)
	done, err := reg.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}, {Path: "js.md", Source: []byte(jsText)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range done {
		if d.Err != nil {
			t.Fatalf("%s: %v", d.Path, d.Err)
		}
	}
	_, err = reg.CreateProject(secretary, registry.Project{ID: "p", Title: "快递末端服务规范", Participants: []registry.Participant{
		{Region: "32", Text: registry.Ref{Standard: "js-express"}},
		{Region: "31", Text: registry.Ref{Standard: "sh-express"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return reg, workbench(t, reg)
}

func workbench(t *testing.T, reg *registry.Registry) registry.ProjectView {
	t.Helper()
	v, err := reg.Workbench("p")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// rowWith finds the row whose cell in a column holds words.
func rowWith(t *testing.T, v registry.ProjectView, column, words string) registry.RowView {
	t.Helper()
	for i, col := range v.Columns {
		if col.Key != column {
			continue
		}
		for _, row := range v.Rows {
			for _, at := range row.Cells[column] {
				if _, text := v.PassageText(i, at); strings.Contains(text, words) {
					return row
				}
			}
		}
	}
	t.Fatalf("no row holds %q in %s", words, column)
	return registry.RowView{}
}

// refused fails unless err is a Refusal of this kind.
func refused(t *testing.T, err error, kind registry.Kind) {
	t.Helper()
	if !registry.Refused(err, kind) {
		t.Errorf("got %v, want a refusal: %v", err, kind)
	}
}

// conserved fails unless every passage stands in exactly one row.
func conserved(t *testing.T, reg *registry.Registry) {
	t.Helper()
	for _, c := range workbench(t, reg).Conserved() {
		if c.Held == 0 || c.Held != c.Once {
			t.Errorf("%s: %d passages, %d of them in exactly one row", c.Column.Label, c.Held, c.Once)
		}
	}
}
