#!/usr/bin/env bash
# All tests, cheapest first. It stops at the first stage that fails, names it,
# and counts what the test runners reported.
set -euo pipefail
cd "$(dirname "$0")/.."

export LC_ALL=C.UTF-8
results=$PWD/build/bin/test-results
rm -rf "$results"
mkdir -p "$results"

# stage NAME COMMAND... runs one stage.
stage() {
  local name=$1 began=$SECONDS
  shift
  printf '\n=== %s\n' "$name"
  if ! "$@"; then
    printf '\n=== FAILED: %s\n' "$name" >&2
    count
    exit 1
  fi
  printf '=== passed: %s (%d s)\n' "$name" $((SECONDS - began))
}

# go_tests NAME ARGUMENTS... shows go test's own lines and keeps its events.
go_tests() {
  local name=$1
  shift
  .tools/bin/gotestsum --format standard-quiet --jsonfile "$results/$name.json" -- "$@"
}

count() { node build/count.mjs "$results"; }

client_tests() (cd e2e/gokite && ../../.tools/bin/gotestsum --format standard-quiet \
  --jsonfile "$results/client.json" -- -buildvcs=false -count=1 -skip TestCalls_through_the_root_that_was_given ./...)
js_client_tests() (cd e2e/kiteconnectjs && node --test --test-reporter=spec --test-reporter-destination=stdout \
  --test-reporter=./reporter.mjs --test-reporter-destination="$results/client-js.json" client.test.mjs)
page_tests() (cd frontend && npm run --silent test -- \
  --reporter=default --reporter=json --outputFile="$results/page.json")
stories() (cd frontend && npm run --silent screenshots)
build_all() { make --no-print-directory build e2e-build; }

stage "build" build_all
stage "lint" build/lint.sh
stage "page: unit tests" page_tests
stage "Go: unit, contract and component tests with the race detector" \
  go_tests unit -buildvcs=false -race -p 2 -tags webkit2_41 -timeout 10m ./...
stage "Go: the clock of the desktop tests" \
  go_tests clock -buildvcs=false -race -tags e2e,webkit2_41 ./backend/clock
stage "sandbox: the official Go client" client_tests
stage "sandbox: the official JavaScript client" js_client_tests
stage "gateway: the official clients, by base URL alone" \
  go_tests gateway -buildvcs=false -count=1 -tags e2e -run Official ./backend/gateway
stage "page: every view in every state, screenshots and axe" stories
export KITE_E2E_BIN=$PWD/build/bin/e2e KITE_RELEASE_BIN=$PWD/build/bin
stage "desktop tests" \
  go_tests desktop -buildvcs=false -count=1 -p 1 -tags e2e,webkit2_41 -timeout 15m ./e2e/...

count
echo "All stages passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
