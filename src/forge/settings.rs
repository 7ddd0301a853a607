//! What a forge's settings are, as plain values: what was read, and what could not be.
//!
//! Owns the shapes that the clients fill and `doctor` judges. Must not judge, and must not fill a gap: a setting that was
//! not read is [`Read::Unknown`] with its reason, and never a default that somebody could take for an answer.
//!
//! Names of fields are those of the published interfaces. GitHub: the OpenAPI description (`@octokit/openapi` 23.0.2),
//! schemas `branch-protection`, `repository-rule-detailed`, `repository-ruleset`, `actions-get-default-workflow-permissions`,
//! `codeowners-errors`. GitLab: `doc/api/` of GitLab 19 (`projects.md`, `protected_branches.md`,
//! `merge_request_approvals.md`, `project_job_token_scopes.md`, `status_checks.md`, `personal_access_tokens.md`).

use super::ForgeError;

/// What was read, or why it was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read<T> {
    /// The forge said so.
    Known(T),
    /// It did not.
    Unknown(Gap),
}

/// Something that is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What was asked: method and path without query, or a file.
    pub request: String,
    /// Why there is no answer, as a sentence.
    pub why: String,
    /// What would tell, as a sentence.
    pub needs: String,
}

impl<T> Read<T> {
    /// Takes the answer of a client; `needs` says with what it would have come.
    pub fn of(answer: Result<T, ForgeError>, needs: &str) -> Self {
        match answer {
            Ok(value) => Self::Known(value),
            Err(error) => Self::Unknown(Gap { request: error.request, why: error.why, needs: needs.to_owned() }),
        }
    }

    /// Returns what was read.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// Returns why it was not.
    pub fn gap(&self) -> Option<&Gap> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(gap) => Some(gap),
        }
    }
}

impl<T> Default for Read<T> {
    fn default() -> Self {
        Self::Unknown(Gap { request: "settings".to_owned(), why: "it was not asked".to_owned(), needs: String::new() })
    }
}

/// The settings of one project, as far as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settings {
    /// GitHub's.
    Github(Box<GithubSettings>),
    /// GitLab's.
    Gitlab(Box<GitlabSettings>),
}

impl Settings {
    /// Returns the branch that they are about, or empty where the forge did not say which is the default.
    #[must_use]
    pub fn branch(&self) -> &str {
        match self {
            Self::Github(settings) => &settings.branch,
            Self::Gitlab(settings) => &settings.branch,
        }
    }
}

/// One call that the gate makes, and whether the token may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// What it is for.
    pub call: &'static str,
    /// What the token needs for it.
    pub needs: &'static str,
    /// Whether the token may.
    pub may: Read<bool>,
}

/// What GitHub says of one repository and branch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GithubSettings {
    /// The branch.
    pub branch: String,
    /// Whether the token's owner administers the repository.
    pub admin: Read<bool>,
    /// Scopes of a classic token; none for other kinds, which do not name theirs.
    pub scopes: Option<Vec<String>>,
    /// What everybody who reads the branch is told.
    pub summary: Read<BranchSummary>,
    /// Its branch protection; `None` where there is none.
    pub protection: Read<Option<Protection>>,
    /// The rules of active rulesets that hold for it.
    pub rules: Read<Vec<BranchRule>>,
    /// All rulesets about branches, those of the organisation included.
    pub rulesets: Read<Vec<Ruleset>>,
    /// Number of the App behind GitHub Actions on this server.
    pub actions_app: Read<i64>,
    /// What the token of a workflow may where the workflow does not say.
    pub workflow_token: Read<WorkflowToken>,
    /// Lines of CODEOWNERS that GitHub does not understand; `None` where there is no such file.
    pub codeowners: Read<Option<Vec<CodeownersError>>>,
    /// Names of the repository's secrets; never a value.
    pub secrets: Read<Vec<String>>,
    /// What the token reaches of what the gate asks for.
    pub reach: Vec<Reach>,
}

/// What `GET /branches/{branch}` says to everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BranchSummary {
    /// Whether anything protects it.
    pub protected: bool,
    /// Whether branch protection (not a ruleset) does.
    pub by_protection: bool,
    /// The statuses that branch protection requires.
    pub required: Vec<RequiredStatus>,
}

/// A status that has to be green.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequiredStatus {
    /// Its name.
    pub context: String,
    /// The App that it must come from; none for anybody.
    pub app: Option<i64>,
}

/// Branch protection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Protection {
    /// The statuses that it requires, with whether the branch must be up to date; `None` for no requirement.
    pub statuses: Option<(Vec<RequiredStatus>, bool)>,
    /// What it asks of reviews; `None` where a pull request is not required.
    pub reviews: Option<ReviewRule>,
    /// Whether administrators are held by it.
    pub admins_too: bool,
    /// Who need no pull request, as `user x`, `team y`, `app z`, sorted.
    pub bypass: Vec<String>,
    /// Whether history may be rewritten.
    pub force_pushes: bool,
    /// Whether the branch may be deleted.
    pub deletions: bool,
}

