#!/usr/bin/env bash
# The verdict. The gate's exit code and its document must say the same; whatever else happens is no verdict and blocks.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/common.sh"

# What stands here is all that the steps after this one see, should this one be killed.
output verdict undecided
folder="$(mktemp -d "$RUNNER_TEMP/portcullis-XXXXXX")"
document="$folder/verdict.json"

arguments=("$MODE" --repo "$ASKED_FOLDER")
if [ "$MODE" != sweep ]; then
  arguments+=(--review status --report "json=$document" --report "markdown=$folder/verdict.md"
    --report "sarif=$folder/verdict.sarif")
fi
if [ "$MODE" = check ]; then
  [ -z "$ASKED_BASE" ] || arguments+=("--base=$ASKED_BASE")
  [ -z "$ASKED_HEAD" ] || arguments+=("--head=$ASKED_HEAD")
  [ -z "$ASKED_FAIL_ON" ] || arguments+=("--fail-on=$ASKED_FAIL_ON")
  while IFS= read -r import; do
    [ -z "$import" ] || arguments+=("--import=$import")
  done <<<"$ASKED_IMPORTS"
fi
[ -z "$ASKED_PUBLISH" ] || arguments+=("--publish=$ASKED_PUBLISH")
[ -z "$ASKED_API_URL" ] || arguments+=("--forge-url=$ASKED_API_URL")
[ -z "$ASKED_FORGE_TIMEOUT" ] || arguments+=("--forge-timeout=$ASKED_FORGE_TIMEOUT")

export GITHUB_TOKEN="$ASKED_TOKEN"
[ -z "$ASKED_ORG_TOKEN" ] || export PORTCULLIS_ORG_TOKEN="$ASKED_ORG_TOKEN"
[ -z "$ASKED_ACCOUNT" ] || export PORTCULLIS_ACCOUNT="$ASKED_ACCOUNT"
[ -z "$ASKED_CA_FILE" ] || export PORTCULLIS_CA_FILE="$ASKED_CA_FILE"
unset ASKED_TOKEN ASKED_ORG_TOKEN PORTCULLIS_TOKEN

code=0
"$BINARY" "${arguments[@]}" || code=$?
output exit-code "$code"

said=''
if [ -f "$document" ]; then
  said="$(sed -n 's/^  "verdict": "\([a-z]*\)",$/\1/p' "$document" | head -n 1)"
fi
verdict=''
case "$MODE,$code,$said" in
  sweep,0,) verdict=pass ;;
  sweep,4,) verdict=undecided ;;
  *,0,pass | *,1,fail | *,4,undecided | *,3,review) verdict="$said" ;;
  # People are awaited, and the status says so: the job need not.
  *,0,review) [[ ",$ASKED_PUBLISH," == *,status,* ]] && verdict=review ;;
  # There was no change to write about, or nobody who would tell; the log says why.
  *,4, | *,3,) verdict=undecided ;;
esac
if [ "$code" -eq 2 ]; then
  stop 2 'the configuration of the base branch, or an input, is wrong; the lines above say where'
fi
if [ -z "$verdict" ]; then
  stop 4 "the gate ended with $code and no verdict that fits; that is never a pass"
fi

output verdict "$verdict"
if [ -f "$document" ]; then
  output report-json "$document"
  output report-markdown "$folder/verdict.md"
  output report-sarif "$folder/verdict.sarif"
  # The document stands one key a line, and no text in it has a line end of its own.
  awk -f "$here/outputs.awk" "$document" >>"$GITHUB_OUTPUT"
fi

if [ "$ASKED_SHADOW" = true ]; then
  [ "$code" -eq 0 ] || notice "the verdict is $verdict; this job is green because the input \`shadow\` says so"
  exit 0
fi
[ "$code" -ne 0 ] || exit 0
case "$verdict" in
  fail) exit 1 ;;
  review) exit 3 ;;
  *) exit 4 ;;
esac
