package registry_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tongbiao/registry"
)

// Whatever is committed while many watch from different places, each sees every
// event once and in order.
func TestWatchLosesNothing(t *testing.T) {
	reg, _ := two(t)
	const writes, watchers = 700, 12 // more than the window holds
	head, err := reg.LastEvent()
	if err != nil {
		t.Fatal(err)
	}
	end := head.Seq + writes
	var all sync.WaitGroup
	for n := range watchers {
		since := head.Seq * uint64(n%3) / 2
		all.Go(func() {
			w := reg.Watch(since)
			for next := since + 1; next <= end; {
				list, err := w.Next(t.Context())
				if err != nil {
					t.Errorf("watcher %d: %v", n, err)
					return
				}
				for _, e := range list {
					if e.Seq != next || e.Sum() != e.Hash {
						t.Errorf("watcher %d: got event %d (whole: %v), want %d", n, e.Seq, e.Sum() == e.Hash, next)
						return
					}
					next++
				}
			}
			if w.Seq() != end {
				t.Errorf("watcher %d stands at %d, want %d", n, w.Seq(), end)
			}
		})
	}
	row := workbench(t, reg).Rows[0]
	long := strings.Repeat("很长的条文。", 2000) // more than the window holds of one event
	for n := range writes {
		text := fmt.Sprintf("第 %d 稿。", n)
		if n%100 == 0 {
			text += long
		}
		got, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "", text)
		if err != nil {
			t.Fatal(err)
		}
		row.Version = got.Version
	}
	all.Wait()
	late := reg.Watch(0) // far behind: from the store
	for n := uint64(1); n <= end; {
		list, err := late.Read()
		if err != nil || len(list) == 0 || list[0].Seq != n {
			t.Fatalf("a late watcher at %d: %d events, %v", n, len(list), err)
		}
		n += uint64(len(list))
	}
	if list, err := late.Read(); len(list) > 0 || err != nil {
		t.Errorf("after the last event there are %d more, %v", len(list), err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := late.Next(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("a wait that was ended gave %v", err)
	}
}

func TestRowEvents(t *testing.T) {
	reg, v := two(t)
	row, other := v.Rows[0], v.Rows[1]
	for n, text := range []string{"一。", "二。", "三。"} {
		if _, err := reg.UnifyRow(shanghai, "p", row.ID, row.Version+n, "", text); err != nil {
			t.Fatal(err)
		}
		if _, err := reg.ConfirmRow(shanghai, "p", other.ID, other.Version+n, n%2 == 0); err != nil {
			t.Fatal(err)
		}
	}
	list, err := reg.RowEvents("p", row.ID, 2)
	if err != nil || len(list) != 2 || list[1].Verb != registry.Unify || !strings.Contains(string(list[1].Data), "三。") {
		t.Errorf("got %d events, %v; want the last two", len(list), err)
	}
	if list, _ := reg.RowEvents("p", "nowhere", 9); len(list) > 0 {
		t.Errorf("a row that is none has %d events", len(list))
	}
}
