#!/usr/bin/env bash
# The gate itself: the binary that was given, that of the release, that of the cache, or one built from this source.
# Nothing is run that has not the digest which was written down for it, except what was built here.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/common.sh"

source="$(cd "$here/.." && pwd)"
store="$RUNNER_TEMP/portcullis-cache"
suffix=''
[ "${RUNNER_OS:-}" = Windows ] && suffix='.exe'
built=false

is_right() { [ -f "$1" ] && [ "$(digest_of "$1")" = "$2" ]; }

given() {
  binary="$ASKED_BINARY"
  case "$binary" in
    /* | [A-Za-z]:*) ;;
    *) stop 2 "the input 'binary' is not an absolute path" ;;
  esac
  [ -x "$binary" ] || stop 4 "the file of the input 'binary' is not there, or cannot be run"
  if [ -n "$ASKED_SHA256" ] && ! is_right "$binary" "$ASKED_SHA256"; then
    stop 4 "the file of the input 'binary' has another SHA-256 than the input 'sha256' says"
  fi
}

release() {
  local version target digest address folder
  # shellcheck disable=SC2153  # the step's own variable
  read -r version target digest address < <(awk -v target="$TARGET" '!/^#/ && NF == 4 && $2 == target' "$here/digests")
  folder="$RUNNER_TEMP/portcullis-$version-$target"
  mkdir -p "$folder"
  curl --fail --silent --show-error --location --proto '=https,file' --proto-redir '=https' --retry 3 --output "$folder/archive" -- "$address" ||
    stop 4 'the release of portcullis cannot be downloaded'
  is_right "$folder/archive" "$digest" || stop 4 'the download is not the release that this action was made with'
  tar -xzf "$folder/archive" -C "$folder" "portcullis$suffix"
  binary="$folder/portcullis$suffix"
}

build() {
  binary="$store/portcullis$suffix"
  if [ "$RESTORE" = true ]; then
    if is_right "$binary" "$ASKED_SHA256"; then
      printf 'taken from the cache, with the digest that the input sha256 names\n'
      return
    fi
    notice "the cache does not hold the gate with the digest that the input 'sha256' names; it is built"
  fi
  command -v cargo >/dev/null 2>&1 ||
    stop 4 "there is no release for this runner, and no cargo to build the gate with; install Rust 1.90, or set 'binary'"
  # In the folder of the source, so that no settings of the repository under judgement take part.
  (cd "$source" && env -u CARGO_BUILD_TARGET -u CARGO_ENCODED_RUSTFLAGS -u CARGO_TARGET_DIR -u RUSTFLAGS -u RUSTC_WRAPPER \
    cargo build --release --locked --quiet --bin portcullis --target-dir "$RUNNER_TEMP/portcullis-build") ||
    stop 4 'the gate could not be built from its source'
  rm -rf "$store"
  mkdir -p "$store"
  cp "$RUNNER_TEMP/portcullis-build/release/portcullis$suffix" "$binary"
  built="$ASKED_CACHE"
}

case "$HOW" in
  given) given ;;
  release) release ;;
  source) build ;;
  *) stop 4 'the step before this one did not say where the gate comes from' ;;
esac

digest="$(digest_of "$binary")"
version="$("$binary" --version)" || stop 4 'the gate does not run on this machine'
printf '%s\nsha256 %s\n' "$version" "$digest"
if [ "$HOW" = source ] && [ "$built" = true ] && [ "$digest" != "$ASKED_SHA256" ]; then
  notice "built from source. To take it from the cache next time, set the input sha256: $digest"
fi
output binary "$binary"
output version "${version#portcullis }"
output sha256 "$digest"
output built "$built"
