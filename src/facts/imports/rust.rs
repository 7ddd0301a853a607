//! Rust: imports, parts, and paths in the midst of code, read from the tokens alone.
//!
//! Owns no grammar: what a macro is given is tokens as well, so a path is seen wherever it stands, and comments within it
//! do not count. Every path that may lead out of the file is kept; which of them do is for who knows all files to say.
//! A path that a macro puts together out of pieces is not seen.

mod attributes;
mod include;
mod macros;
mod paths;
mod tokens;

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{ImportForm, ImportLine, TEXT_LIMIT, WITHIN_LIMIT};
use crate::facts::lines::{cut, line};
use attributes::Attributes;
use tokens::{Token, Tokens};

/// Reads the imports of a file of Rust, sorted by kind and place.
pub(crate) fn names(text: &str) -> Vec<ImportLine> {
    let mut reader = Reader {
        tokens: Tokens::of(text),
        rows: Rows { text: text.as_bytes(), at: 0, row: 0 },
        before: None,
        open: Vec::new(),
        blocks: 0,
        round: 0,
        within: String::new(),
        attributes: Attributes::default(),
        seen: BTreeSet::new(),
        found: Vec::new(),
    };
    reader.run();
    let mut found = reader.found;
    // Only what a statement names anew, and a part, may be called like a type and be a module.
    let given: BTreeSet<String> = found
        .iter()
        .filter_map(|import| match import.form {
            ImportForm::Part => import.raw.rsplit("::").next(),
            ImportForm::Inline | ImportForm::Inner | ImportForm::Macro => None,
            _ => Some(import.known_as.as_str()).filter(|name| !name.is_empty()),
        })
        .map(str::to_owned)
        .collect();
    found.retain(|import| import.form != ImportForm::Inline || may_lead_out(&import.raw, &given));
    found
}

/// Says whether a path in the midst of code may lead out of its file.
fn may_lead_out(raw: &str, given: &BTreeSet<String>) -> bool {
    if raw.ends_with('!') {
        return true;
    }
    let mut parts = raw.trim_start_matches("::").split("::");
    let (first, more) = (parts.next().unwrap_or_default(), parts.count());
    match first {
        "self" => more > 1,
        "Self" => false,
        _ if !first.starts_with(char::is_uppercase) => true,
        _ => more > 1 || given.contains(first),
    }
}

struct Reader<'a> {
    tokens: Tokens<'a>,
    rows: Rows<'a>,
    /// The token before.
    before: Option<Token<'a>>,
    open: Vec<Brace>,
    /// Braces among them that are none of a module.
    blocks: usize,
    /// Parentheses and brackets that are open.
    round: usize,
    within: String,
    attributes: Attributes,
    /// Paths in the midst of code that were kept, each once in its module.
    seen: BTreeSet<(String, String)>,
    found: Vec<ImportLine>,
}

/// An open brace.
struct Brace {
    /// How much of `within` stood before it.
    length: usize,
    /// The folder that an attribute names for the parts inside.
    folder: Option<Rc<str>>,
    is_module: bool,
}

/// Counts rows; places must come in order.
struct Rows<'a> {
    text: &'a [u8],
    at: usize,
    row: usize,
}

impl Rows<'_> {
    fn of(&mut self, at: usize) -> usize {
        let passed = self.text.get(self.at..at).unwrap_or_default();
        self.row += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at = self.at.max(at);
        self.row
    }
}

impl<'a> Reader<'a> {
    fn run(&mut self) {
        let mut token = self.tokens.next();
        while let Some(here) = token {
            self.attributes.take(here);
            if self.attributes.module_shares_macros() {
                let (raw, form) = (String::from("self"), ImportForm::Inner);
                self.keep(ImportLine { raw, line: 1, form, shares: true, ..ImportLine::default() });
            }
            token = match here {
                Token::Word(word, at) => self.word(word, at),
                Token::Colons(at) => self.path(String::from("::"), at),
                Token::Mark(mark, _) => {
                    self.brace(mark);
                    self.step(here)
                }
                Token::Text(..) | Token::Other => self.step(here),
            };
        }
    }

