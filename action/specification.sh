#!/usr/bin/env bash
# Fetches the specification that base pins, where it comes from another repository: exactly what the lock names, verified
# by the gate. What cannot be had is said, and left to the gate, which is then undecided.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/common.sh"

cd "$ASKED_FOLDER"
unset GITHUB_TOKEN PORTCULLIS_TOKEN PORTCULLIS_ORG_TOKEN
if [ -n "$ASKED_SPEC_TOKEN" ]; then
  # In a file that only this user reads, because the gate hands nothing else on to git.
  private="$(umask 077 && mktemp -d "$RUNNER_TEMP/portcullis-XXXXXX")"
  trap 'rm -rf "$private"' EXIT
  header="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$ASKED_SPEC_TOKEN" | base64 | tr -d '\n')"
  (
    umask 077
    printf '[include]\n\tpath = ~/.gitconfig\n[http "%s/"]\n\textraheader =\n\textraheader = %s\n' \
      "$GITHUB_SERVER_URL" "$header" >"$private/config"
  )
  export GIT_CONFIG_GLOBAL="$private/config"
fi
unset ASKED_SPEC_TOKEN

# Every lock that a change of this run may be judged with, each once.
pairs=()
seen=' '
consider() {
  local lock fork
  fork="$(git merge-base "$1" "$2" 2>/dev/null || true)"
  lock="$(git rev-parse --verify --quiet "$fork:portcullis.lock" 2>/dev/null || true)"
  if [ -z "$lock" ] || [[ "$seen" == *" $lock "* ]]; then return 0; fi
  seen="$seen$lock "
  pairs+=("$1 $2")
}

tips() { git for-each-ref --format='%(objectname)' "$@"; }

if [ -n "$BASE" ] && [ -n "$HEAD_COMMIT" ]; then
  consider "$BASE" "$HEAD_COMMIT"
else
  # Where the forge has yet to say what is compared: every branch as it is, and every head against the default branch.
  usual="$(git rev-parse --verify --quiet "refs/remotes/origin/${EVENT_BRANCH#refs/heads/}^{commit}" || true)"
  heads="$(tips refs/portcullis/pull/)"
  [ -z "$HEAD_COMMIT" ] || heads="$HEAD_COMMIT"
  while read -r commit; do
    [ -z "$commit" ] || consider "$commit" "$commit"
  done <<<"$(tips refs/remotes/origin/)"
  while read -r commit; do
    if [ -n "$commit" ] && [ -n "$usual" ]; then consider "$usual" "$commit"; fi
  done <<<"$heads"
fi
for pair in ${pairs[@]+"${pairs[@]:0:50}"}; do
  "$BINARY" spec fetch --base "${pair% *}" --head "${pair#* }" ||
    warning "the specification that the base branch pins cannot be fetched; where it needs a token, set 'spec-token'"
done
