#!/usr/bin/env bash
# Builds one target and packs it: `release/portcullis-VERSION-TARGET.tar.gz`, with nothing in it that differs from run to run.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/../common.sh"
cd "$here/../.."

shaped target "$TARGET" '[a-z0-9_]+(-[a-z0-9_]+){2,3}'
shaped version "$VERSION" '[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.]+)?'
grep -q -x -F "version = \"$VERSION\"" Cargo.toml || stop 2 'Cargo.toml has another version'

case "$TARGET" in
  *-linux-musl)
    sudo apt-get update -qq
    sudo apt-get install -y -qq --no-install-recommends musl-tools
    ;;
esac
rustup target add "$TARGET"
cargo build --profile dist --locked --bin portcullis --target "$TARGET"

suffix=''
case "$TARGET" in *-windows-*) suffix=.exe ;; esac
built="target/$TARGET/dist/portcullis$suffix"
"./$built" --version
"./$built" demo >/dev/null

mkdir -p release/pack
cp "$built" LICENSE-APACHE LICENSE-MIT README.md release/pack/
archive="release/portcullis-$VERSION-$TARGET.tar.gz"
# GNU and BSD tar name these options differently.
if tar --version | grep -q GNU; then
  options=(--mtime=@0 --owner=0 --group=0 --numeric-owner)
else
  options=(--uid 0 --gid 0)
fi
tar "${options[@]}" -cf - -C release/pack "portcullis$suffix" LICENSE-APACHE LICENSE-MIT README.md | gzip -n >"$archive"
rm -r release/pack
digest_of "$archive"
