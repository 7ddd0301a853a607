//! One changed file in, its facts out.
//!
//! Owns the order of the work: hunks, preflight, parse, walk, pair. Never panics on hostile bytes, and never returns
//! partial facts that look whole.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::decode::{Source, decode, is_utf16, source_text};
use super::garbled::is_garbled;
use super::languages::{LANGUAGES, Language};
use super::learnt;
use super::lines::ChangedLines;
use super::patterns::{self, CodePatternSet, CodeRules, CodeTable, InScope, LoadedPattern};
use super::plan::Plan;
use super::secrets::{Sighting, Values, mask_bytes, sightings};
use super::side::{self, Budget, Stop};
use super::walk::{self, Raw};
use super::{FileFacts, ParseStatus, Parsed, commented, detect, pair, preflight, testing};
use crate::change::Hunk;
use crate::change::{self, Diff};
use crate::clock::Deadline;
use crate::dependencies::Dependencies;
use crate::documents::{Sides, is_pipeline};
use crate::limits::Limits;
use crate::policies::input::FileClass;
use crate::policies::{Fault, PatternSource};
use crate::worker::protocol::{Blob, ReadTask};

/// Most lines of syntax errors that are named.
const ERROR_LINES: usize = 20;

/// Reads changed files; one a worker, shared by its threads.
pub struct Extractor {
    limits: Limits,
    patterns: Vec<LoadedPattern>,
    code: CodeRules,
    plans: Vec<OnceLock<(Plan, Vec<Fault>)>>,
    /// Tables without patterns.
    bare: Vec<OnceLock<Plan>>,
}

impl Extractor {
    /// Reads the pattern files, compiling none. The faults are sorted; a run with one is undecided.
    #[must_use]
    pub fn new(limits: &Limits, sources: &[PatternSource]) -> (Self, Vec<Fault>) {
        let (patterns, faults) = patterns::load(sources);
        let plans = LANGUAGES.iter().map(|_| OnceLock::new()).collect();
        let bare = LANGUAGES.iter().map(|_| OnceLock::new()).collect();
        (Self { limits: limits.clone(), patterns, code: CodeRules::default(), plans, bare }, faults)
    }

