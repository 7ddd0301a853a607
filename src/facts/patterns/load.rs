//! Reading pattern files: YAML documents of ast-grep's rule shape.

use std::collections::BTreeSet;

use ast_grep_config::{GlobalRules, SerializableRuleConfig, from_str};
use ast_grep_core::Matcher as _;

use super::needles::needles;
use super::{CompiledPattern, PatternLanguage, Undress};
use crate::facts::languages::Language;
use crate::policies::{Fault, PatternSource};

/// One rule object, read and not yet compiled.
pub(crate) struct LoadedPattern {
    /// `<pack>/<id>`.
    pub(crate) id: String,
    /// Its language.
    pub(crate) language: &'static Language,
    config: SerializableRuleConfig<PatternLanguage>,
    /// The rule as JSON.
    pub(super) core: serde_json::Value,
    relational: bool,
    path: String,
    line: u32,
}

/// Checks every pattern file, compiling every rule. The faults are sorted.
#[must_use]
pub fn check_patterns(sources: &[PatternSource]) -> Vec<Fault> {
    let (patterns, mut faults) = load(sources);
    faults.extend(patterns.iter().filter_map(|pattern| compile(pattern).err()));
    faults.sort();
    faults
}

/// Reads every pattern file without compiling a rule. Both lists are sorted.
pub(crate) fn load(sources: &[PatternSource]) -> (Vec<LoadedPattern>, Vec<Fault>) {
    let (mut patterns, mut faults) = (Vec::new(), Vec::new());
    for source in sources {
        let mut count = 0_usize;
        for (start, text) in documents(&source.text) {
            match read(source, start, text) {
                Ok(Some(pattern)) => {
                    count = count.saturating_add(1);
                    patterns.push(pattern);
                }
                Ok(None) => {}
                Err(fault) => {
                    count = count.saturating_add(1);
                    faults.push(fault);
                }
            }
        }
        if count == 0 {
            let message = "the file holds no pattern".to_owned();
            faults.push(fault(source, 1, "pattern-empty", message, "remove the file or add a rule object"));
        }
    }
    patterns.sort_by(|a, b| (&a.id, a.language.id, &a.path, a.line).cmp(&(&b.id, b.language.id, &b.path, b.line)));
    faults.extend(duplicates(&patterns));
    patterns.dedup_by(|a, b| a.id == b.id && a.language.id == b.language.id);
    faults.sort();
    (patterns, faults)
}

/// Compiles one rule.
pub(crate) fn compile(pattern: &LoadedPattern) -> Result<CompiledPattern, Fault> {
    let refuse = |message: String| Fault {
        path: pattern.path.clone(),
        line: pattern.line,
        column: 0,
        code: "pattern-invalid".to_owned(),
        message,
        hint: "see https://ast-grep.github.io/reference/rule.html".to_owned(),
    };
    // Not when it is read: most patterns are for languages that no changed file is in.
    let undress = Undress::unless_written(pattern.language, &pattern.core);
    let mut config = pattern.config.clone();
    config.language.undress = undress;
    let matcher = config.get_matcher(&GlobalRules::default()).map_err(|error| refuse(chain(&error)))?;
    if matcher.potential_kinds().is_none() {
        return Err(refuse(format!("`{}` could match any node; add `kind` or a pattern", pattern.id)));
    }
    let (id, needles) = (pattern.id.clone(), needles(&pattern.core));
    Ok(CompiledPattern { id, matcher, relational: pattern.relational, undress, needles })
}

