//! Each key of a contract, with a change that breaks it and one that does not.

use std::collections::BTreeMap;

use super::{Contracted, Terms, judge};
use crate::change::{Person, Trailer};
use crate::completeness::Completeness;
use crate::configuration::Configuration;
use crate::finding::Severity;
use crate::policies::input::{CommitEntry, FileEntry, GovernanceChange, GovernanceEffect, InputDocument};
use crate::provenance::{Class, Confidence, Evidence, MarkKind, Strength};
use crate::review::sample;
use crate::review::state::{ForgeFacts, PullState};
use crate::specification::Specification;
use crate::specification::agent::{Agent, AgentLimits, AgentPaths, Identities};
use crate::specification::hosted::HostedSystem;
use crate::specification::manifest::UnknownAgent;
use crate::specification::prompt::Prompt;
use crate::specification::system::System;

fn agent() -> Agent {
    Agent {
        id: "bot".to_owned(),
        owner: "platform".to_owned(),
        phase: 2,
        identities: Identities {
            authors: vec!["bot[bot]".to_owned()],
            emails: Vec::new(),
            trailers: BTreeMap::from([("Assisted-by".to_owned(), "bot".to_owned())]),
        },
        systems: vec!["orders".to_owned()],
        paths: AgentPaths {
            allow: vec!["src/**".to_owned(), "tests/**".to_owned()],
            deny: vec!["**/migrations/**".to_owned()],
        },
        limits: AgentLimits { files: Some(2), lines: Some(10), open_changes: None },
        min_layer: 2,
        review_by: "2027-01-31".to_owned(),
        file: "agents/bot.yaml".to_owned(),
        line: 1,
        ..Agent::default()
    }
}

/// A change by the agent, and what it is held against.
struct Scene {
    specification: Specification,
    input: InputDocument,
    hosted: Vec<HostedSystem>,
    as_of: &'static str,
    forge: ForgeFacts,
}

impl Scene {
    fn new(change: impl FnOnce(&mut Agent), paths: &[&str]) -> Self {
        let mut specification = Specification::default();
        let mut contract = agent();
        change(&mut contract);
        specification.agents.insert("bot".to_owned(), contract);
        for (id, owner) in [("orders", "orders-team"), ("web", "web-team")] {
            let system = System { id: id.to_owned(), owner: owner.to_owned(), ..System::default() };
            specification.systems.insert(id.to_owned(), system);
        }
        let prompt = Prompt {
            id: "PROMPT-A".to_owned(),
            version: "1.2.0".to_owned(),
            status: "approved".to_owned(),
            ..Prompt::default()
        };
        specification.prompts.insert("PROMPT-A".to_owned(), prompt);
        let mut input = InputDocument::nothing(Completeness::default());
        input.change.commits = vec![commit("bot[bot]", &[])];
        input.files = paths.iter().map(|path| file(path, path)).collect();
        input.change.totals.files = u32::try_from(paths.len()).unwrap();
        let hosted = [("orders", ""), ("web", "web")];
        let hosted = hosted.map(|(id, root)| HostedSystem { id: id.to_owned(), root: root.to_owned() });
        Self { specification, input, hosted: hosted.to_vec(), as_of: "2026-11-01", forge: ForgeFacts::Local }
    }

    fn said(&self) -> Contracted {
        let classifier = Configuration::default().classifier();
        let terms = Terms {
            specification: &self.specification,
            hosted: &self.hosted,
            classifier: &classifier,
            as_of: self.as_of,
            forge: &self.forge,
        };
        judge(&self.input, &terms)
    }

    /// Returns rule and path of each finding that is an error.
    fn errors(&self) -> Vec<String> {
        let found = self.said().drafts.into_iter().map(|draft| draft.judged.finding);
        let errors = found.filter(|finding| finding.severity == Severity::Error);
        errors
            .map(|finding| {
                format!("{} {}", finding.rule, finding.path.map_or(String::new(), |path| path.raw().to_owned()))
            })
            .collect()
    }

