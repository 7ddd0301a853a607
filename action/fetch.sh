#!/usr/bin/env bash
# The commits of the change, as git objects and nothing else: no checkout, no hook, no submodule. What cannot be had is
# said here and left to the gate, which says `undecided` where it is needed.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/common.sh"

# A variable of this shell alone: no program that is started sees it.
token="$ASKED_GIT_TOKEN"
unset ASKED_GIT_TOKEN

cd "$ASKED_FOLDER" 2>/dev/null || stop 2 "the folder of the input 'working-directory' is not there"
git rev-parse --git-dir >/dev/null 2>&1 || stop 2 'there is no repository; put actions/checkout before this step'
url="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"
scheme="${GITHUB_SERVER_URL%%:*}"

# Settings of every call, and the credentials: in the environment, where no other user of the machine reads them. An empty
# header first takes back those that a checkout may have left, since two make a bad request.
export GIT_TERMINAL_PROMPT=0 GIT_ASKPASS='' SSH_ASKPASS='' GIT_ALLOW_PROTOCOL="$scheme" GIT_NO_LAZY_FETCH=1
settings=(core.hooksPath=/dev/null core.fsmonitor=false credential.helper= submodule.recurse=false fetch.recurseSubmodules=false
  fetch.fsckObjects=false maintenance.auto=false gc.auto=0 protocol.version=2)
GIT_CONFIG_COUNT=0
configure() {
  export "GIT_CONFIG_KEY_$GIT_CONFIG_COUNT=$1" "GIT_CONFIG_VALUE_$GIT_CONFIG_COUNT=$2"
  GIT_CONFIG_COUNT=$((GIT_CONFIG_COUNT + 1))
  export GIT_CONFIG_COUNT
}
for setting in "${settings[@]}"; do
  configure "${setting%%=*}" "${setting#*=}"
done
if [ -n "$token" ]; then
  configure "http.$GITHUB_SERVER_URL/.extraheader" ''
  configure "http.$GITHUB_SERVER_URL/.extraheader" \
    "AUTHORIZATION: basic $(printf 'x-access-token:%s' "$token" | base64 | tr -d '\n')"
fi

# A partial clone knows what it lacks by the name of its remote. Any other remote than that of this run is not asked.
remote="$url"
origin="$(git config --get remote.origin.url || true)"
if [ "${origin%.git}" = "$url" ]; then
  remote=origin
fi

get() { git fetch --quiet --no-tags --no-recurse-submodules --no-write-fetch-head "$@"; }

has() { git cat-file -e "$1^{commit}" 2>/dev/null; }

shallow() { [ "$(git rev-parse --is-shallow-repository)" = true ]; }

partial() { git config --get-regexp '^remote\..*\.(promisor|partialclonefilter)$' >/dev/null 2>&1; }

# Says whether the merge base is found, and is the right one: none of the commits that only one side has is one at which
# the history was cut. Else a better one may lie behind the cut, and the gate says `undecided` (src/change/ancestry.rs).
joined() {
  local cut
  git merge-base "$1" "$2" >/dev/null 2>&1 || return 1
  shallow || return 0
  cut="$(git rev-list "$1...$2" | grep -c -x -F -f "$(git rev-parse --git-path shallow)" || true)"
  [ "$cut" -eq 0 ]
}

# Deepens a clone until two commits are joined.
join_up() {
  local depth
  has "$1" && has "$2" || return 0
  for depth in 256 2048; do
    if joined "$1" "$2"; then return 0; fi
    get --depth="$depth" "$remote" "$1" "$2" || break
  done
  if joined "$1" "$2"; then return 0; fi
  whole
}

# Brings the whole history.
whole() {
  if shallow; then
    get --unshallow "$remote" || warning 'the whole history cannot be fetched'
  fi
}

