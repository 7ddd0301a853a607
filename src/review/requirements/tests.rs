use std::collections::{BTreeMap, BTreeSet};

use super::required;
use crate::finding::RuleId;
use crate::review::decision_record::Records;
use crate::review::reached::Reached;
use crate::review::{DECISION_RECORD, Requirement, Review, ReviewRequest};

fn request(rule: &str, layer: u8, team: &str, count: u32) -> ReviewRequest {
    ReviewRequest {
        rule: RuleId::new(rule).unwrap(),
        reason: rule.into(),
        layer,
        team: team.into(),
        count,
        certified: String::new(),
        paths: Vec::new(),
        record: false,
    }
}

fn certified(request: ReviewRequest) -> ReviewRequest {
    ReviewRequest { certified: "ai".to_owned(), ..request }
}

fn about(request: ReviewRequest, paths: &[&str]) -> ReviewRequest {
    ReviewRequest { paths: paths.iter().map(|path| (*path).to_owned()).collect(), ..request }
}

fn set(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

fn reached(owners: &[(&str, &[&str])], unowned: &[&str]) -> Reached {
    let owners: BTreeMap<_, _> = owners.iter().map(|(owner, paths)| ((*owner).to_owned(), set(paths))).collect();
    Reached { owners, unowned: set(unowned) }
}

fn review(requests: &[ReviewRequest], reached: &Reached) -> Review {
    required(requests, reached, &Records::default())
}

fn ids(review: &Review) -> Vec<&str> {
    review.requirements.iter().map(|requirement| requirement.id.as_str()).collect()
}

fn of<'r>(review: &'r Review, id: &str) -> &'r Requirement {
    review.requirements.iter().find(|requirement| requirement.id == id).unwrap()
}

fn paths(requirement: &Requirement) -> Vec<&str> {
    requirement.paths.iter().map(|path| path.raw()).collect()
}

#[test]
fn nothing_asked_is_layer_one_without_requirements_whoever_is_reached() {
    let reached = reached(&[("web", &["a"])], &["b"]);
    assert_eq!(review(&[], &reached), Review { layer: 1, requirements: Vec::new() });
    assert_eq!(review(&[request("a", 1, "", 1)], &reached).requirements, Vec::new());
}

#[test]
fn requests_of_one_layer_and_team_join_with_the_largest_count() {
    let requests = [request("b", 2, "web", 1), request("a", 2, "web", 2), request("c", 3, "", 1)];
    let review = Review::of(&requests);
    assert_eq!(review.layer, 3);
    assert_eq!(ids(&review), ["layer-3", "layer-2/web"]);
    assert_eq!(review.requirements[1].count, 2);
    assert_eq!(review.requirements[1].rules.len(), 2);
}

#[test]
fn equal_reasons_are_told_once_and_every_reason_is_one_line() {
    let mut broken = request("c", 2, "", 1);
    broken.reason = "two\nlines; and more".into();
    let review = Review::of(&[broken, request("b", 2, "", 1), request("b", 2, "", 1)]);
    assert_eq!(review.requirements[0].reason.raw(), "b\ntwo lines; and more");
}

#[test]
fn layer_two_is_met_by_every_owner_reached() {
    let reached = reached(&[("orders", &["o/a", "o/b"]), ("web", &["w/a"])], &[]);
    let review = review(&[request("size", 2, "", 1)], &reached);
    assert_eq!(ids(&review), ["layer-2/orders", "layer-2/web"]);
    let orders = of(&review, "layer-2/orders");
    assert_eq!(orders.reason.raw(), "owns o/a and 1 more file of the change\nsize");
    assert_eq!((paths(orders), orders.rules[0].as_str()), (vec!["o/a", "o/b"], "size"));
    assert_eq!(of(&review, "layer-2/web").reason.raw(), "owns w/a\nsize");
}

