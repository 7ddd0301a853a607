//! METADATA: comment blocks of YAML above a package or a rule.
//!
//! Owns finding, reading and attaching the blocks; the engine drops comments. Must not know what a scope or a status
//! does.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fault::{Place, did_you_mean, nearest};
use super::module::{Comment, ParsedModule};
use super::{Examples, Fault, Scope};
use crate::finding::{RuleId, Severity, Status};

/// What one METADATA block says; unsaid parts are `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    /// `title`.
    pub(super) title: Option<String>,
    /// `description`.
    pub(super) description: Option<String>,
    /// `related_resources`.
    pub(super) links: Option<Vec<String>>,
    /// `custom.id`, else `id`.
    pub(super) id: Option<RuleId>,
    /// `custom.severity`.
    pub(super) severity: Option<Severity>,
    /// `custom.status`.
    pub(super) status: Option<Status>,
    /// `custom.scope`.
    pub(super) scope: Option<Scope>,
    /// `custom.layer`.
    pub(super) layer: Option<u8>,
    /// `custom.controls`.
    pub(super) controls: Option<Vec<String>>,
    /// `custom.since`.
    pub(super) since: Option<String>,
    /// `custom.fix`.
    pub(super) fix: Option<String>,
    /// `custom.examples`.
    pub(super) examples: Option<Examples>,
    /// `custom.files`: globs over the documents that the package looks at.
    pub(super) files: Option<Vec<String>>,
}

impl Metadata {
    /// Returns this with everything unsaid taken from `outer`.
    pub(super) fn within(self, outer: &Self) -> Self {
        Self {
            title: self.title.or_else(|| outer.title.clone()),
            description: self.description.or_else(|| outer.description.clone()),
            links: self.links.or_else(|| outer.links.clone()),
            id: self.id.or_else(|| outer.id.clone()),
            severity: self.severity.or(outer.severity),
            status: self.status.or(outer.status),
            scope: self.scope.or(outer.scope),
            layer: self.layer.or(outer.layer),
            controls: self.controls.or_else(|| outer.controls.clone()),
            since: self.since.or_else(|| outer.since.clone()),
            fix: self.fix.or_else(|| outer.fix.clone()),
            examples: self.examples.or_else(|| outer.examples.clone()),
            files: self.files.or_else(|| outer.files.clone()),
        }
    }
}

/// The blocks of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct FileMetadata {
    /// Above `package`: holds for every rule of the file that does not say otherwise.
    pub(super) package: Metadata,
    /// Above a rule, by the rule's name, with the block's line.
    pub(super) rules: BTreeMap<String, (u32, Metadata)>,
    /// True when a block could not be read as far as its scope: which scope is meant is not known.
    pub(super) scope_unknown: bool,
}

/// The words that OPA's own `scope` can have; ours stands below `custom`.
const OPA_SCOPES: &[&str] = &["document", "package", "rule", "subpackages"];
const SCOPES: &[&str] = &["change", "document", "file", "review"];

const TOP: &[&str] = &[
    "authors",
    "custom",
    "description",
    "entrypoint",
    "id",
    "organizations",
    "related_resources",
    "schemas",
    "scope",
    "title",
];
const CUSTOM: &[&str] =
    &["controls", "examples", "files", "fix", "id", "layer", "scope", "severity", "since", "status"];

/// Reads all blocks of a file. Faults go to `faults`; of a faulty block the keys that can be read are kept, because
/// other checks depend on them, the scope above all.
pub(super) fn read(module: &ParsedModule<'_>, faults: &mut Vec<Fault>) -> FileMetadata {
    let mut found = FileMetadata::default();
    let mut package_seen = false;
    found.scope_unknown = misspelt_openings(module, faults);
    for block in blocks(&module.comments) {
        let Some(first) = block.first() else { continue };
        let reader = Reader { path: &module.source.path, first, faults };
        let Some((metadata, whole_package, scope_read)) = reader.block(&block) else {
            found.scope_unknown = true;
            continue;
        };
        found.scope_unknown |= !scope_read;
        let place = Place { path: &module.source.path, line: first.line, column: first.column };
        let before_package = first.line < module.ast.package.span.line;
        let target = module.rules().find(|(_, rule)| rule.span().line > first.line);
        if before_package {
            if package_seen {
                faults.push(place.fault(
                    "metadata",
                    "a second METADATA block above `package`",
                    "make one block of both",
                ));
            }
            package_seen = true;
            found.package = metadata;
        } else if whole_package {
            faults.push(place.fault("metadata", "`scope: package` stands below `package`", "move the block above it"));
        } else if let Some((name, _)) = target {
            attach(&mut found, name, first.line, metadata, place, faults);
        } else {
            faults.push(place.fault("metadata", "this METADATA block stands above no rule", "move it, or delete it"));
        }
    }
    found
}

