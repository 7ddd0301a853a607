//! Other open changes -> what they and this one do to the same thing.
//!
//! Owns when they are asked for, how much of each is read, and what is said of the rest. Strangers open changes: their code
//! is read by a worker of its own, under limits of its own, and whatever becomes of it leaves this change as it was.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{
    Change, ChangedFile, Other, Range, Repository, Side, branches, merge_base, read_other, remote_branch,
};
use crate::coordination::{
    DecisionEdit, Known, OtherChange, Others, Overlap, Part, PartFile, beside, changed_symbols, edit, is_record,
    overlaps,
};
use crate::diagnostic::UsageError;
use crate::enforcement::RuleBook;
use crate::enforcement::contracts::touching;
use crate::enforcement::graphs::modules_here;
use crate::error::Error;
use crate::facts::{FileFacts, ParseStatus};
use crate::forge::{NEIGHBOURS, Neighbour};
use crate::gate::cache::Cache;
use crate::gate::progress::Silent;
use crate::gate::reach::Ground;
use crate::gate::reading::read_files;
use crate::gate::{CheckRequest, OpenChanges};
use crate::impact::modules::Modules;
use crate::limits::Limits;
use crate::policies::Loaded;
use crate::policies::input::InputDocument;
use crate::review::state::{ForgeFacts, PullState};
use crate::untrusted::Untrusted;
use crate::worker::Supervisor;
use crate::worker::protocol::Setup;

/// Files whose parts are read: of one other change, and of all together.
const FILES: usize = 20;
const ALL_FILES: usize = 200;
/// Decision records of one other change that are read.
const RECORDS: usize = 20;
/// Changes whose paths are asked for one by one, because this clone does not have their commits.
const ASKED: usize = 20;
/// Files that may end the worker before no more are read.
const DEATHS: usize = 3;
/// Overlaps with one other change that are told.
const TOLD: usize = 50;

/// What all comparisons share.
struct Whole<'a> {
    ground: &'a Ground<'a>,
    book: &'a RuleBook,
    modules: Modules,
    limits: Limits,
    ours: Part,
    /// Every path of this change, on either side.
    paths: BTreeSet<String>,
    /// The tip of the target branch, and our head.
    ends: (String, String),
    supervisor: Supervisor,
    files: usize,
    deaths: usize,
    found: Vec<Overlap>,
    others: Others,
    gaps: BTreeSet<String>,
}

