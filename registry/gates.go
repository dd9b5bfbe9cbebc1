package registry

import (
	"fmt"
	"slices"
	"strings"
)

// Gate is something that has to be true before a step.
type Gate string

const (
	GateFindings  Gate = "findings"  // no error-level finding that is not waived
	GateLength    Gate = "length"    // the consultation is long enough
	GateConsulted Gate = "consulted" // a consultation was held and is closed
	GateComments  Gate = "comments"  // every comment has its disposition
	GateBallot    Gate = "ballot"    // a ballot on this text passed
	GateSameText  Gate = "same-text" // all regions publish one text
	GateDocument  Gate = "document"  // a document is there
)

// gates are what they promise and the function that looks.
var gates = []struct {
	gate   Gate
	zh, en string
	look   func(*stepState, Transition) ([]Missing, error)
}{
	{GateFindings, "没有错误级的检查问题（已豁免的不算）", "No error-level finding (waived ones do not count)", noErrors},
	{GateLength, "征求意见的期限够长", "The consultation lasts long enough", longEnough},
	{GateConsulted, "本轮已征求意见，期限已满", "A consultation of this cycle was held and is closed", consulted},
	{GateComments, "每条意见都有处理意见", "Every comment has a disposition", allDisposed},
	{GateBallot, "对这一版的表决已通过", "A ballot on this revision has passed", ballotDone},
	{GateSameText, "各地区发布同一份正文", "All regions publish the same text", sameText},
}

// GateWords says what a gate promises.
func GateWords(g Gate) (zh, en string) {
	for _, one := range gates {
		if one.gate == g {
			return one.zh, one.en
		}
	}
	return string(g), string(g)
}

// Missing is what stands in the way of a step.
type Missing struct {
	Gate   Gate
	Kind   DocumentKind // of a document
	Reason string       // what is missing and what to do; Chinese first, English second
	Count  int          // how many: findings, comments
}

// stepState is what the gates look at: a standard as it stands before a step.
type stepState struct {
	tx    Tx
	std   Standard
	p     Process
	req   StepRequest
	today string
	text  checkedText
}

// missing asks all gates and documents of a step. Those that look at what the
// form says (GateLength) are silent while there is no form.
func (s *stepState) missing(t Transition) (out []Missing, err error) {
	for _, g := range t.Gates {
		at := slices.IndexFunc(gates, func(one struct {
			gate   Gate
			zh, en string
			look   func(*stepState, Transition) ([]Missing, error)
		}) bool {
			return one.gate == g
		})
		if at < 0 {
			return nil, fmt.Errorf("step %s: no gate %q", t.Verb, g)
		}
		list, err := gates[at].look(s, t)
		if err != nil {
			return nil, fmt.Errorf("gate %s of %s: %w", g, s.std.ID, err)
		}
		out = append(out, list...)
	}
	for _, kind := range t.Documents {
		there, err := s.document(kind)
		if err != nil {
			return nil, err
		}
		if !there.There() {
			zh, en := kind.Words()
			out = append(out, Missing{Gate: GateDocument, Kind: kind, Reason: fmt.Sprintf("缺%s：请附上文件。 The %s is missing: attach the file.", zh, en)})
		}
	}
	return out, nil
}

func noErrors(s *stepState, t Transition) ([]Missing, error) {
	found := s.text.errors[t.To]
	n := len(found)
	if n == 0 {
		return nil, nil
	}
	zh, en, _ := strings.Cut(found[0].Message, " · ")
	return []Missing{{Gate: GateFindings, Count: n, Reason: fmt.Sprintf("第 %d 版还有 %d 处错误级的检查问题，请修改，或说明理由后豁免。第一处：%s。 Revision %d has %d error-level findings: mend them, or waive them with a reason. The first: %s.",
		s.text.revision, n, strings.TrimRight(zh, "。"), s.text.revision, n, strings.TrimRight(en, "。."))}}, nil
}

func longEnough(s *stepState, _ Transition) ([]Missing, error) {
	if s.req.Opens == "" && s.req.Closes == "" {
		return nil, nil
	}
	rule := consultationRule(s.std.Header.Kind)
	days := Consultation{Opens: s.req.Opens, Closes: s.req.Closes}.Days()
	if days >= rule.Days {
		return nil, nil
	}
	return []Missing{{Gate: GateLength, Count: rule.Days, Reason: fmt.Sprintf("从 %s 到 %s 共 %d 天，不足 %d 天（%s）：请推迟截止日期。 From %s to %s are %d days, fewer than %d: set a later last day.",
		s.req.Opens, s.req.Closes, days, rule.Days, rule.Source, s.req.Opens, s.req.Closes, days, rule.Days)}}, nil
}

func consulted(s *stepState, _ Transition) ([]Missing, error) {
	c := s.p.Consultation
	switch {
	case c == nil:
		return []Missing{{Gate: GateConsulted, Reason: "本轮还没有征求意见：请先开始征求意见。 There was no consultation in this cycle: open one first."}}, nil
	case !c.Closed(s.today):
		return []Missing{{Gate: GateConsulted, Reason: fmt.Sprintf("征求意见到 %s 截止，期限未满：请等到次日。 The consultation is open up to and including %s: wait until the day after.", c.Closes, c.Closes)}}, nil
	}
	return nil, nil
}

func allDisposed(s *stepState, _ Transition) ([]Missing, error) {
	n, err := undisposed(s.tx, s.std.ID)
	if err != nil || n == 0 {
		return nil, err
	}
	return []Missing{{Gate: GateComments, Count: n, Reason: fmt.Sprintf("还有 %d 条意见没有处理意见：请逐条处理。 %d comments have no disposition: give each its own.", n, n)}}, nil
}

func ballotDone(s *stepState, _ Transition) ([]Missing, error) {
	passed, err := ballotPassed(s.tx, s.std.ID, s.p.Revision, s.p.Cycle, s.today)
	if err != nil || passed {
		return nil, err
	}
	return []Missing{{Gate: GateBallot, Reason: fmt.Sprintf("对第 %d 版还没有已结束并通过的表决：请发起表决，或等表决结束。 No ballot on revision %d has ended and passed: open one, or wait until it ends.", s.p.Revision, s.p.Revision)}}, nil
}

// sameText holds that a region that publishes later publishes the text that the
// others did.
func sameText(s *stepState, _ Transition) ([]Missing, error) {
	t, err := textAt(s.tx, Ref{Standard: s.std.ID, Revision: s.p.Revision})
	if err != nil {
		return nil, err
	}
	hash := bodyHash(t.Document)
	known, err := editions.all(s.tx, s.std.ID, seq(uint64(s.p.Cycle)))
	if err != nil {
		return nil, err
	}
	for _, e := range known {
		if e.TextHash != hash {
			return []Missing{{Gate: GateSameText, Reason: fmt.Sprintf("%s发布的正文与第 %d 版不同：各地区应发布同一份正文。 %s published another text than revision %d: all regions publish one.", RegionOf(e.Region).Name, s.p.Revision, RegionOf(e.Region).English, s.p.Revision)}}, nil
		}
	}
	return nil, nil
}
