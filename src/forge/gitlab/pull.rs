//! Reading one merge request: what it is now, who said what about it, who may.
//!
//! Owns the order of the questions and which answers may be missing: only without the merge request itself there is
//! nothing to tell; all else becomes a gap. Must not judge.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::answers::{Approvals, Branch, Commit, Event, MergeRequest, Note, Reviewer, User, Version};
use super::api::Asking;
use super::calls::{PAGE, Project};
use super::mails::Makers;
use super::people::Looked;
use super::{freshness, mails, people};
use crate::forge::{Asked, ForgeError};
use crate::review::state::{Opinion, PullState, Stance};

/// So many pages of the source project's pushes are read: what is older is told as unknown.
const PUSH_PAGES: usize = 5;

/// What is known of the pushes.
struct Pushed {
    /// Who pushed the head, or empty.
    last_pusher: String,
    /// How many states of the change nobody is known to have pushed.
    untold: usize,
}

/// One reading.
struct Reading<'a> {
    asking: &'a Asking<'a>,
    project: &'a Project,
    tips: &'a Tips,
    gaps: BTreeSet<String>,
    /// The states of the change so far, newest first.
    versions: Vec<Version>,
    /// When the target branch was changed last, or empty.
    retargeted: String,
    /// Whether a part of what people said could not be read.
    opinions_missing: bool,
    /// Everybody met so far, with the number of his account, or 0.
    known: BTreeMap<String, u64>,
}

/// How often a merge request that moves while it is read is read again.
const READINGS: u32 = 3;

/// Tips of branches, as this run found them first.
#[derive(Default)]
pub(super) struct Tips(RefCell<BTreeMap<String, String>>);

impl Tips {
    /// Returns the tip of a branch.
    pub(super) fn of(&self, asking: &Asking<'_>, project: &Project, branch: &str) -> Result<String, ForgeError> {
        if let Some(known) = self.0.borrow().get(branch) {
            return Ok(known.clone());
        }
        let call = project.branch(branch);
        let tip = asking.ask::<Branch>(&call)?.commit.id;
        if !is_commit(&tip) {
            let why = "the answer names no commit".to_owned();
            return Err(ForgeError { request: call.name(), why, remedy: String::new() });
        }
        self.0.borrow_mut().insert(branch.to_owned(), tip.clone());
        Ok(tip)
    }
}

/// Reads a merge request's own values.
pub(super) fn request(asking: &Asking<'_>, project: &Project, number: u64) -> Result<MergeRequest, ForgeError> {
    let call = project.merge_request(number);
    let request: MergeRequest = asking.ask(&call)?;
    let whole = request.iid == number && is_commit(&request.sha) && !request.author.username.is_empty();
    if whole {
        return Ok(request);
    }
    Err(ForgeError {
        request: call.name(),
        why: "the answer has not the number, head and author of a merge request".to_owned(),
        remedy: "a merge request without commits cannot be judged; else run again".to_owned(),
    })
}

/// Reads the live state of one merge request; `groups` is asked who is in a group.
pub(super) fn read(
    asking: &Asking<'_>,
    groups: &Asking<'_>,
    project: &Project,
    tips: &Tips,
    asked: &Asked,
) -> Result<PullState, ForgeError> {
    let failed = |why: &str| {
        let request = project.merge_request(asked.number).name();
        ForgeError { request, why: why.to_owned(), remedy: String::new() }
    };
    for _ in 0..READINGS {
        let before = request(asking, project, asked.number)?;
        if before.state != super::OPEN {
            return Err(failed("the merge request is not open"));
        }
        let ends = |request: &MergeRequest| (request.state.clone(), request.sha.clone(), request.target_branch.clone());
        let seen = ends(&before);
        let state = read_around(asking, groups, project, tips, (before, asked))?;
        // SAFETY-OF-GATE: an approval that was read for one head must not be taken for another.
        if seen == ends(&request(asking, project, asked.number)?) {
            return Ok(state);
        }
    }
    Err(failed("it changes while it is read"))
}

