//! Java: package, imports and names in full, read from the tokens alone.
//!
//! Owns no grammar: `import` and `package` are words that nothing else may be called, so the tokens say as much as a
//! tree would, also where blanks, comments and escapes stand inside a name. A name in full is kept with the first part
//! that begins like a class; a plain name that no import of the file brings in may be a class of the same package that
//! lies elsewhere, and is kept as well. Which of them mean something is for who knows all files to say.

mod scope;
mod tokens;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{ImportForm, ImportLine, TEXT_LIMIT};
use crate::facts::lines::{cut, line};
use scope::Scopes;
use tokens::{Source, Token, Tokens};

/// Words after which a name is that of a type.
const BEFORE_TYPE: &[&str] = &["extends", "implements", "instanceof", "new", "throws"];

/// Words that declare a type.
const DECLARES: &[&str] = &["class", "enum", "interface", "record"];

/// Classes that every file knows without an import.
const EVERYWHERE: &[&str] = &[
    "AutoCloseable",
    "Boolean",
    "Byte",
    "CharSequence",
    "Character",
    "Class",
    "Comparable",
    "Deprecated",
    "Double",
    "Enum",
    "Error",
    "Exception",
    "Float",
    "FunctionalInterface",
    "IllegalArgumentException",
    "IllegalStateException",
    "Integer",
    "InterruptedException",
    "Iterable",
    "Long",
    "Math",
    "NullPointerException",
    "Number",
    "Object",
    "Override",
    "Runnable",
    "RuntimeException",
    "SafeVarargs",
    "Short",
    "String",
    "StringBuilder",
    "SuppressWarnings",
    "System",
    "Thread",
    "Throwable",
    "UnsupportedOperationException",
    "Void",
];

/// Parts of a name without any class that are kept.
const PARTS: usize = 12;

/// What a file of Java imports, and the package that it says it belongs to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct JavaNames {
    /// The package, or empty.
    pub(crate) package: String,
    /// Imports, names and the types that the file holds, sorted by place.
    pub(crate) imports: Vec<ImportLine>,
}

/// Reads a file of Java.
pub(crate) fn names(text: &str) -> JavaNames {
    let source = Source::of(text);
    let (found, seen, imported, scopes) = Default::default();
    let mut reader = Reader { source: &source, found, seen, imported, scopes };
    reader.run();
    let Reader { found: JavaNames { package, mut imports }, scopes, imported, .. } = reader;
    // An import of one class hides those of the package.
    let plain: Vec<(String, usize)> = scopes.foreign().filter(|(name, _)| !imported.contains(name.as_str())).collect();
    imports.extend(plain.into_iter().map(|(raw, row)| inline(raw, row)));
    JavaNames { package, imports }
}

fn inline(raw: String, row: usize) -> ImportLine {
    ImportLine { raw, line: line(row), form: ImportForm::Inline, ..ImportLine::default() }
}

struct Reader<'a> {
    source: &'a Source<'a>,
    found: JavaNames,
    /// Names in full that were kept.
    seen: BTreeSet<String>,
    /// Classes that statements bring in.
    imported: BTreeSet<String>,
    scopes: Scopes,
}

/// A dotted name: its parts, where it begins, and the token after it.
struct Name<'a> {
    parts: Vec<Cow<'a, str>>,
    at: usize,
    next: Option<Token<'a>>,
}

impl<'a> Reader<'a> {
    fn run(&mut self) {
        let source = self.source;
        let mut tokens = Tokens::of(source.text());
        let (mut before, mut token) = (None, tokens.next());
        while let Some(here) = token {
            let (last, next) = match here {
                Token::Word(word, at) => self.word(word, at, before, &mut tokens),
                Token::Mark(mark, at) => {
                    self.scopes.mark(mark, at);
                    (here, tokens.next())
                }
                Token::Number => (here, tokens.next()),
            };
            (before, token) = (Some(last), next);
        }
        self.scopes.end(source.text().len());
    }

    /// Reads what begins with a word; returns the last token of it and the one after it.
    fn word(
        &mut self,
        word: &'a str,
        at: usize,
        before: Option<Token<'a>>,
        tokens: &mut Tokens<'a>,
    ) -> (Token<'a>, Option<Token<'a>>) {
        let here = Token::Word(word, at);
        match word {
            "import" => (here, self.import(at, tokens)),
            "package" => {
                let first = tokens.next();
                let Some(Token::Word(word, at)) = first else { return (here, first) };
                let name = dotted(word, at, tokens);
                if self.found.package.is_empty() {
                    self.found.package = cut(&name.parts.join("."), TEXT_LIMIT).to_owned();
                }
                (here, name.next)
            }
            _ if DECLARES.contains(&word) => {
                let next = tokens.next();
                match next {
                    Some(Token::Word(name, _)) => {
                        self.declare(&readable(name));
                        (here, tokens.next())
                    }
                    _ => (here, next),
                }
            }
            _ if matches!(before, Some(Token::Mark(b'.' | b':', _))) => (here, tokens.next()),
            _ => {
                let name = dotted(word, at, tokens);
                self.use_of(&name, before);
                (here, name.next)
            }
        }
    }

