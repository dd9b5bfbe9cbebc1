package registry_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// watch is a clock that stands still until it is set.
type watch struct {
	mu sync.Mutex
	at time.Time
}

func (w *watch) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *watch) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

const (
	secret  = "correct horse battery"
	another = "another horse, another battery"
)

// house is a registry with its store at hand, to look at what is really kept.
type house struct {
	*registry.Registry
	store *bolt.Store
	path  string
	clock *watch
}

func openHouse(t testing.TB) house {
	t.Helper()
	path := filepath.Join(t.TempDir(), "registry.db")
	store, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	clock := &watch{at: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	reg, err := registry.Open(held(t, store), clock.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	return house{reg, store, path, clock}
}

func (h house) add(t *testing.T, id string, role registry.Role, region string) registry.Member {
	t.Helper()
	m, err := h.AddMember(registry.System, registry.Member{ID: id, Name: "某" + id, Role: role, Region: region}, secret)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (h house) signIn(t *testing.T, id, password string) string {
	t.Helper()
	token, m, err := h.SignIn(id, password)
	if err != nil || m.ID != id || m.Password != "" {
		t.Fatalf("SignIn(%q) = %+v, %v", id, m, err)
	}
	return token
}

// kept is everything in the store, and what of it are events.
func (h house) kept(t *testing.T) (all, events []byte) {
	t.Helper()
	err := h.store.View(func(tx registry.Tx) error {
		return tx.Scan(nil, nil, func(key, value []byte) error {
			all = append(append(append(all, key...), '\n'), value...)
			if bytes.HasPrefix(key, []byte("event\x00")) {
				events = append(events, value...)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, events
}

func (h house) verbs(t *testing.T) (list []string) {
	t.Helper()
	events, err := h.Events(0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		list = append(list, e.Actor+" "+string(e.Verb)+" "+e.Object)
	}
	return list
}

func TestSession(t *testing.T) {
	h := openHouse(t)
	want := h.add(t, "shen", registry.Representative, "31")
	token := h.signIn(t, "shen", secret)
	if len(token) < 43 {
		t.Errorf("token %q has less than 256 bits", token)
	}
	got, err := h.Session(token)
	if err != nil || got != want {
		t.Errorf("Session = %+v, %v; want %+v", got, err, want)
	}
	if other := h.signIn(t, "shen", secret); other == token {
		t.Error("two sessions have one token")
	}
	for _, wrong := range []string{"", "x", token + "x", strings.ToUpper(token)} {
		_, err := h.Session(wrong)
		refused(t, err, registry.Forbidden)
	}
	if err := h.SignOut(token); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Session(token); !registry.Refused(err, registry.Forbidden) {
		t.Errorf("a session goes on after its end: %v", err)
	}
	if err := h.SignOut(token); err != nil {
		t.Errorf("to end a session twice: %v", err)
	}
	want2 := []string{"system member.add members/shen", "shen session.open members/shen", "shen session.open members/shen", "shen session.close members/shen"}
	if got := h.verbs(t); !slices.Equal(got, want2) {
		t.Errorf("events %q, want %q", got, want2)
	}
}

func TestSignInRefused(t *testing.T) {
	h := openHouse(t)
	h.add(t, "shen", registry.Reader, "")
	before := h.verbs(t)
	var reasons []string
	for _, c := range [][2]string{{"shen", "wrong horse battery"}, {"shen", ""}, {"nobody", secret}, {"", secret}, {"", ""}, {"system", ""}, {"shen\x00", secret}, {"SHEN", secret}, {"shen", strings.Repeat("x", 1<<20)}} {
		token, m, err := h.SignIn(c[0], c[1])
		refused(t, err, registry.Forbidden)
		if token != "" || m != (registry.Member{}) {
			t.Errorf("SignIn(%q) gives %q, %+v with its refusal", c[0], token, m)
		}
		reasons = append(reasons, err.Error())
	}
	if slices.Sort(reasons); reasons[0] != reasons[len(reasons)-1] {
		t.Errorf("the refusals tell names apart: %q", slices.Compact(reasons))
	}
	if got := h.verbs(t); len(got) != len(before) {
		t.Errorf("a refused sign-in writes to the log: %q", got[len(before):])
	}
}

func TestSessionExpires(t *testing.T) {
	h := openHouse(t)
	h.add(t, "shen", registry.Reader, "")
	token := h.signIn(t, "shen", secret)
	h.clock.pass(7*24*time.Hour - time.Second) // used now and then
	if _, err := h.Session(token); err != nil {
		t.Errorf("a second before it was idle for too long: %v", err)
	}
	h.clock.pass(7*24*time.Hour + time.Second)
	if _, err := h.Session(token); err == nil {
		t.Error("a session that was idle for a week goes on")
	}
	token = h.signIn(t, "shen", secret)
	h.clock.pass(6 * 24 * time.Hour)
	if _, err := h.Session(token); err != nil {
		t.Error(err)
	}
	h.clock.pass(8*24*time.Hour - time.Second - 2*24*time.Hour)
	if _, err := h.Session(token); err != nil {
		t.Error(err)
	}
	h.clock.pass(2 * 24 * time.Hour)
	if _, err := h.Session(token); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	h.clock.pass(time.Second)
	_, err := h.Session(token)
	refused(t, err, registry.Forbidden)

	// The next sign-in forgets it.
	count := func() int {
		all, _ := h.kept(t)
		return bytes.Count(all, []byte("session\x00")) + bytes.Count(all, []byte("session-end\x00"))
	}
	if got := count(); got != 2 {
		t.Errorf("one session is kept in %d records, want 2", got)
	}
	h.signIn(t, "shen", secret)
	if got := count(); got != 2 {
		t.Errorf("after the next sign-in %d records are kept, want 2", got)
	}
}

// TestNothingSecretIsKept: neither passwords nor tokens are in the store, and
// hashes of passwords are not in the events.
func TestNothingSecretIsKept(t *testing.T) {
	h := openHouse(t)
	setup, err := h.SetupToken()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Setup(setup, "admin", "管理员", secret); err != nil {
		t.Fatal(err)
	}
	token := h.signIn(t, "admin", secret)
	if err := h.SetPassword(registry.Member{ID: "admin", Role: registry.Administrator}, "admin", secret, another); err != nil {
		t.Fatal(err)
	}
	again := h.signIn(t, "admin", another)
	all, events := h.kept(t)
	for _, s := range []string{secret, another, setup, token, again} {
		if bytes.Contains(all, []byte(s)) {
			t.Errorf("%q is kept as it is", s)
		}
	}
	if !bytes.Contains(all, []byte("$argon2id$")) {
		t.Error("the hash of the password is not where it was looked for")
	}
	if bytes.Contains(events, []byte("argon2id")) || len(events) == 0 {
		t.Error("an event bears the hash of a password")
	}
}

// TestMembersAreShown: no way that leads out of the registry carries a hash.
func TestMembersAreShown(t *testing.T) {
	h := openHouse(t)
	h.add(t, "shen", registry.Author, "31")
	h.add(t, "an", registry.Secretary, "")
	list, err := h.Members()
	if err != nil || len(list) != 2 || list[0].ID != "an" || list[1].ID != "shen" {
		t.Fatalf("Members = %+v, %v", list, err)
	}
	one, err := h.Member("shen")
	if err != nil {
		t.Fatal(err)
	}
	by, err := h.Session(h.signIn(t, "shen", secret))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal([]any{list, one, by})
	if err != nil || strings.Contains(string(raw), "argon2id") || strings.Contains(string(raw), "password") {
		t.Errorf("members bear their passwords: %s, %v", raw, err)
	}
	if one != list[1] || by != one {
		t.Errorf("one member in three ways: %+v, %+v, %+v", one, list[1], by)
	}
	_, err = h.Member("nobody")
	refused(t, err, registry.NotFound)
}

func TestAddMember(t *testing.T) {
	h := openHouse(t)
	good := registry.Member{ID: "shen-31", Name: "沈", Region: "31", Role: registry.Representative}
	admin := registry.Member{ID: "admin", Role: registry.Administrator}
	for _, c := range []struct {
		name     string
		change   func(*registry.Member)
		password string
		field    string
	}{
		{"id too short", func(m *registry.Member) { m.ID = "a" }, secret, "id"},
		{"id too long", func(m *registry.Member) { m.ID = strings.Repeat("a", 33) }, secret, "id"},
		{"id with capitals", func(m *registry.Member) { m.ID = "Shen" }, secret, "id"},
		{"id with a line end", func(m *registry.Member) { m.ID = "shen\n" }, secret, "id"},
		{"id of the system", func(m *registry.Member) { m.ID = "system" }, secret, "id"},
		{"no name", func(m *registry.Member) { m.Name = " " }, secret, "name"},
		{"name of two lines", func(m *registry.Member) { m.Name = "沈\n管理员" }, secret, "name"},
		{"long name", func(m *registry.Member) { m.Name = strings.Repeat("沈", 34) }, secret, "name"},
		{"unknown role", func(m *registry.Member) { m.Role = "king" }, secret, "role"},
		{"no role", func(m *registry.Member) { m.Role = "" }, secret, "role"},
		{"unknown region", func(m *registry.Member) { m.Region = "35" }, secret, "region"},
		{"representative of nowhere", func(m *registry.Member) { m.Region = "" }, secret, "region"},
		{"no password", func(*registry.Member) {}, "", "password"},
		{"short password", func(*registry.Member) {}, "123456789", "password"},
		{"short in characters", func(*registry.Member) {}, "一二三四五六七八九", "password"},
		{"endless password", func(*registry.Member) {}, strings.Repeat("x", 1001), "password"},
		{"password is the id", func(m *registry.Member) { m.ID = "shen-31-shanghai" }, "Shen-31-Shanghai", "password"},
	} {
		m := good
		c.change(&m)
		_, err := h.AddMember(admin, m, c.password)
		if r, ok := err.(*registry.Refusal); !ok || r.Kind != registry.Invalid || r.Field != c.field {
			t.Errorf("%s: got %v, want a refusal of field %s", c.name, err, c.field)
		}
	}
	for _, role := range []registry.Role{registry.Reader, registry.Author, registry.Representative, registry.Secretary} {
		_, err := h.AddMember(registry.Member{ID: "m", Role: role, Region: "31"}, good, secret)
		refused(t, err, registry.Forbidden)
	}
	_, err := h.AddMember(registry.Member{}, good, secret)
	refused(t, err, registry.Forbidden)
	if got := h.verbs(t); len(got) != 0 {
		t.Errorf("what was refused is in the log: %q", got)
	}

	sneaky := good
	sneaky.Password, sneaky.Created = "$argon2id$…", time.Unix(0, 0)
	got, err := h.AddMember(admin, sneaky, secret)
	if err != nil || got.Password != "" || !got.Created.Equal(h.clock.now()) {
		t.Errorf("AddMember = %+v, %v", got, err)
	}
	h.signIn(t, good.ID, secret)
	_, err = h.AddMember(admin, good, another)
	refused(t, err, registry.Conflict)
	h.signIn(t, good.ID, secret)
}

func TestSetPassword(t *testing.T) {
	h := openHouse(t)
	shen := h.add(t, "shen", registry.Representative, "31")
	zhou := h.add(t, "zhou", registry.Representative, "31")
	sec := h.add(t, "sec", registry.Secretary, "")
	admin := h.add(t, "admin", registry.Administrator, "")
	mine, theirs := h.signIn(t, "shen", secret), h.signIn(t, "zhou", secret)

	refused(t, h.SetPassword(shen, "shen", "wrong horse battery", another), registry.Invalid)
	refused(t, h.SetPassword(shen, "shen", secret, "short"), registry.Invalid)
	refused(t, h.SetPassword(shen, "shen", secret, "shen"), registry.Invalid)
	refused(t, h.SetPassword(zhou, "shen", secret, another), registry.Forbidden) // of the same region
	refused(t, h.SetPassword(sec, "shen", secret, another), registry.Forbidden)
	refused(t, h.SetPassword(registry.Member{}, "", "", another), registry.Forbidden)
	refused(t, h.SetPassword(registry.Member{}, "shen", secret, another), registry.Forbidden)
	refused(t, h.SetPassword(admin, "nobody", "", another), registry.NotFound)
	refused(t, h.SetPassword(admin, "admin", "", another), registry.Invalid) // its own takes the old one
	if _, err := h.Session(mine); err != nil {
		t.Errorf("a refused change ends the session: %v", err)
	}

	if err := h.SetPassword(shen, "shen", secret, another); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Session(mine); !registry.Refused(err, registry.Forbidden) {
		t.Errorf("a session goes on after the password was changed: %v", err)
	}
	if _, err := h.Session(theirs); err != nil {
		t.Errorf("another member's session ends: %v", err)
	}
	_, _, err := h.SignIn("shen", secret)
	refused(t, err, registry.Forbidden)
	h.signIn(t, "shen", another)

	if err := h.SetPassword(sec, "sec", secret, another); err != nil { // without a region
		t.Error(err)
	}
	if err := h.SetPassword(admin, "zhou", "", another); err != nil {
		t.Error(err)
	}
	h.signIn(t, "zhou", another)
}

func TestSetup(t *testing.T) {
	h := openHouse(t)
	refused(t, h.Setup("", "admin", "管理员", secret), registry.Forbidden) // nobody was invited
	first, err := h.SetupToken()
	if err != nil {
		t.Fatal(err)
	}
	token, err := h.SetupToken()
	if err != nil || token == first {
		t.Fatalf("SetupToken again: %v", err)
	}
	refused(t, h.Setup(first, "admin", "管理员", secret), registry.Forbidden) // replaced
	refused(t, h.Setup(token, "admin", "管理员", "short"), registry.Invalid)  // and may be used again
	refused(t, h.Setup(token, "A", "管理员", secret), registry.Invalid)
	h.clock.pass(24 * time.Hour)
	refused(t, h.Setup(token, "admin", "管理员", secret), registry.Forbidden) // over
	if token, err = h.SetupToken(); err != nil {
		t.Fatal(err)
	}
	h.clock.pass(24*time.Hour - time.Second)

	// Of many who hold the link one comes first.
	var all sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		all.Go(func() { errs[i] = h.Setup(token, "admin-"+string(rune('a'+i)), "管理员", secret) })
	}
	all.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
		} else if !registry.Refused(err, registry.Conflict) {
			t.Errorf("who came second: %v", err)
		}
	}
	list, err := h.Members()
	if err != nil || made != 1 || len(list) != 1 || list[0].Role != registry.Administrator {
		t.Fatalf("%d setups succeeded; members %+v, %v", made, list, err)
	}
	h.signIn(t, list[0].ID, secret)

	_, err = h.SetupToken()
	refused(t, err, registry.Conflict)
	refused(t, h.Setup(token, "second", "管理员", secret), registry.Conflict)
	verbs := h.verbs(t)
	if want := "system registry.setup members/" + list[0].ID; !slices.Contains(verbs, want) {
		t.Errorf("events %q, want %q among them", verbs, want)
	}
}

func TestThrottle(t *testing.T) {
	clock := &watch{at: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	th := registry.NewThrottle(clock.now)
	free := 0
	for th.Try("shen", "192.0.2.1") == nil {
		if free++; free > 100 {
			t.Fatal("guessing is not slowed down")
		}
	}
	if free != 5 {
		t.Errorf("%d tries are free, want 5", free)
	}
	for _, other := range [][2]string{{"shen", "192.0.2.2"}, {"zhou", "192.0.2.1"}} {
		if err := th.Try(other[0], other[1]); err != nil {
			t.Errorf("%v is locked out by another: %v", other, err)
		}
	}

	// The wait doubles, and has an end.
	want := time.Second
	for range 14 {
		clock.pass(want - time.Millisecond)
		refused(t, th.Try("shen", "192.0.2.1"), registry.Forbidden)
		clock.pass(time.Millisecond)
		if err := th.Try("shen", "192.0.2.1"); err != nil {
			t.Fatalf("after a wait of %v: %v", want, err)
		}
		want = min(2*want, 15*time.Minute)
	}
	// In a day of tries: not many.
	tries := 0
	for day := clock.now().Add(24 * time.Hour); clock.now().Before(day); clock.pass(time.Minute) {
		if th.Try("shen", "192.0.2.1") == nil {
			tries++
		}
	}
	if tries > 100 {
		t.Errorf("%d passwords can be tried in a day", tries)
	}

	th.Passed("shen", "192.0.2.1")
	for range 5 {
		if err := th.Try("shen", "192.0.2.1"); err != nil {
			t.Errorf("after a sign-in: %v", err)
		}
	}
	clock.pass(16 * time.Minute)
	for range 5 {
		if err := th.Try("shen", "192.0.2.1"); err != nil {
			t.Errorf("after a quiet time: %v", err)
		}
	}
}

// TestThrottleAddresses: one network of IPv6 is one address; memory is bounded.
func TestThrottleAddresses(t *testing.T) {
	clock := &watch{at: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	th := registry.NewThrottle(clock.now)
	for i := range 5 {
		if err := th.Try("shen", "2001:db8::"+string(rune('1'+i))); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, th.Try("shen", "2001:db8::ffff"), registry.Forbidden)
	if err := th.Try("shen", "2001:db8:0:1::1"); err != nil {
		t.Errorf("another network: %v", err)
	}
	if err := th.Try("shen", "not an address"); err != nil {
		t.Error(err)
	}
}

// TestThrottleAtOnce: many tries at once count as many.
func TestThrottleAtOnce(t *testing.T) {
	th := registry.NewThrottle((&watch{at: time.Unix(1e9, 0)}).now)
	var all sync.WaitGroup
	passed := make(chan bool, 100)
	for range 100 {
		all.Go(func() { passed <- th.Try("shen", "192.0.2.1") == nil })
	}
	all.Wait()
	close(passed)
	n := 0
	for ok := range passed {
		if ok {
			n++
		}
	}
	if n != 5 {
		t.Errorf("%d of 100 tries at once pass, want 5", n)
	}
}

// TestOpenSession: one click signs in a member of a demonstration, and nobody
// anywhere else.
func TestOpenSession(t *testing.T) {
	h := openHouse(t)
	h.add(t, "real", registry.Reader, "")
	put := func(key, value string) {
		t.Helper()
		if err := h.store.Update(func(tx registry.Tx) error { return tx.Put([]byte(key), []byte(value)) }); err != nil {
			t.Fatal(err)
		}
	}
	put("member\x00demo", `{"id":"demo","name":"示范","role":"administrator"}`)
	for _, id := range []string{"real", "demo"} {
		_, err := h.OpenSession(id)
		refused(t, err, registry.Forbidden)
	}
	put("demonstration", "1")
	_, err := h.OpenSession("real")
	refused(t, err, registry.Forbidden)
	_, err = h.OpenSession("nobody")
	refused(t, err, registry.NotFound)
	token, err := h.OpenSession("demo")
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.Session(token)
	if err != nil || m.ID != "demo" {
		t.Errorf("Session = %+v, %v", m, err)
	}
	_, _, err = h.SignIn("demo", "")
	refused(t, err, registry.Forbidden)
	// Nobody takes a member of the demonstration for themselves.
	refused(t, h.SetPassword(m, "demo", "", another), registry.Forbidden)
}