/// Reads everything that belongs to a merge request whose own values are at hand.
fn read_around(
    asking: &Asking<'_>,
    groups: &Asking<'_>,
    project: &Project,
    tips: &Tips,
    (request, asked): (MergeRequest, &Asked),
) -> Result<PullState, ForgeError> {
    let mut reading = Reading {
        asking,
        project,
        tips,
        gaps: BTreeSet::new(),
        versions: Vec::new(),
        retargeted: String::new(),
        opinions_missing: false,
        known: BTreeMap::new(),
    };
    reading.meet(&request.author);
    let opinions = reading.opinions(&request);
    let commits = reading.commits(asked.number);
    let mut makers = reading.makers(&request.author, &commits);
    let Pushed { last_pusher, untold } = reading.pushers(&request, &mut makers.logins);
    // SAFETY-OF-GATE: any approver may have made what nobody is known for.
    let contributors_missing = commits.is_empty() || (makers.unknown > 0 && untold > 0);
    if contributors_missing {
        reading.gaps.insert("who made a part of the change is not known, so that nobody's approval counts".to_owned());
    }
    let mut contributors = makers.logins;
    let open_changes = asked.open_changes.then(|| reading.open_changes(&request.author)).flatten();
    let base = reading.base(&request);
    let Looked { people, names, gaps } = people::people(asking, project, &reading.known);
    reading.gaps.extend(gaps);
    contributors.extend(mails::namesakes(&commits, &names));
    let mut labels = request.labels;
    labels.sort();
    labels.dedup();
    let project = request.references.full.rsplit_once('!').map_or(project.id(), |(path, _)| path).to_owned();
    Ok(PullState {
        forge: "gitlab".to_owned(),
        project,
        number: request.iid,
        url: request.web_url,
        title: request.title,
        body: request.description,
        labels,
        draft: request.draft,
        author: request.author.username,
        // The source is null where the fork is gone.
        from_fork: request.source_project_id.is_none() || request.source_project_id != request.target_project_id,
        source_branch: request.source_branch,
        target_branch: request.target_branch,
        head: request.sha,
        base,
        pushed_base: request.diff_refs.base_sha,
        changed_files: request.changes_count.parse().ok(),
        opinions,
        people,
        teams: people::teams(groups, &asked.teams),
        contributors: contributors.into_iter().collect(),
        contributors_missing,
        last_pusher,
        open_changes,
        gaps: reading.gaps.into_iter().collect(),
        retargeted: reading.retargeted,
        opinions_missing: reading.opinions_missing,
    })
}

