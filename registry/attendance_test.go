package registry_test

import (
	"strings"
	"testing"

	"tongbiao/registry"
)

// The minutes name everybody who was there at some time, and say when each came
// and went.
func TestMinutesSayWhoCameAndWent(t *testing.T) {
	reg, m := atMeeting(t)
	come := append(m.Present[:len(m.Present):len(m.Present)], registry.Attendee{Member: "js"})
	m, err := reg.Attend(secretary, "p", m.ID, m.Attended, come, []registry.Guest{{Organisation: "某协会", Name: "李四"}})
	if err != nil {
		t.Fatal(err)
	}
	if m, err = reg.Attend(secretary, "p", m.ID, m.Attended, come[1:], m.Guests); err != nil {
		t.Fatal(err)
	}
	if m, err = reg.Attend(secretary, "p", m.ID, m.Attended, come[1:], m.Guests); err != nil { // nothing new
		t.Fatal(err)
	}
	if _, err := reg.CloseMeeting(secretary, "p", m.ID); err != nil {
		t.Fatal(err)
	}
	told, err := reg.Minutes("p", m.ID)
	if err != nil {
		t.Fatal(err)
	}
	text := string(told.Markdown())
	first := told.Arrivals[0].Present[0].Name
	for _, want := range []string{"（江苏省地区代表）到会", "某协会 李四列席", "秘书（秘书处）离会", "到会人员", first} {
		if !strings.Contains(text, want) {
			t.Errorf("the minutes do not say %q:\n%.1500s", want, text)
		}
	}
	if n := strings.Count(text, "签到更新"); n != 2 {
		t.Errorf("the minutes tell of %d changes, want 2:\n%.1500s", n, text)
	}
	faultless(t, reg)
}
