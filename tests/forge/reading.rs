//! What is read of a pull request, and what is not believed.

use portcullis::forge::{Asked, Forge as _};
use portcullis::review::state::{AccountKind, Answer, Membership, Stance};
use serde_json::{Value, json};

use super::hub::{FORK, HEAD, Hub, ORGANISATION, OTHER, PERSON, WORKFLOW, commit, pull, review, user};
use super::server::Reply;

fn asked() -> Asked {
    Asked { number: 7, teams: Vec::new(), open_changes: false }
}

fn team() -> Asked {
    Asked { teams: vec!["acme/payments".to_owned()], ..asked() }
}

#[test]
fn the_live_state_is_read_whole() {
    let hub = Hub::new();
    hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1), review("eve", "CHANGES_REQUESTED", OTHER, 2)];
    let state = hub.client(FORK).pull(&asked()).unwrap();
    assert_eq!((state.number, state.author.as_str(), state.title.as_str()), (7, "ada", "Add refunds"));
    assert_eq!(state.labels, ["bug", "size/L"]);
    assert_eq!((state.source_branch.as_str(), state.target_branch.as_str()), ("refunds", "main"));
    assert_eq!((state.head.as_str(), state.changed_files, state.from_fork), (HEAD, Some(4), false));
    assert_eq!(state.opinions.len(), 2);
    assert_eq!((state.opinions[0].stance, state.opinions[0].commit.as_str()), (Stance::Approved, HEAD));
    assert_eq!(state.people["bob"].writes, Answer::Yes);
    assert_eq!(state.people["eve"].writes, Answer::No);
    assert_eq!(state.people["bob"].kind, AccountKind::Human);
    assert_eq!((state.contributors, state.last_pusher.as_str()), (vec!["ada".to_owned()], "ada"));
    assert_eq!(state.gaps, Vec::<String>::new());
    assert_eq!(state.open_changes, None);
}

#[test]
fn an_enterprise_server_is_read_below_its_path() {
    let hub = Hub::below("/api/v3");
    hub.state().page = 1;
    hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1), review("cy", "APPROVED", HEAD, 2)];
    assert_eq!(hub.client(WORKFLOW).pull(&asked()).unwrap().opinions.len(), 2);
}
