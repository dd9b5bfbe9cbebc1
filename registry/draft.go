package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/check"
)

// Draft is the unified standard so far: one numbered document, and for each
// clause the row that it comes from.
type Draft struct {
	Project  Project
	Document *editor.Document
	Rows     map[string][]RowView // by Clause.ID
	Left     int                  // rows without a unified clause
}

// Fixed sentences of GB/T 1.1—2020 for a standard's first chapters.
const (
	draftingBasis = "本文件按照GB/T 1.1—2020《标准化工作导则　第1部分：标准化文件的结构和起草规则》的规定起草。"
	noReferences  = "本文件没有规范性引用文件。"
	noTerms       = "本文件没有需要界定的术语和定义。"
)

// Draft assembles the unified standard of a project from its rows.
func (r *Registry) Draft(project string) (Draft, error) {
	v, err := r.Workbench(project)
	if err != nil {
		return Draft{}, err
	}
	return v.Draft(), nil
}

// Draft assembles the unified standard: the chapters that every standard has
// first, then the others in the order in which the rows first name them.
func (v ProjectView) Draft() Draft {
	d := Draft{Project: v.Project, Rows: map[string][]RowView{}, Document: &editor.Document{Header: v.draftHeader()}}
	chapters := map[string][]RowView{}
	var order []string
	for _, row := range v.Rows {
		if row.Unified == nil {
			d.Left++
			continue
		}
		name := strings.TrimSpace(row.Chapter)
		if name == "" {
			name = "其他要求"
		}
		if name == "前言" {
			name = "引言" // the foreword of the unified text says only what GB/T 1.1 lets it say
		}
		if chapters[name] == nil {
			order = append(order, name)
		}
		chapters[name] = append(chapters[name], row)
	}
	d.Document.Clauses = append(d.Document.Clauses, &editor.Clause{
		ID: "foreword", Kind: editor.Foreword, Title: "前言", Text: v.foreword(),
	})
	taken := map[string]bool{}
	add := func(name, id, fallback string) {
		taken[name] = true
		if rows := chapters[name]; rows != nil || fallback != "" {
			d.Document.Clauses = append(d.Document.Clauses, d.chapter(name, id, fallback, rows))
		}
	}
	add("引言", "introduction", "")
	add("范围", "scope", v.scope())
	add("规范性引用文件", "references", noReferences)
	add("术语和定义", "terms", noTerms)
	for _, name := range order {
		if !taken[name] {
			add(name, chapterID(name), "")
		}
	}
	d.lead()
	d.Document.Renumber()
	return d
}

// DraftStandard is the ID of the standard that a project drafts, kept yet or not.
func (p Project) DraftStandard() string {
	if p.Standard != "" {
		return p.Standard
	}
	return "draft-" + p.ID
}

// CheckDraft holds the unified draft, as it would be written down, against the
// rules: as its committee switched them, and with what it lets stand, once the
// draft is kept as a revision.
func (r *Registry) CheckDraft(d Draft) (check.Report, error) {
	source := editor.Write(d.Document)
	doc, _, err := editor.Parse(source)
	if err != nil { // beyond the bounds of one text
		return check.Report{Err: err, Findings: []editor.Finding{{Rule: "PARSE-text", Severity: editor.Error,
			Message: "统一稿写不成一份文本：" + err.Error() + " · the draft cannot be written as one text"}}}, nil
	}
	return r.Findings(d.Project.DraftStandard(), source, doc)
}

// chapterID names a chapter by what it is called, so that it stays the same
// wherever it comes to stand.
func chapterID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return "ch-" + hex.EncodeToString(sum[:5])
}

// lead makes the references between rows lead to the clauses in which the rows
// have come to stand. One to a row that has no unified clause yet stays and is
// found missing.
func (d *Draft) lead() {
	at := map[string]string{}
	for id, rows := range d.Rows {
		for _, row := range rows {
			at[row.ID] = id
		}
	}
	for c := range d.Document.All() {
		c.Text = editor.Cite(c.Text, func(id string) string {
			row, _ := rowNamed(id)
			if to := at[row]; to != "" {
				return "[](#" + to + ")"
			}
			return ""
		})
	}
}

// chapter builds one chapter from its rows. A single row that has no title
// beyond the chapter's is the chapter's text: a level has two clauses or none
// (GB/T 1.1—2020, 7.3).
func (d *Draft) chapter(name, id, fallback string, rows []RowView) *editor.Clause {
	c := &editor.Clause{ID: id, Kind: editor.Chapter, Title: name}
	terms := name == "术语和定义"
	switch {
	case name == "引言":
		c.Kind = editor.Introduction
		fallthrough
	case len(rows) == 1 && !terms && (rows[0].Unified.Title == "" || rows[0].Unified.Title == name), name == "范围", name == "规范性引用文件":
		var parts []string
		for _, row := range rows {
			parts = append(parts, row.Unified.Text)
			d.Rows[c.ID] = append(d.Rows[c.ID], row)
		}
		c.Text = strings.Join(parts, "\n\n")
	case len(rows) > 0:
		if terms {
			c.Text = "下列术语和定义适用于本文件。"
		}
		titled := allTitled(rows)
		for _, row := range rows {
			sub := &editor.Clause{ID: unifiedID + row.ID, Kind: editor.Subclause, Text: row.Unified.Text}
			if terms {
				sub.Kind = editor.Term
			}
			if titled || terms {
				sub.Title = heading(row)
			}
			d.Rows[sub.ID] = []RowView{row}
			c.Clauses = append(c.Clauses, sub)
		}
	}
	if c.Text == "" && len(c.Clauses) == 0 {
		c.Text = fallback
	}
	return c
}

