#!/usr/bin/env bash
# What is asked: holds every input against its shape, and says what kind of run this is and where the gate comes from.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/common.sh"

word='(status|checks|comment|labels|reviewers|sarif)'
shaped mode "$ASKED_MODE" 'auto|check|review|sweep'
shaped fail-on "$ASKED_FAIL_ON" '|error|warning|never'
shaped publish "$ASKED_PUBLISH" "|$word(,$word)*"
shaped shadow "$ASKED_SHADOW" 'true|false'
shaped cache "$ASKED_CACHE" 'true|false'
shaped sha256 "$ASKED_SHA256" '|[0-9a-f]{64}'
shaped base "$ASKED_BASE" '|[0-9a-f]{40}|[0-9a-f]{64}'
shaped head "$ASKED_HEAD" '|[0-9a-f]{40}|[0-9a-f]{64}'
shaped account "$ASKED_ACCOUNT" '|[A-Za-z0-9_-]+(\[bot\])?'
shaped forge-timeout "$ASKED_FORGE_TIMEOUT" '|[1-9][0-9]{0,3}'

mode="$ASKED_MODE"
if [ "$mode" = auto ]; then
  case "$GITHUB_EVENT_NAME" in
    pull_request | pull_request_target | merge_group | push) mode=check ;;
    pull_request_review | workflow_run) mode=review ;;
    schedule | workflow_dispatch) mode=sweep ;;
    *) stop 2 "this event is about no change; set the input 'mode', or use an event of docs/github.md" ;;
  esac
fi
if [ "$mode" != check ] && [ -n "$ASKED_BASE$ASKED_HEAD$ASKED_IMPORTS$ASKED_FAIL_ON" ]; then
  stop 2 "the inputs 'base', 'head', 'imports' and 'fail-on' belong to the mode 'check'"
fi

case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  Windows-X64) target=x86_64-pc-windows-msvc ;;
  *) target=none ;;
esac

# A line of `digests` is: version, target, SHA-256 of the archive, address.
baked="$(awk -v target="$target" '!/^#/ && NF == 4 && $2 == target' "$here/digests")"
if [ -n "$ASKED_BINARY" ]; then
  how=given
elif [ -n "$baked" ]; then
  how=release
else
  how=source
fi

# A cache can be written by whoever runs code in any job of the repository, under any name. So an entry is named by the
# digest of the gate that it must hold, and none is asked for where that is not known.
key=none
restore=false
if [ "$how" = source ]; then
  key="portcullis-$target-$(bash "$here/source-digest.sh" "$here/..")"
  if [ "$ASKED_CACHE" = true ] && [ -n "$ASKED_SHA256" ]; then
    restore=true
  fi
fi

output mode "$mode"
output how "$how"
output target "$target"
output key "$key"
output restore "$restore"
