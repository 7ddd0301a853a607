//! Git itself as the oracle: lists of changed files and hunks over a synthetic history.

use std::collections::{BTreeMap, BTreeSet};

use portcullis::change::{Change, EntryKind, hunks};
use portcullis::limits::Limits;

use crate::support::TestRepository;
use crate::{change, open};

/// A small generator with a fixed seed, so that every run builds the same history.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Builds a history of edits, moves, deletions, mode and type changes; returns its commits.
fn history(repository: &TestRepository, steps: usize) -> Vec<String> {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut commits = Vec::new();
    for step in 0..steps {
        for _ in 0..=dice.roll(4) {
            let path = format!("d{}/e{}/f{}.txt", dice.roll(4), dice.roll(3), dice.roll(6));
            match (dice.roll(6), files.get_mut(&path)) {
                (0, Some(_)) => {
                    files.remove(&path);
                    repository.remove(&path);
                    continue;
                }
                (_, Some(lines)) => {
                    let at = dice.roll(lines.len() as u64 + 1) as usize;
                    if dice.roll(2) == 0 || lines.is_empty() {
                        lines.insert(at.min(lines.len()), format!("new {step} {}", dice.roll(5)));
                    } else {
                        lines.remove(at.min(lines.len() - 1));
                    }
                }
                (_, None) => {
                    let lines = (0..dice.roll(30)).map(|line| format!("line {line} {}", dice.roll(3))).collect();
                    files.insert(path.clone(), lines);
                }
            }
            let end = if dice.roll(5) == 0 { "" } else { "\n" };
            repository.write(&path, files[&path].join("\n") + end);
        }
        commits.push(repository.commit(&format!("step {step}")));
    }
    commits
}

/// Writes the change as `git diff-tree -r -z --raw` without renames does.
fn raw(change: &Change) -> Vec<String> {
    let zero = "0".repeat(40);
    let mut lines = Vec::new();
    for file in &change.files {
        let old = file.old.as_ref().map(|side| (&file.old_path, side.kind, side.id.clone()));
        let new = file.new.as_ref().map(|side| (&file.path, side.kind, side.id.clone()));
        let mut line = |path: &str, old: Option<(EntryKind, String)>, new: Option<(EntryKind, String)>| {
            let (old_mode, old_id) = old.map_or(("000000", zero.clone()), |(kind, id)| (kind.mode(), id));
            let (new_mode, new_id) = new.map_or(("000000", zero.clone()), |(kind, id)| (kind.mode(), id));
            lines.push(format!("{old_mode} {new_mode} {old_id} {new_id} {path}"));
        };
        match (old, new) {
            (Some(old), Some(new)) if old.0 == new.0 => line(old.0, Some((old.1, old.2)), Some((new.1, new.2))),
            (old, new) => {
                if let Some((path, kind, id)) = old {
                    line(path, Some((kind, id)), None);
                }
                if let Some((path, kind, id)) = new {
                    line(path, None, Some((kind, id)));
                }
            }
        }
    }
    lines.sort();
    lines
}

fn raw_of_git(repository: &TestRepository, base: &str, head: &str) -> Vec<String> {
    parse_raw(&repository.git(&["diff-tree", "-r", "-z", "--raw", "--no-renames", "--full-index", base, head]))
}

fn parse_raw(output: &str) -> Vec<String> {
    let mut parts = output.split('\0');
    let mut lines = Vec::new();
    while let (Some(meta), Some(path)) = (parts.next(), parts.next()) {
        let words: Vec<&str> = meta.trim_start_matches(':').split(' ').collect();
        lines.push(format!("{} {} {} {} {path}", words[0], words[1], words[2], words[3]));
    }
    lines.sort();
    lines
}

