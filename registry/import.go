package registry

import (
	"crypto/sha256"
	"encoding/base32"
	"path"
	"regexp"
	"sort"
	"strings"

	"tongbiao/editor"
)

// Incoming is a text from outside, with what its surroundings say about it.
// What the text says itself goes before the hints.
type Incoming struct {
	Path   string // where it was found; for messages, and for a date in its name
	Source []byte
	Region string // hint: code
	Kind   string // hint: Header.Kind
}

// Imported says what became of an Incoming.
type Imported struct {
	Path      string
	Standard  string
	Title     string
	Revision  int
	Unchanged bool // this text was held already
	Findings  []editor.Finding
	Err       error // set: nothing of this text was kept
}

// Import keeps texts from outside, in one transaction: all that can be read are
// kept; a text that cannot is reported in its Imported and changes nothing.
// Texts of one standard are taken oldest first, whatever their order here, and
// clauses that a newer text has in common with the one before keep their IDs.
func (r *Registry) Import(actor Member, texts []Incoming) ([]Imported, error) {
	if err := May(actor, ImportText); err != nil {
		return nil, err
	}
	out := make([]Imported, len(texts))
	docs := make([]*editor.Document, len(texts))
	for i, in := range texts {
		docs[i], out[i] = read(in)
	}
	err := r.update(actor, func(c *change) error {
		for _, i := range oldestFirst(docs) {
			v, kept, err := c.keep(docs[i], "导入 imported", ImportText)
			if Refused(err, Invalid) || Refused(err, Forbidden) { // nothing of this one was written
				out[i].Err = err
				continue
			}
			if err != nil {
				return err
			}
			out[i].Standard, out[i].Revision, out[i].Unchanged = v.Standard, v.Number, !kept
		}
		return nil
	})
	return out, err
}

// Preview says what Import would read, and keeps nothing.
func Preview(texts []Incoming) []Imported {
	out := make([]Imported, len(texts))
	for i, in := range texts {
		var doc *editor.Document
		if doc, out[i] = read(in); doc != nil {
			out[i].Standard = doc.Header.ID
		}
	}
	return out
}

var dateInName = regexp.MustCompile(`[(（](\d{4}-\d{2}-\d{2})[)）]\.[^.]+$`)

// read parses a text and completes its header from the hints.
func read(in Incoming) (*editor.Document, Imported) {
	res := Imported{Path: in.Path}
	doc, findings, err := editor.Parse(in.Source)
	if err != nil {
		res.Err = err
		return nil, res
	}
	res.Findings = findings
	h := &doc.Header
	if len(h.Regions) == 0 && in.Region != "" {
		h.Regions = []string{in.Region}
	}
	if h.Kind == "" {
		h.Kind = in.Kind
	}
	// The name of a file dates the text that it holds; a date in its front
	// matter may be that of the first edition.
	if m := dateInName.FindStringSubmatch(in.Path); m != nil {
		h.Published = m[1]
	}
	if h.Title == "" {
		h.Title = strings.TrimSuffix(path.Base(in.Path), path.Ext(in.Path))
		res.Findings = append(res.Findings, editor.Finding{Rule: "IMPORT-title", Severity: editor.Warning,
			Message: "没有名称，取文件名：" + h.Title + "。 No title; the file's name is taken: add one."})
	}
	res.Title = h.Title
	if h.ID == "" || nameable(h.ID) != nil {
		h.ID = nameOf(*h)
	}
	return doc, res
}

// oldestFirst orders the texts that could be read: by standard, then by date of
// publication, those without date first, then as given.
func oldestFirst(docs []*editor.Document) []int {
	var order []int
	for i, d := range docs {
		if d != nil {
			order = append(order, i)
		}
	}
	sort.SliceStable(order, func(a, b int) bool {
		x, y := docs[order[a]].Header, docs[order[b]].Header
		if x.ID != y.ID {
			return x.ID < y.ID
		}
		return x.Published < y.Published
	})
	return order
}

var (
	idForm   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,79}$`)
	notInIDs = regexp.MustCompile(`[^a-z0-9]+`)
)

func nameable(id string) error {
	if !idForm.MatchString(id) || id == "new" { // "new" is a page of its own
		return refuse(Invalid, "id", "标识只能用小写字母、数字、点和连字符：%q。 An id has lower-case letters, digits, dots and hyphens only: %q.", id, id)
	}
	return nil
}

// nameOf gives a text its permanent ID: from its number without the year
// ("DB31/T 310003—2021" → "db31-t-310003"), or, where that leaves nothing to
// tell it by, from its region and a hash of its title.
func nameOf(h editor.Header) string {
	number, _, _ := strings.Cut(h.Primary(), "—")
	slug := strings.Trim(notInIDs.ReplaceAllString(strings.ToLower(number), "-"), "-")
	if i := strings.LastIndexByte(number, '-'); number == h.Primary() && i > 0 && isYear(number[i+1:]) {
		slug = strings.Trim(notInIDs.ReplaceAllString(strings.ToLower(number[:i]), "-"), "-")
	}
	if strings.ContainsAny(slug, "0123456789") && isASCII(number) && nameable(slug) == nil {
		return slug
	}
	region := "cn"
	if len(h.Regions) == 1 {
		region = "r" + h.Regions[0]
	}
	sum := sha256.Sum256([]byte(number + "\x00" + h.Title))
	return region + "-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:10])
}

func isYear(s string) bool {
	return len(s) == 4 && strings.Trim(s, "0123456789") == ""
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
