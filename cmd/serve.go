package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"tongbiao/registry"
	"tongbiao/standards"
	"tongbiao/web"
)

type serveCommand struct {
	dataFlag
	Addr   string `default:"127.0.0.1:8080" help:"监听地址：HOST:PORT to listen on."`
	Demo   bool   `help:"示范：bundled texts, an open project, demonstration members one click away."`
	Secure bool   `help:"经 HTTPS 提供：served over HTTPS by a proxy; cookies are marked Secure."`
}

// Run serves until it is told to stop; what was accepted by then is finished.
func (cmd serveCommand) Run(t *terminal) error {
	if cmd.Demo {
		if err := cmd.furnish(time.Now()); err != nil {
			return fmt.Errorf("furnish the demonstration: %w", err)
		}
	}
	reg, err := cmd.create()
	if err != nil {
		return err
	}
	defer reg.Close()
	if err := seed(reg, cmd.Demo); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	if cmd.Demo {
		err = demonstrate(reg, nil)
	} else {
		err = notDemonstration(reg)
	}
	if err != nil {
		return err
	}
	index, err := cmd.index(reg)
	if err != nil {
		return err
	}
	defer index.Close()
	log := slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: slog.LevelInfo}))
	site, err := web.New(reg, index, web.Options{Demo: cmd.Demo, Secure: cmd.Secure}, log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cmd.Addr)
	if err != nil {
		return fmt.Errorf("地址用不了：%w（用 --addr 换一个。 choose another with --addr）", err)
	}
	if err := cmd.greet(t, reg, "http://"+listener.Addr().String()); err != nil {
		return err
	}

	// The index follows the events for as long as the site is up.
	following, stopFollowing := context.WithCancel(context.Background())
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		if err := index.Follow(following); err != nil && !errors.Is(err, context.Canceled) {
			log.Error("search index stopped following", "error", err)
		}
	}()
	err = serve(t.ctx, listener, site, site.Quiesce)
	stopFollowing()
	<-followed
	return err
}

// notDemonstration keeps the members of a demonstration, whom anybody can be,
// out of a real registry.
func notDemonstration(reg *registry.Registry) error {
	yes, err := reg.Demonstration()
	if err == nil && yes {
		err = errors.New("这个数据文件夹是示范站的：请加 --demo，或用 --data 另选文件夹。 this data folder is a demonstration's: add --demo, or choose another folder with --data")
	}
	return err
}

// serve answers requests until ctx ends, then finishes those under way; quiesce
// ends those that would go on.
func serve(ctx context.Context, listener net.Listener, site http.Handler, quiesce func()) error {
	server := &http.Server{
		Handler:           site,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      120 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    64 << 10,
	}
	server.RegisterOnShutdown(quiesce)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	finishing, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return server.Shutdown(finishing)
}

// greet says where the site is and what to look at first.
func (cmd serveCommand) greet(t *terminal, reg *registry.Registry, url string) error {
	if cmd.Demo {
		_, err := fmt.Fprintf(t.out, `同标 Tongbiao  %[1]s

这是示范站：文本为演示而写，任何人都可一键登录。 A demonstration: anybody may sign in with one click.
先看 look first at
  四地对照 the workbench   %[1]s/projects/%[2]s
  查条文   search          %[1]s/search?q=智能快件箱+保管期
  统一稿   unified draft   %[1]s/projects/%[2]s/draft
停止 stop: Ctrl-C
`, url, demoProject.ID)
		return err
	}
	token, err := reg.SetupToken()
	if registry.Refused(err, registry.Conflict) { // there is an administrator already
		_, err = fmt.Fprintf(t.out, "同标 Tongbiao  %s\n", url)
		return err
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "同标 Tongbiao  %[1]s\n\n还没有管理员。请在 24 小时内打开这个链接（只能用一次）：\nThere is no administrator yet. Open this link within 24 hours (it works once):\n  %[1]s/setup?token=%[2]s\n", url, token)
	return err
}

// seed keeps the bundled texts in a registry that holds nothing yet, and in
// every demonstration.
func seed(reg *registry.Registry, demo bool) error {
	_, held, err := reg.Standards(registry.Filter{}, 0, 0)
	if err != nil || held > 0 && !demo {
		return err
	}
	names, err := fs.Glob(standards.FS, "*.md")
	if err != nil {
		return err
	}
	var texts []registry.Incoming
	for _, name := range names {
		source, err := fs.ReadFile(standards.FS, name)
		if err != nil {
			return err
		}
		texts = append(texts, registry.Incoming{Path: name, Source: source})
	}
	done, err := reg.Import(registry.System, texts)
	for _, d := range done {
		if d.Err != nil {
			return fmt.Errorf("%s: %w", d.Path, d.Err)
		}
	}
	return err
}
