use crate::bench::{added, all_faults, document, hosted, judged, specification};
use portcullis::enforcement::RuleBook;
use portcullis::enforcement::contracts::fill;
use portcullis::specification::Specification;
use portcullis::specification::contract::{Consumer, Contract};

fn shop(rule: &str) -> Specification {
    let mut specification = specification(rule);
    for (id, provider, source, stability, layer) in [
        ("CON-ORD-RPC", "orders", "proto/**/*.proto", "stable", 3),
        ("CON-ORD-BETA", "orders", "beta/*.json", "beta", 2),
        ("CON-PAY-API", "payments", "api/*.yaml", "stable", 3),
    ] {
        let contract = Contract {
            id: id.to_owned(),
            title: "Orders RPC".to_owned(),
            kind: "protobuf".to_owned(),
            provider: provider.to_owned(),
            source: source.to_owned(),
            stability: stability.to_owned(),
            layer,
            consumers: vec![Consumer { system: "web".to_owned(), uses: Vec::new() }],
            ..Contract::default()
        };
        specification.contracts.insert(id.to_owned(), contract);
    }
    specification
}

/// Returns the touched contracts, and the layers with the reasons that the rule asks for.
fn asked(rule: &str, path: &str) -> (Vec<String>, Vec<(u8, String)>) {
    let (book, faults) = RuleBook::of(shop(rule), hosted());
    assert_eq!(faults, vec![]);
    let files = [added(path, "x\n")];
    let mut input = document(&book, &files);
    fill(&book, &mut input);
    assert_eq!(input.change.totals.contracts as usize, input.contracts.len());
    let enforced = judged(&book, &input, &files);
    assert_eq!(enforced.drafts, vec![]);
    let asked = enforced.requests.iter().map(|request| (request.layer, request.reason.raw().to_owned()));
    (input.contracts.iter().map(|entry| format!("{} {}", entry.id, entry.verdict)).collect(), asked.collect())
}

const ALL: &str = "enforce: {contracts: {all: true}}";

#[test]
fn a_touched_contract_of_this_system_is_told_and_asks_for_its_layer() {
    let reason = "Orders RPC (CON-ORD-RPC) is touched: proto/a/b.proto".to_owned();
    assert_eq!(asked(ALL, "proto/a/b.proto"), (vec!["CON-ORD-RPC unknown".to_owned()], vec![(3, reason)]));
    assert_eq!(asked(ALL, "proto.txt"), (vec![], vec![]));
    assert_eq!(asked(ALL, "api/a.yaml"), (vec![], vec![]), "another repository provides it");
}

#[test]
fn a_beta_contract_an_advisory_rule_and_another_id_ask_for_nothing() {
    assert_eq!(asked(ALL, "beta/a.json"), (vec!["CON-ORD-BETA unknown".to_owned()], vec![]));
    assert_eq!(asked(&format!("status: advisory\n{ALL}"), "proto/b.proto").1, vec![]);
    assert_eq!(asked("enforce: {contracts: {ids: [CON-ORD-BETA]}}", "proto/b.proto").1, vec![]);
    assert_eq!(asked("paths: [\"src/**\"]\nenforce: {contracts: {all: true}}", "proto/b.proto").1, vec![]);
}

#[test]
fn an_unknown_contract_is_told_with_the_nearest_one() {
    let one = |text: &str| all_faults(shop(&format!("enforce: {{contracts: {{{text}}}}}")));
    assert!(one("ids: [CON-ORD-RCP]")[0].contains("Did you mean `CON-ORD-"), "{:?}", one("ids: [CON-ORD-RCP]"));
    assert!(one("all: true, ids: [CON-ORD-RPC]")[0].contains("exactly one"));
    assert_eq!(one("all: false").len(), 1);
    assert_eq!(one("ids: [CON-ORD-RPC]"), Vec::<String>::new());
}
