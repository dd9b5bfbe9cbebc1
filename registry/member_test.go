package registry_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
)

func (h house) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestMembershipChangesCountAtOnce: the session that is open has the new role
// with its next request, and none once the membership has ended.
func TestMembershipChangesCountAtOnce(t *testing.T) {
	h := openHouse(t)
	admin := h.add(t, "admin", registry.Administrator, "")
	h.add(t, "shen", registry.Author, "31")
	session := h.signIn(t, "shen", secret)
	was, err := h.Session(session)
	h.must(t, err)
	_, key, err := h.MakeToken(was, "脚本", []string{"comment"}, 24*time.Hour)
	h.must(t, err)

	h.must(t, h.ChangeMember(admin, "shen", registry.Representative, "32"))
	if now, err := h.Session(session); err != nil || now.Role != registry.Representative || now.Region != "32" {
		t.Errorf("after the change: %+v, %v", now, err)
	}
	h.must(t, h.EndMembership(admin, "shen"))
	_, err = h.Session(session)
	refused(t, err, registry.Forbidden)
	_, err = h.Bearer(key)
	refused(t, err, registry.Forbidden)
	_, _, err = h.SignIn("shen", secret)
	refused(t, err, registry.Forbidden)
	_, _, err = h.AddSynonyms(was, "p", []string{"智能快件箱", "快递柜"}) // a request that was under way
	refused(t, err, registry.Forbidden)
	h.must(t, h.ReopenMember(admin, "shen"))
	h.signIn(t, "shen", secret)

	// The last administrator can be neither demoted nor ended nor erased.
	refused(t, h.ChangeMember(admin, "admin", registry.Reader, ""), registry.Conflict)
	refused(t, h.EndMembership(admin, "admin"), registry.Conflict)
	refused(t, h.EraseMember(admin, "admin", secret), registry.Conflict)
	h.add(t, "second", registry.Administrator, "")
	h.must(t, h.EndMembership(admin, "second"))
	refused(t, h.EndMembership(admin, "admin"), registry.Conflict) // one that has ended is none

	// On the machine itself one is got back.
	link, err := h.Appoint("second", "")
	h.must(t, err)
	h.must(t, h.Reset(link, another))
	if m, err := h.Session(h.signIn(t, "second", another)); err != nil || m.Role != registry.Administrator {
		t.Errorf("appointed: %+v, %v", m, err)
	}
	refused(t, h.Reset(link, secret), registry.Forbidden) // it works once
}

// TestSeatsCountInTheirProject: a role in one project is none in another, and
// none outside of projects.
func TestSeatsCountInTheirProject(t *testing.T) {
	h := openHouse(t)
	admin, sec := h.add(t, "admin", registry.Administrator, ""), h.add(t, "sec", registry.Secretary, "")
	h.add(t, "shen", registry.Reader, "31")
	done, err := h.Import(sec, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}, {Path: "js.md", Source: []byte(jsText)}})
	h.must(t, err)
	for _, d := range done {
		h.must(t, d.Err)
	}
	for _, id := range []string{"p", "q"} {
		_, err = h.CreateProject(sec, registry.Project{ID: id, Title: "统一" + id, Participants: []registry.Participant{{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}}}})
		h.must(t, err)
	}
	h.must(t, h.GiveSeat(admin, "shen", registry.Chair{Project: "p", Role: registry.Secretary}))
	shen, err := h.Member("shen")
	h.must(t, err)
	_, _, err = h.AddSynonyms(shen, "p", []string{"智能快件箱", "快递柜"})
	refused(t, err, registry.Forbidden) // without the seat at hand
	in, err := h.Seated(shen, "p")
	h.must(t, err)
	_, _, err = h.AddSynonyms(in, "p", []string{"智能快件箱", "快递柜"})
	h.must(t, err)
	_, _, err = h.AddSynonyms(in, "q", []string{"智能快件箱", "快递柜"}) // the seat of p, used on q
	refused(t, err, registry.Forbidden)
	refused(t, registry.May(in, registry.ImportText), registry.Forbidden)
	refused(t, registry.May(in, registry.PublishEdition, "31"), registry.Forbidden)
	if out, err := h.Seated(in, "q"); err != nil || out.Seat.Project != "" {
		t.Errorf("in another project: %+v, %v", out, err)
	}
	h.must(t, h.TakeSeat(admin, "shen", "p"))
	if out, err := h.Seated(in, "p"); err != nil || out.Seat.Project != "" {
		t.Errorf("after it was taken back: %+v, %v", out, err)
	}
	refused(t, h.GiveSeat(sec, "shen", registry.Chair{Project: "p", Role: registry.Author}), registry.Forbidden)
	refused(t, h.GiveSeat(admin, "shen", registry.Chair{Project: "p", Role: registry.Administrator}), registry.Invalid)
}

