//! Nodes compared as meant: places, quotes and the order of keys play no part.

use crate::yaml::{Node, Value, is_ambiguous};

/// Says whether two nodes mean the same to every reader.
#[must_use]
pub fn same(base: &Node, head: &Node) -> bool {
    let mut open = vec![(base, head)];
    while let Some((one, other)) = open.pop() {
        match (&one.value, &other.value) {
            (Value::Plain(a), Value::Plain(b)) | (Value::Quoted(a), Value::Quoted(b)) if a == b => {}
            (Value::Plain(a), Value::Quoted(b)) | (Value::Quoted(a), Value::Plain(b)) if a == b && !is_ambiguous(a) => {
            }
            (Value::List(a), Value::List(b)) if a.len() == b.len() => open.extend(a.iter().zip(b)),
            (Value::Map(a), Value::Map(b)) if a.len() == b.len() => {
                for (key, value) in a {
                    let Some((_, other)) = b.iter().find(|(name, _)| name.value == key.value) else { return false };
                    open.push((value, other));
                }
            }
            _ => return false,
        }
    }
    true
}

/// Returns every scalar in a node, keys left out.
#[must_use]
pub fn plain_texts(node: &Node) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Plain(text) | Value::Quoted(text) => texts.push(text.as_str()),
            Value::List(items) => open.extend(items),
            Value::Map(entries) => open.extend(entries.iter().map(|(_, value)| value)),
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::same;
    use crate::yaml::tree;

    #[test]
    fn places_quotes_and_order_of_keys_play_no_part_and_everything_else_does() {
        let node = |text: &str| tree(text.as_bytes(), "a").unwrap();
        let base = node("a: [x, {b: v, c: z}]\n");
        assert!(same(&base, &node("# words\na:\n  - 'x'\n  - c: z\n    b: \"v\"\n")));
        for other in ["a: [x, {b: v}]", "a: [x, {b: v, c: w}]", "a: [{b: v, c: z}, x]", "a: x", "b: [x, {b: v, c: z}]"]
        {
            assert!(!same(&base, &node(other)), "{other}");
        }
        assert!(!same(&node("a: true"), &node("a: 'true'")));
    }
}
