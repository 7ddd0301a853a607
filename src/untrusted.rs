//! Text that somebody outside the trust boundary chose, and the only ways to show it.
//!
//! Owns `Untrusted` and one escaper per sink, each in its own file. `Untrusted` has no `Display`: a sink must say which
//! it is. Must not know any report.
//!
//! Every escaper first makes hidden characters visible (`hidden`), then neutralises what its sink would obey. None of
//! them fails, and none of them changes ordinary text more than its sink forces it to.

mod hidden;
mod json;
mod markdown;
mod markup;
mod terminal;
mod workflow;

use std::fmt;

pub use hidden::is_hidden;
pub use json::{VisibleFormatter, write_json};
pub use markdown::{markdown, markdown_code, markdown_code_cell, markdown_fence, markdown_prose};
pub use markup::{html, xml};
pub use terminal::{terminal, terminal_char, terminal_lines};
pub use workflow::{log_line, workflow_data, workflow_plain, workflow_property};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Text from outside: a path, a name, a message, a commit subject.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Untrusted(String);

impl Untrusted {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text as it came, for comparison, hashing and JSON; never for showing.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Says whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text as one line for a terminal.
    #[must_use]
    pub fn terminal(&self) -> String {
        terminal(&self.0)
    }

    /// Returns the text as lines for a terminal.
    #[must_use]
    pub fn terminal_lines(&self) -> Vec<String> {
        terminal_lines(&self.0)
    }

    /// Returns the text as the message of a workflow command.
    #[must_use]
    pub fn workflow_data(&self) -> String {
        workflow_data(&self.0)
    }

    /// Returns the text as the value of a property of a workflow command.
    #[must_use]
    pub fn workflow_property(&self) -> String {
        workflow_property(&self.0)
    }

    /// Returns the text as inert inline Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown(&self.0)
    }

    /// Returns the text as a Markdown code span, not for use in a table.
    #[must_use]
    pub fn markdown_code(&self) -> String {
        markdown_code(&self.0)
    }

    /// Returns the text as HTML, for element content and quoted attributes.
    #[must_use]
    pub fn html(&self) -> String {
        html(&self.0)
    }

    /// Returns the text as XML, for element content and quoted attributes.
    #[must_use]
    pub fn xml(&self) -> String {
        xml(&self.0)
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Untrusted;

    #[test]
    fn every_sink_of_a_text_is_its_escaper() {
        let text = "a\t<b>\n@c: d, \u{202E}`e`";
        let outside = Untrusted::new(text);
        assert_eq!((outside.raw(), outside.is_empty()), (text, false));
        assert_eq!(outside.terminal(), super::terminal(text));
        assert_eq!(outside.terminal_lines(), super::terminal_lines(text));
        assert_eq!(outside.workflow_data(), super::workflow_data(text));
        assert_eq!(outside.workflow_property(), super::workflow_property(text));
        assert_eq!(outside.markdown(), super::markdown(text));
        assert_eq!(outside.markdown_code(), super::markdown_code(text));
        assert_eq!(outside.html(), super::html(text));
        assert_eq!(outside.xml(), super::xml(text));
        assert_eq!(format!("{outside:?}"), format!("{text:?}"));
    }

    #[test]
    fn a_text_comes_in_as_it_is_and_the_default_is_empty() {
        assert_eq!(Untrusted::from("a").raw(), "a");
        assert_eq!(Untrusted::from("a".to_owned()).raw(), "a");
        assert!(Untrusted::default().is_empty() && Untrusted::new("").is_empty());
    }
}
