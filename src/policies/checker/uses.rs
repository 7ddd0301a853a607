//! What one use of a name must satisfy: a call its arity, a path its existence, `with` a target that it can replace.
//!
//! Owns the faults of single uses, and the edges and forge facts that follow from them. Must not walk the tree.

use std::collections::BTreeSet;

use regorus::unstable::{Expr, Ref, Span};

use super::builtins::{self, Arity};
use super::index::{Index, Meaning};
use super::paths::Step;
use super::scope::{Reader, Role, Use};
use crate::policies::fault::{did_you_mean, nearest};
use crate::policies::module::{static_path, string_value};
use crate::policies::{Fault, data};

/// Facts below `input.change` that only the forge knows.
pub(crate) const FORGE: &[&str] = &[
    "author",
    "body",
    "draft",
    "from_fork",
    "labels",
    "others",
    "overlaps",
    "source_branch",
    "target_branch",
    "title",
    "url",
];

/// What people said, below `input.review`: only the forge knows it.
pub(crate) const APPROVALS: &str = "approvals";

/// What the uses of one definition add up to.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Definitions that it evaluates.
    pub(crate) edges: BTreeSet<usize>,
    /// Forge facts that it reads itself.
    pub(crate) forge: BTreeSet<&'static str>,
    /// True when it reads configuration documents out of the input document.
    pub(crate) documents: bool,
    /// True when it reads out of the input document what manifests say.
    pub(crate) manifests: bool,
}

/// Judges the uses of one clause.
pub(crate) struct Judge<'c, 'a, 's> {
    /// All definitions.
    pub(crate) index: &'c Index<'a>,
    /// The module of the clause.
    pub(crate) module: usize,
    /// What `input` and imports are.
    pub(crate) reader: &'c Reader<'s>,
    /// Data files of the pack.
    pub(crate) data: Option<&'c serde_json::Value>,
    /// True when a file could not be read: what it defines is not known.
    pub(crate) unread: bool,
    /// True at scope `document`, where `data.conftest` is provided.
    pub(crate) conftest: bool,
    /// Where facts go.
    pub(crate) facts: &'c mut Facts,
    /// Where faults go.
    pub(crate) faults: &'c mut Vec<Fault>,
}

impl<'s> Judge<'_, '_, 's> {
    /// Judges one use.
    pub(crate) fn judge(&mut self, used: &Use<'_, 's>) {
        match used.role {
            Role::Callee { params, statement } => self.call(used, params, statement),
            Role::WithTarget => self.with_target(used),
            Role::WithValue => self.with_value(used),
            Role::Value | Role::Alias => self.value(used),
        }
    }

    fn fault(&mut self, span: &Span, code: &str, message: impl Into<String>, hint: impl Into<String>) {
        if let Some((module, _)) = self.index.module(self.module) {
            self.faults.push(module.place(span).fault(code, message, hint));
        }
    }

    fn meaning(&self, used: &Use<'_, 's>, path: &[String]) -> Meaning {
        self.index.meaning(self.module, path, Some(&used.locals))
    }
}

/// Calls.
impl<'s> Judge<'_, '_, 's> {
    fn call(&mut self, used: &Use<'_, 's>, params: &[Ref<Expr>], statement: bool) {
        let (path, complete) = static_path(used.expr);
        let name = path.join(".");
        let span = used.expr.span();
        if !complete {
            return self.fault(
                span,
                "unknown-function",
                "the name of a called function is computed",
                "call it by name",
            );
        }
        if self.call_on_new_line(used.expr, &name) {
            return;
        }
        let arity = match self.function(used, &path) {
            Some(arities) => arities,
            None => match builtins::arity(&name) {
                Some(Arity::Any) => return,
                Some(Arity::Exactly(arity)) => {
                    self.pattern(&name, params);
                    self.literal_key(used, &name, params);
                    BTreeSet::from([arity])
                }
                // Written anew before the engine sees it.
                None if self.conftest && name == "re_match" => BTreeSet::from([2]),
                None => return self.unknown_function(used, &path, &name),
            },
        };
        let given = params.len();
        let fits = arity.contains(&given) || (statement && given.checked_sub(1).is_some_and(|n| arity.contains(&n)));
        if !fits {
            let wanted = arity.iter().map(usize::to_string).collect::<Vec<_>>().join(" or ");
            let noun = if wanted == "1" { "argument" } else { "arguments" };
            let message = format!("`{name}` takes {wanted} {noun}, not {given}");
            self.fault(span, "wrong-arity", message, "a call that does not fit is silently undefined");
        }
    }

    /// Returns the arities of the function that a call means, and remembers the edge.
    fn function(&mut self, used: &Use<'_, 's>, path: &[String]) -> Option<BTreeSet<usize>> {
        let Meaning::Data { path, definitions } = self.meaning(used, path) else { return None };
        let (number, found) = self.index.exact(&path, &definitions)?;
        if found.arities.is_empty() {
            return None;
        }
        let arities = found.arities.clone();
        self.facts.edges.insert(number);
        Some(arities)
    }

