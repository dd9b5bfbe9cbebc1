package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tongbiao/registry"
)

// rules writes the rules of a region on n subjects of our own making, each with
// a duty and a figure.
func rules(region string, salt, n int) string {
	things := strings.Fields("易碎快件 冷链包裹 国际邮件 电子运单 投递车辆 分拣设备 网点招牌 消防器材 监控录像 用户信息 收派人员 加盟合同 循环包装 智能柜体 禁寄目录 验视记录 赔偿协议 投诉台账 保价凭证 仓储场地 充电设施 安检机器 应急预案 校园站点 村级站点")
	deeds := strings.Fields("登记 备案 检查 清点 公示 保管 更换 消毒 评估 抽查 移交 封存 复核 演练 校准 巡查 通报 报废 编号 拍照 归档 培训 约谈 回访")
	var b strings.Builder
	fmt.Fprintf(&b, "# %s快递服务规定（示范）\n\n", region)
	for i := range n {
		thing, deed := things[i%len(things)], deeds[i/len(things)%len(deeds)]
		fmt.Fprintf(&b, "第%d条 经营快递业务的企业应当对%s进行%s，并在%d日内将%s%s的结果告知有关各方。\n\n", i+1, thing, deed, 1+(i*7+salt)%30, thing, deed)
	}
	return b.String()
}

// gridOf serves a project of four texts on n subjects each, and counts its rows.
func gridOf(b *testing.B, n int) (page string, count int) {
	b.Helper()
	texts, data := b.TempDir(), b.TempDir()
	p := registry.Project{ID: "grid", Title: "快递服务规范（示范）"}
	for i, r := range [][2]string{{"31", "上海市"}, {"32", "江苏省"}, {"33", "浙江省"}, {"34", "安徽省"}} {
		id := "rules-" + r[0]
		src := fmt.Sprintf("---\nid: %s\ntitle: %s快递服务规定（示范）\nconvention: regulation\nkind: regulation\nregion: \"%s\"\n---\n\n%s", id, r[1], r[0], rules(r[1], i, n))
		if err := os.WriteFile(filepath.Join(texts, id+".md"), []byte(src), 0o644); err != nil {
			b.Fatal(err)
		}
		p.Participants = append(p.Participants, registry.Participant{Region: r[0], Text: registry.Ref{Standard: id}})
	}
	if code, out, errs := inProcess("import", "--data", data, texts); code != 0 {
		b.Fatalf("import: exit %d %s%s", code, out, errs)
	}
	reg, err := (&dataFlag{Data: data}).open()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := reg.CreateProject(registry.System, p); err != nil {
		b.Fatal(err)
	}
	rows, err := reg.Rows("grid")
	if err != nil {
		b.Fatal(err)
	}
	if err := reg.Close(); err != nil {
		b.Fatal(err)
	}
	site, _, stop := serving(b, "--demo", "--data", data)
	b.Cleanup(stop)
	return site + "/projects/grid", len(rows)
}

// BenchmarkGrid asks for the workbench of projects of 60, 200 and 600 rows: the
// first byte and the whole page over HTTP, and in a browser until it is drawn.
func BenchmarkGrid(b *testing.B) {
	for _, n := range []int{110, 300, 670} { // subjects that make about 60, 200 and 600 rows
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			page, rows := gridOf(b, n)
			var first, whole time.Duration
			size := 0
			for b.Loop() {
				begun := time.Now()
				res, err := http.Get(page)
				if err != nil || res.StatusCode != http.StatusOK {
					b.Fatalf("%v %v", res, err)
				}
				first += time.Since(begun)
				body, err := io.ReadAll(res.Body)
				if err != nil {
					b.Fatal(err)
				}
				res.Body.Close()
				whole += time.Since(begun)
				size = len(body)
			}
			b.ReportMetric(float64(rows), "rows")
			b.ReportMetric(float64(first.Microseconds())/1000/float64(b.N), "first-byte-ms")
			b.ReportMetric(float64(whole.Microseconds())/1000/float64(b.N), "whole-ms")
			b.ReportMetric(float64(size)/1000, "kB")
			b.ReportMetric(drawn(b, page), "drawn-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// drawn is the milliseconds after which a browser has drawn a page, the median
// of five visits.
func drawn(b *testing.B, page string) float64 {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(b.TempDir()),
		chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1440, 1000))
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	defer stopAlloc()
	ctx, stop := chromedp.NewContext(alloc)
	defer stop()
	var took []float64
	for range 5 {
		if err := chromedp.Do(ctx, chromedp.Navigate(page)); err != nil {
			b.Fatal(err)
		}
		ms, err := chromedp.Run(ctx, chromedp.Evaluate[float64](
			`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))`, chromedp.EvalAwaitPromise))
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, ms)
	}
	slices.Sort(took)
	return took[len(took)/2]
}
