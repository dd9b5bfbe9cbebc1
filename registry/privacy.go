package registry

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Kept says of one kind of record what it tells of people.
type Kept struct {
	Table   string // as in the keys of the store
	What    string // in Chinese; "" where nothing in it is about a person
	English string
	Field   string // the JSON field that says whose it is; "" where the key's first part does
	Until   string // how long, in Chinese
	Ends    string // the same in English
	Erased  Erasing
}

// Erasing is what becomes of a kind of record when its member is erased.
type Erasing string

const (
	Deleted  Erasing = "deleted"  // the record goes
	Renamed  Erasing = "renamed"  // the name becomes a pseudonym
	Referred Erasing = "referred" // it names a member by ID only and stays: it is the work's history
	Untold   Erasing = "untold"   // nothing about a person
)

// PersonalData is every kind of record that is kept and what it tells of people.
// A test holds it against the store.
var PersonalData = []Kept{
	{"member", "姓名、角色、地区、密码散列、加入与终止时间", "name, role, region, hash of the password, when joined and left", "id", "成员资格终止后由本人或管理员抹去", "until erased", Renamed},
	{"mailbox", "邮箱地址、投递情况、通知源密钥的散列", "e-mail address, delivery, hash of the feed's key", "member", "本人删除或抹去时", "until removed", Deleted},
	{"feed", "通知源密钥的散列", "hash of the feed's key", "", "同上", "as above", Deleted},
	{"session", "登录：时间、浏览器与系统名、网段", "sign-ins: times, browser and system, network", "member", "最长 14 天", "at most 14 days", Deleted},
	{"session-end", "", "", "", "", "", Untold},
	{"device", "已知的浏览器：名称、最近使用", "known browsers: name, last use", "member", "180 天未用即忘", "180 days unused", Deleted},
	{"token", "访问令牌：用途、范围、有效期、最近使用、散列", "tokens: name, scope, end, last use, hash", "member", "作废或一年", "until revoked", Deleted},
	{"token-hash", "", "", "member", "同上", "as above", Deleted},
	{"factor", "两步验证密钥、恢复码散列", "secret of the second factor, hashes of recovery codes", "member", "关闭时", "until switched off", Deleted},
	{"factor-rule", "", "", "", "", "", Untold},
	{"subject", "外部登录（OpenID Connect）：提供方与散列", "sign-in by a provider: which, and a hash of who one is there", "member", "取消关联或抹去时", "until unlinked", Deleted},
	{"reset", "密码重设链接的散列", "hash of a link for a new password", "member", "24 小时", "24 hours", Deleted},
	{"invitation", "邀请备注（可能是姓名）", "note on an invitation, which may be a name", "by", "使用、撤回或 7 天", "until used, at most 7 days", Referred},
	{"invitation-hash", "", "", "", "", "", Untold},
	{"seat", "项目里的角色", "role in a project", "member", "收回时", "until taken back", Deleted},
	{"setup", "", "", "", "", "", Untold},
	{"notice", "给本人的通知", "notices to the member", "member", "抹去时", "until erased", Deleted},
	{"notice-read", "通知已读到哪里", "how far notices were read", "", "抹去时", "until erased", Deleted},
	{"subscription", "订阅、回调地址与密钥", "subscriptions, webhook addresses and secrets", "member", "结束订阅时", "until ended", Deleted},
	{"subscription-feed", "", "", "member", "同上", "as above", Deleted},
	{"delivery", "投递进度", "how far deliveries are", "member", "同上", "as above", Deleted},
	{"news", "订阅带来的动态", "what subscriptions brought", "", "同上", "as above", Deleted},
	{"news-cursor", "", "", "", "", "", Untold},
	{"checklist", "合规清单", "checklists", "owner", "本人删除或抹去时", "until removed", Deleted},
	{"activity-ruling", "适用性意见", "rulings on what applies", "by", "长期", "for good", Referred},
	{"working", "未提交的工作稿", "working copies", "member", "提交、放弃或抹去时", "until submitted", Deleted},
	{"comment", "提出的意见", "comments", "author", "长期：标准化档案", "for good: the record of the standard", Referred},
	{"comment-person", "公众提意见人的姓名、单位、联系方式", "name, organisation and address of the public who comment", "comment", "秘书处可抹去", "until the secretariat erases it", Referred},
	{"receipt", "", "", "", "", "", Untold},
	{"intake", "", "", "", "", "", Untold},
	{"suggestion", "修改建议", "suggestions", "author", "长期", "for good", Referred},
	{"revision", "提交的版本", "revisions", "author", "长期", "for good", Referred},
	{"position", "表态", "positions", "by", "长期", "for good", Referred},
	{"relation", "对照判断", "relations", "by", "长期", "for good", Referred},
	{"vote", "投票", "votes", "member", "长期", "for good", Referred},
	{"ballot", "表决名单（成员编号）", "who may vote, by ID", "by", "长期", "for good", Referred},
	{"meeting", "到会人员（成员编号）、列席人员姓名", "who was at a meeting, by ID; names of guests", "opened_by", "长期", "for good", Referred},
	{"explanation", "编制说明的编写人", "who wrote a section", "by", "长期", "for good", Referred},
	{"act", "对照更正", "corrections", "by", "长期", "for good", Referred},
	{"act-image", "", "", "", "", "", Untold},
	{"row", "条目由谁确认", "who confirmed a row", "placed", "长期", "for good", Referred},
	{"project", "由谁建立", "who opened a project", "created_by", "长期", "for good", Referred},
	{"process", "", "", "", "", "", Untold},
	{"step", "流程步骤由谁办理", "who took a step", "by", "长期", "for good", Referred},
	{"edition", "由谁发布", "who published", "by", "长期", "for good", Referred},
	{"supersession", "", "", "", "", "", Untold},
	{"attachment", "由谁上传", "who attached a document", "by", "长期", "for good", Referred},
	{"file", "", "", "", "", "", Untold},
	{"figure", "由谁上传", "who put a figure", "by", "长期", "for good", Referred},
	{"figure-data", "", "", "", "", "", Untold},
	{"synonym", "由谁添加", "who added synonyms", "by", "长期", "for good", Referred},
	{"waiver", "由谁忽略", "who waived", "by", "长期", "for good", Referred},
	{"rule-switch", "由谁设置", "who set a rule", "by", "长期", "for good", Referred},
	{"standard", "", "", "", "", "", Untold},
	{"text", "", "", "", "", "", Untold},
	{"event", "操作记录：成员编号、时间、动作", "the log: ID, time, what was done", "actor", "长期：链式校验，不可删改", "for good: chained by hash", Referred},
	{"event-head", "", "", "", "", "", Untold},
}

