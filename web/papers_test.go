package web

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/editor/convert"
	"tongbiao/registry"
)

// TestPapersInLibreOffice downloads every paper of a project, opens it in
// LibreOffice and looks for every clause, cell and sentence in what it reads.
func TestPapersInLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("SKIPPED: LibreOffice (soffice) is not installed: nothing shows that it opens the papers; run `make needs`")
	}
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	s.posts("demo-31", "/projects/express/rows/"+row.ID+"/unify", 303, "version", strconv.Itoa(row.Version), "title", "投递时限", "text", "应在 36 h 内投递：\n\n——城区；\n\n——农村。\n\n注：<自然日> & 工作日。")
	s.posts("demo-secretary", "/projects/express/meeting", 303, "title", "第一次会议", "present", "demo-31", "queue", "open")
	row = s.rowWith("24 h")
	s.posts("demo-secretary", "/projects/express/meeting/rows/"+row.ID+"/decision", 303, "version", strconv.Itoa(row.Version), "outcome", "deferred", "reason", "=1+1 再议")
	m, _, err := s.reg.OpenMeetingOf(testProject)
	if err != nil {
		t.Fatal(err)
	}
	s.posts("demo-secretary", "/projects/express/meeting/close", 303)

	v, err := s.reg.Workbench(testProject)
	if err != nil {
		t.Fatal(err)
	}
	minutes, err := s.reg.Minutes(testProject, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	explanation, err := s.reg.Explanation(testProject)
	if err != nil {
		t.Fatal(err)
	}
	papers := map[string]convert.Paper{
		"draft": convert.StandardPaper(v.Draft().Document, nil), "concordance": v.ConcordancePaper(),
		"explanation": explanation.Paper(), "meetings/" + m.ID + "/minutes": minutes.Paper(),
	}
	dir := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", filepath.Join(dir, "out")}
	for name := range papers {
		path := filepath.Join(dir, filepath.Base(name)+".docx")
		if err := os.WriteFile(path, []byte(s.shows("", "/projects/express/"+name+".docx").body), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if said, err := exec.Command(soffice, args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, said)
	}
	for name, p := range papers {
		raw, err := os.ReadFile(filepath.Join(dir, "out", filepath.Base(name)+".txt"))
		if err != nil {
			t.Fatalf("LibreOffice did not open %s: %v", name, err)
		}
		holds(t, name, string(raw), textsIn(p))
	}
	raw, err := os.ReadFile(filepath.Join(dir, "out", "draft.txt"))
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "draft", string(raw), clausesIn(v))
}

// holds fails for each text that got does not hold, white space aside.
func holds(t *testing.T, name, got string, want []string) {
	t.Helper()
	bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
	got = bare(strings.TrimPrefix(got, "\ufeff"))
	for _, w := range want {
		if !strings.Contains(got, bare(w)) {
			t.Errorf("%s lacks %.80q", name, w)
		}
	}
}

// textsIn is every text of a paper.
func textsIn(p convert.Paper) []string {
	out := []string{p.Title, p.Subtitle}
	for _, b := range p.Blocks {
		out = append(out, b.Text)
		words := ""
		for _, r := range b.Runs {
			words += r.Text
		}
		out = append(out, words)
		if b.Table != nil {
			out = append(append(out, b.Table.Head...), b.Table.Notes...)
			for _, r := range b.Table.Rows {
				out = append(out, r...)
			}
		}
	}
	return out
}

// clausesIn is every line of every unified clause.
func clausesIn(v registry.ProjectView) (out []string) {
	for _, row := range v.Rows {
		if row.Unified != nil {
			out = append(append(out, row.Unified.Title), strings.Split(editor.PlainText(row.Unified.Text), "\n")...)
		}
	}
	return out
}
