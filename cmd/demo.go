package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"tongbiao/editor"
	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// demoProject is the project that a demonstration opens with. Its numbers,
// issuers and dates are invented, and say so.
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
	Mode:   registry.Jointly,
	Rule:   registry.ByAll,
	Issues: map[string]registry.Issue{"31": demoIssue("31"), "32": demoIssue("32"), "33": demoIssue("33"), "34": demoIssue("34")},
}

func demoIssue(region string) registry.Issue {
	return registry.Issue{
		Number: "DB" + region + "/T 示范310001—2026", Issuer: registry.RegionOf(region).Name + "标准化主管部门（示范）",
		Started: "2026-03-16", Published: "2026-12-31", Effective: "2027-04-01",
	}
}

// act is one thing that somebody of the demonstration's working group did, so
// that a visitor finds work under way and not an empty table.
type act struct {
	ago    int    // days before the demonstration was made
	by     string // a member, without "demo-"
	clause string // of the Shanghai text: the row in which it stands

	title, text  string           // a unified clause
	verdict      registry.Verdict // a position
	note, change string
	adopt        string // a region whose wanted change becomes the clause
	comment      string
}

const (
	demoVideo = "末端网点应安装覆盖收寄区、暂存区和自取区的视频监控设备。监控设备应24 h运行，监控资料的保存期限应不少于60日。"
	demoFirst = "快件到达末端网点后，应在48 h内完成首次投递；与收件人约定投递时间的，应按照约定投递。"
	demoTime  = "快件到达末端网点后，应在24 h内完成首次投递；与收件人约定投递时间的，应按照约定投递。"
)

// demoActs in the order of time.
var demoActs = []act{
	{ago: 19, by: "secretary", clause: "delivery-time", title: "投递时限", text: demoFirst},
	{ago: 18, by: "32", clause: "delivery-time", verdict: registry.Agree},
	{ago: 18, by: "31", clause: "delivery-time", verdict: registry.AgreeWithChange, change: demoTime, note: "现行要求就是24 h，不宜放宽。"},
	{ago: 16, by: "secretary", clause: "delivery-time", adopt: "31"},
	{ago: 15, by: "31", clause: "delivery-time", verdict: registry.Agree},
	{ago: 15, by: "33", clause: "delivery-time", verdict: registry.Agree},
	{ago: 14, by: "34", clause: "delivery-time", verdict: registry.Agree},
	{ago: 13, by: "secretary", clause: "enquiry", title: "查询", text: "应提供电话、互联网等查询渠道，快件信息的查询期限自收寄之日起应不少于1年。"},
	{ago: 13, by: "secretary", clause: "outlet-hours", title: "营业时间", text: "末端网点每日营业时间应不少于10 h。法定节假日调整营业时间的，应提前3日公示。"},
	{ago: 12, by: "32", clause: "delivery-time", verdict: registry.Agree},
	{ago: 12, by: "31", clause: "enquiry", verdict: registry.Agree},
	{ago: 11, by: "32", clause: "enquiry", verdict: registry.Agree},
	{ago: 11, by: "33", clause: "enquiry", verdict: registry.Agree},
	{ago: 9, by: "34", clause: "enquiry", verdict: registry.Agree},
	{ago: 8, by: "31", clause: "outlet-hours", verdict: registry.Agree},
	{ago: 8, by: "secretary", clause: "outlet-video", title: "视频监控", text: demoVideo},
	{ago: 7, by: "31", clause: "outlet-video", verdict: registry.AgreeWithChange, change: "末端网点应安装覆盖收寄区、暂存区和自取区的视频监控设备。监控设备应24 h运行，监控资料的保存期限应不少于90日。", note: "保存期限改为不少于90日，与现行要求一致。"},
	{ago: 7, by: "33", clause: "outlet-video", verdict: registry.Agree},
	{ago: 6, by: "34", clause: "outlet-video", verdict: registry.Object, note: "农村网点设备更新需要时间，保存期限宜与国家底线30日一致。"},
	{ago: 6, by: "reader", clause: "outlet-video", comment: "保存期限从30日提高到60日，存储成本要增加，建议给一年过渡期。"},
	{ago: 5, by: "33", clause: "outlet-hours", verdict: registry.Agree},
	{ago: 4, by: "secretary", clause: "enquiry", title: "查询", text: "应提供电话、互联网等查询渠道，快件信息的查询期限自收寄之日起应不少于1年。查询结果应即时提供。"},
	{ago: 3, by: "31", clause: "enquiry", verdict: registry.Agree},
	{ago: 3, by: "secretary", clause: "acceptance-tell", title: "告知", text: "收寄快件时，应告知寄件人资费、预计送达时间、保价规则和赔偿规则。"},
	{ago: 2, by: "34", clause: "enquiry", verdict: registry.Agree},
	{ago: 1, by: "33", clause: "acceptance-tell", verdict: registry.Abstain, note: "保价规则正在修订。"},
}

