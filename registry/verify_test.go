package registry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongbiao/editor/check"
	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// furnished is a registry with something of every kind in it; it returns the
// path of its file, closed.
func furnished(t *testing.T) (path string) {
	t.Helper()
	h := openHouse(t)
	sec := h.add(t, "sec", registry.Secretary, "")
	sh := h.add(t, "sh", registry.Representative, "31")
	h.signIn(t, "sh", secret)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	done, err := h.Import(sec, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}, {Path: "js.md", Source: []byte(jsText)}})
	must(err)
	for _, d := range done {
		must(d.Err)
	}
	_, _, err = h.Submit(sec, registry.Submission{Standard: "sh-express", Base: 1, Source: []byte(strings.Replace(shText, "24小时", "36小时", 1)), Message: "放宽时限"})
	must(err)
	_, err = h.CreateProject(sec, registry.Project{ID: "p", Title: "快递末端服务规范", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}},
	}})
	must(err)
	view, err := h.Workbench("p")
	must(err)
	row := rowWith(t, view, "31", "七日")
	unified, err := h.UnifyRow(sec, "p", row.ID, row.Version, "", "用户投诉的，企业应当自收到投诉之日起七日内答复。")
	must(err)
	_, err = h.TakePosition(sh, "p", row.ID, "31", registry.Agree, "", unified.Unified.Hash)
	must(err)
	view, err = h.Workbench("p")
	must(err)
	_, err = h.SayRelation(sh, "p", row.ID, "31", registry.AgainstUnified, "same", "", view.Reckoned(rowWith(t, view, "31", "七日"), -1)[0].Hash)
	must(err)
	remark, err := h.AddComment(sh, registry.Comment{Project: "p", Row: row.ID, Body: "七日太长"})
	must(err)
	_, err = h.AddComment(sec, registry.Comment{Project: "p", ReplyTo: remark.ID, Body: "与江苏商量"})
	must(err)
	_, err = h.AddComment(sh, registry.Comment{On: registry.Ref{Standard: "js-express"}, Body: "可参考"})
	must(err)
	_, _, err = h.AddSynonyms(sh, "p", []string{"智能快件箱", "快递柜"})
	must(err)
	must(h.SwitchRule(sh, "sh-express", "REG-01", "info", "旧法规"))
	_, err = h.WaiveFinding(sh, "sh-express", check.Waiver{Rule: "REG-02", Words: "第九条", Reason: "原文如此"})
	must(err)
	meeting, err := h.OpenMeeting(sec, registry.Meeting{Project: "p", Title: "会议", Queue: []string{row.ID}, Present: []registry.Attendee{{Member: "sec"}, {Member: "sh"}}})
	must(err)
	_, err = h.RecordPosition(sec, "p", meeting.ID, row.ID, "31", registry.Abstain, "", unified.Unified.Hash)
	must(err)
	_, err = h.Decide(sec, "p", meeting.ID, row.ID, unified.Version, registry.Deferred, "再议")
	must(err)
	_, err = h.CloseMeeting(sec, "p", meeting.ID)
	must(err)
	_, err = h.EditExplanation(sec, "p", "work", 0, "任务来源")
	must(err)
	must(h.Close())
	return h.path
}

// raw changes what is kept, past all rules.
type raw struct {
	t  *testing.T
	tx registry.Tx
}

// keys that begin with prefix, "/" for the zero byte.
func (r raw) keys(prefix string) (keys [][]byte) {
	r.t.Helper()
	err := r.tx.Scan([]byte(strings.ReplaceAll(prefix, "/", "\x00")), nil, func(key, _ []byte) error {
		if !bytes.HasPrefix(key, []byte(strings.ReplaceAll(prefix, "/", "\x00"))) {
			return registry.ErrStop
		}
		keys = append(keys, bytes.Clone(key))
		return nil
	})
	if err != nil || len(keys) == 0 {
		r.t.Fatalf("no record begins with %s (%v)", prefix, err)
	}
	return keys
}

func (r raw) get(key []byte) []byte {
	r.t.Helper()
	value, err := r.tx.Get(key)
	if err != nil || value == nil {
		r.t.Fatalf("Get(%q): %v", key, err)
	}
	return bytes.Clone(value)
}

func (r raw) put(key, value []byte) {
	r.t.Helper()
	if err := r.tx.Put(key, value); err != nil {
		r.t.Fatal(err)
	}
}

