package registry

import (
	"slices"
	"time"
)

// Transition is one line of the procedure: a verb that takes a standard from
// some stages to another, who may, what has to be true before, what it asks for.
// The page /process is written from this table, and Advance does what it says.
type Transition struct {
	Verb      Verb
	From      []Stage
	To        Stage
	Zh, En    string
	Gates     []Gate         // what has to be true
	Documents []DocumentKind // what has to be there
	Asks      []Ask          // what the form asks for
	Source    string         // of the rule, for people
	Calendar  bool           // it comes by the day, and nobody takes it
}

// Ask is something that a step has to be told.
type Ask string

const (
	AskNote   Ask = "note"         // why; obliged
	AskPlan   Ask = "plan"         // the number of the project
	AskDates  Ask = "consultation" // opens, closes, contact, public, asked
	AskCloses Ask = "closes"       // another last day
	AskIssues Ask = "issues"       // number, issuer and dates by region
	AskPlaces Ask = "regions"      // for which regions
	AskDay    Ask = "day"          // from which day on
)

const (
	lawOf   = "《标准化法》"
	local26 = "《地方标准管理办法》（国家市场监督管理总局令第26号）"
	stages9 = "GB/T 16733—1997《国家标准制定程序的阶段划分及代码》"
)

// underWay are the stages before publication.
var underWay = []Stage{StageProposal, StageDrafting, StageConsultation, StageReview, StageApproval}

// inPrint are the stages of a text that was published and is not withdrawn.
var inPrint = []Stage{StagePublished, StageInForce, StagePeriodicReview}

// Workflow is the procedure: 立项 → 起草 → 征求意见 → 审查 → 批准 → 发布 → 实施 → 复审 → 废止.
// A text that was in consultation goes back to drafting for the comments to be
// worked in (BeginDraft), and from there to review.
var Workflow = []Transition{
	{Verb: ProposeStandard, From: []Stage{StageDrafting, StageCancelled}, To: StageProposal, Zh: "申请立项", En: "Propose the project",
		Documents: []DocumentKind{Application}, Source: local26 + "：立项"},
	{Verb: AdmitProject, From: []Stage{StageProposal}, To: StageDrafting, Zh: "批准立项", En: "Admit the project",
		Asks: []Ask{AskPlan}, Source: local26 + "：立项"},
	{Verb: OpenConsultation, From: []Stage{StageDrafting}, To: StageConsultation, Zh: "开始征求意见", En: "Open the consultation",
		Gates: []Gate{GateFindings, GateLength}, Documents: []DocumentKind{Explained}, Asks: []Ask{AskDates},
		Source: lawOf + "第十五条；" + local26 + "：征求意见一般不少于三十日"},
	{Verb: ExtendConsultation, From: []Stage{StageConsultation}, To: StageConsultation, Zh: "延长征求意见", En: "Extend the consultation",
		Asks: []Ask{AskCloses}, Source: local26 + "：征求意见"},
	{Verb: BeginDraft, From: []Stage{StageConsultation, StageReview, StageApproval}, To: StageDrafting, Zh: "开始新草案", En: "Begin a new draft",
		Asks: []Ask{AskNote}, Source: stages9 + "：按意见修改后形成送审稿、报批稿"},
	{Verb: SendToReview, From: []Stage{StageDrafting, StageConsultation}, To: StageReview, Zh: "送审", En: "Send to review",
		Gates: []Gate{GateConsulted, GateComments, GateFindings}, Documents: []DocumentKind{Explained, CommentSheet},
		Source: local26 + "：审查"},
	{Verb: SendToApproval, From: []Stage{StageReview}, To: StageApproval, Zh: "报批", En: "Send to approval",
		Gates: []Gate{GateBallot, GateComments, GateFindings}, Documents: []DocumentKind{Explained, CommentSheet, ReviewMinutes},
		Source: local26 + "：审查、报批"},
	{Verb: PublishEdition, From: []Stage{StageApproval, StagePublished, StageInForce}, To: StagePublished, Zh: "批准发布", En: "Approve and publish",
		Gates: []Gate{GateSameText}, Asks: []Ask{AskIssues}, Source: lawOf + "第十三条；" + local26 + "：编号、批准发布"},
	{From: []Stage{StagePublished}, To: StageInForce, Zh: "到实施日期", En: "The effective date comes", Calendar: true, Source: lawOf + "第二十九条"},
	{Verb: BeginReview, From: []Stage{StagePublished, StageInForce}, To: StagePeriodicReview, Zh: "开始复审", En: "Begin the periodic review",
		Source: lawOf + "第二十九条；《上海市标准化条例》第二十三条"},
	{Verb: ConfirmEdition, From: []Stage{StagePeriodicReview}, To: StageInForce, Zh: "继续有效", En: "Confirm: it goes on",
		Asks: []Ask{AskPlaces, AskNote}, Source: lawOf + "第二十九条"},
	{Verb: ReviseStandard, From: inPrint, To: StageDrafting, Zh: "修订", En: "Revise",
		Asks: []Ask{AskNote}, Source: lawOf + "第二十九条"},
	{Verb: WithdrawEdition, From: inPrint, To: StageWithdrawn, Zh: "废止", En: "Withdraw",
		Asks: []Ask{AskPlaces, AskDay, AskNote}, Source: lawOf + "第二十九条"},
	{From: inPrint, To: StageSuperseded, Zh: "代替它的标准到实施日期", En: "What replaces it takes effect", Calendar: true, Source: lawOf + "第二十九条"},
	{Verb: CancelProject, From: underWay, To: StageCancelled, Zh: "终止项目", En: "Cancel the project",
		Asks: []Ask{AskNote}, Source: stages9 + "：项目终止"},
}

