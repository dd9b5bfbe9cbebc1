package registry

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Parameters of argon2id, the first set that the OWASP Password Storage Cheat
// Sheet names: 19 MiB of memory, two passes, one lane. A hash carries those
// that it was made with, so they may be raised at any time.
const (
	argonMemory = 19 << 10 // KiB
	argonPasses = 2
	argonLanes  = 1
	saltLen     = 16 // bytes
	keyLen      = 32 // bytes
)

// Bounds of a password, in characters and in bytes.
const (
	minPassword = 10
	maxPassword = 1000
)

// hashing bounds how many hashes are made at once: each takes argonMemory.
var hashing = make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))

// derived counts hashes: that every answer to a sign-in costs the same work is
// tested by their number and not by the clock.
var derived atomic.Int64

// hashPassword gives a PHC string: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func hashPassword(password string) string {
	salt := make([]byte, saltLen)
	rand.Read(salt) // never fails
	h := phc{memory: argonMemory, passes: argonPasses, lanes: argonLanes, salt: salt}
	h.key = h.derive(password, keyLen)
	return h.String()
}

// nobody is the hash that is checked for a member who is not there or has no
// password, so that the answer takes as long as for one who has.
var nobody = phc{memory: argonMemory, passes: argonPasses, lanes: argonLanes, salt: make([]byte, saltLen), key: make([]byte, keyLen)}

// checkPassword tells whether a password is the one that was hashed. It takes
// as long for a wrong one, and for a hash that is empty or not readable.
func checkPassword(hash, password string) bool {
	h, err := parsePHC(hash)
	if err != nil {
		h = nobody
	}
	same := subtle.ConstantTimeCompare(h.key, h.derive(password, uint32(len(h.key)))) == 1
	return same && err == nil
}

// phc is a hash with what it was made with.
type phc struct {
	memory, passes uint32 // KiB, number
	lanes          uint8
	salt, key      []byte
}

// derive takes the NFKC form, so that a password does not depend on how an
// input method composes it or how wide it writes it.
func (h phc) derive(password string, n uint32) []byte {
	derived.Add(1)
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(norm.NFKC.String(password)), h.salt, h.passes, h.memory, h.lanes, n)
}

func (h phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.lanes, b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

// parsePHC reads what String writes. It refuses costs that no hash of ours has:
// what is kept may not decide how much memory is taken.
func parsePHC(s string) (h phc, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, fmt.Errorf("not an argon2id hash")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); err != nil {
		return h, fmt.Errorf("argon2id parameters: %w", err)
	}
	if h.memory < 8<<10 || h.memory > 256<<10 || h.passes < 1 || h.passes > 16 || h.lanes < 1 || h.lanes > 16 {
		return h, fmt.Errorf("argon2id parameters %q are out of bounds", parts[3])
	}
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return h, fmt.Errorf("argon2id salt: %w", err)
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return h, fmt.Errorf("argon2id hash: %w", err)
	}
	if len(h.salt) < 8 || len(h.salt) > 64 || len(h.key) < 16 || len(h.key) > 64 || h.String() != s {
		return h, fmt.Errorf("not an argon2id hash of ours")
	}
	return h, nil
}

// acceptable refuses a password that is too short, too long, or the name.
func acceptable(id, password string) error {
	n := utf8.RuneCountInString(norm.NFKC.String(password[:min(len(password), maxPassword+1)]))
	switch {
	case n < minPassword:
		return refuse(Invalid, "password", "密码至少 %d 个字符：可以用一句话。 A password has at least %d characters: a sentence will do.", minPassword, minPassword)
	case len(password) > maxPassword:
		return refuse(Invalid, "password", "密码最多 %d 字节。 A password has at most %d bytes.", maxPassword, maxPassword)
	case strings.EqualFold(strings.TrimSpace(password), id):
		return refuse(Invalid, "password", "密码不能与登录名相同。 The password may not be the sign-in name.")
	}
	return nil
}