#[test]
fn a_request_that_names_a_team_keeps_it_beside_the_owners() {
    let review = review(&[request("crypto", 2, "security", 1)], &reached(&[("orders", &["o/a"])], &[]));
    assert_eq!(ids(&review), ["layer-2/orders", "layer-2/security"]);
    assert_eq!(of(&review, "layer-2/orders").rules[0].as_str(), "crypto");
    assert_eq!(of(&review, "layer-2/security").reason.raw(), "crypto");
}

#[test]
fn files_without_an_owner_need_anyone_who_may_approve() {
    let asked = [request("size", 2, "", 1)];
    assert_eq!(ids(&Review::of(&asked)), ["layer-2"]);
    let some = review(&asked, &reached(&[("orders", &["o/a"])], &["x"]));
    assert_eq!(ids(&some), ["layer-2", "layer-2/orders"]);
    assert_eq!(paths(of(&some, "layer-2")), ["x"]);
    // A team that is named is enough for them.
    assert_eq!(ids(&review(&[request("size", 2, "web", 1)], &reached(&[], &["x"]))), ["layer-2/web"]);
}

#[test]
fn layer_three_asks_the_owners_and_one_who_may_give_it() {
    let reached = reached(&[("orders", &["o/a"])], &["x"]);
    let plain = review(&[request("boundary", 3, "", 1)], &reached);
    assert_eq!((plain.layer, ids(&plain)), (3, vec!["layer-3", "layer-2/orders"]));
    let named = review(&[request("boundary", 3, "web", 2)], &reached);
    assert_eq!(ids(&named), ["layer-3", "layer-3/web", "layer-2/orders"]);
    assert_eq!((of(&named, "layer-3").count, of(&named, "layer-3/web").count), (1, 2));
}

#[test]
fn a_depth_beyond_the_last_layer_is_the_last_layer() {
    assert_eq!(Review::of(&[request("a", 9, "", 1)]).layer, 3);
    assert_eq!(Review::of(&[request("a", 0, "", 1)]).layer, 1);
}

#[test]
fn handles_of_codeowners_are_one_requirement() {
    let review = review(&[request("size", 2, "", 1)], &reached(&[("@ines | @shop/web", &["a"])], &[]));
    assert_eq!(ids(&review), ["layer-2/@ines | @shop/web"]);
    assert_eq!(review.requirements[0].team.raw(), "@ines | @shop/web");
}

#[test]
fn a_requirement_with_a_certificate_holds_the_one_without() {
    let reached = reached(&[("orders", &["o/a"])], &[]);
    let both = review(&[certified(request("ai", 2, "", 1)), request("size", 2, "", 1)], &reached);
    assert_eq!(ids(&both), ["layer-2/orders+ai"]);
    assert_eq!(of(&both, "layer-2/orders+ai").certified.raw(), "ai");
    assert_eq!(of(&both, "layer-2/orders+ai").rules.len(), 2);
}

#[test]
fn a_larger_or_wider_requirement_stays_beside_one_with_a_certificate() {
    let two = Review::of(&[certified(request("ai", 2, "web", 1)), request("size", 2, "web", 2)]);
    assert_eq!(ids(&two), ["layer-2/web", "layer-2/web+ai"]);
    let wider = Review::of(&[certified(about(request("ai", 2, "web", 1), &["a"])), request("size", 2, "web", 1)]);
    assert_eq!(ids(&wider), ["layer-2/web", "layer-2/web+ai"]);
}

#[test]
fn paths_join_and_a_request_about_everything_takes_all() {
    let some = [about(request("a", 3, "core", 1), &["x"]), about(request("b", 3, "core", 1), &["w", "x"])];
    let review = Review::of(&some);
    assert_eq!(paths(of(&review, "layer-3/core")), ["w", "x"]);
    // What surrounds the place that asked is part of the architects' decision.
    assert!(of(&review, "layer-3").paths.is_empty());
    let all = [some[0].clone(), request("c", 3, "core", 1)];
    assert!(of(&Review::of(&all), "layer-3/core").paths.is_empty());
}

