//! Which node kinds of the Go grammar mean which fact.

use super::super::SymbolKind::{Fixed, Told};
use super::super::{
    CallKind, Callee, Definition, Dressing, ImportKind, Place, Wrapper, body_of_field, body_of_value, defines,
    names_of_field, no_body, no_container, parentheses,
};

const fn valued(node: &'static str, symbol: &'static str) -> Definition {
    Definition {
        node,
        symbol: Fixed(symbol),
        names: names_of_field,
        body: body_of_value,
        container: no_container,
        place: Place::NotLocal,
    }
}

pub(super) const DEFINITIONS: &[Definition] = &[
    defines("function_declaration", Fixed("function")),
    Definition {
        node: "method_declaration",
        symbol: Fixed("method"),
        names: names_of_field,
        body: body_of_field,
        container: super::receiver,
        place: Place::Anywhere,
    },
    Definition {
        node: "type_spec",
        symbol: Told(super::type_kind),
        names: names_of_field,
        body: super::type_body,
        container: no_container,
        place: Place::Anywhere,
    },
    defines("type_alias", Fixed("type")),
    valued("const_spec", "constant"),
    valued("var_spec", "variable"),
    Definition {
        node: "field_declaration",
        symbol: Fixed("field"),
        names: super::field_names,
        body: no_body,
        container: no_container,
        place: Place::Member,
    },
    Definition {
        node: "method_elem",
        symbol: Fixed("method"),
        names: names_of_field,
        body: no_body,
        container: no_container,
        place: Place::Member,
    },
];

pub(super) const WRAPPERS: &[Wrapper] = &[
    Wrapper { node: "type_declaration", exports: false, grouped: true },
    Wrapper { node: "const_declaration", exports: false, grouped: true },
    Wrapper { node: "var_declaration", exports: false, grouped: true },
];

pub(super) const IMPORTS: &[ImportKind] = &[ImportKind { node: "import_spec", read: super::import_path }];

pub(super) const CALLS: &[CallKind] = &[CallKind { node: "call_expression", callee: Callee::Field("function") }];

pub(super) const DRESSINGS: &[Dressing] =
    &[parentheses(&[]), Dressing::Within { node: "type_arguments", token: "", parents: &["call_expression"] }];
