//! What one file imports, and nothing else: for the graph of the whole repository.
//!
//! Owns a cheaper walk over the same tables: no symbols, no calls, no patterns. A file with syntax errors still gives
//! the imports that were found; a file that overran a limit gives none, and says so.
//!
//! Names written out in full in the midst of code are imports without a statement; they are kept once a file, so that
//! nobody goes around a rule by leaving the statement out.

mod go;
mod header;
mod java;
mod python;
mod rust;
mod special;

pub(crate) use go::names as go_names;
pub(crate) use java::names as java_names;
pub(crate) use python::names_changed as python_names_changed;
pub(crate) use rust::names as rust_names;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use tree_sitter::{Node, TreeCursor};

use super::decode::decode;
use super::detect;
use super::extract::Extractor;
use super::languages::{Called, Language};
use super::lines::{cut, line};
use super::patterns::Document;
use super::plan::{NONE, Plan};
use super::secrets::mask;
use super::side::{self, Budget, Stop};
use crate::clock::Deadline;
use crate::limits::Limits;
use crate::worker::protocol::ImportsTask;

/// Characters of an import that are kept.
const TEXT_LIMIT: usize = 1_000;

/// Characters of the names of enclosing modules that are kept.
const WITHIN_LIMIT: usize = 300;

/// Nodes between two looks at the clock and the other limits.
const DEADLINE_STRIDE: u64 = 512;

/// Families whose imports stand at the top of the file only, and how deep there.
const SHALLOW: &[(&str, u32)] = &[("go", 4)];

/// What one file imports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileImports {
    /// Id of the language, or `unknown`.
    pub language: String,
    /// The package that the file says it belongs to (Java), or empty.
    pub package: String,
    /// Its imports, sorted by place.
    pub imports: Vec<ImportLine>,
    /// Why it could not be read: (code, message); then there are no imports.
    pub fault: Option<(String, String)>,
}

/// One import as the source has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportLine {
    /// Line, from 1.
    pub line: u32,
    /// What is imported, one entry a name: `os.path`, `crate::a::B`, `./cart`.
    pub raw: String,
    /// Modules of the same file around it, outermost first, joined by `::`; empty at the top of the file (Rust).
    pub within: String,
    /// The file that the source itself names for it, or empty (`#[path = "..."]` of Rust, `run_path("...")` of Python). Of
    /// JavaScript the files that one call takes together, as a glob, and after a line end the expression that they match.
    pub at: String,
    /// The name under which the file knows it from then on, where the source gives one (`as` of Rust), or empty. Of a name
    /// in full of Python: the leading part that a statement imports anyway.
    pub known_as: String,
    /// In which form it stands there.
    pub form: ImportForm,
    /// True for what compilers and checkers of types read and the running program does not: `import type` of TypeScript,
    /// what stands under `if TYPE_CHECKING:` of Python.
    pub types: bool,
    /// True where it may not hold for the whole of the module around it: inside of a function or of what a macro is
    /// given, or under an attribute that may take it away (Rust).
    pub loose: bool,
    /// True where macros are passed on: `#[macro_use]` of a module or crate, `#[macro_export]` of a macro (Rust).
    pub shares: bool,
}

/// In which form an import stands in the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportForm {
    /// The usual one.
    #[default]
    Use,
    /// Only says that a part exists, and does not use it: `mod x;` of Rust.
    Part,
    /// Says that a module stands in the file itself: `mod x {` of Rust.
    Inner,
    /// Says that a macro is defined: `macro_rules! x` of Rust.
    Macro,
    /// Names a whole package: `extern crate x;` of Rust.
    Package,
    /// A full name in the midst of code: `crate::store::open()`, `new com.shop.Store()`, `shop.store.open()`.
    Inline,
    /// A call whose name is made while the program runs: `import_module(name)`. Where it leads is not known.
    Computed,
}

/// Returns the id of the language that a file is read in, or none. A file without extension is told by its first line.
#[must_use]
pub fn language_of(path: &str, first_bytes: &[u8]) -> Option<&'static str> {
    detect::language(path, first_bytes).map(|language| language.id)
}

/// Returns the family of a language: those that import one another.
#[must_use]
pub fn family_of(language: &str) -> Option<&'static str> {
    super::languages::named(language).map(|language| language.family)
}

/// Returns every family, sorted.
#[must_use]
pub fn families() -> Vec<&'static str> {
    let mut families: Vec<&str> = super::languages::LANGUAGES.iter().map(|language| language.family).collect();
    families.sort_unstable();
    families.dedup();
    families
}

impl Extractor {
    /// Reads what one file imports.
    #[must_use]
    pub fn imports(&self, task: &ImportsTask) -> FileImports {
        let limits = self.limits();
        let Some(language) = detect::language(&task.path, &task.blob.bytes) else {
            return FileImports { language: "unknown".to_owned(), ..FileImports::default() };
        };
        let mut found = FileImports { language: language.id.to_owned(), ..FileImports::default() };
        let budget = Budget { limits, deadline: Deadline::after_ms(limits.file_ms) };
        let text = decode(&task.blob.bytes).text;
        if let Err(stop) = self.read_imports(language, (&task.path, text), &budget, &mut found) {
            found.imports.clear();
            found.fault = Some((stop.code.to_owned(), stop.message));
        }
        // An address can be imported, and a password stand in it.
        for import in &mut found.imports {
            if let Cow::Owned(masked) = mask(&import.raw) {
                import.raw = masked;
            }
        }
        found
    }

