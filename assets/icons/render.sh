#!/bin/sh
# Draws the PNGs from the SVGs beside them; needs rsvg-convert (librsvg2-bin).
set -eu
cd "$(dirname "$0")"
for size in 16 32 48 64 128 256 512 1024; do
  rsvg-convert -w "$size" -h "$size" icon.svg -o "${size}x${size}.png"
done
cp 512x512.png icon.png
for light in good attention danger working stopped unknown; do
  rsvg-convert -w 22 -h 22 "tray/$light.svg" -o "tray/$light.png"
  rsvg-convert -w 44 -h 44 "tray/$light.svg" -o "tray/$light@2x.png"
done
