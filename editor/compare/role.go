package compare

import (
	"strings"

	"tongbiao/editor"
)

// role is the place that a clause has in every text of its kind. Clauses of
// one role belong together whatever their words.
type role string

const (
	noRole        role = ""
	preambleRole  role = "题注"
	purposeRole   role = "立法目的"
	scopeRole     role = "适用范围"
	effectiveRole role = "施行日期"
	meaningRole   role = "用语含义"
	forewordRole  role = "前言"
	introRole     role = "引言"
	citedRole     role = "规范性引用文件"
	termsRole     role = "术语和定义"
	termRole      role = "术语条目"
	sourcesRole   role = "参考文献"
	proofRole     role = "证实方法"
)

// roleOf tells the role of a clause from its kind, its title and its words.
func roleOf(c *editor.Clause, nodes []node) role {
	switch c.Kind {
	case editor.Preamble:
		return preambleRole
	case editor.Foreword:
		return forewordRole
	case editor.Introduction:
		return introRole
	case editor.Bibliography:
		return sourcesRole
	case editor.Term:
		return termRole
	}
	switch c.Title {
	case "范围", "适用范围":
		return scopeRole
	case "规范性引用文件":
		return citedRole
	case "术语和定义", "术语、定义和缩略语":
		return termsRole
	case "目的", "立法目的":
		return purposeRole
	}
	if strings.Contains(c.Title, "证实方法") {
		return proofRole
	}
	if c.Kind == editor.Article || c.Kind == editor.Decision {
		return roleOfArticle(nodes)
	}
	return noRole
}

func roleOfArticle(nodes []node) role {
	first := nodes[0].text
	length := 0
	for _, n := range nodes {
		length += n.length
	}
	head := first
	if len(head) > 600 {
		head = head[:600]
	}
	switch {
	case strings.Contains(head, "制定本") && (strings.HasPrefix(head, "为") || strings.Contains(head, "根据")):
		return purposeRole
	case length < 90 && strings.Contains(first, "施行") && (strings.Contains(first, "自") || strings.Contains(first, "年")) && !strings.Contains(first, "适用"):
		return effectiveRole
	case strings.Contains(head, "适用本") || strings.Contains(head, "本条例适用于") || strings.Contains(head, "本办法适用于") || strings.Contains(head, "本规定适用于"):
		return scopeRole
	case strings.Contains(head, "用语的含义") || strings.Contains(head, "下列用语") || strings.Contains(head, "术语的含义"):
		return meaningRole
	}
	return noRole
}

// isPenalty reports whether a clause threatens a sanction. 法律责任 as the
// chapter's title says so where the words do not.
func isPenalty(nodes []node, chapter string) bool {
	if strings.Contains(chapter, "法律责任") || strings.Contains(chapter, "罚则") {
		return true
	}
	for _, n := range nodes {
		sanction := strings.Contains(n.text, "罚款") || strings.Contains(n.text, "给予处分") || strings.Contains(n.text, "依法给予") ||
			strings.Contains(n.text, "追究刑事责任") || strings.Contains(n.text, "治安管理处罚") || strings.Contains(n.text, "责令改正")
		if sanction && (strings.Contains(n.text, "违反") || strings.Contains(n.text, "有下列")) {
			return true
		}
	}
	return false
}