/// Writes into the document what this change has in common with others, where a rule looks at that or it was asked for.
pub(super) fn find(
    request: &CheckRequest<'_>,
    (ground, book, loaded): (&Ground<'_>, &RuleBook, &Loaded),
    (range, forge): (&Range, &ForgeFacts),
    input: &mut InputDocument,
) -> Result<(), Error> {
    let wanted = loaded
        .packages
        .iter()
        .flat_map(|package| &package.rules)
        .any(|rule| rule.status.runs() && rule.asks_for_others());
    let none = |gap: &str| Others { gaps: vec![Untrusted::new(gap)], ..Others::default() };
    match (&request.others, forge) {
        (OpenChanges::Branches(names), _) => {
            let found = branches(ground.repository, names, ground.limits)
                .map_err(|(title, help)| UsageError::new(title, help))?;
            let mut whole = Whole::of(request, (ground, book), range, None, input);
            let list = found.into_iter().map(|branch| OtherChange {
                label: Untrusted::new(branch.name),
                title: Untrusted::new(branch.subject),
                author: Untrusted::new(branch.author),
                head: branch.head,
                ..OtherChange::default()
            });
            let list: Vec<OtherChange> = list.collect();
            if list.is_empty() {
                whole.gaps.insert("no branch of this clone has such a name".to_owned());
            }
            whole.compare_all(list, &|_| Err(String::new()));
            whole.finish(input);
        }
        (OpenChanges::Forge(neighbours), ForgeFacts::Obtained(state)) if wanted => {
            match neighbours.list(&state.target_branch) {
                Err(why) => input.change.others = none(&why),
                Ok(list) => {
                    let mut whole = Whole::of(request, (ground, book), range, Some(state), input);
                    if list.len() >= NEIGHBOURS {
                        whole.gaps.insert(format!("only the {NEIGHBOURS} that were changed last were looked at"));
                    }
                    let list = list.into_iter().filter(|one| one.number != state.number && one.head != state.head);
                    whole.compare_all(list.map(|one| described(one, state)).collect(), &|number| {
                        neighbours.paths(number)
                    });
                    whole.finish(input);
                }
            }
        }
        (OpenChanges::Forge(_), ForgeFacts::NotObtained(why)) if wanted => input.change.others = none(why),
        _ => {}
    }
    Ok(())
}

fn described(one: Neighbour, state: &PullState) -> OtherChange {
    let sign = if state.forge == "gitlab" { '!' } else { '#' };
    OtherChange {
        number: one.number,
        label: Untrusted::new(format!("{sign}{}", one.number)),
        title: Untrusted::new(one.title),
        url: Untrusted::new(beside(&state.url, one.number, &one.url)),
        author: Untrusted::new(one.author),
        head: one.head,
        draft: one.draft,
    }
}

impl<'a> Whole<'a> {
    fn of(
        request: &CheckRequest<'_>,
        (ground, book): (&'a Ground<'a>, &'a RuleBook),
        range: &Range,
        state: Option<&PullState>,
        input: &InputDocument,
    ) -> Self {
        let limits = modest(ground.limits);
        let setup = Setup { threads: request.threads, limits: limits.clone(), ..Setup::default() };
        let modules = modules_here(book).unwrap_or_default();
        let names = input.files.iter().flat_map(|file| [file.path.clone(), file.old_path.clone()]);
        let mut whole = Self {
            ground,
            book,
            modules,
            ours: Part::default(),
            paths: names.collect(),
            ends: (tip(ground.repository, range, state, &limits), range.head.clone()),
            supervisor: Supervisor::new(request.worker.clone(), setup),
            limits,
            files: 0,
            deaths: 0,
            found: Vec::new(),
            others: Others::default(),
            gaps: BTreeSet::new(),
        };
        let files = input.files.iter().map(|file| PartFile {
            path: file.path.clone(),
            old_path: file.old_path.clone(),
            module: file.module.clone(),
            symbols: if was_read(file.parsed.status) { changed_symbols(&file.symbols) } else { None },
        });
        whole.ours = Part {
            files: files.collect(),
            contracts: contracts(book, input),
            decisions: whole.records(ground.change, usize::MAX),
            declared: !whole.modules.names().is_empty(),
        };
        whole
    }

    /// Compares each of them; `paths` asks for the paths of one that this clone does not have.
    fn compare_all(&mut self, list: Vec<OtherChange>, paths: &dyn Fn(u64) -> Result<(Vec<String>, bool), String>) {
        let (mut asked, mut refused) = (0, None);
        let (mut by_paths, mut absent) = (0_usize, 0_usize);
        let left = list.len().saturating_sub(NEIGHBOURS);
        if left > 0 {
            self.gaps.insert(format!("{left} that were changed earlier were not looked at"));
        }
        for other in list.into_iter().take(NEIGHBOURS) {
            match read_other(self.ground.repository, &other.head, &self.ends.0, &self.ends.1, &self.limits) {
                Other::Landed | Other::Stacked => {}
                Other::Apart(change) => self.compare_change(&change, &other),
                Other::Unreadable(why) => {
                    self.gaps.insert(format!("{} cannot be read: {why}", other.label.raw()));
                }
                Other::Absent if other.number == 0 || asked == ASKED || refused.is_some() => absent += 1,
                Other::Absent => {
                    asked += 1;
                    match paths(other.number) {
                        Ok((list, whole)) => {
                            by_paths += 1;
                            self.compare_paths(&list, &other);
                            if !whole {
                                let more = format!("{} has more files than were looked at", other.label.raw());
                                self.gaps.insert(more);
                            }
                        }
                        Err(why) => {
                            refused = Some(why);
                            absent += 1;
                        }
                    }
                }
            }
        }
        if by_paths > 0 {
            self.gaps
                .insert(format!("of {} only the paths are known: this clone lacks their commits", count(by_paths)));
        }
        if absent > 0 {
            let why = refused.unwrap_or_else(|| "this clone lacks their commits".to_owned());
            self.gaps.insert(format!("{} not compared: {why}", were(absent)));
        }
    }

    fn compare_change(&mut self, change: &Change, other: &OtherChange) {
        let meets = |file: &&ChangedFile| self.paths.contains(&file.path) || self.paths.contains(&file.old_path);
        let shared: Vec<ChangedFile> = change.files.iter().filter(meets).cloned().collect();
        let facts = self.facts(change, shared, other);
        let files = change.files.iter().map(|file| PartFile {
            path: file.path.clone(),
            old_path: file.old_path.clone(),
            module: self.module(&file.path),
            symbols: facts
                .get(&file.path)
                .and_then(|facts| if was_read(facts.parsed.status) { changed_symbols(&facts.symbols) } else { None }),
        });
        let files: Vec<PartFile> = files.collect();
        let decisions = if self.ours.decisions.is_empty() { Vec::new() } else { self.records(change, RECORDS) };
        self.take(files, decisions, other);
    }

    fn compare_paths(&mut self, paths: &[String], other: &OtherChange) {
        let file = |path: &String| PartFile {
            path: path.clone(),
            old_path: path.clone(),
            module: self.module(path),
            symbols: None,
        };
        self.take(paths.iter().map(file).collect(), Vec::new(), other);
    }

    fn take(&mut self, files: Vec<PartFile>, decisions: Vec<DecisionEdit>, other: &OtherChange) {
        let paths: BTreeSet<&str> = files.iter().flat_map(|file| [file.path.as_str(), &file.old_path]).collect();
        let contracts = if self.ours.contracts.is_empty() { BTreeMap::new() } else { touching(self.book, paths) };
        let theirs = Part { contracts, files, decisions, declared: self.ours.declared };
        let mut found = overlaps(&self.ours, &theirs, other);
        let left = found.len().saturating_sub(TOLD);
        if left > 0 {
            self.gaps.insert(format!("{left} more things in common with {} are left out", other.label.raw()));
        }
        found.truncate(TOLD);
        self.found.append(&mut found);
        self.others.compared = self.others.compared.saturating_add(1);
    }

    /// Reads the facts of files that both changes touch.
    fn facts(
        &mut self,
        change: &Change,
        mut shared: Vec<ChangedFile>,
        other: &OtherChange,
    ) -> BTreeMap<String, FileFacts> {
        let room = if self.deaths > DEATHS { 0 } else { FILES.min(ALL_FILES.saturating_sub(self.files)) };
        let left = shared.len().saturating_sub(room);
        if left > 0 {
            self.gaps.insert(format!("the parts of {} were not read", files_of(left, other)));
        }
        shared.truncate(room);
        if shared.is_empty() {
            return BTreeMap::new();
        }
        self.files += shared.len();
        let mut some = change.clone();
        some.files = shared;
        let (repository, classifier) = (self.ground.repository, self.ground.classifier);
        let mut cache = Cache::default();
        let read = read_files(&some, repository, classifier, &self.limits, &mut self.supervisor, &mut cache, &Silent);
        let died = |facts: &&FileFacts| {
            matches!(facts.parsed.status, ParseStatus::Crash | ParseStatus::Memory | ParseStatus::Timeout)
        };
        self.deaths += read.facts.values().filter(died).count();
        let unread = read.facts.values().filter(|facts| !was_read(facts.parsed.status)).count();
        let missing = some.files.iter().filter(|file| is_plain(file) && !read.facts.contains_key(&file.path)).count();
        if unread + missing > 0 {
            self.gaps.insert(format!("the parts of {} could not be read", files_of(unread + missing, other)));
        }
        read.facts
    }

    /// Reads what a change does to decision records.
    fn records(&self, change: &Change, most: usize) -> Vec<DecisionEdit> {
        let folder = self.book.specification.folder.as_str();
        let reader = self.ground.repository.reader();
        let bytes = |side: &Option<Side>| {
            let side = side.as_ref().filter(|side| side.kind.is_file())?;
            change.blob(&reader, &side.id, &self.limits).ok()
        };
        let records = change.files.iter().filter(|file| is_record(&file.path, folder)).take(most);
        records
            .filter_map(|file| edit(&file.path, folder, bytes(&file.old).as_deref(), bytes(&file.new).as_deref()))
            .collect()
    }

    fn module(&self, path: &str) -> String {
        if self.modules.names().is_empty() {
            return path.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned();
        }
        self.modules.of(path).map_or(String::new(), |module| self.modules.name(module).to_owned())
    }

    fn finish(self, input: &mut InputDocument) {
        let Self { mut found, mut others, gaps, .. } = self;
        found.sort();
        input.change.overlaps = found;
        others.known = if gaps.is_empty() { Known::Yes } else { Known::Partly };
        others.gaps = gaps.into_iter().map(Untrusted::new).collect();
        input.change.others = others;
    }
}

/// Returns the contracts whose source this change touches, with its files by the names that they have now.
fn contracts(book: &RuleBook, input: &InputDocument) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in &input.files {
        for (id, _) in touching(book, [file.path.as_str(), &file.old_path]) {
            all.entry(id).or_default().insert(file.path.clone());
        }
    }
    all.into_iter().map(|(id, paths)| (id, paths.into_iter().collect())).collect()
}

/// Less than for the change that is judged: other changes are many, and nothing depends on them.
fn modest(limits: &Limits) -> Limits {
    Limits {
        commits: limits.commits.min(2_000),
        files: limits.files.min(3_000),
        file_bytes: limits.file_bytes.min(1_000_000),
        file_ms: limits.file_ms.min(2_000),
        nodes_per_file: limits.nodes_per_file.min(1_000_000),
        object_bytes: limits.object_bytes.min(2_000_000),
        rename_pairs: limits.rename_pairs.min(10_000),
        ..limits.clone()
    }
}

/// Returns the newest commit of the target branch that is here: what others merged in from it is not theirs.
fn tip(repository: &Repository, range: &Range, state: Option<&PullState>, limits: &Limits) -> String {
    let here = |id: &String| !id.is_empty() && merge_base(repository, id, id, limits).is_ok();
    let told = state.map(|state| state.base.clone()).filter(here);
    let fetched = || remote_branch(repository, &state?.target_branch, limits);
    told.or_else(fetched).unwrap_or_else(|| range.base.clone())
}

fn was_read(status: ParseStatus) -> bool {
    matches!(status, ParseStatus::Ok | ParseStatus::Errors | ParseStatus::Unsupported)
}

fn is_plain(file: &ChangedFile) -> bool {
    [&file.old, &file.new].into_iter().flatten().any(|side| side.kind.is_file())
}

fn count(changes: usize) -> String {
    if changes == 1 { "1 open change".to_owned() } else { format!("{changes} open changes") }
}

fn were(changes: usize) -> String {
    format!("{} {}", count(changes), if changes == 1 { "was" } else { "were" })
}

fn files_of(files: usize, other: &OtherChange) -> String {
    let noun = if files == 1 { "file" } else { "files" };
    format!("{files} {noun} that {} changes too", other.label.raw())
}
