package registry_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongbiao/editor/convert"
	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// roundRows are n comments of many units on the clauses of a text.
func roundRows(n int) []convert.CommentRow {
	rows := make([]convert.CommentRow, n)
	for i := range rows {
		rows[i] = convert.CommentRow{At: i + 2, Clause: []string{"2.1", "2.2", "附录A", "全文"}[i%4], Comment: fmt.Sprintf("第 %d 条意见：%s", i, strings.Repeat("时限过短，", 10)),
			Proposed: "应在 48 h 内投递。", By: fmt.Sprintf("单位%d", i%200), Disposition: "不采纳", Reason: "已有调研"}
	}
	return rows
}

// BenchmarkRound measures 5,000 comments on one standard: brought in, planned
// again, sent out.
func BenchmarkRound(b *testing.B) {
	rows := roundRows(5000)
	fresh := func() *registry.Registry {
		store, err := bolt.Open(filepath.Join(b.TempDir(), "registry.db"))
		if err != nil {
			b.Fatal(err)
		}
		reg, err := registry.Open(store, time.Now)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { reg.Close() })
		done, err := reg.Import(registry.System, []registry.Incoming{{Path: "round.md", Source: []byte(roundText)}})
		if err != nil || done[0].Err != nil {
			b.Fatalf("%v %v", err, done)
		}
		return reg
	}
	b.Run("import", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			reg := fresh()
			b.StartTimer()
			if _, err := reg.ImportRound(secretary, "round", "x", rows, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	reg := fresh()
	if _, err := reg.ImportRound(secretary, "round", "x", rows, nil); err != nil {
		b.Fatal(err)
	}
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			if p, err := reg.PlanRound(secretary, "round", rows); err != nil || len(p.Of(registry.RoundSame)) != len(rows) {
				b.Fatalf("%v", err)
			}
		}
	})
	b.Run("export", func(b *testing.B) {
		for b.Loop() {
			s, err := reg.CommentSheet(secretary, "round")
			if err != nil || len(s.Rows) != len(rows) {
				b.Fatalf("%d rows, %v", len(s.Rows), err)
			}
			var out bytes.Buffer
			if err := convert.GBForm.WriteXLSX(&out, s); err != nil {
				b.Fatal(err)
			}
		}
	})
}
