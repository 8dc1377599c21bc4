#!/usr/bin/env bash
# unlisted.sh fails, and names them, if packages with tests for Windows are in
# neither tested-packages.txt nor untested-packages.txt, so that no test is
# forgotten. It runs nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
export GOOS=windows GOARCH=amd64 CGO_ENABLED=1

mapfile -t listed < <(sed 's/ *#.*//; /^$/d' build/windows/tested-packages.txt build/windows/untested-packages.txt)
known=$(go list -e -f '{{.ImportPath}}' "${listed[@]}" | sort)
tested=$(go list -e -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./... | sort)
unlisted=$(comm -13 <(printf '%s\n' "$known") <(printf '%s\n' "$tested"))
[ -z "$unlisted" ] && exit
echo "Tests for Windows that no list of build/windows has, tested-packages.txt or untested-packages.txt:" >&2
echo "$unlisted" >&2
exit 1
