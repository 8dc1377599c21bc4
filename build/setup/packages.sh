#!/usr/bin/env bash
# packages.sh GROUP... installs the Debian packages of these groups that are
# missing. It asks the network only if one is. With SETUP_DRY_RUN=1 it prints
# the commands instead of running them.
set -euo pipefail

attempts=3
pause=5 # seconds between attempts

build=(gcc libc6-dev pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev)
desktop=(xvfb dbus dbus-x11 openbox xdotool x11-utils imagemagick at-spi2-core gnome-keyring gcr
  fonts-noto-core fonts-noto-color-emoji procps util-linux)
tests=(curl python3 libsecret-tools xclip sqlite3 strace dunst notification-daemon xfce4-panel xfconf desktop-file-utils
  appstream chromium shellcheck)
packaging=(binutils desktop-file-utils appstream librsvg2-bin xz-utils)
package_tests=(mmdebstrap lintian rpm rpm2cpio dpkg-dev libglib2.0-dev)
windows=(gcc-mingw-w64-x86-64 binutils-mingw-w64-x86-64 nsis)
windows_tests=(wine wine64)

wanted=()
for group in "$@"; do
  case $group in
    build) wanted+=("${build[@]}") ;;
    desktop) wanted+=("${desktop[@]}") ;;
    tests) wanted+=("${tests[@]}") ;;
    packaging) wanted+=("${packaging[@]}") ;;
    package-tests) wanted+=("${package_tests[@]}") ;;
    windows) wanted+=("${windows[@]}") ;;
    windows-tests) wanted+=("${windows_tests[@]}") ;;
    *) echo "packages.sh: no such group: $group" >&2 && exit 2 ;;
  esac
done

if ! command -v dpkg-query apt-get >/dev/null; then
  echo "This isn't Debian or a relative of it, so nothing was installed. Needed, by Debian's names: ${wanted[*]}" >&2
  exit 0
fi

installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null | awk '$1 == "ii" { print $2 }' || true)
missing=$(comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) <(sort -u <<<"$installed") | paste -sd ' ')
[ -n "$missing" ] || exit 0

root=(env DEBIAN_FRONTEND=noninteractive)
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "These packages are missing: $missing" >&2
    echo "Without sudo they can't be installed from here. As root, run: apt-get install $missing" >&2
    exit 1
  fi
  root=(sudo "${root[@]}")
fi

# as_root COMMAND... is tried a few times, since mirrors fail now and then.
as_root() {
  if [ "${SETUP_DRY_RUN:-}" = 1 ]; then
    echo "${root[*]} $*"
    return
  fi
  local attempt
  for ((attempt = 1; attempt <= attempts; attempt++)); do
    "${root[@]}" "$@" </dev/null && return
    [ "$attempt" -eq "$attempts" ] || sleep "$pause"
  done
  echo "This failed $attempts times: $*" >&2
  return 1
}

echo "Installing: $missing"
apt=(apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
as_root "${apt[@]}" update
# The names are split on purpose.
# shellcheck disable=SC2086
as_root "${apt[@]}" install -y --no-install-recommends $missing