    fn asked(&self) -> Vec<(u8, String, String)> {
        self.said()
            .requests
            .iter()
            .map(|one| (one.layer, one.team.raw().to_owned(), one.rule.as_str().to_owned()))
            .collect()
    }
}

fn commit(author: &str, trailers: &[(&str, &str)]) -> CommitEntry {
    let person = |name: &str| Person { name: name.to_owned(), email: "x@example.org".to_owned() };
    let trailer = |(key, value): &(&str, &str)| Trailer { key: (*key).to_owned(), value: (*value).to_owned() };
    CommitEntry {
        id: "c".to_owned(),
        author: person(author),
        committer: person("Jo"),
        subject: String::new(),
        body: String::new(),
        trailers: trailers.iter().map(trailer).collect(),
        evidence: Vec::new(),
    }
}

fn evidence(class: Class, model: &str) -> Evidence {
    Evidence {
        strength: class.strength(true),
        confidence: Confidence::High,
        class,
        kind: MarkKind::Trailer,
        source: "trailers".to_owned(),
        tool: "some-tool".into(),
        vendor: String::new(),
        model: model.into(),
        session: "".into(),
        human: "".into(),
        detail: "x".into(),
    }
}

fn file(path: &str, old_path: &str) -> FileEntry {
    FileEntry { old_path: old_path.to_owned(), ..sample::file(path) }
}

#[test]
fn a_change_within_its_contract_asks_the_owners_and_finds_nothing() {
    let scene = Scene::new(|_| {}, &["src/a.py"]);
    assert_eq!(scene.errors(), [""; 0]);
    assert_eq!(scene.asked(), [(2, "orders-team".to_owned(), "agents/min-layer".to_owned())]);
    assert_eq!(scene.said().agents, ["bot"]);
}

#[test]
fn a_change_that_names_no_agent_is_held_against_no_contract() {
    let mut scene = Scene::new(|_| {}, &["docs/a.py", "src/migrations/x.sql"]);
    scene.input.change.commits = vec![commit("Jo", &[])];
    assert_eq!(scene.said(), Contracted::default());
}

#[test]
fn a_trailer_is_enough_to_be_held_against_a_contract() {
    let mut scene = Scene::new(|_| {}, &["docs/a.py"]);
    scene.input.change.commits = vec![commit("Jo", &[]), commit("Jo", &[("Assisted-by", "bot")])];
    assert_eq!(scene.errors(), ["agents/paths docs/a.py"]);
}

#[test]
fn a_commit_that_names_no_agent_takes_no_file_out_of_the_contract() {
    let fixes = |commits: Vec<CommitEntry>| {
        let mut scene = Scene::new(|_| {}, &["docs/a.py"]);
        scene.input.change.commits = commits;
        let drafts = scene.said().drafts;
        drafts.iter().map(|draft| draft.judged.finding.fix.raw().to_owned()).collect::<Vec<_>>()
    };
    let bot = || commit("bot[bot]", &[]);
    let mixed = fixes(vec![bot(), commit("Jo", &[]), commit("Jo", &[("Fixup", "docs/a.py")])]);
    assert!(mixed.len() == 1 && mixed[0].contains("2 commits name no agent"), "{mixed:?}");
    let alone = fixes(vec![bot()]);
    assert!(alone.len() == 1 && !alone[0].contains("no agent"), "{alone:?}");
}

#[test]
fn denied_and_not_allowed_paths_fail_under_both_names_of_a_file() {
    let mut scene = Scene::new(|_| {}, &["src/db/migrations/1.py"]);
    assert_eq!(scene.errors(), ["agents/paths src/db/migrations/1.py"]);
    scene.input.files = vec![file("src/a.py", "proto/a.py")];
    assert_eq!(scene.errors(), ["agents/paths src/a.py"]);
    scene.input.files = vec![file("src/a.py", "tests/a.py")];
    assert_eq!(scene.errors(), [""; 0]);
}

