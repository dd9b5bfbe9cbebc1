package check

import (
	"regexp"
	"strings"

	"tongbiao/editor"
)

// force says how a document is cited (GB/T 1.1—2020, 9.5).
type force int

const (
	mentioned   force = iota // what the sentence says does not tell
	normative                // 应符合…, 按照…: what is cited becomes part of this text
	informative              // 见…, in notes and examples: what is cited helps to understand
)

// citation is a place at which a text cites a standard.
type citation struct {
	clause *editor.Clause
	editor.Fact
	force force
	// direct tells whether the words of the sentence themselves make it normative or
	// informative, not only the place where it stands.
	direct bool
}

// number is the cited number as it is written, with its year.
func (c citation) number() string { return dated(c.Reference) }

func dated(r *editor.Reference) string {
	if r.Year == "" {
		return r.Standard
	}
	return r.Standard + "—" + r.Year
}

// citations are the places of the body, the annexes and the introduction at which
// standards are cited.
func citations(t *Text) []citation {
	var out []citation
	for _, x := range t.All {
		switch top := t.Top(x); {
		case top.Kind != editor.Introduction && top.Kind != editor.Chapter && top.Kind != editor.Annex, top.Title == "规范性引用文件":
			continue
		}
		facts := t.Facts(x)
		for _, f := range facts.References() {
			if f.Reference.Standard != "" && !misspelt(x.Text[f.End:]) {
				force, direct := forceOf(t, x, facts, f)
				out = append(out, citation{x, f, force, direct})
			}
		}
	}
	return out
}

// misspelt tells whether a letter stands where the number goes on: GB/T 1O757, of
// which NUM-11 speaks.
func misspelt(rest string) bool { return rest != "" && strings.IndexByte("OolI", rest[0]) >= 0 }

var (
	citesNormatively   = regexp.MustCompile(`(?:符合|按照|按|依据|根据|依照|遵守|遵循|执行|满足|采用)[^符按依根遵执满采参见]*$`)
	citesInformatively = regexp.MustCompile(`(?:参见|详见|参考|参阅|(?:^|[可宜也，（])见)[^符按依根遵执满采参见]*$`)
)

// forceOf tells how the reference f of a clause is meant: by where it stands, then by
// the verb before it in its phrase.
func forceOf(t *Text, x *editor.Clause, facts *Facts, f editor.Fact) (force, bool) {
	top := t.Top(x)
	if top.Kind == editor.Introduction || top.Informative {
		return informative, false
	}
	switch b := facts.blockAt(f.Start); b.Kind {
	case editor.Note, editor.Example, editor.Source:
		return informative, b.Kind == editor.Source
	}
	start, _ := phrase(x.Text, f.Start)
	before := x.Text[start:f.Start]
	switch {
	case citesInformatively.MatchString(before):
		return informative, true
	case citesNormatively.MatchString(before):
		return normative, true
	case strings.HasPrefix(x.Text[f.End:], "界定的"):
		return normative, true
	}
	return mentioned, false
}

// listed is one document of chapter 规范性引用文件 or of 参考文献.
type listed struct {
	words      string // its line
	start, end int    // of the line in the chapter's text
	at         int    // of the designation in the line, behind a label
	editor.Reference
	number string // the designation as written, without its year
	all    bool   // all parts
}

var listLabel = regexp.MustCompile(`^(?:[\[［]\d+[\]］]|\d+[.、．)）]|[a-z][)）]|——|[·•●]|（\d+）)[ \x{3000}]*`)

// longestList bounds a list of documents; what is longer is not looked at.
const longestList = 500

// listedIn reads the list of a chapter. lead is whether its first paragraph is not
// part of it.
func listedIn(x *editor.Clause, facts *Facts, lead bool) []listed {
	var out []listed
	for _, b := range facts.Blocks() {
		if len(out) >= longestList {
			break
		}
		if lead && b.Kind == editor.Paragraph {
			lead = false
			continue
		}
		if b.Kind == editor.Table || b.Kind == editor.Note {
			continue
		}
		at := b.Start
		for l := range strings.SplitAfterSeq(x.Text[b.Start:b.End], "\n") {
			words := strings.Trim(l, " \u3000\t\n")
			if words != "" && len(out) < longestList {
				start := at + strings.Index(l, words)
				out = append(out, readListed(words, start))
			}
			at += len(l)
		}
	}
	return out
}

func readListed(words string, start int) listed {
	e := listed{words: words, start: start, end: start + len(words), at: len(listLabel.FindString(words))}
	rest := words[e.at:]
	if refs := editor.References(rest); len(refs) > 0 && refs[0].Start == 0 && refs[0].Reference.Standard != "" {
		e.Reference, e.number = *refs[0].Reference, refs[0].Reference.Standard
		e.all = beginsWithAny(strings.TrimLeft(rest[refs[0].End:], " "), []string{"（所有部分）", "(所有部分)"})
		return e
	}
	if i := strings.IndexAny(rest, "\u3000《"); i > 0 && rest[0] >= 'A' && rest[0] <= 'Z' {
		e.number = strings.Trim(rest[:i], " ")
		if base, year, ok := strings.Cut(e.number, "—"); ok {
			e.number, e.Year = base, year
		}
		e.Standard = e.number
	}
	return e
}

// covers tells whether a listed document is the one cited, whatever their years.
func (e listed) covers(number string) bool {
	return e.Standard == number || e.all && strings.HasPrefix(number, e.Standard+".")
}

// part tells whether two numbers name a document and a part of it: GB/T 27917 and
// GB/T 27917.3.
func partOf(whole, part string) bool { return strings.HasPrefix(part, whole+".") }
