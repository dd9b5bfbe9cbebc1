package search_test

import (
	"context"
	"io"
	"log"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/search"
)

// now is a clock that stands still.
func now() time.Time { return time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC) }

func openRegistry(t testing.TB) *registry.Registry {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	return reg
}

// importTexts keeps texts; each must be readable.
func importTexts(t testing.TB, reg *registry.Registry, texts ...string) {
	t.Helper()
	var in []registry.Incoming
	for _, s := range texts {
		in = append(in, registry.Incoming{Source: []byte(s)})
	}
	done, err := reg.Import(registry.System, in)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range done {
		if d.Err != nil {
			t.Fatal(d.Err)
		}
	}
}

// openIndex opens an index; the caller closes it.
func openIndex(t testing.TB, dir string, reg *registry.Registry) *search.Index {
	t.Helper()
	x, err := search.Open(dir, reg)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func catchUp(t testing.TB, x *search.Index) {
	t.Helper()
	if err := x.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// indexed is a fresh index of the texts that has caught up.
func indexed(t testing.TB, texts ...string) *search.Index {
	t.Helper()
	reg := openRegistry(t)
	importTexts(t, reg, texts...)
	x := openIndex(t, t.TempDir(), reg)
	t.Cleanup(func() { x.Close() })
	catchUp(t, x)
	return x
}

func find(t testing.TB, x *search.Index, q search.Query) search.Result {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 20
	}
	res, err := x.Search(q)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// refs are the places of the hits, in order.
func refs(res search.Result) []string {
	out := []string{}
	for _, h := range res.Hits {
		out = append(out, h.Ref.String())
	}
	return out
}

const shanghai = `---
id: db31-t-310003
number: [DB31/T 310003—2021, DB32/T 310003—2021]
title: 快递末端服务规范
kind: local
convention: standard
region: ["31", "32"]
status: in-force
---

## 范围 {#scope}
本文件规定了快递末端服务的要求。

## 投递 {#delivery}

### 投递时限 {#delivery-time}
快件到达末端网点后，应在 24 h 内投递。

### 智能快件箱 {#locker}
智能快件箱的免费保管期不应少于18小时，宜为3日。
`

const zhejiang = `---
id: db33-t-2001
number: DB33/T 2001-2019
title: 快递业末端网点要求
kind: local
convention: standard
region: "33"
status: superseded
---

## 范围 {#scope}
本文件适用于快递末端网点。

## 服务 {#service}
快递员应佩戴工牌；用户可要求其出示。
`

const express = `---
id: express-regulation
title: 快递暂行条例
kind: regulation
convention: regulation
status: in-force
---

## 第一章　总则 {#ch-1}

### 第一条 {#a-1}
为促进快递业健康发展，保障快递安全，制定本条例。

### 第二条 {#a-2}
在中华人民共和国境内从事快递业务经营，适用本条例。

第二款：鼓励使用可降解包装。

## 第二章　快递服务 {#ch-2}

### 第三条 {#a-3}
快件延误、丢失、损毁或者内件短少的，对保价的快件，应当按照约定的保价规则确定赔偿责任；赔偿金额不超过100元的，可以在3个工作日内办结。
`

// scratch is a folder for what several tests share.
var scratch string

// TestMain keeps Bleve from writing of each damaged index that it meets.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	os.Exit(func() int {
		var err error
		if scratch, err = os.MkdirTemp("", "search"); err != nil {
			panic(err)
		}
		defer os.RemoveAll(scratch)
		return m.Run()
	}())
}