#[test]
fn systems_are_those_of_the_contract_and_globs_count_from_their_root() {
    let scene = Scene::new(|_| {}, &["web/src/a.ts"]);
    assert_eq!(scene.errors(), ["agents/systems web/src/a.ts"]);
    let allowed = Scene::new(|agent| agent.systems.push("web".to_owned()), &["web/src/a.ts"]);
    assert_eq!(allowed.errors(), [""; 0]);
    assert_eq!(allowed.asked()[0].1, "web-team");
    let mut nowhere = Scene::new(|_| {}, &["src/a.ts"]);
    nowhere.hosted.retain(|system| system.id == "web");
    assert_eq!(nowhere.errors(), ["agents/systems src/a.ts"]);
}

#[test]
fn limits_hold_at_their_number_and_fail_above_it() {
    let mut scene = Scene::new(|_| {}, &["src/a.py", "src/b.py"]);
    (scene.input.change.totals.added, scene.input.change.totals.removed) = (4, 6);
    assert_eq!(scene.errors(), [""; 0]);
    scene.input.change.totals.removed = 7;
    scene.input.change.totals.files = 3;
    assert_eq!(scene.errors(), ["agents/limits ", "agents/limits "]);
}

#[test]
fn phase_one_is_tests_and_documents_that_govern_nothing() {
    let mut scene = Scene::new(
        |agent| (agent.phase, agent.paths.allow, agent.min_layer) = (1, Vec::new(), 1),
        &["tests/test_a.py", "README.md"],
    );
    assert_eq!((scene.errors(), scene.asked()), (Vec::new(), Vec::new()));
    scene.input.files = vec![file("tests/test_a.py", "src/a.py"), file("src/a.py", "src/a.py")];
    assert_eq!(scene.errors(), ["agents/phase tests/test_a.py", "agents/phase src/a.py"]);
    scene.input.files = vec![file("AGENTS.md", "AGENTS.md")];
    scene.input.governance.changed = vec![GovernanceChange {
        what: "agent-instructions".to_owned(),
        path: "AGENTS.md".to_owned(),
        loosens: false,
        why: "x".to_owned(),
        effect: GovernanceEffect::Unknown,
        owners: Vec::new(),
    }];
    assert_eq!(scene.errors(), ["agents/phase AGENTS.md"]);
}

#[test]
fn phases_two_and_three_ask_for_a_team_whatever_the_contract_says_and_four_does_not() {
    let asked = |phase: u8, layer: u8| {
        Scene::new(|agent| (agent.phase, agent.min_layer) = (phase, layer), &["src/a.py"]).asked()
    };
    assert_eq!(asked(2, 1), asked(2, 2));
    let both = asked(3, 1);
    assert!(both.iter().any(|(layer, team, rule)| *layer == 2 && team == "platform" && rule == "agents/oversight"));
    assert_eq!(both.len(), 2);
    assert_eq!(asked(4, 1), []);
    assert_eq!(asked(4, 3), [(3, String::new(), "agents/min-layer".to_owned())]);
}

#[test]
fn a_contract_holds_on_its_last_day_and_not_after() {
    let mut scene = Scene::new(|_| {}, &["src/a.py"]);
    scene.as_of = "2027-01-31";
    assert_eq!(scene.errors(), [""; 0]);
    scene.as_of = "2027-02-01";
    assert_eq!(scene.errors(), ["agents/review-by "]);
}

#[test]
fn a_model_outside_the_contract_fails_and_one_that_nobody_names_warns() {
    let restricted = |agent: &mut Agent| agent.models = vec!["vendor-x/large-4.*".to_owned()];
    let mut scene = Scene::new(restricted, &["src/a.py"]);
    scene.input.change.commits[0].evidence = vec![evidence(Class::Agent, "vendor-x/large-4.1")];
    assert_eq!(scene.said().drafts, []);
    scene.input.change.commits[0].evidence.push(evidence(Class::Agent, "vendor-y/small"));
    assert_eq!(scene.errors(), ["agents/models "]);
    scene.input.change.commits[0].evidence.clear();
    assert_eq!((scene.errors().len(), scene.said().drafts.len()), (0, 1));
}

