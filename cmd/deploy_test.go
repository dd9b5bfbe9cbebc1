package main

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDeployment: the unit and the container file say what they promise: a user
// without rights, a folder of its own, settings that exist.
func TestDeployment(t *testing.T) {
	read := func(name string) string {
		t.Helper()
		raw, err := os.ReadFile(filepath.Join("..", "deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	unit, file := read("tongbiao.service"), read("Containerfile")
	for _, line := range []string{"DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "SystemCallFilter=@system-service", "MemoryDenyWriteExecute=yes", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "UMask=0077", "KillSignal=SIGTERM"} {
		if !strings.Contains(unit, "\n"+line+"\n") {
			t.Errorf("the unit does not say %s", line)
		}
	}
	for _, line := range []string{"FROM scratch", "USER 65532:65532", "STOPSIGNAL SIGTERM"} {
		if !strings.Contains(file, "\n"+line+"\n") {
			t.Errorf("the container file does not say %s", line)
		}
	}
	if regexp.MustCompile(`(?m)^(ADD|RUN (curl|wget))|:latest`).MatchString(file) || !strings.Contains(file, "CGO_ENABLED=0") {
		t.Error("the container file fetches what it does not pin, or links to a system that is not there")
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"serve", "--help"}, &out, &errs); code != exitDone {
		t.Fatal(errs.String())
	}
	for _, name := range regexp.MustCompile(`TONGBIAO_[A-Z_]+`).FindAllString(unit+file, -1) {
		if !strings.Contains(out.String(), "$"+name) {
			t.Errorf("%s is no setting", name)
		}
	}
}

// TestUnitIsValid asks systemd what it thinks of the unit.
func TestUnitIsValid(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("SKIPPED: systemd-analyze is missing: the unit was not judged by systemd")
	}
	raw, err := os.ReadFile("../deploy/tongbiao.service")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "tongbiao.service")
	if err := os.WriteFile(unit, bytes.ReplaceAll(raw, []byte("/usr/local/bin/tongbiao"), []byte(self)), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(analyze, "verify", unit).CombinedOutput(); err != nil || strings.Contains(string(said), "tongbiao.service") {
		t.Errorf("systemd-analyze verify: %v\n%s", err, said)
	}
	said, err := exec.Command(analyze, "security", "--offline=true", "--threshold=20", unit).CombinedOutput()
	if err != nil {
		t.Errorf("the service is more exposed than 2.0 of 10: %v\n%s", err, said)
	}
}

// TestImageRuns: the program as the container file builds it needs no library,
// and the image, where one can be built here, says --help as nobody.
func TestImageRuns(t *testing.T) {
	if !soak {
		t.Skip("SKIPPED: the static program was not built anew: make soak does")
	}
	program := filepath.Join(t.TempDir(), "tongbiao")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	f, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	libraries, err := f.ImportedLibraries()
	if err != nil || len(libraries) > 0 || f.Section(".interp") != nil {
		t.Errorf("the program is not static: %v, %v", libraries, err)
	}
	empty := exec.Command(program, "--help")
	empty.Env = nil
	if said, err := empty.CombinedOutput(); err != nil || !strings.Contains(string(said), "serve") {
		t.Errorf("--help: %v\n%s", err, said)
	}
	for _, tool := range []string{"podman", "docker"} {
		if exec.Command(tool, "info").Run() != nil {
			continue
		}
		if said, err := exec.Command(tool, "build", "-q", "-f", "../deploy/Containerfile", "-t", "tongbiao-test", "..").CombinedOutput(); err != nil {
			t.Fatalf("%s build: %v\n%s", tool, err, said)
		}
		said, err := exec.Command(tool, "run", "--rm", "--read-only", "--network", "none", "tongbiao-test", "--help").CombinedOutput()
		if err != nil || !strings.Contains(string(said), "serve") {
			t.Errorf("%s run: %v\n%s", tool, err, said)
		}
		return
	}
	t.Log("SKIPPED: no container tool works here: the image was not built")
}
