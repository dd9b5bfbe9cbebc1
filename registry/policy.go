package registry

import (
	"maps"
	"slices"
)

// Verb names something that a member may do; it is the name of its event too.
type Verb string

const (
	Setup           Verb = "registry.setup"        // the first administrator
	RepairStore     Verb = "registry.repair"       // put right what follows from other records
	ImportText      Verb = "revision.import"       // a text from outside
	SubmitRevision  Verb = "revision.submit"       // a text drafted here
	AddMember       Verb = "member.add"            //
	SetPassword     Verb = "member.password"       // one's own
	ChangeMember    Verb = "member.change"         // role and region
	EndMembership   Verb = "member.end"            //
	ReopenMember    Verb = "member.reopen"         //
	Seat            Verb = "member.seat"           // give a role in one project
	Unseat          Verb = "member.unseat"         //
	Invite          Verb = "member.invite"         //
	Uninvite        Verb = "member.uninvite"       //
	Join            Verb = "member.join"           // by an invitation
	OfferReset      Verb = "member.reset"          // a link with which a member sets a new password
	LinkSubject     Verb = "member.link"           // a way in by a provider of OpenID Connect
	UnlinkSubject   Verb = "member.unlink"         //
	EraseMember     Verb = "member.erase"          // name, credentials and addresses of a member
	EndSession      Verb = "session.end"           // one's own, elsewhere
	NewDevice       Verb = "session.device"        // signed in from a browser that is not known
	MakeToken       Verb = "token.make"            // for programs, limited to a scope
	DropToken       Verb = "token.drop"            //
	SetFactor       Verb = "factor.set"            // a second factor
	DropFactor      Verb = "factor.drop"           //
	SignIn          Verb = "session.open"          //
	SignOut         Verb = "session.close"         //
	CreateProject   Verb = "project.create"        //
	ChangeProject   Verb = "project.change"        // one setting of it
	MovePassage     Verb = "row.move"              // a passage from one row to another
	SplitRow        Verb = "row.split"             //
	MergeRows       Verb = "row.merge"             //
	ConfirmRow      Verb = "row.confirm"           // people say that the row is right
	ReopenRow       Verb = "row.unconfirm"         //
	ConfirmNone     Verb = "row.none"              // people say that a text has no counterpart
	ReopenNone      Verb = "row.seek"              // they take that back
	ReviewRow       Verb = "row.review"            // people looked at a row whose text had changed
	UndoRow         Verb = "row.undo"              // take a correction back
	Realign         Verb = "project.realign"       // let the machine propose anew
	RepinText       Verb = "project.repin"         // take a newer revision of a text
	AddSynonyms     Verb = "synonym.add"           //
	DropSynonyms    Verb = "synonym.drop"          //
	OrderRow        Verb = "row.order"             // its place in the unified draft
	Unify           Verb = "row.unify"             // write the unified clause
	TakePosition    Verb = "position.take"         //
	SayRelation     Verb = "relation.say"          // how a cell stands to the unified clause or the base
	DropRelation    Verb = "relation.drop"         // take that back
	OpenMeeting     Verb = "meeting.open"          //
	AttendMeeting   Verb = "meeting.attend"        // who is there, said anew
	DecideRow       Verb = "meeting.decide"        // what a meeting decided on a row
	CloseMeeting    Verb = "meeting.close"         // and fix its minutes
	RecordPosition  Verb = "position.record"       // for a region, in a meeting
	EditExplanation Verb = "project.explain"       // one section of the drafting explanation
	AddComment      Verb = "comment.add"           //
	ResolveComment  Verb = "comment.resolve"       //
	ReopenComment   Verb = "comment.reopen"        //
	ImportComments  Verb = "comment.import"        // those of others
	SupportComment  Verb = "comment.support"       //
	SubmitComments  Verb = "comment.submit"        // a region's, out of what was said inside it
	LeaveComment    Verb = "comment.leave"         // not submit one said inside the region
	Dispose         Verb = "comment.dispose"       // answer: 采纳, 部分采纳, 不采纳, 待议
	GatherComments  Verb = "comment.gather"        // answer them together
	ApplyComment    Verb = "comment.apply"         // the change that it wants, to the text
	SayPublicly     Verb = "consultation.comment"  // by somebody without an account
	SetIntake       Verb = "consultation.set"      // how the public's comments are received
	ModerateComment Verb = "consultation.moderate" // show one of the public's comments, or hide it
	ErasePersonal   Verb = "consultation.erase"    // who made one
	SubmitDraftText Verb = "project.draft"         // keep the unified draft as a revision

	OpenWorking     Verb = "working.open"        // a working copy; saves of it are no events
	DropWorking     Verb = "working.discard"     //
	Suggest         Verb = "suggestion.make"     // changes of clauses that somebody else may accept
	DecideSuggested Verb = "suggestion.decide"   // accept or reject, clause by clause
	DropSuggestion  Verb = "suggestion.withdraw" // one's own
	PutFigure       Verb = "figure.put"          //

	ProposeStandard    Verb = "stage.propose"   // the verbs of workflow.go
	AdmitProject       Verb = "stage.admit"     //
	OpenConsultation   Verb = "stage.consult"   //
	ExtendConsultation Verb = "stage.extend"    //
	BeginDraft         Verb = "stage.redraft"   // back to drafting
	SendToReview       Verb = "stage.review"    //
	SendToApproval     Verb = "stage.approve"   //
	PublishEdition     Verb = "stage.publish"   // for one region or several
	BeginReview        Verb = "stage.reexamine" // 复审
	ConfirmEdition     Verb = "stage.confirm"   // 继续有效
	ReviseStandard     Verb = "stage.revise"    // 修订: another cycle
	WithdrawEdition    Verb = "stage.withdraw"  // 废止
	CancelProject      Verb = "stage.cancel"    // 终止
	AttachDocument     Verb = "document.attach" // a file that the procedure asks for
	DropDocument       Verb = "document.drop"   //
	OpenBallot         Verb = "ballot.open"     //
	CastVote           Verb = "ballot.vote"     //
	CloseBallot        Verb = "ballot.close"    // before its time
	SetAddress         Verb = "mailbox.set"     // where one's own notices are sent
	ConfirmAddress     Verb = "mailbox.confirm" //
	OpenFeed           Verb = "mailbox.feed"    // a new address for one's own feed
	Subscribe          Verb = "watch.add"       // what is in it the log does not say
	Unsubscribe        Verb = "watch.end"       //
	RenewFeed          Verb = "watch.feed"      // a new address for a subscription's feed
	TestHook           Verb = "watch.test"      // call a subscription's webhook once
	WaiveFinding       Verb = "finding.waive"   // let a departure from a drafting rule stand
	DropWaiver         Verb = "finding.unwaive" //
	SwitchRule         Verb = "rule.switch"     // set a drafting rule for one standard

	RuleActivity    Verb = "applicable.rule"  // a clause applies to an activity, or does not
	RuleOut         Verb = "applicable.own"   // a clause is not one's own affair, or is after all
	MakeChecklist   Verb = "checklist.make"   //
	KeepChecklist   Verb = "checklist.keep"   // evidence, who is responsible and how far it is
	FollowChecklist Verb = "checklist.follow" // take over what changed since
	DropChecklist   Verb = "checklist.drop"   //
)

