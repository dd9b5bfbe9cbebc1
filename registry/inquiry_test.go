package registry_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongbiao/editor/convert"
	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/standards"
)

// bundled holds the bundled standards.
func bundled(tb testing.TB) *registry.Registry {
	tb.Helper()
	store, err := bolt.Open(filepath.Join(tb.TempDir(), "registry.db"))
	if err != nil {
		tb.Fatal(err)
	}
	c := &clock{time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	reg, err := registry.Open(held(tb, store), c.now)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { reg.Close() })
	names, _ := fs.Glob(standards.FS, "*.md")
	var in []registry.Incoming
	for _, n := range names {
		source, err := standards.FS.ReadFile(n)
		if err != nil {
			tb.Fatal(err)
		}
		in = append(in, registry.Incoming{Path: n, Source: source})
	}
	done, err := reg.Import(registry.System, in)
	if err != nil {
		tb.Fatal(err)
	}
	for _, d := range done {
		if d.Err != nil {
			tb.Fatalf("%s: %v", d.Path, d.Err)
		}
	}
	return reg
}

func TestInquire(t *testing.T) {
	reg := bundled(t)
	for _, want := range []struct{ said, on, number, advice, status, by string }{
		{"DB31/T 示范001—2025", "", "DB31/T 示范001—2025", "use", "in-force", ""},
		{"ｄｂ３１／ｔ示范００１", "", "DB31/T 示范001", "use", "in-force", ""},
		{"DB31T示范001-2021 快递末端服务规范", "", "DB31/T 示范001—2021", "replaced", "superseded", "DB31/T 示范001—2025"},
		{"DB31/T 示范001-2021", "2023-06-01", "DB31/T 示范001—2021", "use", "in-force", "DB31/T 示范001—2025"},
		{"DB31/T 示范001-2025", "2025-02-01", "DB31/T 示范001—2025", "not-yet", "published", ""},
		{"DB31/T 示范001-2019", "", "DB31/T 示范001—2019", "year", "", ""},
		{"GB/T 999999", "", "GB/T 999999", "not-held", "", ""},
		{"快递服务", "", "", "not-number", "", ""},
		{"《快递末端服务安全与权益保护基本要求》", "", "", "use", "in-force", ""},
	} {
		got, err := reg.Inquire([]string{want.said}, want.on)
		if err != nil || len(got) != 1 {
			t.Fatalf("%s: %v, %v", want.said, got, err)
		}
		g := got[0]
		if g.Number != want.number || string(g.Advice) != want.advice || g.Status != want.status || g.Superseded != want.by {
			t.Errorf("%s on %q: %q %s %s by %q, want %q %s %s by %q", want.said, want.on, g.Number, g.Advice, g.Status, g.Superseded, want.number, want.advice, want.status, want.by)
		}
	}
	if _, err := reg.Inquire(make([]string, 9000), ""); err != nil {
		t.Errorf("blank lines count: %v", err)
	}
	_, err := reg.Inquire(strings.Split(strings.Repeat("GB 1\n", registry.MaxInquiry+1)+"GB 1", "\n"), "")
	refused(t, err, registry.Invalid)
	_, err = reg.Inquire(nil, "2026-13-01")
	refused(t, err, registry.Invalid)
}

func TestInquiryLines(t *testing.T) {
	got := registry.InquiryLines("GB/T 1.1-2020、GB/T 10757；YZ/T 0133\n\n《上海市、江苏省联合规定》\r\n")
	if want := "[GB/T 1.1-2020 GB/T 10757 YZ/T 0133 《上海市、江苏省联合规定》]"; fmt.Sprint(got) != want {
		t.Errorf("%q, want %s", got, want)
	}
	got = registry.SheetLines([]convert.Sheet{{Rows: [][]string{{"序号", "标准编号"}, {"1", "GB/T 1.1-2020"}, {"2", "快递暂行条例"}, {"3"}}}})
	if want := "[GB/T 1.1-2020 快递暂行条例]"; fmt.Sprint(got) != want {
		t.Errorf("%q, want %s", got, want)
	}
}

func FuzzInquire(f *testing.F) {
	reg := bundled(f)
	f.Add("GB/T27917.1-2023\nDB31/T 示范001、DB31T示范001-2021\n《》", "2023-06-01")
	f.Fuzz(func(t *testing.T, text, on string) {
		lines := registry.InquiryLines(text)
		got, err := reg.Inquire(lines, on)
		if err != nil && !registry.Refused(err, registry.Invalid) {
			t.Fatal(err)
		}
		if err == nil && len(got) != len(lines) {
			t.Fatalf("%d lines, %d answers", len(lines), len(got))
		}
	})
}

// BenchmarkInquire asks for 500 numbers, of which a third is held.
func BenchmarkInquire(b *testing.B) {
	reg := bundled(b)
	held := []string{"DB31/T 示范001—2025", "DB32T示范001", "ＤＢ３３／Ｔ示范００１", "DB31/T 示范001-2021", "GB 示范001"}
	var lines []string
	for i := range 500 {
		if i%3 == 0 {
			lines = append(lines, held[i/3%len(held)])
		} else {
			lines = append(lines, fmt.Sprintf("GB/T%d.%d-%d 某某规范", 10000+i, i%7, 1995+i%30))
		}
	}
	for b.Loop() {
		if got, err := reg.Inquire(lines, ""); err != nil || len(got) != 500 {
			b.Fatal(len(got), err)
		}
	}
}
