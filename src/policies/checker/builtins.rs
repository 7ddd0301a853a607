//! The builtins that policies may call: an allow-list of pure ones.
//!
//! Owns the list, and why a well-known builtin is not on it. Arity comes from the engine. A new builtin is one line.

use regorus::unstable::BUILTINS;

/// Builtins whose answer depends on nothing but their arguments, sorted.
pub(crate) const ALLOWED: &[&str] = &[
    "abs",
    "array.concat",
    "array.reverse",
    "array.slice",
    "base64.decode",
    "base64.encode",
    "base64.is_valid",
    "base64url.decode",
    "base64url.encode",
    "base64url.encode_no_pad",
    "bits.and",
    "bits.lsh",
    "bits.negate",
    "bits.or",
    "bits.rsh",
    "bits.xor",
    "ceil",
    "concat",
    "contains",
    "count",
    "endswith",
    "floor",
    "format_int",
    "glob.match",
    "glob.quote_meta",
    "graph.reachable",
    "graph.reachable_paths",
    "hex.decode",
    "hex.encode",
    "indexof",
    "indexof_n",
    "intersection",
    "is_array",
    "is_boolean",
    "is_null",
    "is_number",
    "is_object",
    "is_set",
    "is_string",
    "json.filter",
    "json.is_valid",
    "json.marshal",
    "json.marshal_with_options",
    "json.patch",
    "json.remove",
    "json.unmarshal",
    "lower",
    "max",
    "min",
    "numbers.range",
    "numbers.range_step",
    "object.filter",
    "object.get",
    "object.keys",
    "object.remove",
    "object.subset",
    "object.union",
    "object.union_n",
    "product",
    "regex.find_all_string_submatch_n",
    "regex.find_n",
    "regex.is_valid",
    "regex.match",
    "regex.replace",
    "regex.split",
    "regex.template_match",
    "replace",
    "round",
    "semver.compare",
    "semver.is_valid",
    "sort",
    "split",
    "sprintf",
    "startswith",
    "strings.any_prefix_match",
    "strings.any_suffix_match",
    "strings.count",
    "strings.replace_n",
    "strings.reverse",
    "substring",
    "sum",
    "time.add_date",
    "time.clock",
    "time.date",
    "time.diff",
    "time.format",
    "time.parse_duration_ns",
    "time.parse_ns",
    "time.parse_rfc3339_ns",
    "time.weekday",
    "to_number",
    "trim",
    "trim_left",
    "trim_prefix",
    "trim_right",
    "trim_space",
    "trim_suffix",
    "type_name",
    "union",
    "units.parse",
    "units.parse_bytes",
    "upper",
    "urlquery.decode",
    "urlquery.decode_object",
    "urlquery.encode",
    "urlquery.encode_object",
    "walk",
    "yaml.is_valid",
    "yaml.marshal",
    "yaml.unmarshal",
];

/// Builtins that the engine does not have: the loader answers them.
const METADATA: &[&str] = &["rego.metadata.chain", "rego.metadata.rule"];

/// How many arguments a builtin takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arity {
    /// Exactly this many.
    Exactly(usize),
    /// Any number; only `print`.
    Any,
}

/// Returns the arity of a builtin that policies may call.
pub(crate) fn arity(name: &str) -> Option<Arity> {
    if name == "print" {
        return Some(Arity::Any);
    }
    if METADATA.contains(&name) {
        return Some(Arity::Exactly(0));
    }
    ALLOWED.binary_search(&name).ok()?;
    BUILTINS.get(name).map(|builtin| Arity::Exactly(usize::from(builtin.1)))
}

