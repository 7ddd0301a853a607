//! One pull request as it is now.
//!
//! Owns the order of reading and the proof that nothing moved meanwhile: the head is read before and after, and where it
//! is another one all is read again. Must not judge what it reads.

use crate::forge::address::escaped;
use crate::forge::patience::Patience;
use crate::forge::{Asked, ForgeError};
use crate::review::state::{Opinion, PullState, Stance, UNKNOWN_TIME};

use super::GitHub;
use super::line::{Method, Trouble, trouble};
use super::wire::{Activity, Event, Issue, Pull, Review};

/// How often a pull request that moves while it is read is read again.
const READINGS: u32 = 3;

/// Events by which a pull request wants into another branch.
const RETARGETED: &[&str] = &["automatic_base_change_succeeded", "base_ref_changed"];

/// What to do where the pull request cannot be read.
const READING: &str = "give the job `permissions: {contents: read, pull-requests: read}` and pass its token";

impl GitHub {
    /// Reads the live state of one pull request.
    pub(super) async fn read_pull(&self, asked: &Asked) -> Result<PullState, ForgeError> {
        let patience = self.patience();
        let path = self.path(&format!("/pulls/{}", asked.number));
        for _ in 0..READINGS {
            let before: Pull = self.line.get(&patience, &path).await.map_err(readable)?;
            if before.number != asked.number || before.head.sha.is_empty() || before.base.sha.is_empty() {
                return Err(trouble(Method::Get, &path, 0, "the answer is not what was asked for".to_owned()).error);
            }
            if before.state != "open" {
                return Err(trouble(Method::Get, &path, 0, "the pull request is not open".to_owned()).error);
            }
            let state = self.read_around(&patience, &before, asked).await?;
            let after: Pull = self.line.get(&patience, &path).await.map_err(readable)?;
            // SAFETY-OF-GATE: an approval that was read for one head must not be taken for another.
            let ends = |pull: &Pull| (pull.state.clone(), pull.head.sha.clone(), pull.base.branch.clone());
            if ends(&before) == ends(&after) {
                return Ok(state);
            }
        }
        Err(trouble(Method::Get, &path, 0, "it changes while it is read".to_owned()).error)
    }

    /// Reads everything that belongs to a pull request whose own values are at hand.
    async fn read_around(&self, patience: &Patience, pull: &Pull, asked: &Asked) -> Result<PullState, ForgeError> {
        let mut state = self.own_values(pull);
        self.read_tip(patience, &mut state).await?;
        let reviews = self.reviews(patience, pull, &mut state).await?;
        self.read_contributors(patience, pull, &mut state).await?;
        self.read_people(patience, &reviews, &mut state).await;
        self.read_teams(patience, &asked.teams, &mut state).await;
        self.read_last_pusher(patience, pull, &mut state).await;
        self.read_retargeting(patience, &mut state).await?;
        if asked.open_changes {
            self.read_open_changes(patience, &mut state).await;
        }
        state.gaps.sort();
        state.gaps.dedup();
        Ok(state)
    }

    fn own_values(&self, pull: &Pull) -> PullState {
        let mut labels: Vec<String> = pull.labels.iter().map(|label| label.name.clone()).collect();
        labels.sort();
        labels.dedup();
        let of = |repository: &Option<super::wire::Repository>| repository.as_ref().map(|one| one.full_name.clone());
        let mut state = PullState {
            forge: "github".to_owned(),
            project: self.settings.project.clone(),
            number: pull.number,
            url: pull.html_url.clone(),
            title: pull.title.clone(),
            body: pull.body.clone(),
            labels,
            draft: pull.draft,
            // A head whose repository is gone was in a fork.
            from_fork: of(&pull.head.repo).is_none() || of(&pull.head.repo) != of(&pull.base.repo),
            source_branch: pull.head.branch.clone(),
            target_branch: pull.base.branch.clone(),
            head: pull.head.sha.to_ascii_lowercase(),
            base: pull.base.sha.to_ascii_lowercase(),
            pushed_base: pull.base.sha.to_ascii_lowercase(),
            changed_files: pull.changed_files,
            ..PullState::default()
        };
        state.author = Self::meet(pull.user.as_ref(), &mut state);
        state
    }