/// What is asked of reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewRule {
    /// How many have to approve.
    pub count: u64,
    /// Whether a push takes approvals away.
    pub dismiss_stale: bool,
    /// Whether code owners have to approve.
    pub code_owners: bool,
    /// Whether somebody else than the last pusher has to approve.
    pub last_push: bool,
}

/// One rule that holds for the branch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BranchRule {
    /// Number of its ruleset.
    pub ruleset: u64,
    /// What it asks.
    pub kind: RuleKind,
}

/// What a rule of a ruleset asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RuleKind {
    /// The branch may not be deleted.
    Deletion,
    /// History may not be rewritten.
    NonFastForward,
    /// A pull request, with what is asked of its reviews.
    PullRequest(ReviewRule),
    /// Statuses, and whether the branch must be up to date.
    Statuses(Vec<RequiredStatus>, bool),
    /// A merge queue.
    MergeQueue,
    /// Copilot reviews by itself.
    CopilotReview,
    /// Workflows of the organisation, by path.
    Workflows(Vec<String>),
    /// Anything else.
    #[default]
    Other,
}

/// A ruleset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruleset {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// `Repository`, `Organization` or `Enterprise`.
    pub source_type: String,
    /// The repository or organisation that it belongs to.
    pub source: String,
    /// `active`, `evaluate` or `disabled`.
    pub enforcement: String,
    /// Who may go around it, as `RepositoryRole 5 (always)`, sorted; not known without the right to write it.
    pub bypass: Read<Vec<String>>,
    /// The statuses that it would require.
    pub statuses: Vec<RequiredStatus>,
}

/// What the token of a workflow may where the workflow does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkflowToken {
    /// Whether it may write.
    pub writes: bool,
    /// Whether it may approve pull requests.
    pub approves: bool,
}

/// A line of CODEOWNERS that GitHub does not understand.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeownersError {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// What kind of error.
    pub kind: String,
}

/// What GitLab says of one project and branch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitlabSettings {
    /// The branch.
    pub branch: String,
    /// The project's own settings.
    pub project: Read<GitlabProject>,
    /// Protected branches whose name or pattern is this branch's.
    pub protections: Read<Vec<BranchAccess>>,
    /// How approvals are counted; `None` where this tier has no such settings.
    pub approvals: Read<Option<ApprovalSettings>>,
    /// Rules of approval; `None` where this tier has none.
    pub approval_rules: Read<Option<Vec<ApprovalRule>>>,
    /// Names of external status checks; `None` where this tier has none.
    pub status_checks: Read<Option<Vec<String>>>,
    /// Whether the tokens of other projects' jobs are kept out.
    pub job_tokens_limited: Read<bool>,
    /// Scopes of the token; `None` for the token of a job.
    pub scopes: Read<Option<Vec<String>>>,
    /// What the token reaches of what the gate asks for.
    pub reach: Vec<Reach>,
}

/// A project's own settings. A field that GitLab did not send is `None`, which is not `false`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitlabProject {
    /// Whether a pipeline must have succeeded.
    pub pipeline_must_succeed: Option<bool>,
    /// Whether a pipeline that was skipped counts as one that succeeded.
    pub skipped_counts: Option<bool>,
    /// Whether external status checks must have passed.
    pub status_checks_must_pass: Option<bool>,
    /// Where the pipeline is read from; empty for `.gitlab-ci.yml`.
    pub ci_config_path: Option<String>,
    /// Whether members may run the pipeline of a fork in this project.
    pub fork_pipelines: Option<bool>,
    /// Whether there is a merge train, and whether it may be skipped.
    pub trains: Option<bool>,
    /// Whether the train may be skipped.
    pub train_skippable: Option<bool>,
    /// Whether pipelines for merged results run.
    pub merged_results: Option<bool>,
    /// The role of the token's owner, 0 where he has none.
    pub role: Option<u64>,
}

/// Who may do what with a protected branch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BranchAccess {
    /// Name or pattern.
    pub name: String,
    /// Who may push, as `role 30`, `user 4`, `group 7`, `deploy key 2`; empty for nobody.
    pub push: Vec<String>,
    /// The numbers of the rows that say so.
    pub push_rows: Vec<u64>,
    /// Whether history may be rewritten.
    pub force_push: bool,
    /// Whether code owners have to approve; `None` where this tier has no such setting.
    pub code_owners: Option<bool>,
}

/// How approvals are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalSettings {
    /// Whether the author's approval counts.
    pub author: Option<bool>,
    /// Whether approvals of those who committed are kept out.
    pub committers_kept_out: Option<bool>,
    /// Whether a push takes approvals away.
    pub reset_on_push: Option<bool>,
    /// Whether a push takes away only the approvals of owners of changed files.
    pub selective: Option<bool>,
    /// Whether rules may not be changed in a merge request.
    pub fixed_rules: Option<bool>,
}

/// A rule of approval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalRule {
    /// Its name.
    pub name: String,
    /// How many have to approve.
    pub required: u64,
    /// Whether it holds for the branch.
    pub holds: bool,
}