// Role of a member.
type Role string

const (
	Reader         Role = "reader"
	Author         Role = "author"
	Representative Role = "representative"
	Secretary      Role = "secretary"
	Administrator  Role = "administrator"
)

// Allowed are the verbs that a member may use, in the order of their names.
func Allowed() []Verb {
	return slices.Sorted(maps.Keys(policy))
}

// Roles in order of what they may do.
var Roles = []Role{Reader, Author, Representative, Secretary, Administrator}

// reach says on whose things a role may use a verb.
type reach int

const (
	never reach = iota
	own         // things of the member's own region alone, or its own record
	every       // everything
)

// policy is the one place that says who may do what.
var policy = map[Verb]map[Role]reach{
	ImportText:      {Secretary: every, Administrator: every},
	SubmitRevision:  {Author: own, Representative: own, Secretary: every, Administrator: every},
	AddMember:       {Administrator: every},
	SetPassword:     {Reader: own, Author: own, Representative: own, Secretary: own, Administrator: every},
	ChangeMember:    {Administrator: every},
	EndMembership:   {Administrator: every},
	ReopenMember:    {Administrator: every},
	Seat:            {Administrator: every},
	Unseat:          {Administrator: every},
	Invite:          {Administrator: every},
	Uninvite:        {Administrator: every},
	OfferReset:      {Administrator: every},
	EraseMember:     {Reader: own, Author: own, Representative: own, Secretary: own, Administrator: every},
	LinkSubject:     {Reader: own, Author: own, Representative: own, Secretary: own, Administrator: own},
	UnlinkSubject:   {Reader: own, Author: own, Representative: own, Secretary: own, Administrator: every},
	EndSession:      {Reader: own, Author: own, Representative: own, Secretary: own, Administrator: own},
	MakeToken:       {Reader: own, Author: own, Representative: own, Secretary: own, Administrator: own},
	DropToken:       {Reader: own, Author: own, Representative: own, Secretary: own, Administrator: own},
	SetFactor:       {Reader: own, Author: own, Representative: own, Secretary: own, Administrator: own},
	DropFactor:      {Reader: own, Author: own, Representative: own, Secretary: own, Administrator: every},
	CreateProject:   {Secretary: every, Administrator: every},
	ChangeProject:   {Secretary: every, Administrator: every},
	MovePassage:     {Author: every, Representative: every, Secretary: every},
	SplitRow:        {Author: every, Representative: every, Secretary: every},
	MergeRows:       {Author: every, Representative: every, Secretary: every},
	ConfirmRow:      {Representative: every, Secretary: every},
	ReopenRow:       {Representative: every, Secretary: every},
	ConfirmNone:     {Representative: every, Secretary: every},
	ReopenNone:      {Representative: every, Secretary: every},
	ReviewRow:       {Representative: every, Secretary: every},
	UndoRow:         {Author: every, Representative: every, Secretary: every},
	Realign:         {Representative: every, Secretary: every},
	RepinText:       {Representative: own, Secretary: every},
	AddSynonyms:     {Author: every, Representative: every, Secretary: every},
	DropSynonyms:    {Author: every, Representative: every, Secretary: every},
	OrderRow:        {Author: every, Representative: every, Secretary: every},
	Unify:           {Author: every, Representative: every, Secretary: every},
	TakePosition:    {Representative: own},
	SayRelation:     {Author: own, Representative: own, Secretary: every},
	OpenMeeting:     {Secretary: every},
	AttendMeeting:   {Secretary: every},
	DecideRow:       {Secretary: every},
	CloseMeeting:    {Secretary: every},
	RecordPosition:  {Secretary: every}, // of regions that are at the meeting
	EditExplanation: {Secretary: every},
	AddComment:      {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every},
	ResolveComment:  {Author: own, Representative: own, Secretary: every, Administrator: every},
	ReopenComment:   {Author: own, Representative: own, Secretary: every, Administrator: every},
	ImportComments:  {Representative: own, Secretary: every, Administrator: every},
	SupportComment:  {Reader: every, Author: every, Representative: every, Secretary: every},
	SubmitComments:  {Representative: own},
	LeaveComment:    {Representative: own},
	Dispose:         {Secretary: every},
	GatherComments:  {Secretary: every},
	ApplyComment:    {Secretary: every},
	SetIntake:       {Secretary: every},
	ModerateComment: {Secretary: every},
	ErasePersonal:   {Secretary: every},
	SubmitDraftText: {Secretary: every},

	OpenWorking:     {Author: own, Representative: own, Secretary: every, Administrator: every},
	DropWorking:     {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every}, // only the member's own are found
	Suggest:         {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every},
	DecideSuggested: {Author: own, Representative: own, Secretary: every, Administrator: every},
	DropSuggestion:  {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every}, // only one's own
	PutFigure:       {Author: own, Representative: own, Secretary: every, Administrator: every},

	ProposeStandard:    {Author: own, Representative: own, Secretary: every},
	AdmitProject:       {Representative: own, Secretary: every},
	OpenConsultation:   {Representative: own, Secretary: every},
	ExtendConsultation: {Representative: own, Secretary: every},
	BeginDraft:         {Representative: own, Secretary: every},
	SendToReview:       {Representative: own, Secretary: every},
	SendToApproval:     {Representative: own, Secretary: every},
	PublishEdition:     {Representative: own, Secretary: every}, // each region its own number
	BeginReview:        {Representative: own, Secretary: every},
	ConfirmEdition:     {Representative: own, Secretary: every},
	ReviseStandard:     {Representative: own, Secretary: every},
	WithdrawEdition:    {Representative: own, Secretary: every},
	CancelProject:      {Representative: own, Secretary: every},
	AttachDocument:     {Author: own, Representative: own, Secretary: every},
	DropDocument:       {Author: own, Representative: own, Secretary: every},
	OpenBallot:         {Secretary: every},
	CastVote:           {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every}, // who is eligible the ballot says
	CloseBallot:        {Secretary: every},
	Subscribe:          {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every}, // only one's own are found
	Unsubscribe:        {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every}, // only one's own are found
	RenewFeed:          {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every}, // only one's own are found
	TestHook:           {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every}, // only one's own are found
	WaiveFinding:       {Author: own, Representative: own, Secretary: every},
	DropWaiver:         {Author: own, Representative: own, Secretary: every},
	SwitchRule:         {Author: own, Representative: own, Secretary: every},

	RuleActivity:    {Author: own, Representative: own, Secretary: every},
	RuleOut:         {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every}, // for oneself alone
	MakeChecklist:   {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every}, // only one's own are found
	KeepChecklist:   {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every},
	FollowChecklist: {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every},
	DropChecklist:   {Reader: every, Author: every, Representative: every, Secretary: every, Administrator: every},
}

