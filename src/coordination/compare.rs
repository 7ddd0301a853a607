//! Two changes as plain values -> what they have in common.
//!
//! Owns what counts as the same thing. The two meet at the paths of either side, so that a rename here and an edit there
//! are about one file. Must not know where the values come from.

use std::collections::{BTreeMap, BTreeSet};

use super::decisions::{self, DecisionEdit};
use super::{OtherChange, Overlap, OverlapKind};
use crate::facts::{FactChange, Symbol};
use crate::untrusted::Untrusted;

/// Symbols of one file that are compared; a file with more of them is as good as generated.
const SYMBOLS: usize = 2_000;

/// What one change does, as far as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Its files.
    pub files: Vec<PartFile>,
    /// The contracts whose source it touches, by id, with the files.
    pub contracts: BTreeMap<String, Vec<String>>,
    /// What it does to decision records.
    pub decisions: Vec<DecisionEdit>,
    /// Whether modules were declared: then two changes meet in one also where they share no file.
    pub declared: bool,
}

/// One changed file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartFile {
    /// Its path.
    pub path: String,
    /// Its path before the change.
    pub old_path: String,
    /// Its module, or empty.
    pub module: String,
    /// Its changed symbols, or none where they were not read.
    pub symbols: Option<Vec<PartSymbol>>,
}

/// One changed symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartSymbol {
    /// Its qualified name.
    pub qualified: String,
    /// Its first line, 1 where it was removed.
    pub line: u32,
    /// What the change does to it.
    pub change: FactChange,
}

/// Returns the symbols of a file that a change does something to; none where there are too many.
///
/// A class of which only a method changed is left out: two people in two methods of one class do not meet.
#[must_use]
pub fn changed_symbols(symbols: &[Symbol]) -> Option<Vec<PartSymbol>> {
    let changed: Vec<&Symbol> = symbols.iter().filter(|symbol| word(symbol.change).is_some()).collect();
    if changed.len() > SYMBOLS {
        return None;
    }
    let inside = |outer: &Symbol, inner: &Symbol| {
        let named = inner.qualified.strip_prefix(outer.qualified.as_str()).is_some_and(|rest| rest.starts_with('.'));
        named && inner.start >= outer.start && inner.start <= outer.end
    };
    let holds_the_change =
        |outer: &Symbol| outer.change == FactChange::Body && changed.iter().any(|inner| inside(outer, inner));
    let own = changed.iter().filter(|symbol| !holds_the_change(symbol));
    let part = |symbol: &&Symbol| PartSymbol {
        qualified: symbol.qualified.clone(),
        // What is gone has no line any more.
        line: if symbol.change == FactChange::Removed { 1 } else { symbol.start },
        change: symbol.change,
    };
    Some(own.map(part).collect())
}

/// Returns what a change does to a symbol in a word; none where it does nothing.
fn word(change: FactChange) -> Option<&'static str> {
    match change {
        FactChange::Added => Some("added"),
        FactChange::Removed => Some("removed"),
        FactChange::Signature => Some("signature"),
        FactChange::Body => Some("body"),
        FactChange::Moved | FactChange::Kept => None,
    }
}

/// Returns what both changes do something to, sorted.
#[must_use]
pub fn overlaps(ours: &Part, theirs: &Part, other: &OtherChange) -> Vec<Overlap> {
    let mut found = decisions::overlaps(&ours.decisions, &theirs.decisions, other);
    found.extend(contracts(ours, theirs, other));
    let mut by_path: BTreeMap<&str, Vec<&PartFile>> = BTreeMap::new();
    for file in &theirs.files {
        for path in BTreeSet::from([file.path.as_str(), &file.old_path]) {
            by_path.entry(path).or_default().push(file);
        }
    }
    let mut shared: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut unread = false;
    for file in &ours.files {
        let names = BTreeSet::from([file.path.as_str(), &file.old_path]);
        let partners: Vec<&PartFile> = names.iter().filter_map(|path| by_path.get(path)).flatten().copied().collect();
        if partners.is_empty() {
            continue;
        }
        shared.entry(&file.module).or_default().insert(&file.path);
        for partner in partners {
            match (&file.symbols, &partner.symbols) {
                (Some(own), Some(others)) => found.extend(symbols(file, own, others, other)),
                (Some(_), None) => unread = true,
                (None, _) => {}
            }
        }
    }
    if ours.declared {
        let modules: BTreeSet<&str> = theirs.files.iter().map(|file| file.module.as_str()).collect();
        for file in ours.files.iter().filter(|file| !file.module.is_empty() && modules.contains(file.module.as_str())) {
            shared.entry(&file.module).or_default();
        }
    }
    found.extend(shared.into_iter().map(|(module, paths)| in_module(module, &paths, unread, other)));
    found.sort();
    found.dedup();
    found
}

