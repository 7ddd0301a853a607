//! Which node kinds of the Rust grammar mean which fact.

use super::super::SymbolKind::{Fixed, Member};
use super::super::{
    CallKind, Callee, Definition, Dressing, ImportKind, Place, Scope, Shows, body_of_value, defines, names_of_field,
    no_body, no_container, parentheses,
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

const fn member(node: &'static str, symbol: &'static str) -> Definition {
    Definition {
        node,
        symbol: Fixed(symbol),
        names: names_of_field,
        body: no_body,
        container: no_container,
        place: Place::Member,
    }
}

pub(super) const DEFINITIONS: &[Definition] = &[
    defines("function_item", Member("method", "function")),
    defines("function_signature_item", Member("method", "function")),
    Definition {
        node: "struct_item",
        symbol: Fixed("struct"),
        names: names_of_field,
        // The fields of a tuple struct have no names, so they are told by its declaration.
        body: |node| {
            node.child_by_field_name("body")
                .filter(|body| body.kind() == "field_declaration_list")
                .map(|b| b.byte_range())
        },
        container: no_container,
        place: Place::Anywhere,
    },
    defines("union_item", Fixed("struct")),
    defines("enum_item", Fixed("enum")),
    defines("trait_item", Fixed("trait")),
    defines("type_item", Fixed("type")),
    defines("associated_type", Fixed("type")),
    defines("mod_item", Fixed("module")),
    Definition {
        node: "macro_definition",
        symbol: Fixed("macro"),
        names: names_of_field,
        // The rules of a macro are its body: what follows the name.
        body: |node| node.child_by_field_name("name").map(|name| name.end_byte()..node.end_byte()),
        container: no_container,
        place: Place::Anywhere,
    },
    valued("const_item", "constant"),
    valued("static_item", "variable"),
    member("field_declaration", "field"),
    Definition {
        node: "enum_variant",
        symbol: Fixed("constant"),
        names: names_of_field,
        body: body_of_value,
        container: no_container,
        place: Place::Member,
    },
];

pub(super) const SCOPES: &[Scope] = &[Scope { node: "impl_item", name: super::implemented }];

pub(super) const LOCALS: &[&str] = &["closure_expression", "block"];

pub(super) const IMPORTS: &[ImportKind] = &[
    ImportKind { node: "use_declaration", read: super::use_paths },
    ImportKind { node: "mod_item", read: super::module_file },
    ImportKind { node: "extern_crate_declaration", read: super::extern_crate },
];

pub(super) const CALLS: &[CallKind] = &[
    CallKind { node: "call_expression", callee: Callee::Field("function") },
    CallKind { node: "macro_invocation", callee: Callee::Suffixed("macro", "!") },
];

pub(super) const DRESSINGS: &[Dressing] = &[
    parentheses(&[]),
    Dressing::Around { node: "generic_function", shows: Shows::First, required_in: &[], written: &["<"] },
];
