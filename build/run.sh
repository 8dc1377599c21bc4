#!/usr/bin/env bash
# Opens the built app. Without a display it shows instead that the app works:
# on a virtual desktop it goes through the sandbox journey.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  exec build/bin/kite-accounts
fi
echo "There is no display, so Kite Accounts runs on a virtual one and logs in to its sandbox."
KITE_BIN="$PWD/build/bin" exec go run -buildvcs=false ./e2e/journey
