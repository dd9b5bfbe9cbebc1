package registry_test

import (
	"testing"

	"tongbiao/registry"
)

func TestCommentsArePinnedAnsweredAndResolved(t *testing.T) {
	reg, _ := two(t)
	text, err := reg.Text(registry.Ref{Standard: "sh-express"})
	if err != nil {
		t.Fatal(err)
	}
	clause := text.Document.Clauses[len(text.Document.Clauses)-1].ID
	author := registry.Member{ID: "au", Region: "31", Role: registry.Author}

	c, err := reg.AddComment(author, registry.Comment{On: registry.Ref{Standard: "sh-express", Clause: clause}, Type: registry.Technical, Quote: "七日", Body: "太长", Proposed: "五日"})
	if err != nil || c.On.Revision != 1 {
		t.Fatalf("comment %+v, %v; want it pinned to revision 1", c, err)
	}
	r, err := reg.AddComment(reader, registry.Comment{On: registry.Ref{Standard: "sh-express"}, ReplyTo: c.ID, Body: "同意"})
	if err != nil || r.On != c.On {
		t.Errorf("reply %+v, %v; want it on %s", r, err, c.On)
	}
	for name, bad := range map[string]registry.Comment{
		"no words":         {On: registry.Ref{Standard: "sh-express"}},
		"unknown type":     {On: registry.Ref{Standard: "sh-express"}, Body: "x", Type: "zz"},
		"unknown clause":   {On: registry.Ref{Standard: "sh-express", Clause: "no"}, Body: "x"},
		"unknown standard": {On: registry.Ref{Standard: "no"}, Body: "x"},
		"unknown row":      {Project: "p", Row: "no", Body: "x"},
		"unknown reply":    {On: registry.Ref{Standard: "sh-express"}, ReplyTo: "c999", Body: "x"},
	} {
		if _, err := reg.AddComment(reader, bad); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	_, err = reg.AddComment(registry.Member{}, registry.Comment{On: c.On, Body: "x"})
	refused(t, err, registry.Forbidden)

	_, err = reg.ResolveComment(reader, c, true, "采纳")
	refused(t, err, registry.Forbidden)
	_, err = reg.ResolveComment(secretary, c, true, "")
	refused(t, err, registry.Invalid)
	_, err = reg.ResolveComment(secretary, r, true, "采纳")
	refused(t, err, registry.Invalid) // a reply
	done, err := reg.ResolveComment(secretary, c, true, "采纳")
	if err != nil || done.Resolved != "secretary" {
		t.Errorf("resolved %+v, %v", done, err)
	}
	list, err := reg.CommentsOnStandard("sh-express")
	if err != nil || len(list) != 2 || list[0].Outcome != "采纳" || list[1].ReplyTo != c.ID {
		t.Errorf("list %+v, %v", list, err)
	}
	if _, err := reg.ResolveComment(author, c, false, ""); err != nil {
		t.Errorf("its author's region may open it again: %v", err)
	}
}
