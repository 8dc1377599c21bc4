#!/usr/bin/env bash
# Makes build/dist/feed.json, which tells installed programs of releases, and
# signs it. With a version, that has to be the newest one in releases.yaml:
#   MINISIGN_SECRET_KEY=… MINISIGN_PASSWORD=… build/release/feed.sh 1.2.3
# FEED_KEY, the public key that programs are built with, is compared if it is
# set. docs/releasing.md says how to come by the keys.
set -euo pipefail
cd "$(dirname "$0")/../.."

mkdir -p build/dist
rm -f build/dist/feed.json build/dist/feed.json.minisig
# What makes the feed needs no key.
env -u MINISIGN_SECRET_KEY -u MINISIGN_PASSWORD go run -buildvcs=false ./build/release/feed -out build/dist/feed.json -version "${1:-}"
if [ -z "${MINISIGN_SECRET_KEY:-}" ]; then
  rm -f build/dist/feed.json
  echo "There is no MINISIGN_SECRET_KEY to sign the feed with, and without a signature it is of no use." >&2
  exit 1
fi
go run -buildvcs=false ./build/release/sign build/dist/feed.json
