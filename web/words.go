package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

//go:embed catalogue/*.json
var catalogueFiles embed.FS

// langs that the pages speak; the first is the default.
var langs = []string{"zh", "en"}

// catalogue is every text of the pages, by language and key.
type catalogue map[string]map[string]string

// readCatalogue reads catalogue/zh*.json and en*.json: flat objects, key →
// text, where %s and %d stand for what is put in. A key stands in one file.
func readCatalogue() (catalogue, error) {
	out := catalogue{}
	for _, l := range langs {
		out[l] = map[string]string{}
		names, err := fs.Glob(catalogueFiles, "catalogue/"+l+"*.json")
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			raw, err := catalogueFiles.ReadFile(n)
			if err != nil {
				return nil, err
			}
			var texts map[string]string
			if err := json.Unmarshal(raw, &texts); err != nil {
				return nil, fmt.Errorf("read %s: %w", n, err)
			}
			for k, v := range texts {
				if _, twice := out[l][k]; twice {
					return nil, fmt.Errorf("read %s: %q stands in another file too", path.Base(n), k)
				}
				out[l][k] = v
			}
		}
	}
	return out, nil
}

func (w catalogue) has(key string) bool { _, ok := w[langs[0]][key]; return ok }

// say gives a text with args put in. A key that is not there is shown as it
// is: a test sees to it that this does not happen.
func (w catalogue) say(lang, key string, args ...any) string {
	text, ok := w[lang][key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// beginning are the texts whose keys begin so, for a page whose script speaks.
func (w catalogue) beginning(lang string, prefixes ...string) map[string]string {
	out := map[string]string{}
	for key, text := range w[lang] {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			out[key] = text
		}
	}
	return out
}

const langCookie = "lang"

// lang is the language of a request: ?lang= (which is remembered), else what
// was chosen before, else Chinese.
func lang(c echo.Context) string {
	if l, ok := c.Get(langCookie).(string); ok {
		return l
	}
	l := langs[0]
	if k, err := c.Cookie(langCookie); err == nil && known(k.Value) {
		l = k.Value
	}
	if q := c.QueryParam("lang"); known(q) {
		l = q
	}
	c.Set(langCookie, l)
	return l
}

func known(lang string) bool { return slices.Contains(langs, lang) }