// TransitionOf finds the line of a verb.
func TransitionOf(verb Verb) (Transition, bool) {
	at := slices.IndexFunc(Workflow, func(t Transition) bool { return t.Verb == verb && verb != "" })
	if at < 0 {
		return Transition{}, false
	}
	return Workflow[at], true
}

// Begins tells whether the step may be taken in a stage.
func (t Transition) Begins(s Stage) bool { return !t.Calendar && slices.Contains(t.From, s) }

// Needs tells whether the step asks for something.
func (t Transition) Needs(a Ask) bool { return slices.Contains(t.Asks, a) }

// Who are the roles that may take the step: everywhere, and in their own region.
func (t Transition) Who() (everywhere, ownRegion []Role) {
	for _, role := range Roles {
		switch policy[t.Verb][role] {
		case every:
			everywhere = append(everywhere, role)
		case own:
			ownRegion = append(ownRegion, role)
		}
	}
	return everywhere, ownRegion
}

// ConsultationRule is how long a consultation lasts at least.
type ConsultationRule struct {
	Kind   string // Header.Kind; "" for all others
	Days   int    // first and last day included
	Source string
}

// Earliest is the first day on which a consultation that opens on a day
// (YYYY-MM-DD) may end; "" if that is no day.
func (r ConsultationRule) Earliest(opens string) string {
	day, err := time.Parse(time.DateOnly, opens)
	if err != nil {
		return ""
	}
	return day.AddDate(0, 0, r.Days-1).Format(time.DateOnly)
}

// ConsultationRules by kind of standard.
var ConsultationRules = []ConsultationRule{
	{"national", 60, "《国家标准管理办法》（国家市场监督管理总局令第59号）：公开征求意见一般不少于六十日"},
	{"local", 30, local26 + "：公开征求意见一般不少于三十日"},
	{"", 30, "参照" + local26},
}

func consultationRule(kind string) ConsultationRule {
	for _, r := range ConsultationRules {
		if r.Kind == kind {
			return r
		}
	}
	return ConsultationRules[len(ConsultationRules)-1]
}
