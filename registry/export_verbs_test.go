package registry

import (
	"maps"
	"slices"
)

// Verbs are those of the policy.
func Verbs() []Verb { return slices.Sorted(maps.Keys(policy)) }
