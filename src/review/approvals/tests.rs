use std::collections::BTreeMap;

use super::{Ground, commits_to_compare, judged, second};
use crate::change::FileStatus;
use crate::finding::RuleId;
use crate::policies::input::{FileEntry, InputDocument};
use crate::review::sample;
use crate::review::state::{
    AccountKind, Answer, Carried, ForgeFacts, Freshness, Membership, Opinion, Person, PullState, Stance,
};
use crate::review::{Requirement, Review, ReviewRequest};
use crate::specification::Specification;
use crate::specification::agent::{Agent, Identities};
use crate::specification::team::{Member, Team};

const HEAD: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OLD: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/// One approval by `mei`, a member of `orders` with a certificate, on head: it counts until something is changed.
struct Scene {
    state: PullState,
    specification: Specification,
    input: InputDocument,
    pull_head: String,
    freshness: Freshness,
    request: ReviewRequest,
}

impl Scene {
    fn new() -> Self {
        let opinion = Opinion {
            login: "mei".to_owned(),
            stance: Stance::Approved,
            commit: HEAD.to_owned(),
            at: "2026-11-20T08:00:00Z".to_owned(),
        };
        let mei = Person { kind: AccountKind::Human, writes: Answer::Yes };
        let state = PullState {
            project: "shop/orders".to_owned(),
            author: "ada".to_owned(),
            last_pusher: "ada".to_owned(),
            head: HEAD.to_owned(),
            opinions: vec![opinion],
            people: BTreeMap::from([("mei".to_owned(), mei)]),
            ..PullState::default()
        };
        let certified = BTreeMap::from([("ai".to_owned(), "2026-01-01".to_owned())]);
        let member = Member { handle: "@mei".to_owned(), certified };
        let team = Team {
            id: "orders".to_owned(),
            handles: vec!["@shop/orders".to_owned()],
            approves: vec![2],
            members: vec![member],
            ..Team::default()
        };
        Self {
            state,
            specification: Specification {
                teams: BTreeMap::from([("orders".to_owned(), team)]),
                ..Specification::default()
            },
            input: sample::change(HEAD, vec![sample::file("a.py")], vec![sample::commit("work", "", &[])]),
            pull_head: HEAD.to_owned(),
            freshness: Freshness::new(),
            request: ReviewRequest {
                rule: RuleId::new("size").unwrap(),
                reason: "large".into(),
                layer: 2,
                team: "orders".into(),
                count: 1,
                certified: "ai".to_owned(),
                paths: Vec::new(),
                record: false,
            },
        }
    }

    fn requirement_with(&self, forge: &ForgeFacts) -> Requirement {
        let ground = Ground {
            forge,
            freshness: &self.freshness,
            specification: &self.specification,
            input: &self.input,
            pull_head: &self.pull_head,
            as_of: "2026-11-21",
        };
        let review = judged(Review::of(std::slice::from_ref(&self.request)), &ground);
        review.requirements.into_iter().next().unwrap()
    }

    fn requirement(&self) -> Requirement {
        self.requirement_with(&ForgeFacts::Obtained(Box::new(self.state.clone())))
    }

    /// Returns why the approval does not count, or nothing.
    fn why_not(&self) -> String {
        let requirement = self.requirement();
        let approval = &requirement.approvals[0];
        assert_eq!((approval.counts, requirement.met), (approval.why_not.is_empty(), approval.counts));
        approval.why_not.raw().to_owned()
    }

    fn person(&mut self) -> &mut Person {
        self.state.people.get_mut("mei").unwrap()
    }
}

