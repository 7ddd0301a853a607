#!/usr/bin/env bash
# Prints one digest over everything that the gate is built from: lock file, manifest, sources, packs, fixtures.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/common.sh"
cd "$1"

export LC_ALL=C
{
  digest_of Cargo.lock
  find Cargo.toml src policies fixtures examples docs -type f -print | sort
  find Cargo.toml src policies fixtures examples docs -type f -print0 | sort -z | xargs -0 cat
} | digest_of
