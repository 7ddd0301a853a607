//! A first `.portcullis.yaml`: what fits the repository is on, every other key stands behind a `#` with what holds without it.
//!
//! Owns its text. Must not write anything that the reader of the configuration would refuse.

use super::conftest::Existing;
use super::found::Found;
use super::paths::Counted;
use crate::specification::export::demand::scalar;
use crate::specification::source::DEFAULT_FOLDER;

/// Column at which comments stand.
const COMMENT: usize = 34;

/// Returns the text; `own` is the folder of the repository's own policies, where there is one.
pub(super) fn text(found: &Found, own: Option<&str>) -> String {
    let parts = [
        HEAD.to_owned(),
        packs(found),
        policies(found, own),
        RULES.to_owned(),
        paths(found, own),
        GATING.to_owned(),
        intent(found),
        LIMITS.to_owned(),
    ];
    parts.join("\n")
}

const HEAD: &str = "\
# What this repository asks of the gate. It is read from the base branch, so that no change can switch off what judges it:
# a change of this file counts from the next one on. Every key is here; what stands behind `#` is what holds without it.
# `portcullis schema config` describes the keys for editors; `portcullis check --trust worktree --worktree` tries an edit.
version: 1
";

const RULES: &str = "\
# Rules of packs, one by one: severity (error, warning, info) and status. A status is how far a rule has been rolled out:
# draft (not run), observe (recorded), advisory (shown), enforced (blocks), retired. `portcullis explain RULE` says why a
# rule is there, `portcullis replay` how often it would have fired. Rules of your own say it in their METADATA.
# rules:
#   size/too-many-files: {status: observe}
";

const GATING: &str = "\
# From which severity on a finding fails a change: error, warning, or never.
# fail-on: error

# Lines of which no commit says how they were made: rules for AI-assisted code hold for them (ai), or do not (human).
# provenance: {unknown: ai}

# Results of other tools that `check --import sarif=FILE` reads: a tool's findings are advisory unless it is named here, and
# what is required is undecided where it is missing. See docs/imports.md.
# imports:
#   tools: {semgrep: enforced}
#   required: [{tool: semgrep, paths: [\"**/*.py\"]}]
";

const LIMITS: &str = "\
# Budgets. What goes over one is undecided, with the reason; it is never skipped. `portcullis schema config` lists all.
# limits: {file-bytes: 5000000}
";

fn packs(found: &Found) -> String {
    let code = !found.survey.languages.is_empty();
    let people = if found.instructions.is_empty() {
        "a person reads every line that was made with AI".to_owned()
    } else {
        format!("a person reads every line that was made with AI ({} is here)", found.instructions.join(", "))
    };
    let rows = [
        (true, "hidden-code", "characters that a reader cannot see, or that read otherwise than they run"),
        (true, "secrets", "tokens and private keys on new lines and in messages of commits"),
        (code, "dangerous-calls", "shell with interpolation, SQL from strings, TLS checks off, weak hashes, ..."),
        (true, "workflows", "CI files: unpinned actions and images, wide permissions, strangers' words in scripts"),
        (true, "governance", "changes to the gate's rules, CI, owners, agent instructions: who must look"),
        (true, "review", "how deep the review must be: shared code, several teams, new edges"),
        (true, "size", "too much at once, and where to split; shown, never blocks"),
        (
            true,
            "dependencies",
            "new packages, odd sources, look-alike names, install scripts, licences; shown, never blocks",
        ),
        (code, "error-handling", "errors that nobody sees; shown, never blocks"),
        (code, "ai-hygiene", "placeholders, weaker tests, twins, unknown names; shown, never blocks"),
        (code, "tests", "exported code that changes without its tests; shown, never blocks"),
        (code, "docs", "new exports without a description where the others have one; shown, never blocks"),
        (
            found.ci.is_some(),
            "coordination",
            "other open changes that touch the same; asks the forge; shown, never blocks",
        ),
        (false, "human-review", people.as_str()),
    ];
    let mut text =
        "# Built-in packs. Without this key all but coordination and human-review run, those of later versions too.\npacks:\n"
            .to_owned();
    for (on, name, why) in rows {
        text.push_str(&row(if on { "  - " } else { "  # - " }, name, why));
    }
    text
}

fn row(before: &str, value: &str, comment: &str) -> String {
    format!("{:COMMENT$}  # {comment}\n", format!("{before}{value}"))
}

fn policies(found: &Found, own: Option<&str>) -> String {
    let mut text = "\
# Policies of this repository: Rego, with tests and cases beside them. `portcullis policy new NAME` writes one more.
"
    .to_owned();
    let runs = found.conftest.iter().any(|existing| existing.fault.is_none());
    text.push_str(if own.is_some() || runs { "policies:\n" } else { "# policies: [policies]\n" });
    if let Some(own) = own {
        text.push_str(&format!("  - {}\n", scalar(own)));
    }
    for existing in &found.conftest {
        text.push_str(&entry(existing));
    }
    text
}

