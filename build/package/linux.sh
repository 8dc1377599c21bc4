#!/usr/bin/env bash
# linux.sh makes the .deb, the .rpm and the .tar.gz in build/dist from the
# programs in build/bin and the licences in build/dist. VERSION and
# SOURCE_DATE_EPOCH must be set; from the same programs the same bytes come.
set -euo pipefail
cd "$(dirname "$0")/../.."

export MAINTAINER='Kite Accounts maintainers <kiteaccounts@users.noreply.github.com>'
id=io.github.kiteaccounts.KiteAccounts
dist=build/dist
licences=$dist/THIRD-PARTY-LICENSES.txt
stages=build/bin/stage # a folder for each format, and what all have in common
day=$(date --utc --date="@$SOURCE_DATE_EPOCH" +%Y-%m-%d)
umask 022
export LC_ALL=C.UTF-8

# put FILE TARGET; put - TARGET takes what is piped in.
put() { install -D --mode=644 "${1/#-//dev/stdin}" "$2"; }
packed() { gzip --no-name --best; }
notes() { go run -buildvcs=false ./build/package/notes "$@"; }
changelog() { notes -changelog "$1" -version "$VERSION" -date "$SOURCE_DATE_EPOCH" -maintainer "$MAINTAINER"; }

common() {
  local usr=$stages/common/usr size drawing state
  local share=$usr/share icons=$usr/share/icons/hicolor
  install -D --mode=755 --target-directory="$usr/bin" build/bin/kite-accounts build/bin/kitectl
  put build/linux/$id.desktop "$share/applications/$id.desktop"
  notes -metainfo build/linux/$id.metainfo.xml.in | put - "$share/metainfo/$id.metainfo.xml"
  for size in 16 22 24 32 48 64 96 128 256 512; do
    drawing=build/icon.svg
    [ "$size" -ge 48 ] || drawing=build/linux/icons/small.svg
    rsvg-convert --width "$size" --height "$size" "$drawing" | put - "$icons/${size}x$size/apps/$id.png"
  done
  put build/icon.svg "$icons/scalable/apps/$id.svg"
  put build/linux/icons/app-symbolic.svg "$icons/symbolic/apps/$id-symbolic.svg"
  for state in ready soon login; do
    put "build/linux/icons/$state-symbolic.svg" "$icons/symbolic/apps/$id-$state-symbolic.svg"
  done
  # kitectl dates its page by the day on which it prints it.
  build/bin/kitectl man | sed "1s/\"[0-9-]\{10\}\"/\"$day\"/" | packed | put - "$share/man/man1/kitectl.1.gz"
  sed "s/@DATE@/$day/; s/@VERSION@/$VERSION/" build/linux/kite-accounts.1.in | packed |
    put - "$share/man/man1/kite-accounts.1.gz"
  build/bin/kitectl completion bash | put - "$share/bash-completion/completions/kitectl"
  build/bin/kitectl completion fish | put - "$share/fish/vendor_completions.d/kitectl.fish"
  # zsh loads the file at the first Tab, which wants an answer as well.
  {
    echo '#compdef kitectl'
    build/bin/kitectl completion zsh
    echo '_bash_complete -o bashdefault -o default -C kitectl'
  } | put - "$share/zsh/site-functions/_kitectl"
}

deb() {
  local usr=$stages/deb/usr
  local doc=$usr/share/doc/kite-accounts
  echo deb | put - "$usr/lib/kite-accounts/packaged-as"
  put build/linux/copyright "$doc/copyright"
  packed <$licences | put - "$doc/THIRD-PARTY-LICENSES.txt.gz"
  changelog deb | packed | put - "$doc/changelog.gz"
  put build/linux/lintian-overrides "$usr/share/lintian/overrides/kite-accounts"
  mv "$usr/share/zsh/site-functions" "$usr/share/zsh/vendor-completions" # Debian's place
}

rpm() {
  local usr=$stages/rpm/usr
  local terms=$usr/share/licenses/kite-accounts
  echo rpm | put - "$usr/lib/kite-accounts/packaged-as"
  put LICENSE "$terms/LICENSE"
  put $licences "$terms/THIRD-PARTY-LICENSES.txt"
  changelog rpm >$stages/changelog.yaml
}

# The top folder has the shape of /usr, and nothing says that it is packaged.
tarball() {
  local name=kite-accounts-$VERSION-linux-amd64
  mv $stages/tarball/usr "$stages/tarball/$name"
  put LICENSE "$stages/tarball/$name/LICENSE"
  put $licences "$stages/tarball/$name/share/doc/kite-accounts/THIRD-PARTY-LICENSES.txt" # goes where share goes
  put build/linux/INSTALL "$stages/tarball/$name/INSTALL"
  put README.md "$stages/tarball/$name/README.md"
  tar --create --directory $stages/tarball --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
    "$name" | packed >"$dist/$name.tar.gz"
}

rm -rf $stages
mkdir -p $dist
rm -f $dist/*.deb $dist/*.rpm $dist/*-linux-amd64.tar.gz # of other versions too
common
for format in deb rpm tarball; do
  cp -r --preserve=mode $stages/common $stages/$format
  $format
done

# The oldest C library that has all that the programs call.
GLIBC=$(objdump --dynamic-syms build/bin/kite-accounts build/bin/kitectl | grep -o 'GLIBC_[0-9.]*' | sort --version-sort | tail -1)
export GLIBC=${GLIBC#GLIBC_}
for format in deb rpm; do
  {
    [ $format = deb ] || echo "changelog: $stages/changelog.yaml" # the .deb has its own
    cat build/package/nfpm.yaml
    find $stages/$format -type f -printf '  - { src: "%p", dst: "/%P" }\n' | sort
  } | build/quietly.sh .tools/bin/nfpm package --config - --packager $format --target $dist
done

# nfpm's own compressor sees too little at a time to notice how much of kitectl
# is in kite-accounts: the package would be twice as large.
cd $stages
ar x ../../../$dist/*.deb debian-binary control.tar.gz
ar p ../../../$dist/*.deb data.tar | xz --threads=1 -9 >data.tar.xz
ar rcD package.deb debian-binary control.tar.gz data.tar.xz
mv package.deb ../../../$dist/*.deb
