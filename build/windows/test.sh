#!/usr/bin/env bash
# test.sh tests on wine what Windows gets, after make package-windows: the Go
# packages, the built programs, and the setup as a user runs it. PROGRAMS and
# DIST, the arguments, are where those are; VERSION is in the environment.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v wineserver >/dev/null; then
  echo "Wine isn't installed, so nothing that is made for Windows was tested. As root: apt-get install wine wine64" >&2
  exit 1
fi
export LC_ALL=C.UTF-8 KITE_WINDOWS_BIN KITE_WINDOWS_DIST KITE_TEST_EVENTS
KITE_WINDOWS_BIN=$(realpath "$1")
KITE_WINDOWS_DIST=$(realpath "$2")
results=$PWD/build/bin/test-results-windows

# A Windows lives on when tests are killed, or end by a panic or their timeout.
work=$(mktemp -d)
finish() {
  WINEPREFIX=$work/wine wineserver --kill 2>/dev/null || true
  WINEPREFIX=$work/wine wineserver --wait 2>/dev/null || true
  rm -rf "$work" || echo "left over: $work" >&2
}
trap finish EXIT
rm -rf "$results"
mkdir -p "$results"

# stage NAME COMMAND... runs one stage.
stage() {
  local name=$1 began=$SECONDS
  shift
  printf '\n=== %s\n' "$name"
  if ! "$@"; then
    printf '\n=== FAILED: %s\n' "$name" >&2
    node build/count.mjs "$results"
    exit 1
  fi
  printf '=== passed: %s (%d s)\n' "$name" $((SECONDS - began))
}

# Wine opens windows only where there is a screen.
setup_tests() {
  WINEPREFIX=$work/wine build/windows/screen.sh .tools/bin/gotestsum --format standard-quiet --jsonfile "$results/setup.json" -- \
    -buildvcs=false -tags wine -count=1 -timeout 20m ./e2e/windows/...
}

stage "Windows: lint" build/windows/lint.sh
KITE_TEST_EVENTS=$results/go.json
stage "Windows: Go packages" build/windows/test-go.sh
stage "Windows: programs, setup and zip" setup_tests

node build/count.mjs "$results"
echo "All of Windows that wine can run passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