    fn unknown_function(&mut self, used: &Use<'_, 's>, path: &[String], name: &str) {
        let span = used.expr.span();
        if self.unread && matches!(self.meaning(used, path), Meaning::Data { .. }) {
            return;
        }
        if let Some(why) = builtins::refusal(name) {
            return self.fault(
                span,
                "forbidden-builtin",
                format!("`{name}` is not offered: {why}"),
                builtins::instead(name),
            );
        }
        let own = self.index.functions_near(self.module);
        let known = own.iter().map(String::as_str).chain(builtins::ALLOWED.iter().copied());
        let hint = did_you_mean(nearest(name, known));
        self.fault(span, "unknown-function", format!("there is no function `{name}`"), hint);
    }

    /// A line that begins with `(` continues the reference at the end of the line before: the engine calls it.
    fn call_on_new_line(&mut self, callee: &Expr, name: &str) -> bool {
        let span = callee.span();
        let text = span.source.get_contents();
        let after = text.get(span.end as usize..).unwrap_or("");
        let gap = after.split('(').next().unwrap_or("");
        let found = gap.contains('\n') && gap.trim().is_empty();
        if found {
            let message = format!("the `(` on the next line makes `{name}` a call");
            self.fault(span, "line-call", message, "end the line with `;`, or take the brackets away");
        }
        found
    }

    /// Checks the key of `object.get(input.change, "key", default)`, whose default hides a misspelling.
    fn literal_key(&mut self, used: &Use<'_, 's>, name: &str, params: &[Ref<Expr>]) {
        let ("object.get", [object, key, ..]) = (name, params) else { return };
        let Some(text) = string_value(key).filter(|_| !used.mocked) else { return };
        let Some(spot) = self.reader.spot(object, &used.locals) else { return };
        if let Err(missing) = spot.step(&Step::Field(text, key.span())) {
            self.fault(missing.span, "unknown-input", missing.message, missing.hint);
        }
    }

    /// Compiles a literal pattern under the engine's own size limit.
    fn pattern(&mut self, name: &str, params: &[Ref<Expr>]) {
        const ENGINE_LIMIT: usize = 100 * 1024;
        let position = match name {
            "regex.match" | "regex.find_n" | "regex.find_all_string_submatch_n" | "regex.split" => 0,
            "regex.replace" => 1,
            _ => return,
        };
        let Some(param) = params.get(position) else { return };
        let Some(text) = string_value(param) else { return };
        match regex::RegexBuilder::new(&text).size_limit(ENGINE_LIMIT).build() {
            Ok(_) => {}
            Err(regex::Error::CompiledTooBig(_)) => {
                let hint = "write `[A-Za-z0-9_]` for `\\w` and `[0-9]` for `\\d`, or repeat less often";
                self.fault(param.span(), "regex-size", "this pattern is larger than 100 KiB when compiled", hint);
            }
            Err(error) => {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned();
                self.fault(
                    param.span(),
                    "regex-syntax",
                    format!("this is no pattern: {why}"),
                    "mend the pattern; look-around and back-references are not offered",
                );
            }
        }
    }
}

/// Values.
impl<'s> Judge<'_, '_, 's> {
    fn value(&mut self, used: &Use<'_, 's>) {
        let (path, _) = static_path(used.expr);
        match self.meaning(used, &path) {
            Meaning::Data { path: target, definitions } => {
                if definitions.is_empty() {
                    self.unknown_data(used, &target);
                }
                self.facts.edges.extend(definitions);
                self.imported_package(used, &path);
            }
            Meaning::Free => self.builtin_as_value(used, &path),
            Meaning::Local | Meaning::Input => {}
        }
        self.input(used);
    }

    /// What neither a rule nor a data file defines is undefined to the engine, and no complaint follows.
    fn unknown_data(&mut self, used: &Use<'_, 's>, target: &[String]) {
        const PROVIDED: &[&str] = &["portcullis", "spec"];
        let Some(root) = target.first() else { return };
        // Policies for Gatekeeper too ask for its inventory, which is undefined in Conftest as well.
        if self.conftest && matches!(root.as_str(), "conftest" | "inventory") {
            return;
        }
        if self.unread || PROVIDED.contains(&root.as_str()) || self.data.is_some_and(|data| data::defines(data, target))
        {
            return;
        }
        let near = self
            .index
            .definitions
            .iter()
            .map(|found| found.package.iter().chain(&found.path).map(String::as_str).collect::<Vec<_>>().join("."));
        let near: Vec<String> = near.collect();
        let name = target.join(".");
        let hint = nearest(&name, near.iter().map(String::as_str)).map(|near| format!("data.{near}"));
        let message = format!("neither a rule nor a data file defines `data.{name}`");
        self.fault(used.expr.span(), "unknown-data", message, did_you_mean(hint.as_deref()));
    }

