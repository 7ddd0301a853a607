//! The CI job that runs the gate: for GitHub Actions a workflow, for GitLab a file to include.
//!
//! Owns their text. There is no release to download, so the gate is built from its source, beside the repository and
//! never inside it.

use super::found::{Ci, Found};
use super::written::NewFile;
use crate::cli::init::GateSource;

/// Where the workflow of GitHub goes.
pub(super) const WORKFLOW: &str = ".github/workflows/portcullis.yml";
/// Where the file that GitLab includes goes.
pub(super) const INCLUDED: &str = ".gitlab/portcullis.yml";
/// What GitLab reads first.
pub(super) const GITLAB_CI: &str = ".gitlab-ci.yml";
/// The line that is added by hand where that file is there.
pub(super) const INCLUDE: &str = "include: [{local: .gitlab/portcullis.yml}]";
/// The words that stand where nobody said which source is meant.
pub(super) const UNNAMED: (&str, &str) = ("YOUR-ORG/portcullis", "PORTCULLIS-COMMIT");

/// Returns the files of one CI system.
pub(super) fn files(ci: Ci, found: &Found, gate: Option<&GateSource>) -> Vec<NewFile> {
    match ci {
        Ci::GitHub => vec![NewFile::new(WORKFLOW, filled(WORKFLOW_TEXT, gate, ""))],
        Ci::GitLab => {
            let usual = "https://gitlab.example.com/";
            let text = filled(INCLUDED_TEXT, gate, usual).replace("{stage}", stage(&found.stages));
            let mut files = vec![NewFile::new(INCLUDED, text)];
            if !found.has_gitlab_ci {
                files.push(NewFile::new(GITLAB_CI, format!("{INCLUDE}\n")));
            }
            files
        }
    }
}

/// The stage `test` is there unless other stages are named.
fn stage(stages: &[String]) -> &str {
    let plain = |name: &&String| name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    match stages.iter().find(|name| *name == "test").or_else(|| stages.iter().find(plain)) {
        Some(name) => name,
        None => "test",
    }
}

fn filled(text: &str, gate: Option<&GateSource>, before: &str) -> String {
    let (place, commit) = match gate {
        Some(gate) => (gate.place.clone(), gate.commit.as_str()),
        None => (format!("{before}{}", UNNAMED.0), UNNAMED.1),
    };
    let note = if gate.is_some() { "" } else { "   # replace: your copy, and the full commit id that you looked at" };
    text.replace("{note}", note).replace("{place}", &place).replace("{commit}", commit)
}

const WORKFLOW_TEXT: &str = r#"# The gate at the pull request. Its rules are read from the base branch; nothing of the request is run.
name: portcullis
on:
  pull_request:
    types: [opened, synchronize, reopened, edited, labeled, unlabeled, ready_for_review, converted_to_draft]
# All that it needs: to read the commits, who approved, and whether the target branch was changed since.
permissions:
  contents: read
  issues: read
  pull-requests: read
concurrency:
  group: portcullis-${{ github.event.pull_request.number }}
  cancel-in-progress: true
jobs:
  policy:
    name: portcullis policy
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    steps:
      # The whole history, because the merge base must be there; and no token left behind for others.
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8   # v5.0.0
        with:
          path: repo
          fetch-depth: 0
          persist-credentials: false
      # There is no release to download yet: the gate is built from source. It lies beside the repository, never inside
      # it, so that no file of the request takes part in the build. Put it into your runner image to save these minutes.
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8   # v5.0.0
        with:
          path: gate
          repository: {place}
          ref: {commit}{note}
          persist-credentials: false
      - name: Build the gate
        working-directory: gate
        run: cargo build --release --locked
      # `--review report`: people who are awaited are named, and the job stays green; docs/forges.md has the workflow in
      # which a status waits for them. While you try it out, `--exit-zero` makes every verdict green.
      - name: Decide
        working-directory: repo
        env:
          GITHUB_TOKEN: ${{ github.token }}
        run: ../gate/target/release/portcullis check --review report
"#;

const INCLUDED_TEXT: &str = r#"# The gate at the merge request. Its rules are read from the target branch; nothing of the request is run.
# It runs once .gitlab-ci.yml holds this line:
#   include: [{local: .gitlab/portcullis.yml}]
portcullis:
  stage: {stage}
  image: rust:1.90-bookworm      # pin it by digest
  needs: []
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    # The whole history, because the merge base must be there.
    GIT_DEPTH: "0"
    PORTCULLIS_SOURCE: {place}
    PORTCULLIS_COMMIT: {commit}{note}
  before_script:
    # There is no release to download yet: the gate is built from source. It lies beside the project, never inside it, so
    # that no file of the request takes part in the build. Put it into an image of your own to save these minutes.
    - git clone --no-checkout "$PORTCULLIS_SOURCE" /tmp/gate
    - git -C /tmp/gate checkout --detach "$PORTCULLIS_COMMIT"
    - (cd /tmp/gate && cargo build --release --locked)
  script:
    # `--review report`: people who are awaited are named, and the job stays green; docs/forges.md has the schedule that
    # waits for them. While you try it out, `--exit-zero` makes every verdict green.
    - /tmp/gate/target/release/portcullis check --review report --report gitlab=gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"#;
