// Package schemas holds the published data formats.
package schemas

import _ "embed"

// Header is the JSON Schema of the front matter of a text.
//
//go:embed header.schema.json
var Header []byte