// TestInvitations: once, for a time, for the role that the inviter fixed.
func TestInvitations(t *testing.T) {
	h := openHouse(t)
	admin := h.add(t, "admin", registry.Administrator, "")
	_, key, err := h.Invite(admin, registry.Author, "33", "某人")
	h.must(t, err)
	all, _ := h.kept(t)
	if bytes.Contains(all, []byte(key)) {
		t.Error("the token is kept as it is")
	}
	_, err = h.Join("guess", "zhou", "周", secret)
	refused(t, err, registry.Forbidden)
	_, err = h.Join(key, "zhou", "周", "short")
	refused(t, err, registry.Invalid) // and it is not used up
	m, err := h.Join(key, "zhou", "周", secret)
	if err != nil || m.Role != registry.Author || m.Region != "33" {
		t.Fatalf("joined as %+v, %v", m, err)
	}
	h.signIn(t, "zhou", secret)
	_, err = h.Join(key, "wu", "吴", secret)
	refused(t, err, registry.Forbidden)
	inv, key, err := h.Invite(admin, registry.Reader, "", "")
	h.must(t, err)
	h.must(t, h.Uninvite(admin, inv.ID))
	_, err = h.Join(key, "wu", "吴", secret)
	refused(t, err, registry.Forbidden)
	_, key, err = h.Invite(admin, registry.Reader, "", "")
	h.must(t, err)
	h.clock.pass(7 * 24 * time.Hour)
	_, err = h.Join(key, "wu", "吴", secret)
	refused(t, err, registry.Forbidden)
	if list, err := h.Invitations(admin); err != nil || len(list) != 0 {
		t.Errorf("still open: %+v, %v", list, err)
	}
	_, events := h.kept(t)
	if bytes.Contains(events, []byte("周")) || bytes.Contains(events, []byte("某人")) {
		t.Error("the log holds a name")
	}
}

// TestEverySignInCostsOneHash: a name that is not there, one that has left, one
// without password, a wrong and a right password cost the same work.
func TestEverySignInCostsOneHash(t *testing.T) {
	h := openHouse(t)
	admin := h.add(t, "admin", registry.Administrator, "")
	h.add(t, "shen", registry.Reader, "")
	h.add(t, "gone", registry.Reader, "")
	h.must(t, h.EndMembership(admin, "gone"))
	h.must(t, h.SetMember(registry.Member{ID: "bare", Name: "无密码", Role: registry.Reader}))
	for _, c := range [][2]string{{"shen", secret}, {"shen", "wrong horse battery"}, {"nobody", secret}, {"gone", secret}, {"bare", secret}, {"bare", ""}, {"", ""}, {"shen", strings.Repeat("x", 1<<20)}} {
		before := registry.Hashed()
		_, err := h.Recognise(c[0], c[1])
		if n := registry.Hashed() - before; n != 1 {
			t.Errorf("%q: %d hashes, want 1", c[0], n)
		}
		if (err == nil) != (c[0] == "shen" && c[1] == secret) {
			t.Errorf("%q: %v", c[0], err)
		}
	}
}

