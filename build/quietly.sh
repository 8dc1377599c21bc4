#!/usr/bin/env bash
# quietly.sh COMMAND... shows what the command printed only if it fails.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" >"$log" 2>&1 || {
  status=$?
  cat "$log" >&2
  exit "$status"
}
