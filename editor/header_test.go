package editor

import (
	"reflect"
	"strings"
	"testing"
)

func TestHeader(t *testing.T) {
	for _, c := range []struct {
		name, yaml string
		want       Header
	}{
		{"scalars where lists are", "title: 甲\nnumber: DB31/T 1—2021\nregion: 31\nics: \"03.240\"\nccs: A 85\nreplaces: 乙\nadopts: ISO 1:2020 MOD",
			Header{Title: "甲", Numbers: []string{"DB31/T 1—2021"}, Regions: []string{"31"}, ICS: []string{"03.240"}, CCS: []string{"A 85"}, Replaces: []string{"乙"}, Adopts: []string{"ISO 1:2020 MOD"}}},
		{"lists", "title: 甲\nnumber: [A, B]\nregion: [\"31\", \"32\"]", Header{Title: "甲", Numbers: []string{"A", "B"}, Regions: []string{"31", "32"}}},
		{"dates", "title: 甲\npublished: 2025-07-12 00:00:00\neffective: 2025年9月1日", Header{Title: "甲", Published: "2025-07-12", Effective: "2025-09-01"}},
		{"foreign keys", "title: 安徽省志愿服务条例\nid: A%3D\noffice: 常委会\npublish: \"2019-12-02 00:00:00\"\neffective_date: 2020/1/1\ntype: 地方性法规\nstatus: 现行有效\nurl: u",
			Header{Title: "安徽省志愿服务条例", Regions: []string{"34"}, Kind: "regulation", Issuer: "常委会", Published: "2019-12-02", Effective: "2020-01-01", Status: "in-force",
				Extra: map[string]any{"source_id": "A%3D", "type": "地方性法规", "url": "u"}}},
		{"our keys win", "title: 甲\nissuer: 乙\noffice: 丙", Header{Title: "甲", Issuer: "乙", Extra: map[string]any{"office": "丙"}}},
		{"region of a city", "title: 杭州市物业管理条例", Header{Title: "杭州市物业管理条例", Regions: []string{"33"}}},
		{"region of a zone", "title: 中国（上海）自由贸易试验区条例", Header{Title: "中国（上海）自由贸易试验区条例", Regions: []string{"31"}}},
		{"region that is said", "title: 上海市条例\nregion: [\"32\"]", Header{Title: "上海市条例", Regions: []string{"32"}}},
		{"unknown values", "title: 甲\na: 1\nb: 1.50\nc: true\nd:\ne: [x, {f: 2026-06-08}]\ng: \"1\"\nh: |\n  i\n  j",
			Header{Title: "甲", Extra: map[string]any{"a": 1, "b": "1.50", "c": true, "d": nil, "e": []any{"x", map[string]any{"f": "2026-06-08"}}, "g": "1", "h": "i\nj\n"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := document(t, "---\n"+c.yaml+"\nconvention: regulation\n---\n")
			c.want.Convention = Regulation
			if !reflect.DeepEqual(d.Header, c.want) {
				t.Errorf("got  %#v\nwant %#v", d.Header, c.want)
			}
			again := document(t, "---\n"+string(d.Header.Marshal())+"---\n")
			if !reflect.DeepEqual(again.Header, d.Header) {
				t.Errorf("written\n%s\nread %#v", d.Header.Marshal(), again.Header)
			}
		})
	}
}

func TestHeaderSchema(t *testing.T) {
	for yaml, key := range map[string]string{
		"title: \"\"":                     "title",
		"title: a\nstatus: 奇怪":            "status",
		"title: a\nkind: 奇怪":              "kind",
		"title: a\npublished: 昨天":         "published",
		"title: a\nregion: 上海":            "region",
		"title: a\nics: [x]":              "ics",
		"title: a\nccs: [1]":              "ccs",
		"title: a\neffective: 2025-02-30": "effective",
	} {
		_, findings, err := Parse([]byte("---\n" + yaml + "\nconvention: standard\n---\n"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range findings {
			found = found || strings.HasPrefix(f.Rule, "HEAD-") && strings.Contains(f.Message, key) && f.Line > 0
		}
		if !found {
			t.Errorf("%q: nothing about %s in %v", yaml, key, findings)
		}
	}
	_, findings, err := Parse([]byte("---\nid: db31-t-1\ntitle: 甲\nnumber: DB31/T 1—2021\nkind: local\nregion: \"31\"\nstatus: draft\nics: [\"03.240\"]\nccs: [A 85]\npublished: 2025-01-20\nconvention: standard\n---\n"))
	if err != nil || len(findings) > 0 {
		t.Errorf("a sound header: %v %v", findings, err)
	}
}

func TestPrimary(t *testing.T) {
	if got := (Header{Numbers: []string{"a", "b"}}).Primary(); got != "a" {
		t.Errorf("got %q", got)
	}
	if got := (Header{}).Primary(); got != "" {
		t.Errorf("got %q", got)
	}
}
