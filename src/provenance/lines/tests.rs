use super::{FileProvenance, Making, Strength, file};
use crate::change::{Commit, Hunk, LineOrigin, Person, Trailer};
use crate::provenance::{Attribution, CommitProvenance, attribution, sources, summary};
use crate::untrusted::Untrusted;

fn made(trailers: &[(&str, &str)]) -> CommitProvenance {
    let commit = Commit {
        id: String::new(),
        author: Person { name: "Jo".to_owned(), email: "jo@example.org".to_owned() },
        committer: Person::default(),
        subject: String::new(),
        body: String::new(),
        trailers: trailers
            .iter()
            .map(|(key, value)| Trailer { key: (*key).to_owned(), value: (*value).to_owned() })
            .collect(),
    };
    let evidence = sources::evidence(&sources::Subject { commit: &commit, branch: "codex/x" });
    CommitProvenance {
        attribution: attribution(&evidence),
        evidence,
        accountable: Untrusted::new("Jo <jo@example.org>"),
    }
}

fn run(start: u32, end: u32) -> Hunk {
    Hunk { old_start: 1, old_end: 1, new_start: start, new_end: end }
}

fn spans(file: &FileProvenance) -> Vec<(u32, u32, &str, Strength)> {
    file.spans.iter().map(|span| (span.start, span.end, span.tool.raw(), span.strength)).collect()
}

const CLAUDE: (&str, &str) = ("Co-authored-by", "Claude Opus 4.6 <noreply@anthropic.com>");
const SESSION: (&str, &str) = ("Claude-Session", "https://claude.ai/code/session_01AbCdEf");
const DECLARED: (&str, &str) = ("Assisted-by", "coding-assistant:large-4");

#[test]
fn evidence_of_one_tool_is_put_together_and_the_strongest_tool_is_named() {
    let making = Making::of(&made(&[DECLARED, SESSION, CLAUDE])).unwrap();
    assert_eq!(making.tool.raw(), "claude-code");
    assert_eq!(making.model.raw(), "Claude Opus 4.6");
    assert_eq!(making.session.raw(), "https://claude.ai/code/session_01AbCdEf");
    assert_eq!(making.human.raw(), "Jo <jo@example.org>");
    assert_eq!(making.strength, Strength::Commit);
}

#[test]
fn a_hint_alone_decides_nothing() {
    let hinted = made(&[]);
    assert_eq!(hinted.evidence.len(), 1, "the branch name");
    assert_eq!(hinted.attribution, Attribution::Unknown);
    assert!(Making::of(&hinted).is_none());
}

#[test]
fn no_words_of_a_commit_make_it_human_rows_112_114() {
    for claim in [("Human-Lines", "40"), ("Written-by", "a human"), ("AI-Assisted", "no"), ("Assisted-by", "none")] {
        assert_eq!(made(&[claim]).attribution, Attribution::Unknown, "{claim:?}");
        let both = made(&[claim, DECLARED]);
        assert_eq!(both.attribution, Attribution::Ai, "the stricter answer holds beside {claim:?}");
    }
}

#[test]
fn a_commit_whose_marks_were_taken_away_is_unknown_row_113() {
    assert_eq!(made(&[CLAUDE]).attribution, Attribution::Ai);
    assert_eq!(made(&[]).attribution, Attribution::Unknown);
}

#[test]
fn lines_have_the_answer_of_their_commit_and_runs_of_one_making_are_one_span() {
    let makings = [Making::of(&made(&[CLAUDE])), None, Making::of(&made(&[DECLARED]))];
    let origin = |start, end, commit| LineOrigin { start, end, commit };
    let origins = [origin(1, 3, 0), origin(3, 5, 0), origin(5, 8, 1), origin(8, 20, 2)];
    let found = file(&[run(2, 6), run(7, 10), run(19, 22)], &origins, &makings, None);
    let assistant = "coding-assistant";
    assert_eq!(
        spans(&found),
        [
            (2, 4, "claude-code", Strength::Commit),
            (8, 9, assistant, Strength::Declared),
            (19, 19, assistant, Strength::Declared)
        ]
    );
    assert_eq!((found.ai_lines, found.human_lines, found.unknown_lines), (6, 0, 4));
    for (line, ai) in [(1, false), (2, true), (4, true), (5, false), (7, false), (8, true), (19, true), (20, false)] {
        assert_eq!(found.is_ai_or_unknown(line, false), ai, "{line}");
        assert!(found.is_ai_or_unknown(line, true), "unknown counts as AI: {line}");
    }
}