// allTitled: within one parent all clauses have titles or none has.
func allTitled(rows []RowView) bool {
	for _, row := range rows {
		if heading(row) != "" {
			return true
		}
	}
	return false
}

func heading(row RowView) string {
	if row.Unified.Title != "" {
		return row.Unified.Title
	}
	return row.Topic
}

func (v ProjectView) draftHeader() editor.Header {
	h := editor.Header{ID: v.Project.Standard, Title: v.Project.Title, Kind: "local", Convention: editor.Standard, Status: "draft"}
	for _, region := range v.Project.regions() {
		h.Regions = append(h.Regions, region)
		if n := v.Project.Issues[region].Number; n != "" {
			h.Numbers = append(h.Numbers, n)
		}
	}
	for _, t := range v.Texts {
		if t.Revision.Header.Notice != "" {
			h.Notice = t.Revision.Header.Notice
			break
		}
	}
	if !strings.Contains(h.Notice, "专利") {
		h.Notice += PatentCall
	}
	return h
}

func (v ProjectView) foreword() string {
	var from []string
	for i, col := range v.Columns {
		h := v.Texts[i].Revision.Header
		name := "《" + h.Title + "》"
		if n := h.Primary(); n != "" {
			name = n + name
		}
		if col.Floor {
			continue
		}
		from = append(from, name)
	}
	return draftingBasis + "\n\n本文件由" + v.regionNames() + "联合起草，以" + strings.Join(from, "、") + "为基础。\n\n本文件为首次发布。"
}

func (v ProjectView) scope() string {
	subject := strings.TrimSuffix(strings.TrimSuffix(v.Project.Title, "规范"), "规程")
	where := v.regionNames()
	if len(v.Project.Territory) > 0 {
		where = strings.Join(v.Project.Territory, "、")
	}
	return "本文件规定了" + subject + "的要求。\n\n本文件适用于" + where + "的" + subject + "。"
}

func (v ProjectView) regionNames() string {
	var names []string
	for _, col := range v.Columns {
		if !col.Floor {
			names = append(names, col.Region.Name)
		}
	}
	return strings.Join(names, "、")
}

// assembled refuses to edit a text that a project assembles from its rows: the
// next draft would not hold the change, and nobody would know where it came
// from.
func assembled(tx Tx, standard string) error {
	return projects.scan(tx, func(p Project) error {
		if p.Standard == standard {
			return refuse(Forbidden, "", "这是项目“%s”由各条目汇成的统一稿：请到工作台改相应条目。 This is the unified draft of project %s: change its rows on the workbench.", p.Title, p.ID)
		}
		return nil
	})
}

// KeepDraft keeps the unified draft as a revision of the standard that the
// project drafts, so that it can be read, compared and commented like any other
// text.
func (r *Registry) KeepDraft(actor Member, project, message string) (Revision, error) {
	if err := May(actor, SubmitDraftText); err != nil {
		return Revision{}, err
	}
	if strings.TrimSpace(message) == "" {
		message = "统一稿 unified draft"
	}
	if err := within("message", message, maxMessage); err != nil {
		return Revision{}, err
	}
	var v Revision
	err := r.update(actor, func(c *change) error {
		view, err := workbench(c.Tx, project)
		if err != nil {
			return err
		}
		draft := view.Draft()
		if len(draft.Rows) == 0 {
			return refuse(Invalid, "", "还没有统一条款，没有可保存的统一稿。 There is no unified clause yet.")
		}
		p := view.Project
		if p.Standard == "" {
			p.Standard = p.DraftStandard()
			if _, held, err := standards.find(c.Tx, p.Standard); err != nil {
				return err
			} else if held {
				return refuse(Conflict, "", "标识 %s 已被另一项标准占用，统一稿没有保存。 The id %s belongs to another standard: the draft was not kept.", p.Standard, p.Standard)
			}
			if err := projects.put(c, p, p.ID); err != nil {
				return err
			}
		}
		if err := frozen(c.Tx, p.Standard); err != nil {
			return err
		}
		draft.Document.Header.ID = p.Standard
		v, _, err = c.keep(draft.Document, message, SubmitDraftText)
		return err
	})
	return v, err
}
