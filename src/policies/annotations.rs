//! `rego.metadata.rule()` and `rego.metadata.chain()`: METADATA as a policy reads it, as OPA gives it.
//!
//! Owns the annotations in OPA's form, and the rewriting of the calls: the engine drops comments and tells a builtin
//! nothing of where it is called. Each call becomes a path below `data.portcullis` of exactly its own length, so no line
//! and no column moves. Must not judge what METADATA says: that is `metadata`.

use std::collections::BTreeMap;

use regorus::unstable::{Expr, Rule};
use serde_json::{Map, Value, json};

use super::checker::walk::each_expression;
use super::fault::Place;
use super::metadata::blocks;
use super::module::{ParsedModule, head_reference, static_path};
use super::{Fault, PolicySource};

/// Calls that one load can tell apart: a key is a letter, and a digit or a capital.
const MOST_CALLS: usize = 52 * 36;

/// Where the answers stand: as long as `rego.metadata.` and the shorter of the names, but for the key.
const ROOT: &str = "data.portcullis.r.";

/// The texts for the engine, and the data that they read.
#[derive(Clone, Debug, Default)]
pub(super) struct Rewritten {
    /// By path; a file that calls neither is not here.
    texts: BTreeMap<String, String>,
    /// What the calls answer, by key.
    answers: Map<String, Value>,
}

impl Rewritten {
    /// Returns a file as the engine gets it.
    pub(super) fn source(&self, source: &PolicySource) -> PolicySource {
        let text = self.texts.get(&source.path).unwrap_or(&source.text).clone();
        PolicySource { text, ..source.clone() }
    }

    /// Returns the data that the texts read; none where nothing was rewritten.
    pub(super) fn data(&self) -> Option<Value> {
        (!self.answers.is_empty()).then(|| json!({"portcullis": {"r": self.answers}}))
    }

    /// Says whether nothing was rewritten.
    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// One block, attached.
struct Annotation {
    module: usize,
    line: u32,
    scope: &'static str,
    /// The clause for `rule`, any clause of the name for `document`.
    rule: Option<usize>,
    value: Value,
}

/// Returns the builtin that a name is, without `rego.metadata.`.
fn asked(path: &[String]) -> Option<&'static str> {
    match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["rego", "metadata", "rule"] => Some("rule"),
        ["rego", "metadata", "chain"] => Some("chain"),
        _ => None,
    }
}