/// Attaches a block to a rule; two different blocks on clauses of one rule cannot be told apart in a result.
fn attach(
    found: &mut FileMetadata,
    name: String,
    line: u32,
    metadata: Metadata,
    place: Place<'_>,
    faults: &mut Vec<Fault>,
) {
    match found.rules.get(&name) {
        Some((_, other)) if *other != metadata => {
            let message = format!("`{name}` has two different METADATA blocks");
            let hint = format!("give its clauses names of their own: `{name}_a`, `{name}_b`");
            faults.push(place.fault("metadata", message, hint));
        }
        Some(_) => {}
        None => {
            found.rules.insert(name, (line, metadata));
        }
    }
}

/// Returns the blocks: a comment line `METADATA` and the comment lines directly below it.
pub(super) fn blocks<'a, 'b>(comments: &'b [Comment<'a>]) -> Vec<Vec<&'b Comment<'a>>> {
    let mut blocks: Vec<Vec<&Comment<'_>>> = Vec::new();
    let mut open = false;
    for comment in comments.iter().filter(|comment| comment.alone) {
        let last = blocks.last().and_then(|block| block.last());
        let adjacent = last.is_some_and(|last| last.line.saturating_add(1) == comment.line);
        if comment.text.trim() == "METADATA" {
            blocks.push(vec![comment]);
            open = true;
        } else if open && adjacent {
            if let Some(block) = blocks.last_mut() {
                block.push(comment);
            }
        } else {
            open = false;
        }
    }
    blocks
}

/// Refuses `# METDATA` and the like on top of keys above a package or rule; returns whether there is one.
fn misspelt_openings(module: &ParsedModule<'_>, faults: &mut Vec<Fault>) -> bool {
    let alone: Vec<&Comment<'_>> = module.comments.iter().filter(|comment| comment.alone).collect();
    let in_blocks: Vec<u32> = blocks(&module.comments).iter().flatten().map(|comment| comment.line).collect();
    let mut heads: Vec<u32> = module.rules().map(|(_, rule)| rule.span().line).collect();
    heads.push(module.ast.package.span.line);
    let mut seen = false;
    for (number, comment) in alone.iter().enumerate() {
        let shown = comment.text.trim();
        let word = shown.trim_end_matches(':').to_uppercase();
        let near = word == "METADATA" || nearest(&word, ["METADATA"]).is_some();
        if !near || in_blocks.contains(&comment.line) {
            continue;
        }
        let rest = alone.iter().skip(number.saturating_add(1));
        let below: Vec<_> =
            rest.zip(1_u32..).take_while(|(next, n)| comment.line.saturating_add(*n) == next.line).collect();
        let keyed = below.first().is_some_and(|(next, _)| next.text.contains(':'));
        let end = below.last().map_or(comment.line, |(last, _)| last.line).saturating_add(1);
        if keyed && heads.contains(&end) {
            let place = Place { path: &module.source.path, line: comment.line, column: comment.column };
            faults.push(place.fault("metadata", format!("`# {shown}` opens no METADATA"), "write `# METADATA`"));
            seen = true;
        }
    }
    seen
}

/// Reads one block.
struct Reader<'a> {
    path: &'a str,
    first: &'a Comment<'a>,
    faults: &'a mut Vec<Fault>,
}

