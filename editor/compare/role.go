package compare

import (
	"strings"

	"tongbiao/editor"
)

// role is the place that a clause has in every text of its kind. Clauses of
// one role belong together whatever their words. A preamble tells the history of
// its own text and has no counterpart.
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
	case containsAny(head, "制定本条例", "制定本办法", "制定本规定", "制定本细则", "制定本实施", "制定本决定", "作出本决定", "作如下决定", "制定本法"):
		return purposeRole
	case length < 90 && strings.Contains(first, "施行") && (strings.Contains(first, "自") || strings.Contains(first, "年")) && !strings.Contains(first, "适用"):
		return effectiveRole
	case containsAny(head, "适用本条例", "适用本办法", "适用本规定", "适用本细则", "适用本决定", "适用本法", "本条例适用于", "本办法适用于", "本规定适用于"):
		return scopeRole
	case containsAny(head, "用语的含义", "下列用语", "术语的含义"):
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
		if containsAny(n.text, "违反", "有下列") &&
			containsAny(n.text, "罚款", "给予处分", "依法给予", "追究刑事责任", "治安管理处罚", "责令改正") {
			return true
		}
	}
	return false
}
