//! No error without what to do: every place in the source that makes one is looked at.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};

/// How errors for people are made; the last argument is what to do.
const MAKERS: &[&str] = &["UsageError::new(", "Reason::new(", "faults.add(", "page.add("];

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Returns the arguments of a call; `text` begins behind its parenthesis.
fn arguments(text: &str) -> Vec<String> {
    let (mut found, mut one, mut depth, mut quoted, mut escaped) = (Vec::new(), String::new(), 1, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if c == ',' && depth == 1 && !quoted {
            found.push(std::mem::take(&mut one));
        } else {
            one.push(c);
        }
    }
    found.push(one);
    found.iter().map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

fn without_remedy(text: &str) -> Vec<(usize, String)> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let mut found = Vec::new();
    for maker in MAKERS {
        for (at, _) in text.match_indices(maker) {
            let arguments = arguments(&text[at + maker.len()..]);
            if arguments
                .last()
                .is_some_and(|last| matches!(last.as_str(), "\"\"" | "String::new()" | "\"\".to_owned()"))
            {
                found.push((text[..at].matches('\n').count() + 1, (*maker).to_owned()));
            }
        }
    }
    found
}

#[test]
fn every_error_and_every_reason_says_what_to_do() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        seen += MAKERS.iter().map(|maker| text.matches(maker).count()).sum::<usize>();
        wrong
            .extend(without_remedy(&text).into_iter().map(|(line, what)| format!("{}:{line}: {what}", path.display())));
    }
    assert!(seen > 300, "the makers have other names by now: {seen}");
    assert!(wrong.is_empty(), "no remedy at\n{}", wrong.join("\n"));
}

#[test]
fn an_empty_remedy_is_seen_and_a_comma_in_a_text_is_no_argument() {
    assert_eq!(without_remedy("\n  UsageError::new(format!(\"a, {b}\"), \"\")").len(), 1);
    assert_eq!(without_remedy("Reason::new(\n  \"code\",\n  message,\n  \"\",\n)").len(), 1);
    assert_eq!(without_remedy("UsageError::new(title, \"Say \\\"a, \\\" or b.\")").len(), 0);
}