    /// Goes on to the next token.
    fn step(&mut self, here: Token<'a>) -> Option<Token<'a>> {
        self.before = Some(here);
        self.tokens.next()
    }

    fn brace(&mut self, mark: u8) {
        match mark {
            b'{' => {
                self.open.push(Brace { length: self.within.len(), folder: self.folder(), is_module: false });
                self.blocks += 1;
            }
            b'}' => {
                if let Some(brace) = self.open.pop() {
                    self.within.truncate(brace.length);
                    self.blocks -= usize::from(!brace.is_module);
                }
            }
            b'(' | b'[' => self.round += 1,
            b')' | b']' => self.round = self.round.saturating_sub(1),
            _ => {}
        }
    }

    fn folder(&self) -> Option<Rc<str>> {
        self.open.last().and_then(|brace| brace.folder.clone())
    }

    fn word(&mut self, word: &'a str, at: usize) -> Option<Token<'a>> {
        let here = Token::Word(word, at);
        let after_dot = matches!(self.before, Some(Token::Mark(b'.', _)));
        let of_macro = matches!(self.before, Some(Token::Mark(b'$', _)));
        match word {
            "use" => self.statement(here),
            "mod" => self.module(here, at),
            "extern" => self.package(here, at),
            "pub" => self.visibility(here),
            "macro_rules" => self.definition(here, at),
            "crate" if of_macro => self.path("$crate".to_owned(), at),
            // The rest of such a path is known to the macro's caller.
            _ if of_macro || after_dot => {
                let next = self.step(here);
                self.passed(next)
            }
            _ => self.path(word.to_owned(), at),
        }
    }

    /// Passes over the rest of a path.
    fn passed(&mut self, mut next: Option<Token<'a>>) -> Option<Token<'a>> {
        while let Some(Token::Colons(at)) = next {
            next = self.step(Token::Colons(at));
            if let Some(Token::Word(word, at)) = next {
                next = self.step(Token::Word(word, at));
            }
        }
        next
    }

    /// Reads a path from its first word, or from the `::` before that, and keeps it.
    fn path(&mut self, first: String, at: usize) -> Option<Token<'a>> {
        let before = self.before;
        let global = first == "::";
        let (mut raw, mut parts) = (first, usize::from(!global));
        let mut next = self.step(if global { Token::Colons(at) } else { Token::Word("", at) });
        loop {
            if !(global && parts == 0) {
                let Some(Token::Colons(at)) = next else { break };
                next = self.step(Token::Colons(at));
            }
            let Some(Token::Word(word, at)) = next else { break };
            if parts > 0 && raw != "::" {
                raw.push_str("::");
            }
            raw.push_str(word);
            parts += 1;
            next = self.step(Token::Word(word, at));
            if raw.len() > TEXT_LIMIT {
                next = self.passed(next);
                break;
            }
        }
        if matches!(next, Some(Token::Mark(b'!', _))) {
            if raw.rsplit("::").next() == Some("include") {
                self.include(at);
            } else if parts == 1 && !global {
                self.macro_use(&raw, at);
            }
        }
        // `<T>::name` is no path of its own, and neither is `name::<T>::name`.
        let of_type = matches!(before, Some(Token::Mark(b'>', _) | Token::Word(..))) && global;
        let lower = raw.trim_start_matches(':').starts_with(|letter: char| letter.is_lowercase() || letter == '_');
        if parts > 1 && (!of_type || lower) {
            let row = self.rows.of(at);
            self.keep(ImportLine { raw, line: line(row), form: ImportForm::Inline, ..ImportLine::default() });
        }
        next
    }

    fn keep(&mut self, mut import: ImportLine) {
        import.raw = cut(&import.raw, TEXT_LIMIT).to_owned();
        if import.form == ImportForm::Inline && !self.seen.insert((self.within.clone(), import.raw.clone())) {
            return;
        }
        cut(&self.within, WITHIN_LIMIT).clone_into(&mut import.within);
        // What a module says of itself, `self`, always holds for it.
        if import.form != ImportForm::Inline && import.raw != "self" {
            import.loose = self.blocks > 0 || self.round > 0 || self.attributes.are_conditions();
            import.shares |= self.attributes.share_macros();
        }
        self.found.push(import);
    }

    /// Reads `mod name;` or the beginning of `mod name {`.
    fn module(&mut self, here: Token<'a>, at: usize) -> Option<Token<'a>> {
        let row = self.rows.of(at);
        let next = self.step(here);
        let Some(Token::Word(name, at)) = next else { return next };
        let next = self.step(Token::Word(name, at));
        match next {
            Some(Token::Mark(b';', _)) => {
                self.part(name, row);
                next
            }
            Some(Token::Mark(b'{', at)) => {
                let (raw, form) = (format!("self::{name}"), ImportForm::Inner);
                self.keep(ImportLine { raw, line: line(row), form, ..ImportLine::default() });
                let named = self.attributes.files().into_iter().find(|file| !file.is_empty());
                let folder = match (self.folder(), named) {
                    (Some(around), Some(named)) => Some(format!("{around}/{named}")),
                    (Some(around), None) => Some(format!("{around}/{name}")),
                    (None, named) => named,
                };
                let folder = folder.filter(|folder| folder.len() < TEXT_LIMIT);
                let folder = folder.map(Rc::from);
                self.open.push(Brace { length: self.within.len(), folder, is_module: true });
                if self.within.len() < WITHIN_LIMIT {
                    if !self.within.is_empty() {
                        self.within.push_str("::");
                    }
                    self.within.push_str(name);
                }
                self.step(Token::Mark(b'{', at))
            }
            _ => next,
        }
    }

    fn part(&mut self, name: &str, row: usize) {
        let mut files = self.attributes.files();
        if let Some(folder) = self.folder() {
            let inside = |file: &String| match file.as_str() {
                "" => vec![format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")],
                file => vec![format!("{folder}/{file}")],
            };
            let more: Vec<String> = files.iter().flat_map(inside).collect();
            files.extend(more);
        }
        for at in files {
            let (raw, at) = (format!("self::{name}"), cut(&at, TEXT_LIMIT).to_owned());
            self.keep(ImportLine { raw, line: line(row), at, form: ImportForm::Part, ..ImportLine::default() });
        }
    }

    /// Reads `extern crate name as other`.
    fn package(&mut self, here: Token<'a>, at: usize) -> Option<Token<'a>> {
        let row = self.rows.of(at);
        let next = self.step(here);
        let Some(Token::Word("crate", at)) = next else { return next };
        let next = self.step(Token::Word("crate", at));
        let Some(Token::Word(name, at)) = next else { return next };
        let mut next = self.step(Token::Word(name, at));
        let mut known_as = String::new();
        if let Some(Token::Word("as", at)) = next {
            next = self.step(Token::Word("as", at));
            if let Some(Token::Word(alias, at)) = next {
                cut(alias, WITHIN_LIMIT).clone_into(&mut known_as);
                next = self.step(Token::Word(alias, at));
            }
        }
        let form = ImportForm::Package;
        self.keep(ImportLine { raw: name.to_owned(), line: line(row), known_as, form, ..ImportLine::default() });
        next
    }

    /// Passes over `(crate)` or `(in path)` behind `pub`.
    fn visibility(&mut self, here: Token<'a>) -> Option<Token<'a>> {
        let mut next = self.step(here);
        let Some(Token::Mark(b'(', at)) = next else { return next };
        self.brace(b'(');
        next = self.step(Token::Mark(b'(', at));
        // `pub (crate::a::B, u8)` is a field: only what may stand there is passed over.
        let Some(Token::Word("crate" | "self" | "super" | "in", at)) = next else { return next };
        let (word, path) = (next, matches!(next, Some(Token::Word("in", _))));
        let mut tokens = self.tokens;
        let inside = tokens.find(|token| !(path && matches!(token, Token::Word(..) | Token::Colons(_))));
        if !matches!(inside, Some(Token::Mark(b')', _))) {
            return word;
        }
        self.tokens = tokens;
        self.brace(b')');
        self.step(Token::Mark(b')', at))
    }
}

#[cfg(test)]
mod tests;
