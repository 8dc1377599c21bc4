#!/usr/bin/env bash
# screen.sh COMMAND... runs a command on a screen of its own, on which nobody is
# disturbed. xvfb-run isn't for that: it looks for a free number before it starts
# the server, and waits for ever if the server is ready before it waits.
set -euo pipefail

if ! command -v Xvfb >/dev/null; then
  echo "Xvfb isn't installed, without which wine has no screen. As root: apt-get install xvfb" >&2
  exit 1
fi
work=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

# The server takes a number that is free, and says it once it is ready.
mkfifo "$work/number"
Xvfb -displayfd 3 -screen 0 1280x1024x24 -nolisten tcp -noreset 3>"$work/number" >"$work/log" 2>&1 &
server=$!
if ! read -r number <"$work/number"; then
  cat "$work/log" >&2
  exit 1
fi
DISPLAY=:$number "$@"
