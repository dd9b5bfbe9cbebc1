// Package schemas holds the published data formats.
package schemas

import "embed"

// Header is the JSON Schema of the front matter of a text.
//
//go:embed header.schema.json
var Header []byte

// Rules lists the drafting rules that the checker knows: ID, severity, titles and
// source of each.
//
//go:embed gbt-1.1.json
var Rules []byte

// Lexicons are the words that rules look for, lexicons/NAME.tsv: word, what may
// not stand before it, what may not follow it, what to write instead; lists are
// divided by spaces, lines that begin with # are remarks.
//
//go:embed lexicons/*.tsv
var Lexicons embed.FS

// Findings is the JSON Schema of what tongbiao check --json prints for a file.
//
//go:embed findings.schema.json
var Findings []byte

// Events is the JSON Schema of a line of the exported log of events; events.md
// says how anybody verifies one.
//
//go:embed events.schema.json
var Events []byte

// OpenAPI describes the API that programs read, as OpenAPI 3.1.
//
//go:embed openapi.yaml
var OpenAPI []byte