// demoClock is the time in which a demonstration's past is played: so many days
// before it is made, each thing a while after the one before.
type demoClock struct{ made, at time.Time }

func (c *demoClock) now() time.Time { return c.at }

// to moves on to a day, by half an hour at least.
func (c *demoClock) to(ago int) {
	y, m, d := c.made.In(registry.China).AddDate(0, 0, -ago).Date()
	c.at = c.at.Add(31 * time.Minute)
	if day := time.Date(y, m, d, 9, 5, 0, 0, registry.China); day.After(c.at) {
		c.at = day
	}
}

// furnish makes a new data folder a demonstration whose project was begun some
// weeks ago, so that its progress has a past. A folder that holds a registry
// stays as it is.
func (d dataFlag) furnish(made time.Time) error {
	if _, err := os.Stat(d.file()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	store, err := bolt.Open(d.file())
	if err != nil {
		return err
	}
	clock := &demoClock{made: made}
	clock.to(20)
	reg, err := registry.Open(store, clock.now)
	if err != nil {
		store.Close()
		return err
	}
	err = seed(reg, true)
	if err == nil {
		err = demonstrate(reg, clock)
	}
	return errors.Join(err, reg.Close())
}

// demonstrate makes the registry a demonstration, once. clock is its registry's
// where the past is played, nil where everything happens now.
func demonstrate(reg *registry.Registry, clock *demoClock) error {
	yes, err := reg.Demonstration()
	if yes || err != nil {
		return err
	}
	if err := reg.MakeDemonstration(demoProject); err != nil {
		return err
	}
	return replay(reg, clock)
}

// replay plays the two pasts of a demonstration, of its project and of its
// consultation, day by day.
func replay(reg *registry.Registry, past *demoClock) error {
	said := map[string]string{}
	now := clock
	day := func(ago int) {
		if past != nil {
			past.to(ago)
			now = past.now
		}
	}
	remarks := demoRemarks
	until := func(ago int) error {
		for ; len(remarks) > 0 && remarks[0].ago >= ago; remarks = remarks[1:] {
			day(remarks[0].ago)
			if err := remarks[0].play(reg, said, now()); err != nil {
				return fmt.Errorf("demonstration consultation %s %s%s: %w", remarks[0].do, remarks[0].name, remarks[0].to, err)
			}
		}
		return nil
	}
	for _, a := range demoActs {
		if err := until(a.ago + 1); err != nil {
			return err
		}
		day(a.ago)
		if err := a.play(reg); err != nil {
			return fmt.Errorf("demonstration row %s: %w", a.clause, err)
		}
	}
	return until(0)
}

// play does what people would do, through the same verbs.
func (a act) play(reg *registry.Registry) error {
	rows, err := reg.Rows(demoProject.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(rows, func(r registry.Row) bool {
		return slices.ContainsFunc(r.Cells["31"], func(p editor.Passage) bool { return p.Clause == a.clause })
	})
	if at < 0 {
		return errors.New("no row holds it")
	}
	row := rows[at]
	m, err := reg.Member("demo-" + a.by)
	if err != nil {
		return err
	}
	switch {
	case a.comment != "":
		_, err = reg.AddComment(m, registry.Comment{Project: demoProject.ID, Row: row.ID, Type: registry.Technical, Body: a.comment})
	case a.verdict != "":
		_, err = reg.Declare(m, registry.Position{
			Project: demoProject.ID, Row: row.ID, Region: m.Region, Verdict: a.verdict, Note: a.note, Change: a.change, Hash: row.Unified.Hash,
		})
	case a.adopt != "":
		err = adopt(reg, m, row, a.adopt)
	default:
		_, err = reg.UnifyRow(m, demoProject.ID, row.ID, row.Version, a.title, a.text)
	}
	return err
}

// adopt makes the text that a region wants the row's.
func adopt(reg *registry.Registry, m registry.Member, row registry.Row, region string) error {
	v, err := reg.Workbench(demoProject.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(v.Rows, func(r registry.RowView) bool { return r.ID == row.ID })
	_, err = reg.ApplyChange(m, demoProject.ID, row.ID, row.Version, v.Rows[at].Current[region].Event)
	return err
}
