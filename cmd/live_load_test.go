package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestFortyTogether: forty members work on one project over loopback. Each
// listens to it and reads the row that changed, as its page would; every four
// seconds each changes its own sentence of a unified clause that two of them
// share. No write that was acknowledged is lost, neither from the log nor from
// the text, and the others see it. TONGBIAO_LOAD gives the time ("1m").
func TestFortyTogether(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("TONGBIAO_LOAD"))
	if err != nil || testing.Short() {
		t.Skip("SKIPPED: forty people on one project were not tried: set TONGBIAO_LOAD=1m")
	}
	data := t.TempDir()
	site, _, stop := serving(t, "--demo", "--data", data)
	first := &visitor{t: t, site: site}
	first.signIn("demo-secretary")
	k := &crowd{t: t, site: site, sent: map[string]time.Time{}, set: map[string]time.Time{}, last: map[string]string{}, ends: time.Now().Add(length)}
	for _, m := range rowOnGrid.FindAllStringSubmatch(first.get("/projects/last-mile"), 20) {
		k.rows = append(k.rows, m[1])
	}
	var all sync.WaitGroup
	for n := range 40 {
		p := &visitor{t: t, site: site}
		p.signIn([]string{"demo-31", "demo-32", "demo-33", "demo-34", "demo-secretary"}[n%5])
		all.Go(func() { k.listen(p) })
		all.Go(func() { k.work(n, p) })
	}
	all.Wait()
	stop()
	k.judge(data)
}

var (
	rowOnGrid = regexp.MustCompile(`<tbody role="rowgroup" id="([^"]+)"`)
	markOf    = regexp.MustCompile(`标记[0-9]+之[0-9]+号`)
)

// crowd is what forty people did and saw.
type crowd struct {
	t    *testing.T
	site string
	rows []string
	ends time.Time

	mu        sync.Mutex
	sent      map[string]time.Time // by mark: when the write set out
	acked     []string             // marks of the writes that were acknowledged
	last      map[string]string    // by person: mark of the last acknowledged write
	set       map[string]time.Time // by row: when the last write to it set out
	heard     []time.Duration      // from then until the event reached somebody
	shown     []time.Duration      // until that one had the row
	conflicts int
}

// work changes a person's own sentence again and again.
func (k *crowd) work(n int, p *visitor) {
	path := "/projects/last-mile/rows/" + k.rows[n%len(k.rows)]
	<-time.After(time.Duration(n) * 100 * time.Millisecond) // people do not write in step
	pace := time.NewTicker(4 * time.Second)
	defer pace.Stop()
	mine := ""
	for i := 0; time.Now().Before(k.ends); i++ {
		page := p.get(path)
		form := func(name string) string {
			m := regexp.MustCompile(`name="` + name + `" value="([^"]*)" data-keep`).FindStringSubmatch(page)
			if m == nil {
				k.t.Errorf("%s has no %s", path, name)
				return ""
			}
			return m[1]
		}
		m := regexp.MustCompile(`(?s)<textarea id="u-text"[^>]*>(.*?)</textarea>`).FindStringSubmatch(page)
		mark := fmt.Sprintf("标记%d之%d号", n, i)
		text, said := unescape(m[1]), "第"+fmt.Sprint(n)+"人写下"+mark+"。"
		if mine != "" && strings.Contains(text, mine) {
			text = strings.Replace(text, mine, said, 1)
		} else {
			text += "\n\n" + said
		}
		k.mu.Lock()
		k.sent[mark] = time.Now()
		k.set[k.rows[n%len(k.rows)]] = k.sent[mark]
		k.mu.Unlock()
		res, err := p.client.PostForm(k.site+path+"/unify", url.Values{"version": {form("version")}, "base": {form("base")}, "title": {""}, "text": {text}})
		if err != nil {
			k.t.Error(err)
			return
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		k.mu.Lock()
		switch res.StatusCode {
		case http.StatusOK: // after the redirect
			k.acked, k.last[fmt.Sprint(n)], mine = append(k.acked, mark), mark, said
		case http.StatusConflict:
			k.conflicts++
		default:
			k.t.Errorf("write: %s", res.Status)
		}
		k.mu.Unlock()
		<-pace.C
	}
}

// listen hears of changes and reads the rows.
func (k *crowd) listen(p *visitor) {
	r, err := http.NewRequest(http.MethodGet, k.site+"/projects/last-mile/live", nil)
	if err != nil {
		k.t.Error(err)
		return
	}
	r.Header.Set("Accept", "text/event-stream")
	res, err := p.client.Do(r)
	if err != nil || res.StatusCode != http.StatusOK {
		k.t.Errorf("listen: %v %v", res, err)
		return
	}
	defer res.Body.Close()
	after := time.AfterFunc(time.Until(k.ends), func() { res.Body.Close() })
	defer after.Stop()
	rows := make(chan string, 1000)
	var read sync.WaitGroup
	read.Go(func() { k.read(p, rows) })
	defer read.Wait()
	defer close(rows)
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), `data: {"seq"`)
		if !ok {
			continue
		}
		at := time.Now()
		var change struct {
			Seq  uint64
			Rows []string
		}
		if err := json.Unmarshal([]byte(`{"seq"`+data), &change); err != nil || len(change.Rows) != 1 {
			if time.Now().Before(k.ends) { // the last line is cut off
				k.t.Errorf("heard %q: %v", data, err)
			}
			return
		}
		k.mu.Lock()
		if set, ok := k.set[change.Rows[0]]; ok && at.After(set) {
			k.heard = append(k.heard, at.Sub(set))
		}
		k.mu.Unlock()
		rows <- change.Rows[0]
	}
}

