package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/hook"
	"tongbiao/registry/mail"
	"tongbiao/registry/search"
	"tongbiao/standards"
	"tongbiao/web"
)

type serveCommand struct {
	dataFlag
	Addr   string `default:"127.0.0.1:8080" help:"监听地址：HOST:PORT to listen on."`
	Demo   bool   `help:"示范：bundled texts, an open project, demonstration members one click away."`
	Secure bool   `help:"经 HTTPS 提供：served over HTTPS by a proxy; cookies are marked Secure."`
	httpFlags
	Origins []string `name:"api-origin" placeholder:"ORIGIN" help:"可读接口的网站：sites whose pages may read the API as a visitor, https://…; * for all; none otherwise."`
	Site    string   `placeholder:"URL" help:"对外地址，用于邮件里的链接：address of the site for links in e-mail."`
	mailFlags
	backupFlags
	providerFlags
	HookAllow []netip.Prefix `name:"hook-allow" placeholder:"CIDR" help:"回调可到的内网：private networks that webhooks may reach; none otherwise."`
}

// mailFlags name the server through which notices are sent by e-mail; without a
// host none are.
type mailFlags struct {
	SMTPHost     string        `name:"smtp-host" placeholder:"HOST" help:"邮件服务器：SMTP server; none, no e-mail."`
	SMTPPort     int           `name:"smtp-port" default:"587"`
	SMTPTLS      string        `name:"smtp-tls" enum:"starttls,tls,none" default:"starttls" help:"starttls、tls 或 none（仅限本机）: none only on the same machine."`
	SMTPUser     string        `name:"smtp-user"`
	SMTPPassword string        `name:"smtp-password" env:"TONGBIAO_SMTP_PASSWORD" help:"用环境变量给出：give it by TONGBIAO_SMTP_PASSWORD, not on the command line."`
	MailFrom     string        `name:"mail-from" placeholder:"ADDRESS" help:"发件地址：sender of the letters."`
	MailGather   time.Duration `name:"mail-gather" default:"5m" help:"多久以内的通知合成一封：how long notices are gathered into one letter."`
}

func (f mailFlags) config() mail.Config {
	return mail.Config{Host: f.SMTPHost, Port: f.SMTPPort, TLS: mail.TLS(f.SMTPTLS), User: f.SMTPUser, Password: f.SMTPPassword, From: f.MailFrom, Gather: f.MailGather}
}

// check refuses flags with which no letter could be sent.
func (cmd serveCommand) check() error {
	if err := errors.Join(cmd.httpFlags.check(), cmd.backupFlags.check(), cmd.providerFlags.check(cmd.Site)); err != nil {
		return err
	}
	if cmd.SMTPHost == "" {
		return nil
	}
	if site, err := url.Parse(cmd.Site); err != nil || site.Host == "" || site.Scheme != "http" && site.Scheme != "https" {
		return errors.New("发邮件还需要 --site：邮件里的链接以它开头，如 https://tongbiao.example.org。 e-mail needs --site too: links in letters begin with it")
	}
	return cmd.config().Check()
}

// Run serves until it is told to stop; what was accepted by then is finished.
func (cmd serveCommand) Run(t *terminal) error {
	if err := cmd.check(); err != nil {
		return err
	}
	if cmd.Demo {
		if err := cmd.furnish(clock()); err != nil {
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
	log := cmd.logger(t.err)
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(log)
	site, err := web.New(reg, index, web.Options{Demo: cmd.Demo, Secure: cmd.Secure || cmd.TLSCert != "", Site: strings.TrimSuffix(cmd.Site, "/"), Mails: cmd.SMTPHost != "", Provider: cmd.provider(),
		Origins: cmd.Origins, Proxies: cmd.TrustProxy, Behind: cmd.Secure, Together: cmd.Together, Sizes: map[string]string{"registry": cmd.file(), "index": filepath.Join(cmd.Data, "index")}}, log)
	if err != nil {
		return err
	}
	door, err := cmd.door(log)
	if err != nil {
		return err
	}
	if err := cmd.greet(t, reg, door.url()); err != nil {
		door.Close()
		return err
	}

	// The index follows the events, and the post too, for as long as the site is up.
	following, stopFollowing := context.WithCancel(context.Background())
	var followers sync.WaitGroup
	follow := func(what string, run func(context.Context) error) {
		followers.Go(func() {
			if err := run(following); err != nil && !errors.Is(err, context.Canceled) {
				log.Error(what+" stopped following", "error", err)
			}
		})
	}
	follow("search index", index.Follow)
	follow("commands on this machine", func(ctx context.Context) error { return cmd.answerCommands(ctx, reg) })
	if cmd.BackupTo != "" {
		backups := &schedule{backupFlags: cmd.backupFlags, reg: reg, log: log}
		site.Ready("backup", backups.Ready)
		follow("backups", backups.Follow)
	}
	herald := reg.Herald((&search.Standing{}).Match)
	follow("news of subscriptions", func(ctx context.Context) error { return herald.Follow(ctx, log) })
	caller := hook.New(hook.Config{Allow: cmd.HookAllow})
	follow("webhooks", func(ctx context.Context) error { return caller.Follow(ctx, reg, site.Hooked, log) })
	if cmd.SMTPHost != "" {
		follow("post", func(ctx context.Context) error { return mail.Follow(ctx, reg, cmd.config(), site.Letter, log) })
	}
	err = door.serve(t.ctx, site)
	stopFollowing()
	followers.Wait()
	return err
}

// door takes the addresses into use. Through a proxy on this machine, which
// --secure means where none is named, come the connections of everybody.
func (cmd serveCommand) door(log *slog.Logger) (*door, error) {
	if cmd.Secure && len(cmd.TrustProxy) == 0 {
		cmd.TrustProxy = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	}
	return cmd.listen(cmd.Addr, log)
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
