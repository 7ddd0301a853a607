#!/usr/bin/env bash
# Builds one target as packaging/build does, and runs the result: `binaries/TARGET/portcullis`.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/../common.sh"
# shellcheck source=action/release/tools.sh
. "$here/tools.sh"
cd "$here/../.."

shaped target "$TARGET" '[a-z0-9_]+(-[a-z0-9_]+){2,3}'
shaped version "$VERSION" '[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.]+)?'
grep -q -x -F "version = \"$VERSION\"" Cargo.toml || stop 2 'Cargo.toml has another version'

install_rust --target "$TARGET"
case "$TARGET" in *-linux-*) install_tools ;; esac
packaging/build "$TARGET" binaries

suffix=''
case "$TARGET" in *-windows-*) suffix=.exe ;; esac
"binaries/$TARGET/portcullis$suffix" --version
"binaries/$TARGET/portcullis$suffix" demo >/dev/null
digest_of "binaries/$TARGET/portcullis$suffix"
