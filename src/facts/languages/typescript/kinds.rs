//! Which node kinds of the TypeScript and JavaScript grammars mean which fact.

use super::super::SymbolKind::{Fixed, Told};
use super::super::{
    CallKind, Callee, Definition, Dressing, ImportKind, Place, Shows, Wrapper, body_of_field, body_of_value, defines,
    no_body, no_container, parentheses,
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

const PARENTHESES: Dressing =
    parentheses(&["if_statement", "while_statement", "do_statement", "switch_statement", "with_statement"]);

/// `a?.b()` is `a.b()` to whoever asks which method is called.
const OPTIONAL: Dressing = Dressing::Within {
    node: "optional_chain",
    token: ".",
    parents: &["member_expression", "subscript_expression", "call_expression"],
};

/// `a.b?.()`: the TypeScript grammar gives it no node of its own.
const OPTIONAL_CALL: Dressing = Dressing::Within { node: "?.", token: "", parents: &["call_expression"] };

const fn typed(node: &'static str, written: &'static [&'static str]) -> Dressing {
    Dressing::Around { node, shows: Shows::First, required_in: &[], written }
}

const TYPE_ARGUMENTS: Dressing =
    Dressing::Within { node: "type_arguments", token: "", parents: &["call_expression", "new_expression"] };

pub(in super::super) const PLAIN_DRESSINGS: &[Dressing] = &[PARENTHESES, OPTIONAL];

/// Without the last, which is markup in TSX.
pub(super) const TYPED_DRESSINGS: &[Dressing] = match ASSERTED_DRESSINGS.split_last() {
    Some((_, typed)) => typed,
    None => &[],
};

/// `<T>a` is a type assertion where it is no markup.
pub(super) const ASSERTED_DRESSINGS: &[Dressing] = &[
    PARENTHESES,
    OPTIONAL,
    OPTIONAL_CALL,
    TYPE_ARGUMENTS,
    typed("as_expression", &[" as ", "\\sas"]),
    typed("instantiation_expression", &["<"]),
    typed("non_null_expression", &["!"]),
    typed("satisfies_expression", &["satisfies"]),
    Dressing::Around { node: "type_assertion", shows: Shows::Last, required_in: &[], written: &["<"] },
];
