//! Regular expressions of policies, compiled once for all evaluations.
//!
//! Owns `regex.match` and `regex.replace` in the engine's place. The engine hands each call a copy of the expression,
//! and a copy begins without what the one before learnt of its texts: some 30 microseconds a call, most of what a
//! policy over paths costs. What they answer, and refuse, is what the engine's own do.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use regex::{Error, Regex, RegexBuilder};
use regorus::{Engine, Value};

/// The engine's own limit of a compiled expression, in bytes.
const SIZE_LIMIT: usize = 100 * 1024;

/// Most expressions that are kept; what comes later is compiled each time.
const MOST_KEPT: usize = 512;

static KEPT: Mutex<Option<HashMap<String, Arc<Regex>>>> = Mutex::new(None);

/// Gives an engine these functions; where that is not possible it has its own.
pub(super) fn install(engine: &mut Engine) {
    let matches = |arguments: Vec<Value>| {
        let [pattern, text] = texts("regex.match", &arguments)?;
        let regex = compiled(pattern)?.map_err(|_| refused("invalid regex".to_owned()))?;
        Ok(Value::Bool(regex.is_match(text)))
    };
    let replaces = |arguments: Vec<Value>| {
        let [text, pattern, by] = texts("regex.replace", &arguments)?;
        let replaced = compiled(pattern)?.map(|regex| Value::from(&*regex.replace_all(text, by)));
        // As the engine has it.
        Ok(replaced.unwrap_or(Value::Undefined))
    };
    let _ = engine.add_extension("regex.match".to_owned(), 2, Box::new(matches));
    let _ = engine.add_extension("regex.replace".to_owned(), 3, Box::new(replaces));
}

/// Returns a compiled expression, or that it is none; refuses one that is too large.
fn compiled(pattern: &str) -> Result<Result<Arc<Regex>, Error>, io::Error> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = kept.get_or_insert_default();
    if let Some(regex) = kept.get(pattern) {
        return Ok(Ok(Arc::clone(regex)));
    }
    match RegexBuilder::new(pattern).size_limit(SIZE_LIMIT).build() {
        Ok(regex) => {
            let regex = Arc::new(regex);
            if kept.len() < MOST_KEPT {
                kept.insert(pattern.to_owned(), Arc::clone(&regex));
            }
            Ok(Ok(regex))
        }
        Err(Error::CompiledTooBig(_)) => {
            Err(refused(format!("the regular expression is larger than {SIZE_LIMIT} bytes when compiled")))
        }
        Err(error) => Ok(Err(error)),
    }
}

fn texts<'v, const N: usize>(name: &str, arguments: &'v [Value]) -> Result<[&'v str; N], io::Error> {
    let mut found = [""; N];
    for (slot, argument) in found.iter_mut().zip(arguments) {
        let Value::String(text) = argument else {
            return Err(refused(format!("`{name}` expects string argument. Got `{argument}` instead")));
        };
        *slot = text;
    }
    Ok(found)
}

fn refused(message: String) -> io::Error {
    io::Error::other(message)
}

#[cfg(test)]
mod tests {
    use regorus::Engine;

    use super::install;

    /// What an engine says to an expression: its value, or the last line of its complaint.
    fn said(engine: &mut Engine, expression: &str) -> String {
        match engine.eval_query(expression.to_owned(), false) {
            Ok(found) => serde_json::to_string(&found).unwrap(),
            Err(error) => error.to_string().lines().last().unwrap_or_default().to_owned(),
        }
    }

    fn engines() -> (Engine, Engine) {
        let mut own = Engine::new();
        own.set_strict_builtin_errors(true);
        let mut ours = own.clone();
        install(&mut ours);
        (own, ours)
    }

    #[test]
    fn the_answers_are_the_engines_own() {
        let (mut own, mut ours) = engines();
        for expression in [
            r#"regex.match(`^a+$`, "aaa")"#,
            r#"regex.match(`^a+$`, "aab")"#,
            r#"regex.match(`(?i)b`, "aaB")"#,
            r#"regex.match(`\d\p{Greek}`, "7λ")"#,
            r#"regex.match(1, "a")"#,
            r#"regex.match("a", null)"#,
            r#"regex.match("(", "a")"#,
            r#"regex.match("a", input.nothing)"#,
            r#"regex.replace("a/b/c.py", `^.*/`, "")"#,
            r#"regex.replace("2026-11", `(\d+)-(?P<m>\d+)`, "$m/$1")"#,
            r#"regex.replace("a", "(", "b")"#,
            r#"regex.replace("a", "b", ["c"])"#,
        ] {
            assert_eq!(said(&mut ours, expression), said(&mut own, expression), "{expression}");
        }
    }

    #[test]
    fn what_is_too_large_is_an_error_and_not_undefined() {
        let (mut own, mut ours) = engines();
        let large = r#"regex.match("(\\w{500}){500}", "a")"#;
        assert!(own.eval_query(large.to_owned(), false).is_err());
        assert!(said(&mut ours, large).contains("larger than"));
    }
}
