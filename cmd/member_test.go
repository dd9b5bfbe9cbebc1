package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestMemberCommands: who runs the machine appoints the first administrator,
// gets somebody back in and ends a membership, without a browser; the links
// that are printed work once on the site.
func TestMemberCommands(t *testing.T) {
	dir := t.TempDir()
	if code, _, errs := tongbiao(t, "member", "list", "--data", dir); code != 1 || !strings.Contains(errs, "登记系统") {
		t.Errorf("list where there is no registry: %d %s", code, errs)
	}
	if code, _, errs := tongbiao(t, append([]string{"import", "--data", dir}, bundled(t, "db31-t-sf001-2021.md")...)...); code != 0 {
		t.Fatal(errs)
	}
	appointed := printedLink(t, "member", "admin", "boss", "--name", "管理员甲", "--site", "https://std.example/", "--data", dir)
	if !strings.HasPrefix(appointed, "https://std.example/reset?token=") {
		t.Errorf("the link is %s", appointed)
	}
	lists := func(want string) {
		t.Helper()
		if code, out, errs := tongbiao(t, "member", "list", "--data", dir); code != 0 || out != want {
			t.Errorf("list: %d %s\n%swant\n%s", code, errs, out, want)
		}
	}
	lists("boss\tadministrator\t\tactive\t管理员甲\n")
	for _, c := range []struct{ args, says string }{
		{"end boss", "最后一位管理员"},
		{"reset nobody", "没有这位成员"},
		{"end nobody", "没有这位成员"},
		{"admin BAD", "登录名用"},
	} {
		args := append(append([]string{"member"}, strings.Fields(c.args)...), "--data", dir)
		if code, out, errs := tongbiao(t, args...); code != 1 || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("member %s: %d %s%s", c.args, code, out, errs)
		}
	}
	if code, _, _ := tongbiao(t, "member"); code != 2 {
		t.Errorf("member alone: %d", code)
	}

	site, _, stop := serving(t, "--data", dir)
	jar, _ := cookiejar.New(nil)
	person := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answers := func(path string, status int, pairs ...string) {
		t.Helper()
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		res, err := person.PostForm(site+path, form)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != status {
			t.Errorf("POST %s: %d, want %d", path, res.StatusCode, status)
		}
	}
	set := func(link, password string, status int) {
		t.Helper()
		at, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		answers("/reset", status, "token", at.Query().Get("token"), "password", password, "again_password", password)
	}
	set(appointed, "correct horse battery", 303)
	set(appointed, "correct horse battery", 422)
	answers("/sign-in", 303, "name", "boss", "password", "correct horse battery")
	answers("/members", 303, "id", "amy", "name", "起草人乙", "role", "author", "region", "31", "password", "first password")
	if code, _, errs := tongbiao(t, "member", "list", "--data", dir); code != 1 || errs == "" {
		t.Errorf("list while the site runs: %d %s", code, errs)
	}
	stop()

	again := printedLink(t, "member", "reset", "amy", "--data", dir)
	lost := printedLink(t, "member", "reset", "boss", "--data", dir)
	if code, out, errs := tongbiao(t, "member", "end", "amy", "--data", dir); code != 0 || out != "" {
		t.Errorf("end: %d %s%s", code, out, errs)
	}
	lists("amy\tauthor\t31\tended\t起草人乙\nboss\tadministrator\t\tactive\t管理员甲\n")
	site, _ = served(t, "--data", dir)
	set(again, "second password", 422) // the link ended with the membership
	answers("/sign-in", 422, "name", "amy", "password", "first password")
	set(lost, "another long sentence", 303)
	answers("/sign-in", 303, "name", "boss", "password", "another long sentence")
}

// printedLink runs a command that prints a link.
func printedLink(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := tongbiao(t, args...)
	link := regexp.MustCompile(`https?://\S+`).FindString(out)
	if code != 0 || link == "" {
		t.Fatalf("%v: %d %s%s", args, code, out, errs)
	}
	return link
}
