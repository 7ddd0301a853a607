//! Which commit of the change last touched each line of head.
//!
//! Owns the walk over the change's commits and its budgets. Only files that the caller asks for are looked at, and only
//! commits of the change: a line that is older, that is in no commit yet, or that cannot be followed has no origin. Must
//! not judge what an origin means.
//!
//! Two passes: from head down (`paths`), which blobs a file was at which commit and under which path; then from the
//! base up (`lines`), which commit owns which lines. A merge inherits a line from the first parent that has it and owns
//! only what none of them has, as `git blame` does.

mod lines;
mod paths;
mod window;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use gix::ObjectId;

use self::lines::{Owned, inherit};
use self::paths::{Around, Leaves, Link, Paths, Step};
use self::window::Window;
use super::repository::{Reader, parse_id};
use super::{Change, EntryKind, Hunk, Repository, commit, is_binary};
use crate::limits::Limits;

/// Who owns the lines of each file at one commit; a file without an entry belongs to nobody.
type State = BTreeMap<usize, Rc<Owned>>;

/// How many bytes are read at the cost of comparing one.
const READ_PER_COMPARED: u64 = 10;

/// A run of lines of the head side that one commit of the change last touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineOrigin {
    /// First line, from 1.
    pub start: u32,
    /// Line after the last.
    pub end: u32,
    /// Index into `Change::commits`.
    pub commit: usize,
}

/// Where lines come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Runs by path on the head side, sorted, without overlaps; lines in none of them have no known origin.
    pub files: BTreeMap<String, Vec<LineOrigin>>,
    /// Why origins are missing that could have been found, one sentence; or empty.
    pub note: String,
}

/// One commit of the change, as far as the walk needs it.
struct Node {
    tree: ObjectId,
    parents: Vec<ObjectId>,
}

/// Finds the origin of the lines of these files of the head side, by path in wire form.
///
/// Costs one comparison of trees a commit, narrowed to these files, and one line diff for each time that a commit
/// changes one of them.
#[must_use]
pub fn attribute(change: &Change, repository: &Repository, wanted: &BTreeSet<&str>, limits: &Limits) -> Origins {
    let reader = repository.reader();
    let mut walk = Walk::of(&reader, change, limits);
    // A merge is compared with each of its parents.
    let edges = walk.nodes.iter().flatten().map(|node| node.parents.len().max(1) as u64).sum::<u64>();
    if edges.saturating_mul(wanted.len() as u64) > limits.origin_steps {
        let (commits, files) = (change.commits.len(), wanted.len());
        let note = format!("the making of lines is unknown: {commits} commits x {files} files are over `origin-steps`");
        return Origins { files: BTreeMap::new(), note };
    }
    walk.descend(wanted);
    let files = walk.ascend(wanted);
    Origins { files, note: walk.note }
}

struct Walk<'a> {
    reader: &'a Reader,
    change: &'a Change,
    limits: &'a Limits,
    /// The change's commits, parents first; none for one that cannot be read.
    nodes: Vec<Option<Node>>,
    index: BTreeMap<ObjectId, usize>,
    paths: Paths,
    /// What differs from the first parent, by commit and path.
    steps: BTreeMap<(usize, usize), Step>,
    /// What is left of `origin-bytes`.
    bytes: u64,
    /// What is left of `origin-steps` for following files through whole trees.
    steps_left: u64,
    note: String,
}

impl<'a> Walk<'a> {
    fn of(reader: &'a Reader, change: &'a Change, limits: &'a Limits) -> Self {
        let mut walk = Self {
            reader,
            change,
            limits,
            nodes: Vec::with_capacity(change.commits.len()),
            index: BTreeMap::new(),
            paths: Paths::default(),
            steps: BTreeMap::new(),
            bytes: limits.origin_bytes,
            steps_left: limits.origin_steps,
            note: String::new(),
        };
        for (at, listed) in change.commits.iter().enumerate() {
            let id = parse_id(&listed.id).ok();
            let read = id.and_then(|id| commit::read(reader, id, limits).ok());
            if let (Some(id), Some(_)) = (id, &read) {
                walk.index.insert(id, at);
            }
            walk.nodes.push(read.map(|parsed| Node { tree: parsed.tree, parents: parsed.parents }));
        }
        walk
    }

    /// Goes from the newest commit to the oldest and notes where each file stood, and under which path.
    fn descend(&mut self, wanted: &BTreeSet<&str>) {
        let Some(head) = self.nodes.len().checked_sub(1) else { return };
        let mut open: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let wanted: BTreeSet<usize> = wanted.iter().map(|path| self.paths.intern(path.as_bytes())).collect();
        open.insert(head, wanted);
        while let Some((at, wanted)) = open.pop_last() {
            let Some(Some(node)) = self.nodes.get(at) else { continue };
            let (tree, parents) = (node.tree, node.parents.clone());
            let trees = self.trees(&parents);
            let mut around = Around { reader: self.reader, paths: &mut self.paths, left: &mut self.steps_left };
            let found = paths::steps(&mut around, tree, &trees, &wanted, self.limits);
            if self.steps_left == 0 {
                self.note = "moved files were not followed further (`origin-steps`): some lines are unknown".to_owned();
            }
            for (nth, parent) in parents.iter().enumerate() {
                let Some(parent) = self.index.get(parent) else { continue };
                let below = open.entry(*parent).or_default();
                for path in &wanted {
                    match found.get(path) {
                        // As in the first parent: the others have no say.
                        None if nth == 0 => drop(below.insert(*path)),
                        None => {}
                        Some(step) => below.extend(step.path_in(nth)),
                    }
                }
            }
            self.steps.extend(found.into_iter().map(|(path, step)| ((at, path), step)));
        }
    }

