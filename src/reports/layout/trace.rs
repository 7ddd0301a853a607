//! The page of a trace: the lines of a rule, and how many solutions each leaves.
//!
//! All of it comes from policies and from the change: everything is escaped here.

use std::io;

use super::paint::{Ink, Paint};
use crate::policies::trace::{Came, Clause, Named, RuleTrace, Statement, TargetTrace};
use crate::reports::Style;
use crate::untrusted::{Untrusted, log_line};

/// How many targets are shown line by line; of the others it is said where they stopped.
const WHOLE: usize = 3;
/// How many of the others are named.
const NAMED: usize = 20;
/// How many lines of a verdict are repeated.
const NOTES: usize = 10;

/// Writes the page.
///
/// # Errors
/// When it cannot be written.
pub fn trace_page(trace: &RuleTrace, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page { paint: Paint(style.colour), text: String::new() };
    page.whole(trace);
    out.write_all(page.text.as_bytes())
}

struct Page {
    paint: Paint,
    text: String,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(&log_line(text.trim_end()));
        self.text.push('\n');
    }

    fn whole(&mut self, trace: &RuleTrace) {
        let title = if trace.title.is_empty() { String::new() } else { format!(": {}", plain(&trace.title)) };
        let heading = self.paint.ink(Ink::Strong, &format!("{}{title}", plain(&trace.rule)));
        self.line(&heading);
        if !trace.path.is_empty() {
            self.line(&format!("{}:{}, {}", plain(&trace.path), trace.line, plain(&trace.terms)));
        }
        if !trace.why_not.is_empty() {
            self.line("");
            let text = self.paint.ink(Ink::Careful, "it did not run");
            self.line(&format!("{text}: {}", plain(&trace.why_not)));
        } else if trace.targets.is_empty() {
            self.line("");
            self.line("it did not run: there was nothing to look at");
        }
        for target in trace.targets.iter().take(WHOLE) {
            self.target(target);
        }
        self.others(trace.targets.get(WHOLE..).unwrap_or_default());
        self.verdict(trace);
    }

    fn target(&mut self, target: &TargetTrace) {
        self.line("");
        let name = name(target);
        if !target.why_not.is_empty() {
            self.line(&format!("{name}: not looked at: {}", plain(&target.why_not)));
            return;
        }
        let (ink, what) = match target.results {
            0 => (Ink::Quiet, "did not fire".to_owned()),
            1 => (Ink::Good, "fired, 1 result".to_owned()),
            many => (Ink::Good, format!("fired, {many} results")),
        };
        let what = self.paint.ink(ink, &what);
        self.line(&format!("{name}: {what}"));
        for note in &target.notes {
            self.line(&format!("  {}", plain(note)));
        }
        for came in &target.came {
            self.came(came);
        }
        for clause in &target.clauses {
            self.clause(clause, 2);
        }
    }

    fn came(&mut self, came: &Came) {
        let (ink, age) = match (came.old, came.excepted) {
            (true, _) => (Ink::Quiet, "old"),
            (false, true) => (Ink::Careful, "let through by `exception`"),
            (false, false) => (Ink::Bad, "new"),
        };
        let age = self.paint.ink(ink, age);
        self.line(&format!("  {age}: {}", plain(&came.message)));
        self.line(&format!("       {}", plain(&came.why)));
    }

    fn clause(&mut self, clause: &Clause, indent: usize) {
        let margin = " ".repeat(indent);
        let place = self.paint.ink(Ink::Quiet, &format!("{}:{}", plain(&clause.path), clause.line));
        let note = if clause.note.is_empty() { String::new() } else { format!("  ({})", plain(&clause.note)) };
        self.line(&format!("{margin}left  {}  {place}{note}", plain(&clause.name)));
        if clause.unfit {
            self.line(&format!("{margin}   0  its arguments do not fit this head"));
            return;
        }
        for (number, text) in (clause.line..).zip(&clause.text) {
            let ends: Vec<&Statement> = clause.statements.iter().filter(|of| of.end == number).collect();
            let counts: Vec<String> = ends.iter().map(|of| count(of)).collect();
            let gutter = format!("{:>4}", counts.join(","));
            let stops = ends.iter().any(|of| of.stops);
            let gutter = match ends.last() {
                Some(of) if of.stops => self.paint.ink(Ink::Bad, &gutter),
                Some(of) if of.left.is_some() => self.paint.ink(Ink::Good, &gutter),
                _ => gutter,
            };
            let mark = if stops { self.paint.ink(Ink::Bad, "  <- stops here") } else { String::new() };
            self.line(&format!("{margin}{gutter} |{number:>4}  {}{mark}", source(text)));
            for statement in ends {
                self.statement(statement, indent);
            }
        }
        for made in &clause.made {
            let label = self.paint.ink(Ink::Good, "makes");
            self.line(&format!("{margin}     {label} {}", plain(made)));
        }
        let hidden = clause.left.unwrap_or(0).saturating_sub(clause.made.len() as u64);
        if !clause.made.is_empty() && hidden > 0 {
            self.line(&format!("{margin}     and {hidden} more"));
        }
    }

    fn statement(&mut self, statement: &Statement, indent: usize) {
        let margin = " ".repeat(indent.saturating_add(13));
        if statement.late {
            self.line(&format!("{margin}evaluated after the lines that it needs"));
        }
        for named in statement.binds.iter().filter(|_| !statement.stops) {
            self.named(named, &margin);
        }
        for named in &statement.seen {
            self.named(named, &margin);
        }
        if !statement.note.is_empty() {
            self.line(&format!("{margin}{}", plain(&statement.note)));
        }
        for helper in &statement.helpers {
            self.clause(helper, indent.saturating_add(9));
        }
    }

    fn named(&mut self, named: &Named, margin: &str) {
        let name = plain(&named.name);
        let undefined = ["undefined".to_owned()];
        let values = if named.values.is_empty() { undefined.as_slice() } else { &named.values };
        for (number, value) in values.iter().enumerate() {
            let lead =
                if number == 0 { format!("{name} is") } else { format!("{:>1$}", "or", name.chars().count() + 3) };
            self.line(&format!("{margin}{lead} {}", plain(value)));
        }
        if named.more > 0 {
            self.line(&format!("{margin}{:>1$} {2} more", "or", name.chars().count() + 3, named.more));
        }
    }

    fn others(&mut self, targets: &[TargetTrace]) {
        if targets.is_empty() {
            return;
        }
        self.line("");
        for target in targets.iter().take(NAMED) {
            let stop = |clause: &Clause| {
                let stopped = clause.statements.iter().find(|of| of.stops)?;
                Some(format!("stopped at {}:{}", plain(&clause.path), stopped.line))
            };
            let why = match (&target.why_not, target.results) {
                (why, _) if !why.is_empty() => format!("not looked at: {}", plain(why)),
                (_, 0) => target.clauses.iter().filter_map(stop).collect::<Vec<_>>().join(", "),
                (_, results) => format!("fired, {results} results"),
            };
            self.line(&format!("{}: {why}", name(target)));
        }
        if targets.len() > NAMED {
            self.line(&format!("and {} more files; `--trace-file PATH` shows one of them", targets.len() - NAMED));
        }
    }

    fn verdict(&mut self, trace: &RuleTrace) {
        let fired = trace.targets.iter().any(|target| target.results > 0);
        if trace.notes.is_empty() && !fired {
            return;
        }
        self.line("");
        if trace.notes.is_empty() {
            self.line("in the verdict: nothing; what it says is old debt, or stands in lines that did not change");
            return;
        }
        self.line("in the verdict");
        for note in trace.notes.iter().take(NOTES) {
            self.line(&format!("  {}", plain(note)));
        }
        if trace.notes.len() > NOTES {
            self.line(&format!("  and {} more", trace.notes.len() - NOTES));
        }
    }
}

/// Returns what was looked at, in words.
fn name(target: &TargetTrace) -> String {
    match (target.path.as_str(), target.document.as_str()) {
        ("", "") => "the whole change".to_owned(),
        ("", document) => plain(document),
        (path, "") => plain(path),
        (path, document) => format!("{}, {}", plain(path), plain(document)),
    }
}

fn count(statement: &Statement) -> String {
    statement.left.map_or_else(|| "-".to_owned(), |left| left.to_string())
}

fn plain(text: &str) -> String {
    Untrusted::new(text).terminal()
}

/// Returns a line of source with its tabs as blanks.
fn source(text: &str) -> String {
    plain(&text.trim_end().replace('\t', "    "))
}
