package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tongbiao/standards"
)

// asked is what the clients of TestSearchUnderLoad ask, each line the query of an
// address: words, numbers, questions of laymen, filters, days.
var asked = strings.Fields(`
q=快件+赔偿 q=快递柜 q=智能快件箱+保管期 q=投递 q=收寄验视 q=无法投递 q=过度包装 q=个人信息保护 q=高空抛物 q=五万元以上
q=三十日内 q=处五千元以上 q=行政处罚 q=听证 q=应急预案 q=网络交易平台 q=村民委员会 q=生活垃圾+分类 q=湿地保护 q=未成年人
q=工资支付 q=电动自行车+充电 q=公共数据 q=出租汽车 q=动物防疫 q=城市更新 q=主管部门应当 q=志愿服务时间 q=禁止寄递物品 q=产品质量
q=DB31/T+示范001 q=db32t示范001 q=GB/T+示范001—2024 q=快递末端服务规范 q=kuaidi q=kdmdfw q=快遞櫃+收費 q=第十二条
q=快递丢了怎么赔 q=快递柜放多久开始收费 q=快件弄坏了赔多少 q=驿站每天要开门多久 q=电动车可以在楼道充电吗 q=邻居半夜装修怎么办 q=商家拒绝退货找谁 q=押金不退怎么办
q=投递&region=31 q=投递&region=32&region=33 q=快件&modality=shall q=赔偿&kind=regulation q=包装&region=31&modality=shall q=驿站&status=in-force q=查询&sort=date q=备案&year=2023
q=投递&on=2024-06-30 q=快件&on=2023-01-01&region=31 q=行政处罚&on=2020-06-30 q=快递&page=3 q=应当&page=2 q=没有人写过这几个字甲乙丙丁
`)

// crowdOfSearchers is how many search at once.
const crowdOfSearchers = 50

// TestSearchUnderLoad: fifty people search, as fast as they are answered and then
// each once a second, while texts are imported through the site. Every answer is a
// whole page; what was imported is found afterwards. It takes 2 s of each, or what
// TONGBIAO_LOAD says ("1m"), then with the real regulations, half of which are
// there and half of which come.
func TestSearchUnderLoad(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("TONGBIAO_LOAD"))
	data := t.TempDir()
	var texts []arriving
	if err == nil {
		texts = halfOfTheRegulations(t, data)
	} else {
		length = 2 * time.Second
	}
	if texts == nil {
		texts = bundledAnew(t, 40)
	}
	site, _, stop := serving(t, "--demo", "--data", data)
	defer stop()
	warm(t, site)
	halves := [][]arriving{texts[:len(texts)/2], texts[len(texts)/2:]}
	for i, pace := range []time.Duration{0, time.Second} {
		l := &searchers{t: t, site: site, pace: pace, ends: time.Now().Add(length)}
		l.run(halves[i])
		l.judge(halves[i])
	}
}

// warm waits until the index has all that was there.
func warm(t *testing.T, site string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		res, err := http.Get(site + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		page := (&visitor{t: t, site: site, client: http.DefaultClient}).get("/search?q=" + url.QueryEscape("投递"))
		if res.StatusCode == http.StatusOK && !strings.Contains(page, "索引正在更新") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the index is never ready")
		}
	}
}

// arriving is a text that is imported, with words that stand in no other.
type arriving struct {
	name, region, mark string
	source             []byte
}

// regionOf says whose the texts of a folder are.
var regionOf = map[string]string{"shanghai": "31", "jiangsu": "32", "zhejiang": "33", "anhui": "34", "national": "national"}

