//! The files of a specification that is begun: small, commented, valid.

use std::collections::BTreeMap;

use crate::commands::init::survey::Survey;
use crate::specification::export::demand::scalar;

/// Returns the text of each file by its path in the folder of the specification.
pub(super) fn files(survey: &Survey, folder: &str) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("README.md", readme(folder)),
        ("decisions/0001-write-down-what-must-hold.md", decision(survey)),
        ("invariants/architecture.yaml", invariants(survey)),
        ("portcullis-spec.yaml", manifest(survey)),
        ("systems.yaml", systems(survey)),
        ("teams.yaml", teams(survey)),
    ])
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| scalar(text)).collect::<Vec<_>>().join(", "))
}

fn owner(survey: &Survey) -> &str {
    survey.teams.first().map_or("maintainers", |team| team.id.as_str())
}

fn manifest(survey: &Survey) -> String {
    format!(
        "# Name and release of this specification. `portcullis schema spec` describes every key of every file.\n\
         schema: 1\nname: {}\nversion: 0.1.0\ndefaults:\n  waiver-max-days: 60        # no exception lasts longer\n  \
         unknown-agent: review      # what an AI agent without a contract in agents/ meets: allow, review or deny\n",
        scalar(&format!("{}-spec", survey.system))
    )
}

fn teams(survey: &Survey) -> String {
    let mut text = String::from(
        "# Who answers for what. Handles as on the forge, never names or mail addresses.\n\
         # `approves`: 2 is the review of a team, 3 that of the architecture; somebody must approve 3.\nteams:\n",
    );
    let row = |id: &str, handles: &[String], approves: &str, note: &str| {
        let id = scalar(id);
        format!("  - id: {id}\n    title: {id}\n    handles: {}{note}\n    approves: {approves}\n", list(handles))
    };
    let note = if survey.teams_known { "" } else { "                # such as \"@org/team\"" };
    if let Some(first) = survey.teams.first() {
        text.push_str(&row(&first.id, &first.handles, "[2, 3]", note));
    }
    if survey.teams.len() > 1 {
        text.push_str("  # Also named in CODEOWNERS; a team belongs here once it owns something.\n");
    }
    for team in survey.teams.iter().skip(1) {
        let lines = row(&team.id, &team.handles, "[2]", "");
        text.extend(lines.lines().map(|line| format!("  # {}\n", line.strip_prefix("  ").unwrap_or(line))));
    }
    text
}

fn systems(survey: &Survey) -> String {
    let mut text = format!(
        "# Systems and their modules: globs from the root of the repository. `*` stays within a folder, `**` crosses them.\n\
         systems:\n  - id: {}\n    owner: {}\n    languages: {}\n",
        scalar(&survey.system),
        scalar(owner(survey)),
        list(&survey.languages)
    );
    if survey.modules.is_empty() {
        text.push_str("    modules: {}                # such as {api: \"src/api/**\", store: \"src/store/**\"}\n");
        return text;
    }
    text.push_str("    modules:\n");
    for (module, glob) in &survey.modules {
        text.push_str(&format!("      {}: {}\n", scalar(module), scalar(glob)));
    }
    text.push_str(&apart(survey));
    text
}

/// What CODEOWNERS gives to others, as systems to switch on.
fn apart(survey: &Survey) -> String {
    if survey.apart.is_empty() {
        return String::new();
    }
    let folders = survey.apart.iter().map(|(module, (_, folder))| format!("{}: {}", scalar(module), scalar(folder)));
    let folders = folders.collect::<Vec<_>>().join(", ");
    let mut text = format!(
        "  # CODEOWNERS gives these folders to other teams, and the owner of a system is asked in their place. Make them systems\n  \
         # of their own (their modules come out of the list above, their teams into teams.yaml), and say in .portcullis.yaml\n  \
         # where each is: system: {{{}: ., {folders}}}\n",
        scalar(&survey.system)
    );
    for (module, (team, _)) in &survey.apart {
        text.push_str(&format!("  # - {{id: {}, owner: {}}}\n", scalar(module), scalar(team)));
    }
    text
}

fn invariants(survey: &Survey) -> String {
    let (title, rationale, enforce) = if survey.modules.len() > 1 {
        (
            "No import cycles between modules",
            "Modules that import each other cannot be understood, tested or moved alone.",
            "      acyclic: {between: modules}\n".to_owned(),
        )
    } else {
        (
            "No conflict marker is left behind",
            "A file with one does not do what either side meant.",
            "      pattern: {regex: \"(?m)^<{7} \"}\n    examples:\n      fail: [\"<<<<<<< HEAD\"]\n      \
             pass: [\"a << b\"]\n"
                .to_owned(),
        )
    };
    format!(
        "# What must hold. Ids are never used again; a rule that is over gets `status: retired`.\n\
         # status: draft (not run), observe (recorded, shown to nobody), advisory (shown), enforced (blocks).\n\
         # layer: the review asked for when the rule fires: 1 none, 2 the owner's team, 3 the architecture.\n\
         rules:\n  - id: INV-ARCH-001\n    title: {title}\n    status: observe            # change to advisory when it \
         finds what it should, then to enforced\n    severity: error\n    layer: 2\n    owner: {}\n    \
         decision: ADR-0001\n    rationale: {rationale}\n    scope: {{systems: [{}]}}\n    enforce:\n{enforce}",
        scalar(owner(survey)),
        scalar(&survey.system)
    )
}

fn decision(survey: &Survey) -> String {
    format!(
        "---\nid: ADR-0001\nstatus: accepted\ndecision-makers: [{}]\nenforced-by: [INV-ARCH-001]\n---\n\
         # What must hold is written down and checked\n\n## Context\n\nRules that live in heads and review comments are \
         forgotten, and tools that write code never knew them.\n\n## Decision\n\nEach rule is a row in `invariants/` with its \
         reason and its owner, and the pull request is held against it.\n\n## Consequences\n\nA change of a rule is a change \
         like any other: reviewed, and judged by the rules that held before it.\n",
        scalar(owner(survey))
    )
}

fn readme(folder: &str) -> String {
    format!(
        "# What must hold here\n\nThe specification of this repository, enforced at the pull request by `portcullis check`.\n\n\
         | file | holds |\n|---|---|\n| `portcullis-spec.yaml` | name, release, defaults |\n| `teams.yaml` | teams, handles, \
         what they may approve |\n| `systems.yaml` | systems and their modules |\n| `invariants/*.yaml` | rules |\n\
         | `prohibited/*.yaml` | patterns that must not come in, each with what to do `instead` |\n\
         | `contracts/<name>/` | interfaces between teams |\n| `agents/*.yaml` | what AI agents may do |\n\
         | `prompts/*.prompt.md` | prompts that agents work from |\n| `decisions/NNNN-*.md` | why |\n\
         | `waivers/*.yaml` | exceptions with an end |\n| `policies/*.rego` | rules that need a program, with `_test.rego` beside \
         them |\n| `tests/<RULE-ID>/` | little repositories that must `fail` or `pass` |\n\n```sh\n\
         portcullis spec lint {folder}      # is it right?\nportcullis spec test {folder}      # do its rules do what they say?\n\
         portcullis check --trust worktree --worktree   # what would it say about my work?\n\
         portcullis explain INV-ARCH-001\n```\n"
    )
}
