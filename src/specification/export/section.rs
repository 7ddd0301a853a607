//! A marked section of a file that others write too.
//!
//! Owns the two marks and what happens between them. Whatever stands outside stays, byte for byte.

/// How a mark is written as a comment of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comment {
    /// `<!-- ... -->`
    Markup,
    /// `# ...`
    Hash,
}

const BEGIN: &str = "portcullis:begin";
const END: &str = "portcullis:end";

/// Why a section cannot be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SectionError {
    /// One mark without the other, or the end before the begin.
    #[error("the marks `portcullis:begin` and `portcullis:end` do not enclose one section")]
    Unpaired,
    /// More than one section.
    #[error("the mark `portcullis:begin` stands more than once")]
    Repeated,
}

impl Comment {
    fn mark(self, word: &str) -> String {
        match self {
            Self::Markup => format!("<!-- {word} -->"),
            Self::Hash => format!("# {word}"),
        }
    }
}

/// Returns a body between its marks, ending in a line end; `how` says how it is written anew.
#[must_use]
pub fn marked(body: &str, how: &str, comment: Comment) -> String {
    let begin = comment.mark(&format!("{BEGIN} (written by `{how}`; edits are lost)"));
    let end = comment.mark(END);
    format!("{begin}\n{}\n{end}\n", body.trim_end_matches('\n'))
}

/// Returns `file` with its section replaced by `section`, or with the section added: at the end of prose, and at the top
/// of a list of rules, of which the last match wins, so that what others wrote stays in force.
///
/// # Errors
/// When the file does not hold exactly one whole section, or none.
pub fn replaced(file: &str, section: &str, comment: Comment) -> Result<String, SectionError> {
    let opening = match comment {
        Comment::Markup => format!("<!-- {BEGIN}"),
        Comment::Hash => format!("# {BEGIN}"),
    };
    let crlf = file.contains("\r\n");
    let section = if crlf { section.replace('\n', "\r\n") } else { section.to_owned() };
    let begins = lines_that(file, |line| line.starts_with(&opening));
    let ends = lines_that(file, |line| line == comment.mark(END));
    match (begins.as_slice(), ends.as_slice()) {
        ([], []) if comment == Comment::Hash && !file.is_empty() => {
            let line_end = if crlf { "\r\n" } else { "\n" };
            Ok(format!("{section}{line_end}{file}"))
        }
        ([], []) => {
            let line_end = if crlf { "\r\n" } else { "\n" };
            let mut text = file.to_owned();
            if !text.is_empty() {
                if !text.ends_with('\n') {
                    text.push_str(line_end);
                }
                text.push_str(line_end);
            }
            text.push_str(&section);
            Ok(text)
        }
        ([(from, _)], [(end, to)]) if from < end => {
            let (before, after) = (file.get(..*from).unwrap_or_default(), file.get(*to..).unwrap_or_default());
            Ok(format!("{before}{section}{after}"))
        }
        ([_, _, ..], _) => Err(SectionError::Repeated),
        _ => Err(SectionError::Unpaired),
    }
}

/// Returns where lines begin and end, line end included, that satisfy a condition without blanks around them.
fn lines_that(file: &str, holds: impl Fn(&str) -> bool) -> Vec<(usize, usize)> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in file.split_inclusive('\n') {
        if holds(line.trim()) {
            found.push((at, at + line.len()));
        }
        at += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Comment, SectionError, marked, replaced};

    fn section(body: &str) -> String {
        marked(body, "x", Comment::Markup)
    }

    #[test]
    fn only_the_section_changes_and_writing_twice_changes_nothing() {
        let file = format!("# Mine\n\n{}\nafter", section("old"));
        let new = replaced(&file, &section("new"), Comment::Markup).unwrap();
        assert_eq!(new, format!("# Mine\n\n{}\nafter", section("new")));
        assert_eq!(replaced(&new, &section("new"), Comment::Markup).unwrap(), new);
    }

    #[test]
    fn a_file_without_one_gets_it_at_its_end() {
        let added = section("a");
        assert_eq!(replaced("", &added, Comment::Markup).unwrap(), added);
        assert_eq!(replaced("mine", &added, Comment::Markup).unwrap(), format!("mine\n\n{added}"));
        assert_eq!(replaced("mine", &added, Comment::Hash).unwrap(), format!("{added}\nmine"));
        let windows = replaced("mine\r\n", &added, Comment::Markup).unwrap();
        assert_eq!(windows, format!("mine\r\n\r\n{}", added.replace('\n', "\r\n")));
        assert_eq!(replaced(&windows, &added, Comment::Markup).unwrap(), windows);
    }

    #[test]
    fn half_a_section_or_two_are_refused() {
        let mark = |text: &str| replaced(text, &section("a"), Comment::Markup);
        assert_eq!(mark("<!-- portcullis:begin -->\n"), Err(SectionError::Unpaired));
        assert_eq!(mark("<!-- portcullis:end -->\n"), Err(SectionError::Unpaired));
        assert_eq!(mark("<!-- portcullis:end -->\n<!-- portcullis:begin -->\n"), Err(SectionError::Unpaired));
        assert_eq!(mark(&format!("{}{}", section("a"), section("b"))), Err(SectionError::Repeated));
    }
}
