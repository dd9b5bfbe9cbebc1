package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

// environment begins the names of the variables that set flags: --metrics-addr
// is TONGBIAO_METRICS_ADDR. A flag on the command line counts more.
const environment = "TONGBIAO_"

// fromEnvironment lets every flag of serve be set by a variable too, and --data
// of every command.
func fromEnvironment(k *kong.Kong) error {
	for _, command := range k.Model.Children {
		whole := command.Name == "serve" || command.Name == "config"
		for _, flag := range command.Flags {
			if flag.Name == "help" || len(flag.Envs) > 0 || !whole && flag.Name != "data" {
				continue
			}
			name := environment + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
			flag.Envs = append(flag.Envs, name)
			flag.Value.Tag.Envs = append(flag.Value.Tag.Envs, name)
		}
	}
	return nil
}

// configCommand takes the flags of serve and shows what serve would run with.
type configCommand struct{ serveCommand }

// secret names the flags whose values are not shown.
var secret = regexp.MustCompile(`password|secret|token|passphrase|private`)

// Run writes a line a setting: its flag, its value, and where the value is from:
// the command line, a variable of the environment, or the program. Then it says
// whether serve would start with them.
func (cmd configCommand) Run(line *kong.Context, t *terminal) error {
	given := map[string]bool{}
	for _, p := range line.Path {
		if p.Flag != nil && !p.Resolved {
			given[p.Flag.Name] = true
		}
	}
	w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
	for _, flag := range line.Selected().Flags {
		if flag.Name == "help" {
			continue
		}
		from := "默认 default"
		for _, name := range flag.Envs {
			if _, set := os.LookupEnv(name); set {
				from = name
			}
		}
		if given[flag.Name] {
			from = "命令行 flag"
		}
		value := fmt.Sprint(flag.Target.Interface())
		if secret.MatchString(flag.Name) && value != "" {
			value = "********"
		}
		if value == "" || value == "[]" {
			value = "-"
		}
		fmt.Fprintf(w, "--%s\t%s\t%s\n", flag.Name, value, from)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := unknownVariables(line.Selected().Flags); err != nil {
		return err
	}
	return cmd.check()
}

// unknownVariables finds names in the environment that look like settings and
// are none: a mistyped setting is no setting.
func unknownVariables(flags []*kong.Flag) error {
	known := map[string]bool{}
	for _, flag := range flags {
		for _, name := range flag.Envs {
			known[name] = true
		}
	}
	var strange []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, environment) && !known[name] && !forTests.MatchString(name) {
			strange = append(strange, name)
		}
	}
	if len(strange) > 0 {
		return fmt.Errorf("环境变量里有不认识的设置：%s。 the environment holds settings that do not exist", strings.Join(strange, ", "))
	}
	return nil
}

// forTests are variables that the tests and measurements of this program read.
var forTests = regexp.MustCompile(`^TONGBIAO_(LOAD|SOAK|PICTURES|CHILD|TEST|BENCH|GOSEC|VULN)`)
