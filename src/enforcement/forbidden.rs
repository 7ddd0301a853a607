//! `forbidden`: what some files must not import: modules of the system, or packages outside.
//!
//! `from` names modules, globs of paths (relative to the root of the system), or `"*"` for every file of the system.
//! Chains over any other files count for modules and do not for packages, unless `indirect` says otherwise for both: a
//! module is named because it must not be known, a package because it must not be used here.

use globset::GlobSet;
use serde_json::json;

use super::graphs::contradictions::{Claim, Says};
use super::graphs::names::{Groups, TYPE_ONLY, known, missing, module_list, not_empty, switch, type_only_schema};
use super::graphs::words::{arrow, of_chain, of_link};
use super::graphs::{GraphPair, Imported, Question};
use super::public::glob_list;
use super::{Enforcement, Kind, Proof, Reading, Violation};
use crate::diagnostic::shortened;
use crate::impact::graph::FileId;
use crate::specification::hosted::{glob, globs};
use crate::yaml::Node;

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "forbidden", read, proof: Proof::Trees, schema };

const KEYS: &[&str] = &["from", "to", "to-packages", "indirect", TYPE_ONLY];

#[derive(Debug)]
struct Forbidden {
    from: Source,
    to: Vec<String>,
    packages: GlobSet,
    /// Whether chains count; none leaves it to what is named.
    indirect: Option<bool>,
    /// Whether imports count that only checkers of types read.
    type_only: bool,
}

/// The files that must not import.
#[derive(Debug, Default)]
struct Source {
    all: bool,
    modules: Vec<String>,
    paths: GlobSet,
}

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let (modules, packages) = Default::default();
    let mut rule = Forbidden { from: Source::default(), to: modules, packages, indirect: None, type_only: true };
    let (mut from, mut to) = (false, false);
    for (key, value) in reading.faults.map(node, "forbidden") {
        match key.value.as_str() {
            "from" => (from, rule.from) = (true, source(reading, value)),
            "to" => (to, rule.to) = (true, module_list(reading, value, "to")),
            "to-packages" => {
                (to, rule.packages) = (true, globs(&glob_list(reading, value, "to-packages")).unwrap_or_default());
            }
            "indirect" => rule.indirect = switch(reading, value, "indirect"),
            TYPE_ONLY => rule.type_only = switch(reading, value, TYPE_ONLY).unwrap_or(true),
            _ => reading.faults.unknown_key(key, KEYS, "forbidden"),
        }
    }
    if !from {
        missing(reading, node.place, "forbidden", "from", "Name modules or globs, or write `from: [\"*\"]`.");
    }
    if !to {
        missing(reading, node.place, "forbidden", "to", "Name modules under `to` or globs under `to-packages`.");
    }
    (from && to).then(|| Box::new(rule) as Box<dyn Enforcement>)
}

fn source(reading: &mut Reading<'_, '_>, node: &Node) -> Source {
    let (mut source, mut paths) = (Source::default(), Vec::new());
    not_empty(reading, node, "from");
    for written in reading.faults.texts(node, "from") {
        if written.value == "*" {
            source.all = true;
        } else if !written.value.contains(['*', '?', '[', '{', '/', '.']) {
            known(reading, &written);
            source.modules.push(written.value);
        } else if let Err(error) = glob(&written.value) {
            let title = format!("`{}` is no glob: {}", shortened(&written.value), error.kind());
            reading.faults.add(written.place, title, "no glob", "Write one such as `src/**/*.py`.");
        } else {
            paths.push(written.value);
        }
    }
    source.paths = globs(&paths).unwrap_or_default();
    source
}

fn schema() -> serde_json::Value {
    let names = |description: &str| json!({"type": "array", "minItems": 1, "items": {"type": "string"}, "description": description});
    json!({"type": "object", "required": ["from"], "additionalProperties": false,
        "anyOf": [{"required": ["to"]}, {"required": ["to-packages"]}], "properties": {
        "from": names("Modules, globs of paths relative to the root of the system, or \"*\" for every file."),
        "to": names("Modules that they must not import."),
        "to-packages": names("Globs of packages outside that they must not import."),
        "indirect": {"type": "boolean",
            "description": "Whether chains over other files count. Default: for modules yes, for packages no."},
        "type-only": type_only_schema()}})
}

