#!/usr/bin/env bash
# Checks the files that no build for Linux compiles, and the tests that only
# make test-packages and make test-windows run.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=$PWD/.tools/bin
windows=(env GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc)

"${windows[@]}" go vet -tags desktop,production . ./backend/... ./build/... ./cmd/...
"${windows[@]}" "$tools/golangci-lint" run --build-tags desktop,production . ./backend/... ./build/... ./cmd/...

go vet -tags webkit2_41,packages ./build/package/... ./e2e/packages/...
"$tools/golangci-lint" run --build-tags webkit2_41,packages ./build/package/... ./e2e/packages/...
go vet -tags webkit2_41,wine ./e2e/windows/... ./backend/loginwindow/webview
"$tools/golangci-lint" run --build-tags webkit2_41,wine ./e2e/windows/... ./backend/loginwindow/webview
