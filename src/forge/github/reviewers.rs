//! Requests for review.
//!
//! Owns who is left out: the author, who cannot be asked; whoever is asked already; and whoever has reviewed this very
//! head, because asking again would take their word away. Must not choose whom to ask.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::forge::patience::Patience;
use crate::forge::publication::{Publication, Reviewers};

use super::GitHub;
use super::line::{Method, Trouble};
use super::publish::{Whatever, notice, out_of_time};
use super::wire::{Pull, Requested, Review};

/// People and teams that are asked one by one where GitHub refuses them together.
const SINGLE: usize = 20;

const PERMISSION: &str = "pull-requests: write";

impl GitHub {
    /// Asks for reviews; returns a line for everybody who could not be asked.
    pub(super) async fn request_reviews(
        &self,
        patience: &Patience,
        what: &Publication,
        reviewers: &Reviewers,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        let (people, teams) = match self.unasked(patience, what, reviewers, &mut lines).await {
            Ok(unasked) => unasked,
            Err(trouble) => return vec![notice("reviewers", PERMISSION, &trouble)],
        };
        if people.is_empty() && teams.is_empty() {
            return lines;
        }
        let together = json!({"reviewers": people, "team_reviewers": teams});
        match self.ask(patience, what.number, &together).await {
            Ok(()) => return lines,
            // One who cannot be asked makes GitHub refuse all.
            Err(trouble) if trouble.status == 422 => {}
            Err(trouble) => {
                lines.push(notice("reviewers", PERMISSION, &trouble));
                return lines;
            }
        }
        let people = people.iter().map(|login| (login, json!({"reviewers": [login]})));
        let teams = teams.iter().map(|team| (team, json!({"team_reviewers": [team]})));
        for (name, body) in people.chain(teams).take(SINGLE) {
            if out_of_time(patience) {
                lines.push("reviewers: not all were asked in the time that this run may take".to_owned());
                break;
            }
            if let Err(trouble) = self.ask(patience, what.number, &body).await {
                lines.push(format!("reviewers: {name} could not be asked: {}", trouble.error.why));
            }
        }
        lines
    }

    async fn ask(&self, patience: &Patience, number: u64, body: &Value) -> Result<(), Trouble> {
        let path = self.path(&format!("/pulls/{number}/requested_reviewers"));
        self.line.write::<Whatever>(patience, Method::Post, &path, body).await.map(|_| ())
    }

    /// Returns the logins and the teams (without organisation) that are still to be asked.
    async fn unasked(
        &self,
        patience: &Patience,
        what: &Publication,
        reviewers: &Reviewers,
        lines: &mut Vec<String>,
    ) -> Result<(Vec<String>, Vec<String>), Trouble> {
        let number = what.number;
        let pull: Pull = self.line.get(patience, &self.path(&format!("/pulls/{number}"))).await?;
        let requested = self.path(&format!("/pulls/{number}/requested_reviewers"));
        let requested: Requested = self.line.get(patience, &requested).await?;
        let reviews = self.path(&format!("/pulls/{number}/reviews"));
        let reviews: Vec<Review> = self.line.all(patience, &reviews).await?;
        let heard = reviews.iter().filter(|review| review.commit_id == what.head).filter_map(|one| one.user.as_ref());
        let passed_over: BTreeSet<String> = requested
            .users
            .iter()
            .chain(heard)
            .chain(pull.user.as_ref())
            .map(|user| user.login.to_lowercase())
            .collect();
        let people = reviewers.people.iter().filter(|login| !passed_over.contains(&login.to_lowercase()));
        let asked: BTreeSet<String> = requested.teams.iter().map(|team| team.slug.to_lowercase()).collect();
        let mut teams = Vec::new();
        for handle in &reviewers.teams {
            match handle.split_once('/') {
                Some((organisation, slug)) if organisation.eq_ignore_ascii_case(&self.owner) => {
                    if !asked.contains(&slug.to_lowercase()) {
                        teams.push(slug.to_owned());
                    }
                }
                _ => lines.push(format!("reviewers: {handle} is no team of {}", self.owner)),
            }
        }
        Ok((people.cloned().collect(), teams))
    }
}
