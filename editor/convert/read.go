package convert

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Sheet is a table as it was read: a sheet of a workbook, a table of a text
// document, a CSV file. Cells are texts as they are shown; dates are
// YYYY-MM-DD. Rows are of different lengths, and the last one is not blank.
type Sheet struct {
	Name   string
	Rows   [][]string
	Merged []Merge  // the text of a merged cell stands in its first row and column
	Styles []string // names of the paragraph styles by column; of a text document
	Head   bool     // the table stands in the head of the pages
}

// Merge is a cell that takes several rows or columns, counted from 0.
type Merge struct{ Row, Col, Rows, Cols int }

// Bounds of what is read. A file beyond them is refused with the reason.
const (
	MaxFile     = 8 << 20               // bytes of a file as it comes
	MaxRows     = 20_000                // rows of one table
	maxUnpacked = 48 << 20              // bytes of all parts of a package
	maxRatio    = 400                   // times that a part of more than 1 MiB may grow when unpacked
	maxParts    = 2_000                 // parts of a package
	maxTables   = 200                   // tables or sheets of a file
	maxReadCols = 64                    // columns of one table
	maxReadCell = 64 << 10              // bytes of one cell
	maxReadText = 24 << 20              // bytes of all cells
	maxMerged   = MaxRows * maxReadCols // rows that the merged cells of a table take together
)

// Unreadable says why a file is refused, Chinese first, then English, and what
// to do.
type Unreadable struct{ Reason string }

func (u *Unreadable) Error() string { return u.Reason }

func unreadable(chinese, english string, args ...any) error {
	return &Unreadable{fmt.Sprintf(chinese+"。 "+english+".", append(args, args...)...)}
}

// ReadTables reads every table of an XLSX, DOCX or CSV file; what it is, its
// content says, not its name.
func ReadTables(data []byte) ([]Sheet, error) {
	switch {
	case len(data) > MaxFile:
		return nil, unreadable("文件超过 %d MB：请分成几份", "The file has more than %d MB: divide it", MaxFile>>20)
	case bytes.HasPrefix(data, []byte("PK")):
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, unreadable("文件有密码保护，或者是旧格式（.xls、.doc）：请去掉密码，另存为 .xlsx 或 .docx", "The file is protected by a password or of the old format (.xls, .doc): remove the password and save it as .xlsx or .docx")
	case bytes.HasPrefix(data, []byte("%PDF")):
		return nil, unreadable("PDF 里的表格读不出来：请上传 .xlsx、.docx 或 .csv", "Tables of a PDF cannot be read: upload .xlsx, .docx or .csv")
	default:
		return ReadCSV(data)
	}
	p, err := openPackage(data)
	if err != nil {
		return nil, err
	}
	switch {
	case p.has("xl/workbook.xml"):
		return readXLSX(data, p)
	case p.has("word/document.xml"):
		return readDOCX(p)
	}
	return nil, unreadable("这不是 Excel 或 Word 文件：请上传 .xlsx、.docx 或 .csv", "This is no Excel or Word file: upload .xlsx, .docx or .csv")
}

// pack is an Office file (ECMA-376, part 2): a ZIP archive of XML parts.
type pack struct{ parts map[string]*zip.File }

func (p pack) has(name string) bool { return p.parts[name] != nil }

// openPackage looks at a package before anything of it is unpacked.
func openPackage(data []byte) (pack, error) {
	damaged := unreadable("文件已损坏，打不开：请重新保存后再上传", "The file is damaged and cannot be opened: save it anew and upload it again")
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return pack{}, damaged
	}
	bomb := unreadable("文件展开后太大（超过 %d MB），没有打开：请只留下意见表再上传", "Unpacked, the file is too big (over %d MB) and was not opened: keep only the table of comments and upload it again", maxUnpacked>>20)
	if len(z.File) > maxParts {
		return pack{}, bomb
	}
	p, sum := pack{map[string]*zip.File{}}, uint64(0)
	for _, f := range z.File {
		size, packed := f.UncompressedSize64, max(f.CompressedSize64, 1)
		if size > maxUnpacked || size > 1<<20 && size/packed > maxRatio {
			return pack{}, bomb
		}
		if sum += size; sum > maxUnpacked {
			return pack{}, bomb
		}
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
		if f.Flags&1 != 0 {
			return pack{}, unreadable("文件有密码保护：请去掉密码再上传", "The file is protected by a password: remove it and upload the file again")
		}
		if path.Base(strings.ToLower(name)) == "vbaproject.bin" {
			return pack{}, unreadable("文件含有宏，不能导入：请另存为 .xlsx 或 .docx", "The file holds macros and is not taken: save it as .xlsx or .docx")
		}
		if p.has(name) {
			return pack{}, damaged
		}
		p.parts[name] = f
	}
	for _, f := range z.File {
		if strings.HasSuffix(strings.ToLower(f.Name), ".xml") || strings.HasSuffix(f.Name, ".rels") {
			if err := plainXML(f); err != nil {
				return pack{}, err
			}
		}
	}
	return p, nil
}