/// Rewrites the calls of all modules.
pub(super) fn rewrite(modules: &[ParsedModule<'_>], faults: &mut Vec<Fault>) -> Rewritten {
    let mut rewritten = Rewritten::default();
    if !modules.iter().any(|module| module.source.text.contains("metadata")) {
        return rewritten;
    }
    let annotations: Vec<Annotation> =
        modules.iter().enumerate().flat_map(|(number, module)| annotations(number, module)).collect();
    let mut keys: BTreeMap<(usize, usize, &'static str), String> = BTreeMap::new();
    for (number, module) in modules.iter().enumerate() {
        let mut edits: Vec<(usize, usize, String)> = Vec::new();
        for (position, rule) in module.ast.policy.iter().enumerate() {
            for (start, end, name, line) in calls(module, rule) {
                let count = keys.len();
                let key = keys.entry((number, position, name)).or_insert_with(|| key(count, name));
                if count >= MOST_CALLS {
                    let place = Place { path: &module.source.path, line, column: 0 };
                    let message = format!("more than {MOST_CALLS} rules ask for their METADATA");
                    faults.push(place.fault("too-many", message, "ask in one helper and pass the answer on"));
                    return rewritten;
                }
                let answer = if name == "rule" {
                    own(&annotations, number, position)
                } else {
                    chain(&annotations, modules, number, position)
                };
                rewritten.answers.insert(key.clone(), answer);
                edits.push((start, end, key.clone()));
            }
        }
        if !edits.is_empty() {
            rewritten.texts.insert(module.source.path.clone(), edited(&module.source.text, edits));
        }
    }
    rewritten
}

/// Returns the calls in a rule: first and last byte, which builtin, and the line.
fn calls(module: &ParsedModule<'_>, rule: &Rule) -> Vec<(usize, usize, &'static str, u32)> {
    let text = &module.source.text;
    let mut found = Vec::new();
    each_expression(rule, |expr| {
        let Expr::Call { fcn, params, .. } = expr else { return };
        let (path, complete) = static_path(fcn);
        let Some(name) = asked(&path).filter(|_| complete && params.is_empty()) else { return };
        let stop = fcn.span().end as usize;
        let start = text.get(..stop).and_then(|before| before.rfind("rego"));
        let end =
            text.get(stop..).and_then(|after| after.find(')')).map(|at| stop.saturating_add(at).saturating_add(1));
        if let Some((start, end)) = start.zip(end) {
            found.push((start, end, name, fcn.span().line));
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns the key of a number, as long as the name of the builtin leaves room for.
fn key(number: usize, name: &str) -> String {
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
    let seconds: Vec<char> = ('0'..='9').chain('A'..='Z').collect();
    let first = letters.get(number / seconds.len()).copied().unwrap_or('z');
    let second = seconds.get(number % seconds.len()).copied().unwrap_or('0');
    let ahead = if name == "chain" { "_" } else { "" };
    format!("{ahead}{first}{second}")
}

/// Puts the paths in the place of the calls; what is left over becomes white space.
fn edited(text: &str, mut edits: Vec<(usize, usize, String)>) -> String {
    edits.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end, key) in edits {
        out.push_str(text.get(from..start).unwrap_or(""));
        let old = text.get(start..end).unwrap_or("");
        out.push_str(ROOT);
        out.push_str(&key);
        // What follows keeps its line and its column.
        let taken = ROOT.len().saturating_add(key.len());
        let (lines, rest) = match old.rsplit_once('\n') {
            Some((_, last)) => (old.matches('\n').count(), last.chars().count()),
            None => (0, old.chars().count().saturating_sub(taken)),
        };
        out.push_str(&"\n".repeat(lines));
        out.push_str(&" ".repeat(rest));
        from = end;
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}

/// Reads the blocks of a file and attaches them; what cannot be read has its fault elsewhere.
fn annotations(number: usize, module: &ParsedModule<'_>) -> Vec<Annotation> {
    let mut found = Vec::new();
    for block in blocks(&module.comments) {
        let Some(first) = block.first() else { continue };
        let text: String = block.iter().skip(1).flat_map(|line| [line.text, "\n"]).collect();
        let Ok(Value::Object(top)) = crate::yaml::plain(&text) else { continue };
        let before = first.line < module.ast.package.span.line;
        let entrypoint = top.get("entrypoint").and_then(Value::as_bool).unwrap_or(false);
        let scope = match top.get("scope").and_then(Value::as_str) {
            Some("document") => "document",
            Some("package") => "package",
            Some("subpackages") => "subpackages",
            Some("rule") => "rule",
            _ if before => "package",
            _ if entrypoint => "document",
            _ => "rule",
        };
        let rule = module.ast.policy.iter().position(|rule| rule.span().line > first.line);
        let rule = rule.filter(|_| matches!(scope, "rule" | "document"));
        if before == rule.is_some() && matches!(scope, "rule" | "document") {
            continue;
        }
        found.push(Annotation { module: number, line: first.line, scope, rule, value: object(scope, &top) });
    }
    found
}

/// Returns a block in OPA's form: keys that are empty are left out.
fn object(scope: &str, top: &Map<String, Value>) -> Value {
    let mut object = Map::new();
    object.insert("scope".to_owned(), json!(scope));
    for key in ["id", "title", "description"] {
        if let Some(text) = top.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()) {
            object.insert(key.to_owned(), json!(text));
        }
    }
    if top.get("entrypoint") == Some(&Value::Bool(true)) {
        object.insert("entrypoint".to_owned(), json!(true));
    }
    let list = |key: &str| top.get(key).and_then(Value::as_array).filter(|list| !list.is_empty());
    if let Some(organizations) = list("organizations") {
        object.insert("organizations".to_owned(), json!(organizations));
    }
    if let Some(resources) = list("related_resources") {
        let resource = |item: &Value| item.as_str().map_or_else(|| item.clone(), |address| json!({"ref": address}));
        object.insert("related_resources".to_owned(), resources.iter().map(resource).collect());
    }
    if let Some(authors) = list("authors") {
        object.insert("authors".to_owned(), authors.iter().map(author).collect());
    }
    if let Some(schemas) = list("schemas") {
        object.insert("schemas".to_owned(), schemas.iter().flat_map(schema).collect());
    }
    if let Some(custom) = top.get("custom").and_then(Value::as_object).filter(|custom| !custom.is_empty()) {
        object.insert("custom".to_owned(), json!(custom));
    }
    Value::Object(object)
}

/// Reads `Name <address>`.
fn author(item: &Value) -> Value {
    let Some(text) = item.as_str() else { return item.clone() };
    let mut object = Map::new();
    let (name, email) = match text.trim().rsplit_once('<') {
        Some((name, rest)) => (name.trim(), rest.trim_end_matches('>').trim()),
        None => (text.trim(), ""),
    };
    for (key, value) in [("name", name), ("email", email)] {
        if !value.is_empty() {
            object.insert(key.to_owned(), json!(value));
        }
    }
    Value::Object(object)
}

/// Reads `input.x: schema.y`.
fn schema(item: &Value) -> Vec<Value> {
    let parts = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
    let row = |(path, schema): (&String, &Value)| match schema.as_str() {
        Some(schema) => json!({"path": parts(path), "schema": parts(schema)}),
        None => json!({"path": parts(path), "definition": schema}),
    };
    item.as_object().into_iter().flatten().map(row).collect()
}

/// Returns what stands right above a clause, or an empty mapping.
fn own(annotations: &[Annotation], module: usize, rule: usize) -> Value {
    let mut of_rule: Vec<&Annotation> = of_clause(annotations, module, rule).collect();
    of_rule.sort_by_key(|annotation| annotation.line);
    of_rule.last().map_or_else(|| json!({}), |annotation| annotation.value.clone())
}

fn of_clause(annotations: &[Annotation], module: usize, rule: usize) -> impl Iterator<Item = &Annotation> {
    let is = move |annotation: &&Annotation| {
        annotation.scope == "rule" && annotation.module == module && annotation.rule == Some(rule)
    };
    annotations.iter().filter(is)
}

/// Returns the chain from a clause outwards: rule, document, package, and the packages above it.
fn chain(annotations: &[Annotation], modules: &[ParsedModule<'_>], number: usize, position: usize) -> Value {
    let Some((module, rule)) = modules.get(number).and_then(|module| Some((module, module.ast.policy.get(position)?)))
    else {
        return json!([]);
    };
    let path = full_path(module, rule);
    let mut of_rule: Vec<&Annotation> = of_clause(annotations, number, position).collect();
    of_rule.sort_by_key(|annotation| std::cmp::Reverse(annotation.line));
    let mut links: Vec<Value> =
        of_rule.iter().map(|annotation| json!({"annotations": annotation.value, "path": path})).collect();
    if links.is_empty() {
        links.push(json!({"path": path}));
    }
    let of_pack = |annotation: &&Annotation| {
        modules.get(annotation.module).is_some_and(|other| other.source.pack == module.source.pack)
    };
    let held = |annotation: &Annotation| modules.get(annotation.module);
    for annotation in annotations.iter().filter(of_pack).filter(|annotation| annotation.scope == "document") {
        let target = held(annotation)
            .zip(annotation.rule)
            .and_then(|(module, rule)| Some(full_path(module, module.ast.policy.get(rule)?)));
        if target.as_ref() == Some(&path) {
            links.push(json!({"annotations": annotation.value, "path": path}));
        }
    }
    let package = |annotation: &Annotation| held(annotation).map(|module| module.package.clone()).unwrap_or_default();
    let of_package = annotations
        .iter()
        .filter(of_pack)
        .find(|annotation| annotation.scope == "package" && package(annotation) == module.package);
    links.extend(of_package.map(|annotation| json!({"annotations": annotation.value, "path": module.package})));
    for length in (1..=module.package.len()).rev() {
        let above = module.package.get(..length).unwrap_or_default();
        let found = annotations
            .iter()
            .filter(of_pack)
            .find(|annotation| annotation.scope == "subpackages" && package(annotation) == above);
        links.extend(found.map(|annotation| json!({"annotations": annotation.value, "path": above})));
    }
    Value::Array(links)
}

/// Returns the package and the constant part of a rule's head.
fn full_path(module: &ParsedModule<'_>, rule: &Rule) -> Vec<String> {
    module.package.iter().cloned().chain(static_path(head_reference(rule)).0).collect()
}

#[cfg(test)]
mod tests {
    use super::{ROOT, edited, key};

    #[test]
    fn a_path_is_as_long_as_the_call_that_it_stands_for() {
        assert_eq!(ROOT.len() + key(1_871, "rule").len(), "rego.metadata.rule()".len());
        assert_eq!(ROOT.len() + key(0, "chain").len(), "rego.metadata.chain()".len());
        let keys: std::collections::BTreeSet<String> = (0..1_872).map(|number| key(number, "rule")).collect();
        assert_eq!(keys.len(), 1_872);
    }

    #[test]
    fn lines_and_columns_stay_where_they_are() {
        let keys = || "a0".to_owned();
        let plain = "x := rego.metadata.rule( ).title; y := 1\n";
        assert_eq!(edited(plain, vec![(5, 26, keys())]), "x := data.portcullis.r.a0 .title; y := 1\n");
        let broken = "x := rego.metadata.rule(\n  ).title; y := 1\n";
        assert_eq!(edited(broken, vec![(5, 28, keys())]), "x := data.portcullis.r.a0\n   .title; y := 1\n");
    }
}
