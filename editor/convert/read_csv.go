package convert

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// ReadCSV reads comma or tab separated values in UTF-8 or, as Excel saves them
// in China, GB18030. The apostrophe that WriteCSV puts before what a spreadsheet
// would take for a formula is taken off.
func ReadCSV(data []byte) ([]Sheet, error) {
	if len(data) > MaxFile {
		return nil, unreadable("文件超过 %d MB：请分成几份", "The file has more than %d MB: divide it", MaxFile>>20)
	}
	text := bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(text) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(text)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return nil, unreadable("文件不是 UTF-8 或 GB18030 的文字：请另存为 .xlsx", "The file is no text in UTF-8 or GB18030: save it as .xlsx")
		}
		text = decoded
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, unreadable("这不是表格文件：请上传 .xlsx、.docx 或 .csv", "This is no table: upload .xlsx, .docx or .csv")
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	if first, _, _ := bytes.Cut(text, []byte("\n")); bytes.Count(first, []byte("\t")) > bytes.Count(first, []byte(",")) {
		r.Comma = '\t'
	}
	var rows [][]string
	spent := budget{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, _ := r.FieldPos(0)
			return nil, unreadable("第 %d 行起读不出来：请另存为 .xlsx", "From line %d on the file cannot be read: save it as .xlsx", line)
		}
		if len(rows) == MaxRows {
			return nil, tooManyRows("CSV")
		}
		if len(row) > maxReadCols {
			return nil, unreadable("第 %d 行超过 %d 列", "Row %d has more than %d columns", len(rows)+1, maxReadCols)
		}
		for i, cell := range row {
			if bare, ok := strings.CutPrefix(cell, "'"); ok && strings.IndexAny(bare, formulaSigns) == 0 {
				row[i] = bare
			}
			if err := spent.take("CSV", cell); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return []Sheet{{Name: "CSV", Rows: trimmed(rows)}}, nil
}

func tooManyRows(sheet string) error {
	return unreadable("“%s”超过 %d 行：请分成几份", "%q has more than %d rows: divide it", sheet, MaxRows)
}
