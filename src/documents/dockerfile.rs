//! Dockerfiles in the shape of Conftest: one list of instructions in a list, each with `Cmd`, `SubCmd`, `JSON`, `Flags`,
//! `Value` and `Stage`; comments stand before their instruction with the `Cmd` `comment`.
//!
//! Owns a line reader of BuildKit's grammar: parser directives, continued lines, flags, JSON forms, here-documents. It
//! has no recursion but that of `ONBUILD`, which holds one instruction. Must not check what an instruction means.

use serde_json::{Value, json};

use super::Unread;
use super::lines::Lines;

/// What follows a word of an instruction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A JSON list, or the rest of the line as one text.
    Command,
    /// A JSON list, or words.
    List,
    /// Words.
    Words,
    /// Names and values, each followed by the sign between them.
    Pairs,
    /// Names, with or without values.
    Names,
    /// The rest of the line.
    Text,
    /// `NONE`, or `CMD` and a command.
    Health,
}

const INSTRUCTIONS: &[(&str, Form)] = &[
    ("add", Form::List),
    ("arg", Form::Names),
    ("cmd", Form::Command),
    ("copy", Form::List),
    ("entrypoint", Form::Command),
    ("env", Form::Pairs),
    ("expose", Form::Words),
    ("from", Form::Words),
    ("healthcheck", Form::Health),
    ("label", Form::Pairs),
    ("maintainer", Form::Text),
    ("run", Form::Command),
    ("shell", Form::Command),
    ("stopsignal", Form::Text),
    ("user", Form::Text),
    ("volume", Form::List),
    ("workdir", Form::Text),
];

const BLANKS: [char; 5] = [' ', '\t', '\u{B}', '\u{C}', '\r'];

pub(super) fn read(text: &str) -> Result<Value, Unread> {
    let mut lines = Lines::of(text);
    let escape = escape_sign(text)?;
    let mut instructions = Vec::new();
    let mut comments: Vec<String> = Vec::new();
    let mut stages = 0usize;
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        if let Some(comment) = line.strip_prefix('#') {
            match comment.trim() {
                "" => comments.clear(),
                comment => comments.push(comment.to_owned()),
            }
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let begins = lines.number();
        let line = continued(line, escape, &mut lines);
        let wrong = |message: String| Unread::at(begins, message);
        let instruction = instruction(&line, escape).map_err(wrong)?;
        stages += usize::from(instruction.command == "from");
        let stage = stages.saturating_sub(1);
        for comment in comments.drain(..) {
            instructions.push(json!({
                "Cmd": "comment", "SubCmd": "", "JSON": false, "Flags": null, "Value": [comment], "Stage": stage,
            }));
        }
        skip_documents(&instruction, &line, &mut lines)?;
        instructions.push(json!({
            "Cmd": instruction.command,
            "SubCmd": instruction.inner,
            "JSON": instruction.json,
            "Flags": instruction.flags,
            "Value": instruction.values,
            "Stage": stage,
        }));
    }
    if instructions.is_empty() {
        return Err(Unread::at(0, "it has no instruction"));
    }
    Ok(json!([instructions]))
}

/// Reads the directives at the top; only `escape` changes how the file is read.
fn escape_sign(text: &str) -> Result<char, Unread> {
    let mut escape = '\\';
    for (index, line) in text.lines().enumerate() {
        let Some((name, value)) = line.trim_start().strip_prefix('#').and_then(|rest| rest.split_once('=')) else {
            break;
        };
        match (name.trim().to_ascii_lowercase().as_str(), value.trim()) {
            ("escape", "`") => escape = '`',
            ("escape", "\\") => escape = '\\',
            ("escape", _) => {
                return Err(Unread::at(index + 1, "the escape sign is neither a backslash nor a back quote"));
            }
            ("syntax" | "check", _) => {}
            _ => break,
        }
    }
    Ok(escape)
}

/// Joins the lines of an instruction; empty lines and comments between them play no part.
fn continued(first: &str, escape: char, lines: &mut Lines<'_>) -> String {
    let cut = |line: &str| line.trim_end_matches([' ', '\t']).strip_suffix(escape).map(str::to_owned);
    let Some(mut joined) = cut(first) else { return first.to_owned() };
    for line in lines.by_ref() {
        let bare = line.trim_start();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        match cut(line) {
            Some(part) => joined.push_str(&part),
            None => {
                joined.push_str(line);
                break;
            }
        }
    }
    joined
}

#[derive(Default)]
struct Instruction {
    command: String,
    inner: String,
    json: bool,
    flags: Option<Vec<String>>,
    values: Option<Vec<String>>,
}

fn instruction(line: &str, escape: char) -> Result<Instruction, String> {
    let (command, flags, rest) = split(line, escape);
    let lower = command.to_ascii_lowercase();
    if lower == "onbuild" {
        let (inner, _, rest) = split(&rest, escape);
        let (json, values) = values(&inner.to_ascii_lowercase(), &rest, escape)?;
        return Ok(Instruction { command: lower, inner, json, flags, values });
    }
    let (json, values) = values(&lower, &rest, escape)?;
    Ok(Instruction { command: lower, inner: String::new(), json, flags, values })
}

