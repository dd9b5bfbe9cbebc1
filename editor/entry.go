package editor

import (
	"slices"
	"strings"
)

// Entry is a list item (项) with what is below it, or a row of a table. An entry
// may deal with a subject of its own and then stands in a row of its own:
// 第二十条第二款第（三）项. Entries of a passage are numbered from 1.
type Entry struct {
	Label      string // as written: "（三）", "c)"; of a table row its first cell
	Text       string // Markdown that stands by itself: a table row with the heads of its columns
	Lead       string // of an item: the sentence before the list, which holds for it (有下列情形之一的，处…)
	Start, End int    // bytes of the passage
}

// MaxEntries bounds the entries of one passage; what follows stays with the passage.
const MaxEntries = 500

// Entries are the entries of a passage, in order.
func Entries(passage string) []Entry {
	if !strings.Contains(passage, "\n") {
		return nil
	}
	var out []Entry
	item, lead := false, ""
	for _, b := range (&Clause{Text: passage}).Blocks() {
		if len(out) >= MaxEntries {
			break
		}
		switch {
		case b.Kind == Paragraph:
			lead = b.Text
		case b.Kind == Item && b.Level <= 1:
			out = append(out, Entry{Label: b.Label, Text: trimSpace(passage[b.Start:b.End]), Lead: lead, Start: b.Start, End: b.End})
			item = true
			continue
		case b.Kind == Item && item:
			last := &out[len(out)-1]
			last.End = b.End
			last.Text = trimSpace(passage[last.Start:last.End])
			continue
		case b.Kind == Table:
			out = appendTableRows(out, passage, b)
		}
		item = false
	}
	return out
}

// appendTableRows adds the rows of a table, each under the heads of its columns.
func appendTableRows(out []Entry, passage string, b Block) []Entry {
	at := b.End - len(b.Text)
	if i := strings.Index(passage[b.Start:b.End], b.Text); i >= 0 {
		at = b.Start + i
	}
	head, no := "", 0
	for line := range strings.SplitAfterSeq(b.Text, "\n") {
		start := at
		at += len(line)
		line = strings.TrimRight(line, "\n")
		switch no++; {
		case no <= 2:
			head += line + "\n"
		case len(out) < MaxEntries && trimSpace(line) != "":
			out = append(out, Entry{Label: tableRow(line)[0], Text: head + line, Start: start, End: start + len(line)})
		}
	}
	return out
}

// Without is the passage less some of its entries, which are named by number from
// 1. A table without rows vanishes with its caption.
func Without(passage string, entries []int) string {
	if len(entries) == 0 {
		return passage
	}
	all := Entries(passage)
	var b strings.Builder
	from := 0
	for i, p := range all {
		if p.Start >= from && slices.Contains(entries, i+1) {
			b.WriteString(passage[from:p.Start])
			from = min(len(passage), p.End)
			if from < len(passage) && passage[from] == '\n' {
				from++
			}
		}
	}
	b.WriteString(passage[from:])
	return trimSpace(b.String())
}

// Passage is the text of a passage or of an entry of one, in Markdown; "" when the
// clause has no such passage. Of a passage, the entries that are named in apart
// are left out.
func (c *Clause) Passage(at Passage, apart ...int) string {
	passages := c.Passages()
	if at.Paragraph < 1 || at.Paragraph > len(passages) {
		return ""
	}
	text := passages[at.Paragraph-1]
	if at.Entry == 0 {
		return Without(text, apart)
	}
	entries := Entries(text)
	if at.Entry < 0 || at.Entry > len(entries) {
		return ""
	}
	return entries[at.Entry-1].Text
}