    /// Returns the trees of the parents; none for one that this clone lacks.
    fn trees(&self, parents: &[ObjectId]) -> Vec<Option<ObjectId>> {
        let tree = |id: &ObjectId| match self.index.get(id) {
            Some(at) => self.nodes.get(*at)?.as_ref().map(|node| node.tree),
            None => commit::read(self.reader, *id, self.limits).ok().map(|parsed| parsed.tree),
        };
        parents.iter().map(tree).collect()
    }

    /// Goes from the oldest commit to the newest and maps which lines belong to which commit.
    fn ascend(&mut self, wanted: &BTreeSet<&str>) -> BTreeMap<String, Vec<LineOrigin>> {
        let mut states: Vec<Rc<State>> = Vec::with_capacity(self.nodes.len());
        for at in 0..self.nodes.len() {
            let parents: Vec<Option<usize>> = match self.nodes.get(at) {
                Some(Some(node)) => node.parents.iter().map(|id| self.index.get(id).copied()).collect(),
                _ => Vec::new(),
            };
            let first = parents.first().copied().flatten().and_then(|parent| states.get(parent));
            let mut state = first.cloned().unwrap_or_default();
            let own: Vec<(usize, Step)> =
                self.steps.range((at, 0)..(at + 1, 0)).map(|((_, path), step)| (*path, step.clone())).collect();
            for (path, step) in own {
                let owned = self.owned(at, &step, &parents, &states);
                Rc::make_mut(&mut state).insert(path, owned);
            }
            states.push(state);
        }
        let Some(head) = states.last() else { return BTreeMap::new() };
        let mut files = BTreeMap::new();
        for path in wanted {
            let at = self.paths.intern(path.as_bytes());
            let owned = head.get(&at).cloned().unwrap_or_default();
            let owned = self.uncommitted(path, at, owned);
            files.insert((*path).to_owned(), owned.iter().map(|run| run.origin()).collect());
        }
        files
    }

    /// Returns who owns the lines of a file that a commit changes.
    fn owned(&mut self, at: usize, step: &Step, parents: &[Option<usize>], states: &[Rc<State>]) -> Rc<Owned> {
        let state = |nth: usize, path: usize| {
            parents.get(nth).copied().flatten().and_then(|parent| states.get(parent)?.get(&path).cloned())
        };
        let (new, links) = match step {
            Step::Unknown => return Rc::default(),
            Step::Same { parent, path } => return state(*parent, *path).unwrap_or_default(),
            Step::Differs { new, links } => (*new, links),
        };
        let Some(text) = self.text(new) else { return Rc::default() };
        let mut sides = Vec::new();
        for Link { parent, path, id } in links {
            let Some(old) = self.text(*id) else { return Rc::default() };
            let Some(changed) = self.changed(&old, &text) else { return Rc::default() };
            sides.push((changed, state(*parent, *path).unwrap_or_default()));
        }
        Rc::new(inherit(window::lines(&text), &sides, Some(at)))
    }

    /// Takes away the lines that are in no commit yet, where the change is that of the index or the work tree.
    fn uncommitted(&mut self, path: &str, at: usize, owned: Rc<Owned>) -> Rc<Owned> {
        if self.change.head_is_commit() {
            return owned;
        }
        let side = self.change.files.iter().find(|file| file.path == path).and_then(|file| file.new.as_ref());
        let head = self.nodes.last().and_then(|node| Some(node.as_ref()?.tree));
        let (Some(side), Some(tree)) = (side, head) else { return Rc::default() };
        let mut leaves = Leaves::of(self.reader, self.limits);
        let Some(committed) = leaves.at(tree, self.paths.bytes(at)) else { return Rc::default() };
        if parse_id(&side.id) == Ok(committed) {
            return owned;
        }
        let Some(old) = self.text(committed) else { return Rc::default() };
        let Ok(new) = self.change.blob(self.reader, &side.id, self.limits) else { return Rc::default() };
        let Some(changed) = self.changed(&old, &new) else { return Rc::default() };
        Rc::new(inherit(window::lines(&new), &[(changed, owned)], None))
    }

    /// Returns the changed lines of two texts; none when the budget is used up.
    fn changed(&mut self, old: &[u8], new: &[u8]) -> Option<Vec<Hunk>> {
        let window = Window::of(old, new);
        self.pay(window.cost())?;
        Some(window.hunks())
    }

    /// Takes from the budget; none when it does not suffice.
    fn pay(&mut self, cost: u64) -> Option<()> {
        let left = self.bytes.checked_sub(cost);
        match left {
            Some(left) => self.bytes = left,
            None => {
                self.note =
                    "the commits rewrite too much (`origin-bytes`): the making of some lines is unknown".to_owned();
            }
        }
        left.map(drop)
    }

    /// Returns a blob to compare; none when it cannot be read, is no text, or the budget is used up.
    fn text(&mut self, id: ObjectId) -> Option<Vec<u8>> {
        let bytes = self.reader.object(id, gix::objs::Kind::Blob, self.limits).ok()?;
        self.pay(bytes.len() as u64 / READ_PER_COMPARED)?;
        if is_binary(&bytes) { None } else { Some(bytes) }
    }
}

/// Says whether an entry has lines of its own.
fn has_lines(kind: EntryKind) -> bool {
    kind.is_file()
}
