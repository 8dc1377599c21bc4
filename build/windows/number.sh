#!/usr/bin/env bash
# number.sh VERSION prints the four numbers that Windows compares versions by:
# 1.2.3.0 for 1.2.3, and 1.2.3.4 for 1.2.3+4.gabcdef0, four commits later. Each
# is at most 65535: https://learn.microsoft.com/en-us/windows/win32/menurc/versioninfo-resource
set -euo pipefail

if ! [[ $1 =~ ^([0-9]+)\.([0-9]+)\.([0-9]+)(-[0-9A-Za-z.-]+)?(\+(([0-9]+)(\.|$))?.*)?$ ]]; then
  echo "number.sh: not a version: $1" >&2
  exit 2
fi
numbers=("${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" "${BASH_REMATCH[7]:-0}")
for number in "${numbers[@]}"; do
  if [ "${#number}" -gt 5 ] || [ "$number" -gt 65535 ]; then
    echo "number.sh: too large for Windows: $number in $1" >&2
    exit 2
  fi
done
(IFS=. && echo "${numbers[*]}")
