package editor

import "fmt"

// Severity of a Finding.
type Severity string

const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Finding is something that a person should look at: an irregularity that Parse
// met or a drafting rule that the text breaks. Message is Chinese first, then
// English, and says what to do.
type Finding struct {
	Rule     string   `json:"rule"` // e.g. "NUM-04" (docs of GB/T 1.1 rules) or "PARSE-number"
	Severity Severity `json:"severity"`
	Line     int      `json:"line"`   // 1-based; 0 when it concerns the whole text
	Column   int      `json:"column"` // 1-based, in characters; 0 when the whole line is meant
	Message  string   `json:"message"`

	Clause string `json:"clause,omitempty"` // Clause.ID; "" when it concerns the whole text
	Start  int    `json:"start"`            // bytes of the Markdown that was read; Start and End are 0 when the whole text is meant
	End    int    `json:"end"`
	Fix    *Fix   `json:"fix,omitempty"` // a safe correction; nil where a person must decide
}

// Fix is a correction of the source that removes its finding and changes nothing
// else.
type Fix struct {
	Label string `json:"label"` // what it does: Chinese, then English
	Edits []Edit `json:"edits"` // in the order of the text, without overlaps
}

// Edit replaces bytes of the source: source[Start:End] becomes Text.
type Edit struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// Apply gives the source with the edits made. The edits are in the order of the
// text and do not overlap; one that lies outside the source is left out.
func (f Fix) Apply(source []byte) []byte {
	out := make([]byte, 0, len(source)+64)
	at := 0
	for _, e := range f.Edits {
		if e.Start < at || e.End < e.Start || e.End > len(source) {
			continue
		}
		out = append(append(out, source[at:e.Start]...), e.Text...)
		at = e.End
	}
	return append(out, source[at:]...)
}

// SyntaxError refuses a text that cannot be read, with the place.
type SyntaxError struct {
	Line    int
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%d: %s", e.Line, e.Message) }
