//! `.gitattributes`: the gate ignores it, forges and reviewers' tools do not.

use super::{Judgement, text};

/// Attributes that hide content from diffs, or put other content in its place.
const HIDING: &[&str] = &[
    "-diff",
    "-text",
    "binary",
    "export-ignore",
    "filter=",
    "gitlab-generated",
    "ident",
    "linguist-generated",
    "linguist-vendored",
    "merge=",
    "working-tree-encoding=",
];

/// Names the attributes that hide something; the gate itself reads blobs and honours none of them.
pub(super) fn judge(base: Option<&[u8]>, head: Option<&[u8]>) -> Vec<Judgement> {
    let (base, head) = (text::of(base), text::of(head));
    let added = text::added(&text::lines(&base, "#"), &text::lines(&head, "#"));
    let mut hiding: Vec<&str> = HIDING
        .iter()
        .filter(|word| {
            let named = |line: &&str| line.split_whitespace().skip(1).any(|attribute| named(attribute, word));
            added.iter().any(named)
        })
        .copied()
        .collect();
    hiding.sort_unstable();
    if hiding.is_empty() {
        return vec![Judgement::harmless("the gate ignores attributes; none that hides content is added")];
    }
    let why =
        format!("forges and git hide or replace content by {}; the gate reads it all the same", hiding.join(", "));
    vec![Judgement::harmless(why)]
}

fn named(attribute: &str, word: &str) -> bool {
    if word.ends_with('=') { attribute.starts_with(word) } else { attribute.split('=').next() == Some(word) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::says;

    #[test]
    fn hiding_attributes_are_named_row_9() {
        let (loosens, why) = says("src/.gitattributes", None, Some("*.rs -diff\n"));
        assert!(!loosens && why.contains("-diff"));
    }

    #[test]
    fn binary_and_generated_are_named_row_10() {
        let why = says(".gitattributes", Some("a text\n"), Some("*.rs binary linguist-generated=true\n")).1;
        assert!(why.contains("binary, linguist-generated"));
    }

    #[test]
    fn encodings_and_filters_are_named_row_11() {
        let why = says(".gitattributes", None, Some("*.rs filter=lfs working-tree-encoding=UTF-16 ident\n")).1;
        assert!(why.contains("filter=, ident, working-tree-encoding="));
    }

    #[test]
    fn line_endings_hide_nothing() {
        assert!(says(".gitattributes", None, Some("* text=auto eol=lf\n")).1.contains("none"));
    }
}