// plainXML refuses a part that declares a document type, and with it entities:
// no Office program writes one.
func plainXML(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return unreadable("文件已损坏，打不开：请重新保存后再上传", "The file is damaged and cannot be opened: save it anew and upload it again")
	}
	defer r.Close()
	dec := xml.NewDecoder(io.LimitReader(r, 64<<10))
	for {
		token, err := dec.RawToken()
		if err != nil {
			return nil // who reads the part says what is wrong
		}
		switch token.(type) {
		case xml.Directive:
			return unreadable("文件声明了文档类型或实体（%s），没有打开", "The file declares a document type or entities (%s) and was not opened", path.Base(f.Name))
		case xml.StartElement:
			return nil
		}
	}
}

// each calls fn for the tokens of a part; a part that is absent has none.
func (p pack) each(name string, fn func(xml.Token) error) error {
	f := p.parts[name]
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	defer r.Close()
	dec := xml.NewDecoder(io.LimitReader(r, maxUnpacked))
	for depth := 0; ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable("文件里的 %s 读不出来：请重新保存后再上传", "The part %s of the file cannot be read: save it anew and upload it again", name)
		}
		switch token.(type) {
		case xml.StartElement:
			if depth++; depth > 256 {
				return unreadable("文件里的 %s 嵌套太深", "The part %s of the file is nested too deeply", name)
			}
		case xml.EndElement:
			depth--
		}
		if err := fn(token); err != nil {
			return err
		}
	}
}

// attribute is the value of an attribute by its local name.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// budget counts what has been read of a file.
type budget struct{ text int }

func (b *budget) take(where, text string) error {
	if len(text) > maxReadCell {
		return unreadable("%s 的文字超过 %d 字节：请缩短", "The text of %s has more than %d bytes: shorten it", where, maxReadCell)
	}
	if b.text += len(text); b.text > maxReadText {
		return unreadable("表里的文字超过 %d MB：请分成几份", "The table holds more than %d MB of text: divide it", maxReadText>>20)
	}
	return nil
}

// trimmed drops trailing blank cells and rows.
func trimmed(rows [][]string) [][]string {
	for i, row := range rows {
		for len(row) > 0 && strings.TrimSpace(row[len(row)-1]) == "" {
			row = row[:len(row)-1]
		}
		rows[i] = row
	}
	for len(rows) > 0 && len(rows[len(rows)-1]) == 0 {
		rows = rows[:len(rows)-1]
	}
	return rows
}

// CheckTables refuses tables that ReadTables cannot have given: they came back
// from a page.
func CheckTables(sheets []Sheet) error {
	changed := unreadable("页面带回的表与读入的不同：请重新上传", "The tables that the page carried are not those that were read: upload the file again")
	if len(sheets) == 0 || len(sheets) > maxTables {
		return changed
	}
	spent := budget{}
	for _, s := range sheets {
		if len(s.Rows) > MaxRows || len(s.Styles) > maxReadCols {
			return changed
		}
		for _, row := range s.Rows {
			if len(row) > maxReadCols {
				return changed
			}
			for _, text := range row {
				if err := spent.take("“"+s.Name+"”", text); err != nil {
					return err
				}
			}
		}
		area := 0
		for _, m := range s.Merged {
			if m.Row < 0 || m.Col < 0 || m.Rows < 0 || m.Cols < 0 || m.Rows > MaxRows || m.Cols > MaxRows {
				return changed
			}
			if area += m.Rows; area > maxMerged {
				return changed
			}
		}
	}
	return nil
}
