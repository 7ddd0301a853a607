//! `.gitmodules`.

use super::{Judgement, text};

/// Addresses that run a command or read this machine, and settings that hide a bump, loosen; the gate fetches nothing.
pub(super) fn judge(base: Option<&[u8]>, head: Option<&[u8]>) -> Vec<Judgement> {
    let (base, head) = (text::of(base), text::of(head));
    let added = text::added(&text::lines(&base, "#"), &text::lines(&head, "#"));
    let mut judgements = Vec::new();
    for line in added {
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().to_ascii_lowercase();
        let value = value.trim().trim_matches('"').to_ascii_lowercase();
        if key == "url" && value.starts_with("ext::") {
            judgements.push(Judgement::loosens("an `ext::` address runs a command on whoever fetches it"));
        } else if key == "url" && (value.starts_with("file:") || value.starts_with('/')) {
            judgements.push(Judgement::loosens("an address on the local machine reads what no reviewer sees"));
        } else if key == "url" && value.starts_with('-') {
            judgements.push(Judgement::loosens("an address that begins with `-` is an option to git"));
        } else if key == "ignore" && value != "none" {
            judgements.push(Judgement::loosens("`ignore` hides moved submodules from git's own diff"));
        } else if key == "update" && value.starts_with('!') {
            judgements.push(Judgement::loosens("`update` runs a command on whoever updates"));
        }
    }
    if judgements.is_empty() {
        judgements.push(Judgement::harmless("where code of other repositories comes from changes"));
    }
    judgements
}

#[cfg(test)]
mod tests {
    use super::super::tests::says;

    #[test]
    fn addresses_that_run_commands_or_read_files_loosen_row_13() {
        for url in ["ext::sh -c id", "file:///etc", "/srv/x", "\"ext::id\"", "--upload-pack=id"] {
            let text = format!("[submodule \"a\"]\n\tpath = a\n\turl = {url}\n");
            assert!(says(".gitmodules", None, Some(&text)).0, "{url}");
        }
        assert!(!says(".gitmodules", None, Some("[submodule \"a\"]\n\turl = https://example.com/a\n")).0);
    }

    #[test]
    fn hiding_a_bump_loosens_row_12() {
        assert!(says(".gitmodules", Some("[submodule \"a\"]\n"), Some("[submodule \"a\"]\n\tignore = all\n")).0);
        assert!(!says(".gitmodules", Some("[submodule \"a\"]\n"), Some("[submodule \"a\"]\n\tignore = none\n")).0);
    }
}