// doers are the fields in which records of the work say who did it.
var doers = []string{"actor", "author", "by", "member", "opened_by", "owner"}

// secrets are fields that an export leaves out: they open something, or are
// the hash of what does.
var secrets = []string{"password", "secret", "token", "hash", "feed", "recovery", "last"}

// ExportMember writes all that is kept about a member as a ZIP of JSON, a file a
// kind of record: for the member itself, or an administrator.
func (r *Registry) ExportMember(actor Member, id string, w io.Writer) error {
	if actor.ID != id || actor.Scope != "" {
		if err := May(actor, EraseMember); err != nil {
			return err
		}
	}
	out := zip.NewWriter(w)
	err := r.store.View(func(tx Tx) error {
		if _, err := members.get(tx, id); err != nil {
			return err
		}
		for _, k := range PersonalData {
			list, err := k.of(tx, id)
			if err != nil || len(list) == 0 {
				if err != nil {
					return err
				}
				continue
			}
			f, err := out.Create(k.Table + ".json")
			if err != nil {
				return err
			}
			e := json.NewEncoder(f)
			e.SetIndent("", "  ")
			if err := e.Encode(list); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("export %s: %w", id, err)
	}
	return out.Close()
}

// of are the records of a kind that are a member's.
func (k Kept) of(tx Tx, id string) (list []any, err error) {
	if k.What == "" {
		return nil, nil
	}
	err = k.each(tx, id, func(_, raw []byte) error {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		withoutSecrets(v)
		list = append(list, v)
		return nil
	})
	return list, err
}

// withoutSecrets takes the secrets out of a record, wherever in it they stand.
func withoutSecrets(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, s := range secrets {
			delete(v, s)
		}
		for _, part := range v {
			withoutSecrets(part)
		}
	case []any:
		for _, part := range v {
			withoutSecrets(part)
		}
	}
}

func (k Kept) each(tx Tx, id string, fn func(key, raw []byte) error) error {
	from := []byte(k.Table + "\x00")
	return tx.Scan(from, after(from), func(key, raw []byte) error {
		if k.Field == "" {
			owner, _, _ := strings.Cut(string(key[len(from):]), "\x00")
			if owner == id || k.Table == "feed" && string(raw) == `"`+id+`"` {
				return fn(key, raw)
			}
			return nil
		}
		if !bytes.Contains(raw, []byte(id)) {
			return nil
		}
		var fields map[string]any
		if json.Unmarshal(raw, &fields) != nil {
			return nil
		}
		mine := fields[k.Field] == id
		for _, field := range doers {
			mine = mine || k.Erased == Referred && fields[field] == id
		}
		if mine {
			return fn(key, raw)
		}
		return nil
	})
}

// EraseMember forgets a person: the name becomes a pseudonym for good, and what
// lets in, where to write to and what was private goes. The sign-in name stays
// in the log as a mark without a person. Oneself with one's own password said
// again, an administrator another; never the last administrator.
func (r *Registry) EraseMember(actor Member, id, password string) error {
	if actor.ID == id && id != "" && actor.Scope == "" {
		var m Member
		err := r.store.View(func(tx Tx) (err error) {
			m, err = members.get(tx, id)
			return err
		})
		if err != nil {
			return err
		}
		if m.Password != "" && !checkPassword(m.Password, password) {
			return refuse(Invalid, "password", "密码不对。 The password is wrong.")
		}
	} else if err := May(actor, EraseMember); err != nil {
		return err
	}
	mark := make([]byte, 3)
	rand.Read(mark) // never fails
	return r.update(actor, func(c *change) error {
		m, err := members.get(c.Tx, id)
		if err != nil {
			return err
		}
		if !m.Erased.IsZero() {
			return refuse(Conflict, "", "个人资料已经抹去。 The data was erased already.")
		}
		was, now := m, c.r.now().UTC().Truncate(time.Second)
		m.Name, m.Password, m.Erased = "已注销成员 "+hex.EncodeToString(mark), "", now
		if m.Ended.IsZero() {
			m.Ended = now
		}
		if err := c.keepAdministrator(was, m); err != nil {
			return err
		}
		if err := c.shutOut(id); err != nil {
			return err
		}
		if err := c.deletePersonal(id); err != nil {
			return err
		}
		if err := members.put(c, m, id); err != nil {
			return err
		}
		return c.log(EraseMember, "members/"+id, nil)
	})
}

func (c *change) deletePersonal(id string) error {
	var keys [][]byte
	for _, k := range PersonalData {
		if k.Erased != Deleted {
			continue
		}
		if err := k.each(c.Tx, id, func(key, _ []byte) error { keys = append(keys, slices.Clone(key)); return nil }); err != nil {
			return err
		}
	}
	for _, key := range keys {
		if err := c.Delete(key); err != nil {
			return err
		}
	}
	return nil
}
