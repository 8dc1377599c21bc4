#!/usr/bin/env bash
# render.sh draws the icon and the setup's pictures from ../icon.svg. Run it
# after changing that; it needs rsvg-convert and ImageMagick (librsvg2-bin,
# imagemagick).
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sizes=()
for size in 16 20 24 32 40 48 64 96 128 256; do
  rsvg-convert --width "$size" --height "$size" ../icon.svg --output "$work/$size.png"
  sizes+=("$work/$size.png")
done
convert "${sizes[@]}" icon.ico

# picture NAME WIDTH HEIGHT ICON X Y BACKGROUND makes a bitmap twice the size
# that the setup shows it in at 96 dpi.
picture() {
  rsvg-convert --width "$4" --height "$4" ../icon.svg --output "$work/kite.png"
  convert -size "$2x$3" "xc:$7" "$work/kite.png" -geometry "+$5+$6" -composite -dither None -colors 256 -type Palette -compress None "BMP3:$1.bmp"
}
picture side 328 628 264 32 182 '#14212f'
picture header 300 132 92 182 20 white
