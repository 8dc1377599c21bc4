#!/usr/bin/env bash
# render.sh draws the tray's icons from the SVG files beside it, as PNG and, for
# Windows, as ICO. Run it after changing one; it needs rsvg-convert and
# ImageMagick (librsvg2-bin, imagemagick).
set -euo pipefail
cd "$(dirname "$0")"
to=../../backend/tray/icons

for state in ready soon login; do
  sizes=()
  for size in 16 20 24 32 48 64; do
    rsvg-convert --width $size --height $size "$state.svg" --output "$to/$state-$size.png"
    sizes+=("$to/$state-$size.png")
  done
  convert "${sizes[@]}" "$to/$state.ico"
  convert "$to/$state-64.png" -strip -define png:compression-level=9 "$to/$state.png"
  rm "${sizes[@]}"
done
