#!/usr/bin/env bash
# Packs what a release publishes around the binaries of all targets, and compiles nothing: `dist`, and in `context.tar` what
# the container image is built from.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/../common.sh"
# shellcheck source=action/release/tools.sh
. "$here/tools.sh"
cd "$here/../.."

shaped version "$VERSION" '[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.]+)?'
grep -q -x -F "version = \"$VERSION\"" Cargo.toml || stop 2 'Cargo.toml has another version'
project="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"

# shellcheck disable=SC2119  # for this machine alone
install_rust
install_tools
count=0
for folder in binaries/*/; do
  target="${folder#binaries/}"
  target="${target%/}"
  for binary in "$folder"portcullis "$folder"portcullis.exe; do
    [ -f "$binary" ] || continue
    # The store of the workflow keeps no modes.
    chmod 755 "$binary"
    packaging/inspect "$target" "$binary"
    count=$((count + 1))
  done
done
[ "$count" -eq 7 ] || stop 4 "there are $count binaries, and 7 targets"

packaging/bundle binaries dist --run binaries/x86_64-unknown-linux-musl/portcullis --repository "$project"
packaging/image binaries context --repository "$project"
# In a file of its own, because it keeps the modes.
tar --sort=name --mtime='@0' --owner=0 --group=0 --numeric-owner -cf context.tar -C context .