/// An entry at scope `document`; one that would not run stands behind `#`, because it would leave every change undecided.
fn entry(existing: &Existing) -> String {
    let Existing { folder, fault } = existing;
    let mut lines = vec![format!("- path: {}", scalar(&folder.path)), "  scope: document".to_owned()];
    if !folder.namespaces.is_empty() {
        let names: Vec<String> = folder.namespaces.iter().map(|name| scalar(name)).collect();
        lines.push(format!("  namespaces: [{}]", names.join(", ")));
    }
    if folder.v0 {
        lines.push("  rego: v0".to_owned());
    }
    let (before, mark) = match fault {
        None => (
            "  # Conftest policies that were here: they look at changed YAML, JSON, TOML, HCL, Dockerfiles, ... See docs/conftest.md.\n".to_owned(),
            "  ",
        ),
        Some((_, count)) => (
            format!(
                "  # Conftest policies that were here and do not run yet ({}): `portcullis policy import {}` says why.\n",
                crate::commands::page::counted(*count, "fault"),
                folder.path
            ),
            "  # ",
        ),
    };
    lines.iter().fold(before, |text, line| format!("{text}{mark}{line}\n"))
}

fn paths(found: &Found, own: Option<&str>) -> String {
    let classes = &found.classes;
    let mut text = "\
# Globs: `*` stays within a folder, `**` crosses them. In generated and vendored files only hidden-code, secrets, governance
# and workflows are looked at, so keep these lists narrow; in tests dangerous-calls only warns. The usual names of tests
# (tests/, *_test.go, test_*.py, *.spec.ts, *Test.java, ...) are known without this.
"
    .to_owned();
    let lists = [
        ("generated", &classes.generated, "[\"**/*.pb.go\"]"),
        ("vendored", &classes.vendored, "[\"third_party/**\"]"),
        ("test", &classes.test, "[\"e2e/**\"]"),
    ];
    // Cases hold on purpose what a policy forbids.
    let own: Vec<String> = own
        .map(|own| ["*/cases/**", "**/*_test.rego"].map(|glob| format!("{own}/{glob}")))
        .into_iter()
        .flatten()
        .collect();
    let any = lists.iter().any(|(_, found, _)| !found.is_empty()) || !own.is_empty();
    text.push_str(if any { "paths:\n" } else { "# paths:\n" });
    for (name, globs, sample) in lists {
        let own = if name == "test" { own.as_slice() } else { &[] };
        if globs.is_empty() && own.is_empty() {
            text.push_str(&format!("{}{name}: {sample}\n", if any { "  # " } else { "#   " }));
            continue;
        }
        text.push_str(&format!("  {name}:\n"));
        for Counted { glob, files } in globs {
            let files = crate::commands::page::counted(*files, "file");
            text.push_str(&row("    - ", &serde_json::Value::from(glob.as_str()).to_string(), &files));
        }
        for glob in own {
            text.push_str(&row("    - ", &serde_json::Value::from(glob.as_str()).to_string(), "of your policies"));
        }
    }
    text
}

fn intent(found: &Found) -> String {
    let mut text = "\
# The specification: what must hold here, who answers for it, and why. `portcullis init --spec` begins one.
"
    .to_owned();
    if let Some(decisions) = &found.decisions {
        text.push_str(&format!(
            "# Its rules can cite decisions; those that are here ({}) are in {}.\n",
            decisions.count, decisions.folder
        ));
    }
    match &found.specification {
        Some((folder, systems)) => {
            let folder = if folder.is_empty() { "." } else { folder };
            let system = match systems.as_slice() {
                [one] => format!("system: {}\n", scalar(one)),
                _ => match systems.iter().find(|system| **system == found.survey.system) {
                    Some(own) => format!("system: {}\n", scalar(own)),
                    None => format!("# system: NAME         # which of them this repository is: {}\n", systems.join(", ")),
                },
            };
            text.push_str(&format!("spec: {{path: {}}}\n{system}", scalar(folder)));
        }
        None => text.push_str(&format!(
            "# spec: {{path: {DEFAULT_FOLDER}}}\n# Which of its systems this repository is; not needed where it has only one.\n\
             # system: {}\n",
            scalar(&found.survey.system)
        )),
    }
    text.push_str(&format!(
        "# Findings that were there before their rule; `portcullis spec baseline --init` writes it, and it only shrinks.\n\
         # baseline: {DEFAULT_FOLDER}/baseline.json\n"
    ));
    text
}