// halfOfTheRegulations imports every other one of the real regulations, and those
// of which there are several editions; the others are to come.
func halfOfTheRegulations(t *testing.T, data string) (come []arriving) {
	if _, err := os.Stat(filepath.Join(realTexts, "regulations")); err != nil {
		t.Logf("SKIPPED: the real regulations are not here: the bundled texts are imported anew instead")
		return nil
	}
	args := []string{"import", "--json", "--data", data}
	files := filesUnder(regulations(t), func(path string, err error) { t.Fatal(path, err) })
	title := func(path string) string { name, _, _ := strings.Cut(filepath.Base(path), "("); return name }
	editions := map[string]int{}
	for _, path := range files {
		editions[title(path)]++
	}
	for i, path := range files {
		if i%2 == 0 || editions[title(path)] > 1 { // an older edition would not be found among today's
			args = append(args, path)
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		mark := fmt.Sprintf("负载之标记%04d号", i)
		come = append(come, arriving{filepath.Base(path), regionOf[filepath.Base(filepath.Dir(path))], mark, fmt.Appendf(raw, "\n\n%s。\n", mark)})
	}
	if code, _, errs := inProcess(args...); code != 0 {
		t.Fatal(errs)
	}
	return come
}

// bundledAnew are n texts like the bundled ones under identifiers of their own.
func bundledAnew(t *testing.T, n int) (come []arriving) {
	t.Helper()
	for i := range n {
		name := []string{"db31-t-sf001", "db32-t-sf001", "db33-t-sf001", "db34-t-sf001"}[i%4]
		raw, err := standards.FS.ReadFile(name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		mark := fmt.Sprintf("负载之标记%04d号", i)
		source := strings.Replace(string(raw), "id: "+name, fmt.Sprintf("id: %s-load-%d", name, i), 1)
		source = strings.Replace(source, "示范001—", fmt.Sprintf("示范9%03d—", i), 1)
		come = append(come, arriving{fmt.Sprintf("%s-%d.md", name, i), "", mark, []byte(source + "\n\n" + mark + "。\n")})
	}
	return come
}

// searchers are the people who search, and what they saw.
type searchers struct {
	t    *testing.T
	site string
	pace time.Duration // between two pages of one; 0: as soon as it is there
	ends time.Time

	mu       sync.Mutex
	pages    []time.Duration // of results
	places   []time.Duration // redirects to what a number names
	turned   int             // away, with Retry-After
	imports  []time.Duration
	imported int
}

func (l *searchers) run(texts []arriving) {
	var all sync.WaitGroup
	all.Go(func() { l.bring(texts) })
	for n := range crowdOfSearchers {
		all.Go(func() { l.search(n) })
	}
	all.Wait()
}

// search asks one thing after the other; each begins elsewhere.
func (l *searchers) search(n int) {
	client := &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	var beat <-chan time.Time
	if l.pace > 0 {
		<-time.After(l.pace * time.Duration(n) / crowdOfSearchers) // people do not ask in step
		every := time.NewTicker(l.pace)
		defer every.Stop()
		beat = every.C
	}
	for i := n * 7; time.Now().Before(l.ends); i++ {
		query, err := url.ParseQuery(asked[i%len(asked)])
		if err != nil {
			l.t.Error(err)
			return
		}
		begun := time.Now()
		res, err := client.Get(l.site + "/search?" + query.Encode())
		if err != nil {
			l.t.Errorf("%v: %v", query, err)
			return
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		l.note(query, res, body, err, time.Since(begun))
		if beat != nil {
			<-beat
		}
	}
}

func (l *searchers) note(query url.Values, res *http.Response, body []byte, err error, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err != nil:
		l.t.Errorf("%v: %v", query, err)
	case res.StatusCode == http.StatusOK && bytes.Contains(body, []byte("</html>")):
		l.pages = append(l.pages, took)
	case res.StatusCode == http.StatusFound:
		l.places = append(l.places, took)
	case res.StatusCode == http.StatusServiceUnavailable && res.Header.Get("Retry-After") != "":
		l.turned++
	default:
		l.t.Errorf("%v: %s, %d bytes", query, res.Status, len(body))
	}
}

// bring imports the texts a few at a time, so that it lasts as long as the search.
func (l *searchers) bring(texts []arriving) {
	v := &visitor{t: l.t, site: l.site}
	v.signIn("demo-secretary")
	const few = 5
	every := time.NewTicker(max(time.Millisecond, time.Until(l.ends)*9/10*few/time.Duration(len(texts))))
	defer every.Stop()
	for from := 0; from < len(texts); from += few {
		some := texts[from:min(from+few, len(texts))]
		begun := time.Now()
		if err := importThrough(v, some); err != nil {
			l.t.Error(err)
			return
		}
		l.imports = append(l.imports, time.Since(begun))
		l.imported += len(some)
		<-every.C
	}
}

// importThrough sends texts as the import page does.
func importThrough(v *visitor, texts []arriving) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	err := errors.Join(form.WriteField("do", "import"), form.WriteField("kind", "regulation"), form.WriteField("region", texts[0].region))
	for _, one := range texts {
		w, ferr := form.CreateFormFile("files", one.name)
		if ferr == nil {
			_, ferr = w.Write(one.source)
		}
		err = errors.Join(err, ferr)
	}
	if err = errors.Join(err, form.Close()); err != nil {
		return err
	}
	res, err := v.client.Post(v.site+"/import", form.FormDataContentType(), &body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if want := fmt.Sprintf("已导入 %d 个版本", len(texts)); err != nil || res.StatusCode != http.StatusOK || !bytes.Contains(page, []byte(want)) {
		return fmt.Errorf("import of %d texts: %s, %v\n%.3000s", len(texts), res.Status, err, page)
	}
	return nil
}

// judge finds everything that was imported, and says how long the pages took.
func (l *searchers) judge(texts []arriving) {
	l.t.Helper()
	v := &visitor{t: l.t, site: l.site, client: http.DefaultClient}
	deadline := time.Now().Add(patience)
	for _, one := range texts[:l.imported] {
		for !strings.Contains(v.get("/search?q="+url.QueryEscape(one.mark)), `<mark>`+one.mark) {
			if time.Now().After(deadline) {
				l.t.Fatalf("%s was imported and is not found", one.name)
			}
		}
	}
	if len(l.pages) == 0 || l.imported != len(texts) {
		l.t.Fatalf("%d pages were seen, %d of %d texts imported", len(l.pages), l.imported, len(texts))
	}
	how := "as fast as they are answered"
	if l.pace > 0 {
		how = fmt.Sprintf("each every %v", l.pace)
	}
	l.t.Logf("%d people search, %s: %d pages of results, %s; %d numbers led to their places, %s; %d turned away; %d texts imported meanwhile, five at a time: %s; all found",
		crowdOfSearchers, how, len(l.pages), quantiles(l.pages), len(l.places), quantiles(l.places), l.turned, l.imported, quantiles(l.imports))
}
