#!/usr/bin/env bash
# wine-desktop.sh starts the desktop of the Windows that wine-prefix.sh made in
# WINEPREFIX, and returns once it is there. It stays as long as some program has
# a window, and this leaves one running. Whoever has to start the desktop itself
# waits for it, and keeps its own output open for it.
set -euo pipefail
cd "$(dirname "$0")"

./wine-exec.sh notepad >/dev/null 2>&1 </dev/null &
until xwininfo -root -tree | grep Notepad >/dev/null; do
  if ! kill -0 $! 2>/dev/null; then
    echo "wine shows no window on the screen $DISPLAY" >&2
    exit 1
  fi
  sleep 0.1
done
