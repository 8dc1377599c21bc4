#!/usr/bin/env bash
# test-go.sh runs under wine the Go tests of tested-packages.txt, which is all
# but windows, except those of not-under-wine.txt. Arguments, if any, are
# packages to run instead.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -z "${KITE_WINE_SCREEN:-}" ]; then
  KITE_WINE_SCREEN=1 exec build/windows/screen.sh build/windows/test-go.sh "$@"
fi

work=$(mktemp -d)
export WINEPREFIX=$work/wine
finish() {
  wineserver --kill 2>/dev/null || true
  wineserver --wait 2>/dev/null || true
  rm -rf "$work" || echo "left over: $work" >&2
}
trap finish EXIT
build/windows/wine-prefix.sh
build/windows/wine-desktop.sh

# with_line FILE AFTER LINE: prints the file of Go with that line behind the
# first one that has AFTER in it. Only for what wine lacks.
with_line() {
  if ! awk -v after="$2" -v line="$3" '{ print } !done && index($0, after) { print line; done = 1 } END { exit !done }' "$1"; then
    echo "$1 has another form than build/windows/test-go.sh knows: no line with $2." >&2
    exit 1
  fi
}

# Wine 8 doesn't know the call by which Go deletes folders, and says so with
# STATUS_NOT_IMPLEMENTED, as Windows never would. Go has another way for file
# systems without that call, which the tests' own clean-up takes by this line.
deletes=$(go env GOROOT)/src/internal/syscall/windows/at_windows.go
with_line "$deletes" 'case STATUS_INVALID_INFO_CLASS,' 'NTStatus(0xC0000002),' >"$work/at.go"
printf '{"Replace": {"%s": "%s"}}\n' "$deletes" "$work/at.go" >"$work/overlay.json"

# On Windows nobody can connect to the first instance of go-winio's pipes, which
# only holds their name. On wine the first client would: let that be this one.
winio=github.com/Microsoft/go-winio
pipes=$(go list -m -f '{{.Dir}}' $winio)
cp -r "$pipes" "$work/winio"
chmod -R u+w "$work/winio"
with_line "$pipes/pipe.go" 'h, err := makeServerPipeHandle(path, sd, c, true)' \
  '_, _ = fs.CreateFile(path, fs.GENERIC_READ|fs.GENERIC_WRITE, 0, nil, fs.OPEN_EXISTING, fs.FILE_FLAG_OVERLAPPED, 0)' >"$work/winio/pipe.go"
cp go.mod go.sum "$work"
go mod edit -replace "$winio=$work/winio" "$work/go.mod"

export GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc
packages=("$@")
if [ ${#packages[@]} -eq 0 ]; then
  build/windows/unlisted.sh
  mapfile -t packages < <(sed 's/ *#.*//; /^$/d' build/windows/tested-packages.txt)
fi
left_out=$(sed '/^#/d; /^$/d' build/windows/not-under-wine.txt | paste -sd '|')
echo "Go tests under $(build/windows/wine-exec.sh --version)"
# KITE_TEST_EVENTS, if set, names the file for what go test -json tells.
runner=(go test)
[ -z "${KITE_TEST_EVENTS:-}" ] || runner=(.tools/bin/gotestsum --format standard-quiet --jsonfile "$KITE_TEST_EVENTS" --)
"${runner[@]}" -modfile "$work/go.mod" -overlay "$work/overlay.json" -exec "$PWD/build/windows/wine-exec.sh" \
  -count=1 -p 2 -timeout 5m -skip "^($left_out)\$" "${packages[@]}"