#[test]
fn changed_files_and_line_counts_agree_with_git() {
    let repository = TestRepository::new();
    let commits = history(&repository, 40);
    let reader = open(repository.root()).reader();
    let limits = Limits::default();
    let mut compared = 0;
    for (index, head) in commits.iter().enumerate().skip(1) {
        for base in [&commits[index - 1], &commits[index / 2]] {
            let read = change(repository.root(), base, head);
            assert_eq!(raw(&read), raw_of_git(&repository, base, head));
            let arguments = ["diff", "--no-ext-diff", "--no-textconv", "--text", "--no-renames", "--histogram", "-U0"];
            let patch = repository.git(&[&arguments[..], &[base, head]].concat());
            let lines: Vec<&str> = patch.lines().collect();
            let headers = lines.iter().filter(|line| line.starts_with("@@ ")).count();
            let mut ours = 0;
            for file in &read.files {
                let side = |side: &Option<portcullis::change::Side>| {
                    side.as_ref().map_or_else(Vec::new, |side| reader.blob(&side.id, &limits).unwrap())
                };
                let (old, new) = (side(&file.old), side(&file.new));
                let renamed = file.path != file.old_path;
                if renamed {
                    // Without renames git shows a deletion and an addition, one hunk each.
                    ours += usize::from(!old.is_empty()) + usize::from(!new.is_empty());
                } else {
                    ours += hunks(&old, &new).hunks.len();
                }
            }
            assert_eq!(ours, headers, "{base} {head}\n{patch}");
            compared += 1;
        }
    }
    assert_eq!(compared, 78);
}

#[test]
fn commit_lists_agree_with_git() {
    let repository = TestRepository::new();
    repository.write("a", "0").commit("root");
    for round in 0..6 {
        repository.git(&["checkout", "-q", "-b", &format!("side{round}")]);
        repository.write(&format!("s{round}"), "1").commit(&format!("side {round}"));
        repository.git(&["checkout", "-q", "main"]);
        repository.write(&format!("m{round}"), "1").commit(&format!("main {round}"));
        if round % 2 == 0 {
            repository.git(&["merge", "-q", "--no-ff", "-m", &format!("merge {round}"), &format!("side{round}")]);
        }
    }
    for (base, head) in
        [("side1", "main"), ("main", "side5"), ("side0", "side4"), ("main~3", "main"), ("main", "main~2")]
    {
        let read = change(repository.root(), base, head);
        let mut ours: Vec<&str> = read.commits.iter().map(|commit| commit.id.as_str()).collect();
        let listed = repository.git(&["rev-list", "--reverse", "--topo-order", head, &format!("^{base}")]);
        let mut gits: Vec<&str> = listed.lines().collect();
        ours.sort_unstable();
        gits.sort_unstable();
        assert_eq!(ours, gits, "{base}..{head}");
    }
}

/// Returns everything reachable from a commit, itself included.
fn ancestors(parents: &[Vec<usize>], from: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if found.insert(at) {
            open.extend(&parents[at]);
        }
    }
    found
}

#[test]
fn merge_bases_and_commits_are_right_in_random_histories_with_lying_dates() {
    let repository = TestRepository::new();
    let tree = repository.tree(&[]);
    let mut dice = Dice(0x1234_5678_9ABC_DEF1);
    for round in 0..6 {
        let mut parents: Vec<Vec<usize>> = Vec::new();
        let mut ids: Vec<String> = Vec::new();
        for at in 0..12_usize {
            let mut own: Vec<usize> = Vec::new();
            for _ in 0..dice.roll(3) + 1 {
                let parent = dice.roll(at.max(1) as u64) as usize;
                if at > 0 && !own.contains(&parent) {
                    own.push(parent);
                }
            }
            let lines: String = own.iter().map(|parent| format!("parent {}\n", ids[*parent])).collect();
            let who = format!("A <a@b> {} +0000", dice.roll(50));
            ids.push(
                repository.raw_commit(format!("tree {tree}\n{lines}author {who}\ncommitter {who}\n\n{round} {at}\n")),
            );
            parents.push(own);
        }
        for _ in 0..12 {
            let (base, head) = (dice.roll(12) as usize, dice.roll(12) as usize);
            let (below_base, below_head) = (ancestors(&parents, base), ancestors(&parents, head));
            let common: Vec<usize> = below_base.intersection(&below_head).copied().collect();
            let worse =
                |one: &usize| common.iter().any(|other| other != one && ancestors(&parents, *other).contains(one));
            let mut best: Vec<&str> = common.iter().filter(|at| !worse(at)).map(|at| ids[*at].as_str()).collect();
            best.sort_unstable();
            let range = crate::range_of(repository.root(), &ids[base], &ids[head]).unwrap();
            assert_eq!(range.merge_bases, best, "round {round}, {base}..{head}, {parents:?}");
            let read = change(repository.root(), &ids[base], &ids[head]);
            let listed: Vec<&str> = read.commits.iter().map(|commit| commit.id.as_str()).collect();
            for own in below_head.difference(&below_base) {
                assert!(listed.contains(&ids[*own].as_str()), "a commit of the change is never left out");
            }
            for (place, id) in listed.iter().enumerate() {
                let at = ids.iter().position(|known| known == id).unwrap();
                let late = |parent: &usize| listed.iter().skip(place).any(|other| *other == ids[*parent]);
                assert!(!parents[at].iter().any(late), "parents come first");
            }
        }
    }
}

