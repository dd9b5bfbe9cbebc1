package registry

import (
	"slices"
	"testing"

	"tongbiao/editor"
)

func TestFindPlaces(t *testing.T) {
	read := func(source string) clausePlaces {
		d, _, err := editor.Parse([]byte(source))
		if err != nil {
			t.Fatal(err)
		}
		return placesOf(d)
	}
	standard := read("# 规范\n\n## 前言 {#fore}\n\n前言。\n\n## 范围 {#scope}\n\n甲。\n\n## 服务和要求 {#req}\n\n### 时限 {#time}\n\n表：时限 {#tab}\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n### 保管 {#keep}\n\n乙。\n\n## 附录（规范性）规则 {#annex}\n\n### 总则 {#a1}\n\n丙。\n")
	statute := read("---\nconvention: regulation\ntitle: 规定\n---\n\n### 第一条 {#a}\n\n甲。\n\n### 第二条 {#b}\n\n乙。\n")
	for _, c := range []struct {
		in      clausePlaces
		words   string
		ids     []string
		unknown []string
	}{
		{standard, "2.1", []string{"time"}, nil}, {standard, "第2章", []string{"req"}, nil}, {standard, "２．１", []string{"time"}, nil},
		{standard, "2.1、2.2", []string{"time", "keep"}, nil}, {standard, "2.1 第一段", []string{"time"}, nil}, {standard, "附录A", []string{"annex"}, nil},
		{standard, "A.1", []string{"a1"}, nil}, {standard, "附录A.1", []string{"a1"}, nil}, {standard, "Annex A", []string{"annex"}, nil},
		{standard, "表1", []string{"time"}, nil}, {standard, "Table 1", []string{"time"}, nil}, {standard, "全文", nil, nil}, {standard, "", nil, nil},
		{standard, "范围", []string{"scope"}, nil}, {standard, "服务和要求", []string{"req"}, nil}, {standard, "前言", []string{"fore"}, nil},
		{standard, "2.9", nil, []string{"2.9"}}, {standard, "2.1；乱写", []string{"time"}, []string{"乱写"}}, {standard, "Clause 2.2", []string{"keep"}, nil},
		{statute, "第二条", []string{"b"}, nil}, {statute, "第2条", []string{"b"}, nil}, {statute, "第二条第一款", []string{"b"}, nil}, {statute, "第九条", nil, []string{"第九条"}},
	} {
		ids, unknown := c.in.find(c.words)
		if !slices.Equal(ids, c.ids) || !slices.Equal(unknown, c.unknown) {
			t.Errorf("%q: %q, unknown %q; want %q, %q", c.words, ids, unknown, c.ids, c.unknown)
		}
	}
}

func FuzzFindPlaces(f *testing.F) {
	d, _, err := editor.Parse([]byte("# 规范\n\n## 范围 {#scope}\n\n甲。\n\n## 附录（规范性）规则 {#annex}\n\n乙。\n"))
	if err != nil {
		f.Fatal(err)
	}
	places := placesOf(d)
	f.Add("5.2、5.3")
	f.Add("附录A～附录C")
	f.Fuzz(func(t *testing.T, words string) {
		ids, _ := places.find(words)
		for _, id := range ids {
			if d.Clause(id) == nil {
				t.Fatalf("%q is no clause", id)
			}
		}
	})
}
