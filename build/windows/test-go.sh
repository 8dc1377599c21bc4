#!/usr/bin/env bash
# test-go.sh runs under wine what of the Go tests Windows is for: everything
# without a window. Arguments, if any, are packages to run instead of all.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
export WINEPREFIX=$work/wine
finish() {
  wineserver --kill 2>/dev/null || true
  wineserver --wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
build/windows/wine-prefix.sh

# Wine 8 doesn't know the call by which Go deletes folders, and answers as
# Windows never would. Go has another way for file systems without that call,
# which the tests' own clean-up takes by this line; os.Remove isn't touched.
at=$(go env GOROOT)/src/internal/syscall/windows/at_windows.go
sed 's/^\tcase STATUS_INVALID_INFO_CLASS,/\tcase NTStatus(0xC0000002), \/\/ STATUS_NOT_IMPLEMENTED\n\t\tSTATUS_INVALID_INFO_CLASS,/' "$at" >"$work/at.go"
if cmp -s "$at" "$work/at.go"; then
  echo "$at has another form than build/windows/test-go.sh knows." >&2
  exit 1
fi
printf '{"Replace": {"%s": "%s"}}\n' "$at" "$work/at.go" >"$work/overlay.json"

packages=("$@")
[ ${#packages[@]} -gt 0 ] || mapfile -t packages < <(sed 's/ *#.*//; /^$/d' build/windows/tested-packages.txt)
echo "Go tests under $(build/windows/wine-exec.sh --version)"
GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc \
  go test -overlay "$work/overlay.json" -exec "$PWD/build/windows/wine-exec.sh" -count=1 -p 2 "${packages[@]}"
