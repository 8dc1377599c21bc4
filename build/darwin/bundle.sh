#!/usr/bin/env bash
# bundle.sh DIST makes the disk image for macOS in the folder DIST, from the
# page, and from the licences and the bill of materials in DIST. Without DIST it
# only says whether it could. In the environment:
#
#   VERSION, GO_BUILD, STAMP_FLAGS, WINDOW_TAGS   as the Makefile has them
#   SIGN_IDENTITY   of a Developer ID in the keychain; without it the signature
#                   names nobody, and other Macs warn
#   NOTARY_KEY, NOTARY_KEY_ID, NOTARY_ISSUER   the file of an App Store Connect
#                   key, its ID and who issued it; without them Apple isn't asked
#
# It keeps to what bash 3.2, which macOS has, knows.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "$(uname -s)" != Darwin ]; then
  echo "The disk image for macOS can only be made on a Mac: its compiler, its signing and its image tools are nowhere else." >&2
  exit 1
fi
for tool in go clang lipo sips iconutil plutil codesign hdiutil; do
  if ! command -v $tool >/dev/null; then
    echo "$tool is needed and wasn't found. Go comes from https://go.dev/dl/, the rest from Xcode or its command line tools." >&2
    exit 1
  fi
done
[ $# -gt 0 ] || exit 0
dist=$1

minimum=12.0 # what Go's own runtime wants
stage=build/bin/darwin
image=$stage/image
contents="$image/Kite Accounts.app/Contents"
rm -rf "$stage"
mkdir -p "$contents/MacOS" "$contents/Resources"

# build NAME PACKAGE FLAGS... makes a program for both kinds of Mac.
build() {
  local name=$1 package=$2 arch c
  shift 2
  for arch in amd64 arm64; do
    c=$arch
    [ $arch = arm64 ] || c=x86_64
    # shellcheck disable=SC2086 # GO_BUILD is a command with its flags
    GOOS=darwin GOARCH=$arch CGO_ENABLED=1 CC="clang -arch $c" MACOSX_DEPLOYMENT_TARGET=$minimum \
      $GO_BUILD -buildmode=pie "$@" -ldflags "$STAMP_FLAGS -buildid=" -o "$stage/$name-$arch" "$package"
  done
  lipo -create -output "$contents/MacOS/$name" "$stage/$name-amd64" "$stage/$name-arm64"
}

icon() {
  local icons=$stage/icon.iconset size double
  mkdir -p "$icons"
  for size in 16 32 128 256 512; do
    double=$((2 * size))
    sips -z $size $size build/darwin/icon.png --out "$icons/icon_${size}x$size.png" >/dev/null
    sips -z $double $double build/darwin/icon.png --out "$icons/icon_${size}x$size@2x.png" >/dev/null
  done
  iconutil --convert icns --output "$contents/Resources/icon.icns" "$icons"
}

# sign FLAGS... FILE signs with the hardened runtime, which keeps debuggers and
# foreign libraries out. No entitlement takes any of that back: the web view's
# processes are Apple's own, and the programs need none.
sign() {
  if [ -n "${SIGN_IDENTITY:-}" ]; then
    codesign --force --options runtime --timestamp --sign "$SIGN_IDENTITY" "$@"
  else
    codesign --force --options runtime --sign - "$@"
  fi
}

build kite-accounts . -tags "$WINDOW_TAGS"
build kitectl ./cmd/kitectl
icon
number=${VERSION%%[+-]*} # bundles know numbers alone
sed "s/@NUMBER@/$number/; s/@MINIMUM@/$minimum/" build/darwin/Info.plist.in >"$contents/Info.plist"
plutil -lint -s "$contents/Info.plist"
cp LICENSE "$contents/Resources/LICENSE.txt"
cp "$dist/THIRD-PARTY-LICENSES.txt" "$dist/kite-accounts-$VERSION.cdx.json" "$contents/Resources/"

# From the inside out: the bundle's signature covers what is in it.
sign --identifier io.github.kiteaccounts.KiteAccounts.kitectl "$contents/MacOS/kitectl"
sign "$(dirname "$contents")"
codesign --verify --strict --deep "$(dirname "$contents")"

ln -s /Applications "$image/Applications"
dmg=$dist/kite-accounts-$VERSION-macos-universal.dmg
# On hosted Macs another program sometimes holds the image for a moment.
attempt=1
until hdiutil create -quiet -ov -volname "Kite Accounts" -srcfolder "$image" -fs HFS+ -format UDZO "$dmg"; do
  [ $attempt -lt 3 ] || exit 1
  attempt=$((attempt + 1))
  sleep 5
done
if [ -n "${SIGN_IDENTITY:-}" ]; then
  codesign --force --timestamp --sign "$SIGN_IDENTITY" "$dmg"
fi
if [ -n "${NOTARY_KEY:-}" ]; then
  xcrun notarytool submit "$dmg" --key "$NOTARY_KEY" --key-id "$NOTARY_KEY_ID" --issuer "$NOTARY_ISSUER" --wait
  # The submission ends well even if Apple refuses; then nothing can be stapled.
  xcrun stapler staple "$dmg"
fi
du -k "$dmg" | awk '{ print $2 ": " $1 " K" }'
