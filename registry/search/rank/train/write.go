package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tongbiao/registry/search/rank"
)

// write writes what was learned into a folder.
func write(m *rank.Model, folder string) error {
	for _, f := range []struct {
		name, says string
		write      func(io.Writer) error
	}{
		{rank.WeightsFile, "feature, weight, weight where nothing was learned about the texts", m.WriteWeights},
		{rank.TranslationsFile, "word of questions, words of answers with weights", m.WriteTranslations},
		{rank.AskedFile, "law, article, questions, words with counts", m.WriteAsked},
		{rank.CommonFile, "word of questions, questions that have it, share of those with it in an answer", m.WriteCommon},
	} {
		file, err := os.Create(filepath.Join(folder, f.name))
		if err != nil {
			return err
		}
		fmt.Fprintf(file, "# Made by `make rank`: %s.\n", f.says)
		if err := f.write(file); err != nil {
			file.Close()
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
	}
	return nil
}
