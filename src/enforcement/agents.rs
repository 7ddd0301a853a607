//! Contracts of agents -> findings and requests for review, once a change names an agent.
//!
//! Owns what each key of a contract demands. Not a kind of `enforce`: a contract holds for a maker, not for a place.
//!
//! **Whose change it is.** A change belongs to every agent that one of its commits, or the author of the pull request,
//! names by an identity. A mark can be forged, so it only ever asks for more. A commit without a mark is unknown and no
//! person's: the whole change is held against the contract (`docs/decisions/0006`).
//!
//! **Phases.** 1, tests and documents: every file, by both its names, is a test or prose that governs nothing. 2,
//! features with review: at least a team's review, of the owners of what changes. 3, exploration with oversight: as 2,
//! and the team that answers for the agent looks as well. 4, within constraints: what the contract says, no more.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobSet;

use super::waivers::rule_id;
use crate::change::Commit;
use crate::completeness::Reason;
use crate::configuration::Classifier;
use crate::diagnostic::shortened;
use crate::finding::draft::{Draft, Judged};
use crate::finding::{Finding, Position, RuleId, Severity, Source, SourceKind, Status};
use crate::policies::input::{CommitEntry, FileClass, FileEntry, InputDocument};
use crate::provenance::{AgentIdentity, Class, agents_of};
use crate::review::ReviewRequest;
use crate::review::state::ForgeFacts;
use crate::specification::Specification;
use crate::specification::agent::Agent;
use crate::specification::hosted::{HostedSystem, globs};
use crate::specification::manifest::UnknownAgent;
use crate::untrusted::Untrusted;

/// What contracts say about a change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contracted {
    /// Findings without their fingerprints yet.
    pub drafts: Vec<Draft>,
    /// Requests for review, sorted.
    pub requests: Vec<ReviewRequest>,
    /// What only the forge knows: rule, and why it waits; sorted.
    pub deferred: Vec<(RuleId, String)>,
    /// The agents that the change names, sorted.
    pub agents: Vec<String>,
    /// What could not be judged.
    pub reasons: Vec<Reason>,
}

/// What a change is held against.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// The specification of the trusted side.
    pub specification: &'a Specification,
    /// The systems that this repository holds.
    pub hosted: &'a [HostedSystem],
    /// Classes of files by base configuration.
    pub classifier: &'a Classifier,
    /// The only date, `YYYY-MM-DD`.
    pub as_of: &'a str,
    /// What the forge said.
    pub forge: &'a ForgeFacts,
}

/// Holds a change against the contracts of the agents that it names.
#[must_use]
pub fn judge(input: &InputDocument, terms: &Terms<'_>) -> Contracted {
    let mut said = Contracted::default();
    let identities: Vec<AgentIdentity> = terms.specification.agents.values().map(identity).collect();
    let mut commits: BTreeMap<String, Vec<&CommitEntry>> = BTreeMap::new();
    let mut unknown: Option<&CommitEntry> = None;
    for commit in &input.change.commits {
        let named = agents_of(&plain(commit), &identities);
        let by_agent = |commit: &CommitEntry| {
            commit.evidence.iter().any(|one| one.decides() && matches!(one.class, Class::Agent | Class::Session))
        };
        if named.is_empty() && by_agent(commit) {
            unknown = unknown.or(Some(commit));
        }
        for id in named {
            commits.entry(id).or_default().push(commit);
        }
    }
    for agent in terms.specification.agents.values().filter(|agent| opened(agent, input)) {
        commits.entry(agent.id.clone()).or_default();
    }
    for (id, commits) in &commits {
        if let Some(agent) = terms.specification.agents.get(id) {
            Contract { agent, commits, input, terms }.hold(&mut said);
        }
    }
    if let Some(commit) = unknown {
        without_contract(commit, terms, &mut said);
    }
    said.requests.sort();
    said.requests.dedup();
    said.deferred.sort();
    said.agents = commits.into_keys().collect();
    said
}

/// Says whether a commit of the change, or who opened it, is an agent with a contract.
///
/// Its lines were not made by a person, even where its commits carry no mark that the catalogue of tools knows.
pub(super) fn names_an_agent(specification: &Specification, input: &InputDocument) -> bool {
    let identities: Vec<AgentIdentity> = specification.agents.values().map(identity).collect();
    input.change.commits.iter().any(|commit| !agents_of(&plain(commit), &identities).is_empty())
        || specification.agents.values().any(|agent| opened(agent, input))
}

fn identity(agent: &Agent) -> AgentIdentity {
    let identities = agent.identities.clone();
    AgentIdentity {
        id: agent.id.clone(),
        authors: identities.authors,
        emails: identities.emails,
        trailers: identities.trailers,
    }
}