impl Reader<'_> {
    /// Returns the block's metadata, whether OPA's own `scope` says that it is the package's, and whether the scope
    /// could be read.
    fn block(mut self, lines: &[&Comment<'_>]) -> Option<(Metadata, bool, bool)> {
        let text: String = lines.iter().skip(1).flat_map(|line| [line.text, "\n"]).collect();
        let value = match crate::yaml::plain(&text) {
            Ok(value) => value,
            Err(error) => {
                let at = error.line.saturating_sub(1).saturating_add(1) as usize;
                let line = lines.get(at).or(lines.last());
                let place = Place {
                    path: self.path,
                    line: line.map_or(self.first.line, |line| line.line),
                    column: line.map_or(0, |line| line.column.saturating_add(error.column)),
                };
                self.faults.push(place.fault("metadata", error.message, "METADATA is YAML behind `# `"));
                return None;
            }
        };
        let Value::Object(top) = value else {
            self.fault(lines, "", "METADATA is not a mapping", "write `# title: ...` and `# custom:` below it");
            return None;
        };
        self.known_keys(lines, &top, TOP, "METADATA");
        let empty = Map::new();
        let custom = match top.get("custom") {
            None => &empty,
            Some(Value::Object(custom)) => custom,
            Some(_) => {
                self.fault(lines, "custom", "`custom` is not a mapping", "write `# custom:` and indented keys");
                &empty
            }
        };
        self.known_keys(lines, custom, CUSTOM, "`custom`");
        let mut metadata = self.fields(lines, &top, custom);
        let misplaced = self.misplaced_scope(lines, &top);
        metadata.scope = metadata.scope.or(misplaced);
        let whole =
            top.get("scope").and_then(Value::as_str).is_some_and(|word| matches!(word, "package" | "subpackages"));
        let near = |map: &Map<String, Value>, name| map.keys().any(|key| nearest(key, [name]).is_some());
        let meant = custom.contains_key("scope") || near(custom, "scope") || near(&top, "custom");
        let odd_custom = top.get("custom").is_some_and(|custom| !custom.is_object());
        let scope_read = metadata.scope.is_some() || !(meant || odd_custom);
        Some((metadata, whole, scope_read))
    }

    /// Refuses a word at OPA's own `scope` that OPA does not know; returns the scope of ours that it names.
    fn misplaced_scope(&mut self, lines: &[&Comment<'_>], top: &Map<String, Value>) -> Option<Scope> {
        let value = top.get("scope")?;
        let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if OPA_SCOPES.contains(&word.as_str()) {
            return None;
        }
        let hint = if SCOPES.contains(&word.as_str()) {
            format!("write `# custom:` and `#   scope: {word}` below it")
        } else {
            format!("one of {}; ours stands below `custom`", OPA_SCOPES.join(", "))
        };
        self.fault(lines, "scope", &format!("`scope: {word}` stands outside `custom`"), &hint);
        serde_json::from_value(value.clone()).ok()
    }

    fn fields(&mut self, lines: &[&Comment<'_>], top: &Map<String, Value>, custom: &Map<String, Value>) -> Metadata {
        let id = self.text(lines, custom, "id").or_else(|| self.text(lines, top, "id"));
        Metadata {
            title: self.text(lines, top, "title"),
            description: self.text(lines, top, "description"),
            links: self.links(lines, top),
            id: id.and_then(|id| match RuleId::new(id) {
                Ok(id) => Some(id),
                Err(why) => {
                    self.fault(lines, "id", &why, "e.g. `orders/no-direct-sql`");
                    None
                }
            }),
            severity: self.word(lines, custom, "severity", &["error", "info", "warning"]),
            status: self.word(lines, custom, "status", &["advisory", "draft", "enforced", "observe", "retired"]),
            scope: self.word(lines, custom, "scope", SCOPES),
            layer: self.layer(lines, custom),
            controls: self.list(lines, custom, "controls"),
            since: self.since(lines, custom),
            fix: self.text(lines, custom, "fix"),
            examples: self.examples(lines, custom),
            files: self.globs(lines, custom),
        }
    }

    /// Puts a fault at the line of `key`, or of the block.
    fn fault(&mut self, lines: &[&Comment<'_>], key: &str, message: &str, hint: &str) {
        let named = |line: &&&Comment<'_>| {
            let text = line.text.trim_start().trim_start_matches("- ");
            !key.is_empty() && text.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'))
        };
        let line = lines.iter().find(named).copied();
        let indent = |line: &Comment<'_>| line.text.chars().take_while(|c| *c == ' ').count();
        let place = Place {
            path: self.path,
            line: line.map_or(self.first.line, |line| line.line),
            column: line.map_or(self.first.column, |line| {
                line.column.saturating_add(1).saturating_add(u32::try_from(indent(line)).unwrap_or(0))
            }),
        };
        self.faults.push(place.fault("metadata", message, hint));
    }

    /// Refuses keys that look like a misspelt known one, and known ones on the wrong level.
    fn known_keys(&mut self, lines: &[&Comment<'_>], map: &Map<String, Value>, known: &[&str], whose: &str) {
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            if let Some(meant) = nearest(key, known.iter().copied()) {
                let message = format!("unknown key `{key}` in {whose}");
                self.fault(lines, key, &message, &did_you_mean(Some(meant)));
            } else if known == TOP && CUSTOM.contains(&key.as_str()) {
                let message = format!("`{key}` stands outside `custom`");
                self.fault(lines, key, &message, &format!("write `# custom:` and `#   {key}: ...` below it"));
            }
        }
    }

    fn text(&mut self, lines: &[&Comment<'_>], map: &Map<String, Value>, key: &str) -> Option<String> {
        match map.get(key)? {
            Value::String(text) => Some(text.trim().to_owned()),
            _ => {
                self.fault(lines, key, &format!("`{key}` is not a text"), "put it in quotes");
                None
            }
        }
    }

    /// `examples` holds two short texts: what the rule finds, and the same thing done well.
    fn examples(&mut self, lines: &[&Comment<'_>], map: &Map<String, Value>) -> Option<Examples> {
        let value = map.get("examples")?;
        let Value::Object(examples) = value else {
            let hint = "write `bad: |` and `good: |` below it, and indented lines below each";
            self.fault(lines, "examples", "`examples` is not a mapping", hint);
            return None;
        };
        const KEYS: &[&str] = &["bad", "good"];
        for key in examples.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let hint = "`bad` is what the rule finds, `good` the same thing done well";
            self.fault(lines, key, &format!("unknown key `{key}` in `examples`"), hint);
        }
        let mut text = |key: &str| match examples.get(key) {
            None => String::new(),
            Some(Value::String(text)) => text.trim_end().to_owned(),
            Some(_) => {
                self.fault(
                    lines,
                    key,
                    &format!("`{key}` is not a text"),
                    "write `|` behind it, and indented lines below",
                );
                String::new()
            }
        };
        Some(Examples { bad: text("bad"), good: text("good") })
    }

    /// `since` is a version or a date; a version such as `1.2` reads as a number in YAML.
    fn since(&mut self, lines: &[&Comment<'_>], map: &Map<String, Value>) -> Option<String> {
        match map.get("since")? {
            Value::Number(number) => Some(number.to_string()),
            _ => self.text(lines, map, "since"),
        }
    }

    fn word<T: serde::de::DeserializeOwned>(
        &mut self,
        lines: &[&Comment<'_>],
        map: &Map<String, Value>,
        key: &str,
        words: &[&str],
    ) -> Option<T> {
        let value = map.get(key)?;
        if let Ok(word) = serde_json::from_value(value.clone()) {
            return Some(word);
        }
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let hint = nearest(&shown, words.iter().copied())
            .map_or_else(|| format!("one of {}", words.join(", ")), |word| did_you_mean(Some(word)));
        self.fault(lines, key, &format!("`{shown}` is no {key}"), &hint);
        None
    }

    fn layer(&mut self, lines: &[&Comment<'_>], map: &Map<String, Value>) -> Option<u8> {
        let value = map.get("layer")?;
        let layer = layer_number(value);
        if layer.is_none() {
            self.fault(lines, "layer", &format!("`{value}` is no layer"), "1 automated, 2 team or 3 architecture");
        }
        layer
    }

    fn list(&mut self, lines: &[&Comment<'_>], map: &Map<String, Value>, key: &str) -> Option<Vec<String>> {
        let value = map.get(key)?;
        let texts = value
            .as_array()
            .and_then(|items| items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>());
        if texts.is_none() {
            self.fault(lines, key, &format!("`{key}` is not a list of texts"), &format!("`{key}: [\"...\"]`"));
        }
        texts
    }

    /// `files` is a list of globs; one that cannot be read would look at nothing.
    fn globs(&mut self, lines: &[&Comment<'_>], map: &Map<String, Value>) -> Option<Vec<String>> {
        let globs = self.list(lines, map, "files")?;
        for glob in &globs {
            if let Err(why) = globset::Glob::new(glob) {
                self.fault(lines, "files", &format!("`{glob}` is no glob: {}", why.kind()), "e.g. `k8s/**/*.yaml`");
            }
        }
        Some(globs)
    }

    /// `related_resources` is a list of addresses, or of mappings with `ref`.
    fn links(&mut self, lines: &[&Comment<'_>], map: &Map<String, Value>) -> Option<Vec<String>> {
        let value = map.get("related_resources")?;
        let address =
            |item: &Value| item.as_str().or_else(|| item.get("ref").and_then(Value::as_str)).map(str::to_owned);
        let links = value.as_array().and_then(|items| items.iter().map(address).collect::<Option<Vec<_>>>());
        if links.is_none() {
            let hint = "`related_resources: [https://...]`, or a list of `{ref: ..., description: ...}`";
            self.fault(lines, "related_resources", "`related_resources` is not a list of addresses", hint);
        }
        links
    }
}

/// Returns the number of a review layer that is given by number or by name.
pub(super) fn layer_number(value: &Value) -> Option<u8> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=3).contains(n)),
        Value::String(name) => match name.as_str() {
            "automated" => Some(1),
            "team" => Some(2),
            "architecture" => Some(3),
            _ => None,
        },
        _ => None,
    }
}