func (r raw) delete(prefix string) {
	r.t.Helper()
	if err := r.tx.Delete(r.keys(prefix)[0]); err != nil {
		r.t.Fatal(err)
	}
}

// replace changes the first record below prefix in which old stands.
func (r raw) replace(prefix, old, new string) {
	r.t.Helper()
	for _, key := range r.keys(prefix) {
		if value := r.get(key); bytes.Contains(value, []byte(old)) {
			r.put(key, bytes.Replace(value, []byte(old), []byte(new), 1))
			return
		}
	}
	r.t.Fatalf("no record below %s holds %s", prefix, old)
}

// edit changes the first record below prefix that has a field.
func (r raw) edit(prefix, field string, fn func(any) any) {
	r.t.Helper()
	for _, key := range r.keys(prefix) {
		var record map[string]any
		if err := json.Unmarshal(r.get(key), &record); err != nil {
			r.t.Fatal(err)
		}
		if was, ok := record[field]; ok && was != nil {
			record[field] = fn(was)
			value, err := json.Marshal(record)
			if err != nil {
				r.t.Fatal(err)
			}
			r.put(key, value)
			return
		}
	}
	r.t.Fatalf("no record below %s has %s", prefix, field)
}

func to(v any) func(any) any { return func(any) any { return v } }

// decision changes a field of every decision of a meeting.
func decision(field string, with func(any) any) func(any) any {
	return func(held any) any {
		all := held.(map[string]any)
		for _, d := range all {
			one := d.(map[string]any)
			one[field] = with(one[field])
		}
		return all
	}
}

