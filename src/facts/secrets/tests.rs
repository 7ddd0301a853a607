use std::collections::BTreeSet;
use std::path::Path;

use super::detector::{FAMILIES, SecretKind, detectors};
use super::samples::{key, samples};
use super::scan::{compile, sights};
use super::{Redaction, mask};

fn found(text: &str) -> Vec<(&'static str, &str)> {
    sights(text.as_bytes()).into_iter().map(|sight| (sight.detector, &text[sight.range])).collect()
}

#[test]
fn the_families_are_the_folder_and_their_rows_are_sorted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/facts/secrets");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let machinery =
        ["checksum", "detector", "found", "mask", "place", "plausible", "redaction", "samples", "scan", "tests"];
    let families: BTreeSet<String> = names.filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned())).collect();
    let families: Vec<String> = families.into_iter().filter(|name| !machinery.contains(&name.as_str())).collect();
    assert_eq!(families, FAMILIES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    for (family, rows) in FAMILIES {
        assert!(rows.is_sorted_by(|a, b| a.id < b.id), "{family}");
    }
}

#[test]
fn every_row_is_complete_and_its_shape_compiles() {
    let mut ids = BTreeSet::new();
    for detector in detectors() {
        assert!(ids.insert(detector.id), "{} twice", detector.id);
        assert!(compile(detector.shape).is_some(), "{}", detector.id);
        assert!(
            detector.literals.is_sorted() && detector.literals.iter().all(|literal| literal.len() >= 2),
            "{}",
            detector.id
        );
        assert!(["a ", "an ", "the "].iter().any(|article| detector.title.starts_with(article)), "{}", detector.id);
    }
}

#[test]
fn every_detector_finds_its_sample_and_nothing_more() {
    let samples = samples();
    assert_eq!(
        samples.iter().map(|(id, ..)| *id).collect::<Vec<_>>(),
        detectors().map(|row| row.id).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    );
    for (id, text, value) in samples {
        let hits = found(&text);
        let own: Vec<_> = hits.iter().filter(|(detector, _)| *detector == id).collect();
        assert_eq!(own.len(), 1, "{id}: {hits:?} in {text}");
        assert!(own[0].1.trim().starts_with(value.lines().next().unwrap()), "{id}: {own:?}");
        assert!(own[0].1.trim_end().ends_with(value.lines().last().unwrap()), "{id}: {own:?}");
    }
}

#[test]
fn one_letter_less_or_more_or_a_word_around_it_is_no_token() {
    for (id, text, value) in samples() {
        let exact =
            ["github-token", "npm-token", "stripe-live-key", "buildkite-token", "sendgrid-key", "slack-webhook"];
        if exact.contains(&id) {
            let shorter = text.replace(&value, &value[..value.len() - 1]);
            assert_eq!(found(&shorter), [], "{id} without its last letter");
        }
        if exact.contains(&id) && id != "stripe-live-key" {
            assert_eq!(found(&text.replace(&value, &format!("{value}Z"))), [], "{id} with a letter more");
        }
        if exact.contains(&id) {
            assert_eq!(found(&text.replace(&value, &format!("my{value}"))), [], "{id} inside of a word");
        }
    }
}

#[test]
fn a_checksum_that_does_not_fit_is_no_token() {
    for (id, text, value) in samples().into_iter().filter(|(id, ..)| ["github-token", "npm-token"].contains(id)) {
        let other: String = value
            .chars()
            .rev()
            .enumerate()
            .map(|(at, c)| if at == 0 { if c == 'a' { 'b' } else { 'a' } } else { c })
            .collect();
        let other: String = other.chars().rev().collect();
        assert_eq!(found(&text.replace(&value, &other)), [], "{id}");
    }
}

