package main

import (
	_ "embed"
	"fmt"
	"time"

	"tongbiao/registry"
)

// A demonstration shows a text in public consultation too, with what members,
// a region among its own, and passers-by said of it. The text and everything
// said are invented for it.

//go:embed demo-consultation.md
var demoDraft []byte

const demoDraftID = "sf002-draft"

// remark is one thing that was done about the draft.
type remark struct {
	ago  int    // days before the demonstration was made
	name string // by which later ones name the comment
	by   string // a member without "demo-"; "" for a passer-by

	clause, quote, body, proposed string // a comment
	inside                        bool   // of the member's region
	to                            string // the comment that is answered, supported, submitted or gathered
	do                            string // "consult", "reply", "support", "submit", "leave", "gather", "show", or a disposition's kind
	reason                        string // of the disposition, or of leaving out
}

// demoRemarks in the order of time. The consultation is open for 35 days.
var demoRemarks = []remark{
	{ago: 14, by: "secretary", do: "consult"},
	{ago: 12, by: "author", name: "21 days", inside: true, clause: "return-time", quote: "7日内", body: "郊区网点每周只派一次车，7日内回收做不到，上海内部先商量。", proposed: "14日内"},
	{ago: 12, by: "32", name: "weight", clause: "times", quote: "20次", body: "20次没有依据。省内试点的箱子平均用了35次，建议提高。", proposed: "30次"},
	{ago: 11, by: "31", to: "21 days", do: "reply", body: "可以提，但要写明郊区。@demo-author 请补充网点数。"},
	{ago: 11, by: "31", to: "21 days", do: "support"},
	{ago: 10, name: "clean", clause: "clean-times", body: "每次都清洁会不会太浪费水？干净的箱子擦一擦就可以了。", proposed: "循环快递箱每次周转后应检查，有污渍的应清洁；接触过液体、粉末的，应消毒。"},
	{ago: 9, by: "author", name: "colour", inside: true, clause: "code", body: "建议各省用不同颜色区分。"},
	{ago: 9, by: "31", to: "21 days", do: "submit"},
	{ago: 8, by: "31", to: "colour", do: "leave", reason: "四地通用，不宜按省区分颜色。"},
	{ago: 8, by: "33", name: "deposit", clause: "deposit", quote: "不应向收件人收取押金", body: "不收押金，箱子丢失由谁承担？请写明责任。"},
	{ago: 7, by: "34", name: "village", clause: "return-place", quote: "每日开放时间应不少于8 h", body: "农村网点多为代办，每日8 h有困难，宜分城乡。", proposed: "城镇末端网点应设回收点，每日开放时间应不少于8 h；农村末端网点的回收点每日开放时间宜不少于4 h。"},
	{ago: 6, by: "reader", name: "village 2", clause: "return-place", quote: "每日开放时间应不少于8 h", body: "农村网点多为代办，每日8 h确有困难，建议分城乡。"},
	{ago: 6, name: "privacy", clause: "data", body: "支持不留个人信息。请再写明：箱上的编码不能让别人查到是谁的快件。"},
	{ago: 5, by: "secretary", to: "weight", do: "accepted"},
	{ago: 5, by: "secretary", to: "village", do: "gather", reason: "village 2"},
	{ago: 4, by: "secretary", to: "village", do: "partly", reason: "区分城乡采纳；农村网点改为推荐，时间由各地细则规定。"},
	{ago: 4, by: "secretary", to: "clean", do: "show"},
	{ago: 4, by: "secretary", to: "clean", do: "rejected", reason: "箱内会接触食品和药品包装，按卫生部门意见每次周转后清洁。"},
	{ago: 3, by: "secretary", to: "deposit", do: "pending", reason: "责任如何分担，待四地会议商定。"},
	{ago: 3, by: "author", name: "record", clause: "clean-record", body: "6个月与仓储行业惯例不一致，请说明依据。"},
	{ago: 2, by: "32", name: "inside 32", inside: true, clause: "deposit", body: "省内企业担心丢失率，先在江苏内部摸底。"},
	{ago: 2, name: "deaf", clause: "tell", body: "请要求告知用文字，不要只打电话，听障人士听不到。"},
	{ago: 1, by: "33", to: "record", do: "support"},
}

// play does one remark. said holds the comments by their names.
func (k remark) play(reg *registry.Registry, said map[string]string, now time.Time) error {
	m := registry.Member{}
	if k.by != "" {
		var err error
		if m, err = reg.Member("demo-" + k.by); err != nil {
			return err
		}
	}
	id := said[k.to]
	switch k.do {
	case "":
		return k.say(reg, m, said)
	case "consult":
		return consultDemo(reg, m, now)
	case "reply":
		_, err := reg.AddComment(m, registry.Comment{On: registry.Ref{Standard: demoDraftID}, ReplyTo: id, Body: k.body})
		return err
	case "support":
		_, err := reg.Support(m, demoDraftID, id, true)
		return err
	case "submit":
		c, err := reg.SubmitComments(m, demoDraftID, []registry.Comment{{Type: registry.Technical, Quote: "7日内", Proposed: "7日内（崇明区和远郊网点14日内）", Body: "远郊网点每周派一次车，宜放宽到14日。", Sources: []string{id}}})
		if err == nil {
			said["submitted"] = c[0].ID
		}
		return err
	case "leave":
		return reg.LeaveOut(m, demoDraftID, []string{id}, k.reason)
	case "gather":
		return reg.Gather(m, demoDraftID, id, []string{said[k.reason]})
	case "show":
		return reg.Moderate(m, demoDraftID, registry.Seen{ID: id}, true, "")
	}
	return reg.Dispose(m, demoDraftID, []string{id}, registry.Disposition{Kind: registry.DispositionKind(k.do), Reason: k.reason})
}

// say keeps a comment of a member or of a passer-by.
func (k remark) say(reg *registry.Registry, m registry.Member, said map[string]string) error {
	if k.by == "" {
		c, _, err := reg.SayPublicly(registry.PublicComment{Standard: demoDraftID, Clause: k.clause, Type: registry.Technical, Quote: k.quote, Body: k.body, Proposed: k.proposed})
		said[k.name] = c.ID
		return err
	}
	c := registry.Comment{On: registry.Ref{Standard: demoDraftID, Clause: k.clause}, Type: registry.Technical, Quote: k.quote, Body: k.body, Proposed: k.proposed}
	if k.inside {
		c.Scope = m.Region
	}
	kept, err := reg.AddComment(m, c)
	said[k.name] = kept.ID
	return err
}

// consultDemo brings the draft in and opens its consultation.
func consultDemo(reg *registry.Registry, secretary registry.Member, now time.Time) error {
	done, err := reg.Import(registry.System, []registry.Incoming{{Path: "demo-consultation.md", Source: demoDraft}})
	if err != nil {
		return err
	}
	if err := done[0].Err; err != nil {
		return err
	}
	if _, err := reg.AttachDocument(secretary, demoDraftID, registry.Explained, "编制说明（示范）.md", []byte("# 编制说明（示范）\n\n为演示而写。\n")); err != nil {
		return err
	}
	day := func(n int) string { return now.In(registry.China).AddDate(0, 0, n).Format(time.DateOnly) }
	_, err = reg.Advance(secretary, demoDraftID, registry.StepRequest{
		Verb: registry.OpenConsultation, Opens: day(0), Closes: day(34), Contact: "联合秘书处（示范） 021-00000000", Public: true,
		Asked: []string{"某快递企业（示范）", "某行业协会（示范）", "某消费者组织（示范）"},
	})
	if err != nil {
		return fmt.Errorf("open the consultation: %w", err)
	}
	return nil
}