impl Source {
    fn holds(&self, pair: &GraphPair, groups: &Groups<'_>, file: FileId) -> bool {
        let inside = pair.system.inside(pair.head.path(file));
        inside.is_some_and(|path| self.all || groups.file(file).is_some() || self.paths.is_match(path))
    }
}

impl Forbidden {
    fn fix(&self, name: &str) -> String {
        format!("Take the import out, or move the code that needs {name} to a place that may use it.")
    }

    fn direct(&self, pair: &GraphPair, sources: &Groups<'_>, targets: &Groups<'_>) -> Vec<Violation> {
        let mut found = Vec::new();
        for link in pair.new_links() {
            let name = match &link.to {
                Imported::Files(Some(module), _) if targets.module(Some(*module)).is_some() => pair.named(*module),
                Imported::Package(name) if self.packages.is_match(name) => format!("the package {name}"),
                Imported::Files(..) | Imported::Package(_) => continue,
            };
            let own = link.to.module().is_some() && pair.head.module_of(link.from) == link.to.module();
            if own || !self.from.holds(pair, sources, link.from) {
                continue;
            }
            let message = format!("{} imports {name}, which it must not: {}", pair.label(link.from), arrow(pair, link));
            found.push(of_link(pair, link, message, self.fix(&name)));
        }
        found
    }

    /// Group 0 is what must not import; the others are the modules of `to` in their order, or all packages as one.
    fn indirect(&self, pair: &GraphPair, sources: &Groups<'_>, targets: &Groups<'_>, packages: bool) -> Vec<Violation> {
        let target = |file| if packages { None } else { targets.file(file).map(|group| group + 1) };
        let question = Question {
            groups: if packages { 2 } else { self.to.len() + 1 },
            of_file: &|file| target(file).or_else(|| self.from.holds(pair, sources, file).then_some(0)),
            of_package: &|name| (packages && self.packages.is_match(name)).then_some(1),
            illegal: &|from, to| from == 0 && to > 0,
        };
        let chains = pair.chains(&question);
        chains.iter().map(|chain| self.chain(pair, chain, packages)).collect()
    }

    fn chain(&self, pair: &GraphPair, chain: &super::graphs::Chain, packages: bool) -> Violation {
        let name = match self.to.get(chain.to.saturating_sub(1)).filter(|_| !packages) {
            Some(module) => format!("{}/{module}", pair.system.id),
            None => format!("the package {}", chain.end),
        };
        let start = chain.steps.first().and_then(|step| pair.head.import(step.0)).map(|import| pair.label(import.from));
        let message = format!("{} reaches {name}, which it must not", start.clone().unwrap_or_default());
        of_chain(pair, chain, (message, self.fix(&name)), (&start.unwrap_or_default(), &name))
    }
}

impl Enforcement for Forbidden {
    fn needs_graph(&self) -> bool {
        true
    }

    fn counts_types(&self) -> bool {
        self.type_only
    }

    fn judge_graph(&self, pair: &GraphPair) -> Vec<Violation> {
        let (sources, targets) = (Groups::of(pair, &self.from.modules), Groups::of(pair, &self.to));
        let mut found = self.direct(pair, &sources, &targets);
        if !self.to.is_empty() && self.indirect.unwrap_or(true) {
            found.extend(self.indirect(pair, &sources, &targets, false));
        }
        if !self.packages.is_empty() && self.indirect.unwrap_or(false) {
            found.extend(self.indirect(pair, &sources, &targets, true));
        }
        found
    }

    fn claims(&self) -> Vec<Claim> {
        let every = self.from.all.then(|| "*".to_owned());
        let from: Vec<String> = self.from.modules.iter().cloned().chain(every).collect();
        let pairs = from.iter().flat_map(|from| self.to.iter().map(move |to| (from, to)));
        pairs.map(|(from, to)| Claim { from: from.clone(), to: to.clone(), says: Says::Forbids }).collect()
    }
}
