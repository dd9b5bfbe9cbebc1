// Command tongbiao (同标) is a registry for authoring and harmonising standards.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"tongbiao/editor"
)

// Exit codes; other tools rely on them.
const (
	exitDone    = 0
	exitRefused = 1 // bad input or a refusal
	exitUsage   = 2
)

// version is set at build time (make build).
var version = "dev"

// commands is the command line: a command a field, each in its own file.
type commands struct {
	Serve      serveCommand      `cmd:"" help:"起站：serve the registry over HTTP."`
	Config     configCommand     `cmd:"" help:"设置：show the settings that serve would run with, and where each is from."`
	Import     importCommand     `cmd:"" help:"导入文本或文件夹：import texts or folders of them."`
	Export     exportCommand     `cmd:"" help:"导出文本或统一稿：export texts, or a project's unified draft and concordance."`
	Compare    compareCommand    `cmd:"" help:"逐条对照两个以上文本：align two or more texts clause by clause."`
	Search     searchCommand     `cmd:"" help:"查条文：search clauses."`
	Check      checkCommand      `cmd:"" help:"按 GB/T 1.1 检查：check texts against the drafting rules."`
	CheckStore checkStoreCommand `cmd:"" help:"检查数据是否完好：check that nothing kept is damaged."`
	Backup     backupCommand     `cmd:"" help:"备份：back up, also while serving; verified before it has its name."`
	Restore    restoreCommand    `cmd:"" help:"从备份恢复到空文件夹：restore a backup into an empty folder."`
	Audit      auditCommand      `cmd:"" help:"核验记录链：verify the log of events; export it so that others can."`
	Member     memberCommand     `cmd:"" help:"成员：members, for the operator of the machine."`
	Version    versionCommand    `cmd:"" help:"版本：print the version."`
}

// terminal is what a command talks to.
type terminal struct {
	ctx    context.Context
	out    io.Writer
	err    io.Writer
	isTerm bool // err is a terminal: progress may be drawn on it
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program, for main and for the tests.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var cli commands
	code := exitDone
	exited := false
	parser, err := kong.New(&cli,
		kong.Name("tongbiao"),
		kong.Description("同标：一个标准，四个地区。 A registry for authoring and harmonising standards."),
		kong.Writers(out, errs),
		kong.Exit(func(c int) { exited, code = true, c }),
		kong.UsageOnError(),
		kong.PostBuild(fromEnvironment),
	)
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited {
		return code
	}
	if err != nil {
		fmt.Fprintf(errs, "tongbiao: %v（tongbiao --help）\n", err)
		return exitUsage
	}
	t := &terminal{ctx: ctx, out: out, err: errs}
	if f, ok := errs.(*os.File); ok {
		info, err := f.Stat()
		t.isTerm = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	err = command.Run(t)
	var usage usageError
	switch {
	case errors.As(err, &usage):
		t.fail(err)
		return exitUsage
	case err != nil:
		t.fail(err)
		return exitRefused
	}
	return exitDone
}

// usageError is a command line that cannot be meant.
type usageError string

func (e usageError) Error() string { return string(e) }

// errReported is returned by a command that has written its errors itself.
var errReported = errors.New("reported")

// fail writes an error, one a line.
func (t *terminal) fail(err error) {
	if errors.Is(err, errReported) {
		return
	}
	fmt.Fprintln(t.err, "tongbiao: "+strings.ReplaceAll(err.Error(), "\n", " "))
}

// failAt writes an error in a file, with its line where the text has one.
func (t *terminal) failAt(path string, err error) {
	line, reason := placeOf(err)
	fmt.Fprintf(t.err, "%s:%d: %s\n", path, line, reason)
}

// placeOf takes an error apart into its line (1 where it has none) and what it
// says.
func placeOf(err error) (line int, reason string) {
	var syntax *editor.SyntaxError
	if errors.As(err, &syntax) {
		return max(syntax.Line, 1), syntax.Message
	}
	return 1, err.Error()
}

type versionCommand struct{}

func (versionCommand) Run(t *terminal) error {
	fmt.Fprintln(t.out, "tongbiao "+version)
	return nil
}

// dataFlag is the --data flag of every command that needs the registry.
type dataFlag struct {
	Data string `default:"./data" type:"path" help:"数据文件夹：folder of the registry."`
}
