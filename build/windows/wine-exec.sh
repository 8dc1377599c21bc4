#!/bin/sh
# wine-exec.sh PROGRAM ARGS... starts a program in the Windows that
# wine-prefix.sh made in WINEPREFIX. It fits go test -exec.
#
# No debugging output, no offer to download Mono or Gecko, no file types and
# menu entries on the real desktop.
export WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree=;mshtml=;winemenubuilder.exe='
exec wine "$@"