// TestTokens: within their scope, until their end, kept by their hash.
func TestTokens(t *testing.T) {
	h := openHouse(t)
	sec := h.add(t, "sec", registry.Secretary, "")
	made, key, err := h.MakeToken(sec, "脚本", []string{"comment"}, 24*time.Hour)
	h.must(t, err)
	all, _ := h.kept(t)
	if bytes.Contains(all, []byte(key)) || made.Scope != "read comment" {
		t.Errorf("token %+v, kept as it is: %v", made, bytes.Contains(all, []byte(key)))
	}
	m, err := h.Bearer(key)
	h.must(t, err)
	if registry.May(m, registry.AddComment) != nil {
		t.Error("what is in the scope is refused")
	}
	done, err := h.Import(m, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}})
	if err == nil && len(done) > 0 {
		err = done[0].Err
	}
	refused(t, err, registry.Forbidden)
	// What has no look at the policy of its own is refused where it is logged.
	refused(t, h.SetPassword(m, "sec", secret, another), registry.Forbidden)
	_, err = h.SetAddress(m, "a@example.org")
	refused(t, err, registry.Forbidden)
	refused(t, h.EndSession(m, "", ""), registry.Forbidden)
	_, _, err = h.MakeToken(m, "更多", []string{"draft"}, 24*time.Hour)
	refused(t, err, registry.Forbidden)
	refused(t, h.EraseMember(m, "sec", secret), registry.Forbidden)
	_, err = h.BeginFactor(m)
	refused(t, err, registry.Forbidden)

	h.clock.pass(24 * time.Hour)
	_, err = h.Bearer(key)
	refused(t, err, registry.Forbidden)
	_, key, err = h.MakeToken(sec, "再来", nil, 48*time.Hour)
	h.must(t, err)
	list, err := h.Tokens(sec)
	if err != nil || len(list) != 2 || list[0].Hash != "" || list[1].Used.IsZero() {
		t.Errorf("Tokens = %+v, %v", list, err)
	}
	h.must(t, h.DropToken(sec, list[0].ID))
	_, err = h.Bearer(key)
	refused(t, err, registry.Forbidden)
	other := h.add(t, "other", registry.Secretary, "")
	refused(t, h.DropToken(other, made.ID), registry.NotFound)
}