/// What spoils an approval, in the order in which it is told; each with the words.
type Spoiler = (&'static str, fn(&mut Scene));

const SPOILERS: &[Spoiler] = &[
    ("the head moved on while this was judged", |scene| scene.state.head = OLD.to_owned()),
    ("the forge does not tell all that was said since", |scene| scene.state.opinions_missing = true),
    ("dismissed, or taken back", |scene| {
        let opinion = Opinion { stance: Stance::Dismissed, ..scene.state.opinions[0].clone() };
        scene.state.opinions.push(opinion);
    }),
    ("a bot, not a human", |scene| scene.person().kind = AccountKind::Bot),
    ("the author of the change", |scene| scene.state.author = "Mei".to_owned()),
    ("author, committer or co-author of a commit of the change", |scene| {
        scene.state.contributors = vec!["MEI".to_owned()];
    }),
    ("pushed to the change last", |scene| scene.state.last_pusher = "mei".to_owned()),
    ("no right to write to the project", |scene| scene.person().writes = Answer::No),
    ("not a member of orders", |scene| {
        scene.specification.teams.get_mut("orders").unwrap().members[0].handle = "@kofi".to_owned();
        let team = Team { members: vec![certified_mei()], ..Team::default() };
        scene.specification.teams.insert("web".to_owned(), team);
    }),
    ("the certificate ai of 2025-01-01 has ended", |scene| {
        for member in scene.specification.teams.values_mut().flat_map(|team| &mut team.members) {
            member.certified.insert("ai".to_owned(), "2025-01-01".to_owned());
        }
    }),
    ("stale: given before the target branch was changed", |scene| {
        scene.state.retargeted = "2026-11-20T08:00:00Z".to_owned();
    }),
    ("stale: given on bbbbbbb, and what changed since is not known", |scene| {
        scene.state.opinions.iter_mut().for_each(|opinion| opinion.commit = OLD.to_owned());
    }),
];

fn certified_mei() -> Member {
    let certified = BTreeMap::from([("ai".to_owned(), "2026-01-01".to_owned())]);
    Member { handle: "@mei".to_owned(), certified }
}

#[test]
fn an_approval_counts_until_something_spoils_it_row_145() {
    assert_eq!(Scene::new().why_not(), "");
    for (why, spoil) in SPOILERS {
        let mut scene = Scene::new();
        spoil(&mut scene);
        assert_eq!(scene.why_not(), *why);
    }
}

#[test]
fn of_several_reasons_the_first_is_told() {
    for (at, (why, _)) in SPOILERS.iter().enumerate() {
        let mut scene = Scene::new();
        SPOILERS[at..].iter().for_each(|(_, spoil)| spoil(&mut scene));
        assert_eq!(scene.why_not(), *why);
    }
}

#[test]
fn what_the_forge_did_not_say_is_never_a_yes() {
    let unknowns: [fn(&mut Scene); 8] = [
        |scene| scene.state.people.clear(),
        |scene| scene.person().kind = AccountKind::Unknown,
        |scene| scene.person().writes = Answer::Unknown,
        |scene| scene.state.author.clear(),
        |scene| scene.state.head.clear(),
        |scene| scene.state.opinions[0].commit.clear(),
        |scene| scene.state.opinions[0].stance = Stance::Unknown,
        // Members that neither the specification nor the forge gives.
        |scene| scene.specification.teams.get_mut("orders").unwrap().members.clear(),
    ];
    for (at, unknown) in unknowns.iter().enumerate() {
        let mut scene = Scene::new();
        unknown(&mut scene);
        assert!(!scene.requirement().met, "{at}");
    }
}

#[test]
fn an_account_that_an_agent_contract_names_is_no_human() {
    let mut scene = Scene::new();
    let mut named = |authors: &[&str]| {
        let identities = Identities {
            authors: authors.iter().map(|author| (*author).to_owned()).collect(),
            ..Identities::default()
        };
        scene.specification.agents.insert("helper".to_owned(), Agent { identities, ..Agent::default() });
        scene.why_not()
    };
    assert_eq!(named(&["kofi"]), "");
    assert_eq!(named(&["kofi", "@Mei"]), "the account of an AI agent, not a human");
}

#[test]
fn a_time_in_another_form_than_utc_is_no_time() {
    for at in ["2026-11-20T08:00:00Z", "2026-11-20T08:00:00.5Z", "2026-11-20T08:00:00+00:00"] {
        assert_eq!(second(at), Some("2026-11-20T08:00:00"), "{at}");
    }
    for at in ["2O26-11-20T08:00:00Z", "2026-11-20 08:00:00Z", "2026-11-20T08:00:00,5Z", "2026-11-20T08:00:00", "Z"] {
        assert_eq!(second(at), None, "{at}");
    }
}

#[test]
fn an_account_that_is_told_twice_and_differently_is_nobody() {
    let mut scene = Scene::new();
    let other = Person { kind: AccountKind::Bot, writes: Answer::Yes };
    scene.state.people.insert("MEI".to_owned(), other);
    assert_eq!(scene.why_not(), "not known to be a human");
}

#[test]
fn an_older_approval_holds_where_nothing_in_scope_changed_since_row_144() {
    let mut scene = Scene::new();
    scene.state.opinions[0].commit = OLD.to_owned();
    scene.input.files.push(FileEntry {
        old_path: "old/b.py".to_owned(),
        status: FileStatus::Renamed,
        ..sample::file("new/b.py")
    });
    let mut except = |paths: &[&str], scope: &[&str]| {
        let own = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
        scene.freshness = Freshness::from([(OLD.to_owned(), Carried::Except(own(paths)))]);
        scene.request.paths = own(scope);
        scene.why_not()
    };
    assert_eq!(except(&[], &[]), "");
    assert_eq!(except(&["new/b.py", "old/b.py"], &["a.py"]), "");
    assert_eq!(except(&["new/b.py"], &[]), "stale: given on bbbbbbb; since then new/b.py changed");
    assert_eq!(except(&["a.py", "new/b.py"], &["a.py"]), "stale: given on bbbbbbb; since then a.py changed");
    // No file of the change any more, so nobody can say that it is none of this team's business.
    assert_eq!(except(&["gone.py"], &["a.py"]), "stale: given on bbbbbbb; since then gone.py changed");
    assert_eq!(except(&["a", "b", "c"], &[]), "stale: given on bbbbbbb; since then a, b, c changed");
    let many = except(&["a", "b", "c", "d", "e"], &[]);
    assert_eq!(many, "stale: given on bbbbbbb; since then a, b, c and 2 more changed");
}

#[test]
fn an_approval_holds_for_the_target_branch_that_it_was_given_for_row_144() {
    let mut scene = Scene::new();
    // Given at 2026-11-20T08:00:00Z.
    for before in ["2026-11-20T07:59:59Z", "2026-11-20T07:59:59.999Z", "2025-12-31T23:59:59+00:00"] {
        scene.state.retargeted = before.to_owned();
        assert_eq!(scene.why_not(), "", "{before}");
    }
    for other in ["2026-11-20T08:00:00Z", "2026-11-20T08:00:00.100Z", "2026-11-20T09:00:00+02:00", "yesterday", "Z"] {
        scene.state.retargeted = other.to_owned();
        assert_eq!(scene.why_not(), "stale: given before the target branch was changed", "{other}");
    }
    scene.state.retargeted = "2026-11-20T07:59:59Z".to_owned();
    scene.state.opinions[0].at.clear();
    assert!(!scene.requirement().met);
}

#[test]
fn in_a_merge_queue_an_approval_holds_where_the_queue_only_merged_row_147() {
    let mut scene = Scene::new();
    scene.input.change.head = "cccccccccccccccccccccccccccccccccccccccc".to_owned();
    assert_eq!(scene.why_not(), "stale: given on aaaaaaa, and what changed since is not known");
    scene.freshness.insert(HEAD.to_owned(), Carried::Except(Vec::new()));
    assert_eq!(scene.why_not(), "");
    scene.pull_head = OLD.to_owned();
    assert_eq!(scene.why_not(), "the head moved on while this was judged");
}

#[test]
fn only_commits_that_somebody_approves_are_held_against_head() {
    let mut state = Scene::new().state;
    let said = |login: &str, stance, commit: &str| Opinion {
        login: login.to_owned(),
        stance,
        commit: commit.to_owned(),
        at: String::new(),
    };
    state.opinions.extend([
        said("kofi", Stance::Approved, "d"),
        said("ines", Stance::Approved, "b"),
        said("tomas", Stance::Approved, ""),
        said("lars", Stance::Approved, "e"),
        said("lars", Stance::Dismissed, "e"),
        said("kofi", Stance::Approved, "c"),
    ]);
    assert_eq!(commits_to_compare(&state, HEAD), ["b", "c"]);
    assert_eq!(commits_to_compare(&state, "b"), [HEAD, "c"]);
    state.opinions = (0..90).map(|n| said(&format!("p{n}"), Stance::Approved, &format!("{n:03}"))).collect();
    assert_eq!(commits_to_compare(&state, HEAD).len(), 50);
}

#[test]
fn approvals_that_were_not_read_meet_nothing_row_133() {
    let scene = Scene::new();
    let local = scene.requirement_with(&ForgeFacts::Local);
    assert_eq!((local.met, local.approvals.len(), local.reason.raw()), (false, 0, "large"));
    let refused = scene.requirement_with(&ForgeFacts::NotObtained("403\nforbidden".to_owned()));
    assert_eq!((refused.met, refused.approvals.len()), (false, 0));
    assert_eq!(refused.reason.raw(), "large\napprovals could not be read: 403 forbidden");
    // A record is cited or not, whatever the forge says.
    let ground = Ground {
        forge: &ForgeFacts::NotObtained("403".to_owned()),
        freshness: &scene.freshness,
        specification: &scene.specification,
        input: &scene.input,
        pull_head: &scene.pull_head,
        as_of: "2026-11-21",
    };
    let wish = ReviewRequest { record: true, ..scene.request.clone() };
    let record = judged(Review::of(&[wish]), &ground).requirements.into_iter().find(|one| one.count == 0).unwrap();
    assert!(!record.reason.raw().contains("403"), "{}", record.reason.raw());
}

#[test]
fn a_certificate_of_a_later_day_does_not_hold_yet() {
    let mut scene = Scene::new();
    let member = &mut scene.specification.teams.get_mut("orders").unwrap().members[0];
    member.certified.insert("ai".to_owned(), "2026-11-22".to_owned());
    assert_eq!(scene.why_not(), "the certificate ai is of 2026-11-22, which is still to come");
}

#[test]
fn a_team_is_found_by_its_handle_too() {
    let mut scene = Scene::new();
    let web = Team { handles: vec!["@shop/web".to_owned()], members: Vec::new(), ..Team::default() };
    scene.specification.teams.insert("web".to_owned(), web);
    scene.request.team = "@Shop/Orders".into();
    assert_eq!(scene.why_not(), "");
    scene.request.team = "@shop/web".into();
    assert_eq!(scene.why_not(), "the members of @shop/web were not asked for");
}

#[test]
fn a_team_of_the_forge_may_be_named_without_at_and_an_address_is_nobody() {
    let mut scene = Scene::new();
    scene.state.teams.insert("shop/docs".to_owned(), Membership::Members(vec!["Mei".to_owned()]));
    scene.request.team = "shop/docs".into();
    assert_eq!(scene.why_not(), "");
    scene.request.team = "mei@example.org".into();
    assert_eq!(scene.why_not(), "whose address mei@example.org is cannot be told");
}

#[test]
fn a_person_is_named_with_at_and_is_nobody_else() {
    let mut scene = Scene::new();
    for (asked, why) in [
        ("@Mei", ""),
        ("@kofi", "not a member of @kofi"),
        ("mei", "the members of mei were not asked for"),
        ("@kofi | @mei", ""),
        // The first of those that could not be looked at is told.
        ("@kofi | shop/a | shop/b", "the members of shop/a were not asked for"),
    ] {
        scene.request.team = asked.into();
        assert_eq!(scene.why_not(), why, "{asked}");
    }
}

#[test]
fn a_list_of_the_specification_comes_before_the_forge() {
    let mut scene = Scene::new();
    scene.state.teams.insert("shop/orders".to_owned(), Membership::Members(vec!["kofi".to_owned()]));
    assert_eq!(scene.why_not(), "");
    scene.specification.teams.get_mut("orders").unwrap().members.clear();
    scene.specification.teams.insert("web".to_owned(), Team { members: vec![certified_mei()], ..Team::default() });
    assert_eq!(scene.why_not(), "not a member of orders");
    scene.state.teams.insert("shop/orders".to_owned(), Membership::Members(vec!["Mei".to_owned()]));
    assert_eq!(scene.why_not(), "");
}

#[test]
fn more_opinions_of_others_change_nothing_about_one() {
    let scene = Scene::new();
    let mut crowded = Scene::new();
    for login in ["a", "z"] {
        let opinion = Opinion { login: login.to_owned(), ..crowded.state.opinions[0].clone() };
        crowded.state.opinions.push(opinion);
    }
    let requirement = crowded.requirement();
    let logins: Vec<&str> = requirement.approvals.iter().map(|approval| approval.login.raw()).collect();
    assert_eq!(logins, ["a", "mei", "z"]);
    assert_eq!(requirement.approvals[1], scene.requirement().approvals[0]);
}

#[test]
fn where_nobody_knows_who_pushed_last_one_approval_is_not_enough_row_145() {
    let mut scene = Scene::new();
    scene.state.last_pusher.clear();
    let requirement = scene.requirement();
    // Mei may have pushed; her word is not thrown away, it is not enough.
    assert_eq!((requirement.met, requirement.count, requirement.approvals[0].counts), (false, 2, true));
    assert_eq!(requirement.reason.raw(), "large\none approval more is needed, as it is not known who pushed last");
    let opinion = Opinion { login: "kofi".to_owned(), ..scene.state.opinions[0].clone() };
    scene.state.opinions.push(opinion);
    scene.state.people.insert("kofi".to_owned(), Person { kind: AccountKind::Human, writes: Answer::Yes });
    let orders = scene.specification.teams.get_mut("orders").unwrap();
    orders.members.push(Member { handle: "@kofi".to_owned(), ..certified_mei() });
    assert!(scene.requirement().met, "one of the two has not pushed last");
    scene.state.last_pusher = "kofi".to_owned();
    let requirement = scene.requirement();
    assert_eq!((requirement.met, requirement.count), (true, 1), "it is known, and was one of them");
}
