package check

import (
	"cmp"
	"slices"

	"tongbiao/editor"
)

// maxRounds bounds how often what a correction brings to light is corrected too.
const maxRounds = 8

// Mend makes the safe corrections of a text, round by round until there is none
// left, and counts them. It brings no error that the text did not have: a round that
// would is not made. A source that cannot be read is refused with a
// *editor.SyntaxError.
func Mend(source []byte, o Options) (mended []byte, made int, err error) {
	c := New(o)
	report := c.Check(source)
	if report.Err != nil {
		return source, 0, report.Err
	}
	for range maxRounds {
		all := edits(report.Findings)
		if len(all) == 0 {
			break
		}
		next := source
		n := 0
		for _, fix := range slices.Backward(all) { // from the end, so that places stay
			next = fix.Apply(next)
			n++
		}
		after := c.Check(next)
		if after.Err != nil || after.Errors() > report.Errors() {
			break
		}
		source, report, made = next, after, made+n
	}
	return source, made, nil
}

// edits are the corrections of the findings that do not touch each other, in the
// order of the text.
func edits(findings []editor.Finding) []editor.Fix {
	var all []editor.Fix
	for _, f := range findings {
		if f.Fix != nil && len(f.Fix.Edits) > 0 {
			all = append(all, *f.Fix)
		}
	}
	first := func(f editor.Fix) int { return f.Edits[0].Start }
	slices.SortStableFunc(all, func(a, b editor.Fix) int { return cmp.Compare(first(a), first(b)) })
	end := -1
	return slices.DeleteFunc(all, func(f editor.Fix) bool {
		if first(f) <= end {
			return true
		}
		end = f.Edits[len(f.Edits)-1].End
		return false
	})
}
