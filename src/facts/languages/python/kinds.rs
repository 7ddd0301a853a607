//! Which node kinds of the Python grammar mean which fact.

use super::super::SymbolKind::{Fixed, Member, Told};
use super::super::{
    CallKind, Callee, Definition, Dressing, ImportKind, Place, Wrapper, defines, no_body, no_container, parentheses,
};

pub(super) const DEFINITIONS: &[Definition] = &[
    defines("function_definition", Member("method", "function")),
    defines("class_definition", Fixed("class")),
    Definition {
        node: "assignment",
        symbol: Told(super::assigned_kind),
        names: super::assigned,
        body: super::assigned_value,
        container: no_container,
        place: Place::NotLocal,
    },
    Definition {
        node: "type_alias_statement",
        symbol: Fixed("type"),
        names: |text, node| {
            let left = super::field_text(text, node, "left");
            left.split('[')
                .next()
                .filter(|name| !name.is_empty())
                .map(|name| name.trim().to_owned())
                .into_iter()
                .collect()
        },
        body: no_body,
        container: no_container,
        place: Place::NotLocal,
    },
];

pub(super) const WRAPPERS: &[Wrapper] = &[Wrapper { node: "decorated_definition", exports: false, grouped: false }];

pub(super) const IMPORTS: &[ImportKind] = &[
    ImportKind { node: "import_statement", read: super::imported },
    ImportKind { node: "import_from_statement", read: super::imported_from },
    ImportKind { node: "future_import_statement", read: super::imported_future },
];

pub(super) const CALLS: &[CallKind] = &[CallKind { node: "call", callee: Callee::Field("function") }];

pub(super) const DRESSINGS: &[Dressing] = &[parentheses(&[])];
