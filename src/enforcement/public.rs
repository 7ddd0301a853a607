//! `public`: modules with a face; others may import only the files of the face.
//!
//! Globs of the face are relative to the root of the system, like all globs of a specification: `src/*/index.ts` is one
//! face for many modules. Imports inside a module are free. An import of a whole package (Go) needs every file of the
//! package that it brings in the face. Only direct imports count.

use globset::GlobSet;
use serde_json::json;

use super::graphs::GraphPair;
use super::graphs::Imported;
use super::graphs::names::{Groups, TYPE_ONLY, missing, module_list, not_empty, switch, type_only_schema};
use super::graphs::words::{joined, of_link};
use super::{Enforcement, Kind, Proof, Reading, Violation};
use crate::diagnostic::shortened;
use crate::specification::hosted::{glob, globs};
use crate::yaml::Node;

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "public", read, proof: Proof::Trees, schema };

#[derive(Debug)]
struct Public {
    modules: Vec<String>,
    face: Vec<String>,
    shown: GlobSet,
    /// Whether imports count that only checkers of types read.
    type_only: bool,
}

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let (mut modules, mut face, mut type_only) = (None, None, None);
    for (key, value) in reading.faults.map(node, "public") {
        match key.value.as_str() {
            "modules" => modules = Some(module_list(reading, value, "modules")),
            "face" => face = Some(glob_list(reading, value, "face")),
            TYPE_ONLY => type_only = switch(reading, value, TYPE_ONLY),
            _ => reading.faults.unknown_key(key, &["modules", "face", TYPE_ONLY], "public"),
        }
    }
    if modules.is_none() {
        missing(reading, node.place, "public", "modules", "Write `modules: [cart]`.");
    }
    if face.is_none() {
        let help = "Write `face: [\"src/cart/api.py\"]`, relative to the root of the system.";
        missing(reading, node.place, "public", "face", help);
    }
    let face = face?;
    let shown = globs(&face).ok()?;
    let type_only = type_only.unwrap_or(true);
    Some(Box::new(Public { modules: modules?, face, shown, type_only }))
}

/// Reads globs; those that are none are recorded and left out.
pub(super) fn glob_list(reading: &mut Reading<'_, '_>, node: &Node, what: &str) -> Vec<String> {
    not_empty(reading, node, what);
    let mut list = Vec::new();
    for written in reading.faults.texts(node, what) {
        match glob(&written.value) {
            Ok(_) => list.push(written.value),
            Err(error) => {
                let title = format!("`{}` is no glob: {}", shortened(&written.value), error.kind());
                reading.faults.add(written.place, title, "no glob", "Write one such as `src/**/*.py`.");
            }
        }
    }
    list
}

fn schema() -> serde_json::Value {
    let names = |description: &str| json!({"type": "array", "minItems": 1, "items": {"type": "string"}, "description": description});
    json!({"type": "object", "required": ["modules", "face"], "additionalProperties": false, "properties": {
        "modules": names("Modules that show a face."),
        "face": names("Globs of the files that others may import, relative to the root of the system."),
        "type-only": type_only_schema()}})
}

impl Enforcement for Public {
    fn needs_graph(&self) -> bool {
        true
    }

    fn counts_types(&self) -> bool {
        self.type_only
    }

    fn judge_graph(&self, pair: &GraphPair) -> Vec<Violation> {
        let guarded = Groups::of(pair, &self.modules);
        let mut found = Vec::new();
        for link in pair.new_links() {
            let Imported::Files(Some(module), files) = &link.to else { continue };
            if guarded.module(Some(*module)).is_none() || pair.head.module_of(link.from) == Some(*module) {
                continue;
            }
            let paths = files.iter().map(|file| pair.head.path(*file));
            let hidden = |path: &&str| !pair.system.inside(path).is_some_and(|inside| self.shown.is_match(inside));
            let Some(path) = paths.into_iter().find(hidden) else { continue };
            let (from, to) = (pair.label(link.from), pair.named(*module));
            let message = format!(
                "{from} imports the inside of {to}: {} -> {path}, which is not in its public face",
                pair.head.path(link.from)
            );
            let fix = format!("Import {} instead, or let `{to}` show there what is needed.", joined(&self.face, "or"));
            found.push(of_link(pair, link, message, fix));
        }
        found
    }
}
