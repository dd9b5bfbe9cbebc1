package registry

import "slices"

// Verb names something that a member may do; it is the name of its event too.
type Verb string

const (
	Setup           Verb = "registry.setup"  // the first administrator
	ImportText      Verb = "revision.import" // a text from outside
	SubmitRevision  Verb = "revision.submit" // a text drafted here
	AddMember       Verb = "member.add"      //
	SetPassword     Verb = "member.password" // one's own
	SignIn          Verb = "session.open"    //
	SignOut         Verb = "session.close"   //
	CreateProject   Verb = "project.create"  //
	ChangeProject   Verb = "project.change"  // one setting of it
	MovePassage     Verb = "row.move"        // a passage from one row to another
	SplitRow        Verb = "row.split"       //
	MergeRows       Verb = "row.merge"       //
	ConfirmRow      Verb = "row.confirm"     // people say that the row is right
	ReopenRow       Verb = "row.unconfirm"   //
	ConfirmNone     Verb = "row.none"        // people say that a text has no counterpart
	ReopenNone      Verb = "row.seek"        // they take that back
	ReviewRow       Verb = "row.review"      // people looked at a row whose text had changed
	UndoRow         Verb = "row.undo"        // take a correction back
	Realign         Verb = "project.realign" // let the machine propose anew
	RepinText       Verb = "project.repin"   // take a newer revision of a text
	AddSynonyms     Verb = "synonym.add"     //
	DropSynonyms    Verb = "synonym.drop"    //
	OrderRow        Verb = "row.order"       // its place in the unified draft
	Unify           Verb = "row.unify"       // write the unified clause
	TakePosition    Verb = "position.take"   //
	SayRelation     Verb = "relation.say"    // how a cell stands to the unified clause or the base
	DropRelation    Verb = "relation.drop"   // take that back
	OpenMeeting     Verb = "meeting.open"    //
	AttendMeeting   Verb = "meeting.attend"  // who is there, said anew
	DecideRow       Verb = "meeting.decide"  // what a meeting decided on a row
	CloseMeeting    Verb = "meeting.close"   // and fix its minutes
	RecordPosition  Verb = "position.record" // for a region, in a meeting
	EditExplanation Verb = "project.explain" // one section of the drafting explanation
	AddComment      Verb = "comment.add"     //
	ResolveComment  Verb = "comment.resolve" //
	ReopenComment   Verb = "comment.reopen"  //
	SubmitDraftText Verb = "project.draft"   // keep the unified draft as a revision
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
	SubmitDraftText: {Secretary: every},
}

// May refuses a verb that the member's role does not have on things of the
// given regions. A standard without region is the nation's: only who reaches
// everything may change it.
func May(m Member, verb Verb, regions ...string) error {
	if m.ID == System.ID {
		return nil
	}
	switch policy[verb][m.Role] {
	case every:
		return nil
	case own:
		if len(regions) > 0 && !slices.ContainsFunc(regions, func(r string) bool { return r == "" || r != m.Region }) {
			return nil
		}
		return refuse(Forbidden, "", "只能对本地区（%s）的内容这样做。 You may do this only for your own region (%s).", RegionOf(m.Region).Name, RegionOf(m.Region).English)
	}
	if m.ID == "" {
		return refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	return refuse(Forbidden, "", "您的角色不能这样做：请找秘书处。 Your role may not do this: ask the secretariat.")
}