// May refuses a verb that the member's role does not have on things of the
// given regions. A standard without region is the nation's: only who reaches
// everything may change it. A seat counts for what is done inside its project;
// a program's token only for the verbs of its scope.
func May(m Member, verb Verb, regions ...string) error {
	if m.ID == System.ID {
		return nil
	}
	if !m.Scope.Has(verb) {
		return refuse(Forbidden, "", "这个令牌的范围（%s）不包括这件事：请另开一个。 This token (%s) is not for that: make another.", m.Scope, m.Scope)
	}
	reach := m.reach(verb)
	switch {
	case reach == every:
		return nil
	case reach == own && len(regions) > 0 && !slices.ContainsFunc(regions, func(r string) bool { return r == "" || r != m.Region }):
		return nil
	case reach == own:
		return refuse(Forbidden, "", "只能对本地区（%s）的内容这样做。 You may do this only for your own region (%s).", RegionOf(m.Region).Name, RegionOf(m.Region).English)
	case m.ID == "":
		return refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	return refuse(Forbidden, "", "您的角色不能这样做：请找秘书处。 Your role may not do this: ask the secretariat.")
}

// reach is the wider of what the role and the seat at hand allow.
func (m Member) reach(verb Verb) reach {
	r := policy[verb][m.Role]
	if m.Seat.Project != "" && ofSeats[verb] {
		r = max(r, policy[verb][m.Seat.Role])
	}
	return r
}

// ofSeats are the verbs that a seat in a project gives: those on what the
// project itself holds. A verb that writes elsewhere is not here, and an event
// elsewhere is refused (change.mayLog).
var ofSeats = func() map[Verb]bool {
	out := map[Verb]bool{}
	for _, v := range []Verb{ChangeProject, MovePassage, SplitRow, MergeRows, ConfirmRow, ReopenRow, ConfirmNone, ReopenNone, ReviewRow, UndoRow,
		Realign, RepinText, AddSynonyms, DropSynonyms, OrderRow, Unify, TakePosition, SayRelation, DropRelation, OpenMeeting, AttendMeeting, DecideRow,
		CloseMeeting, RecordPosition, EditExplanation, AddComment, ResolveComment, ReopenComment} {
		out[v] = true
	}
	return out
}()

// Has tells whether the role has a verb on anything at all.
func (r Role) Has(verb Verb) bool { return policy[verb][r] != never }
