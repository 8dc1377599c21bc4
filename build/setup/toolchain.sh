#!/usr/bin/env bash
# Stops with a sentence when Go or Node is missing or too old. The project
# installs neither: both are expected on the machine.
set -euo pipefail
cd "$(dirname "$0")/../.."

node_wanted=20.19.0
go_wanted=$(awk '$1 == "go" { print $2 }' go.mod)

# at_least WANTED FOUND compares dotted versions.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n1)" = "$1" ]; }

# expect NAME WANTED FOUND WHERE stops unless FOUND will do.
expect() {
  if [ -z "$3" ]; then
    echo "$1 $2 or newer is needed and none was found. Install it from $4 and run make again." >&2
    exit 1
  fi
  if ! at_least "$2" "$3"; then
    echo "$1 $2 or newer is needed, and this machine has $3. Install a newer one from $4 and run make again." >&2
    exit 1
  fi
}

# Asked outside the module: inside it an older Go would answer with an error
# or begin to download a newer one.
go_found=$(cd /; GOTOOLCHAIN=local go env GOVERSION 2>/dev/null || true)
node_found=$(node --version 2>/dev/null || true)
npm_found=$(command -v npm || true)

expect Go "$go_wanted" "${go_found#go}" https://go.dev/dl/
expect Node.js "$node_wanted" "${node_found#v}" https://nodejs.org/
if [ -z "$npm_found" ]; then
  echo "npm is needed and wasn't found. It comes with Node.js from https://nodejs.org/." >&2
  exit 1
fi