// read reads the rows that changed, several at once as a page does.
func (k *crowd) read(p *visitor, rows <-chan string) {
	seen := map[string]bool{}
	for row := range rows {
		asked := url.Values{"full": {"1"}, "row": {row}}
		for more := time.After(80 * time.Millisecond); more != nil; {
			select {
			case row, ok := <-rows:
				if !ok {
					return
				}
				if !slices.Contains(asked["row"], row) {
					asked["row"] = append(asked["row"], row)
				}
			case <-more:
				more = nil
			}
		}
		res, err := p.client.Get(k.site + "/projects/last-mile/live/rows?" + asked.Encode())
		if err != nil {
			k.t.Error(err)
			return
		}
		part, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			k.t.Errorf("rows: %s %v", res.Status, err)
			return
		}
		k.note(markOf.FindAllString(string(part), -1), seen)
	}
}

// note keeps how long marks took that somebody sees for the first time.
func (k *crowd) note(marks []string, seen map[string]bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, m := range marks {
		if set, ok := k.sent[m]; ok && !seen[m] {
			seen[m] = true
			k.shown = append(k.shown, time.Since(set))
		}
	}
}

// judge reads the store when everything is over.
func (k *crowd) judge(data string) {
	reg, err := dataFlag{data}.open()
	if err != nil {
		k.t.Fatal(err)
	}
	defer reg.Close()
	logged := map[string]bool{}
	for since := uint64(0); ; {
		list, err := reg.Events(since, 500)
		if err != nil {
			k.t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, e := range list {
			since = e.Seq
			for _, m := range markOf.FindAllString(string(e.Data), -1) {
				logged[m] = true
			}
		}
	}
	v, err := reg.Workbench("last-mile")
	if err != nil {
		k.t.Fatal(err)
	}
	texts := ""
	for _, row := range v.Rows {
		if row.Unified != nil {
			texts += row.Unified.Text
		}
	}
	for _, m := range k.acked {
		if !logged[m] {
			k.t.Errorf("%s was acknowledged and is not in the log", m)
		}
	}
	for n, m := range k.last {
		if !strings.Contains(texts, m) {
			k.t.Errorf("the last sentence of %s, %s, is in no text", n, m)
		}
	}
	if len(k.acked) == 0 || len(k.shown) == 0 {
		k.t.Fatal("nothing was written, or nothing seen")
	}
	k.t.Logf("%d writes acknowledged, all there; %d conflicts shown; event at another's: %s; row at another's: %s (%d times)",
		len(k.acked), k.conflicts, quantiles(k.heard), quantiles(k.shown), len(k.shown))
}

func quantiles(list []time.Duration) string {
	if len(list) == 0 {
		return "none"
	}
	slices.Sort(list)
	at := func(q float64) time.Duration { return list[int(q*float64(len(list)-1))].Round(time.Millisecond) }
	return fmt.Sprintf("median %v, p99 %v", at(.5), at(.99))
}
