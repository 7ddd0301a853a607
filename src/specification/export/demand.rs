//! What a rule demands, on one line, exactly as its file says it.
//!
//! Owns YAML nodes as flow text. Must not know any kind of rule.

use crate::specification::rule::Enforce;
use crate::yaml::{Node, Value, is_ambiguous};

/// Returns what stands under `enforce` as one line of YAML; `layers: {order: [api, store]}`.
#[must_use]
pub fn demand(enforce: &Enforce) -> String {
    let mut text = scalar(&enforce.kind.value);
    text.push_str(": ");
    write(&enforce.value, &mut text);
    text
}

/// A piece of work: what is still to be written, innermost last.
enum Piece<'n> {
    Text(&'static str),
    Key(&'n str),
    Node(&'n Node),
}

/// Writes a node with a stack of its own: documents are nested as deep as their author likes.
fn write(node: &Node, text: &mut String) {
    let mut open = vec![Piece::Node(node)];
    while let Some(piece) = open.pop() {
        match piece {
            Piece::Text(literal) => text.push_str(literal),
            Piece::Key(key) => text.push_str(&scalar(key)),
            Piece::Node(node) => match &node.value {
                Value::Plain(plain) => text.push_str(plain),
                Value::Quoted(quoted) => text.push_str(&scalar(quoted)),
                Value::List(items) => {
                    text.push('[');
                    open.push(Piece::Text("]"));
                    for (at, item) in items.iter().enumerate().rev() {
                        open.push(Piece::Node(item));
                        if at > 0 {
                            open.push(Piece::Text(", "));
                        }
                    }
                }
                Value::Map(entries) => {
                    text.push('{');
                    open.push(Piece::Text("}"));
                    for (at, (key, value)) in entries.iter().enumerate().rev() {
                        open.push(Piece::Node(value));
                        open.push(Piece::Text(": "));
                        open.push(Piece::Key(&key.value));
                        if at > 0 {
                            open.push(Piece::Text(", "));
                        }
                    }
                }
            },
        }
    }
}

/// Returns text as YAML; in quotes where a reader could take it for something else.
#[must_use]
pub fn scalar(text: &str) -> String {
    let simple = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let bare = !text.is_empty() && text.chars().all(simple) && !text.starts_with('-') && !is_ambiguous(text);
    if bare { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::demand;
    use crate::specification::rule::Enforce;
    use crate::yaml::{Placed, tree};

    fn shown(text: &str) -> String {
        let node = tree(text.as_bytes(), "a.yaml").unwrap();
        let kind = Placed { value: "ast".to_owned(), place: node.place };
        demand(&Enforce { kind, value: node })
    }

    #[test]
    fn block_and_flow_style_give_the_same_line() {
        let line = r#"ast: {order: [api, "cart | store"], closed: true, "no": {}, m: 3}"#;
        assert_eq!(shown("order:\n  - api\n  - 'cart | store'\nclosed: true\n\"no\": {}\nm: 3\n"), line);
        assert_eq!(shown("[]"), "ast: []");
        assert_eq!(shown("regex: \"a\\\\s\\n\"\n"), r#"ast: {regex: "a\\s\n"}"#);
    }
}
