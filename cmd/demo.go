package main

import (
	"fmt"
	"slices"

	"tongbiao/editor"
	"tongbiao/registry"
)

// demoProject is the project that a demonstration opens with.
var demoProject = registry.Project{
	ID:    "last-mile",
	Title: "快递末端服务规范",
	Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "db31-t-sf001"}},
		{Region: "32", Text: registry.Ref{Standard: "db32-t-sf001"}},
		{Region: "33", Text: registry.Ref{Standard: "db33-t-sf001"}},
		{Region: "34", Text: registry.Ref{Standard: "db34-t-sf001"}},
	},
	Floors: []registry.Ref{{Standard: "gb-sf001"}},
	Rule:   registry.ByAll,
	Issues: map[string]registry.Issue{
		"31": {Number: "DB31/T 示范310001—2026"}, "32": {Number: "DB32/T 示范310001—2026"},
		"33": {Number: "DB33/T 示范310001—2026"}, "34": {Number: "DB34/T 示范310001—2026"},
	},
}

// begun is a row on which the demonstration's working group has begun: what a
// visitor sees before he does anything himself.
type begun struct {
	clause  string // of the Shanghai text; the row is the one in which it stands
	title   string
	text    string
	said    map[string]said // by region
	comment string          // of the demonstration's enterprise
}

type said struct {
	verdict registry.Verdict
	note    string
}

var demoBegun = []begun{
	{
		clause: "delivery-time", title: "投递时限",
		text: "快件到达末端网点后，应在24 h内完成首次投递；与收件人约定投递时间的，应按照约定投递。",
		said: map[string]said{
			"31": {registry.Agree, ""}, "32": {registry.Agree, ""}, "33": {registry.Agree, ""}, "34": {registry.Agree, ""},
		},
	},
	{
		clause: "outlet-video", title: "视频监控",
		text: "末端网点应安装覆盖收寄区、暂存区和自取区的视频监控设备。监控设备应24 h运行，监控资料的保存期限应不少于60日。",
		said: map[string]said{
			"31": {registry.AgreeWithChange, "保存期限改为不少于90日，与现行要求一致。"},
			"33": {registry.Agree, ""},
			"34": {registry.Object, "农村网点设备更新需要时间，保存期限宜与国家底线30日一致。"},
		},
		comment: "保存期限从30日提高到60日，存储成本要增加，建议给一年过渡期。",
	},
	{
		clause: "outlet-hours", title: "营业时间",
		text: "末端网点每日营业时间应不少于10 h。法定节假日调整营业时间的，应提前3日公示。",
		said: map[string]said{"31": {registry.Agree, ""}, "33": {registry.Agree, ""}},
	},
}

// demonstrate makes the registry a demonstration, once.
func demonstrate(reg *registry.Registry) error {
	yes, err := reg.Demonstration()
	if yes || err != nil {
		return err
	}
	if err := reg.MakeDemonstration(demoProject); err != nil {
		return err
	}
	for _, b := range demoBegun {
		if err := b.play(reg); err != nil {
			return fmt.Errorf("demonstration row %s: %w", b.clause, err)
		}
	}
	return nil
}

// play does what people would do, through the same verbs.
func (b begun) play(reg *registry.Registry) error {
	rows, err := reg.Rows(demoProject.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(rows, func(r registry.Row) bool {
		return slices.ContainsFunc(r.Cells["31"], func(p editor.Passage) bool { return p.Clause == b.clause })
	})
	if at < 0 {
		return fmt.Errorf("no row holds %s", b.clause)
	}
	secretary, err := reg.Member("demo-secretary")
	if err != nil {
		return err
	}
	row, err := reg.UnifyRow(secretary, demoProject.ID, rows[at].ID, rows[at].Version, b.title, b.text)
	if err != nil {
		return err
	}
	for _, region := range registry.Regions {
		s, spoke := b.said[region.Code]
		if !spoke {
			continue
		}
		m, err := reg.Member("demo-" + region.Code)
		if err != nil {
			return err
		}
		if _, err := reg.TakePosition(m, demoProject.ID, row.ID, region.Code, s.verdict, s.note, row.Unified.Hash); err != nil {
			return err
		}
	}
	if b.comment == "" {
		return nil
	}
	reader, err := reg.Member("demo-reader")
	if err != nil {
		return err
	}
	_, err = reg.AddComment(reader, registry.Comment{Project: demoProject.ID, Row: row.ID, Type: registry.Technical, Body: b.comment})
	return err
}