#[test]
fn documented_samples_and_placeholders_stay_quiet() {
    let samples = [
        ["AKIA", "IOSFODNN7EXAMPLE"].concat(),
        format!("aws_secret_access_key = {}", ["wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"].concat()),
        ["sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"].concat(),
        ["sk_live_", "xxxxxxxxxxxxxxxxxxxxxxxx"].concat(),
        ["xoxb-", "123456789012-1234567890123-", "XXXXXXXXXXXXXXXXXXXXXXXX"].concat(),
        ["xoxb-", "not-a-real-token"].concat(),
        ["ghp_", "0123456789abcdefghijklmnopqrstuvwxyzAB"].concat(),
        ["ghp_", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"].concat(),
        ["glpat-", "xxxxxxxxxxxxxxxxxxxx"].concat(),
        ["AIza", "SyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"].concat(),
        ["sk-", "1234567890abcdef1234567890abcdef"].concat(),
        ["hooks.slack.com/services/", "T00000000/B00000000/", "XXXXXXXXXXXXXXXXXXXXXXXX"].concat(),
        ["AccountKey=", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/", "K1SZFPTOtr/KBHBeksoGMGw=="].concat(),
        ["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.", "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"].concat(),
        "postgres://postgres:postgres@localhost:5432/db".to_owned(),
        "https://user:password123@example.com/".to_owned(),
        "https://${USER}:${TOKEN}@github.com/a/b".to_owned(),
        ["-----BEGIN ", "PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"].concat(),
        ["-----BEGIN ", "RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA...\n-----END RSA PRIVATE KEY-----"].concat(),
        ["-----BEGIN ", "PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL8eJ5AKoIsjURpcEoGubZMxLD7+kT+TLr7UkvEtFrRhDDKMtuIIq19FrL4pUIMymPMSLBn3hJLe30Dw48GQM4UCAwEAAQ==\n-----END"].concat(),
    ];
    for sample in samples {
        assert_eq!(found(&sample), [], "{sample}");
    }
}

#[test]
fn plain_digests_and_ids_stay_quiet() {
    for text in [
        "uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "\"integrity\": \"sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==\"",
        "id: 550e8400-e29b-41d4-a716-446655440000",
        "md5 = d41d8cd98f00b204e9800998ecf8427e",
        "github.com/stretchr/testify v1.8.4 h1:CcVxjf3Q8PM0mHUKJCdn+eZZtm5yQwehR5yeSVQQcUk=",
        "commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        "const key-1f2e3d4c5b6a",
        "task-ant-api03-",
        "npm_config_registry_url_of_this_whole_organisation",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_key_is_found_in_every_form_of_text() {
    let label = "PRIVATE KEY";
    for end in ["\n", "\r\n", "\\n", "\n    ", "\\n\" +\n  \"", "\\\\n", " "] {
        let key = key("MIIE", label, end);
        let hits = found(&key);
        assert_eq!(hits.len(), 1, "{end:?}");
        assert_eq!((hits[0].0, sights(key.as_bytes())[0].kind), ("private-key", SecretKind::PrivateKey), "{end:?}");
        let masked = mask(&key);
        let body: String = key.split(end).nth(3).unwrap().to_owned();
        assert!(!masked.contains(&body) && masked.contains("END PRIVATE KEY"), "{end:?}: {masked}");
        assert_eq!(masked.matches(end).count(), key.matches(end).count(), "{end:?}: {masked}");
    }
}

#[test]
fn code_between_or_behind_the_lines_of_a_key_is_not_masked() {
    let whole = key("MIIE", "PRIVATE KEY", "\n");
    let open = whole.split("-----END").next().unwrap().to_owned();
    for code in ["eval(payload)", "os.system(command)", "run: curl https://a.sh | sh", "subprocess.call(x)"] {
        assert!(mask(&format!("{open}\"\n{code}\n")).contains(code), "{code}");
        let inside = whole.replacen('\n', &format!("\n\"; {code}; x = \"\n"), 3);
        assert!(mask(&inside).contains(code), "{code}");
    }
}

#[test]
fn an_escaped_line_end_or_an_encoded_sign_may_stand_before_a_token() {
    let (_, _, value) = samples().into_iter().find(|(id, ..)| *id == "github-token").unwrap();
    for before in ["", "\\n", "%3D", "=", ":", "\"", "//x:"] {
        assert_eq!(found(&format!("{before}{value}")).len(), 1, "{before}");
    }
}

#[test]
fn a_mask_keeps_every_line_and_column_and_leaves_no_twelve_letters() {
    for (id, text, value) in samples() {
        let masked = mask(&text);
        assert_eq!(masked.chars().count(), text.chars().count(), "{id}");
        assert_eq!(masked.lines().count(), text.lines().count(), "{id}");
        for line in value.lines() {
            let pieces = line.as_bytes().windows(12).map(|piece| std::str::from_utf8(piece).unwrap());
            for piece in pieces {
                assert!(!masked.contains(piece), "{id}: {piece} in {masked}");
            }
        }
        assert_eq!(mask(&masked), masked, "{id}: a mask is no secret");
    }
}

#[test]
fn a_value_is_masked_where_nothing_says_what_it_is() {
    let (_, _, value) = samples().into_iter().find(|(id, ..)| *id == "aws-secret-key").unwrap();
    let redaction = Redaction::of(&BTreeSet::from([value.clone(), "short".to_owned()]));
    let text = format!("the scanner saw {value} on a short line");
    assert_eq!(mask(&text), text);
    let masked = redaction.text(&text).into_owned();
    assert!(!masked.contains(&value[..12]) && masked.contains("on a short line"), "{masked}");
    let list = redaction.value(vec![vec![text.clone()], vec!["plain".to_owned()]]);
    assert_eq!(list, [[masked], ["plain".to_owned()]]);
}

#[test]
fn a_text_of_literals_alone_costs_no_square() {
    let start = crate::clock::Stopwatch::start();
    for literal in detectors().flat_map(|detector| detector.literals) {
        let text = literal.repeat(20_000 / literal.len());
        assert_eq!(sights(text.as_bytes()), [], "{literal}");
    }
    // A hundred literals and two megabytes; a square would take hours.
    assert!(start.elapsed().as_secs() < 300);
}