# Brings the files of these commits where the clone was made without them.
complete() {
  local round missing
  partial || return 0
  for round in 1 2 3 4 5 6; do
    missing="$(git rev-list --objects --no-walk --missing=print "$@" | sed -n 's/^?//p')"
    [ -n "$missing" ] || return 0
    printf '%s\n' "$missing" | get --filter=blob:none --stdin "$remote" || break
  done
  warning "files of the change are missing from this partial clone after $round tries"
}

base="${ASKED_BASE:-$EVENT_BASE}"
head="${ASKED_HEAD:-$EVENT_HEAD}"
number="$EVENT_NUMBER"
branch="${EVENT_BRANCH#refs/heads/}"
if [[ "$EVENT_QUEUE" =~ /pr-([0-9]+)-[0-9a-f]+$ ]]; then
  number="${BASH_REMATCH[1]}"
fi
for id in "$base" "$head"; do
  [ -z "$id" ] || is_id "$id" || stop 4 'the event names a commit that is no full id'
done
[[ "$number" =~ ^[0-9]*$ ]] || stop 4 'the event names a request that is no number'
[ -z "$branch" ] || git check-ref-format "refs/heads/$branch" || stop 4 'the event names a branch that is none'
if is_null "$base"; then base=''; fi
if is_null "$head"; then head=''; fi

references=()
if [ "$MODE" = sweep ]; then
  references+=('+refs/pull/*/head:refs/portcullis/pull/*' '+refs/heads/*:refs/remotes/origin/*')
elif [ -n "$number" ]; then
  references+=("+refs/pull/$number/head:refs/portcullis/pull/$number")
  [ -z "$branch" ] || references+=("+refs/heads/$branch:refs/remotes/origin/$branch")
elif [ "$MODE" = review ]; then
  # Which request the commit belongs to, and so which branch it wants into, is the forge's to say.
  references+=('+refs/heads/*:refs/remotes/origin/*')
elif [ -n "$branch" ]; then
  references+=("+refs/heads/$branch:refs/remotes/origin/$branch")
fi

every=false
if [ "$MODE" = sweep ] || { [ "$MODE" = review ] && [ -z "$number" ]; }; then every=true; fi
near=()
if shallow; then
  if [ "$every" = true ]; then whole; else near=(--depth=32); fi
fi
if [ "${#references[@]}" -gt 0 ]; then
  get ${near[@]+"${near[@]}"} "$remote" "${references[@]}" || warning 'the branches of the change cannot be fetched'
fi
# The request may have another head by now, and the branch another tip: what the event names is judged.
for id in "$base" "$head"; do
  if [ -n "$id" ] && ! has "$id"; then
    get ${near[@]+"${near[@]}"} "$remote" "$id" || warning "the commit $id cannot be fetched"
  fi
done

if [ "$every" = true ]; then
  # Which commits are compared is not known here.
  if partial; then stop 4 "this run needs a clone with all files: leave 'filter' out of actions/checkout"; fi
  exit 0
fi
tip=''
if [ -n "$branch" ]; then tip="$(git rev-parse --verify --quiet "refs/remotes/origin/$branch^{commit}" || true)"; fi
asked=''
if [ -n "$number" ]; then asked="$(git rev-parse --verify --quiet "refs/portcullis/pull/$number^{commit}" || true)"; fi
whom=("${base:-$tip}")
[ -z "$tip" ] || whom+=("$tip")
looked_at=()
for one in "${whom[@]}"; do
  for other in "$head" "$asked"; do
    if [ -z "$one" ] || [ -z "$other" ]; then continue; fi
    if ! has "$one" || ! has "$other"; then continue; fi
    join_up "$one" "$other"
    looked_at+=("$one" "$other")
    fork="$(git merge-base --all "$one" "$other" || true)"
    while read -r id; do
      [ -z "$id" ] || looked_at+=("$id")
    done <<<"$fork"
  done
done
if [ "${#looked_at[@]}" -gt 0 ]; then
  complete "${looked_at[@]}"
fi
output base "$base"
output head "$head"
