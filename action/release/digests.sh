#!/usr/bin/env bash
# Prints the lines of `action/digests` for the archives of a folder: version, target, SHA-256, address.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/../common.sh"

folder="$1"
version="$2"
where="$3"
shaped version "$version" '[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.]+)?'
shaped address "$where" '(https|file)://[A-Za-z0-9._:/-]+'
count=0
for archive in "$folder/portcullis-$version-"*.tar.gz; do
  [ -f "$archive" ] || stop 4 'there is no archive of this version'
  name="${archive##*/}"
  target="${name#"portcullis-$version-"}"
  target="${target%.tar.gz}"
  shaped target "$target" '[a-z0-9_]+(-[a-z0-9_]+){2,3}'
  printf '%s %s %s %s\n' "$version" "$target" "$(digest_of "$archive")" "$where/$name"
  count=$((count + 1))
done
[ "$count" -gt 0 ]