#[test]
fn a_wish_for_a_record_is_a_requirement_of_its_own_at_layer_three() {
    let wish = ReviewRequest { record: true, ..request("boundary", 2, "", 1) };
    let review = review(&[wish], &reached(&[("orders", &["o/a"])], &[]));
    assert_eq!((review.layer, ids(&review)), (3, vec!["layer-3", DECISION_RECORD, "layer-2/orders"]));
    let record = of(&review, DECISION_RECORD);
    assert_eq!((record.layer, record.count, record.met), (3, 0, false));
}

/// A fixed stream of numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        let index = self.below(of.len() as u64);
        of[usize::try_from(index).unwrap()]
    }

    fn request(&mut self) -> ReviewRequest {
        let rule = self.pick(&["a", "b", "c"]);
        let mut made = request(rule, 0, self.pick(&["", "", "orders", "web"]), 1);
        made.layer = u8::try_from(1 + self.below(3)).unwrap();
        made.count = u32::try_from(self.below(3)).unwrap();
        made.certified = self.pick(&["", "", "ai", "crypto"]).to_owned();
        made.record = self.below(6) == 0;
        let paths: BTreeSet<&str> = (0..self.below(3)).map(|_| self.pick(&["x", "y", "z"])).collect();
        about(made, &paths.into_iter().collect::<Vec<_>>())
    }

    /// Puts one more file somewhere.
    fn reach(&mut self, reached: &mut Reached) {
        let path = self.pick(&["x", "y", "z", "u", "v"]).to_owned();
        match self.pick(&["", "orders", "web", "@ines | @shop/web"]) {
            "" => reached.unowned.insert(path),
            owner => reached.owners.entry(owner.to_owned()).or_default().insert(path),
        };
    }
}

/// Says whether everything that meets `more` meets `less`.
fn holds(more: &Requirement, less: &Requirement) -> bool {
    let wider =
        more.paths.is_empty() || !less.paths.is_empty() && less.paths.iter().all(|path| more.paths.contains(path));
    (more.layer, &more.team) == (less.layer, &less.team)
        && more.count >= less.count
        && (less.certified.is_empty() || more.certified == less.certified)
        && wider
}

#[test]
fn more_blast_radius_never_lowers_the_layer_and_never_takes_a_requirement_away() {
    let mut numbers = Numbers(20_261_121);
    for round in 0..4_000 {
        let mut requests: Vec<ReviewRequest> = (0..numbers.below(4)).map(|_| numbers.request()).collect();
        let mut reached = Reached::default();
        // A change has files; each has an owner or none.
        (0..=numbers.below(3)).for_each(|_| numbers.reach(&mut reached));
        let before = review(&requests, &reached);
        if round % 2 == 0 {
            requests.push(numbers.request());
        } else {
            numbers.reach(&mut reached);
        }
        let after = review(&requests, &reached);
        assert!(after.layer >= before.layer, "{requests:#?} {reached:#?}");
        for less in &before.requirements {
            let kept = after.requirements.iter().any(|more| holds(more, less));
            assert!(kept, "{less:#?} fell away: {requests:#?} {reached:#?} {after:#?}");
        }
    }
}

#[test]
fn order_of_requests_never_matters() {
    let mut numbers = Numbers(7);
    for _ in 0..500 {
        let mut requests: Vec<ReviewRequest> = (0..5).map(|_| numbers.request()).collect();
        let mut reached = Reached::default();
        (0..3).for_each(|_| numbers.reach(&mut reached));
        let before = review(&requests, &reached);
        requests.reverse();
        assert_eq!(before, review(&requests, &reached));
    }
}

#[test]
fn every_id_is_there_once() {
    let mut numbers = Numbers(99);
    for _ in 0..500 {
        let requests: Vec<ReviewRequest> = (0..6).map(|_| numbers.request()).collect();
        let mut reached = Reached::default();
        (0..3).for_each(|_| numbers.reach(&mut reached));
        let review = review(&requests, &reached);
        let unique: BTreeSet<&str> = ids(&review).into_iter().collect();
        assert_eq!(unique.len(), review.requirements.len());
        assert!(review.requirements.is_sorted_by_key(|requirement| std::cmp::Reverse(requirement.layer)));
    }
}