    /// Reads what the target branch is now; the pull request has only what it was at the last push.
    async fn read_tip(&self, patience: &Patience, state: &mut PullState) -> Result<(), ForgeError> {
        match self.tip(patience, &state.target_branch).await {
            Ok(tip) => state.base = tip,
            Err(error) if error.remedy.starts_with(READING) => {
                let gap = "the tip of the target branch cannot be read, so rules that are newer than the last push are";
                state.gaps.push(format!("{gap} not seen; {}", error.remedy));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Reads what was said, whole or not at all: half of it could hide a refusal that came after an approval.
    async fn reviews(
        &self,
        patience: &Patience,
        pull: &Pull,
        state: &mut PullState,
    ) -> Result<Vec<Review>, ForgeError> {
        let path = self.path(&format!("/pulls/{}/reviews", pull.number));
        let mut reviews: Vec<Review> = match self.line.all(patience, &path).await {
            Ok(reviews) => reviews,
            Err(trouble) if trouble.refused() => {
                state.gaps.push(format!("the reviews cannot be read, so nobody's approval counts; {READING}"));
                state.opinions_missing = true;
                return Ok(Vec::new());
            }
            Err(trouble) => return Err(readable(trouble)),
        };
        // A review that is being written is seen by its writer alone.
        reviews.retain(|review| !review.state.eq_ignore_ascii_case("pending"));
        reviews.sort_by(|one, other| one.submitted_at.cmp(&other.submitted_at));
        for review in &reviews {
            let login = Self::meet(review.user.as_ref(), state);
            let opinion = Opinion {
                login,
                stance: stance(&review.state),
                commit: review.commit_id.to_ascii_lowercase(),
                at: review.submitted_at.clone(),
            };
            state.opinions.push(opinion);
        }
        Ok(reviews)
    }

    /// Reads who pushed the head: the newest activity of the branch, if it led to this very commit.
    async fn read_last_pusher(&self, patience: &Patience, pull: &Pull, state: &mut PullState) {
        let gap = "who pushed last is not known: the activity of the head branch cannot be read".to_owned();
        let full_name = pull.head.repo.as_ref().map(|one| one.full_name.as_str()).unwrap_or_default();
        let Some((owner, name)) = full_name.split_once('/') else {
            state.gaps.push(gap);
            return;
        };
        let branch = escaped(&format!("refs/heads/{}", pull.head.branch));
        let path = format!("/repos/{}/{}/activity?ref={branch}&per_page=1", escaped(owner), escaped(name));
        let newest = self.line.get::<Vec<Activity>>(patience, &path).await.ok().and_then(|mut found| found.pop());
        match newest
            .filter(|activity| activity.after == pull.head.sha)
            .and_then(|activity| activity.actor)
            .filter(|actor| !actor.login.is_empty())
        {
            Some(actor) => state.last_pusher = Self::meet(Some(&actor), state),
            None => state.gaps.push(gap),
        }
    }

    /// Reads when the target branch was last changed, by somebody or because the old one went away.
    async fn read_retargeting(&self, patience: &Patience, state: &mut PullState) -> Result<(), ForgeError> {
        let path = self.path(&format!("/issues/{}/events", state.number));
        let events: Vec<Event> = match self.line.all(patience, &path).await {
            Ok(events) => events,
            Err(trouble) if trouble.refused() => {
                let gap = "whether the target branch was changed after an approval is not known; give the job";
                state.gaps.push(format!("{gap} `permissions: {{issues: read}}` too"));
                // No time is later than this: unknown is no.
                UNKNOWN_TIME.clone_into(&mut state.retargeted);
                return Ok(());
            }
            Err(trouble) => return Err(trouble.error),
        };
        let changes = events.into_iter().filter(|event| RETARGETED.contains(&event.event.as_str()));
        state.retargeted = changes.map(|event| event.created_at).max().unwrap_or_default();
        Ok(())
    }

    /// Counts the open pull requests of the author; this one must be among them, else the count is not believed.
    async fn read_open_changes(&self, patience: &Patience, state: &mut PullState) {
        let path = self.path(&format!("/issues?state=open&creator={}", escaped(&state.author)));
        let found = self.line.all::<Issue>(patience, &path).await.unwrap_or_default();
        let pulls: Vec<&Issue> = found.iter().filter(|issue| issue.pull_request.is_some()).collect();
        if pulls.iter().any(|issue| issue.number == state.number) {
            state.open_changes = u32::try_from(pulls.len()).ok();
        } else {
            state.gaps.push("how many changes of the author are open is not known".to_owned());
        }
    }
}

pub(super) fn readable(trouble: Trouble) -> ForgeError {
    let remedy = match trouble.status {
        404 => format!("{READING}; or check the address (GITHUB_API_URL or `--forge-url`)"),
        _ if trouble.refused() => READING.to_owned(),
        _ => trouble.error.remedy,
    };
    ForgeError { remedy, request: trouble.error.request, why: trouble.error.why }
}

/// Reads a state as the interface (upper case) and the events (lower case) write it.
fn stance(state: &str) -> Stance {
    match state.to_ascii_uppercase().as_str() {
        "APPROVED" => Stance::Approved,
        "CHANGES_REQUESTED" => Stance::ChangesRequested,
        "DISMISSED" => Stance::Dismissed,
        "COMMENTED" => Stance::Commented,
        _ => Stance::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::stance;
    use crate::review::state::Stance;

    #[test]
    fn a_word_that_is_not_known_is_no_approval() {
        assert_eq!(stance("approved"), Stance::Approved);
        assert_eq!(stance("APPROVED"), Stance::Approved);
        assert_eq!(stance("APPROVED_WITH_SUGGESTIONS"), Stance::Unknown);
        assert_eq!(stance(""), Stance::Unknown);
    }
}
