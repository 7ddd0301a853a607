//! Files of other tools -> entries of the input document, and what the configuration wants to see of them.
//!
//! Owns the order: files are read here, parsed in the worker, held against the change. Whoever runs the job writes these
//! files, so one that is missing, broken, or the change's own is a reason, never a gap.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::change::{Change, FileStatus, Repository, list_commit};
use crate::completeness::{Completeness, Reason};
use crate::configuration::Configuration;
use crate::finding::{RuleId, hex};
use crate::gate::reach::Ground;
use crate::gate::reading::worker_lost;
use crate::gate::{CheckRequest, side_text};
use crate::imported::{
    ImportFile, Joined, ReportTask, ToolReport, Unread, expand, is_of_repository, join, lost, missing, read_file, root,
};
use crate::limits::Limits;
use crate::outcome::Deferred;
use crate::policies::input::{ImportEntry, InputDocument};
use crate::review::state::ForgeFacts;
use crate::untrusted::Untrusted;
use crate::worker::Supervisor;
use crate::worker::protocol::{Answer, Death, Task};

/// Reads the files that the command line names into the input document, and says in one line a tool what they hold.
pub(super) fn import(
    request: &CheckRequest<'_>,
    configuration: &Configuration,
    ground: &Ground<'_>,
    input: &mut InputDocument,
    supervisor: &mut Supervisor,
) -> Vec<Untrusted> {
    if request.imports.is_empty() {
        return Vec::new();
    }
    let files = expand(&request.imports);
    let most = ground.limits.import_files;
    let (mut entries, mut reasons) = (Vec::new(), Vec::new());
    if files.len() as u64 > most {
        let message = format!("`--import` names {} files; the limit is {most}", files.len());
        reasons.push(Reason::new("imports-too-many", message, "merge them, or raise `limits: import-files`"));
    } else {
        for joined in read(&files, ground, input, supervisor) {
            entries.extend(joined.entries);
            reasons.extend(joined.reasons);
        }
    }
    entries.sort_by(|a, b| (a.kind, &a.file, a.run).cmp(&(b.kind, &b.file, b.run)));
    let notes = notes(&entries, configuration);
    input.imports = entries;
    let known = std::mem::take(&mut input.completeness.reasons);
    input.completeness = Completeness::of([known, reasons].concat());
    notes
}

/// What is known of one file before the worker has read it.
struct Opened<'f> {
    file: &'f ImportFile,
    name: String,
    digest: String,
    unread: Option<Reason>,
}

fn read(files: &[ImportFile], ground: &Ground<'_>, input: &InputDocument, supervisor: &mut Supervisor) -> Vec<Joined> {
    let surroundings = Surroundings::of(ground);
    let mut opened: BTreeMap<u64, Opened<'_>> = BTreeMap::new();
    let mut answers: BTreeMap<u64, Result<Answer, Death>> = BTreeMap::new();
    let tasks = (1_u64..).zip(files).filter_map(|(id, file)| {
        let (one, task) = open(file, &surroundings, ground.limits);
        opened.insert(id, one);
        Some((id, Task::Report(Box::new(task?))))
    });
    let (mut results, most) = (0_u64, ground.limits.import_results);
    let ended = supervisor.run(tasks, |id, answer| {
        if let Ok(Answer::Reported(report)) = &answer {
            results = results.saturating_add(report.results() as u64);
        }
        // What is over the limit is not kept, whichever file it came from: then none of them counts.
        if results <= most {
            answers.insert(id, answer);
        }
    });
    if results > most {
        let message = format!("the files of `--import` hold more than {most} results");
        let remedy = "let the tools report less, or raise `limits: import-results`";
        return vec![Joined { entries: Vec::new(), reasons: vec![Reason::new("imports-too-many", message, remedy)] }];
    }
    let unchanged = |path: &str| surroundings.unchanged(path);
    let texts = |path: &str| {
        let file = ground.change.files.iter().find(|file| file.path == path)?;
        side_text(ground.change, ground.repository, file.new.as_ref()?, ground.limits)
    };
    let place = crate::imported::Ground {
        files: &input.files,
        head: &ground.change.head,
        roots: &surroundings.roots,
        unchanged: &unchanged,
        texts: &texts,
    };
    let mut joined: Vec<Joined> = Vec::new();
    for (id, Opened { file, name, digest, unread }) in opened {
        let report = match (unread, answers.remove(&id)) {
            (Some(reason), _) => {
                joined.push(lost(file.kind, &name, &digest, reason));
                continue;
            }
            (None, Some(Ok(Answer::Reported(report)))) => *report,
            (None, Some(Err(death))) => ToolReport::unread(ended_by(death)),
            (None, _) => ToolReport::unread("the worker gave no answer about it"),
        };
        joined.push(join(file.kind, &name, &digest, report, &place));
    }
    // Whether a commit holds a report, and which file a result means, was then not known.
    joined.extend(surroundings.unlisted().map(|reason| Joined { entries: Vec::new(), reasons: vec![reason] }));
    if let Err(error) = ended {
        joined.push(Joined { entries: Vec::new(), reasons: vec![worker_lost(&error.to_string())] });
    }
    joined
}

