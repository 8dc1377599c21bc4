#!/usr/bin/env bash
# number.sh VERSION prints the four numbers that Windows compares versions by:
# 1.2.3.0 for 1.2.3, and 1.2.3.4 for 1.2.3+4.gabcdef0, four commits later. Each
# is at most 65535: https://learn.microsoft.com/en-us/windows/win32/menurc/versioninfo-resource
#
# Those can't tell 1.2.3-rc.1 from 1.2.3. With --order before VERSION it prints
# more numbers, of which the first that differs tells the older version, as
# https://semver.org/#spec-item-11 orders them: 1.2.3.1.0 for 1.2.3.
set -euo pipefail

order=
if [ "$1" = --order ]; then
  order=1
  shift
fi
if ! [[ $1 =~ ^([0-9]+)\.([0-9]+)\.([0-9]+)(-[0-9A-Za-z.-]+)?(\+(([0-9]+)(\.|$))?.*)?$ ]]; then
  echo "number.sh: not a version: $1" >&2
  exit 2
fi
numbers=("${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" "${BASH_REMATCH[7]:-0}")
prerelease=${BASH_REMATCH[4]#-}
for number in "${numbers[@]}"; do
  if [ "${#number}" -gt 5 ] || [ "$number" -gt 65535 ]; then
    echo "number.sh: too large for Windows: $number in $1" >&2
    exit 2
  fi
done

# state prints the numbers of a pre-release's name. Each of its parts is 1, its
# length and its digits, or 2, its letters and 0; and 0 ends the name, so that
# a name is before any that goes on.
state() {
  local parts part at
  IFS=. read -ra parts <<<"$1"
  for part in "${parts[@]}"; do
    if [[ $part =~ ^[0-9]+$ ]]; then
      printf '1.%d.' "${#part}"
      for ((at = 0; at < ${#part}; at++)); do printf '%s.' "${part:at:1}"; done
    else
      printf 2.
      for ((at = 0; at < ${#part}; at++)); do printf '%d.' "'${part:at:1}"; done
      printf 0.
    fi
  done
  printf 0
}

if [ -n "$order" ]; then
  after=1
  [ -z "$prerelease" ] || after=0.$(state "$prerelease")
  numbers=("${numbers[@]:0:3}" "$after" "${numbers[3]}")
fi
(IFS=. && echo "${numbers[*]}")