/// Cuts a line into its command, its flags (none where nothing follows) and the rest.
fn split(line: &str, escape: char) -> (String, Option<Vec<String>>, String) {
    let line = line.trim();
    let Some((command, rest)) = line.split_once(BLANKS) else { return (line.to_owned(), None, String::new()) };
    let mut flags = Vec::new();
    let mut rest = rest.trim_start_matches(BLANKS);
    while rest.starts_with("--") {
        let end = words(rest, escape).next().map_or(rest.len(), |(_, end)| end);
        let (flag, behind) = rest.split_at(end);
        rest = behind.trim_start();
        if flag == "--" {
            break;
        }
        flags.push(flag.replace(['"', '\''], ""));
    }
    (command.to_owned(), Some(flags), rest.trim().to_owned())
}

/// The words of a text with the offset behind each: blanks end a word, but not within quotes or behind the escape sign.
fn words(text: &str, escape: char) -> impl Iterator<Item = (&str, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(|c: char| !c.is_whitespace())?;
        let (mut quote, mut escaped, mut end) = (None, false, text.len());
        for (offset, letter) in text.get(start..)?.char_indices() {
            if escaped {
                escaped = false;
            } else if letter == escape && quote != Some('\'') {
                escaped = true;
            } else if quote == Some(letter) {
                quote = None;
            } else if quote.is_none() && matches!(letter, '"' | '\'') {
                quote = Some(letter);
            } else if quote.is_none() && letter.is_whitespace() {
                end = start + offset;
                break;
            }
        }
        at = end;
        Some((text.get(start..end)?, end))
    })
}

type Values = (bool, Option<Vec<String>>);

fn values(command: &str, rest: &str, escape: char) -> Result<Values, String> {
    let known = INSTRUCTIONS.iter().find(|(name, _)| *name == command);
    let (_, form) =
        known.ok_or_else(|| format!("there is no instruction `{}`", crate::diagnostic::shortened(command)))?;
    let listed = |text: &str| text.split(BLANKS).filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    if rest.is_empty() {
        return Ok((false, None));
    }
    Ok(match form {
        Form::Command => command_values(rest)?,
        Form::List => match json_list(rest)? {
            Some(list) => (true, Some(list)),
            None => (false, Some(listed(rest))),
        },
        Form::Words => (false, Some(listed(rest))),
        Form::Text => (false, Some(vec![rest.to_owned()])),
        Form::Names => (false, Some(words(rest, escape).map(|(word, _)| word.to_owned()).collect())),
        Form::Pairs => (false, Some(pairs(command, rest, escape)?)),
        Form::Health => {
            let (kind, behind) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let (json, command) = if behind.is_empty() { (false, None) } else { command_values(behind.trim_start())? };
            (json, Some([vec![kind.to_owned()], command.unwrap_or_default()].concat()))
        }
    })
}

fn command_values(rest: &str) -> Result<Values, String> {
    Ok(match json_list(rest)? {
        Some(list) => (true, Some(list)),
        None => (false, Some(vec![rest.to_owned()])),
    })
}

/// Reads a JSON list of texts; what is no JSON list is not one, but a list of something else is an error.
fn json_list(rest: &str) -> Result<Option<Vec<String>>, String> {
    if !rest.starts_with('[') {
        return Ok(None);
    }
    let Ok(list) = serde_json::from_str::<Vec<Value>>(rest) else { return Ok(None) };
    let texts = list.into_iter().map(|item| match item {
        Value::String(text) => Ok(text),
        _ => Err("a list in JSON form holds something else than texts".to_owned()),
    });
    texts.collect::<Result<_, _>>().map(Some)
}

/// Reads `NAME=value ...`, or the old form `NAME value`: name, value, and the sign between them (empty in the old form).
fn pairs(command: &str, rest: &str, escape: char) -> Result<Vec<String>, String> {
    let first = words(rest, escape).next().map_or("", |(word, _)| word);
    if !first.contains('=') {
        let (name, value) = rest.split_once(BLANKS).ok_or_else(|| format!("`{command}` has a name and no value"))?;
        return Ok(vec![name.to_owned(), value.trim_start_matches(BLANKS).to_owned(), String::new()]);
    }
    let mut values = Vec::new();
    for (word, _) in words(rest, escape) {
        let (name, value) = word.split_once('=').ok_or_else(|| format!("`{command}` has a word without `=`"))?;
        values.extend([name.to_owned(), value.to_owned(), "=".to_owned()]);
    }
    Ok(values)
}

/// Reads over the here-documents that a line begins; Conftest does not show them.
fn skip_documents(instruction: &Instruction, line: &str, lines: &mut Lines<'_>) -> Result<(), Unread> {
    let command = if instruction.inner.is_empty() { &instruction.command } else { &instruction.inner };
    let takes = matches!(command.to_ascii_lowercase().as_str(), "add" | "copy" | "run");
    if !takes || instruction.json {
        return Ok(());
    }
    let begins = lines.number();
    for (word, _) in words(line, '\\') {
        let Some(name) = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<") else { continue };
        let tabs = name.strip_prefix('-');
        let name = tabs.unwrap_or(name).replace(['"', '\''], "");
        if name.is_empty() || name.contains('<') {
            continue;
        }
        let ends = |line: &str| (if tabs.is_some() { line.trim_start_matches('\t') } else { line }) == name;
        if !lines.by_ref().any(ends) {
            return Err(Unread::at(begins, "a here-document does not end"));
        }
    }
    Ok(())
}