    /// Adds what the rules of the specification look for; each is compiled when a file in its scope is read.
    #[must_use]
    pub fn with_code(self, sets: &[CodePatternSet]) -> Self {
        Self { code: CodeRules::new(sets), ..self }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Returns the table of a language without patterns.
    pub(super) fn bare_plan(&self, language: &'static Language) -> Option<&Plan> {
        let index = LANGUAGES.iter().position(|row| row.id == language.id)?;
        self.bare.get(index).map(|plan| plan.get_or_init(|| Plan::new(language, Vec::new())))
    }

    /// Reads one changed file.
    ///
    /// Everything but the lines that changed is read out of bytes in which secrets are masked: what was never there
    /// stands in no fact, however it is cut, unescaped or put together.
    #[must_use]
    pub fn read(&self, task: &ReadTask) -> FileFacts {
        let look = |side: &Option<Blob>| side.as_ref().map(|blob| sightings(&blob.bytes));
        let (old, new) = (look(&task.old), look(&task.new));
        if [&old, &new].into_iter().flatten().all(|side| side.sights.is_empty()) {
            return self.read_masked(task, task);
        }
        let masked = ReadTask {
            old: masked(task.old.as_ref(), old.as_ref()),
            new: masked(task.new.as_ref(), new.as_ref()),
            ..task.clone()
        };
        let mut facts = self.read_masked(&masked, task);
        self.fill_secrets(task, (old, new), &mut facts);
        facts
    }

    /// Adds where secrets stand, and on a way of their own what they are.
    fn fill_secrets(&self, task: &ReadTask, (old, new): (Option<Sighting>, Option<Sighting>), facts: &mut FileFacts) {
        let values = |side: &Option<Sighting>, blob: &Option<Blob>| {
            side.as_ref().zip(blob.as_ref()).map_or(Vec::new(), |(side, blob)| side.values(&blob.bytes))
        };
        let (base, head) = (values(&old, &task.old), values(&new, &task.new));
        let base: BTreeSet<String> = base.into_iter().collect();
        // Of a binary file no lines are told apart.
        let lines = if facts.binary { ChangedLines::all() } else { ChangedLines::of_head(&facts.hunks) };
        if let (Some(side), Some(blob)) = (&new, &task.new) {
            facts.secrets = side.facts(&blob.bytes, &head, &base, &lines);
        }
        let limit = usize::try_from(self.limits.facts_per_file).unwrap_or(usize::MAX);
        if facts.secrets.len() > limit {
            facts.secrets.truncate(limit);
            let message = format!("more than {limit} secrets (limit facts-per-file)");
            facts.faults.push(("secrets-too-many".to_owned(), message));
        }
        facts.values = Values { all: base.iter().chain(&head).cloned().collect(), base, facts: head };
    }

    fn read_masked(&self, task: &ReadTask, raw: &ReadTask) -> FileFacts {
        let mut facts = self.read_text(task, raw);
        // Of generated and vendored files only what CI runs is judged by a policy that looks at documents.
        if !matches!(task.class, FileClass::Generated | FileClass::Vendored) || is_pipeline(&task.path) {
            let base = task.old.as_ref().map(|blob| (task.old_path.as_str(), blob.bytes.as_slice()));
            let head = task.new.as_ref().map(|blob| (task.path.as_str(), blob.bytes.as_slice()));
            facts.documents = Sides::read(base, head, &self.limits);
            facts.dependencies = Dependencies::read(base, head, &self.limits);
        }
        facts
    }

    fn read_text(&self, task: &ReadTask, raw: &ReadTask) -> FileFacts {
        if let Some(fault) = self.code.fault() {
            return FileFacts { faults: vec![("pattern-invalid".to_owned(), fault.to_owned())], ..FileFacts::unread() };
        }
        let budget = Budget { limits: &self.limits, deadline: Deadline::after_ms(self.limits.file_ms) };
        let old = task.old.as_ref().map(|blob| blob.bytes.as_slice());
        let new = task.new.as_ref().map(|blob| blob.bytes.as_slice());
        let language =
            detect::language(if new.is_some() { &task.path } else { &task.old_path }, new.or(old).unwrap_or_default());
        let mut facts = empty(language);
        facts.lfs_pointer = new.is_some_and(change::lfs_pointer);
        let is_data = |bytes: &[u8]| change::is_binary(bytes) || is_garbled(bytes);
        let binary = |side: Option<&[u8]>| side.is_some_and(|bytes| is_data(bytes) && !is_utf16(bytes));
        let lenient = matches!(task.class, FileClass::Generated | FileClass::Vendored);
        let scope = if lenient {
            InScope::default()
        } else {
            self.code.in_scope(&task.old_path, new.is_some().then_some(task.path.as_str()))
        };
        if language.is_none() && (binary(old) || binary(new)) {
            facts.binary = true;
            if self.code.searches(&scope) {
                let texts = (old.map(source_text), new.map(source_text));
                let lines = (ChangedLines::all(), ChangedLines::all());
                let ended =
                    self.search_text(&scope, (texts.0.as_deref(), texts.1.as_deref()), &lines, &budget, &mut facts);
                stopped(ended, &mut facts);
            }
            return facts;
        }
        let old_language = old.and_then(|bytes| detect::language(&task.old_path, bytes));
        let sources = Sources { old: old.map(decode), new: new.map(decode), languages: (old_language, language) };
        let diff = diff(raw);
        (facts.hunks, facts.added, facts.removed) = (diff.hunks, diff.added, diff.removed);
        let (_, lines) = sources.lines(&facts.hunks);
        if let Some(source) = &sources.new {
            let limit = usize::try_from(self.limits.facts_per_file).unwrap_or(usize::MAX);
            let mut suspects = preflight::suspects(source, new.unwrap_or_default(), language, limit);
            if suspects.len() > limit {
                suspects.truncate(limit);
                let message = format!("more than {limit} deceiving characters (limit facts-per-file)");
                facts.faults.push(("hidden-too-many".to_owned(), message));
            }
            facts.hidden = preflight::hidden(suspects, &lines, sources.encoding_changed());
        }
        if lenient {
            return facts;
        }
        let ended = match language {
            Some(language) => self.read_code(language, sources, task, &scope, &budget, &mut facts),
            None => {
                let lines = sources.lines(&facts.hunks);
                self.search_text(&scope, sources.texts(), &lines, &budget, &mut facts)
            }
        };
        stopped(ended, &mut facts);
        facts
    }

    /// Fills the matches of a file without a grammar: only expressions can be tried there.
    fn search_text(
        &self,
        scope: &InScope,
        texts: (Option<&str>, Option<&str>),
        (old_lines, new_lines): &(ChangedLines, ChangedLines),
        budget: &Budget<'_>,
        facts: &mut FileFacts,
    ) -> Result<(), Stop> {
        let mut searched = self.code.search(scope, texts, budget)?;
        self.code.keep_in_scope(scope, &mut searched.old);
        note_faults(facts, &searched.faults);
        let sides = pair::Sides {
            old_text: texts.0.unwrap_or_default(),
            new_text: texts.1.unwrap_or_default(),
            old_lines,
            new_lines,
            related: true,
        };
        facts.matches = pair::matches_only(searched.old, searched.new, &sides);
        Ok(())
    }

    /// Fills symbols, imports, calls, matches and syntax errors, or leaves them empty.
    fn read_code(
        &self,
        language: &'static Language,
        sources: Sources,
        task: &ReadTask,
        scope: &InScope,
        budget: &Budget<'_>,
        facts: &mut FileFacts,
    ) -> Result<(), Stop> {
        let Some((plan, faults)) = self.plan(language) else { return Ok(()) };
        // The base side in its own language; where that has no grammar, it has no facts.
        let old_plan = sources.languages.0.and_then(|old| self.plan(old)).map(|(plan, _)| plan);
        for side in [&sources.old, &sources.new].into_iter().flatten() {
            if side.text.len() as u64 > self.limits.file_bytes {
                let message = format!("{} bytes (limit file-bytes: {})", side.text.len(), self.limits.file_bytes);
                return Err(Stop::too_large(message));
            }
        }
        let (old_lines, new_lines) = sources.lines(&facts.hunks);
        let (same, related) = (sources.same_text(), sources.related());
        let searched = self.code.search(scope, sources.texts(), budget)?;
        let table = self.code.table(scope, language);
        let old_table = sources.languages.0.map(|old| self.code.table(scope, old)).unwrap_or_default();
        note_faults(facts, &[searched.faults.as_slice(), &table.faults, &old_table.faults].concat());
        let new = sources.new.map(|source| side::parse(source.text, plan, budget)).transpose()?;
        let mut new_raw = new.as_ref().map(|document| walk::walk(document, plan, budget, None, &table)).transpose()?;
        let rest = pair::rest_matters(new_raw.as_ref(), &new_lines);
        let base = Base { task, focus: (!rest).then_some(&old_lines), budget, table: &old_table };
        let old = sources.old.filter(|_| !same).zip(old_plan);
        let old = old.map(|(source, plan)| base.read(source.text, plan, &mut facts.learnt)).transpose()?;
        let (old_text, mut old_raw) = match old {
            Some((text, raw)) => (text, Some(raw)),
            None => (String::new(), new_raw.clone().filter(|_| same)),
        };
        if let Some(raw) = &mut new_raw {
            raw.matches.extend(searched.new);
        }
        if let Some(raw) = &mut old_raw {
            raw.matches.extend(searched.old);
            self.code.keep_in_scope(scope, &mut raw.matches);
        }
        let root = new.as_ref().map(patterns::Document::root);
        let new_text = root.as_ref().map_or("", |root| root.get_doc().src.as_str());
        let sides = pair::Sides {
            old_text: if same { new_text } else { &old_text },
            new_text,
            old_lines: &old_lines,
            new_lines: &new_lines,
            related,
        };
        facts.faults.extend(faults.iter().map(|fault| (fault.code.clone(), fault.message.clone())));
        if let Some(raw) = &new_raw {
            let texts = (sides.old_text, sides.new_text);
            facts.commented = commented::commented(&raw.comments, texts, (&old_lines, &new_lines), plan, budget);
        }
        // Rust keeps unit tests in the file itself.
        if task.class == FileClass::Test || language.id == "rust" {
            let nothing = Raw::default();
            let (old, new) = (old_raw.as_ref().unwrap_or(&nothing), new_raw.as_ref().unwrap_or(&nothing));
            facts.tests = testing::tests(old, new, &sides, language.id);
        }
        fill(facts, language, old_raw, new_raw, &sides);
        if budget.deadline.passed() { Err(clear(facts, Stop::timeout(&self.limits))) } else { Ok(()) }
    }

    fn plan(&self, language: &'static Language) -> Option<&(Plan, Vec<Fault>)> {
        let index = LANGUAGES.iter().position(|row| row.id == language.id)?;
        self.plans.get(index).map(|plan| plan.get_or_init(|| self.compile(language)))
    }

    fn compile(&self, language: &'static Language) -> (Plan, Vec<Fault>) {
        let (mut compiled, mut faults) = (Vec::new(), Vec::new());
        for pattern in self.patterns.iter().filter(|pattern| pattern.language.id == language.id) {
            match patterns::compile(pattern) {
                Ok(pattern) => compiled.push(pattern),
                Err(fault) => faults.push(fault),
            }
        }
        (Plan::new(language, compiled), faults)
    }
}

/// How the base side is read.
struct Base<'a> {
    task: &'a ReadTask,
    /// The lines that matter, where not all do.
    focus: Option<&'a ChangedLines>,
    budget: &'a Budget<'a>,
    table: &'a CodeTable<'a>,
}

