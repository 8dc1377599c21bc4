#!/usr/bin/env bash
# setup.sh PROGRAMS DIST makes the setup for Windows in the folder DIST from the
# programs in the folder PROGRAMS, with NSIS. VERSION and SOURCE_DATE_EPOCH are
# in the environment.
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=$(realpath "$1") dist=$(realpath "$2")
number=$(build/windows/number.sh "$VERSION")
order=$(build/windows/number.sh --order "$VERSION")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A line to each paragraph: the page breaks lines where its own width ends.
awk 'NF { printf "%s%s", line++ ? " " : "", $0; next } { printf "\r\n\r\n"; line = 0 } END { print "\r" }' LICENSE >"$work/licence.txt"
cp LICENSE "$work/LICENSE.txt"
cp "$dist/THIRD-PARTY-LICENSES.txt" build/windows/*.bmp build/windows/icon.ico "$work/"
cp "$programs/kite-accounts.exe" "$programs/kitectl.exe" "$work/"
size=$(du -ck --apparent-size "$work"/*.exe "$work"/*.txt | awk 'END { print $1 }')
# Microsoft's own, as Wails carries it; the tests have a stand-in.
wails=$(go list -m -f '{{.Dir}}' github.com/wailsapp/wails/v2)
install -m 644 "${WEBVIEW2_SETUP:-$wails/internal/webview2runtime/MicrosoftEdgeWebview2Setup.exe}" \
  "$work/MicrosoftEdgeWebview2Setup.exe"
find "$work" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

makensis -V2 -WX "-DVERSION=$VERSION" "-DNUMBER=$number" "-DORDER=$order" "-DFILES=$work" "-DKILOBYTES=$size" \
  "-DOUTPUT=$dist/kite-accounts-$VERSION-windows-amd64-setup.exe" build/windows/setup/setup.nsi