/// Compares lists of changed files, hunks and commits with git on a repository that we did not make:
/// `PORTCULLIS_ORACLE=/path/to/repository cargo test --test change -- --ignored --nocapture real_history`.
#[test]
#[ignore = "needs a large repository; names it by PORTCULLIS_ORACLE"]
fn real_history_agrees_with_git() {
    let dir = std::path::PathBuf::from(std::env::var_os("PORTCULLIS_ORACLE").expect("names a repository"));
    let git = |arguments: &[&str]| {
        let mut command = crate::support::scrubbed("git");
        command.current_dir(&dir).args(["-c", "safe.directory=*"]).args(arguments);
        String::from_utf8_lossy(&command.output().unwrap().stdout).trim_end_matches('\n').to_owned()
    };
    let heads = git(&["rev-list", "--first-parent", "--max-count=400", "HEAD"]);
    let heads: Vec<&str> = heads.lines().collect();
    let reader = open(&dir).reader();
    let limits = Limits::default();
    let (mut ranges, mut files, mut renames, mut moved_by_git, mut hunk_total, mut odd) = (0, 0, 0, 0, 0, 0);
    for (index, head) in heads.iter().enumerate() {
        let distance = if index % 20 == 0 { 60 } else { 1 };
        let Some(base) = heads.get(index + distance) else { break };
        let read = change(&dir, base, head);
        assert!(read.reasons.is_empty(), "{:?}", read.reasons);
        let raw_git = git(&["diff-tree", "-r", "-z", "--raw", "--no-renames", "--full-index", base, head]);
        assert_eq!(raw(&read), parse_raw(&raw_git), "{base} {head}");
        let listed = git(&["rev-list", "--count", &format!("{base}..{head}")]);
        assert_eq!(read.commits.len().to_string(), listed);
        let names = git(&["diff-tree", "-r", "-M", "--name-status", base, head]);
        moved_by_git += names.lines().filter(|line| line.starts_with('R')).count();
        renames += read.files.iter().filter(|file| file.path != file.old_path).count();
        ranges += 1;
        files += read.files.len();
        for file in read.files.iter().filter(|file| file.path == file.old_path).take(20) {
            let side = |side: &Option<portcullis::change::Side>| {
                side.as_ref().map_or_else(Vec::new, |side| reader.blob(&side.id, &limits).unwrap())
            };
            let ours = hunks(&side(&file.old), &side(&file.new));
            let flags = ["diff", "--no-ext-diff", "--no-textconv", "--text", "--no-renames", "--histogram", "-U0"];
            let patch = git(&[&flags[..], &[base, head, "--", &file.path]].concat());
            let theirs: Vec<&str> = patch.lines().filter(|line| line.starts_with("@@ ")).collect();
            hunk_total += theirs.len();
            odd += usize::from(theirs.len() != ours.hunks.len());
        }
    }
    println!("{ranges} ranges, {files} files, renames ours {renames} git {moved_by_git}");
    println!("{hunk_total} hunks, {odd} files with another number of hunks");
}
