//! Which node kinds of the Java grammar mean which fact.

use super::super::SymbolKind::{Fixed, Told};
use super::super::{
    CallKind, Callee, Definition, Dressing, ImportKind, Place, body_of_field, body_of_value, defines, names_of_field,
    no_container, parentheses,
};

pub(super) const DEFINITIONS: &[Definition] = &[
    defines("class_declaration", Fixed("class")),
    defines("record_declaration", Fixed("class")),
    defines("interface_declaration", Fixed("interface")),
    defines("annotation_type_declaration", Fixed("interface")),
    defines("enum_declaration", Fixed("enum")),
    defines("method_declaration", Fixed("method")),
    defines("constructor_declaration", Fixed("method")),
    defines("compact_constructor_declaration", Fixed("method")),
    Definition {
        node: "annotation_type_element_declaration",
        symbol: Fixed("method"),
        names: names_of_field,
        body: body_of_value,
        container: no_container,
        place: Place::Anywhere,
    },
    Definition {
        node: "field_declaration",
        symbol: Told(super::field_kind),
        names: super::declared,
        body: super::declared_value,
        container: no_container,
        place: Place::NotLocal,
    },
    Definition {
        node: "constant_declaration",
        symbol: Fixed("constant"),
        names: super::declared,
        body: super::declared_value,
        container: no_container,
        place: Place::NotLocal,
    },
    Definition {
        node: "enum_constant",
        symbol: Fixed("constant"),
        names: names_of_field,
        body: body_of_field,
        container: no_container,
        place: Place::NotLocal,
    },
];

pub(super) const IMPORTS: &[ImportKind] = &[ImportKind { node: "import_declaration", read: super::imported }];

pub(super) const CALLS: &[CallKind] = &[
    CallKind { node: "method_invocation", callee: Callee::Through("name") },
    CallKind { node: "object_creation_expression", callee: Callee::Prefixed("new", "type") },
];

pub(super) const DRESSINGS: &[Dressing] = &[
    parentheses(&["if_statement", "while_statement", "do_statement", "switch_expression", "synchronized_statement"]),
    Dressing::Within { node: "type_arguments", token: "", parents: &["method_invocation"] },
];