#[test]
fn where_all_commits_have_evidence_lines_without_an_origin_share_what_these_agree_on() {
    let (one, two) = (Making::of(&made(&[CLAUDE])).unwrap(), Making::of(&made(&[DECLARED])).unwrap());
    let shared = Making::shared(&[&one, &two]).unwrap();
    let found = file(&[run(1, 4)], &[LineOrigin { start: 2, end: 3, commit: 0 }], &[Some(one)], Some(&shared));
    let all = [(1, 1, "", Strength::Declared), (2, 2, "claude-code", Strength::Commit), (3, 3, "", Strength::Declared)];
    assert_eq!(spans(&found), all);
    assert_eq!(found.spans[0].human.raw(), "Jo <jo@example.org>");
}

#[test]
fn the_summary_names_lines_and_tools_and_is_silent_without_evidence() {
    let commits = [made(&[CLAUDE, SESSION]), made(&[]), made(&[("AI-Assisted", "yes")])];
    let file = |ai_lines, unknown_lines| FileProvenance { ai_lines, unknown_lines, ..FileProvenance::default() };
    let files = [("a".to_owned(), file(10, 28)), ("b".to_owned(), file(2, 0))].into();
    assert_eq!(
        summary::note(&commits, &files).unwrap(),
        "AI-assisted: 12 of 40 added lines, 28 unknown; claude-code (by address, trailer)"
    );
    assert_eq!(summary::note(&commits, &[("a".to_owned(), file(0, 3))].into()), None);
    let unnamed = [made(&[("AI-Assisted", "yes")])];
    assert_eq!(
        summary::note(&unnamed, &[("a".to_owned(), file(1, 0))].into()).unwrap(),
        "AI-assisted: 1 of 1 added line; a tool without a name (by trailer)"
    );
}

fn evidence_of(author: (&str, &str), body: &str) -> Vec<String> {
    let commit = Commit {
        id: String::new(),
        author: Person { name: author.0.to_owned(), email: author.1.to_owned() },
        committer: Person::default(),
        subject: "Fix it".to_owned(),
        body: body.to_owned(),
        trailers: Vec::new(),
    };
    let found = sources::evidence(&sources::Subject { commit: &commit, branch: "" });
    found.iter().filter(|one| one.decides()).map(|one| one.tool.raw().to_owned()).collect()
}

#[test]
fn marks_count_in_any_paragraph_and_under_any_key_of_a_maker() {
    let jo = ("Jo", "jo@example.org");
    for body in [
        "* one\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n\n* two",
        "Co-developed-by: Claude <noreply@anthropic.com>\n\nSigned-off-by: Jo <jo@example.org>",
        "Why.\nSigned-off-by: Claude <noreply@anthropic.com>\nBecause.",
        "Generated with [Claude Code](https://claude.com/claude-code)\n\nThe end.",
    ] {
        let tools = evidence_of(jo, body);
        assert!(!tools.is_empty() && tools.iter().all(|tool| tool == "claude-code"), "{body}: {tools:?}");
    }
    for body in [
        "Reviewed-by: Claude <noreply@anthropic.com>",
        "> Co-Authored-By: Claude <noreply@anthropic.com>",
        "We tell `Co-Authored-By: Claude <noreply@anthropic.com>` from a name.",
        "Signed-off-by: Claude Monet <claude@example.org>",
    ] {
        assert_eq!(evidence_of(jo, body), [""; 0], "{body}");
    }
}

#[test]
fn the_login_of_a_bot_is_evidence_and_that_of_a_person_or_another_bot_is_none() {
    assert_eq!(evidence_of(("devin-ai-integration[bot]", "x@y"), ""), ["devin"]);
    assert!(evidence_of(("x", "1+google-labs-jules[bot]@users.noreply.github.com"), "").contains(&"jules".to_owned()));
    assert_eq!(evidence_of(("devin-ai-integration", "77+cursoragent@users.noreply.github.com"), ""), [""; 0]);
    assert_eq!(evidence_of(("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"), ""), [""; 0]);
}
