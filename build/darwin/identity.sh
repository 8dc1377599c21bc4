#!/usr/bin/env bash
# identity.sh FOLDER puts what signs and notarises into FOLDER, on a hosted Mac
# that is thrown away after the job, and prints what bundle.sh wants to know of
# it: lines for its environment. In the environment:
#
#   SIGNING_PEM   a Developer ID's certificate, its private key, without a
#                 passphrase, and Apple's certificate that issued it (Developer
#                 ID - G2), which not every Mac has, as PEM; nothing is signed in
#                 a name if it is empty
#   NOTARY_P8     an App Store Connect key; Apple isn't asked if it is empty
#
# Secrets go through files that only this user reads: arguments are seen by all.
set -euo pipefail
umask 077
mkdir -p "$1"
folder=$(cd "$1" && pwd)

if [ -n "${SIGNING_PEM:-}" ]; then
  keychain=$folder/signing.keychain-db
  printf '%s\n' "$SIGNING_PEM" >"$folder/identity.pem"
  # The keychain needs no password of its own: it lives as long as the file.
  security create-keychain -p '' "$keychain"
  security set-keychain-settings "$keychain" # never locks
  security import "$folder/identity.pem" -k "$keychain" -f pemseq -t agg -T /usr/bin/codesign >/dev/null
  rm "$folder/identity.pem"
  security set-key-partition-list -S apple-tool:,apple: -s -k '' "$keychain" >/dev/null
  security list-keychains -d user -s "$keychain" login.keychain-db
  identity=$(security find-identity -v -p codesigning "$keychain" | awk '$1 == "1)" { print $2 }')
  if [ -z "$identity" ]; then
    echo "SIGNING_PEM has no identity that may sign programs, or lacks the certificate of who issued it." >&2
    exit 1
  fi
  echo "SIGN_IDENTITY=$identity"
fi
if [ -n "${NOTARY_P8:-}" ]; then
  printf '%s\n' "$NOTARY_P8" >"$folder/notary.p8"
  echo "NOTARY_KEY=$folder/notary.p8"
fi
