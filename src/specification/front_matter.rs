//! Markdown with YAML in front: where the front matter ends and the body starts.
//!
//! Owns the cut. Places in the front matter are those of the whole file. Must not know any key.

use crate::yaml::{self, Node, Place, YamlFault};

/// A Markdown file in its two parts.
#[derive(Debug)]
pub(super) struct Markdown<'t> {
    /// The front matter.
    pub(super) front: Node,
    /// What follows it.
    pub(super) body: &'t str,
    /// Where the body starts.
    pub(super) body_place: Place,
}

/// Cuts a file in two.
pub(super) fn cut<'t>(bytes: &'t [u8], file: &str) -> Result<Markdown<'t>, YamlFault> {
    let fault = |message: &str, help: &str, place: Place| YamlFault {
        file: file.to_owned(),
        message: message.to_owned(),
        help: help.to_owned(),
        place,
    };
    let start = Place { line: 1, column: 1, ..Place::default() };
    let Ok(text) = std::str::from_utf8(bytes) else {
        // The YAML reader names the first byte that is not.
        return Err(yaml::tree(bytes, file).err().unwrap_or_else(|| fault("the file is not UTF-8", "", start)));
    };
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "---" {
        let help = "Begin the file with a line `---`, the keys, and another line `---`.";
        return Err(fault("the file has no front matter", help, start));
    }
    let mut end = first.len();
    let closing = text.get(end..).unwrap_or_default().split_inclusive('\n').find(|line| {
        let closes = line.trim_end() == "---";
        if !closes {
            end += line.len();
        }
        closes
    });
    let Some(closing) = closing else {
        return Err(fault("the front matter has no end", "Close it with a line `---`.", start));
    };
    // The first line becomes a comment of the same length, so that every place stays what it is.
    let front = format!("#--{}", text.get(3..end).unwrap_or_default());
    let body_start = end + closing.len();
    Ok(Markdown {
        front: yaml::tree(front.as_bytes(), file)?,
        body: text.get(body_start..).unwrap_or_default(),
        body_place: Place::of(text, body_start, 0),
    })
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn places_in_the_front_matter_are_those_of_the_file() {
        let text = "---\r\nid: \u{6F22}\r\nstatus: x\r\n---\r\n# Title\r\n";
        let markdown = cut(text.as_bytes(), "a.md").unwrap();
        let crate::yaml::Value::Map(entries) = &markdown.front.value else { panic!("no mapping") };
        let place = entries[1].0.place;
        assert_eq!((place.line, place.column), (3, 1));
        assert_eq!(&text[place.offset..place.offset + place.length], "status");
        assert_eq!(markdown.body, "# Title\r\n");
        assert_eq!((markdown.body_place.line, markdown.body_place.column), (5, 1));
    }

    #[test]
    fn a_file_without_front_matter_or_its_end_is_refused() {
        for (text, message) in [
            ("# Title\n", "the file has no front matter"),
            ("", "the file has no front matter"),
            ("---\nid: a\n", "the front matter has no end"),
            ("---\n---\n# Title\n", "the file is empty"),
            ("---\nid: &a b\n---\n", "anchors and tags are not allowed"),
        ] {
            assert_eq!(cut(text.as_bytes(), "a.md").unwrap_err().message, message, "{text:?}");
        }
        assert!(cut(b"---\nid: \xFF\n---\n", "a.md").unwrap_err().message.contains("UTF-8"));
    }
}
