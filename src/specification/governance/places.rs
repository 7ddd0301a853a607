//! Which paths are governed.
//!
//! Owns the table of places. Compares without case: on many file systems `.GITHUB/workflows` is `.github/workflows`.

use super::{Kind, Settings};

/// Files that CI systems start from, at the root.
const CI_FILES: &[&str] = &[
    ".appveyor.yml",
    ".cirrus.yml",
    ".drone.yml",
    ".gitlab-ci.yml",
    ".travis.yml",
    ".woodpecker.yml",
    "appveyor.yml",
    "azure-pipelines.yaml",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "cloudbuild.yaml",
    "jenkinsfile",
];

/// Folders that CI systems read.
const CI_FOLDERS: &[&str] = &[
    ".azure-pipelines/",
    ".buildkite/",
    ".circleci/",
    ".forgejo/workflows/",
    ".gitea/workflows/",
    ".github/actions/",
    ".github/workflows/",
    ".gitlab/ci/",
    ".woodpecker/",
];

/// Where forges look for owners.
const OWNERS: &[&str] = &[".github/codeowners", ".gitlab/codeowners", "codeowners", "docs/codeowners"];

/// Names of files that coding agents obey, wherever they stand.
const AGENT_FILES: &[&str] = &[
    ".aiderrules",
    ".clinerules",
    ".continuerules",
    ".cursorrules",
    ".goosehints",
    ".mcp.json",
    ".roorules",
    ".rules",
    ".windsurfrules",
    "agent.md",
    "agents.md",
    "agents.override.md",
    "claude.local.md",
    "claude.md",
    "copilot-instructions.md",
    "gemini.md",
    "skill.md",
    "warp.md",
];

/// Folders whose files coding agents obey, wherever they stand.
const AGENT_FOLDERS: &[&str] = &[
    ".agents/",
    ".amazonq/",
    ".augment/",
    ".claude/",
    ".clinerules/",
    ".codex/",
    ".continue/",
    ".cursor/",
    ".gemini/",
    ".github/agents/",
    ".github/chatmodes/",
    ".github/instructions/",
    ".github/prompts/",
    ".junie/",
    ".kiro/",
    ".opencode/",
    ".roo/",
    ".windsurf/",
];

/// Returns what a path is, when it is governed.
#[must_use]
pub fn is_governed(path: &str, settings: &Settings) -> Option<Kind> {
    let lower = path.to_lowercase();
    let name = lower.rsplit_once('/').map_or(lower.as_str(), |(_, name)| name);
    if lower == ".portcullis.yaml" {
        return Some(Kind::Configuration);
    }
    if lower == "portcullis.lock" {
        return Some(Kind::Lock);
    }
    if lower == settings.baseline.to_lowercase() {
        return Some(Kind::Baseline);
    }
    if settings.policies.iter().any(|folder| within(&lower, folder)) {
        return Some(Kind::Policy);
    }
    if within(&lower, &settings.specification) {
        return Some(in_specification(&lower, name));
    }
    if name == ".gitattributes" {
        return Some(Kind::Attributes);
    }
    if lower == ".gitmodules" {
        return Some(Kind::Submodules);
    }
    if OWNERS.contains(&lower.as_str()) {
        return Some(Kind::Codeowners);
    }
    if CI_FILES.contains(&lower.as_str())
        || lower.starts_with("jenkinsfile.")
        || CI_FOLDERS.iter().any(|folder| in_the_way(&lower, folder))
    {
        return Some(Kind::Workflow);
    }
    is_agents(&lower, name).then_some(Kind::AgentInstructions)
}

/// Says whether a path stands in a folder, or in its place or above it: a link there brings in the whole folder.
fn in_the_way(lower: &str, folder: &str) -> bool {
    let path = format!("{lower}/");
    lower.starts_with(folder) || folder.starts_with(&path)
}

fn is_agents(lower: &str, name: &str) -> bool {
    let anchored = format!("/{lower}/");
    AGENT_FILES.contains(&name)
        || name.starts_with(".aider")
        || AGENT_FOLDERS.iter().any(|folder| anchored.contains(&format!("/{folder}")))
}

/// Says whether a path in lower case is a folder or stands below it; the root holds everything.
fn within(lower: &str, folder: &str) -> bool {
    let folder = folder.trim_start_matches("./").trim_end_matches('/').to_lowercase();
    folder.is_empty()
        || folder == "."
        || lower.strip_prefix(&folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn in_specification(lower: &str, name: &str) -> Kind {
    if name.starts_with("waivers.") || lower.contains("/waivers/") {
        Kind::Waiver
    } else if name.starts_with("baseline.") {
        Kind::Baseline
    } else if name.ends_with(".rego") {
        Kind::Policy
    } else {
        Kind::Specification
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::settings;
    use super::*;

    #[test]
    fn every_governed_place_is_known() {
        let settings = settings();
        for (path, kind) in [
            (".portcullis.yaml", Kind::Configuration),
            ("policies/size/files.rego", Kind::Policy),
            ("policies/limits.json", Kind::Policy),
            (".portcullis/invariants/a.yaml", Kind::Specification),
            (".portcullis/waivers/a.yaml", Kind::Waiver),
            (".portcullis/waivers.yaml", Kind::Waiver),
            (".portcullis/baseline.json", Kind::Baseline),
            ("portcullis.lock", Kind::Lock),
            (".github/workflows/ci.yml", Kind::Workflow),
            (".GITHUB/Workflows/ci.yml", Kind::Workflow),
            (".github/actions/gate/action.yml", Kind::Workflow),
            (".gitlab-ci.yml", Kind::Workflow),
            ("Jenkinsfile", Kind::Workflow),
            (".circleci/config.yml", Kind::Workflow),
            ("CODEOWNERS", Kind::Codeowners),
            (".github/CODEOWNERS", Kind::Codeowners),
            ("AGENTS.md", Kind::AgentInstructions),
            ("services/cart/Claude.md", Kind::AgentInstructions),
            (".github", Kind::Workflow),
            (".github/workflows", Kind::Workflow),
            (".claude", Kind::AgentInstructions),
            (".cursor/rules/a.mdc", Kind::AgentInstructions),
            ("web/.cursor/rules/a.mdc", Kind::AgentInstructions),
            (".github/copilot-instructions.md", Kind::AgentInstructions),
            (".aider.conf.yml", Kind::AgentInstructions),
            ("src/.gitattributes", Kind::Attributes),
            (".gitmodules", Kind::Submodules),
        ] {
            assert_eq!(is_governed(path, &settings), Some(kind), "{path}");
        }
    }

    #[test]
    fn near_misses_are_not_governed() {
        for path in [
            "src/portcullis.yaml",
            "policies2/a.rego",
            "src/policies/a.rego",
            "docs/agents.html",
            "src/workflows/ci.yml",
            ".github/ISSUE_TEMPLATE/a.md",
            "src/codeowners/a.rs",
            "vendor/.gitmodules.txt",
            "agents/AGENT.rs",
        ] {
            assert_eq!(is_governed(path, &settings()), None, "{path}");
        }
    }
}
