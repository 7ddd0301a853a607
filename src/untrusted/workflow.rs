//! Text for the log of a GitHub Actions step, in which the runner obeys lines that look like commands.
//!
//! The runner takes `::command ...::` after leading white space, and the older `##[command]` *anywhere* in a line. It
//! undoes `%25 %0D %0A` in messages and also `%3A %2C` in properties.

use super::terminal::{terminal, terminal_lines};

/// Returns `line` so that the runner sees no command in it; line ends inside it are made visible.
#[must_use]
pub fn workflow_plain(line: &str) -> String {
    workflow_inert(&terminal(line))
}

/// Returns `line`, which is made visible already, so that the runner sees no command in it: any report may be printed in
/// the log of a step.
#[must_use]
pub fn workflow_inert(line: &str) -> String {
    // A second pass would find nothing: what is put in holds no `[` and no `#`.
    let shown = line.replace("##[", "##\\u{5b}");
    let body = uncoloured(&shown);
    match body.strip_prefix("::") {
        Some(rest) => format!("{}\\u{{3a}}:{rest}", shown.get(..shown.len() - body.len()).unwrap_or_default()),
        None => shown,
    }
}

/// Returns what follows the blanks and the colours of ours at the start: who takes colours out finds it there.
fn uncoloured(line: &str) -> &str {
    let mut body = line.trim_start();
    while let Some((ink, rest)) = body.strip_prefix("\u{1B}[").and_then(|rest| rest.split_once('m'))
        && ink.chars().all(|c| c.is_ascii_digit() || c == ';')
    {
        body = rest.trim_start();
    }
    body
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
    let broken = terminal(text).replace("##[", "##\\u{5b}");
    broken.replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{workflow_data, workflow_plain, workflow_property};

    #[test]
    fn commands_are_broken_wherever_the_runner_looks_for_them() {
        assert_eq!(workflow_plain("  ::error::x"), "  \\u{3a}:error::x");
        assert_eq!(workflow_plain("\u{A0}::error::x").trim_start_matches(' '), "\\u{3a}:error::x");
        assert_eq!(workflow_plain("see ##[stop-commands]x"), "see ##\\u{5b}stop-commands]x");
        assert_eq!(workflow_plain("a ::error::b, c::d"), "a ::error::b, c::d");
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
