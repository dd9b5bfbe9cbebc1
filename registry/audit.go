package registry

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Note is an event as somebody wrote it down elsewhere: its hash, and its number
// where that was written down too. Who can write to the data can write a new
// chain; only a note that he cannot reach shows it.
type Note struct {
	Seq  uint64 // 0: not noted
	Hash string // 64 hex digits
}

// maxNotes and maxExported bound what is read from outside: notes of a file, and
// bytes of one line of an export.
const (
	maxNotes    = 100_000
	maxExported = 64 << 20
)

// ReadNotes reads notes, a line each: "number hash" or the hash alone, or an
// earlier export of the log. Empty lines and those that begin with # are left out.
func ReadNotes(from io.Reader) (notes []Note, err error) {
	lines := linesOf(from)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		note, ok := noteIn(line)
		if !ok || len(notes) == maxNotes {
			return nil, refuse(Invalid, "", "第 %d 行不是“序号 散列”（最多 %d 行）：%.80q。 Line %d is not \"number hash\" (at most %d of them): %.80q.", n, maxNotes, line, n, maxNotes, line)
		}
		notes = append(notes, note)
	}
	return notes, lines.Err()
}

func noteIn(line string) (note Note, ok bool) {
	if line[0] == '{' {
		if err := json.Unmarshal([]byte(line), &note); err != nil || note.Seq == 0 {
			return note, false
		}
	} else if fields := strings.Fields(line); len(fields) == 1 {
		note.Hash = fields[0]
	} else if seq, err := strconv.ParseUint(fields[0], 10, 64); err == nil && seq > 0 && len(fields) == 2 {
		note = Note{seq, fields[1]}
	}
	note.Hash = strings.ToLower(note.Hash)
	raw, err := hex.DecodeString(note.Hash)
	return note, err == nil && len(raw) == sha256.Size
}

func linesOf(from io.Reader) *bufio.Scanner {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxExported)
	return lines
}

// comparison holds notes against the chain as it is walked.
type comparison struct {
	bySeq  map[uint64][]string
	byHash map[string]bool // found
	last   uint64
	broken *ChainError
}

func compareWith(notes []Note) *comparison {
	c := &comparison{bySeq: map[uint64][]string{}, byHash: map[string]bool{}}
	for _, n := range notes {
		if n.Seq > 0 {
			c.bySeq[n.Seq] = append(c.bySeq[n.Seq], n.Hash)
		} else {
			c.byHash[n.Hash] = false
		}
	}
	return c
}

func (c *comparison) see(seq uint64, hash string) {
	c.last = seq
	for _, noted := range c.bySeq[seq] {
		if noted != hash && c.broken == nil {
			c.broken = &ChainError{Seq: seq, Noted: true, Reason: fmt.Sprintf("记下的散列是 %.12s…，现在是 %.12s…：这一条或更早的被改写过，请用记下之时的备份核对。 "+
				"Its noted hash is %.12s…, now it is %.12s…: this event or an earlier one was rewritten; compare with a backup of that time.", noted, hash, noted, hash)}
		}
	}
	delete(c.bySeq, seq)
	if _, asked := c.byHash[hash]; asked {
		c.byHash[hash] = true
	}
}

// end says what was noted and is not there.
func (c *comparison) end() error {
	if c.broken != nil {
		return c.broken
	}
	if missing := slices.Sorted(maps.Keys(c.bySeq)); len(missing) > 0 {
		seq := missing[len(missing)-1]
		return &ChainError{Seq: c.last + 1, Noted: true, Reason: fmt.Sprintf("记录到第 %d 条为止，而第 %d 条曾被记下：最新的记录丢失了，请从含有它的备份恢复。 "+
			"The log ends at event %d, and event %d was noted: the newest events are lost; restore a backup that has them.", c.last, seq, c.last, seq)}
	}
	for _, hash := range slices.Sorted(maps.Keys(c.byHash)) {
		if !c.byHash[hash] {
			return &ChainError{Seq: c.last + 1, Noted: true, Reason: fmt.Sprintf("没有散列为 %.12s… 的记录：它丢失了，或此前被改写过；请用含有它的备份核对。 "+
				"No event bears the noted hash %.12s…: it is lost, or the log was rewritten; compare with a backup that has it.", hash, hash)}
		}
	}
	return nil
}

