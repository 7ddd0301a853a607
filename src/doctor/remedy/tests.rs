#[cfg(unix)]
use std::process::Command;

use super::{Fix, ascii, github, gitlab_body, whole_ruleset};
#[cfg(unix)]
use super::{protection, quoted};
use crate::doctor::files::Files;
use crate::doctor::{Examined, Kind};
use crate::forge::settings::Gap;

#[cfg(unix)]
const HOSTILE: &[&str] = &[
    "main; touch owned",
    "$(touch owned)",
    "`touch owned`",
    "a'b\"c",
    "a\nb",
    "--method DELETE",
    "x\u{202E}y",
    "\u{1b}[2J",
    "'; touch owned; '",
    "a b\\",
];

fn examined(forge: Kind, project: &str, branch: &str) -> Examined {
    Examined {
        forge,
        project: project.to_owned(),
        branch: branch.to_owned(),
        settings: Err(Gap::default()),
        files: Files::default(),
        in_ci: false,
    }
}

/// Returns the words that a shell makes of a line whose programs are replaced by one that prints its arguments.
#[cfg(unix)]
fn words(line: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "gh() {{ cat >/dev/null; for word; do printf '%s\\036' \"$word\"; done; }}\nglab() {{ gh \"$@\"; }}\n{line}\n"
    );
    let output = Command::new("sh")
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .arg("-c")
        .arg(&script)
        .current_dir(folder.path())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{line} made a file");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\u{1e}').map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn a_quoted_word_is_read_back_by_a_shell_as_it_was() {
    for word in HOSTILE.iter().chain(&["plain", "", "~", "*", "a=b", "#x", "!x"]) {
        assert_eq!(words(&format!("gh {}", quoted(word))), [*word], "{word:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_from_outside_cannot_inject_a_command() {
    for name in HOSTILE {
        let hub = examined(Kind::Github, &format!("acme/{}", name.replace('/', "")), name);
        let lab = examined(Kind::Gitlab, name, name);
        let body = serde_json::json!({ "name": name });
        let fixes = [
            github(&hub, "PUT", "/actions", &["a=true"]),
            protection(&hub, "POST", "/enforce_admins", &[]),
            whole_ruleset(&hub, &[(*name).to_owned()], Some("APP-ID")),
            gitlab_body(&lab, "POST", "/protected_branches", &body),
        ];
        for fix in fixes {
            let Some(Fix::Command(line)) = fix else { panic!("no command for {name:?}") };
            assert!(line.chars().all(|c| c.is_ascii_graphic() || c == ' '), "{line:?}");
            let words = words(&line);
            assert_eq!((words[0].as_str(), words[1].as_str()), ("api", "--method"), "{line}");
            assert!(!words[3].contains(['\'', ' ', ';', '`', '$', '"']), "{line}");
        }
    }
}

#[test]
fn json_is_ascii_and_says_the_same() {
    let body = serde_json::json!({ "name": "x\u{202E}\u{1F600}y\n" });
    let text = ascii(&body);
    assert!(text.is_ascii() && text.contains("\\u202e") && text.contains("\\ud83d\\ude00"), "{text}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), body);
}

#[test]
fn a_ruleset_that_has_to_be_pinned_by_hand_is_no_json_until_it_is() {
    let hub = examined(Kind::Github, "acme/shop", "main");
    let of = |app| match whole_ruleset(&hub, &["portcullis/review".to_owned()], app) {
        Some(Fix::Command(line)) => line.split('\'').nth(3).unwrap().to_owned(),
        other => panic!("{other:?}"),
    };
    let plain: serde_json::Value = serde_json::from_str(&of(None)).unwrap();
    assert_eq!(plain["conditions"]["ref_name"]["include"][0], "refs/heads/main");
    assert!(serde_json::from_str::<serde_json::Value>(&of(Some("APP-ID"))).is_err());
    let pinned: serde_json::Value = serde_json::from_str(&of(Some("77"))).unwrap();
    let status = &pinned["rules"][3]["parameters"]["required_status_checks"][0];
    assert_eq!((status["context"].as_str(), status["integration_id"].as_u64()), (Some("portcullis/review"), Some(77)));
}

#[test]
fn without_a_branch_or_a_project_there_is_no_command() {
    assert_eq!(whole_ruleset(&examined(Kind::Github, "acme/shop", ""), &[], None), None);
    assert_eq!(github(&examined(Kind::Github, "", "main"), "PUT", "", &[]), None);
    assert_eq!(gitlab_body(&examined(Kind::Gitlab, "", "main"), "PUT", "", &serde_json::json!({})), None);
}