fn symbols(file: &PartFile, own: &[PartSymbol], others: &[PartSymbol], other: &OtherChange) -> Vec<Overlap> {
    let mut theirs: BTreeMap<&str, FactChange> = BTreeMap::new();
    for symbol in others {
        theirs.entry(&symbol.qualified).or_insert(symbol.change);
    }
    let mut seen = BTreeSet::new();
    let both = own.iter().filter_map(|symbol| Some((symbol, *theirs.get(symbol.qualified.as_str())?)));
    both.filter(|(symbol, _)| seen.insert(symbol.qualified.as_str()))
        .filter_map(|(symbol, theirs)| Some((symbol, word(symbol.change)?, word(theirs)?)))
        .map(|(symbol, ours, theirs)| Overlap {
            kind: OverlapKind::Symbol,
            change: other.clone(),
            name: symbol.qualified.clone(),
            paths: vec![file.path.clone()],
            line: symbol.line,
            ours: ours.to_owned(),
            theirs: theirs.to_owned(),
            note: Untrusted::new(told(ours, theirs)),
        })
        .collect()
}

/// Says what two changes do to one symbol.
fn told(ours: &str, theirs: &str) -> String {
    let happens = |word: &str| match word {
        "added" => "it is added",
        "removed" => "it is removed",
        "signature" => "its signature changes",
        _ => "its body changes",
    };
    match ours == theirs {
        true => format!("{} in both", happens(ours)),
        false => format!("here {}, there {}", happens(ours), happens(theirs)),
    }
}

fn contracts(ours: &Part, theirs: &Part, other: &OtherChange) -> Vec<Overlap> {
    let both = ours.contracts.iter().filter(|(id, _)| theirs.contracts.contains_key(*id));
    both.map(|(id, paths)| Overlap {
        kind: OverlapKind::Contract,
        change: other.clone(),
        name: id.clone(),
        paths: paths.clone(),
        line: 0,
        ours: "touched".to_owned(),
        theirs: "touched".to_owned(),
        note: Untrusted::new("each changes the source of the contract: its consumers see both"),
    })
    .collect()
}

