#!/usr/bin/env bash
# Prints the version that a build carries, from git's tags: 1.2.3 on the tag
# v1.2.3, 1.2.3+4.gabcdef0 four commits later, 0.0.0+gabcdef0 before the first
# tag, with .dirty behind it where files differ. With --date it prints instead
# the commit's time in seconds since 1970, which is the date of everything in a
# package (https://reproducible-builds.org/specs/source-date-epoch/).
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --date ]; then
  git log -1 --format=%ct 2>/dev/null || echo 0
  exit
fi
if ! commit=$(git rev-parse --short=7 HEAD 2>/dev/null); then
  echo 0.0.0+unknown # a source archive without its history
  exit
fi
dirty=
[ -z "$(git status --porcelain --untracked-files=no 2>/dev/null)" ] || dirty=.dirty
if described=$(git describe --tags --long --abbrev=7 --match 'v[0-9]*.[0-9]*.[0-9]*' \
  --exclude '*[!0-9A-Za-z.-]*' 2>/dev/null); then
  described=${described#v}
  tag=${described%-*-g*}
  ahead=${described#"$tag"-}
  ahead=${ahead%-g*}
  if ! [[ $tag =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$ ]]; then
    echo "version.sh: the tag v$tag is no version such as v1.2.3 or v1.2.3-rc.1 (https://semver.org). Delete it or set VERSION." >&2
    exit 1
  fi
  if [ "$ahead" -eq 0 ]; then
    echo "$tag${dirty:+${dirty/./+}}"
  else
    echo "$tag+$ahead.g$commit$dirty"
  fi
else
  echo "0.0.0+g$commit$dirty"
fi
