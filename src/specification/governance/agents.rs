//! Files that coding agents obey.

use super::Judgement;

/// Instructions steer agents, not the gate: a change to them loosens nothing here, and wants a reader.
pub(super) fn judge(base: Option<&[u8]>, head: Option<&[u8]>) -> Vec<Judgement> {
    let why = match (base, head) {
        (None, _) => "agents obey this new file from the next session on",
        (_, None) => "agents no longer read these instructions",
        _ => "agents work by the new text from the next session on",
    };
    vec![Judgement::harmless(why)]
}

#[cfg(test)]
mod tests {
    use super::super::tests::says;

    #[test]
    fn instructions_never_loosen_the_gate() {
        assert!(!says("AGENTS.md", Some("a"), Some("b")).0);
        assert!(says("AGENTS.md", None, Some("b")).1.contains("new file"));
        assert!(says("AGENTS.md", Some("b"), None).1.contains("no longer"));
    }
}
