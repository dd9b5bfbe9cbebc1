package registry

import (
	"archive/zip"
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// DocumentKind is a document that the procedure asks for.
type DocumentKind string

const (
	Application   DocumentKind = "application"   // 立项申请书
	Explained     DocumentKind = "explanation"   // 编制说明
	CommentSheet  DocumentKind = "comment-table" // 征求意见汇总处理表
	ReviewMinutes DocumentKind = "minutes"       // 审查会议纪要
	OtherDocument DocumentKind = "other"         //
)

// DocumentKinds as they are offered.
var DocumentKinds = []DocumentKind{Application, Explained, CommentSheet, ReviewMinutes, OtherDocument}

// Words are the names of a document.
func (k DocumentKind) Words() (zh, en string) {
	switch k {
	case Application:
		return "立项申请书", "project application"
	case Explained:
		return "编制说明", "drafting explanation"
	case CommentSheet:
		return "征求意见汇总处理表", "table of comments and dispositions"
	case ReviewMinutes:
		return "审查会议纪要", "minutes of the review"
	}
	return "其他文件", "other document"
}

// Attachment is a file that was attached to a standard's process.
type Attachment struct {
	ID       string       `json:"id"` // "a" and the number of the event that brought it
	Standard string       `json:"standard"`
	Cycle    int          `json:"cycle"`
	Kind     DocumentKind `json:"kind"`
	Name     string       `json:"name"`
	Type     string       `json:"type"` // extension: pdf, docx, xlsx, md
	Size     int          `json:"size"` // bytes
	Hash     string       `json:"hash"` // SHA-256, hex
	By       string       `json:"by"`
	Time     time.Time    `json:"time"`
	Dropped  string       `json:"dropped,omitempty"` // who took it back; the file stays
}

// MaxAttachment bounds one file, in bytes.
const MaxAttachment = 10 << 20

const mostAttachments = 100 // of one standard

var (
	attachments = table[Attachment]{"attachment", "个附件"}
	files       = table[struct{}]{"file", "个文件"} // raw bytes under their SHA-256
)

// fileTypes are the types that are taken, by extension, and how each begins.
var fileTypes = map[string]func([]byte) bool{
	"pdf":  func(b []byte) bool { return bytes.HasPrefix(b, []byte("%PDF-")) },
	"docx": func(b []byte) bool { return packageWith(b, "word/document.xml") },
	"xlsx": func(b []byte) bool { return packageWith(b, "xl/workbook.xml") },
	"md":   func(b []byte) bool { return utf8.Valid(b) && !bytes.ContainsRune(b, 0) },
}

// packageWith tells whether a file is a zip with a part. Nothing is unpacked.
func packageWith(b []byte, part string) bool {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	return err == nil && slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == part })
}

// fileName is a name as it may be kept and offered for download, and its type.
func fileName(name string) (clean, kind string, err error) {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`"<>:|?*`, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")))
	kind = strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	if _, known := fileTypes[kind]; !known || strings.TrimSuffix(strings.ToLower(name), "."+kind) == "" {
		return "", "", refuse(Invalid, "file", "只收 PDF、DOCX、XLSX、MD 文件。 Only PDF, DOCX, XLSX and MD files are taken.")
	}
	return name, kind, line("file", name)
}

