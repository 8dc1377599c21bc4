#!/usr/bin/env bash
# Proves the packages for Linux in build/dist in a minimal Debian of their own:
# installed, started from the desktop entry, used, upgraded, removed. Arguments
# go to go test, such as -run Upgrade. VERSION is that of the packages.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "$(id -u)" -ne 0 ]; then
  echo "These tests install the packages into a Debian of their own, with mounts of their own. Only root can do that:" >&2
  echo "run sudo make test-packages." >&2
  exit 1
fi
export LC_ALL=C.UTF-8
export VERSION=${VERSION:-$(build/version.sh)}
began=$SECONDS
cache=$PWD/build/bin/.packages-tests # a dot, so that Go doesn't look for packages in it
results=$PWD/build/bin/package-test-results
mkdir -p "$cache"

# sources are Debian's own of this computer, as lines of sources.list.
sources() {
  # shellcheck disable=SC2016 # apt's variables
  apt-get indextargets --format '$(ORIGIN) deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    sed -n 's/^Debian deb/deb/p' | sort -u
}

# minimal_debian makes the Debian that is tested on, unless it is there from
# this month, and sets base.
minimal_debian() {
  local lines release key
  lines=$(sources)
  [ -n "$lines" ] || { build/quietly.sh apt-get update && lines=$(sources); }
  if [ -z "$lines" ]; then
    echo "apt knows no sources of Debian's own here, so there is no Debian to install the packages into." >&2
    return 1
  fi
  # shellcheck source=/dev/null
  release=$(. /etc/os-release && echo "$VERSION_CODENAME")
  key=$(cat - build/package/test.sh <<<"$release $(uname -m) $(date +%Y-%m) $lines" | sha256sum | cut -c1-16)
  base=$cache/debian-$key
  [ -d "$base" ] || {
    echo "Making a minimal Debian ($release)"
    rm -rf "$cache"/debian-*
    build/quietly.sh mmdebstrap --mode=root --variant=minbase --aptopt='Acquire::Retries "3"' --dpkgopt=force-unsafe-io \
      "$release" "$base.part" - <<<"$lines"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$base.part/etc/hosts"
    mv "$base.part" "$base"
  }
}

minimal_debian
cp /etc/resolv.conf "$base/etc/resolv.conf" # of today
echo "Building the programs of an older version, to upgrade from"
make -s --no-print-directory build BIN="$cache/older" VERSION=0.0.0-older
go build -buildvcs=false -tags packages -o "$cache/launch" ./e2e/packages/launch

# What the tests start ends with them, however they end: the namespace's first
# process, which clears up after orphans, is the shell.
namespace=(unshare --mount --pid --fork --kill-child --mount-proc --propagation private bash -c '"$@"; exit $?' bash)

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work" || echo "left over: $work" >&2' EXIT
rm -rf "$results"
mkdir -p "$results"
status=0
KITE_PACKAGES=${KITE_PACKAGES:-$PWD/build/dist} KITE_PACKAGES_BASE=$base KITE_PACKAGES_WORK=$work KITE_PACKAGES_OLDER=$cache/older \
  KITE_PACKAGES_TOOLS=$cache KITE_PACKAGES_VERSION=$VERSION \
  "${namespace[@]}" .tools/bin/gotestsum --format testname --jsonfile "$results/packages.json" -- \
  -buildvcs=false -tags packages,webkit2_41 -count=1 -timeout 25m "$@" ./build/package ./e2e/packages || status=$?
node build/count.mjs "$results"
echo "The packages' tests took $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s"
exit "$status"
