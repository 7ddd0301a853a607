//! Text for HTML and XML: element content and quoted attribute values.
//!
//! Such a file may be printed in the log of a GitHub Actions step, so two colons that its runner would obey become an entity.

use super::terminal::terminal;

/// Returns `text` as HTML content, hidden characters made visible.
#[must_use]
pub fn html(text: &str) -> String {
    entities(text)
}

/// Returns `text` as XML 1.0 content; characters that XML forbids are hidden ones and so made visible.
#[must_use]
pub fn xml(text: &str) -> String {
    entities(text)
}

fn entities(text: &str) -> String {
    let shown = terminal(text);
    let mut safe = String::with_capacity(shown.len());
    let command = shown.trim_start().starts_with("::");
    for (at, c) in shown.char_indices() {
        match c {
            ':' if command && shown.get(..at).is_some_and(|before| before.trim().is_empty()) => {
                safe.push_str("&#58;");
            }
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{html, xml};

    #[test]
    fn the_runner_sees_no_command() {
        assert_eq!(xml(" ::error::x"), " &#58;:error::x");
        assert_eq!(html("a ##[group]x std::io"), "a ##\\u{5b}group]x std::io");
    }

    #[test]
    fn markup_is_inert_and_forbidden_characters_are_visible() {
        assert_eq!(html("<img src=\"x\" alt='&'>"), "&lt;img src=&quot;x&quot; alt=&#39;&amp;&#39;&gt;");
        assert_eq!(xml("a\0b\u{FFFF}"), "a\\u{0}b\\u{ffff}");
    }
}