// AttachDocument keeps a file with the process of a standard.
func (r *Registry) AttachDocument(actor Member, standard string, kind DocumentKind, name string, data []byte) (Attachment, error) {
	var a Attachment
	if !slices.Contains(DocumentKinds, kind) {
		return a, refuse(Invalid, "kind", "请选择文件的种类。 Choose what the document is.")
	}
	if len(data) == 0 {
		return a, refuse(Invalid, "file", "请选择文件；空文件不收。 Choose a file; an empty one is not taken.")
	}
	if len(data) > MaxAttachment {
		return a, refuse(Invalid, "file", "文件超过 %d MB：请压缩或分开。 The file is over %d MB: make it smaller or divide it.", MaxAttachment>>20, MaxAttachment>>20)
	}
	name, ext, err := fileName(name)
	if err != nil {
		return a, err
	}
	if !fileTypes[ext](data) {
		return a, refuse(Invalid, "file", "内容不是 %s 文件：请检查后再传。 The file is not what its name says, %s.", strings.ToUpper(ext), strings.ToUpper(ext))
	}
	err = r.update(actor, func(c *change) error {
		std, err := standards.get(c.Tx, standard)
		if err != nil {
			return err
		}
		if err := May(actor, AttachDocument, std.Header.Regions...); err != nil {
			return err
		}
		p, err := processAt(c.Tx, standard)
		if err != nil {
			return err
		}
		all, err := attachments.all(c.Tx, standard)
		if err != nil {
			return err
		}
		if len(all) >= mostAttachments {
			return refuse(Invalid, "file", "一项标准最多 %d 个附件。 At most %d files for one standard.", mostAttachments, mostAttachments)
		}
		head, _, err := heads.find(c.Tx, "head")
		if err != nil {
			return err
		}
		a = Attachment{
			ID: fmt.Sprintf("a%d", head.Seq+1), Standard: standard, Cycle: p.Cycle, Kind: kind, Name: name, Type: ext,
			Size: len(data), Hash: hashOf(data), By: actor.ID, Time: r.now().UTC().Truncate(time.Second),
		}
		if err := c.Put(files.key(a.Hash), data); err != nil {
			return err
		}
		if err := attachments.put(c, a, standard, a.key()); err != nil {
			return err
		}
		return c.log(AttachDocument, "standards/"+standard, map[string]any{"id": a.ID, "kind": kind, "name": name, "size": a.Size, "hash": a.Hash})
	})
	return a, err
}

func (a Attachment) key() string { return Comment{ID: "c" + strings.TrimPrefix(a.ID, "a")}.key() }

// DropDocument takes a file back: it is no longer counted. The file itself
// stays, because the log names its hash.
func (r *Registry) DropDocument(actor Member, standard, id string) error {
	return r.update(actor, func(c *change) error {
		std, err := standards.get(c.Tx, standard)
		if err != nil {
			return err
		}
		if err := May(actor, DropDocument, std.Header.Regions...); err != nil {
			return err
		}
		a, err := attachments.get(c.Tx, standard, Attachment{ID: id}.key())
		if err != nil {
			return err
		}
		if actor.Role == Author && a.By != actor.ID {
			return refuse(Forbidden, "", "只能撤回自己附上的文件。 You may take back only what you attached yourself.")
		}
		if a.Dropped != "" {
			return refuse(Conflict, "", "这个文件已经撤回。 The file has been taken back already.")
		}
		a.Dropped = actor.ID
		if err := attachments.put(c, a, standard, a.key()); err != nil {
			return err
		}
		return c.log(DropDocument, "standards/"+standard, map[string]any{"id": a.ID, "kind": a.Kind, "name": a.Name, "hash": a.Hash})
	})
}

// Attachment finds a file with its bytes.
func (r *Registry) Attachment(standard, id string) (a Attachment, data []byte, err error) {
	err = r.store.View(func(tx Tx) error {
		if a, err = attachments.get(tx, standard, Attachment{ID: id}.key()); err != nil {
			return err
		}
		raw, err := tx.Get(files.key(a.Hash))
		if err != nil {
			return err
		}
		if raw == nil || hashOf(raw) != a.Hash {
			return fmt.Errorf("attachment %s of %s: the file is not what its record says", id, standard)
		}
		data = bytes.Clone(raw)
		return nil
	})
	return a, data, err
}

// Document is one kind of document of a process: made here, attached, or absent.
type Document struct {
	Kind     DocumentKind
	Project  string       // the explanation is written in this project
	Ballot   int          // the minutes are those of this ballot
	Made     bool         // it is made here from the records
	Attached []Attachment // of this cycle, newest last
}

// There tells whether the document is there.
func (d Document) There() bool { return d.Made || len(d.Attached) > 0 }

// document says where a kind of document of this cycle is.
func (s *stepState) document(kind DocumentKind) (Document, error) {
	d := Document{Kind: kind}
	all, err := attachments.all(s.tx, s.std.ID)
	if err != nil {
		return d, err
	}
	for _, a := range all {
		if a.Kind == kind && a.Cycle == s.p.Cycle && a.Dropped == "" {
			d.Attached = append(d.Attached, a)
		}
	}
	switch kind {
	case Explained:
		err = projects.scan(s.tx, func(p Project) error {
			if p.Standard == s.std.ID {
				d.Project, d.Made = p.ID, true
				return ErrStop
			}
			return nil
		})
	case CommentSheet:
		d.Made = true // from the comments
	case ReviewMinutes:
		if d.Ballot, err = endedBallot(s.tx, s.std.ID, s.p.Revision, s.p.Cycle, s.today); err == nil {
			d.Made = d.Ballot > 0
		}
	}
	return d, err
}
