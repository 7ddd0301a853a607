//! The parts of GitHub's answers that are used, and nothing else.
//!
//! Owns the shapes. Every part may be absent or null, and words stay words: older servers leave fields out and newer
//! ones know more words, and neither may make a page unreadable. Must not say what a word means.

use serde::{Deserialize, Deserializer};

/// Takes null for the default.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

macro_rules! shapes {
    ($($(#[$note:meta])* $name:ident { $($(#[$field_note:meta])* $field:ident: $kind:ty,)* })*) => {
        $(
            $(#[$note])*
            #[derive(Clone, Debug, Default, Deserialize)]
            #[serde(default)]
            pub(super) struct $name {
                $(
                    $(#[$field_note])*
                    #[serde(deserialize_with = "or_default")]
                    pub(super) $field: $kind,
                )*
            }
        )*
    };
}

shapes! {
    User {
        login: String,
        #[serde(rename = "type")]
        kind: String,
    }
    Pull {
        number: u64,
        html_url: String,
        state: String,
        title: String,
        body: String,
        draft: bool,
        labels: Vec<Label>,
        user: Option<User>,
        head: End,
        base: End,
        commits: Option<u64>,
        changed_files: Option<u32>,
    }
    PullFile {
        filename: String,
        previous_filename: String,
    }
    End {
        #[serde(rename = "ref")]
        branch: String,
        sha: String,
        repo: Option<Repository>,
    }
    Repository {
        full_name: String,
    }
    Branch {
        commit: Tip,
    }
    Tip {
        sha: String,
    }
    Label {
        name: String,
    }
    Review {
        user: Option<User>,
        state: String,
        commit_id: String,
        submitted_at: String,
    }
    Commit {
        author: Option<User>,
        committer: Option<User>,
        commit: CommitText,
    }
    Comparison {
        commits: Vec<Commit>,
    }
    CommitText {
        message: String,
        author: Option<Signature>,
        committer: Option<Signature>,
    }
    Signature {
        email: String,
    }
    Permission {
        permission: String,
    }
    Event {
        event: String,
        created_at: String,
    }
    Activity {
        after: String,
        actor: Option<User>,
    }
    Issue {
        number: u64,
        pull_request: Option<serde::de::IgnoredAny>,
    }
    Status {
        context: String,
        state: String,
        description: String,
        target_url: String,
    }
    CheckRuns {
        check_runs: Vec<CheckRun>,
    }
    CheckRun {
        id: u64,
        name: String,
        status: String,
        conclusion: String,
        external_id: String,
    }
    Comment {
        id: u64,
        body: String,
        user: Option<User>,
    }
    Requested {
        users: Vec<User>,
        teams: Vec<Team>,
    }
    Team {
        slug: String,
    }
}

#[cfg(test)]
mod tests {
    use super::{Pull, Review};

    #[test]
    fn absent_null_and_new_fields_are_taken() {
        let pull: Pull = serde_json::from_str(r#"{"number":3,"body":null,"head":{"repo":null},"new":[{}]}"#).unwrap();
        assert_eq!((pull.number, pull.body.as_str(), pull.changed_files), (3, "", None));
        let review: Review = serde_json::from_str(r#"{"user":null,"state":"SHRUGGED","commit_id":null}"#).unwrap();
        assert!(review.user.is_none() && review.commit_id.is_empty());
        assert_eq!(review.state, "SHRUGGED");
    }
}
