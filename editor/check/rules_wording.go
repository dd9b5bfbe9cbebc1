package check

import (
	"slices"
	"strings"
)

// wordingRules look at how provisions are worded, what they measure and what they
// may not speak of.
var wordingRules = slices.Concat(scopeRules, modalRules, unitRules, typographyRules, forbiddenRules)

// aboutPatents recognises the fixed sentence: 请注意本文件的某些内容可能涉及专利….
func aboutPatents(s string) bool { return strings.Contains(s, "专利") }

// reportsChange recognises an entry of the list of technical changes, which
// quotes what the editions say.
func reportsChange(s string) bool {
	return beginsWithAny(s, []string{"增加了", "更改了", "修改了", "删除了", "将", "调整了"})
}