    /// A name from an import of a whole package evaluates all of it, unrelated failing rules included.
    fn imported_package(&mut self, used: &Use<'_, 's>, path: &[String]) {
        let Some((_, imports)) = self.index.module(self.module) else { return };
        let Some((name, rest)) = path.split_first() else { return };
        let Some(target) = imports.get(name).filter(|_| name != "data") else { return };
        let Meaning::Data { path: target, definitions } = self.index.meaning(self.module, target, None) else { return };
        let packages = definitions.iter().filter_map(|number| self.index.definitions.get(*number));
        if packages.into_iter().any(|found| found.package.starts_with(&target)) {
            let full = std::iter::once("data").chain(target.iter().map(String::as_str)).collect::<Vec<_>>().join(".");
            let message = format!("`{name}` evaluates every rule of `{full}`");
            let hint = rest.first().map_or_else(
                || format!("name the rule that is meant: `{full}.<rule>`"),
                |rule| format!("write `{full}.{rule}`, or `import {full}.{rule}`"),
            );
            self.fault(used.expr.span(), "package-import", message, hint);
        }
    }

    fn builtin_as_value(&mut self, used: &Use<'_, 's>, path: &[String]) {
        let name = path.join(".");
        if path.len() > 1
            && let Some(why) = builtins::refusal(&name)
        {
            self.fault(
                used.expr.span(),
                "forbidden-builtin",
                format!("`{name}` is not offered: {why}"),
                builtins::instead(&name),
            );
        }
    }

    /// Checks a path into the input document and notes the forge facts that it reads.
    fn input(&mut self, used: &Use<'_, 's>) {
        let (path, missing) = self.reader.reach(used.expr, &used.locals);
        if let Some(missing) = missing.filter(|_| !used.mocked) {
            self.fault(missing.span, "unknown-input", missing.message, missing.hint);
        }
        let Some(path) = path else { return };
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        self.facts.documents |=
            matches!(parts.as_slice(), ["files" | "file", "document" | "old_document" | "document_reading", ..]);
        self.facts.manifests |= matches!(parts.as_slice(), ["files" | "file", "manifest" | "dependencies", ..]);
        match parts.as_slice() {
            // The local that it is bound to is followed instead.
            [] | ["change"] | ["review"] if matches!(used.role, Role::Alias) => {}
            [] => self.facts.forge.extend(FORGE.iter().chain([&APPROVALS])),
            ["change"] => self.facts.forge.extend(FORGE),
            ["review"] | ["review", "approvals", ..] => self.facts.forge.extend([APPROVALS]),
            ["change", fact, ..] => self.facts.forge.extend(FORGE.iter().filter(|known| *known == fact)),
            _ => {}
        }
    }
}

/// Replacements by `with`.
impl<'s> Judge<'_, '_, 's> {
    fn with_target(&mut self, used: &Use<'_, 's>) {
        let (path, _) = static_path(used.expr);
        let name = path.join(".");
        let span = used.expr.span();
        match self.meaning(used, &path) {
            Meaning::Input | Meaning::Local => {}
            Meaning::Data { path, definitions } => {
                let Some((_, found)) = self.index.exact(&path, &definitions) else { return };
                let own = self.index.module(self.module).is_some_and(|(module, _)| module.package == found.package);
                if !found.arities.is_empty() && !own {
                    let message =
                        format!("`with {name}` is silently ignored by the calls inside the package of that function");
                    self.fault(
                        span,
                        "with-function",
                        message,
                        "wrap it in a function of this package and replace that",
                    );
                }
            }
            Meaning::Free => {
                if let Some(why) = builtins::refusal(&name) {
                    self.fault(
                        span,
                        "forbidden-builtin",
                        format!("`{name}` is not offered: {why}"),
                        builtins::instead(&name),
                    );
                } else if builtins::arity(&name).is_some() {
                    let message = format!("`with {name}` replaces a builtin");
                    self.fault(span, "with-builtin", message, "replace `input` or a function of this package");
                } else {
                    let message = format!("`with {name}` replaces nothing");
                    self.fault(span, "with-builtin", message, "replace `input`, `data` or a function of this package");
                }
            }
        }
    }

    fn with_value(&mut self, used: &Use<'_, 's>) {
        let (path, complete) = static_path(used.expr);
        let name = path.join(".");
        if complete && self.meaning(used, &path) == Meaning::Free && builtins::arity(&name).is_some() {
            let message = format!("the builtin `{name}` cannot stand in for a function");
            self.fault(used.expr.span(), "with-builtin", message, "wrap it in a function of this package");
            return;
        }
        self.value(used);
    }
}
