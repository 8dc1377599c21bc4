#!/usr/bin/env bash
# resources.sh PROGRAM DESCRIPTION OBJECT writes the object file with a
# program's icon, manifest and version, which the linker takes in. Wails shows
# the icon with the number 3 (winc.AppIconID). VERSION is in the environment.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1 description=$2 object=$3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp build/windows/icon.ico build/windows/manifest.xml "$work/"
number=$(build/windows/number.sh "$VERSION")
copyright=$(sed -n 's/^Copyright (c)/©/p' LICENSE)
sed -e "s/@PROGRAM@/$program/; s/@DESCRIPTION@/$description/; s/@VERSION@/$VERSION/; s/@NUMBER@/$number/g" \
  -e "s/@COPYRIGHT@/$copyright/" build/windows/resources.json >"$work/resources.json"
(cd "$work" && "$OLDPWD/.tools/bin/go-winres" make --in resources.json --arch amd64 --no-suffix --out resources)
mkdir -p "$(dirname "$object")"
mv "$work/resources" "$object"