impl Reading<'_> {
    fn meet(&mut self, user: &User) {
        self.meet_login(&user.username, user.id);
    }

    fn meet_login(&mut self, login: &str, id: u64) {
        if !login.is_empty() {
            let known = self.known.entry(login.to_owned()).or_insert(id);
            *known = (*known).max(id);
        }
    }

    /// Notes what could not be read, with what to do about it.
    fn gap(&mut self, what: &str, error: &ForgeError) {
        let remedy = if error.remedy.is_empty() { String::new() } else { format!("; {}", error.remedy) };
        self.gaps.insert(format!("{what} could not be read ({error}){remedy}"));
    }

    /// Returns who approved and who wants changes; who took his approval back is not told any more by GitLab.
    ///
    /// The order of the questions matters: what happens between two of them must never make an approval look newer.
    fn opinions(&mut self, request: &MergeRequest) -> Vec<Opinion> {
        let number = request.iid;
        let mut approvals: Approvals = self.asking.ask(&self.project.approvals(number)).unwrap_or_else(|error| {
            self.gap("approvals", &error);
            self.opinions_missing = true;
            Approvals::default()
        });
        let history = self.history(number, &mut approvals);
        self.versions = self.asking.list(&self.project.versions(number)).unwrap_or_else(|error| {
            self.gap("the versions of the change", &error);
            Vec::new()
        });
        if self.versions.first().is_some_and(|newest| newest.head_commit_sha != request.sha) {
            self.gaps.insert("the head moved while the change was read".to_owned());
        }
        let reviewers: Vec<Reviewer> = self.asking.list(&self.project.reviewers(number)).unwrap_or_else(|error| {
            self.gap("what reviewers asked for", &error);
            self.opinions_missing = true;
            Vec::new()
        });
        let mut opinions: BTreeMap<&str, (Opinion, u64)> = BTreeMap::new();
        for approval in &approvals.approved_by {
            let (login, at) = (approval.user.username.clone(), approval.approved_at.clone());
            let commit = if history { freshness::head_at(&self.versions, &at) } else { String::new() };
            let opinion = Opinion { login, stance: Stance::Approved, commit, at };
            opinions.insert(&approval.user.username, (opinion, approval.user.id));
        }
        for Reviewer { user, state } in &reviewers {
            // Who asks for changes afterwards has still approved, as GitLab counts; his last word is the other one.
            if let Some(stance) = last_word(state) {
                let (login, commit, at) = (user.username.clone(), String::new(), String::new());
                opinions.insert(&user.username, (Opinion { login, stance, commit, at }, user.id));
            }
        }
        let mut told: Vec<(Opinion, u64)> = opinions.into_values().filter(|(said, _)| !said.login.is_empty()).collect();
        told.sort_by_cached_key(|(said, _)| (said.at.parse::<jiff::Timestamp>().ok(), said.clone()));
        for (opinion, id) in &told {
            self.meet_login(&opinion.login, *id);
        }
        told.into_iter().map(|(opinion, _)| opinion).collect()
    }

    /// Reads what GitLab itself noted under the change: when its target was changed, and the times of approvals, which
    /// an older GitLab does not give with them. Says whether it could; else no approval is of any known head.
    fn history(&mut self, number: u64, approvals: &mut Approvals) -> bool {
        if approvals.approved_by.is_empty() {
            return true;
        }
        let notes: Vec<Note> = match self.asking.list(&self.project.notes(number)) {
            Ok(notes) => notes,
            Err(error) => {
                self.gap("whether the target branch was changed, so that no approval counts,", &error);
                return false;
            }
        };
        freshness::retargeted_at(&notes).clone_into(&mut self.retargeted);
        for approval in approvals.approved_by.iter_mut().filter(|approval| approval.approved_at.is_empty()) {
            approval.approved_at = freshness::noted_at(&notes, approval.user.id).to_owned();
            if approval.approved_at.is_empty() {
                let login = &approval.user.username;
                self.gaps.insert(format!("GitLab does not tell when {login} approved, so that it counts for no head"));
            }
        }
        true
    }

    fn commits(&mut self, number: u64) -> Vec<Commit> {
        self.asking.list(&self.project.commits(number)).unwrap_or_else(|error| {
            self.gap("the commits", &error);
            Vec::new()
        })
    }

    fn makers(&mut self, author: &User, commits: &[Commit]) -> Makers {
        let makers = mails::makers(self.asking, author, commits);
        self.gaps.extend(makers.gaps.iter().cloned());
        for login in &makers.logins {
            self.meet_login(login, 0);
        }
        makers
    }

    /// Adds everybody who pushed a state of the change, and returns who pushed its head.
    ///
    /// An address in a commit can be anything; who pushed is told by GitLab itself.
    fn pushers(&mut self, request: &MergeRequest, contributors: &mut BTreeSet<String>) -> Pushed {
        let pushes = self.pushes(request);
        for push in &pushes {
            if self.heads(request).contains(push.push_data.commit_to.as_str()) && !push.login().is_empty() {
                contributors.insert(push.login().to_owned());
                self.known.entry(push.login().to_owned()).or_insert(push.author.id);
            }
        }
        let told =
            |head: &&str| pushes.iter().any(|push| push.push_data.commit_to == **head && !push.login().is_empty());
        let untold = self.heads(request).iter().filter(|head| !told(head)).count();
        if untold > 0 {
            let states = if untold == 1 { "1 state".to_owned() } else { format!("{untold} states") };
            self.gaps.insert(format!("who pushed {states} of the change is not told by GitLab"));
        }
        let last = pushes.first().filter(|push| push.push_data.commit_to == request.sha);
        if last.is_none() {
            self.gaps.insert("who pushed last is not told by GitLab".to_owned());
        }
        Pushed { last_pusher: last.map(|push| push.login().to_owned()).unwrap_or_default(), untold }
    }

    /// Returns the heads that the change has and had.
    fn heads<'b>(&'b self, request: &'b MergeRequest) -> BTreeSet<&'b str> {
        let before = self.versions.iter().map(|version| version.head_commit_sha.as_str());
        before.chain([request.sha.as_str()]).collect()
    }

    /// Returns the pushes to the source branch, newest first, as far back as its heads go.
    fn pushes(&mut self, request: &MergeRequest) -> Vec<Event> {
        let Some(source) = request.source_project_id else { return Vec::new() };
        let ours = |event: &Event| event.push_data.name == request.source_branch && event.push_data.ref_type != "tag";
        let mut pushes: Vec<Event> = Vec::new();
        for page in 1..=PUSH_PAGES {
            let call = Project::new(&source.to_string()).pushes().with("page", page);
            let events: Vec<Event> = match self.asking.ask(&call) {
                Ok(events) => events,
                Err(error) => {
                    self.gap("pushes", &error);
                    break;
                }
            };
            let last = events.len() < PAGE;
            pushes.extend(events.into_iter().filter(ours));
            let found = |head: &&str| pushes.iter().any(|push| push.push_data.commit_to == *head);
            if last || self.heads(request).iter().all(found) {
                break;
            }
        }
        pushes
    }

    fn open_changes(&mut self, author: &User) -> Option<u32> {
        if author.id == 0 {
            self.gaps.insert("open changes of the author could not be counted: his account has no number".to_owned());
            return None;
        }
        let call = self.project.open_merge_requests().with("author_id", author.id);
        match self.asking.list::<MergeRequest>(&call) {
            Ok(requests) => {
                let ours: BTreeSet<u64> =
                    requests.iter().filter(|r| r.author.username == author.username).map(|r| r.iid).collect();
                u32::try_from(ours.len()).ok()
            }
            Err(error) => {
                self.gap("open changes of the author", &error);
                None
            }
        }
    }

    /// Returns the tip of the target branch; where it is not told, the one that the newest version was compared with.
    fn base(&mut self, request: &MergeRequest) -> String {
        match self.tips.of(self.asking, self.project, &request.target_branch) {
            Ok(tip) => tip,
            Err(error) => {
                self.gap("the tip of the target branch", &error);
                request.diff_refs.start_sha.clone()
            }
        }
    }
}

/// Returns what a reviewer's state says beyond the list of approvals, which says who approved.
fn last_word(state: &str) -> Option<Stance> {
    match state {
        "requested_changes" => Some(Stance::ChangesRequested),
        "" | "approved" | "unapproved" | "unreviewed" | "reviewed" | "review_started" => None,
        _ => Some(Stance::Unknown),
    }
}

fn is_commit(id: &str) -> bool {
    matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
