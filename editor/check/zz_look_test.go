package check

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"tongbiao/editor"
)

func TestZZLook(t *testing.T) {
	pattern := os.Getenv("LOOK")
	if pattern == "" {
		t.Skip("no LOOK")
	}
	files, _ := filepath.Glob(pattern)
	count := map[string]int{}
	for _, f := range files {
		src, _ := os.ReadFile(f)
		r := New(Options{}).Check(src)
		fmt.Println("==", f, r.Err)
		for _, x := range r.Findings {
			count[x.Rule]++
			if os.Getenv("ONLY") != "" && os.Getenv("ONLY") != x.Rule {
				continue
			}
			w := string(src[x.Start:x.End])
			if len(w) > 90 {
				w = w[:90]
			}
			fix := ""
			if x.Fix != nil {
				fix = "FIX"
			}
			fmt.Println(x.Rule, x.Severity, x.Line, "["+w+"]", x.Message, fix)
		}
	}
	var ks []string
	for k := range count {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	for _, k := range ks {
		fmt.Println(k, count[k])
	}
	_ = editor.Error
}
