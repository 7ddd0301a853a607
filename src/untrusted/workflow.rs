//! Text for the log of a GitHub Actions step, in which the runner obeys lines that look like commands.
//!
//! The runner takes `::command ...::` after leading white space, and the older `##[command]` *anywhere* in a line. It
//! undoes `%25 %0D %0A` in messages and also `%3A %2C` in properties.

use std::borrow::Cow;

use super::terminal::{terminal, terminal_lines};

/// Returns `line` so that the runner sees no command in it; line ends inside it are made visible.
#[must_use]
pub fn workflow_plain(line: &str) -> String {
    log_line(&terminal(line)).into_owned()
}

/// Returns a line that is escaped for a terminal already, colours included, so that the runner sees no command in it:
/// whatever is printed may end in the log of a CI job.
#[must_use]
pub fn log_line(line: &str) -> Cow<'_, str> {
    let (before, body) = line.split_at(start(line));
    if !body.starts_with("::") && !line.contains("##[") {
        return Cow::Borrowed(line);
    }
    // A second pass would find nothing: what is put in holds no `[` and no `#`.
    let broken = body.replace("##[", "##\\u{5b}");
    match broken.strip_prefix("::") {
        Some(rest) => {
            let blanks = before.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
            Cow::Owned(format!("{}\\u{{3a}}:{rest}", blanks.collect::<String>()))
        }
        None => Cow::Owned(format!("{before}{broken}")),
    }
}

/// Returns where a line begins behind blanks and our own colours.
fn start(line: &str) -> usize {
    let mut rest = line.trim_start();
    while let Some((ink, after)) = rest.strip_prefix("\u{1B}[").and_then(|colour| colour.split_once('m')) {
        if !ink.bytes().all(|byte| byte == b';' || byte.is_ascii_digit()) {
            break;
        }
        rest = after.trim_start();
    }
    line.len() - rest.len()
}

/// Returns `text` as the message of a workflow command; its lines stay lines.
#[must_use]
pub fn workflow_data(text: &str) -> String {
    let lines: Vec<String> = terminal_lines(text).iter().map(|line| workflow_plain(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// Returns `text` as the value of a property of a workflow command. The runner restores every visible character.
#[must_use]
pub fn workflow_property(text: &str) -> String {
    terminal(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{log_line, workflow_data, workflow_plain, workflow_property};

    #[test]
    fn commands_are_broken_wherever_the_runner_looks_for_them() {
        assert_eq!(workflow_plain("  ::error::x"), "  \\u{3a}:error::x");
        assert_eq!(workflow_plain("\u{A0}::error::x").trim_start_matches(' '), "\\u{3a}:error::x");
        assert_eq!(workflow_plain("see ##[stop-commands]x"), "see ##\\u{5b}stop-commands]x");
        assert_eq!(workflow_plain("a ::error::b, c::d"), "a ::error::b, c::d");
        assert_eq!(log_line(" \u{1B}[1;31m ::error::x\u{1B}[0m"), " \u{1B}[1;31m \\u{3a}:error::x\u{1B}[0m");
        assert_eq!(log_line(" \u{1B}[2Jx"), " \u{1B}[2Jx");
        assert_eq!(log_line("see ##[stop-commands]x"), "see ##\\u{5b}stop-commands]x");
    }

    #[test]
    fn a_message_keeps_its_lines_and_each_is_harmless() {
        assert_eq!(
            workflow_data("100%\n::error::x\r\n##[add-mask]a"),
            "100%25%0A\\u{3a}:error::x%0A##\\u{5b}add-mask]a"
        );
    }

    #[test]
    fn a_property_round_trips_through_the_runners_decoder_row_36() {
        for name in ["a:b,c%0Ad.py", "%25", "::x", "a%3Ab"] {
            let sent = workflow_property(name);
            assert!(!sent.contains([':', ',']));
            let read = sent.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
            assert_eq!(read.replace("%25", "%"), name);
        }
    }
}
