#!/usr/bin/env bash
# Everything that is checked without running the program, cheapest first.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/.tools/bin

echo "shell scripts"
shellcheck .ci/run build/*.sh build/*/*.sh

echo "sizes of files and functions"
go run -buildvcs=false ./build/lint/size

echo "go vet"
go vet -tags webkit2_41 ./...
go vet -tags webkit2_41,e2e ./...

echo "golangci-lint"
"$tools/golangci-lint" run ./...
"$tools/golangci-lint" run --build-tags webkit2_41,e2e ./...

echo "every test for Windows is in a list"
build/windows/unlisted.sh

echo "frontend/wailsjs is what the Go types give"
before=$(find frontend/wailsjs -type f -exec sha256sum {} + | sort)
make --no-print-directory --silent bindings
after=$(find frontend/wailsjs -type f -exec sha256sum {} + | sort)
if [ "$before" != "$after" ]; then
  echo "frontend/wailsjs was out of date and has been written anew; commit it." >&2
  exit 1
fi

echo "svelte-check and ESLint"
(cd frontend && npm run --silent check && npm run --silent lint)
