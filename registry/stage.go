package registry

import (
	"time"

	"tongbiao/editor"
)

// Stage is where a standard stands in the national procedure.
type Stage string

const (
	StageProposal       Stage = "proposal"        // 立项: a project is asked for
	StageDrafting       Stage = "drafting"        // 起草
	StageConsultation   Stage = "consultation"    // 征求意见
	StageReview         Stage = "review"          // 审查
	StageApproval       Stage = "approval"        // 批准
	StagePublished      Stage = "published"       // 发布: not yet in force
	StageInForce        Stage = "in-force"        // 实施
	StagePeriodicReview Stage = "periodic-review" // 复审
	StageWithdrawn      Stage = "withdrawn"       // 废止
	StageSuperseded     Stage = "superseded"      // 被代替
	StageCancelled      Stage = "cancelled"       // 终止: the project was given up before publication
)

// StageInfo is a stage in the field's words.
type StageInfo struct {
	Stage       Stage
	Zh, En      string
	ISO         string // harmonised stage code (ISO Guide 69:1999; ISO/IEC Directives, Part 1)
	Frozen      bool   // the text may not be changed
	DoneZh      string // what a frozen text waits for, and what to do to change it
	DoneEn      string
	OffTheRoute bool // not on the way from proposal to periodic review
}

// Stages in order. The codes are those of domain.md.
var Stages = []StageInfo{
	{Stage: StageProposal, Zh: "立项", En: "Proposal", ISO: "10"},
	{Stage: StageDrafting, Zh: "起草", En: "Drafting", ISO: "20"},
	{Stage: StageConsultation, Zh: "征求意见", En: "Consultation", ISO: "40", Frozen: true,
		DoneZh: "正文正在征求意见，已冻结。要修改，请先在“流程”页开始新草案", DoneEn: "The text is in consultation and frozen. To change it, begin a new draft on the process page"},
	{Stage: StageReview, Zh: "审查", En: "Review", ISO: "45", Frozen: true,
		DoneZh: "送审稿正在审查，已冻结。要修改，请先在“流程”页退回起草", DoneEn: "The text is under review and frozen. To change it, return it to drafting on the process page"},
	{Stage: StageApproval, Zh: "批准", En: "Approval", ISO: "50", Frozen: true,
		DoneZh: "报批稿等待批准发布，已冻结。要修改，请先在“流程”页退回起草", DoneEn: "The text awaits approval and is frozen. To change it, return it to drafting on the process page"},
	{Stage: StagePublished, Zh: "发布", En: "Published", ISO: "60.60", Frozen: true,
		DoneZh: "标准已发布，正文不可改。要修订，请先在“流程”页开始修订", DoneEn: "The standard is published and its text fixed. To change it, begin a revision on the process page"},
	{Stage: StageInForce, Zh: "实施", En: "In force", ISO: "60.60", Frozen: true,
		DoneZh: "标准已实施，正文不可改。要修订，请先在“流程”页开始修订", DoneEn: "The standard is in force and its text fixed. To change it, begin a revision on the process page"},
	{Stage: StagePeriodicReview, Zh: "复审", En: "Periodic review", ISO: "90", Frozen: true,
		DoneZh: "标准正在复审，正文不可改。要修订，请先在“流程”页作出修订的结论", DoneEn: "The standard is under periodic review and its text fixed. To change it, conclude on the process page that it is revised"},
	{Stage: StageWithdrawn, Zh: "废止", En: "Withdrawn", ISO: "95.99", Frozen: true, OffTheRoute: true,
		DoneZh: "标准已废止，正文不可改", DoneEn: "The standard is withdrawn and its text fixed"},
	{Stage: StageSuperseded, Zh: "被代替", En: "Superseded", ISO: "95.99", Frozen: true, OffTheRoute: true,
		DoneZh: "标准已被代替，正文不可改", DoneEn: "The standard is superseded and its text fixed"},
	{Stage: StageCancelled, Zh: "终止", En: "Cancelled", ISO: "10.98–50.98", Frozen: true, OffTheRoute: true,
		DoneZh: "项目已终止。要重新起草，请先在“流程”页重新申请立项", DoneEn: "The project is cancelled. To draft again, propose it anew on the process page"},
}