fn ended_by(death: Death) -> String {
    let what = match death {
        Death::Crash => "ended its process",
        Death::Timeout => "took too long",
        Death::Memory => "took more memory than `limits: worker-bytes`",
    };
    format!("reading it {what}")
}

fn open<'f>(
    file: &'f ImportFile,
    surroundings: &Surroundings<'_>,
    limits: &Limits,
) -> (Opened<'f>, Option<ReportTask>) {
    let name = crate::change::wire(file.path.as_os_str().as_encoded_bytes());
    let own = surroundings.own(&file.path);
    let (digest, result) = match read_file(&file.path, limits.import_bytes) {
        Ok(bytes) if own => (hex(&Sha256::digest(&bytes)), Err(of_the_change())),
        Ok(bytes) => (hex(&Sha256::digest(&bytes)), Ok(bytes)),
        Err(unread) => (String::new(), Err(reason(&unread))),
    };
    let (unread, task) = match result {
        Ok(bytes) => (None, Some(ReportTask { kind: file.kind, bytes })),
        Err(reason) => (Some(reason), None),
    };
    (Opened { file, name, digest, unread }, task)
}

/// A file that the author of the change committed is his word, not a tool's.
fn of_the_change() -> Reason {
    let message = "it is a file of the repository, so the author of the change may have written it";
    Reason::new("import-of-the-repository", message, "let the tool write to a path that no commit holds")
}

fn reason(unread: &Unread) -> Reason {
    let again = "look at the step that writes the file, and run it again";
    match unread {
        Unread::Missing => Reason::new("import-missing", "`--import` names it, and there is no such file", again),
        Unread::Unreadable(why) => Reason::new("import-unreadable", format!("it cannot be read: {why}"), again),
        Unread::TooLarge(most) => {
            let message = format!("it is over the limit of {most} bytes");
            Reason::new("import-too-large", message, "let the tool report less, or raise `limits: import-bytes`")
        }
    }
}

/// The checkout around the change.
struct Surroundings<'a> {
    change: &'a Change,
    repository: &'a Repository,
    limits: &'a Limits,
    roots: Vec<String>,
    base: OnceCell<Result<BTreeSet<String>, Reason>>,
}

impl<'a> Surroundings<'a> {
    fn of(ground: &Ground<'a>) -> Self {
        let Ground { change, repository, limits, .. } = *ground;
        let tree = repository.work_tree();
        let canonical = tree.as_ref().and_then(|tree| tree.canonicalize().ok());
        let roots: BTreeSet<String> = tree.iter().chain(&canonical).map(|tree| root(tree)).collect();
        Self { change, repository, limits, roots: roots.into_iter().collect(), base: OnceCell::new() }
    }