// TestOneTimePasswords are the vectors of RFC 6238, appendix B (SHA-1).
func TestOneTimePasswords(t *testing.T) {
	for at, want := range map[uint64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		if got := registry.HOTP([]byte("12345678901234567890"), at/30, 8); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

// TestSecondFactor: set up with a code, no code counts twice, recovery codes
// once, and a role that needs it does nothing before.
func TestSecondFactor(t *testing.T) {
	h := openHouse(t)
	admin := h.add(t, "admin", registry.Administrator, "")
	sec := h.add(t, "sec", registry.Secretary, "")
	session := h.signIn(t, "sec", secret)
	_, key, err := h.MakeToken(sec, "脚本", []string{"comment"}, 24*time.Hour)
	h.must(t, err)
	h.must(t, h.RequireFactor(admin, []registry.Role{registry.Secretary}))
	bare, err := h.Session(session)
	if err != nil || !bare.Scope.Enrolling() {
		t.Fatalf("a role that needs it, without: %+v, %v", bare, err)
	}
	refused(t, registry.May(bare, registry.ImportText), registry.Forbidden)
	_, err = h.Bearer(key)
	refused(t, err, registry.Forbidden)

	e, err := h.BeginFactor(bare)
	h.must(t, err)
	code := func() string { return registry.CodeAt(t, e.Secret, h.clock.now()) }
	_, err = h.ConfirmFactor(bare, "000000x")
	refused(t, err, registry.Invalid)
	first := code()
	recovery, err := h.ConfirmFactor(bare, first)
	if err != nil || len(recovery) != 10 {
		t.Fatalf("%d recovery codes, %v", len(recovery), err)
	}
	if now, err := h.Session(session); err != nil || now.Scope != "" {
		t.Errorf("with it: %+v, %v", now, err)
	}
	if yes, err := h.NeedsCode("sec"); err != nil || !yes {
		t.Errorf("NeedsCode = %v, %v", yes, err)
	}
	refused(t, h.CheckCode("sec", first), registry.Forbidden) // a replay
	h.clock.pass(30 * time.Second)
	h.must(t, h.CheckCode("sec", code()))
	refused(t, h.CheckCode("sec", code()), registry.Forbidden)
	h.clock.pass(5 * time.Minute)
	old := code()
	h.clock.pass(2 * time.Minute)
	refused(t, h.CheckCode("sec", old), registry.Forbidden)
	h.must(t, h.CheckCode("sec", strings.ToUpper(recovery[3])))
	refused(t, h.CheckCode("sec", recovery[3]), registry.Forbidden)
	all, _ := h.kept(t)
	for _, r := range recovery {
		if bytes.Contains(all, []byte(strings.ReplaceAll(r, "-", ""))) {
			t.Error("a recovery code is kept as it is")
		}
	}
	refused(t, h.DropFactor(sec, "sec", "000000x"), registry.Invalid)
	refused(t, h.DropFactor(sec, "admin", ""), registry.Forbidden)
	h.must(t, h.DropFactor(admin, "sec", ""))
}

// TestSessionsAreListedAndEnded: one's own, one or all; a new browser is told of.
func TestSessionsAreListedAndEnded(t *testing.T) {
	h := openHouse(t)
	shen, zhou := h.add(t, "shen", registry.Reader, ""), h.add(t, "zhou", registry.Reader, "")
	enter := func(id, device, known string) registry.Entry {
		in, err := h.Enter(id, registry.From{Device: device, Network: registry.Coarse("203.0.113.77"), Known: known})
		h.must(t, err)
		return in
	}
	first := enter("shen", "Firefox · Linux", "")
	if n, err := h.Unread(shen); err != nil || n != 0 {
		t.Errorf("%d notices of the first browser, %v", n, err)
	}
	again := enter("shen", "Firefox · Linux", first.Device)
	if n, _ := h.Unread(shen); n != 0 || again.Device != "" {
		t.Errorf("%d notices of a known browser, new token %q", n, again.Device)
	}
	enter("shen", "Chrome · Windows", "made-up")
	if n, _ := h.Unread(shen); n != 1 {
		t.Errorf("%d notices of a new browser", n)
	}
	if known, err := h.KnownDevice("zhou", first.Device); err != nil || known {
		t.Error("one member's browser is another's")
	}
	list, err := h.Sessions(shen, first.Session)
	if err != nil || len(list) != 3 || list[0].Network != "203.0.113.0/24" {
		t.Fatalf("Sessions = %+v, %v", list, err)
	}
	refused(t, h.EndSession(zhou, list[0].ID, ""), registry.NotFound)
	h.must(t, h.EndSession(shen, "", first.Session))
	if _, err := h.Session(first.Session); err != nil {
		t.Errorf("the session that asked has ended: %v", err)
	}
	if _, err := h.Session(again.Session); err == nil {
		t.Error("another goes on")
	}
	all, _ := h.kept(t)
	if bytes.Contains(all, []byte("203.0.113.77")) || bytes.Contains(all, []byte(first.Device)) {
		t.Error("an address or the token of a browser is kept as it is")
	}
}

// TestErased: after erasure the name is nowhere in what is kept, and the log
// still verifies.
func TestErased(t *testing.T) {
	h := openHouse(t)
	admin, sec := h.add(t, "admin", registry.Administrator, ""), h.add(t, "sec", registry.Secretary, "")
	const name, address = "欧阳某某", "ouyang@example.org"
	who, err := h.AddMember(admin, registry.Member{ID: "m-7", Name: name, Role: registry.Representative, Region: "31"}, secret)
	h.must(t, err)
	done, err := h.Import(sec, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}, {Path: "js.md", Source: []byte(jsText)}})
	h.must(t, err)
	h.must(t, done[0].Err)
	_, err = h.CreateProject(sec, registry.Project{ID: "p", Title: "统一", Participants: []registry.Participant{{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}}}})
	h.must(t, err)
	view, err := h.Workbench("p")
	h.must(t, err)
	meeting, err := h.OpenMeeting(sec, registry.Meeting{Project: "p", Title: "会议", Queue: []string{view.Rows[0].ID}, Present: []registry.Attendee{{Member: "m-7"}}})
	h.must(t, err)
	minutes, err := h.Minutes("p", meeting.ID)
	if err != nil || minutes.Meeting.Present[0].Name != name {
		t.Fatalf("the minutes call %+v, %v", minutes.Meeting.Present, err)
	}
	_, err = h.CloseMeeting(sec, "p", meeting.ID)
	h.must(t, err)
	_, err = h.AddComment(who, registry.Comment{On: registry.Ref{Standard: "js-express"}, Body: "可参考"})
	h.must(t, err)
	_, err = h.SetAddress(who, address)
	h.must(t, err)
	_, err = h.OpenFeed(who)
	h.must(t, err)
	_, _, err = h.MakeToken(who, "脚本", nil, 24*time.Hour)
	h.must(t, err)
	_, err = h.Enter("m-7", registry.From{Device: "Firefox · Linux"})
	h.must(t, err)

	var out bytes.Buffer
	h.must(t, h.ExportMember(who, "m-7", &out))
	refused(t, h.ExportMember(sec, "m-7", &bytes.Buffer{}), registry.Forbidden)
	files, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	h.must(t, err)
	var names []string
	for _, f := range files.File {
		names = append(names, f.Name)
	}
	for _, want := range []string{"member.json", "mailbox.json", "session.json", "token.json", "device.json", "comment.json", "event.json"} {
		if !slices.Contains(names, want) {
			t.Errorf("the export has no %s: %v", want, names)
		}
	}

	refused(t, h.EraseMember(who, "m-7", "wrong horse battery"), registry.Invalid)
	refused(t, h.EraseMember(sec, "m-7", ""), registry.Forbidden)
	h.must(t, h.EraseMember(who, "m-7", secret))
	all, _ := h.kept(t)
	for _, gone := range []string{name, address, "argon2id$v=19$m=19456,t=2,p=1$m-7"} {
		if bytes.Contains(all, []byte(gone)) {
			t.Errorf("%q is still kept", gone)
		}
	}
	for _, table := range []string{"mailbox\x00m-7", "device\x00m-7", "token\x00m-7", "notice\x00m-7", "factor\x00m-7"} {
		if bytes.Contains(all, []byte(table)) {
			t.Errorf("there is still a record %q", table)
		}
	}
	now, err := h.Member("m-7")
	if err != nil || !strings.HasPrefix(now.Name, "已注销成员 ") || now.Active() {
		t.Errorf("erased: %+v, %v", now, err)
	}
	if minutes, err := h.Minutes("p", meeting.ID); err != nil || minutes.Meeting.Present[0].Name != now.Name {
		t.Errorf("the minutes call %+v, %v", minutes.Meeting.Present, err)
	}
	h.must(t, h.VerifyEvents())
	h.must(t, h.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }))
	refused(t, h.ReopenMember(admin, "m-7"), registry.Conflict)
	_, err = h.AddMember(admin, registry.Member{ID: "m-7", Name: "另一人", Role: registry.Reader}, secret)
	refused(t, err, registry.Conflict) // the mark is not given again
}

// TestPersonalDataIsListed: every kind of record that the code keeps stands in
// the table that the page on privacy shows.
func TestPersonalDataIsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, k := range registry.PersonalData {
		if listed[k.Table] {
			t.Errorf("%s stands twice", k.Table)
		}
		listed[k.Table] = true
	}
	paths, err := filepath.Glob("*.go")
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	found := 0
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || path == "migrate.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			index, ok := lit.Type.(*ast.IndexExpr)
			if !ok || len(lit.Elts) != 2 || fmt.Sprint(index.X) != "table" {
				return true
			}
			name, err := strconv.Unquote(lit.Elts[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found++
			if !listed[name] {
				t.Errorf("%s keeps records %q, and PersonalData does not say what they tell of people", path, name)
			}
			return true
		})
	}
	if found < 40 {
		t.Errorf("only %d kinds of record were found", found)
	}
}
