//! CODEOWNERS.

use super::{Judgement, text};

/// The last matching line wins, so only lines put in front are known to take no owner away.
pub(super) fn judge(base: Option<&[u8]>, head: Option<&[u8]>) -> Vec<Judgement> {
    let (Some(_), Some(_)) = (base, head) else {
        return vec![match base {
            None => Judgement::loosens("a new owners file takes the place of those that the forge finds later"),
            Some(_) => Judgement::loosens("the owners of all paths are gone"),
        }];
    };
    let (base, head) = (text::of(base), text::of(head));
    let (old, new) = (text::lines(&base, "#"), text::lines(&head, "#"));
    let sections = old.iter().chain(&new).any(|line| line.starts_with('[') || line.starts_with("^["));
    vec![if old == new {
        Judgement::harmless("only comments and blank lines change")
    } else if new.ends_with(&old) && !sections {
        Judgement::harmless("owners are named for paths that had none")
    } else {
        Judgement::loosens("other people own some paths; whether their approval is worth as much cannot be told")
    }]
}

#[cfg(test)]
mod tests {
    use super::super::tests::says;

    #[test]
    fn taking_or_overriding_owners_loosens() {
        let base = "* @team\n/pay/ @pay\n";
        for head in ["* @team\n", "* @team\n/pay/ @pay\n/pay/ @eve\n", "* @eve\n/pay/ @pay\n", "* @team\n/pay/\n"] {
            assert!(says("CODEOWNERS", Some(base), Some(head)).0, "{head}");
        }
        assert!(says("CODEOWNERS", Some(base), None).0);
    }

    #[test]
    fn comments_and_lines_in_front_do_not() {
        let base = "/pay/ @pay\n";
        assert!(!says("CODEOWNERS", Some(base), Some("# who\n/pay/ @pay\n")).0);
        assert!(!says("CODEOWNERS", Some(base), Some("* @team\n/pay/ @pay\n")).0);
    }
}
