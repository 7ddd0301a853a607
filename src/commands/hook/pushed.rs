//! What git is about to push -> one check a commit.
//!
//! Owns git's lines and which of them are judged. What a check says is not its matter.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead as _, IsTerminal as _, Read as _};

use clap::Parser as _;

use crate::change::{Repository, remote_branch};
use crate::cli::check::ReviewChoice;
use crate::cli::hook::HookRunArguments;
use crate::cli::{Cli, Command};
use crate::commands::check;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::{UsageError, shortened};
use crate::error::Error;
use crate::limits::Limits;
use crate::untrusted::terminal;

/// More bytes than any push of a person has.
const MOST_BYTES: u64 = 1 << 20;
/// So many commits are judged in one push.
const MOST_COMMITS: usize = 50;

/// A commit that is pushed, and what the remote has in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pushed {
    commit: String,
    name: String,
    before: Option<String>,
}

/// Judges each commit that is pushed, and returns the code of the worst.
pub(super) fn run(arguments: &HookRunArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let text = lines(surroundings)?;
    let pushed = parse(&text)?;
    if pushed.len() > MOST_COMMITS {
        let title = format!("{} commits are pushed at once, and at most {MOST_COMMITS} are judged", pushed.len());
        return Err(UsageError::new(title, "Push fewer branches at once, or `--no-verify`; CI judges each.").into());
    }
    let follows = Repository::open(&arguments.repo)
        .is_ok_and(|repository| remote_branch(&repository, "HEAD", &Limits::default()).is_some());
    let mut worst = 0;
    for one in &pushed {
        if pushed.len() > 1 {
            let remote = arguments.remote.as_deref().unwrap_or("the remote");
            surroundings.say(&format!("{} -> {}\n", terminal(&one.name), terminal(remote)));
        }
        let code = judge(one, follows, arguments, surroundings)?;
        worst = if rank(code) > rank(worst) { code } else { worst };
    }
    Ok(worst)
}

/// Returns git's lines. pre-commit reads them itself, and hands on in variables what it made of them.
fn lines(surroundings: &Surroundings) -> Result<String, Error> {
    let variable = |name: &str| surroundings.variable(&format!("PRE_COMMIT_{name}"));
    if let (Some(before), Some(commit)) = (variable("FROM_REF"), variable("TO_REF")) {
        let [name, there] = ["LOCAL_BRANCH", "REMOTE_BRANCH"].map(|name| variable(name).unwrap_or_default());
        return Ok(format!("{name} {commit} {there} {before}\n"));
    }
    let help = "It is started by git, which passes lines on; try it with `git push --dry-run`.";
    let mut input = std::io::stdin().lock();
    if input.is_terminal() {
        return Err(UsageError::new("nothing says what is pushed", help).into());
    }
    let mut text = String::new();
    let read = input.by_ref().take(MOST_BYTES + 1).read_to_string(&mut text);
    read.map_err(|error| UsageError::new(format!("what git pushes cannot be read: {error}"), help))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(UsageError::new("git passes more than a mebibyte of lines", "Push fewer branches at once.").into());
    }
    Ok(text)
}

/// Fail is worse than undecided, which is worse than waiting for people.
fn rank(code: u8) -> u8 {
    match code {
        0 => 0,
        3 => 1,
        4 => 2,
        1 => 3,
        _ => 4,
    }
}

/// Runs `check` as a person would. Where `origin` has a default branch the change starts there, as in CI.
fn judge(one: &Pushed, follows: bool, arguments: &HookRunArguments, around: &Surroundings) -> Result<u8, Error> {
    let mut words: Vec<OsString> = ["portcullis", "check", "--forge", "none", "--head"].map(Into::into).into();
    words.push(one.commit.clone().into());
    if let Some(before) = one.before.as_ref().filter(|_| !follows) {
        words.extend(["--base".into(), before.clone().into()]);
    }
    if arguments.review == ReviewChoice::Report {
        words.extend(["--review".into(), "report".into()]);
    }
    words.extend(["--repo".into(), arguments.repo.clone().into_os_string()]);
    let format = arguments.format.map_or("human", |format| format.name);
    words.extend(["--format".into(), format.into()]);
    match Cli::try_parse_from(words).map(|cli| cli.command) {
        Ok(Command::Check(check)) => check::run(&check, around),
        _ => Err(UsageError::new("the hook could not start a check", "Run `portcullis check` by hand.").into()),
    }
}

/// Reads git's lines; deletions, tags and notes push no change of code, and a commit that two branches share is judged once.
fn parse(text: &str) -> Result<Vec<Pushed>, Error> {
    let mut pushed: BTreeMap<String, Pushed> = BTreeMap::new();
    for line in text.as_bytes().lines().map_while(Result::ok).filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split(' ').collect();
        let (&[name, commit, there, before], true) = (words.as_slice(), ids(&words)) else {
            let title = format!("`{}` is no line of a pre-push hook", shortened(&line));
            let help = "Git writes: local ref, local commit, remote ref, remote commit.";
            return Err(UsageError::new(title, help).into());
        };
        let code = !["refs/tags/", "refs/notes/"].iter().any(|kind| there.starts_with(kind));
        if code && !is_zero(commit) {
            let before = (!is_zero(before)).then(|| before.to_owned());
            let one = Pushed { commit: commit.to_owned(), name: name.to_owned(), before };
            pushed.entry(commit.to_owned()).or_insert(one);
        }
    }
    Ok(pushed.into_values().collect())
}

fn ids(words: &[&str]) -> bool {
    let id = |text: &&str| matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    words.get(1).is_some_and(id) && words.get(3).is_some_and(id)
}

fn is_zero(id: &str) -> bool {
    id.bytes().all(|byte| byte == b'0')
}

#[cfg(test)]
mod tests {
    use super::{parse, rank};

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    const ZERO: &str = "0000000000000000000000000000000000000000";

    fn commits(text: &str) -> Vec<(String, Option<String>)> {
        parse(text).unwrap().into_iter().map(|one| (one.commit, one.before)).collect()
    }

    #[test]
    fn a_branch_is_judged_and_deletions_tags_and_twins_are_not() {
        let line = |name: &str, commit: &str, there: &str, before: &str| format!("{name} {commit} {there} {before}\n");
        let text = [
            line("refs/heads/a", A, "refs/heads/a", B),
            line("refs/heads/twin", A, "refs/heads/twin", ZERO),
            line("(delete)", ZERO, "refs/heads/old", B),
            line("refs/tags/v1", B, "refs/tags/v1", ZERO),
        ];
        assert_eq!(commits(&text.concat()), [(A.to_owned(), Some(B.to_owned()))]);
        assert_eq!(commits(&line("HEAD", B, "refs/for/main", ZERO)), [(B.to_owned(), None)]);
        assert_eq!(commits(""), []);
    }

    #[test]
    fn what_git_does_not_write_is_refused() {
        for text in ["x", &format!("a {A} b"), &format!("a --help b {B}"), &format!("a {A} b {B} c")] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn failing_is_worse_than_undecided_and_that_worse_than_waiting() {
        assert!(rank(1) > rank(4) && rank(4) > rank(3) && rank(3) > rank(0) && rank(2) > rank(1));
    }
}
