package registry_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/schemas"
)

// exported is the whole log of a registry with something of every kind in it.
func exported(t *testing.T, path string, shown func(registry.Event) bool) []byte {
	t.Helper()
	store, err := bolt.OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	var out bytes.Buffer
	last, err := reg.ExportEvents(&out, shown)
	if err != nil {
		t.Fatal(err)
	}
	if head, err := reg.LastEvent(); err != nil || head.Hash != last.Hash {
		t.Fatalf("the export ends at %d, the log at %d; %v", last.Seq, head.Seq, err)
	}
	return out.Bytes()
}

// judges verify an export: ours, and where it is, Python with what is published.
func judges(t *testing.T) map[string]func([]byte, ...registry.Note) error {
	all := map[string]func([]byte, ...registry.Note) error{
		"ours": func(log []byte, notes ...registry.Note) error {
			_, err := registry.AuditExport(bytes.NewReader(log), notes)
			return err
		},
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Log("SKIPPED: python3 is not here: exports are not verified by another program")
		return all
	}
	all["python"] = func(log []byte, notes ...registry.Note) error {
		path := filepath.Join(t.TempDir(), "events.jsonl")
		if err := os.WriteFile(path, log, 0o600); err != nil {
			t.Fatal(err)
		}
		args := []string{"../schemas/verify_events.py", path}
		for _, n := range notes {
			args = append(args, fmt.Sprint(n.Seq), n.Hash)
		}
		out, err := exec.Command(python, args...).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || strings.Contains(string(out), "Traceback") && !strings.Contains(string(out), "JSONDecodeError")) {
			t.Fatalf("%v: %s", err, out)
		}
		if err != nil {
			return errors.New(string(out))
		}
		return nil
	}
	return all
}

// TestExport: an export follows its schema, both judges find it whole, and both
// find whatever was done to it, at the same event.
func TestExport(t *testing.T) {
	path := furnished(t)
	log := exported(t, path, nil)
	lines := bytes.SplitAfter(bytes.TrimSuffix(log, []byte("\n")), []byte("\n"))
	lines[len(lines)-1] = append(lines[len(lines)-1], '\n')
	conforms(t, lines)
	join := func(parts ...[][]byte) []byte {
		var b bytes.Buffer
		for _, p := range parts {
			for _, l := range p {
				b.Write(l)
			}
		}
		return b.Bytes()
	}
	const at = 9 // events[at] is number at+1
	newest, err := registry.ReadNotes(bytes.NewReader(lines[len(lines)-1]))
	if err != nil || len(newest) != 1 || newest[0].Seq != uint64(len(lines)) {
		t.Fatalf("an export is no note: %v, %v", newest, err)
	}
	changed := bytes.Replace(lines[at], []byte(`"actor":"`), []byte(`"actor":"x`), 1)
	for judge, verify := range judges(t) {
		for _, c := range []struct {
			name  string
			log   []byte
			notes []registry.Note
			names int // the event that is named; 0: it is whole
		}{
			{"as it was exported", log, nil, 0},
			{"as it was noted", log, newest, 0},
			{"some withheld", exported(t, path, func(e registry.Event) bool { return e.Seq%3 == 0 }), newest, 0},
			{"an event changed", join(lines[:at], [][]byte{changed}, lines[at+1:]), nil, at + 1},
			{"an event left out", join(lines[:at], lines[at+1:]), nil, at + 1},
			{"an event twice", join(lines[:at+1], lines[at:]), nil, at + 2},
			{"two in another order", join(lines[:at], [][]byte{lines[at+1], lines[at]}, lines[at+2:]), nil, at + 1},
			{"the beginning cut off", join(lines[1:]), nil, 1},
			{"the newest cut off", join(lines[:at]), newest, at},
			{"noted otherwise", log, []registry.Note{{Seq: at, Hash: strings.Repeat("0", 64)}}, at},
			{"a line cut", append(join(lines[:at]), lines[at][:40]...), nil, at + 1},
			{"a space put in", join(lines[:at], [][]byte{bytes.Replace(lines[at], []byte(`,"`), []byte(`, "`), 1)}, lines[at+1:]), nil, at + 1},
		} {
			err := verify(c.log, c.notes...)
			switch {
			case c.names == 0 && err != nil:
				t.Errorf("%s, %s: %v", judge, c.name, err)
			case c.names > 0 && err == nil:
				t.Errorf("%s does not notice: %s", judge, c.name)
			case c.names > 0 && !strings.Contains(err.Error(), fmt.Sprint("event ", c.names)) && !strings.Contains(err.Error(), "JSONDecodeError"):
				t.Errorf("%s, %s: does not name event %d: %v", judge, c.name, c.names, err)
			}
		}
	}
}