impl Base<'_> {
    /// Returns the text and what it says, from an earlier run where that is known, else from a parse; `learnt` takes what
    /// later runs can use.
    fn read(&self, text: String, plan: &Plan, learnt: &mut Vec<u8>) -> Result<(String, Raw), Stop> {
        // What patterns of the specification find depends on the path too.
        let plain = self.table.is_empty();
        let (language, known) = (plan.language.id, self.task.known.as_ref().filter(|_| plain));
        if let Some(raw) = known.and_then(|known| learnt::read(&known.bytes, language, self.focus)) {
            return Ok((text, raw));
        }
        let document = side::parse(text, plan, self.budget)?;
        let raw = walk::walk(&document, plan, self.budget, self.focus, self.table)?;
        if self.task.learn && plain {
            let whole = match self.focus {
                None => Ok(raw.clone()),
                Some(_) => walk::walk(&document, plan, self.budget, None, self.table),
            };
            // What cannot be read as a whole is not learnt.
            *learnt = whole.map_or_else(|_| Vec::new(), |whole| learnt::write(language, whole));
        }
        Ok((document.root().get_doc().src.clone(), raw))
    }
}

/// Returns a side without its secrets.
fn masked(blob: Option<&Blob>, side: Option<&Sighting>) -> Option<Blob> {
    let blob = blob?;
    let masked = side.filter(|side| !side.sights.is_empty()).map(|side| mask_bytes(&blob.bytes, &side.sights));
    Some(Blob { bytes: masked.unwrap_or_else(|| blob.bytes.clone()) })
}

