package registry_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// drafted is a registry in which somebody drafts, a suggestion was accepted and a
// text shows a picture; it returns the file.
func drafted(t *testing.T) []byte {
	t.Helper()
	h := openHouse(t)
	sec := h.add(t, "secretary", registry.Secretary, "")
	sh := h.add(t, "sh", registry.Representative, "31")
	reader := h.add(t, "reader", registry.Reader, "")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	done, err := h.Import(sec, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}})
	must(err)
	must(done[0].Err)
	s, err := h.Suggest(reader, registry.Suggestion{Standard: "sh-express", Message: "便民", Changes: []registry.SuggestedChange{wanting(t, h.Registry, "七日内", "五日内")}})
	must(err)
	_, _, err = h.DecideSuggestion(sh, "sh-express", 1, s.Version, []registry.Ruling{{Clause: s.Changes[0].Clause, Accept: true}})
	must(err)
	w, err := h.StartWorking(sh, "sh-express", 0)
	must(err)
	f, err := h.PutFigure(sh, "sh-express", "图.svg", []byte("<svg/>"))
	must(err)
	_, err = h.SaveWorking(sh, "sh-express", w.Version, append(w.Source, f.Markdown()...))
	must(err)
	must(h.Close())
	file, err := os.ReadFile(h.path)
	must(err)
	return file
}

func TestVerifyKnowsDrafting(t *testing.T) {
	file := drafted(t)
	replace := func(prefix, old, new string) func(raw) {
		return func(r raw) {
			key := r.keys(prefix)[0]
			value := r.get(key)
			if !bytes.Contains(value, []byte(old)) {
				t.Fatalf("%q holds no %q: %s", key, old, value)
			}
			r.put(key, bytes.Replace(value, []byte(old), []byte(new), 1))
		}
	}
	for _, c := range []struct {
		name        string
		do          func(raw)
		where, says string
		repairable  bool
	}{
		{"nothing", func(raw) {}, "", "", false},
		{"a copy of nobody", replace("working/", `"member":"sh"`, `"member":"xx"`), "working/", "没有成员 xx", false},
		{"a copy that is not what was saved", replace("working/", `"hash":"`, `"hash":"0`), "working/", "工作稿的正文不对", false},
		{"a copy of no revision", replace("working/", `"base":2`, `"base":7`), "working/", "sh-express/7 不存在", false},
		{"a suggestion that has another number", replace("suggestion/", `"number":1`, `"number":4`), "suggestion/", "记录里写的是 sh-express/4", false},
		{"a suggestion of nobody", replace("suggestion/", `"author":"reader"`, `"author":"xx"`), "suggestion/", "没有成员 xx", false},
		{"a suggestion in no revision", replace("suggestion/", `"in":2`, `"in":9`), "suggestion/", "sh-express/9 不存在", false},
		{"a part of nobody", replace("revision/sh-express/0000000000000002", `"author":"reader"`, `"author":"xx"`), "revision/", "没有成员 xx", false},
		{"a picture that is another", replace("figure-data/", `"`, `"AAAA`), "figure/", "与名字不符", false},
		{"a picture without its bytes", func(r raw) { r.delete("figure-data/") }, "figure/", "图的内容不在", false},
		{"a picture that nobody shows", func(r raw) { r.delete("working/") }, "figure/", "没有文本用到这幅图", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "registry.db")
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			store, err := bolt.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := store.Update(func(tx registry.Tx) error { c.do(raw{t, tx}); return nil }); err != nil {
				t.Fatal(err)
			}
			reg, err := registry.Open(store, (&watch{}).now)
			if err != nil {
				t.Fatal(err)
			}
			defer reg.Close()
			found, all := c.says == "", []registry.Fault{}
			if err := reg.Verify(func(f registry.Fault) {
				all = append(all, f)
				found = found || strings.HasPrefix(f.Where, c.where) && strings.Contains(f.What, c.says) && f.Repairable == c.repairable
			}); err != nil {
				t.Fatal(err)
			}
			if !found || c.says == "" && len(all) > 0 {
				t.Errorf("want a fault at %s…: %s; found %+v", c.where, c.says, all)
			}
		})
	}
}
