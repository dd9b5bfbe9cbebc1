package registry

import (
	"fmt"
	"slices"
	"strings"

	"tongbiao/editor"
)

// Restore brings the clauses of an older revision back as a new one; base is the
// current revision as its reader saw it. The front matter stays that of today:
// number, dates and status are the standard's, not a text's. Nothing is lost:
// what stood there stays a revision. Who may, and whether the text may change
// now, is as for any revision.
func (r *Registry) Restore(actor Member, standard string, number, base int, reason string) (Revision, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return Revision{}, refuse(Invalid, "message", "请写明为什么恢复。 Say why it is restored.")
	}
	was, err := r.Text(Ref{Standard: standard, Revision: number})
	if err != nil {
		return Revision{}, err
	}
	now, err := r.Text(Ref{Standard: standard})
	if err != nil {
		return Revision{}, err
	}
	same := func(a, b ClauseMark) bool { return a == b }
	if now.Revision.Number == base && slices.EqualFunc(was.Revision.Clauses, now.Revision.Clauses, same) {
		return Revision{}, refuse(Invalid, "", "第 %d 版的条文与当前版本相同，无须恢复。 The clauses of revision %d are those of the current one: there is nothing to restore.", number, number)
	}
	source := editor.Write(&editor.Document{Header: now.Document.Header, Clauses: was.Document.Clauses})
	v, _, err := r.Submit(actor, Submission{
		Standard: standard, Base: base, Source: source, Message: fmt.Sprintf("恢复第 %d 版：%s", number, reason),
	})
	return v, err
}
