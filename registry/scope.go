package registry

import (
	"slices"
	"strings"
)

// Scope limits what a token may be used for: names of Scopes, sorted, with a
// space between. "" is no limit: a person who signed in.
type Scope string

// ScopeTerms is one name of a scope and the verbs that it allows. To read what
// the member may read needs no verb: every token does.
type ScopeTerms struct {
	Name  string
	Verbs []Verb
}

// Scopes are what a token can be made for. What concerns members, passwords,
// sessions and tokens is in none: that takes a person.
var Scopes = []ScopeTerms{
	{"read", nil},
	{"comment", []Verb{AddComment, SupportComment, ResolveComment, ReopenComment, SubmitComments, LeaveComment, ImportComments, Dispose, GatherComments, ApplyComment}},
	{"draft", []Verb{OpenWorking, DropWorking, SubmitRevision, ImportText, Suggest, DecideSuggested, DropSuggestion, PutFigure, WaiveFinding, DropWaiver, SwitchRule}},
	{"harmonise", []Verb{MovePassage, SplitRow, MergeRows, ConfirmRow, ReopenRow, ConfirmNone, ReopenNone, ReviewRow, UndoRow, Realign, AddSynonyms, DropSynonyms, OrderRow, Unify, TakePosition, SayRelation, DropRelation}},
	{"watch", []Verb{Subscribe, Unsubscribe, RenewFeed, TestHook, MakeChecklist, KeepChecklist, FollowChecklist, DropChecklist, RuleOut}},
}

// enrolling is the scope of a member whose role needs a second factor and who
// has none yet: setting one up is all that it is for.
const enrolling Scope = "enrol"

var enrolVerbs = []Verb{SetFactor, SetPassword, SignOut, EndSession}

// Enrolling tells a session in which a second factor has to be set up first.
func (s Scope) Enrolling() bool { return s == enrolling }

// Names are the names that a token's scope is made of.
func (s Scope) Names() []string { return strings.Fields(string(s)) }

// Has tells whether a verb is within the scope.
func (s Scope) Has(verb Verb) bool {
	if s == "" {
		return true
	}
	if s == enrolling {
		return slices.Contains(enrolVerbs, verb)
	}
	for name := range strings.FieldsSeq(string(s)) {
		for _, terms := range Scopes {
			if terms.Name == name && slices.Contains(terms.Verbs, verb) {
				return true
			}
		}
	}
	return false
}

// tokenScope makes a scope of names, or refuses one that is none.
func tokenScope(names []string) (Scope, error) {
	var out []string
	for _, terms := range Scopes {
		if terms.Name == "read" || slices.Contains(names, terms.Name) {
			out = append(out, terms.Name)
		}
	}
	for _, n := range names {
		if !slices.Contains(out, n) {
			return "", refuse(Invalid, "scope", "没有这种范围：%s。 There is no such scope: %s.", n, n)
		}
	}
	return Scope(strings.Join(out, " ")), nil
}
