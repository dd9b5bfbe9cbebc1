package registry_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"tongbiao/registry"
)

// TestWhoLeavesLeavesNoWayIn: with a membership end the feeds and the webhooks of
// its subscriptions, and what an administrator handed out that was not used yet.
func TestWhoLeavesLeavesNoWayIn(t *testing.T) {
	for what, leave := range map[string]func(h house, admin registry.Member, id string) error{
		"ended":  func(h house, admin registry.Member, id string) error { return h.EndMembership(admin, id) },
		"erased": func(h house, admin registry.Member, id string) error { return h.EraseMember(admin, id, "") },
		"demoted": func(h house, admin registry.Member, id string) error {
			return h.ChangeMember(admin, id, registry.Reader, "")
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := openHouse(t)
			admin, second := h.add(t, "admin", registry.Administrator, ""), h.add(t, "second", registry.Administrator, "")
			h.add(t, "shen", registry.Reader, "")
			done, err := h.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}})
			h.must(t, err)
			h.must(t, done[0].Err)
			sub, err := h.Subscribe(second, registry.Subscription{Kind: registry.ToStandard, On: registry.Ref{Standard: "sh-express"}, Hook: registry.Hook{URL: "https://example.org/hook", Form: registry.HookJSON}})
			h.must(t, err)
			h.must(t, h.TestHook(second, sub.ID))
			_, theirs, err := h.Invite(second, registry.Administrator, "", "")
			h.must(t, err)
			link, err := h.OfferReset(second, "shen")
			h.must(t, err)
			_, others, err := h.Invite(admin, registry.Reader, "", "")
			h.must(t, err)

			h.must(t, leave(h, admin, "second"))
			_, err = h.Join(theirs, "thief", "贼", secret)
			refused(t, err, registry.Forbidden)
			refused(t, h.Reset(link, another), registry.Forbidden)
			_, err = h.Join(others, "zhou", "周", secret)
			h.must(t, err)
			if what == "demoted" {
				return // still a member, with its own subscriptions
			}
			if _, err := h.SubscriptionOf(sub.Token, 1); !registry.Refused(err, registry.NotFound) {
				t.Errorf("the feed of who left still answers: %v", err)
			}
			if due, err := h.DuePushes(); err != nil || len(due) > 0 {
				t.Errorf("%d calls to the webhook of who left are due, %v", len(due), err)
			}
		})
	}
}

// TestAnotherPasswordFromAnAdministratorEndsTokens as a link for a new password
// does: it is what is done where an account was taken.
func TestAnotherPasswordFromAnAdministratorEndsTokens(t *testing.T) {
	h := openHouse(t)
	admin, sec := h.add(t, "admin", registry.Administrator, ""), h.add(t, "sec", registry.Secretary, "")
	_, key, err := h.MakeToken(sec, "脚本", nil, 24*time.Hour)
	h.must(t, err)
	h.must(t, h.SetPassword(sec, "sec", secret, another))
	if _, err := h.Bearer(key); err != nil {
		t.Errorf("one's own new password ends one's programs: %v", err)
	}
	h.must(t, h.SetPassword(admin, "sec", "", secret))
	_, err = h.Bearer(key)
	refused(t, err, registry.Forbidden)
}

// TestASeatNeedsTheFactorOfItsRole: who is a secretary in one project alone is one.
func TestASeatNeedsTheFactorOfItsRole(t *testing.T) {
	h := openHouse(t)
	admin := h.add(t, "admin", registry.Administrator, "")
	shen := h.add(t, "shen", registry.Reader, "31")
	done, err := h.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}, {Path: "js.md", Source: []byte(jsText)}})
	h.must(t, err)
	h.must(t, done[1].Err)
	_, err = h.CreateProject(admin, registry.Project{ID: "p", Title: "统一", Participants: []registry.Participant{{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}}}})
	h.must(t, err)
	h.must(t, h.RequireFactor(admin, []registry.Role{registry.Secretary}))
	session := h.signIn(t, "shen", secret)
	if m, err := h.Session(session); err != nil || m.Scope.Enrolling() {
		t.Errorf("a reader: %+v, %v", m, err)
	}
	h.must(t, h.GiveSeat(admin, "shen", registry.Chair{Project: "p", Role: registry.Secretary}))
	if m, err := h.Session(session); err != nil || !m.Scope.Enrolling() {
		t.Errorf("with a secretary's seat and no second factor: %+v, %v", m, err)
	}
	if f, err := h.Factor(shen); err != nil || !f.Required {
		t.Errorf("Factor = %+v, %v", f, err)
	}
}

// TestExportHoldsNoSecret: what opens something is left out of what a member takes
// home, wherever in a record it stands.
func TestExportHoldsNoSecret(t *testing.T) {
	h := openHouse(t)
	shen := h.add(t, "shen", registry.Reader, "")
	sub, err := h.Subscribe(shen, registry.Subscription{Kind: registry.ToSearch, Query: "q=投递", Hook: registry.Hook{URL: "https://example.org/hook", Form: registry.HookJSON}})
	h.must(t, err)
	var out bytes.Buffer
	h.must(t, h.ExportMember(shen, "shen", &out))
	files, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	h.must(t, err)
	for _, f := range files.File {
		r, err := f.Open()
		h.must(t, err)
		raw, err := io.ReadAll(r)
		h.must(t, err)
		if bytes.Contains(raw, []byte(sub.Secret)) {
			t.Errorf("%s holds the secret that signs calls", f.Name)
		}
	}
}

// TestAReadTokenMarksNothingRead: a notice of a strange sign-in stays unread until
// a person has seen it.
func TestAReadTokenMarksNothingRead(t *testing.T) {
	h := openHouse(t)
	shen := h.add(t, "shen", registry.Reader, "")
	_, key, err := h.MakeToken(shen, "脚本", nil, 24*time.Hour)
	h.must(t, err)
	m, err := h.Bearer(key)
	h.must(t, err)
	refused(t, h.ReadNotices(m, 1), registry.Forbidden)
	h.must(t, h.ReadNotices(shen, 1))
}

// TestABackupThatRepeatsItselfIsRefused: a few bytes that unpack to the same
// record over and over fill neither the disk nor the day.
func TestABackupThatRepeatsItselfIsRefused(t *testing.T) {
	plain := []byte(`{"format":"tongbiao-backup","version":1}` + "\n")
	record := append([]byte{1, 'a', 0x80, 0x80, 0x40}, make([]byte, 1<<20)...) // key "a", a mebibyte of zeros
	for range 8 {
		plain = append(plain, record...)
	}
	sum := sha256.Sum256(append(plain, 0))
	plain = fmt.Appendf(append(plain, 0), `{"records":8,"sha256":"%x"}`+"\n", sum)
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	_, err = registry.ReadBackup(bytes.NewReader(z.EncodeAll(plain, nil)), func(_, value []byte) error { read += len(value); return nil })
	refused(t, err, registry.Invalid)
	if read > 1<<20 {
		t.Errorf("%d bytes were taken", read)
	}
}

// TestManyNamesEndNobodysWait: the memory of a throttle is bounded, and to fill it
// does not give more tries at one name.
func TestManyNamesEndNobodysWait(t *testing.T) {
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	th := registry.NewThrottle(func() time.Time { return at })
	for th.Try("shen", "192.0.2.1") == nil {
	}
	for i := range 25_000 {
		if err := th.Try(fmt.Sprint("name", i), "192.0.2.1"); err != nil {
			t.Fatalf("a name that nobody tried: %v", err)
		}
	}
	refused(t, th.Try("shen", "192.0.2.1"), registry.Forbidden)
}