// breaks are all the ways in which the furnished registry is broken, and one
// fault that has to be among those that are found.
var breaks = []struct {
	name       string
	do         func(raw)
	where      string // beginning
	says       string
	repairable bool
}{
	{"an event was changed", func(r raw) { r.replace("event/0000000000000003", "members/sh", "members/zz") }, "event/3", "内容与散列不符", false},
	{"an event was changed with its hash", func(r raw) {
		key := r.keys("event/0000000000000003")[0]
		var e registry.Event
		if err := json.Unmarshal(r.get(key), &e); err != nil {
			r.t.Fatal(err)
		}
		e.Object = "members/zz"
		e.Hash = e.Sum()
		value, err := json.Marshal(e)
		if err != nil {
			r.t.Fatal(err)
		}
		r.put(key, value)
	}, "event/4", "前一条的散列对不上", false},
	{"an event was taken out", func(r raw) { r.delete("event/0000000000000004") }, "event/4", "此处是第 5 条", false},
	{"a meeting was opened by nobody", func(r raw) { r.edit("meeting/", "opened_by", to("zzz")) }, "meeting/p/", "没有成员 zzz", false},
	{"a meeting names another event", func(r raw) { r.edit("meeting/", "first", to(1)) }, "meeting/p/", "不是这次会议的 meeting.open", false},
	{"a meeting ends with another event", func(r raw) { r.edit("meeting/", "last", to(2)) }, "meeting/p/", "不是这次会议的 meeting.close", false},
	{"a meeting lies in another place", func(r raw) { r.edit("meeting/", "id", to("m9")) }, "meeting/p/", "记录里写的是 p/m9", false},
	{"a decision was made by nobody", func(r raw) { r.edit("meeting/", "decisions", decision("by", to("zzz"))) }, "meeting/p/", "没有成员 zzz", false},
	{"a decision names another event", func(r raw) { r.edit("meeting/", "decisions", decision("event", to(1))) }, "meeting/p/", "不是这次会议的 meeting.decide", false},
	{"a position was recorded in no meeting", func(r raw) { r.edit("position/", "meeting", to("m9")) }, "position/p/", "没有会议 m9", false},
	{"a section was written by nobody", func(r raw) { r.edit("explanation/", "by", to("zzz")) }, "explanation/p/work", "没有成员 zzz", false},
	{"a section lies in another place", func(r raw) { r.edit("explanation/", "section", to("law")) }, "explanation/p/work", "记录里写的是 p/law", false},
	{"the first event was taken out", func(r raw) { r.delete("event/0000000000000001") }, "event/1", "此处是第 2 条", false},
	{"the last event was taken out", func(r raw) {
		keys := r.keys("event/")
		if err := r.tx.Delete(keys[len(keys)-1]); err != nil {
			r.t.Fatal(err)
		}
	}, "event/", "链头与最后一条", false},
	{"an event was put in", func(r raw) { r.put([]byte("event\x000000000000000003x"), r.get(r.keys("event/0000000000000003")[0])) }, "event/4", "此处是第 3 条", false},
	{"an event bears another number", func(r raw) {
		keys := r.keys("event/")
		var e registry.Event
		if err := json.Unmarshal(r.get(keys[len(keys)-1]), &e); err != nil {
			r.t.Fatal(err)
		}
		e.Seq++
		e.Hash = e.Sum()
		value, err := json.Marshal(e)
		if err != nil {
			r.t.Fatal(err)
		}
		r.put(keys[len(keys)-1], value)
		r.put(r.keys("event-head/")[0], value)
	}, "event/", "此处是第", false},
	{"an event stands elsewhere", func(r raw) {
		keys := r.keys("event/")
		last := keys[len(keys)-1]
		r.put(append(bytes.Clone(last), 'x'), r.get(last))
		if err := r.tx.Delete(last); err != nil {
			r.t.Fatal(err)
		}
	}, "event/", "此处是第", false},
	{"an event is not JSON", func(r raw) { r.put(r.keys("event/")[1], []byte("{")) }, "event/2", "读不出来", false},
	{"the head was taken away", func(r raw) { r.delete("event-head/") }, "event/", "链头与最后一条", false},
	{"the head was changed", func(r raw) { r.edit("event-head/", "seq", to(2)) }, "event/", "链头与最后一条", false},

	{"a text was taken away", func(r raw) { r.delete("text/") }, "revision/", "没有这份正文", false},
	{"a text is another one", func(r raw) { keys := r.keys("text/"); r.put(keys[0], r.get(keys[1])) }, "revision/", "is not what its name says", false},
	{"a text is not compressed", func(r raw) { r.put(r.keys("text/")[0], []byte("第一条")) }, "revision/", "decompress", false},
	{"a text that nobody names", func(r raw) { r.put([]byte("text\x00"+strings.Repeat("0", 64)), r.get(r.keys("text/")[0])) }, "text/0000", "没有版本用到", true},

	{"a revision was taken away", func(r raw) { r.delete("revision/sh-express/0000000000000001") }, "revision/sh-express/2", "缺第 1 版", false},
	{"the current revision was taken away", func(r raw) { r.delete("revision/js-express/0000000000000001") }, "standard/js-express", "没有现行的第 1 版", false},
	{"what a project pins was taken away", func(r raw) { r.delete("revision/js-express/0000000000000001") }, "project/p", "所指的 js-express/1 不存在", false},
	{"a revision stands elsewhere", func(r raw) { r.edit("revision/js-express", "number", to(7)) }, "revision/js-express/", "记录里写的是 js-express/7", false},
	{"a revision is older than its parent", func(r raw) { r.edit("revision/js-express", "parent", to(4)) }, "revision/js-express/1", "所依据的第 4 版", false},
	{"a revision has no author", func(r raw) { r.edit("revision/js-express", "author", to("ghost")) }, "revision/js-express/1", "没有成员 ghost", false},
	{"the clauses on record are others", func(r raw) { r.edit("revision/js-express", "clauses", to([]any{})) }, "revision/js-express/1", "登记的条款", true},
	{"the content on record is another", func(r raw) { r.edit("revision/js-express", "content", to("00")) }, "revision/js-express/1", "内容散列", true},
	{"the title on record is another", func(r raw) { r.replace("revision/js-express", "江苏省", "浙江省") }, "revision/js-express/1", "登记的名称", true},
	{"a revision is not JSON", func(r raw) { r.put(r.keys("revision/js-express")[0], []byte("[]")) }, "revision/js-express", "读不出来", false},

	{"a standard was taken away", func(r raw) { r.delete("standard/js-express") }, "revision/js-express/1", "没有这项标准", false},
	{"a standard counts wrong", func(r raw) { r.edit("standard/js-express", "revisions", to(3)) }, "standard/js-express", "登记有 3 个版本，实有 1 个", false},
	{"a standard's title is another", func(r raw) { r.replace("standard/js-express", "江苏省", "浙江省") }, "standard/js-express", "与现行的第 1 版不符", true},
	{"a standard stands elsewhere", func(r raw) { r.edit("standard/js-express", "id", to("x")) }, "standard/js-express", "记录里写的是 x", false},

	{"a project was taken away", func(r raw) { r.delete("project/p") }, "row/p/", "没有项目 p", false},
	{"a project has no author", func(r raw) { r.edit("project/p", "author", to("ghost")) }, "project/p", "没有成员 ghost", false},
	{"a project has no such rule", func(r raw) { r.edit("project/p", "rule", to("loudest")) }, "project/p", "没有表决规则", false},
	{"a project has no such mode", func(r raw) { r.edit("project/p", "mode", to("")) }, "project/p", "没有协调方式", false},
	{"a project is issued elsewhere", func(r raw) { r.replace("project/p", `"author"`, `"issues":{"34":{"number":"x"}},"author"`) }, "project/p", "有地区 34 的编号", false},
	{"a project drafts nothing", func(r raw) { r.replace("project/p", `"author"`, `"standard":"none","author"`) }, "project/p", "它起草的标准 none 不存在", false},
	{"a passage stands nowhere", func(r raw) { r.edit("row/p", "cells", to(map[string]any{})) }, "project/p", "出现在 0 个条目中", true},
	{"a passage stands twice", func(r raw) {
		keys := r.keys("row/p")
		value := bytes.Replace(r.get(keys[0]), []byte(`"id":"`), []byte(`"id":"x`), 1)
		r.put(append(keys[0], "x"...), value)
	}, "project/p", "出现在 2 个条目中", true},
	{"a passage of no text", func(r raw) { r.replace("row/p", `"paragraph":1`, `"paragraph":99`) }, "row/p/", ":99 不在所选文本中", false},
	{"a row stands elsewhere", func(r raw) { r.edit("row/p", "id", to("x")) }, "row/p/", "记录里写的是 p/x", false},
	{"a unified clause was changed", func(r raw) { r.replace("row/p", `"text":"用户投诉的，`, `"text":"用户，`) }, "row/p/", "统一条款与其散列不符", false},
	{"a sentence comes from nowhere", func(r raw) { r.replace("row/p", `"from":"sh-express/2#`, `"from":"sh-express/2#nowhere-`) }, "row/p/", "#nowhere-", false},
	{"a relation that there is not", func(r raw) { r.edit("relation/p", "stand", to("better")) }, "relation/p/", "关系写得不全", false},
	{"a relation of a stranger", func(r raw) { r.edit("relation/p", "member", to("ghost")) }, "relation/p/", "没有成员 ghost", false},
	{"a relation stands elsewhere", func(r raw) { r.edit("relation/p", "row", to("x")) }, "relation/p/", "记录里写的是 p/x/31", false},
	{"a relation of no column", func(r raw) {
		key := r.keys("relation/p")[0]
		value := bytes.Replace(r.get(key), []byte(`"column":"31"`), []byte(`"column":"33"`), 1)
		r.put(append(bytes.TrimSuffix(bytes.Clone(key), []byte("31")), "33"...), value)
	}, "relation/p/", "项目里没有这一列", false},
	{"a row was confirmed by nobody", func(r raw) { r.replace("row/p", `"version"`, `"confirmed":"ghost","version"`) }, "row/p/", "没有成员 ghost", false},

	{"a row was reviewed by nobody", func(r raw) { r.replace("row/p", `"version"`, `"reviewed":"ghost","version"`) }, "row/p/", "没有成员 ghost", false},
	{"nobody said that there is none", func(r raw) { r.replace("row/p", `"version"`, `"none":{"33":"ghost"},"version"`) }, "row/p/", "没有成员 ghost", false},
	{"there is none, and there is one", func(r raw) { r.replace("row/p", `"version"`, `"none":{"31":"sh"},"version"`) }, "row/p/", "既有条文又被确认无对应", true},
	{"a row rests on no revision", func(r raw) { r.replace("row/p", `"version"`, `"revised":{"31":{"revision":9}},"version"`) }, "row/p/", "sh-express/9 不存在", false},
	{"a change without its event", func(r raw) { r.edit("act/p", "verb", to("row.split")) }, "act/p/", "不是它说的更改", false},
	{"a change that cannot be undone", func(r raw) { r.delete("act-image/p") }, "act/p/", "缺少撤销所需的记录", true},
	{"what nobody changed", func(r raw) { r.delete("act/p") }, "act-image/p/", "没有它所属的更改", true},
	{"a change by nobody", func(r raw) { r.edit("act/p", "by", to("ghost")) }, "act/p/", "没有成员 ghost", false},
	{"synonyms by nobody", func(r raw) { r.edit("synonym/p", "by", to("ghost")) }, "synonym/p/", "没有成员 ghost", false},
	{"a synonym of nothing", func(r raw) { r.edit("synonym/p", "words", to([]any{"一"})) }, "synonym/p/", "不是一组同义词", false},
	{"a rule set by nobody", func(r raw) { r.edit("rule-switch/sh-express", "by", to("ghost")) }, "rule-switch/sh-express/", "没有成员 ghost", false},
	{"a rule set to nothing", func(r raw) { r.edit("rule-switch/sh-express", "severity", to("fatal")) }, "rule-switch/sh-express/", "级别 fatal 不存在", false},
	{"a rule set by another event", func(r raw) { r.edit("rule-switch/sh-express", "event", to(1)) }, "rule-switch/sh-express/", "事件与它不符", false},
	{"a waiver by nobody", func(r raw) { r.edit("waiver/sh-express", "author", to("ghost")) }, "waiver/sh-express/", "没有成员 ghost", false},
	{"a waiver without a reason", func(r raw) { r.edit("waiver/sh-express", "reason", to("")) }, "waiver/sh-express/", "没有理由", false},
	{"a waiver stands elsewhere", func(r raw) { r.edit("waiver/sh-express", "id", to("0000000000000099")) }, "waiver/sh-express/", "记录里写的是 0000000000000099", false},
	{"synonyms stand elsewhere", func(r raw) { r.edit("synonym/p", "event", to(99)) }, "synonym/p/", "记录里写的是 p/99", false},

	{"a position on no row", func(r raw) {
		key := r.keys("position/p")[0]
		value := r.get(key)
		var s registry.Position
		if err := json.Unmarshal(value, &s); err != nil {
			r.t.Fatal(err)
		}
		r.put([]byte("position\x00p\x00gone\x000000000000000001"), bytes.Replace(value, []byte(s.Row), []byte("gone"), 1))
	}, "position/p/gone", "条目 p/gone 不存在", false},
	{"a position of a stranger", func(r raw) { r.edit("position/p", "region", to("33")) }, "position/p/", "地区 33 不参加", false},
	{"a position stands elsewhere", func(r raw) { r.edit("position/p", "row", to("x")) }, "position/p/", "记录里写的是 p/x", false},

	{"a comment on no row", func(r raw) { r.edit("comment/project:p", "row", to("gone")) }, "comment/project:p/", "条目 p/gone 不存在", false},
	{"a comment on no clause", func(r raw) { r.replace("comment/standard:", `"on":"js-express/1"`, `"on":"js-express/1#gone"`) }, "comment/standard:js-express/", "js-express/1#gone 不存在", false},
	{"a reply to nothing", func(r raw) { r.delete("comment/project:p") }, "comment/project:p/", "所回复的意见", false},
	{"a comment stands elsewhere", func(r raw) { r.edit("comment/standard:", "id", to("c999")) }, "comment/standard:", "记录里写的是 standard:js-express 的 c999", false},

	{"a member was taken away", func(r raw) { r.delete("member/sh") }, "session/", "没有成员 sh", false},
	{"a member stands elsewhere", func(r raw) { r.edit("member/sh", "id", to("x")) }, "member/sh", "记录里写的是 x", false},
	{"a session without end", func(r raw) { r.delete("session-end/") }, "session/", "到期表里没有", true},
	{"an end without session", func(r raw) { r.delete("session/") }, "session-end/", "没有这次登录", true},
}

