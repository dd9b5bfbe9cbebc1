package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tongbiao/registry/storetest/power"
)

// writer is somebody who comments on a site and keeps what was acknowledged.
type writer struct {
	t      *testing.T
	site   string
	client *http.Client
	n      int
	acked  []string
}

const commentsOn = "/standards/db31-t-sf001/comments"

// write comments once and gives the answer.
func (w *writer) write() (res *http.Response, page, said string) {
	w.t.Helper()
	w.n++
	said = fmt.Sprintf("第%d次写下的意见。", w.n)
	res, err := w.client.PostForm(w.site+commentsOn, url.Values{"on": {""}, "type": {"ge"}, "body": {said}})
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if res.StatusCode == http.StatusSeeOther {
		w.acked = append(w.acked, said)
	}
	return res, string(raw), said
}

func (w *writer) get(path string) (int, string) {
	w.t.Helper()
	res, err := w.client.Get(w.site + path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, string(raw)
}

// servedOn serves a demonstration from a disk, index and all.
func servedOn(t *testing.T) (*child, *power.Disk, *writer) {
	t.Helper()
	disk := power.Mount(t, nil)
	c := runChild(t, "--demo", "--data", filepath.Join(disk.Path, "data"))
	jar, _ := cookiejar.New(nil)
	w := &writer{t: t, site: c.url, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if res, err := w.client.PostForm(c.url+"/demo/sign-in", url.Values{"id": {"demo-31"}}); err != nil || res.StatusCode != http.StatusSeeOther {
		t.Fatal(res, err)
	}
	w.untilReady()
	return c, disk, w
}

// untilReady asks until the site says that it is.
func (w *writer) untilReady() {
	w.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		status, said := w.get("/readyz")
		if status == http.StatusOK {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("the site is never ready: %s", said)
		}
	}
}

// TestServedFromADiskThatTakesNoMore: while the disk is full, or was set
// read-only, what cannot be kept is answered 503 with the reason, when to try
// again and what was typed; pages are read as ever; who watches is told; the log
// says why. When the disk takes it again so does the site, which was not started
// anew. After a power cut everything that was acknowledged is there.
func TestServedFromADiskThatTakesNoMore(t *testing.T) {
	for errno, reason := range map[syscall.Errno]string{syscall.ENOSPC: "磁盘已满", syscall.EROFS: "磁盘被设为只读"} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			c, disk, w := servedOn(t)
			for range 2 {
				if res, page, _ := w.write(); res.StatusCode != http.StatusSeeOther {
					t.Fatalf("a disk that works: %s\n%.2000s", res.Status, page)
				}
				disk.Refuse(errno)
				w.refused(reason)
				disk.Refuse(0)
				if res, page, _ := w.write(); res.StatusCode != http.StatusSeeOther {
					t.Fatalf("a disk that works again: %s\n%.2000s", res.Status, page)
				}
				w.untilReady()
			}
			if log := c.errs.String(); !strings.Contains(log, reason) {
				t.Errorf("the log does not say why:\n%s", log)
			}
			w.survives(disk, c)
		})
	}
}

// refused sees what a site says whose disk takes nothing.
func (w *writer) refused(reason string) {
	w.t.Helper()
	res, page, said := w.write()
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		w.t.Errorf("a write: %s, Retry-After %q", res.Status, res.Header.Get("Retry-After"))
	}
	for _, want := range []string{reason, said, "</html>"} {
		if !strings.Contains(page, want) {
			w.t.Errorf("the answer does not hold %q:\n%.3000s", want, page)
		}
	}
	for _, path := range []string{"/", "/standards/db31-t-sf001", commentsOn, "/search?q=" + url.QueryEscape("投递"), "/projects/last-mile", "/healthz", "/api/v1/standards"} {
		if status, page := w.get(path); status != http.StatusOK {
			w.t.Errorf("GET %s: %d\n%.1000s", path, status, page)
		}
	}
	// A good answer of /readyz is believed for some seconds.
	var ready struct{ Parts map[string]string }
	for deadline := time.Now().Add(patience); ready.Parts["store"] != "failed"; {
		status, raw := w.get("/readyz")
		if err := json.Unmarshal([]byte(raw), &ready); err != nil || status == http.StatusOK && time.Now().After(deadline) {
			w.t.Fatalf("/readyz: %d %s %v", status, raw, err)
		}
		if ready.Parts["store"] == "failed" && status != http.StatusServiceUnavailable {
			w.t.Errorf("/readyz: %d %s", status, raw)
		}
	}
}

// survives cuts the power and looks for everything that was acknowledged.
func (w *writer) survives(disk *power.Disk, c *child) {
	w.t.Helper()
	left := disk.Cut(rand.New(rand.NewPCG(1, 2)))
	c.Process.Kill()
	for luck := range uint64(16) { // it might have gone otherwise
		if disk.Cut(rand.New(rand.NewPCG(luck, 3)))["data/registry.db"] == nil {
			w.t.Fatal("the store itself is gone: its folder's name was not synced")
		}
	}
	data := filepath.Join(power.Put(w.t, left), "data")
	reg, err := dataFlag{data}.open()
	if err != nil {
		w.t.Fatalf("after the power cut: %v", err)
	}
	kept := map[string]bool{}
	for since, done := uint64(0), false; !done; {
		list, err := reg.Events(since, 500)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range list {
			since = e.Seq
			var data struct{ Body string }
			if json.Unmarshal(e.Data, &data) == nil && data.Body != "" {
				kept[data.Body] = true
			}
		}
		done = len(list) == 0
	}
	if err := reg.Close(); err != nil {
		w.t.Error(err)
	}
	for _, said := range w.acked {
		if !kept[said] {
			w.t.Errorf("%q was acknowledged and is gone", said)
		}
	}
	w.t.Logf("%d of %d acknowledged comments are there", len(w.acked), len(w.acked))
	// What is left of the index is of use, or is made anew: the site finds.
	after := runChild(w.t, "--demo", "--data", data)
	w.site, w.client = after.url, &http.Client{}
	w.untilReady()
	if status, page := w.get("/search?q=" + url.QueryEscape("投递")); status != http.StatusOK || !strings.Contains(page, "<mark>投递</mark>") {
		w.t.Errorf("after the power cut the search does not find: %d", status)
	}
}

// TestServedFromADiskThatDoesNotConfirm: after a sync that failed nothing is
// written any more, also when the disk seems to work; pages are read, and what was
// acknowledged is there.
func TestServedFromADiskThatDoesNotConfirm(t *testing.T) {
	c, disk, w := servedOn(t)
	if res, page, _ := w.write(); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("a disk that works: %s\n%.2000s", res.Status, page)
	}
	disk.Deafen()
	for range 2 {
		w.refused("磁盘没有确认写入")
	}
	w.survives(disk, c)
}