/// Says why a builtin is not offered, whether this engine has it or not.
pub(crate) fn refusal(name: &str) -> Option<&'static str> {
    const EXACT: &[(&str, &str)] = &[
        ("all", "OPA took it out of the language"),
        ("any", "OPA took it out of the language"),
        ("cast_array", "OPA took it out of the language"),
        ("cast_boolean", "OPA took it out of the language"),
        ("cast_null", "OPA took it out of the language"),
        ("cast_object", "OPA took it out of the language"),
        ("cast_set", "OPA took it out of the language"),
        ("cast_string", "OPA took it out of the language"),
        ("parse_combined_config_files", "policies open no file"),
        ("parse_config", "the gate reads the documents, policies do not"),
        ("parse_config_file", "policies open no file"),
        ("re_match", "OPA took it out of the language"),
        ("set_diff", "OPA took it out of the language"),
        ("time.now_ns", "it reads the clock; the same input would give another answer tomorrow"),
        ("trace", "it writes to the engine's trace; use `print`"),
    ];
    const FAMILIES: &[(&str, &str)] = &[
        ("crypto.", "cryptography is not offered to policies"),
        ("graphql.", "GraphQL is not offered to policies"),
        ("http.", "policies open no connection"),
        ("io.", "tokens are not offered to policies"),
        ("net.", "policies do not touch the network"),
        ("opa.", "it reads the environment of the process"),
        ("providers.", "cloud requests are not offered to policies"),
        ("rand.", "it is random; the same input would give another answer"),
        ("rego.", "policies do not read policies"),
        ("uuid.", "it is random; the same input would give another answer"),
    ];
    if METADATA.contains(&name) {
        return None;
    }
    if let Some((_, why)) = EXACT.iter().find(|(exact, _)| *exact == name) {
        return Some(why);
    }
    if let Some((_, why)) = FAMILIES.iter().find(|(family, _)| name.starts_with(family)) {
        return Some(why);
    }
    let in_engine = BUILTINS.get(name).is_some() && ALLOWED.binary_search(&name).is_err();
    in_engine.then_some("it is not on the list of pure builtins")
}

/// Returns what to do without a builtin that is not offered.
pub(crate) fn instead(name: &str) -> &'static str {
    const EXACT: &[(&str, &str)] = &[
        ("all", "write `every x in xs { x }`"),
        ("any", "write `true in xs`"),
        ("re_match", "write `regex.match`"),
        ("set_diff", "write `a - b`"),
        ("time.now_ns", "compare with a date of a data file, and let a scheduled job judge what ends with time"),
        ("trace", "write `print`"),
    ];
    const FAMILIES: &[(&str, &str)] = &[
        ("cast_", "ask with `is_array`, `is_boolean`, `is_null`, `is_object`, `is_set` or `is_string`"),
        ("crypto.", "compare digests that a data file names, or judge this where the secret is issued"),
        ("http.", "bring the answer in as a data file of the base branch (`data:` of the entry)"),
        ("io.", "judge tokens where they are issued"),
        ("net.", "bring the addresses in as a data file of the base branch (`data:` of the entry)"),
        ("opa.", "write the value into a data file of the base branch (`data:` of the entry)"),
        ("parse_co", "in a test write the value itself, such as `{\"kind\": \"Service\"}`"),
        ("providers.", "bring the answer in as a data file of the base branch (`data:` of the entry)"),
        ("rand.", "take the value from the document"),
        ("rego.", "write the value out"),
        ("uuid.", "take the value from the document"),
    ];
    let exact = EXACT.iter().find(|(exact, _)| *exact == name);
    let family = FAMILIES.iter().find(|(family, _)| name.starts_with(family));
    exact.or(family).map_or("", |(_, instead)| instead)
}

#[cfg(test)]
mod tests {
    use regorus::unstable::BUILTINS;

    use super::{ALLOWED, Arity, arity, refusal};

    #[test]
    fn every_allowed_builtin_exists_and_the_list_is_sorted() {
        assert!(ALLOWED.is_sorted());
        for name in ALLOWED {
            assert!(BUILTINS.get(name).is_some(), "{name}");
            assert!(refusal(name).is_none(), "{name}");
        }
        assert_eq!(arity("concat"), Some(Arity::Exactly(2)));
    }

    #[test]
    fn every_builtin_of_the_engine_is_allowed_or_refused() {
        for name in BUILTINS.keys() {
            assert!(arity(name).is_some() != refusal(name).is_some(), "{name}");
        }
        for name in ["http.send", "time.now_ns", "rand.intn", "uuid.rfc4122", "opa.runtime", "net.lookup_ip_addr"] {
            assert!(refusal(name).is_some(), "{name}");
        }
        assert!(refusal("https_only").is_none());
    }
}