func TestVerify(t *testing.T) {
	file, err := os.ReadFile(furnished(t))
	if err != nil {
		t.Fatal(err)
	}
	faults := func(t *testing.T, path string) (list []registry.Fault, chain error) {
		store, err := bolt.OpenReadOnly(path)
		if err != nil {
			t.Fatal(err)
		}
		reg, err := registry.Open(store, (&watch{}).now)
		if err != nil {
			t.Fatal(err)
		}
		defer reg.Close()
		if err := reg.Verify(func(f registry.Fault) { list = append(list, f) }); err != nil {
			t.Fatal(err)
		}
		return list, reg.VerifyEvents()
	}
	copied := func(t *testing.T, file []byte) string {
		path := filepath.Join(t.TempDir(), "registry.db")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Run("nothing is broken", func(t *testing.T) {
		if list, err := faults(t, copied(t, file)); len(list) > 0 || err != nil {
			t.Errorf("faults %v, chain %v", list, err)
		}
	})
	for _, b := range breaks {
		t.Run(b.name, func(t *testing.T) {
			path := copied(t, file)
			store, err := bolt.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := store.Update(func(tx registry.Tx) error { b.do(raw{t, tx}); return nil }); err != nil {
				t.Fatal(err)
			}
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			list, chain := faults(t, path)
			found := false
			for _, f := range list {
				found = found || strings.HasPrefix(f.Where, b.where) && strings.Contains(f.What, b.says) && f.Repairable == b.repairable
			}
			if !found {
				t.Errorf("want a fault at %s…: %s (repairable: %v); found %+v", b.where, b.says, b.repairable, list)
			}
			var broken *registry.ChainError
			if onChain := strings.HasPrefix(b.where, "event/"); onChain != errors.As(chain, &broken) {
				t.Errorf("VerifyEvents: %v", chain)
			} else if onChain && !strings.HasPrefix(fmt.Sprintf("event/%d", broken.Seq), b.where) {
				t.Errorf("VerifyEvents names event %d, want %s", broken.Seq, b.where)
			}
		})
	}
	t.Run("a record is damaged", func(t *testing.T) { // and what comes behind it is checked all the same
		path := copied(t, bytes.ReplaceAll(file, []byte("七日太长"), []byte("七日大长")))
		store, err := bolt.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		err = store.Update(func(tx registry.Tx) error {
			raw{t, tx}.replace("comment/standard:", `"on":"js-express/1"`, `"on":"js-express/1#gone"`)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		store.Close()
		list, _ := faults(t, path)
		for where, says := range map[string]string{"comment/project:p/": "记录已损坏", "comment/standard:": "#gone 不存在"} {
			if !slices.ContainsFunc(list, func(f registry.Fault) bool {
				return strings.HasPrefix(f.Where, where) && strings.Contains(f.What, says) && !f.Repairable
			}) {
				t.Errorf("%s…: %s is not among %+v", where, says, list)
			}
		}
	})
	t.Run("an event is damaged", func(t *testing.T) {
		broken := bytes.Replace(file, []byte("放宽时限"), []byte("放宽时眼"), -1)
		list, chain := faults(t, copied(t, broken))
		var e *registry.ChainError
		if !errors.As(chain, &e) || len(list) < 2 {
			t.Errorf("chain %v, faults %+v", chain, list)
		}
	})
}

// TestNothingIsLeftBehind: a row that goes leaves nothing behind, and what was
// said on it stays to be read on the row that takes its passages.
func TestNothingIsLeftBehind(t *testing.T) {
	for _, way := range []string{"merge", "move"} {
		t.Run(way, func(t *testing.T) {
			store, err := bolt.Open(furnished(t))
			if err != nil {
				t.Fatal(err)
			}
			reg, err := registry.Open(store, (&watch{at: time.Unix(1.8e9, 0)}).now)
			if err != nil {
				t.Fatal(err)
			}
			defer reg.Close()
			sec := registry.Member{ID: "sec", Role: registry.Secretary}
			view := workbench(t, reg)
			row, into := rowWith(t, view, "31", "七日"), rowWith(t, view, "31", "为了规范")
			said := len(row.Positions)
			if way == "merge" {
				_, err = reg.MergeRows(sec, "p", row.ID, row.Version, into.ID)
			} else {
				_, err = reg.UnifyRow(sec, "p", row.ID, row.Version, "", "")
				for _, col := range []string{"31", "32"} {
					if now, e := reg.Row("p", row.ID); e == nil && err == nil && len(now.Cells[col]) > 0 {
						_, err = reg.MovePassages(sec, "p", row.ID, now.Version, col, now.Cells[col], into.ID)
					}
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := reg.Row("p", row.ID); !registry.Refused(err, registry.NotFound) {
				t.Fatalf("the row is still there: %v", err)
			}
			if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
				t.Fatal(err)
			}
			for _, now := range workbench(t, reg).Rows {
				if now.ID == into.ID && (said == 0 || len(now.Positions) != said) {
					t.Errorf("%d positions were taken, %d are left", said, len(now.Positions))
				}
			}
			remarks, err := reg.CommentsOnProject("p")
			if err != nil || len(remarks) != 2 || remarks[0].Row != into.ID || remarks[1].Row != into.ID {
				t.Errorf("comments %+v, %v", remarks, err)
			}
		})
	}
}
