package main

import (
	"testing"
	"time"

	"tongbiao/registry"
)

// A demonstration's past lies before the day on which it was made, its log goes
// forward, and what it holds has no fault. Making it again changes nothing.
func TestDemonstrationHasAPast(t *testing.T) {
	d := dataFlag{Data: t.TempDir()}
	made := time.Date(2026, 11, 24, 7, 30, 0, 0, registry.China) // before the hour at which its days begin
	for range 2 {
		if err := d.furnish(made); err != nil {
			t.Fatal(err)
		}
	}
	reg, err := d.open()
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	log, err := reg.Events(0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var last time.Time
	for _, e := range log {
		if e.Time.Before(last) || e.Time.After(made) {
			t.Errorf("event %d is of %s, after one of %s; made %s", e.Seq, e.Time, last, made)
		}
		last = e.Time
	}
	p, err := reg.Progress(demoProject.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range registry.States {
		if p.Counts.Of(s) == 0 {
			t.Errorf("no row is %s", s)
		}
	}
	if len(p.Weeks) < 3 || len(p.Days) < 15 {
		t.Errorf("the past has %d weeks, %d days", len(p.Weeks), len(p.Days))
	}
	if yes, err := reg.Demonstration(); !yes || err != nil {
		t.Errorf("it is no demonstration: %v", err)
	}
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
}
