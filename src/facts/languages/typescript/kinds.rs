//! Which node kinds of the TypeScript and JavaScript grammars mean which fact.

use super::super::SymbolKind::{Fixed, Told};
use super::super::{
    CallKind, Callee, Definition, ImportKind, Place, Wrapper, body_of_field, body_of_value, defines, no_body,
    no_container,
};

const fn bound(node: &'static str) -> Definition {
    Definition {
        node,
        symbol: Told(super::bound_kind),
        names: super::bound,
        body: super::bound_body,
        container: no_container,
        place: Place::NotLocal,
    }
}

/// `exports.a = function ...`.
const ASSIGNED: Definition = Definition {
    node: "assignment_expression",
    symbol: Told(super::assigned_kind),
    names: super::assigned,
    body: super::assigned_body,
    container: no_container,
    place: Place::NotLocal,
};

const fn field(node: &'static str) -> Definition {
    Definition {
        node,
        symbol: Told(super::field_kind),
        names: super::member_names,
        body: super::field_body,
        container: no_container,
        place: Place::Member,
    }
}

const fn method(node: &'static str) -> Definition {
    Definition {
        node,
        symbol: Fixed("method"),
        names: super::member_names,
        body: body_of_field,
        container: no_container,
        place: Place::Member,
    }
}

pub(in super::super) const TYPED: &[Definition] = &[
    defines("function_declaration", Fixed("function")),
    defines("generator_function_declaration", Fixed("function")),
    defines("function_signature", Fixed("function")),
    defines("class_declaration", Fixed("class")),
    defines("abstract_class_declaration", Fixed("class")),
    defines("interface_declaration", Fixed("interface")),
    defines("type_alias_declaration", Fixed("type")),
    defines("enum_declaration", Fixed("enum")),
    Definition {
        node: "internal_module",
        symbol: Fixed("module"),
        names: super::module_names,
        body: body_of_field,
        container: no_container,
        place: Place::Anywhere,
    },
    Definition {
        node: "module",
        symbol: Fixed("module"),
        names: super::module_names,
        body: body_of_field,
        container: no_container,
        place: Place::Anywhere,
    },
    bound("lexical_declaration"),
    bound("variable_declaration"),
    ASSIGNED,
    field("public_field_definition"),
    method("method_definition"),
    method("method_signature"),
    method("abstract_method_signature"),
    Definition {
        node: "property_signature",
        symbol: Fixed("field"),
        names: super::member_names,
        body: no_body,
        container: no_container,
        place: Place::Member,
    },
    Definition {
        node: "enum_assignment",
        symbol: Fixed("constant"),
        names: super::enum_names,
        body: body_of_value,
        container: no_container,
        place: Place::Member,
    },
];

pub(in super::super) const PLAIN: &[Definition] = &[
    defines("function_declaration", Fixed("function")),
    defines("generator_function_declaration", Fixed("function")),
    defines("class_declaration", Fixed("class")),
    bound("lexical_declaration"),
    bound("variable_declaration"),
    ASSIGNED,
    field("field_definition"),
    method("method_definition"),
];

pub(in super::super) const LOCALS: &[&str] = &[
    "arrow_function",
    "function_expression",
    "generator_function",
    "if_statement",
    "for_statement",
    "for_in_statement",
    "while_statement",
    "do_statement",
    "try_statement",
    "switch_statement",
    "class_static_block",
];

pub(in super::super) const WRAPPERS: &[Wrapper] =
    &[Wrapper { node: "export_statement", exports: true, grouped: false }];

pub(in super::super) const TYPED_IMPORTS: &[ImportKind] = &[
    ImportKind { node: "import_statement", read: super::source_of },
    ImportKind { node: "import_require_clause", read: super::source_of },
    ImportKind { node: "export_statement", read: super::source_of },
];

pub(in super::super) const PLAIN_IMPORTS: &[ImportKind] = &[
    ImportKind { node: "import_statement", read: super::source_of },
    ImportKind { node: "export_statement", read: super::source_of },
];

pub(in super::super) const CALLS: &[CallKind] = &[
    CallKind { node: "call_expression", callee: Callee::Field("function") },
    CallKind { node: "new_expression", callee: Callee::Prefixed("new", "constructor") },
];