fn plain(commit: &CommitEntry) -> Commit {
    Commit {
        id: commit.id.clone(),
        author: commit.author.clone(),
        committer: commit.committer.clone(),
        subject: commit.subject.clone(),
        body: commit.body.clone(),
        trailers: commit.trailers.clone(),
    }
}

/// Says whether the agent opened the pull request; nothing is known of that where the forge was not asked.
fn opened(agent: &Agent, input: &InputDocument) -> bool {
    let login = input.change.author.login.as_str();
    !login.is_empty() && agent.identities.authors.iter().any(|author| author.eq_ignore_ascii_case(login))
}

/// Judges the work of an agent that has no contract.
fn without_contract(commit: &CommitEntry, terms: &Terms<'_>, said: &mut Contracted) {
    let tool = commit.evidence.iter().find(|one| one.decides()).map(|one| one.tool.raw().to_owned());
    let tool = tool.filter(|tool| !tool.is_empty()).map_or_else(String::new, |tool| format!(" ({})", shortened(&tool)));
    let why = format!("an AI agent{tool} made commits of this change, and has no contract in the specification");
    let rule = rule_id("agents", "unknown");
    match terms.specification.manifest.defaults.unknown_agent {
        UnknownAgent::Allow => {}
        UnknownAgent::Review => said.requests.push(ReviewRequest {
            rule,
            reason: Untrusted::new(why),
            layer: 2,
            team: Untrusted::default(),
            count: 1,
            certified: String::new(),
            paths: Vec::new(),
            record: false,
        }),
        UnknownAgent::Deny => {
            let fix = "Have a contract written under `agents/`, or make the change without the agent.";
            let place = ("portcullis-spec.yaml", 1);
            said.drafts.push(draft(rule, place, "", "", ("", why, fix, Severity::Error)));
        }
    }
}

/// One agent's contract and the change.
struct Contract<'a> {
    agent: &'a Agent,
    commits: &'a [&'a CommitEntry],
    input: &'a InputDocument,
    terms: &'a Terms<'a>,
}