/// Diffs the bytes, or the texts where a side is UTF-16: there a line feed byte is not a line feed.
fn diff(task: &ReadTask) -> Diff {
    let old = task.old.as_ref().map_or(&[][..], |blob| blob.bytes.as_slice());
    let new = task.new.as_ref().map_or(&[][..], |blob| blob.bytes.as_slice());
    if is_utf16(old) || is_utf16(new) {
        return change::hunks(source_text(old).as_bytes(), source_text(new).as_bytes());
    }
    change::hunks(old, new)
}

fn empty(language: Option<&'static Language>) -> FileFacts {
    let language = language.map_or("unknown", |language| language.id).to_owned();
    FileFacts { language, ..FileFacts::unread() }
}

/// Records why reading stopped, if it did.
fn stopped(ended: Result<(), Stop>, facts: &mut FileFacts) {
    if let Err(stop) = ended {
        facts.parsed = Parsed { status: stop.status, errors_in_change: false };
        facts.faults.push((stop.code.to_owned(), stop.message));
    }
}

/// A pattern that does not compile here did when the specification was read; without it nothing is known.
fn note_faults(facts: &mut FileFacts, faults: &[String]) {
    let mut faults: Vec<_> = faults.iter().map(|fault| ("pattern-invalid".to_owned(), fault.clone())).collect();
    faults.sort();
    faults.dedup();
    facts.faults.extend(faults);
}

