package registry_test

import (
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/editor/check"
	"tongbiao/registry"
)

// TestAhead: what the next step will ask of a text is said before its gate says it,
// and only that.
func TestAhead(t *testing.T) {
	reg := open(t)
	const text = "---\ntitle: 试验\nkind: local\nregions: [\"31\"]\n---\n\n## 范围 {#scope}\n\n本文件规定了要求。\n"
	ahead := func(source string) (string, registry.Verb) {
		t.Helper()
		doc, _, err := editor.Parse([]byte(source))
		if err != nil {
			t.Fatal(err)
		}
		now, err := reg.Findings("not-kept-yet", []byte(source), doc)
		if err != nil {
			t.Fatal(err)
		}
		step, list, err := reg.Ahead("not-kept-yet", now.Findings, []byte(source), doc)
		if err != nil {
			t.Fatal(err)
		}
		var rules []string
		for _, f := range list {
			if _, known := check.Lookup(f.Rule); !known {
				t.Errorf("no rule %s", f.Rule)
			}
			rules = append(rules, f.Rule)
		}
		return strings.Join(rules, " "), step.Verb
	}
	if rules, verb := ahead(text); !strings.Contains(rules, "COV-05") || verb != registry.OpenConsultation {
		t.Errorf("without the call for patents: %q before %s", rules, verb)
	}
	if rules, _ := ahead(strings.Replace(text, "kind:", "notice: 请附上相关专利。\nkind:", 1)); strings.Contains(rules, "COV-05") {
		t.Errorf("with it: %q", rules)
	}
}
