use super::{Callee, Dressing, LANGUAGES};

fn dressing(row: &Dressing) -> &'static str {
    let (Dressing::Around { node, .. } | Dressing::Within { node, .. }) = row;
    node
}

fn named_kinds(language: &super::Language) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = language.definitions.iter().map(|row| row.node).collect();
    kinds.extend(language.scopes.iter().map(|row| row.node));
    kinds.extend(language.wrappers.iter().map(|row| row.node));
    kinds.extend(language.imports.iter().map(|row| row.node));
    kinds.extend(language.calls.iter().map(|row| row.node));
    kinds.extend(language.dressings.iter().map(dressing).filter(|kind| *kind != "?."));
    kinds.extend(language.exports.iter().map(|row| row.0));
    kinds.extend(language.locals.iter().chain(language.leads).chain(language.comments).copied());
    kinds
}

#[test]
fn every_named_kind_and_field_resolves_in_the_pinned_grammar() {
    for language in LANGUAGES {
        let grammar = (language.grammar)();
        for kind in named_kinds(language) {
            assert_ne!(grammar.id_for_node_kind(kind, true), 0, "{}: kind {kind}", language.id);
        }
        for dressing in language.dressings {
            let (Dressing::Around { required_in: parents, .. } | Dressing::Within { parents, .. }) = dressing;
            for kind in *parents {
                assert_ne!(grammar.id_for_node_kind(kind, true), 0, "{}: kind {kind}", language.id);
            }
        }
        for call in language.calls {
            let field = match call.callee {
                Callee::Field(field)
                | Callee::Prefixed(_, field)
                | Callee::Suffixed(field, _)
                | Callee::Through(field) => field,
            };
            assert!(grammar.field_id_for_name(field).is_some(), "{}: field {field}", language.id);
        }
    }
}

#[test]
fn fields_named_in_the_code_of_a_language_resolve_in_its_grammar() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/facts/languages");
    for language in LANGUAGES {
        let folder = if language.id == "tsx" || language.id == "javascript" { "typescript" } else { language.id };
        let grammar = (language.grammar)();
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for field in text.split("child_by_field_name(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let other = ["typescript", "javascript", "tsx"].contains(&language.id);
                assert!(grammar.field_id_for_name(field).is_some() || other, "{}: field {field}", language.id);
            }
        }
    }
}

#[test]
fn each_grammar_is_the_one_that_its_language_was_written_for() {
    let actual = LANGUAGES.iter().map(|language| {
        let grammar = (language.grammar)();
        (language.id, (grammar.node_kind_count(), grammar.parse_state_count()))
    });
    let declared = LANGUAGES.iter().map(|language| (language.id, language.identity));
    assert_eq!(actual.collect::<Vec<_>>(), declared.collect::<Vec<_>>());
}

#[test]
fn the_list_is_sorted_and_names_every_folder() {
    let ids: Vec<&str> = LANGUAGES.iter().map(|language| language.id).collect();
    assert!(ids.is_sorted());
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/facts/languages");
    let mut folders: Vec<String> = std::fs::read_dir(root)
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(ids, folders);
}

#[test]
fn no_two_languages_claim_the_same_name() {
    let mut seen = std::collections::BTreeSet::new();
    for language in LANGUAGES {
        for name in language.extensions.iter().chain(language.file_names) {
            assert!(seen.insert(*name), "{name}");
        }
        assert!(seen.insert(language.id) || language.extensions.contains(&language.id));
    }
}