fn in_module(module: &str, paths: &BTreeSet<&str>, unread: bool, other: &OtherChange) -> Overlap {
    let note = match (paths.len(), unread) {
        (0, _) => "each changes other files of it",
        (_, true) => "the other touches the same files; which parts of them is not known",
        (_, false) => "each changes the same files",
    };
    Overlap {
        kind: OverlapKind::Module,
        change: other.clone(),
        name: module.to_owned(),
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        line: 0,
        ours: "touched".to_owned(),
        theirs: if unread { "unknown" } else { "touched" }.to_owned(),
        note: Untrusted::new(note),
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, PartFile, PartSymbol, changed_symbols, overlaps};
    use crate::coordination::{OtherChange, Overlap, OverlapKind};
    use crate::facts::{FactChange, Symbol};

    fn symbol(qualified: &str, (start, end): (u32, u32), change: FactChange) -> Symbol {
        Symbol {
            name: qualified.rsplit('.').next().unwrap().to_owned(),
            qualified: qualified.to_owned(),
            kind: "function".to_owned(),
            exported: true,
            documented: false,
            signature: String::new(),
            before: String::new(),
            start,
            end,
            change,
        }
    }

    fn file(path: &str, module: &str, names: &[(&str, FactChange)]) -> PartFile {
        let part = |(name, change): &(&str, FactChange)| PartSymbol {
            qualified: (*name).to_owned(),
            line: 3,
            change: *change,
        };
        let (path, module) = (path.to_owned(), module.to_owned());
        PartFile { old_path: path.clone(), path, module, symbols: Some(names.iter().map(part).collect()) }
    }

    fn part(files: Vec<PartFile>) -> Part {
        Part { files, ..Part::default() }
    }

    fn met(ours: &Part, theirs: &Part) -> Vec<(OverlapKind, String, Vec<String>)> {
        let found: Vec<Overlap> = overlaps(ours, theirs, &OtherChange::default());
        found.into_iter().map(|one| (one.kind, one.name, one.paths)).collect()
    }

    #[test]
    fn the_same_symbol_is_met_and_another_of_the_same_file_is_at_most_the_same_module() {
        let ours = part(vec![file("a.py", ".", &[("Cart.add", FactChange::Body)])]);
        let theirs = part(vec![file("a.py", ".", &[("Cart.add", FactChange::Signature)])]);
        let paths = vec!["a.py".to_owned()];
        let module = (OverlapKind::Module, ".".to_owned(), paths.clone());
        assert_eq!(met(&ours, &theirs), [(OverlapKind::Symbol, "Cart.add".to_owned(), paths), module.clone()]);
        let beside = part(vec![file("a.py", ".", &[("Cart.total", FactChange::Body)])]);
        assert_eq!(met(&ours, &beside), [module]);
        let elsewhere = part(vec![file("b.py", ".", &[("Cart.add", FactChange::Body)])]);
        assert_eq!(met(&ours, &elsewhere), [], "a folder is no module that somebody declared");
    }

    #[test]
    fn what_moved_here_and_was_edited_there_is_one_file() {
        let moved = PartFile { old_path: "a.py".to_owned(), ..file("b.py", ".", &[("f", FactChange::Body)]) };
        let theirs = part(vec![file("a.py", ".", &[("f", FactChange::Removed)])]);
        let found = overlaps(&part(vec![moved]), &theirs, &OtherChange::default());
        assert_eq!((found[0].kind, found[0].line, found[0].theirs.as_str()), (OverlapKind::Symbol, 3, "removed"));
        assert_eq!(found[0].note.raw(), "here its body changes, there it is removed");
    }

    #[test]
    fn declared_modules_meet_without_a_file_in_common_and_files_without_module_do_not() {
        let ours = Part { declared: true, ..part(vec![file("a.py", "cart", &[]), file("x.md", "", &[])]) };
        let theirs = part(vec![file("b.py", "cart", &[]), file("y.md", "", &[])]);
        assert_eq!(met(&ours, &theirs), [(OverlapKind::Module, "cart".to_owned(), vec![])]);
    }

    #[test]
    fn where_only_paths_are_known_the_parts_are_said_to_be_unknown() {
        let ours = part(vec![file("a.py", ".", &[("f", FactChange::Body)])]);
        let theirs = part(vec![PartFile { symbols: None, ..file("a.py", ".", &[]) }]);
        let found = overlaps(&ours, &theirs, &OtherChange::default());
        assert_eq!((found.len(), found[0].theirs.as_str()), (1, "unknown"));
    }

    #[test]
    fn a_class_of_which_a_method_changed_is_not_changed_itself() {
        let method = symbol("Cart.add", (4, 6), FactChange::Body);
        let class = |change| symbol("Cart", (1, 20), change);
        let names = |symbols: &[Symbol]| {
            changed_symbols(symbols).unwrap().into_iter().map(|one| one.qualified).collect::<Vec<_>>()
        };
        assert_eq!(names(&[class(FactChange::Body), method.clone()]), ["Cart.add"]);
        assert_eq!(names(&[class(FactChange::Signature), method.clone()]), ["Cart", "Cart.add"]);
        assert_eq!(names(&[class(FactChange::Body), symbol("Cart.add", (4, 6), FactChange::Kept)]), ["Cart"]);
        // The methods of a Go type stand beside it.
        let outside = symbol("Cart.add", (30, 36), FactChange::Body);
        assert_eq!(names(&[class(FactChange::Body), outside]), ["Cart", "Cart.add"]);
        let many = vec![method; 2_001];
        assert_eq!(changed_symbols(&many), None);
    }

    #[test]
    fn the_same_contract_is_met() {
        let with =
            |id: &str| Part { contracts: [(id.to_owned(), vec!["api.yaml".to_owned()])].into(), ..Part::default() };
        assert_eq!(met(&with("CON-A"), &with("CON-A")).len(), 1);
        assert_eq!(met(&with("CON-A"), &with("CON-B")), []);
    }
}
