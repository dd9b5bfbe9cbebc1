package editor

// Header is what the front matter of a text says about it.
type Header struct {
	ID         string     `yaml:"id,omitempty"`       // the standard's permanent name in the registry, e.g. "db31-t-sf001"
	Title      string     `yaml:"title"`              // 快递末端服务规范
	English    string     `yaml:"title_en,omitempty"` // English title
	Numbers    []string   `yaml:"number,omitempty"`   // DB31/T 310003—2021; several for a text published under several numbers. A single one may be written as a scalar
	Kind       string     `yaml:"kind,omitempty"`     // national, industry, local, group, enterprise; law, regulation, rule, decision
	Convention Convention `yaml:"convention,omitempty"`
	Regions    []string   `yaml:"region,omitempty"` // GB/T 2260 codes: "31"; "" or absent for national. A single one may be a scalar
	Status     string     `yaml:"status,omitempty"` // draft, consultation, published, in-force, superseded, withdrawn
	ICS        []string   `yaml:"ics,omitempty"`
	CCS        []string   `yaml:"ccs,omitempty"`
	Issuer     string     `yaml:"issuer,omitempty"`
	Published  string     `yaml:"published,omitempty"` // YYYY-MM-DD
	Effective  string     `yaml:"effective,omitempty"` // YYYY-MM-DD
	Replaces   []string   `yaml:"replaces,omitempty"`
	Adopts     []string   `yaml:"adopts,omitempty"` // "ISO 12345:2020 MOD"
	Notice     string     `yaml:"notice,omitempty"` // shown on the face of the text, e.g. that it is a demonstration
	// Extra holds the keys that this software does not know, as they were.
	Extra map[string]any `yaml:",inline"`
}
