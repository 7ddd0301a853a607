#!/usr/bin/env bash
# Makes the release commit, its tag, and a draft with everything in `dist`. A person publishes the draft.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=action/common.sh
. "$here/../common.sh"
cd "$here/../.."

shaped version "$VERSION" '[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.]+)?'
count="$(find dist -maxdepth 1 -name "portcullis-$VERSION-*.tar.gz" | wc -l)"
[ "$count" -eq 7 ] || stop 4 "there are $count archives, and 7 targets"
(cd dist && sha256sum --check --strict --quiet SHA256SUMS) || stop 4 'what arrived is not what was packed'

lines="$(bash action/release/digests.sh dist "$VERSION" \
  "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/releases/download/v$VERSION")"
comments="$(grep '^#' action/digests)"
printf '%s\n' "$comments" "$lines" >action/digests

git config user.name 'portcullis release'
git config user.email 'release@portcullis.invalid'
git add action/digests
git commit --quiet -m "Release $VERSION"
git tag "v$VERSION"

token="$GH_TOKEN"
export GIT_CONFIG_COUNT=1
export GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader"
GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$token" | base64 | tr -d '\n')"
export GIT_CONFIG_VALUE_0
# The tag alone: the branch moves by its own rules.
git push --quiet "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" "refs/tags/v$VERSION"
gh release create "v$VERSION" --repo "$GITHUB_REPOSITORY" --draft --verify-tag --title "$VERSION" \
  --notes "The archives stand by their digests in action/digests; attestations: gh attestation verify." \
  dist/portcullis-"$VERSION"-*.tar.gz dist/*.whl dist/*.cdx.json dist/portcullis.rb dist/SHA256SUMS
