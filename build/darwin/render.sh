#!/usr/bin/env bash
# render.sh draws the icon from ../icon.svg, in the margins that macOS' icons
# have: 824 of 1024 pixels are the icon. Run it after changing that drawing; it
# needs rsvg-convert (librsvg2-bin).
set -euo pipefail
cd "$(dirname "$0")"
rsvg-convert --width 879 --height 879 --page-width 1024 --page-height 1024 --left 72 --top 72 ../icon.svg --output icon.png
