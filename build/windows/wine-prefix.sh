#!/usr/bin/env bash
# wine-prefix.sh makes an empty Windows in the folder that WINEPREFIX names, in
# which programs of Go run. Whoever calls it ends that Windows by
# "wineserver --kill" and removes the folder.
set -euo pipefail
cd "$(dirname "$0")"
: "${WINEPREFIX:?names the folder of the Windows to make}"

for need in wine wineserver x86_64-w64-mingw32-gcc; do
  if ! command -v "$need" >/dev/null; then
    echo "There is no $need, so nothing of Windows can be tested here. As root: apt-get install wine wine64 gcc-mingw-w64-x86-64" >&2
    exit 1
  fi
done
mkdir -p "$WINEPREFIX"
# One that ends with its last program would be started again for every test.
WINEDEBUG=-all wineserver --persistent >/dev/null 2>&1
./wine-exec.sh wineboot --init >/dev/null 2>&1
# The desktop and its like would be the real user's, which every such Windows has.
find "$WINEPREFIX/drive_c/users" -type l -exec rm {} \; -exec mkdir {} \;
./wine-exec.sh winecfg -v win10 >/dev/null 2>&1
shim=$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll
[ -e "$shim" ] || x86_64-w64-mingw32-gcc -shared -s -O2 -Wall -Werror -o "$shim" wine-prng.c -ladvapi32