// conforms holds lines against the published schema.
func conforms(t *testing.T, lines [][]byte) {
	t.Helper()
	read := func(raw []byte) any {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("events.schema.json", read(schemas.Events)); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("events.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range append(lines, []byte(`{"seq":1,"withheld":true,"prev":"","hash":"`+strings.Repeat("a", 64)+`"}`)) {
		if err := schema.Validate(read(line)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	for _, line := range []string{`{}`, `{"seq":1,"prev":"","hash":"x"}`, `{"seq":1,"withheld":true,"actor":"a","prev":"","hash":"` + strings.Repeat("a", 64) + `"}`} {
		if schema.Validate(read([]byte(line))) == nil {
			t.Errorf("the schema takes %s", line)
		}
	}
}

// TestAnchors: a chain that is whole by itself is held against what was noted.
func TestAnchors(t *testing.T) {
	path := furnished(t)
	store, err := bolt.OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	log, err := reg.Events(0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	last, other := log[len(log)-1], strings.Repeat("0", 64)
	for _, c := range []struct {
		name  string
		notes []registry.Note
		seq   uint64 // where it does not agree; 0: it does
	}{
		{"nothing noted", nil, 0},
		{"number and hash", []registry.Note{{Seq: 3, Hash: log[2].Hash}, {Seq: last.Seq, Hash: last.Hash}}, 0},
		{"hashes", []registry.Note{{Hash: log[0].Hash}, {Hash: last.Hash}}, 0},
		{"another hash", []registry.Note{{Seq: 3, Hash: other}}, 3},
		{"a hash of nothing", []registry.Note{{Hash: other}}, last.Seq + 1},
		{"an event that is lost", []registry.Note{{Seq: last.Seq + 1, Hash: other}}, last.Seq + 1},
	} {
		got, err := reg.Audit(c.notes)
		var broken *registry.ChainError
		if c.seq == 0 && (err != nil || got.Hash != last.Hash) || c.seq > 0 && (!errors.As(err, &broken) || broken.Seq != c.seq || !broken.Noted) {
			t.Errorf("%s: event %d, %v", c.name, got.Seq, err)
		}
	}
}

func FuzzAuditExport(f *testing.F) {
	f.Add([]byte(`{"seq":1,"time":"2026-11-01T08:00:00Z","actor":"a","verb":"a.b","object":"x","prev":"","hash":"00"}`), "1 "+strings.Repeat("a", 64))
	f.Add([]byte("{\"seq\":1,\"withheld\":true,\"prev\":\"\",\"hash\":\"aa\"}\n"), "#")
	f.Fuzz(func(t *testing.T, log []byte, noted string) {
		notes, err := registry.ReadNotes(strings.NewReader(noted))
		if err != nil {
			notes = nil
		}
		last, err := registry.AuditExport(bytes.NewReader(log), notes)
		if err == nil && int(last.Seq) > bytes.Count(log, []byte("\n"))+1 {
			t.Errorf("%d events in %d lines", last.Seq, bytes.Count(log, []byte("\n")))
		}
	})
}