#[test]
fn a_prompt_is_verified_by_id_version_and_approval() {
    let with = |reference: &str| {
        let mut scene = Scene::new(|agent| agent.prompts = vec!["PROMPT-A".to_owned()], &["src/a.py"]);
        scene.input.change.commits = vec![commit("bot[bot]", &[("Prompt", reference)])];
        scene
    };
    assert_eq!(with("PROMPT-A@1.2.0").said().drafts, []);
    for wrong in ["PROMPT-A@1.1.0", "PROMPT-A", "PROMPT-B@1.2.0", "PROMPT-A@1.2.0@2"] {
        assert_eq!(with(wrong).errors(), ["agents/prompts "], "{wrong}");
    }
    let mut retired = with("PROMPT-A@1.2.0");
    retired.specification.prompts.get_mut("PROMPT-A").unwrap().status = "retired".to_owned();
    assert_eq!(retired.errors().len(), 1);
    let mut other = with("PROMPT-A@1.2.0");
    other.specification.agents.get_mut("bot").unwrap().prompts = vec!["PROMPT-C".to_owned()];
    assert_eq!(other.errors().len(), 1);
}

#[test]
fn an_agent_without_a_contract_is_allowed_asked_about_or_refused() {
    let with = |word: UnknownAgent, class: Class| {
        let mut scene = Scene::new(|_| {}, &["docs/a.py"]);
        scene.specification.manifest.defaults.unknown_agent = word;
        scene.input.change.commits = vec![commit("Jo", &[])];
        scene.input.change.commits[0].evidence = vec![evidence(class, "")];
        (scene.errors(), scene.asked().len())
    };
    assert_eq!(with(UnknownAgent::Allow, Class::Agent), (Vec::new(), 0));
    assert_eq!(with(UnknownAgent::Review, Class::Agent), (Vec::new(), 1));
    assert_eq!(with(UnknownAgent::Deny, Class::Agent), (vec!["agents/unknown ".to_owned()], 0));
    for no_agent in [Class::Assist, Class::Declared, Class::Hint] {
        assert_eq!(with(UnknownAgent::Deny, no_agent), (Vec::new(), 0), "{no_agent:?}");
    }
    assert_eq!(Class::Hint.strength(true), Strength::Hint);
}

#[test]
fn open_changes_of_the_agent_are_counted_where_the_forge_says_them() {
    let scene = |login: &str, open_changes| {
        let contract = |agent: &mut Agent| {
            agent.limits.open_changes = Some(5);
            agent.may = vec!["open-change".to_owned()];
        };
        let mut scene = Scene::new(contract, &["src/a.py"]);
        scene.input.change.author.login = login.to_owned();
        scene.forge = ForgeFacts::Obtained(Box::new(PullState { open_changes, ..PullState::default() }));
        scene
    };
    assert_eq!(scene("bot[bot]", Some(6)).errors(), ["agents/open-changes "]);
    assert!(scene("bot[bot]", Some(5)).errors().is_empty());
    assert!(scene("ines", Some(50)).errors().is_empty(), "a person's open changes are no agent's");
    assert_eq!(scene("bot[bot]", None).said().reasons.len(), 1);
    let mut unasked = scene("bot[bot]", None);
    unasked.forge = ForgeFacts::NotObtained("no token".to_owned());
    let said = unasked.said();
    assert_eq!((said.reasons.len(), said.deferred.len()), (1, 0));
}

#[test]
fn what_only_the_forge_knows_waits_for_it() {
    let scene = Scene::new(|agent| agent.limits.open_changes = Some(5), &["src/a.py"]);
    assert_eq!(scene.said().deferred.len(), 1);
    let mut opened = Scene::new(|agent| agent.may = vec!["update-change".to_owned()], &["src/a.py"]);
    opened.input.change.commits.clear();
    opened.input.change.author.login = "Bot[bot]".to_owned();
    assert_eq!(opened.errors(), ["agents/may "]);
}