fn read(source: &PatternSource, start: u32, text: &str) -> Result<Option<LoadedPattern>, Fault> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(None);
    }
    let config: SerializableRuleConfig<PatternLanguage> = from_str(text).map_err(|error| {
        let place = error.location();
        let line = place.map_or(0, |place| u32::try_from(place.line()).unwrap_or(0).saturating_sub(1));
        let mut fault = fault(
            source,
            start.saturating_add(line),
            "pattern-syntax",
            first_line(&error.to_string()),
            "it is YAML in the form of ast-grep's rules",
        );
        fault.column = place.map_or(0, |place| u32::try_from(place.column()).unwrap_or(0));
        fault
    })?;
    let line = start.saturating_add(row_of_key(text, "id").unwrap_or(0));
    if config.id.is_empty() {
        return Err(fault(source, start, "pattern-id", "a pattern needs an `id`".to_owned(), "add `id: <word>`"));
    }
    if config.files.is_some() || config.ignores.is_some() {
        let key = if config.files.is_some() { "files" } else { "ignores" };
        let line = start.saturating_add(row_of_key(text, key).unwrap_or(0));
        let message = format!("`{key}` has no effect here");
        return Err(fault(source, line, "pattern-scope", message, "choose files by path in the Rego rule"));
    }
    let core = serde_json::to_value(&config.core).unwrap_or_default();
    Ok(Some(LoadedPattern {
        id: format!("{}/{}", source.pack, config.id),
        language: config.language.language,
        relational: is_relational(&core),
        core,
        config,
        path: source.path.clone(),
        line,
    }))
}

/// Splits a file at its `---` lines; each part with the number of its first line.
fn documents(text: &str) -> Vec<(u32, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut first, mut offset, mut line) = (0_usize, 1_u32, 0_usize, 1_u32);
    for row in text.split_inclusive('\n') {
        if row.starts_with("---") && row.get(3..).unwrap_or_default().trim().is_empty() {
            parts.push((first, text.get(start..offset).unwrap_or_default()));
            start = offset.saturating_add(row.len());
            first = line.saturating_add(1);
        }
        offset = offset.saturating_add(row.len());
        line = line.saturating_add(1);
    }
    parts.push((first, text.get(start..).unwrap_or_default()));
    parts
}

fn row_of_key(text: &str, key: &str) -> Option<u32> {
    let row = text.lines().position(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')))?;
    u32::try_from(row).ok()
}

fn duplicates(patterns: &[LoadedPattern]) -> Vec<Fault> {
    let pairs = patterns.iter().zip(patterns.iter().skip(1));
    pairs
        .filter(|(a, b)| a.id == b.id && a.language.id == b.language.id)
        .map(|(a, b)| Fault {
            path: b.path.clone(),
            line: b.line,
            column: 0,
            code: "pattern-duplicate".to_owned(),
            message: format!("`{}` for {} is already defined at {}:{}", b.id, b.language.id, a.path, a.line),
            hint: "give it another `id`".to_owned(),
        })
        .collect()
}

/// Says whether a rule object, as JSON, looks beyond the node or compares subtrees. Without recursion.
pub(super) fn is_relational(core: &serde_json::Value) -> bool {
    let mut open = vec![core];
    let (mut joined, mut repeated, mut seen) = (false, false, BTreeSet::new());
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Object(map) => {
                for (key, value) in map.iter().filter(|(_, value)| !value.is_null()) {
                    match key.as_str() {
                        "inside" | "has" | "precedes" | "follows" | "nthChild" => return true,
                        "all" | "not" | "matches" => joined = true,
                        _ => {}
                    }
                    open.push(value);
                }
            }
            serde_json::Value::Array(list) => open.extend(list),
            serde_json::Value::String(text) => {
                let mut own = BTreeSet::new();
                if variables(text).any(|name| !own.insert(name)) {
                    return true;
                }
                for name in own {
                    repeated |= !seen.insert(name);
                }
            }
            _ => {}
        }
    }
    joined && repeated
}

/// Returns the metavariables of a pattern. One that is named twice, in one pattern or in several that must hold
/// together, compares subtrees, which recurses with their depth.
pub(super) fn variables(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split('$').skip(1).filter_map(|rest| {
        let other = |c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        let name = rest.split(other).next().unwrap_or_default();
        (!name.is_empty() && !name.starts_with('_')).then_some(name)
    })
}

fn fault(source: &PatternSource, line: u32, code: &str, message: String, hint: &str) -> Fault {
    Fault { path: source.path.clone(), line, column: 0, code: code.to_owned(), message, hint: hint.to_owned() }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
