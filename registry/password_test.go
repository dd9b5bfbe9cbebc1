package registry

import (
	"strings"
	"testing"
	"time"
)

func TestPassword(t *testing.T) {
	const password = "一句很长的话 is a password"
	hash := hashPassword(password)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q is not the PHC string with the parameters that we promise", hash)
	}
	if again := hashPassword(password); again == hash {
		t.Error("two hashes of one password are equal: there is no salt")
	}
	for _, c := range []struct {
		hash, password string
		want           bool
	}{
		{hash, password, true},
		{hash, password + " ", false},
		{hash, "", false},
		{hash, "一句很长的话　is a password", true}, // a wide space from an input method
		{"", password, false},
		{"", "", false},
		{nobody.String(), "", false},
		{"$argon2id$", password, false},
		{strings.Replace(hash, "t=2", "t=1", 1), password, false},
		{hash[:len(hash)-1], password, false},
	} {
		if got := checkPassword(c.hash, c.password); got != c.want {
			t.Errorf("checkPassword(%q, %q) = %v, want %v", c.hash, c.password, got, c.want)
		}
	}
}

// TestPHC: what is kept cannot make a sign-in take all memory or all day.
func TestPHC(t *testing.T) {
	good := hashPassword("correct horse battery")
	h, err := parsePHC(good)
	if err != nil || h.String() != good {
		t.Fatalf("parsePHC(%q) = %v, %v", good, h, err)
	}
	// The vector of RFC 9106's reference implementation: argon2 with password
	// "password", salt "somesalt", t=2, m=64 MiB, p=1.
	if !checkPassword("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password") {
		t.Error("the published vector is not accepted")
	}
	for _, bad := range []string{
		"", "$", "plain",
		strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=19456", "m=4194304", 1),
		strings.Replace(good, "m=19456", "m=8", 1),
		strings.Replace(good, "m=19456", "m=019456", 1),
		strings.Replace(good, "t=2", "t=100000", 1),
		strings.Replace(good, "t=2", "t=-2", 1),
		strings.Replace(good, "p=1", "p=0", 1),
		strings.Replace(good, "p=1", "p=1,x=1", 1),
		good + "$x", good + "=", good + "\n",
	} {
		if _, err := parsePHC(bad); err == nil {
			t.Errorf("parsePHC takes %q", bad)
		}
	}
}

func FuzzPHC(f *testing.F) {
	f.Add(hashPassword("correct horse battery"))
	f.Add("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parsePHC(s)
		if err == nil && (h.String() != s || h.memory > 256<<10 || h.passes > 16) {
			t.Errorf("parsePHC(%q) = %+v", s, h)
		}
	})
}

// TestUnknownTakesAsLong: who asks cannot tell a name that is there from one
// that is not. Without a hash the answer would come a thousand times faster.
func TestUnknownTakesAsLong(t *testing.T) {
	hash := hashPassword("correct horse battery")
	known, unknown := time.Hour, time.Hour // the least of some, so that a busy machine does not matter
	for range 6 {
		for _, c := range []struct {
			hash  string
			least *time.Duration
		}{{hash, &known}, {"", &unknown}} {
			start := time.Now()
			checkPassword(c.hash, "wrong horse battery")
			*c.least = min(*c.least, time.Since(start))
		}
	}
	t.Logf("known %v, unknown %v", known, unknown)
	if unknown < known/4 || known < unknown/4 {
		t.Errorf("a known name takes %v, an unknown one %v", known, unknown)
	}
}

func BenchmarkPassword(b *testing.B) {
	hash := hashPassword("correct horse battery")
	for b.Loop() {
		checkPassword(hash, "correct horse battery")
	}
}
