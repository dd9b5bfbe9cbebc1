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
}

// SyntaxError refuses a text that cannot be read, with the place.
type SyntaxError struct {
	Line    int
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%d: %s", e.Line, e.Message) }
