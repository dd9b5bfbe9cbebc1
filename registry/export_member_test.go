package registry

import (
	"testing"
	"time"
)

// Hashed is how many passwords have been hashed or checked.
func Hashed() int64 { return derived.Load() }

// HOTP is the one-time password of a counter.
var HOTP = hotp

// CodeAt is the code that an authenticator shows.
func CodeAt(t *testing.T, secret string, at time.Time) string {
	raw, err := codeAlphabet.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	return hotp(raw, uint64(at.Unix())/totpStep, 6)
}
