package compare

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tongbiao/editor"
)

// gitKeeps measures the tool at hand on two texts, one article a line: the share
// of the pairs whose lines git diff shows as one (equal, or at the same place of
// a removed and an added block of one size), and the share of the pairs of which
// --word-diff, character by character, keeps half of the old text inside of its
// partner. With or without the articles' numbers.
func gitKeeps(t testing.TB, old, new *editor.Document, truth map[[2]*editor.Clause]bool, numbered bool) (lines, words float64, err error) {
	var articles [2][]*editor.Clause
	var text [2][]string
	var paths [2]string
	for i, d := range []*editor.Document{old, new} {
		for c := range d.All() {
			if c.Kind == editor.Article {
				number := ""
				if numbered {
					number = c.Number
				}
				articles[i] = append(articles[i], c)
				text[i] = append(text[i], strings.Join(strings.Fields(number+c.Text), ""))
			}
		}
		paths[i] = filepath.Join(t.TempDir(), "text")
		if err := os.WriteFile(paths[i], []byte(strings.Join(text[i], "\n")+"\n"), 0o600); err != nil {
			return 0, 0, err
		}
	}
	diff := func(args ...string) ([]string, error) {
		args = append(append([]string{"diff", "--no-index", "--no-color", "-U1000000"}, args...), paths[0], paths[1])
		out, err := exec.Command("git", args...).Output()
		if exit, ok := err.(*exec.ExitError); err != nil && (!ok || exit.ExitCode() != 1) { // 1: they differ
			return nil, err
		}
		_, body, _ := strings.Cut(string(out), "@@\n")
		return strings.Split(strings.TrimSuffix(body, "\n"), "\n"), nil
	}
	plain, err := diff()
	if err != nil {
		return 0, 0, err
	}
	byCharacter, err := diff("--word-diff=porcelain", "--word-diff-regex=[^[:space:]]")
	if err != nil {
		return 0, 0, err
	}
	together, kept := linesTogether(plain), charactersKept(byCharacter, text[0], text[1])
	var line, word certainty
	for a, x := range articles[0] {
		for b, y := range articles[1] {
			if !truth[[2]*editor.Clause{x, y}] {
				continue
			}
			line.of++
			word.of++
			if together[[2]int{a, b}] {
				line.held++
			}
			if n := len([]rune(text[0][a])); 2*kept[[2]int{a, b}] >= n {
				word.held++
			}
		}
	}
	return line.share(), word.share(), nil
}

// linesTogether are the numbers of old and new lines that a diff shows as one.
func linesTogether(diff []string) map[[2]int]bool {
	out := map[[2]int]bool{}
	a, b := 0, 0
	var removed, added []int
	flush := func() {
		if len(removed) == len(added) {
			for i := range removed {
				out[[2]int{removed[i], added[i]}] = true
			}
		}
		removed, added = nil, nil
	}
	for _, line := range diff {
		switch {
		case strings.HasPrefix(line, "-"):
			removed = append(removed, a)
			a++
		case strings.HasPrefix(line, "+"):
			added = append(added, b)
			b++
		case strings.HasPrefix(line, " "):
			flush()
			out[[2]int{a, b}] = true
			a++
			b++
		}
	}
	flush()
	return out
}

// charactersKept counts the characters of old and new lines that a word diff
// shows as equal. How it ends lines is not asked: characters are counted off.
func charactersKept(diff []string, old, new []string) map[[2]int]int {
	out := map[[2]int]int{}
	x, y := lineOfCharacter(old), lineOfCharacter(new)
	a, b := 0, 0
	for _, line := range diff {
		if line == "" || line[0] == '~' {
			continue
		}
		for range strings.TrimSpace(line[1:]) {
			if line[0] == ' ' && a < len(x) && b < len(y) {
				out[[2]int{x[a], y[b]}]++
			}
			if line[0] != '+' {
				a++
			}
			if line[0] != '-' {
				b++
			}
		}
	}
	return out
}

func lineOfCharacter(lines []string) []int {
	var out []int
	for i, line := range lines {
		for range line {
			out = append(out, i)
		}
	}
	return out
}
