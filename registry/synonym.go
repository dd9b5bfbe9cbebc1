package registry

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Synonyms are words for one thing in the texts of a project, as people know
// them: 智能快件箱, 快递柜. The first stands for all.
type Synonyms struct {
	Project string    `json:"project"`
	Event   uint64    `json:"event"` // that added them; names them within the project
	Words   []string  `json:"words"`
	By      string    `json:"by"` // Member.ID
	Time    time.Time `json:"time"`
	// Changed are the rows that the machine proposed anew because of them.
	Changed []string `json:"changed,omitempty"`
}

// Bounds of what a project knows of its words.
const (
	maxSynonyms     = 200 // groups a project
	maxSynonymWords = 8   // a group
	maxSynonym      = 30  // characters a word
)

var synonymTable = table[Synonyms]{"synonym", "组同义词"}

// Synonyms are those of a project, in the order in which they were added.
func (r *Registry) Synonyms(project string) (list []Synonyms, err error) {
	err = r.store.View(func(tx Tx) error {
		if _, err := projects.get(tx, project); err != nil {
			return err
		}
		list, err = synonymTable.all(tx, project)
		return err
	})
	return list, err
}

func synonymsOf(tx Tx, project string) (out [][]string, err error) {
	err = synonymTable.scan(tx, func(s Synonyms) error {
		out = append(out, s.Words)
		return nil
	}, project)
	return out, err
}

// AddSynonyms tells the machine of words for one thing. It proposes anew at
// once, within what Realign may touch.
func (r *Registry) AddSynonyms(actor Member, project string, words []string) (Synonyms, Realignment, error) {
	s := Synonyms{Project: project, By: actor.ID}
	var done Realignment
	if err := May(actor, AddSynonyms); err != nil {
		return s, done, err
	}
	var err error
	if s.Words, err = synonymous(words); err != nil {
		return s, done, err
	}
	err = r.update(actor, func(c *change) error {
		held, err := synonymTable.all(c.Tx, project)
		if err != nil {
			return err
		}
		if len(held) >= maxSynonyms {
			return refuse(Invalid, "words", "同义词最多 %d 组：请先删去不用的。 A project has at most %d groups of synonyms: take some away first.", maxSynonyms, maxSynonyms)
		}
		for _, h := range held {
			for _, w := range s.Words {
				if slices.Contains(h.Words, w) {
					return refuse(Conflict, "words", "“%s”已在一组里：%s。要补词，请先删去那一组再一并添加。 %q stands in a group already: take that away and add all words together.", w, strings.Join(h.Words, " = "), w)
				}
			}
		}
		s.Time = r.now().UTC().Truncate(time.Second)
		if s.Event, err = c.next(); err != nil {
			return err
		}
		if done, err = c.withSynonyms(project, s, true); err != nil {
			return err
		}
		s.Changed = firstOf(done.Rows(), maxChanged)
		if err := synonymTable.put(c, s, project, seq(s.Event)); err != nil {
			return err
		}
		return c.log(AddSynonyms, "projects/"+project, map[string]any{"words": s.Words, "moved": len(done.Moves), "rows": s.Changed})
	})
	return s, done, err
}

// DropSynonyms takes a group away again; the machine proposes anew without it.
func (r *Registry) DropSynonyms(actor Member, project string, event uint64) (Realignment, error) {
	var done Realignment
	if err := May(actor, DropSynonyms); err != nil {
		return done, err
	}
	err := r.update(actor, func(c *change) error {
		s, err := synonymTable.get(c.Tx, project, seq(event))
		if err != nil {
			return err
		}
		if err := synonymTable.delete(c, project, seq(event)); err != nil {
			return err
		}
		if done, err = c.withSynonyms(project, s, false); err != nil {
			return err
		}
		return c.log(DropSynonyms, "projects/"+project, map[string]any{"words": s.Words, "moved": len(done.Moves), "rows": firstOf(done.Rows(), maxChanged)})
	})
	return done, err
}

// withSynonyms proposes anew with one group more.
func (c *change) withSynonyms(project string, s Synonyms, more bool) (Realignment, error) {
	k, err := c.correcting(project)
	if err != nil {
		return Realignment{}, err
	}
	if more {
		k.synonyms = append(k.synonyms, s.Words)
	}
	plan, err := k.r.planRealignment(k.Tx, k.project, k.docs, k.synonyms)
	if err != nil {
		return Realignment{}, err
	}
	return plan.Realignment, k.carryOut(plan)
}

// maxChanged bounds the rows that a record or an event names.
const maxChanged = 100

func firstOf(list []string, most int) []string { return list[:min(len(list), most)] }

// synonymous checks a group: two words at least, each of two characters at
// least, without blanks and punctuation, none twice.
func synonymous(words []string) ([]string, error) {
	var out []string
	for _, w := range words {
		w = strings.TrimSpace(w)
		if w == "" || slices.Contains(out, w) {
			continue
		}
		if n := utf8.RuneCountInString(w); n < 2 || n > maxSynonym {
			return nil, refuse(Invalid, "words", "“%.90s”：每个词 2 至 %d 个字。 A word has 2 to %d characters.", w, maxSynonym, maxSynonym)
		}
		if strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' }) {
			return nil, refuse(Invalid, "words", "“%s”：只写词本身，不带空格和标点；各词用逗号、顿号或等号隔开。 Write the words alone, without blanks and punctuation.", w)
		}
		out = append(out, w)
	}
	if len(out) < 2 || len(out) > maxSynonymWords {
		return nil, refuse(Invalid, "words", "一组写 2 至 %d 个不同的词。 A group has 2 to %d different words.", maxSynonymWords, maxSynonymWords)
	}
	return out, nil
}