    /// Says whether the repository has a file that the change leaves as it is. Where base cannot be listed that is not
    /// known; `unlisted` has the reason then.
    fn unchanged(&self, path: &str) -> bool {
        let base = self.base.get_or_init(|| {
            let entries = list_commit(self.repository, &self.change.merge_base, self.limits)?;
            let changed: BTreeSet<&str> =
                self.change.files.iter().flat_map(|file| [file.path.as_str(), file.old_path.as_str()]).collect();
            Ok(entries.into_iter().map(|entry| entry.path).filter(|path| !changed.contains(path.as_str())).collect())
        });
        base.as_ref().is_ok_and(|base| base.contains(path))
    }

    /// Returns why base could not be listed, where that was tried.
    fn unlisted(&self) -> Option<Reason> {
        self.base.get().and_then(|base| base.as_ref().err().cloned())
    }

    /// Says whether a commit holds the file.
    fn own(&self, file: &Path) -> bool {
        let inside = self.repository.work_tree().and_then(|tree| is_of_repository(file, &tree));
        let Some(path) = inside else { return false };
        let changed = |file: &&crate::change::ChangedFile| file.path == path && file.status != FileStatus::Deleted;
        self.unchanged(&path) || self.change.files.iter().find(changed).is_some()
    }
}

/// Says what each tool brought, so that it is never in doubt whether anything was taken in.
fn notes(entries: &[ImportEntry], configuration: &Configuration) -> Vec<Untrusted> {
    let mut tools: BTreeMap<&str, Vec<&ImportEntry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.tool.is_empty()) {
        tools.entry(entry.tool.as_str()).or_default().push(entry);
    }
    let note = |(tool, entries): (&str, Vec<&ImportEntry>)| {
        let sum = |of: fn(&ImportEntry) -> u32| entries.iter().fold(0_u32, |sum, entry| sum.saturating_add(of(entry)));
        let (results, joined) = (sum(|entry| entry.totals.results), sum(|entry| entry.totals.joined));
        let suppressed = sum(|entry| entry.totals.suppressed);
        let plural = if results == 1 { "" } else { "s" };
        let mut note = format!("{tool}: {results} result{plural}, {joined} on this change");
        if suppressed > 0 {
            note.push_str(&format!("; suppressions count for nothing ({suppressed})"));
        }
        if joined > 0 && !configuration.imports.tools.contains_key(tool) {
            note.push_str("; advisory, for `imports: tools:` of the base does not name it");
        }
        Untrusted::new(note)
    };
    tools.into_iter().map(note).collect()
}

/// What the configuration wants to see and was not given: in CI the change is undecided; at a desk, where scanners do
/// not run, it waits for CI. A file that was given and does not count is no desk's matter.
pub(super) fn required(
    input: &InputDocument,
    configuration: &Configuration,
    forge: &ForgeFacts,
) -> (Vec<Deferred>, Vec<Reason>) {
    let (mut deferred, mut reasons) = (Vec::new(), Vec::new());
    for missing in missing(input, &configuration.imports) {
        let more = missing.files.saturating_sub(1);
        let others = if more == 0 { String::new() } else { format!(" and {more} more") };
        let wanted = format!("`imports: required:` wants {} for {}{others}", missing.wanted, missing.path);
        match (forge, missing.given, RuleId::new("imports/required")) {
            (ForgeFacts::Local, false, Ok(rule)) => {
                let why = Untrusted::new(format!("decided in CI: {wanted}"));
                deferred.push(Deferred { rule, why });
            }
            (_, given, _) => {
                let what = if given { "what was given tells of no run that counts" } else { "none was given" };
                let remedy = format!("run the tool before the gate and pass its file with `{}`", missing.option);
                reasons.push(Reason::new("import-required", format!("{wanted}, and {what}"), remedy));
            }
        }
    }
    (deferred, reasons)
}
