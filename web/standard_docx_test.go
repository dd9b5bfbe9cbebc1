package web

import (
	"archive/zip"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A figure that is kept is in the Word documents of the working copy and of the
// revision that becomes of it.
func TestFigureIsInTheDocument(t *testing.T) {
	s := figureSite(t)
	m, err := s.reg.Member("demo-31")
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.reg.PutFigure(m, "sh-express", "箱.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h40v20z"/></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.reg.WorkingCopy(m, "sh-express")
	if err != nil {
		t.Fatal(err)
	}
	if w, err = s.reg.SaveWorking(m, "sh-express", w.Version, []byte(string(w.Source)+"\n"+f.Markdown()+"\n")); err != nil {
		t.Fatal(err)
	}
	holds := func(path string) {
		t.Helper()
		res := s.ask("demo-31", get, path, nil)
		z, err := zip.NewReader(strings.NewReader(res.body), int64(len(res.body)))
		if err != nil {
			t.Fatalf("%s: %d %v", path, res.StatusCode, err)
		}
		var names []string
		for _, f := range z.File {
			names = append(names, f.Name)
		}
		if !slices.Contains(names, "word/media/image1.png") || !slices.Contains(names, "word/media/image2.svg") {
			t.Errorf("%s holds %v", path, names)
		}
	}
	holds("/drafts/sh-express/text.docx")
	if _, err := s.reg.SubmitWorking(m, "sh-express", w.Version, "加图"); err != nil {
		t.Fatal(err)
	}
	std, err := s.reg.Standard("sh-express")
	if err != nil {
		t.Fatal(err)
	}
	holds("/standards/sh-express/" + strconv.Itoa(std.Current) + "/text.docx")
}