// Audit verifies the chain of events and holds it against what was noted
// elsewhere. It returns the newest event, or a *ChainError that names the first
// that is not as it has to be.
func (r *Registry) Audit(notes []Note) (last Event, err error) {
	err = r.store.View(func(tx Tx) error {
		if err := verifyEvents(tx); err != nil {
			return err
		}
		c := compareWith(notes)
		err := events.scan(tx, func(e Event) error { c.see(e.Seq, e.Hash); return nil })
		if err == nil {
			err = c.end()
		}
		if err == nil {
			last, _, err = heads.find(tx, "head")
		}
		return err
	})
	return last, err
}

// withheld stands in an export for an event whose contents its reader is not
// shown; its place in the chain is.
type withheld struct {
	Seq      uint64 `json:"seq"`
	Withheld bool   `json:"withheld"`
	Prev     string `json:"prev"`
	Hash     string `json:"hash"`
}

// ExportEvents writes the log as JSON Lines that anybody can verify without us
// (schemas/events.md): each event as it is kept, byte for byte. Of events that
// shown refuses only the place in the chain is written; nil shows all. It
// returns the newest event.
func (r *Registry) ExportEvents(to io.Writer, shown func(Event) bool) (last Event, err error) {
	const page = 1000 // events a transaction: a slow reader holds up nobody
	for {
		var lines bytes.Buffer
		n := 0
		err := r.store.View(func(tx Tx) error {
			return tx.Scan(events.key(seq(last.Seq+1)), after(events.key()), func(_, raw []byte) error {
				if n == page {
					return ErrStop
				}
				n++
				var e Event
				if err := json.Unmarshal(raw, &e); err != nil {
					return fmt.Errorf("event %d: %w", last.Seq+1, err)
				}
				last = e
				if shown != nil && !shown(e) {
					if raw, err = json.Marshal(withheld{e.Seq, true, e.Prev, e.Hash}); err != nil {
						return err
					}
				}
				lines.Write(raw)
				return lines.WriteByte('\n')
			})
		})
		if err != nil {
			return last, err
		}
		if _, err := to.Write(lines.Bytes()); err != nil {
			return last, fmt.Errorf("export events: %w", err)
		}
		if n < page {
			return last, nil
		}
	}
}

// AuditExport verifies an export in the way that schemas/events.md says, and
// holds it against notes. It returns number and hash of the newest event.
func AuditExport(from io.Reader, notes []Note) (last Note, err error) {
	c := compareWith(notes)
	lines := linesOf(from)
	for lines.Scan() {
		line := lines.Bytes()
		want := last.Seq + 1
		broken := func(chinese, english string) error {
			return &ChainError{Seq: want, Reason: chinese + "。 " + english + "."}
		}
		var e struct {
			withheld
			Actor *string `json:"actor"`
		}
		if err := json.Unmarshal(line, &e); err != nil {
			return last, broken("这一行读不出来", "The line cannot be read")
		}
		if e.Seq != want {
			return last, broken(fmt.Sprintf("此处是第 %d 条", e.Seq), fmt.Sprintf("Event %d stands in its place", e.Seq))
		}
		if e.Prev != last.Hash {
			return last, broken("前一条的散列对不上", "It does not bear the hash of the one before")
		}
		if !e.Withheld || e.Actor != nil {
			rest, ok := bytes.CutSuffix(line, fmt.Appendf(nil, `"hash":"%s"}`, e.Hash))
			if !ok || hashOf(append(bytes.Clone(rest), `"hash":""}`...)) != e.Hash {
				return last, broken("内容与散列不符", "Its contents are not what its hash says")
			}
		}
		last = Note{e.Seq, e.Hash}
		c.see(e.Seq, e.Hash)
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return last, &ChainError{Seq: last.Seq + 1, Reason: "这一行太长。 The line is too long."}
		}
		return last, err
	}
	return last, c.end()
}