// Info is the stage in words.
func (s Stage) Info() StageInfo {
	for _, i := range Stages {
		if i.Stage == s {
			return i
		}
	}
	return StageInfo{Stage: s, Zh: string(s), En: string(s)}
}

// Process is where one standard stands: in which stage, since when, about which
// text. Each step counts Version; forms carry it.
type Process struct {
	Standard     string        `json:"standard"`
	Stage        Stage         `json:"stage"`
	Since        time.Time     `json:"since,omitzero"`
	Revision     int           `json:"revision"`               // the text that the stage is about; in drafting the current one
	Cycle        int           `json:"cycle"`                  // 1: the first text to be published; each revision of a published standard begins another
	Consultation *Consultation `json:"consultation,omitempty"` // the last of this cycle
	Plan         string        `json:"plan,omitempty"`         // number of the project in the plan (计划号)
	Opened       uint64        `json:"opened,omitempty"`       // event that began the cycle
	Version      int           `json:"version"`                // steps taken; 0: nothing is recorded and the text's own header was read
}

// Consultation asks everybody, or those named, for comments on one text.
type Consultation struct {
	Revision int      `json:"revision"`
	Opens    string   `json:"opens"`  // YYYY-MM-DD in China
	Closes   string   `json:"closes"` // YYYY-MM-DD, the last day included
	Contact  string   `json:"contact"`
	Public   bool     `json:"public"`          // open to who has no account
	Asked    []string `json:"asked,omitempty"` // units that were asked by name
}

// Open tells whether a day (YYYY-MM-DD) lies within the consultation.
func (c Consultation) Open(day string) bool { return c.Opens <= day && day <= c.Closes }

// Closed tells whether its last day is over on a day.
func (c Consultation) Closed(day string) bool { return c.Closes < day }

// Days is how long it lasts, its first and last day included.
func (c Consultation) Days() int {
	a, errA := time.Parse(time.DateOnly, c.Opens)
	b, errB := time.Parse(time.DateOnly, c.Closes)
	if errA != nil || errB != nil || b.Before(a) {
		return 0
	}
	return int(b.Sub(a).Hours()/24) + 1
}

var processes = table[Process]{"process", "个流程"}

// today is the day in China.
func (r *Registry) today() string { return r.now().In(China).Format(time.DateOnly) }

// Process says where a standard stands today.
func (r *Registry) Process(standard string) (p Process, err error) {
	err = r.store.View(func(tx Tx) error {
		if p, err = processAt(tx, standard); err != nil {
			return err
		}
		p, err = p.on(tx, r.today())
		return err
	})
	return p, err
}

// processAt is what is recorded of a standard's process. One without a record
// is where the header of its text says, with Version 0.
func processAt(tx Tx, standard string) (Process, error) {
	std, err := standards.get(tx, standard)
	if err != nil {
		return Process{}, err
	}
	p, held, err := processes.find(tx, standard)
	if err != nil {
		return p, err
	}
	if !held {
		p = Process{Standard: standard, Stage: stageOf(std.Header), Cycle: 1, Since: std.Created, Revision: std.Current}
	}
	if p.Stage == StageDrafting || p.Stage == StageProposal {
		p.Revision = std.Current
	}
	return p, nil
}

// stageOf is the stage that a header names.
func stageOf(h editor.Header) Stage {
	switch h.Status {
	case "consultation":
		return StageConsultation
	case "published":
		return StagePublished
	case "in-force":
		return StageInForce
	case "superseded":
		return StageSuperseded
	case "withdrawn":
		return StageWithdrawn
	}
	return StageDrafting
}

// frozen refuses to change the text of a standard whose process has begun and
// is beyond drafting. The refusal says what to do.
func frozen(tx Tx, standard string) error {
	p, held, err := processes.find(tx, standard)
	if err != nil || !held {
		return err
	}
	info := p.Stage.Info()
	if !info.Frozen {
		return nil
	}
	return refuse(Forbidden, "frozen", "%s（/standards/%s/process）。 %s (/standards/%s/process).", info.DoneZh, standard, info.DoneEn, standard)
}
