# Everything needed is set up by the targets themselves; a second run only
# checks. What each does: make help.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

export CGO_ENABLED := 1
export NO_COLOR := 1

BIN := build/bin
TOOLS := $(CURDIR)/.tools/bin
DIST := build/dist
# Asked once: a commit made meanwhile must not give the programs another version
# than their package.
export VERSION := $(or $(VERSION),$(shell build/version.sh),$(error There is no version to build))
# It becomes part of commands.
ifneq ($(shell printf %s '$(subst ','\'',$(VERSION))' | LC_ALL=C tr -d '0-9A-Za-z.+-' | wc -c | tr -d ' '),0)
$(error VERSION may hold letters, digits and .+- only)
endif
export SOURCE_DATE_EPOCH := $(or $(SOURCE_DATE_EPOCH),$(shell build/version.sh --date))

# The version is stamped here; asking git as well would fail in a folder that
# another user owns.
GO_BUILD := go build -buildvcs=false -trimpath
STAMP_FLAGS := -s -w -X main.version=$(VERSION)
# Who signs the feed of releases: minisign public keys, with commas between. A
# build without one has no update check.
FEED_KEY ?=
FEED_URL ?=
ifneq ($(FEED_KEY),)
STAMP_FLAGS += -X github.com/kiteaccounts/kite-accounts/backend/update.pinnedKey=$(FEED_KEY)
endif
ifneq ($(FEED_URL),)
STAMP_FLAGS += -X github.com/kiteaccounts/kite-accounts/backend/update.feedURL=$(FEED_URL)
endif
# Addresses differ from start to start, and no table of addresses can be
# written to afterwards; an empty build id keeps builds alike.
HARDENED := -buildmode=pie
HARDENED_FLAGS := -linkmode=external -extldflags '-Wl,-z,relro,-z,now,--build-id=none'
# The C in them checks its stack and the sizes of what it copies.
CHECKED_C := CGO_CFLAGS='-O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong'
STAMP := $(HARDENED) -ldflags "$(STAMP_FLAGS) $(HARDENED_FLAGS)"
WINDOW_TAGS := desktop,production,webkit2_41
# backend/lean/monitor_quiet.go says why.
LIGHT_TAGS := quietmonitor
LIGHT_STAMP := $(HARDENED) -ldflags "$(STAMP_FLAGS) $(HARDENED_FLAGS) -checklinkname=0"

PAGE_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune \
	-o -path frontend/screenshots -prune -o -path frontend/wailsjs -prune \
	-o -type f -print)

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: setup build ## Build the app and open it; without a display, show it going through the sandbox
	@build/run.sh

.PHONY: build
build: $(BIN)/kite-accounts $(BIN)/kitectl ## Build both programs into build/bin

.PHONY: test
test: setup-test ## Prove everything: lint, unit, page and desktop tests
	@build/test.sh

.PHONY: lint
lint: setup-test ## Check style, layering, sizes and generated files
	@build/lint.sh

.PHONY: fmt
fmt: $(TOOLS)/.built ## Format Go, TypeScript and Svelte
	$(TOOLS)/golangci-lint fmt ./...
	cd frontend && npm run --silent lint -- --fix

.PHONY: e2e
e2e: setup-test build e2e-build ## Run only the desktop tests; RUN=pattern picks some
	KITE_E2E_BIN=$(CURDIR)/$(BIN)/e2e KITE_RELEASE_BIN=$(CURDIR)/$(BIN) go test -tags e2e,webkit2_41 -count=1 -timeout 15m -run '$(RUN)' -v ./e2e/...

.PHONY: bench
bench: setup-test build ## Measure kitectl, the gateway, the agent (memory, wake-ups in 10 minutes), tray to window; needs root
	@go run -buildvcs=false ./e2e/bench -programs $(CURDIR)/$(BIN)

.PHONY: clean
clean: ## Remove what was built
	rm -rf $(BIN) $(DIST) .tools frontend/node_modules e2e/kiteconnectjs/node_modules frontend/screenshots e2e/screenshots
	find frontend/dist -mindepth 1 ! -name .gitkeep -delete

# ---- setting up

.PHONY: setup
setup: ## Install what building and running need
	@build/setup/toolchain.sh
	@build/setup/packages.sh build
	@[ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || build/setup/packages.sh desktop

.PHONY: setup-test
setup-test: ## Install what testing needs as well
	@build/setup/toolchain.sh
	@build/setup/packages.sh build desktop tests
	@$(MAKE) -s --no-print-directory $(TOOLS)/.built frontend/node_modules/.installed e2e/kiteconnectjs/node_modules/.installed

$(TOOLS)/.built: build/tools/go.mod build/tools/go.sum
	@echo "Building the project's tools (once, some minutes)"
	@cd build/tools && GOBIN=$(TOOLS) go install -buildvcs=false tool
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json
	@echo "Installing the page's packages"
	@cd frontend && ../build/quietly.sh npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

e2e/kiteconnectjs/node_modules/.installed: e2e/kiteconnectjs/package-lock.json
	@echo "Installing the official JavaScript client"
	@cd e2e/kiteconnectjs && ../../build/quietly.sh npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

# ---- building

frontend/dist/index.html: frontend/node_modules/.installed $(PAGE_SOURCES)
	@echo "Building the page"
	@cd frontend && ../build/quietly.sh npm run --silent build
	@touch frontend/dist/.gitkeep $@

.PHONY: frontend
frontend: frontend/dist/index.html ## Build the page into frontend/dist

# Go itself knows whether anything changed, so these always ask it.
.PHONY: $(BIN)/kite-accounts $(BIN)/kitectl e2e-build
$(BIN)/kite-accounts: frontend/dist/index.html
	@$(CHECKED_C) $(GO_BUILD) -tags $(WINDOW_TAGS) $(STAMP) -o $@ .

$(BIN)/kitectl:
	@$(CHECKED_C) $(GO_BUILD) -tags $(LIGHT_TAGS) $(LIGHT_STAMP) -o $@ ./cmd/kitectl

# The same programs with the tests' clock and without process hardening.
e2e-build: frontend/dist/index.html
	@$(CHECKED_C) $(GO_BUILD) -tags $(WINDOW_TAGS),e2e $(STAMP) -o $(BIN)/e2e/kite-accounts .
	@$(CHECKED_C) $(GO_BUILD) -tags $(LIGHT_TAGS),e2e $(LIGHT_STAMP) -o $(BIN)/e2e/kitectl ./cmd/kitectl

# A key that is none would make programs that silently never check.
export FEED_KEY FEED_URL
.PHONY: feed-key
feed-key:
	@go run -buildvcs=false ./build/release/sign -check-key
ifneq ($(FEED_KEY)$(FEED_URL),)
$(BIN)/kite-accounts $(BIN)/kitectl $(BIN)/windows/kite-accounts.exe $(BIN)/windows/kitectl.exe package-darwin: | feed-key
endif

# What "wails generate module" does, without its command-line tool.
.PHONY: bindings
bindings: ## Write frontend/wailsjs from the bound Go types
	@build/quietly.sh go run -buildvcs=false -tags bindings,webkit2_41 .

# ---- packages

include build/package/rules.mk
include build/windows/rules.mk
-include build/darwin/rules.mk
