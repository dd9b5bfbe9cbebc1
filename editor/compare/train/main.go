// Train learns the language model of comparisons from folders of texts:
//
//	go run ./editor/compare/train CORPUS...
//
// and writes editor/compare/model/language.bin. Texts on the topics with whose
// labelled alignments comparisons are measured are left out.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/editor/compare/model"
)

const target = "editor/compare/model/language.bin"

// judged are the topics of the labelled alignments.
var judged = []string{
	"志愿服务", "志愿者", "见义勇为", "献血", "消费者", "邮政", "快递", "电动自行车", "电动车", "非机动车", "科技成果", "科学技术成果",
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(folders []string) error {
	if len(folders) == 0 {
		return errors.New("no folder of texts given; make model CORPUS=path")
	}
	articles, texts, err := read(folders)
	if err != nil {
		return err
	}
	if len(articles) == 0 {
		return fmt.Errorf("no texts in %s", strings.Join(folders, ", "))
	}
	data := model.Learn(articles).Encode()
	m, err := model.Decode(data)
	if err != nil {
		return err
	}
	if err := os.WriteFile(target, data, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d texts, %d clauses, %d pairs, %d words, %d bytes, hash %s\n", target, texts, m.Articles(), m.Pairs(), len(m.Words()), len(data), m.Hash())
	return nil
}

// read gives the symbols of every clause of the texts, each clause once however
// many texts have it, in the order of the files' names.
func read(folders []string) (articles [][]rune, texts int, err error) {
	seen := map[string]bool{}
	for _, folder := range folders {
		err = filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(path) != ".md" {
				return err
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			doc, _, err := editor.Parse(src)
			if err != nil {
				fmt.Fprintf(os.Stderr, "left out: %s: %v\n", filepath.Base(path), err)
				return nil
			}
			about := filepath.Base(path) + doc.Header.Title
			if slices.ContainsFunc(judged, func(topic string) bool { return strings.Contains(about, topic) }) {
				return nil
			}
			texts++
			for c := range doc.All() {
				symbols := compare.Symbols(c)
				if key := string(symbols); len(symbols) > 0 && !seen[key] {
					seen[key] = true
					articles = append(articles, symbols)
				}
			}
			return nil
		})
		if err != nil {
			return nil, 0, err
		}
	}
	return articles, texts, nil
}