    fn declare(&mut self, name: &str) {
        if self.scopes.is_top() {
            let form = ImportForm::Part;
            self.found.imports.push(ImportLine { raw: name.to_owned(), line: 1, form, ..ImportLine::default() });
        }
        self.scopes.declare(name);
    }

    /// Reads an import up to its `;`; returns what follows.
    fn import(&mut self, at: usize, tokens: &mut Tokens<'a>) -> Option<Token<'a>> {
        let (mut raw, mut member) = (String::new(), false);
        let mut next = tokens.next();
        while let Some(token) = next {
            match token {
                // `static`, and `module` of a whole module, are no part of the name.
                Token::Word("static", _) if raw.is_empty() => member = true,
                Token::Word(word, _) if raw.is_empty() || raw.ends_with('.') => raw.push_str(&readable(word)),
                Token::Word(word, _) if raw == "module" => raw = readable(word).into_owned(),
                Token::Mark(mark @ (b'.' | b'*'), _) => raw.push(char::from(mark)),
                _ => break,
            }
            if raw.len() > TEXT_LIMIT {
                break;
            }
            next = tokens.next();
        }
        if !raw.is_empty() {
            let raw = cut(&raw, TEXT_LIMIT).to_owned();
            let line = line(self.source.row(at));
            // A static member of that name may be a field, which hides no class.
            if !member {
                self.imported.extend(raw.rsplit('.').next().map(str::to_owned));
            }
            self.found.imports.push(ImportLine { raw, line, ..ImportLine::default() });
        }
        next
    }

    /// Keeps what a name in the midst of code may lead to.
    fn use_of(&mut self, name: &Name<'a>, before: Option<Token<'a>>) {
        let Some(first) = name.parts.first() else { return };
        let is_class = |part: &Cow<'_, str>| part.chars().next().is_some_and(char::is_uppercase);
        if is_class(first) {
            if !EVERYWHERE.contains(&first.as_ref()) {
                self.scopes.use_of(first, name.at, || self.source.row(name.at));
            }
            return;
        }
        if name.parts.len() < 2 || matches!(first.as_ref(), "this" | "super") {
            return;
        }
        let class = name.parts.iter().position(is_class);
        let end = match class {
            Some(at) => at + 1,
            // Two parts are a field of a variable unless only a type can stand there.
            None if name.parts.len() > 2 || stands_for_type(name, before) => name.parts.len().min(PARTS),
            None => return,
        };
        let raw = name.parts.get(..end).unwrap_or_default().join(".");
        if raw.len() <= TEXT_LIMIT && self.seen.insert(raw.clone()) {
            self.found.imports.push(inline(raw, self.source.row(name.at)));
        }
    }
}

fn stands_for_type(name: &Name<'_>, before: Option<Token<'_>>) -> bool {
    let known = match before {
        Some(Token::Word(word, _)) => BEFORE_TYPE.contains(&word),
        Some(Token::Mark(b'@', _)) => true,
        _ => false,
    };
    known
        || match name.next {
            Some(Token::Word(word, _)) => word != "instanceof",
            Some(Token::Mark(b'>', _)) => matches!(before, Some(Token::Mark(b'<' | b',', _))),
            Some(Token::Mark(b':', _)) => matches!(before, Some(Token::Mark(b'(' | b',' | b'=', _))),
            _ => false,
        }
}

/// Reads the rest of a name, with annotations in it: `java.util.@NonNull List`.
fn dotted<'a>(first: &'a str, at: usize, tokens: &mut Tokens<'a>) -> Name<'a> {
    let mut parts = vec![readable(first)];
    let mut next = tokens.next();
    while let Some(Token::Mark(b'.', _)) = next {
        next = tokens.next();
        while let Some(Token::Mark(b'@', _)) = next {
            next = annotation(tokens);
        }
        let Some(Token::Word(word, _)) = next else { break };
        parts.push(readable(word));
        next = tokens.next();
    }
    Name { parts, at, next }
}

/// Passes over the name and the arguments of an annotation; returns what follows.
fn annotation<'a>(tokens: &mut Tokens<'a>) -> Option<Token<'a>> {
    let mut next = tokens.next();
    // The next word after one without a dot between them is no part of its name.
    let mut dot = true;
    loop {
        match next {
            Some(Token::Word(..)) if dot => dot = false,
            Some(Token::Mark(b'.', _)) if !dot => dot = true,
            _ => break,
        }
        next = tokens.next();
    }
    let Some(Token::Mark(b'(', _)) = next else { return next };
    let mut depth = 1_u32;
    while depth > 0 {
        match tokens.next()? {
            Token::Mark(b'(', _) => depth += 1,
            Token::Mark(b')', _) => depth -= 1,
            _ => {}
        }
    }
    tokens.next()
}

/// Returns a word without the letters that Java reads past.
fn readable(word: &str) -> Cow<'_, str> {
    let ignored = |letter: char| {
        matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
            || letter.is_control()
    };
    if word.bytes().all(|byte| byte.is_ascii_graphic()) || !word.contains(ignored) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.replace(ignored, ""))
    }
}

#[cfg(test)]
mod tests;