    fn read_imports(
        &self,
        language: &'static Language,
        (path, text): (&str, String),
        budget: &Budget<'_>,
        found: &mut FileImports,
    ) -> Result<(), Stop> {
        let Some(plan) = self.bare_plan(language) else { return Ok(()) };
        if text.len() as u64 > budget.limits.file_bytes {
            let limit = budget.limits.file_bytes;
            return Err(Stop::too_large(format!("{} bytes (limit file-bytes: {limit})", text.len())));
        }
        if language.family == "java" {
            let read = java::names(&text);
            (found.imports, found.package) = (read.imports, read.package);
        } else if language.family == "rust" {
            found.imports = rust::names(&text);
        }
        if matches!(language.family, "java" | "rust") {
            found.imports = special::settled(std::mem::take(&mut found.imports));
            return within_facts(found.imports.len(), budget.limits);
        }
        let mut text = text;
        let linked = go::names(&text);
        text.truncate(header::length(language.family, &text));
        let document = side::parse(text, plan, budget)?;
        let mut walk = ImportWalk::new(&document, plan, budget.limits);
        walk.python.begin(path);
        walk.run(document.root().get_doc().tree.root_node().walk(), budget)?;
        walk.end_python();
        walk.check(0, budget)?;
        if language.family == "go" {
            walk.imports.extend(linked);
        }
        found.imports = special::settled(walk.imports);
        Ok(())
    }
}

fn within_facts(count: usize, limits: &Limits) -> Result<(), Stop> {
    if count as u64 > limits.facts_per_file {
        return Err(Stop::too_large(format!("more than {} facts (limit facts-per-file)", limits.facts_per_file)));
    }
    Ok(())
}

struct ImportWalk<'a> {
    text: &'a str,
    plan: &'a Plan,
    deepest: u32,
    imports: Vec<ImportLine>,
    python: python::Names<'a>,
}

impl<'a> ImportWalk<'a> {
    fn new(document: &'a Document, plan: &'a Plan, limits: &Limits) -> Self {
        let doc = document.root().get_doc();
        let whole = u32::try_from(limits.tree_depth).unwrap_or(u32::MAX);
        let shallow = SHALLOW.iter().find(|(family, _)| *family == plan.language.family);
        // Around a syntax error an import may stand deeper than it should.
        let shallow = shallow.filter(|_| !doc.tree.root_node().has_error());
        Self {
            text: doc.src.as_str(),
            plan,
            deepest: shallow.map_or(whole, |(_, depth)| *depth),
            imports: Vec::new(),
            python: python::Names::default(),
        }
    }

    fn run(&mut self, mut cursor: TreeCursor<'a>, budget: &Budget<'_>) -> Result<(), Stop> {
        let shallow = u64::from(self.deepest) < budget.limits.tree_depth;
        let (mut nodes, mut depth) = (0_u64, 0_u32);
        loop {
            nodes = nodes.saturating_add(1);
            if nodes.is_multiple_of(DEADLINE_STRIDE) {
                self.check(nodes, budget)?;
            }
            self.visit(cursor.node());
            if (depth < self.deepest || !shallow) && cursor.goto_first_child() {
                depth = depth.saturating_add(1);
                if u64::from(depth) > budget.limits.tree_depth {
                    return Err(Stop::too_large(format!("nested deeper than {depth} levels (limit tree-depth)")));
                }
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return self.check(nodes, budget);
                }
                depth = depth.saturating_sub(1);
            }
        }
    }

    fn check(&self, nodes: u64, budget: &Budget<'_>) -> Result<(), Stop> {
        let limits = budget.limits;
        if nodes > limits.nodes_per_file {
            return Err(Stop::too_large(format!("more than {} nodes (limit nodes-per-file)", limits.nodes_per_file)));
        }
        within_facts(self.imports.len(), limits)?;
        if budget.deadline.passed() { Err(Stop::timeout(limits)) } else { Ok(()) }
    }

    fn visit(&mut self, node: Node<'a>) {
        let language = self.plan.language;
        if let Some(action) = self.plan.action(node.kind_id(), false) {
            if action.call != NONE && language.family != "python" {
                let found = (language.import_of_call)(self.text, node);
                self.keep_called(found, line(node.start_position().row));
            }
            if let Some(kind) = language.imports.get(usize::from(action.import)) {
                let types = (language.only_types)(self.text, node) || self.python.only_types_at(node.start_byte());
                for (raw, row) in (kind.read)(self.text, node) {
                    self.keep(ImportLine { raw, line: line(row), types, ..ImportLine::default() });
                }
            }
        }
        if language.family == "python" {
            self.visit_python(node);
        }
    }

    fn keep_called(&mut self, found: Vec<Called>, line: u32) {
        for Called { raw, at, computed } in found {
            let form = if computed { ImportForm::Computed } else { ImportForm::Use };
            let at = cut(&at, TEXT_LIMIT).to_owned();
            self.keep(ImportLine { raw, at, line, form, ..ImportLine::default() });
        }
    }

    fn keep(&mut self, mut import: ImportLine) {
        import.raw = cut(&import.raw, TEXT_LIMIT).to_owned();
        self.imports.push(import);
    }
}
