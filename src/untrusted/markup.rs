//! Text for HTML and XML: element content and quoted attribute values.

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
    // At the start of a line of a log, two colons are a command to the runner; a reader of markup gets the same text.
    let acts = shown.trim_start().starts_with("::").then(|| shown.len() - shown.trim_start().len());
    for (at, c) in shown.char_indices() {
        match c {
            _ if acts == Some(at) => safe.push_str("&#58;"),
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
    fn markup_is_inert_and_forbidden_characters_are_visible() {
        assert_eq!(html("<img src=\"x\" alt='&'>"), "&lt;img src=&quot;x&quot; alt=&#39;&amp;&#39;&gt;");
        assert_eq!(xml("a\0b\u{FFFF}"), "a\\u{0}b\\u{ffff}");
    }
}