impl Contract<'_> {
    fn hold(&self, said: &mut Contracted) {
        self.review_by(said);
        self.files(said);
        self.limits(said);
        self.models(said);
        self.prompts(said);
        self.forge(said);
        self.reviews(said);
    }

    fn find(&self, said: &mut Contracted, name: &str, path: &str, why: String, fix: &str, severity: Severity) {
        let message = format!("{} {why}", shortened(&self.agent.id));
        let place = (self.agent.file.as_str(), self.agent.line);
        let what = (self.agent.id.as_str(), message, fix, severity);
        said.drafts.push(draft(rule_id("agents", name), place, &self.agent.owner, path, what));
    }

    /// Says beside a remedy why commits count that do not name the agent.
    fn way_out(&self, fix: &str) -> String {
        let others = self.input.change.commits.len().saturating_sub(self.commits.len());
        if others == 0 {
            return fix.to_owned();
        }
        let commits = if others == 1 { "One commit names".to_owned() } else { format!("{others} commits name") };
        format!("{fix} {commits} no agent; that shows no person either, so the whole change is held to the contract.")
    }

    /// Dates of the one checked spelling compare as text; the last day is included.
    fn review_by(&self, said: &mut Contracted) {
        let end = &self.agent.review_by;
        if !end.is_empty() && self.terms.as_of > end.as_str() {
            let why = format!("works under a contract that ended on {}", shortened(end));
            self.find(
                said,
                "review-by",
                "",
                why,
                "Renew the contract, or make the change without the agent.",
                Severity::Error,
            );
        }
    }

    fn files(&self, said: &mut Contracted) {
        let compiled = (globs(&self.agent.paths.allow), globs(&self.agent.paths.deny));
        let (Ok(allow), Ok(deny)) = compiled else {
            let why = "has paths in its contract that cannot be read".to_owned();
            return self.find(said, "paths", "", why, "Mend the globs of the contract.", Severity::Error);
        };
        let governed: BTreeSet<&str> =
            self.input.governance.changed.iter().map(|change| change.path.as_str()).collect();
        for file in &self.input.files {
            // What left a path was the agent's doing as much as what came to one.
            let names: BTreeSet<&str> = [file.path.as_str(), file.old_path.as_str()].into();
            let first = |wrong: &dyn Fn(&str) -> Option<String>| names.iter().find_map(|path| wrong(path));
            let fix = self.way_out("Leave the file as it is, or have a person make this part in a change of its own.");
            // Globs count from the root of a system that is the agent's; elsewhere they say nothing more.
            if let Some(why) = first(&|path| self.foreign(path)) {
                self.find(said, "systems", &file.path, why, &fix, Severity::Error);
            } else if let Some(why) = first(&|path| self.outside(path, &allow, &deny)) {
                self.find(said, "paths", &file.path, why, &fix, Severity::Error);
            }
            if let Some(why) = first(&|path| self.beyond_phase(path, file, &governed)) {
                let fix = self.way_out("Leave the file as it is, or have the agent's phase raised.");
                self.find(said, "phase", &file.path, why, &fix, Severity::Error);
            }
        }
    }

    /// Globs are relative to the root of the system; a denied one counts from the root of the repository as well.
    fn outside(&self, path: &str, allow: &GlobSet, deny: &GlobSet) -> Option<String> {
        let system = Specification::system_of(self.terms.hosted, path);
        let inside = system.and_then(|system| system.inside(path)).unwrap_or(path);
        if deny.is_match(inside) || deny.is_match(path) {
            return Some(format!("must leave `{}` alone", shortened(path)));
        }
        let allowed = self.agent.paths.allow.is_empty() || allow.is_match(inside);
        (!allowed).then(|| format!("may not change `{}`: none of its allowed paths covers it", shortened(path)))
    }

    fn foreign(&self, path: &str) -> Option<String> {
        if self.agent.systems.is_empty() {
            return None;
        }
        match Specification::system_of(self.terms.hosted, path) {
            Some(system) if self.agent.systems.contains(&system.id) => None,
            Some(system) => Some(format!("may not change the system `{}`", shortened(&system.id))),
            None => Some(format!("may change some systems only, and `{}` is in none", shortened(path))),
        }
    }

    fn beyond_phase(&self, path: &str, file: &FileEntry, governed: &BTreeSet<&str>) -> Option<String> {
        if self.agent.phase > 1 {
            return None;
        }
        let proves = matches!(self.terms.classifier.classify(path), FileClass::Test | FileClass::Docs);
        let plain = matches!(file.kind.as_str(), "file" | "executable");
        let shown = shortened(path);
        if !proves || !plain {
            return Some(format!("is in phase 1, tests and documents, and `{shown}` is neither"));
        }
        governed.contains(path).then(|| format!("is in phase 1, and `{shown}` belongs to what guards the code"))
    }

    fn limits(&self, said: &mut Contracted) {
        let totals = &self.input.change.totals;
        let lines = totals.added.saturating_add(totals.removed);
        let limits = &self.agent.limits;
        for (name, found, most) in [("files", totals.files, limits.files), ("lines", lines, limits.lines)] {
            if let Some(most) = most.filter(|most| found > *most) {
                let why = format!("may change {most} {name} at once, and this change has {found}");
                self.find(said, "limits", "", why, &self.way_out("Split the change."), Severity::Error);
            }
        }
    }

    fn models(&self, said: &mut Contracted) {
        if self.agent.models.is_empty() || self.commits.is_empty() {
            return;
        }
        let fix = "Use a model of the contract, and name it in the commit.";
        let Ok(allowed) = globs(&self.agent.models) else {
            let why = "has models in its contract that cannot be read".to_owned();
            return self.find(said, "models", "", why, fix, Severity::Error);
        };
        let evidence = self.commits.iter().flat_map(|commit| &commit.evidence);
        let named: BTreeSet<&str> = evidence.map(|one| one.model.raw()).filter(|model| !model.is_empty()).collect();
        for model in named.iter().filter(|model| !allowed.is_match(model)) {
            let why = format!("may not use the model `{}`", shortened(model));
            self.find(said, "models", "", why, fix, Severity::Error);
        }
        if named.is_empty() {
            let why = "may use some models only, and no commit names one".to_owned();
            self.find(said, "models", "", why, fix, Severity::Warning);
        }
    }

    /// Verifies `Prompt: ID@version` trailers against the prompts of the specification.
    fn prompts(&self, said: &mut Contracted) {
        let fix = "Name the prompt as `Prompt: <ID>@<version>`, as the specification has it.";
        let trailers = self.commits.iter().flat_map(|commit| &commit.trailers);
        let named: BTreeSet<&str> = trailers
            .filter(|trailer| trailer.key.eq_ignore_ascii_case("prompt"))
            .map(|trailer| trailer.value.trim())
            .collect();
        for reference in &named {
            if let Some(why) = self.wrong_prompt(reference) {
                self.find(said, "prompts", "", why, fix, Severity::Error);
            }
        }
        if named.is_empty() && !self.agent.prompts.is_empty() && !self.commits.is_empty() {
            let why = "works from some prompts only, and no commit names one".to_owned();
            self.find(said, "prompts", "", why, fix, Severity::Warning);
        }
    }

    fn wrong_prompt(&self, reference: &str) -> Option<String> {
        let (id, version) = reference.split_once('@').unwrap_or((reference, ""));
        let shown = shortened(reference);
        let Some(prompt) = self.terms.specification.prompts.get(id) else {
            return Some(format!("names the prompt `{shown}`, which the specification does not have"));
        };
        if !self.agent.prompts.is_empty() && !self.agent.prompts.iter().any(|known| known == id) {
            return Some(format!("may not work from the prompt `{shown}`"));
        }
        if prompt.status != "approved" {
            return Some(format!("names the prompt `{shown}`, which is not approved"));
        }
        let release = shortened(&prompt.version);
        (version != prompt.version).then(|| format!("names the prompt `{shown}`, and the specification has {release}"))
    }

    /// What only the forge knows: it waits for CI, and there it is known or the change is undecided.
    fn forge(&self, said: &mut Contracted) {
        if let Some(most) = self.agent.limits.open_changes {
            self.open_changes(most, said);
        }
        if opened(self.agent, self.input) && !self.agent.may.iter().any(|act| act == "open-change") {
            let fix = "Have a person open the change.";
            self.find(said, "may", "", "may not open changes".to_owned(), fix, Severity::Error);
        }
    }

    fn open_changes(&self, most: u32, said: &mut Contracted) {
        let id = shortened(&self.agent.id);
        let why = match self.terms.forge {
            ForgeFacts::Local => {
                let why = format!("decided in CI: {id} may have {most} changes open at once");
                return said.deferred.push((rule_id("agents", "open-changes"), why));
            }
            // Whose changes a person has open says nothing about the agent.
            ForgeFacts::Obtained(_) if !opened(self.agent, self.input) => return,
            ForgeFacts::Obtained(state) => match state.open_changes {
                Some(open) if open > most => {
                    let message = format!("has {open} changes open, more than the {most} that it may have");
                    let fix = "Merge or close some of them first.";
                    return self.find(said, "open-changes", "", message, fix, Severity::Error);
                }
                Some(_) => return,
                None => "the forge did not say how many".to_owned(),
            },
            ForgeFacts::NotObtained(why) => why.clone(),
        };
        let message = format!("{id} may have {most} changes open at once, and how many there are is not known: {why}");
        let remedy = "give the run a token that may list open changes";
        said.reasons.push(Reason::new("forge-not-asked", message, remedy).at(self.agent.file.clone()));
    }

    /// Asks for the review that the contract and the phase need at least.
    fn reviews(&self, said: &mut Contracted) {
        let phase = u8::from(matches!(self.agent.phase, 2 | 3)) * 2;
        let layer = self.agent.min_layer.max(phase);
        let mut teams: BTreeSet<String> = BTreeSet::new();
        if layer == 2 {
            let paths = self.input.files.iter().flat_map(|file| [file.path.as_str(), file.old_path.as_str()]);
            let systems = paths.filter_map(|path| Specification::system_of(self.terms.hosted, path));
            let owners = systems.filter_map(|system| self.terms.specification.systems.get(&system.id));
            teams.extend(owners.map(|system| system.owner.clone()));
            if teams.is_empty() {
                teams.insert(self.agent.owner.clone());
            }
        } else if layer > 2 {
            teams.insert(String::new());
        }
        let id = shortened(&self.agent.id);
        let reason = format!("{id}, an agent in phase {}, made this change", self.agent.phase);
        let mut ask = |layer, team: String, name| {
            let (rule, team) = (rule_id("agents", name), Untrusted::new(team));
            let reason = Untrusted::new(reason.clone());
            let (certified, paths, record) = (String::new(), Vec::new(), false);
            said.requests.push(ReviewRequest { rule, reason, layer, team, count: 1, certified, paths, record });
        };
        teams.into_iter().for_each(|team| ask(layer, team, "min-layer"));
        if self.agent.phase == 3 {
            ask(2, self.agent.owner.clone(), "oversight");
        }
    }
}

/// Makes a finding about a file, or with an empty path about the whole change; `what` is anchor, message, fix, severity.
fn draft(
    rule: RuleId,
    (file, line): (&str, u32),
    owner: &str,
    path: &str,
    (anchor, message, fix, severity): (&str, String, &str, Severity),
) -> Draft {
    let top = Position { line: 1, column: 1 };
    let placed = !path.is_empty();
    let finding = Finding {
        rule,
        title: "Agents keep to their contract".into(),
        message: Untrusted::new(message),
        severity,
        status: Status::Enforced,
        path: placed.then(|| Untrusted::new(path)),
        start: placed.then_some(top),
        end: placed.then_some(top),
        fix: fix.into(),
        rationale: "What an agent may do was agreed before it did it; a change that goes beyond was agreed by nobody."
            .into(),
        source: Source { kind: SourceKind::Specification, path: Untrusted::new(file), line },
        owner: Untrusted::new(owner),
        links: Vec::new(),
        related: Vec::new(),
        fingerprint: String::new(),
        metadata: BTreeMap::new(),
        waived_by: None,
    };
    Draft { judged: Judged { finding, gates: true }, fingerprint_path: path.to_owned(), anchor: anchor.to_owned() }
}

#[cfg(test)]
mod tests;