/// Takes back everything that was read from code.
fn clear(facts: &mut FileFacts, stop: Stop) -> Stop {
    facts.symbols.clear();
    facts.imports.clear();
    facts.calls.clear();
    facts.matches.clear();
    facts.tests.clear();
    facts.commented.clear();
    facts.error_lines.clear();
    stop
}

fn fill(
    facts: &mut FileFacts,
    language: &'static Language,
    old: Option<Raw>,
    new: Option<Raw>,
    sides: &pair::Sides<'_>,
) {
    let broken = new.as_ref().or(old.as_ref()).is_some_and(|raw| !raw.errors.is_empty());
    facts.parsed.status = if broken { ParseStatus::Errors } else { ParseStatus::Ok };
    if let Some(new) = &new {
        facts.parsed.errors_in_change = pair::errors_in_change(old.as_ref(), new, sides.new_lines);
        facts.error_lines = new.errors.iter().map(|(start, _)| *start).collect();
        facts.error_lines.sort_unstable();
        facts.error_lines.dedup();
        facts.error_lines.truncate(ERROR_LINES);
        let suspects = preflight::identifiers(&new.identifiers, sides.new_text);
        facts.hidden.extend(preflight::hidden(suspects, sides.new_lines, false));
        facts
            .hidden
            .sort_by(|a, b| (a.line, a.column, &a.kind, &a.detail).cmp(&(b.line, b.column, &b.kind, &b.detail)));
    }
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    for skipped in [&old.skipped, &new.skipped].into_iter().flatten().take(1) {
        facts.faults.push(("patterns-not-tried".to_owned(), skipped.clone()));
    }
    let paired = pair::pair(old, new, sides, language.external);
    facts.symbols = paired.symbols;
    facts.imports = paired.imports;
    facts.calls = paired.calls;
    facts.matches = paired.matches;
}

/// Both sides as text, and their languages.
struct Sources {
    old: Option<Source>,
    new: Option<Source>,
    languages: (Option<&'static Language>, Option<&'static Language>),
}

impl Sources {
    /// Says whether both sides mean the same by the same text: prose that becomes code is new code.
    fn related(&self) -> bool {
        let family = |language: Option<&'static Language>| language.map(|language| language.family);
        self.old.is_none() || self.new.is_none() || family(self.languages.0) == family(self.languages.1)
    }

    /// Returns the changed lines of base and head; all of them where the sides are not related.
    fn lines(&self, hunks: &[Hunk]) -> (ChangedLines, ChangedLines) {
        if self.related() {
            (ChangedLines::of_base(hunks), ChangedLines::of_head(hunks))
        } else {
            (ChangedLines::all(), ChangedLines::all())
        }
    }

    fn texts(&self) -> (Option<&str>, Option<&str>) {
        fn text(source: Option<&Source>) -> Option<&str> {
            source.map(|source| source.text.as_str())
        }
        (text(self.old.as_ref()), text(self.new.as_ref()))
    }

    fn encoding_changed(&self) -> bool {
        self.old.as_ref().map(|old| old.encoding) != self.new.as_ref().map(|new| new.encoding)
    }

    fn same_text(&self) -> bool {
        let one = self.languages.0.map(|language| language.id) == self.languages.1.map(|language| language.id);
        one && matches!((&self.old, &self.new), (Some(old), Some(new)) if old.text == new.text)
    }
}
