//! What is written to a merge request: once, only by halves where the token may no more, and nobody else's words.

use std::sync::Arc;

use portcullis::forge::Forge;
use portcullis::forge::publication::{
    Annotation, COMMENT_MARKER, Check, Publication, Reviewers, STATUS_CONTEXT, Sarif, Status, StatusState,
};
use serde_json::{Value, json};

use crate::fake::{BASE, BOT, Fake, HEAD, JOB_TOKEN, NEXT, PROJECT_TOKEN, READER_TOKEN, no_token};
use crate::server::{Manner, Reply};

fn blank() -> Publication {
    Publication { number: 5, head: HEAD.to_owned(), base: BASE.to_owned(), ..Publication::default() }
}

fn status(state: StatusState, description: &str) -> Publication {
    let target_url = "https://ci.example/1".to_owned();
    let status = Status { state, description: description.to_owned(), target_url, retracts: false };
    Publication { status: Some(status), ..blank() }
}

fn comment(text: &str) -> Publication {
    Publication { comment: Some(text.to_owned()), ..blank() }
}

fn note(fingerprint: u64, line: u32) -> Annotation {
    Annotation {
        path: "a.py".to_owned(),
        old_path: "a.py".to_owned(),
        start_line: line,
        end_line: line,
        start_column: 0,
        end_column: 0,
        level: "failure",
        title: "text is run as code".to_owned(),
        message: "`eval` runs text as code".to_owned(),
        fingerprint: format!("{fingerprint:032x}"),
    }
}

fn notes(notes: Vec<Annotation>) -> Publication {
    Publication { line_notes: Some(notes), ..blank() }
}

fn publish(fake: &Fake, token: &str, what: &Publication) -> Vec<String> {
    let said = fake.client(token).publish(what);
    no_token(&said.join("\n"));
    said
}

/// Returns what one more publication of the same thing writes.
fn again(fake: &Fake, what: &Publication) -> usize {
    let before = fake.writes();
    publish(fake, PROJECT_TOKEN, what);
    fake.writes() - before
}

pub(crate) fn everything() -> Publication {
    Publication {
        comment: Some("## fail\n\nall of it".to_owned()),
        labels: Some(vec!["portcullis:layer-2".to_owned()]),
        reviewers: Some(Reviewers { people: vec!["bo".to_owned()], teams: Vec::new() }),
        line_notes: Some(vec![note(1, 3)]),
        ..status(StatusState::Pending, "2 approvals are awaited")
    }
}

#[test]
fn everything_is_written_once_and_doing_it_again_writes_nothing_row_140() {
    let fake = Fake::new();
    assert_eq!(publish(&fake, PROJECT_TOKEN, &everything()), Vec::<String>::new());
    assert_eq!(fake.writes(), 5, "{:?}", fake.state().sent);
    assert_eq!(again(&fake, &everything()), 0);
    let state = fake.state();
    assert_eq!((state.statuses.len(), state.notes.len(), state.discussions.len()), (1, 1, 1));
    assert_eq!(state.requests[0]["labels"], json!(["alpha", "portcullis:layer-2", "zeta"]));
    assert_eq!(state.requests[0]["reviewers"][0]["username"], "bo");
}

#[test]
fn two_runs_at_once_end_with_one_of_each_once_either_ran_again_row_140() {
    let fake = Arc::new(Fake::new());
    let runs: Vec<_> = (0..2)
        .map(|_| {
            let fake = Arc::clone(&fake);
            std::thread::spawn(move || publish(&fake, PROJECT_TOKEN, &everything()))
        })
        .collect();
    for run in runs {
        assert_eq!(run.join().unwrap(), Vec::<String>::new());
    }
    publish(&fake, PROJECT_TOKEN, &everything());
    assert_eq!(again(&fake, &everything()), 0);
    let state = fake.state();
    let open = state.discussions.iter().filter(|discussion| discussion["notes"][0]["resolved"] == false).count();
    assert_eq!((state.notes.len(), state.statuses.len(), open), (1, 1, 1));
}

#[test]
fn doubles_of_two_runs_are_taken_away_and_the_oldest_stays_row_140() {
    let fake = Fake::new();
    publish(&fake, PROJECT_TOKEN, &everything());
    let (body, thread) = {
        let state = fake.state();
        (state.notes[0]["body"].clone(), state.discussions[0].clone())
    };
    let double = fake.state().note(BOT, body.as_str().unwrap());
    fake.state().notes.push(double);
    let mut twin = thread.clone();
    twin["id"] = json!("beef");
    fake.state().discussions.push(twin);
    publish(&fake, PROJECT_TOKEN, &everything());
    assert_eq!(again(&fake, &everything()), 0);
    let state = fake.state();
    assert_eq!((state.notes.len(), &state.discussions[0]), (1, &thread));
    assert_eq!(state.discussions[1]["notes"][0]["resolved"], true);
}

#[test]
fn no_line_of_a_comment_or_note_is_a_command_to_gitlab() {
    let fake = Fake::new();
    let mut on_line = note(1, 3);
    on_line.message = "see\n/merge".to_owned();
    publish(&fake, PROJECT_TOKEN, &Publication { comment: Some("/approve".to_owned()), ..notes(vec![on_line]) });
    let state = fake.state();
    for body in [&state.notes[0]["body"], &state.discussions[0]["notes"][0]["body"]] {
        assert!(body.as_str().unwrap().lines().all(|line| !line.starts_with('/')), "{body}");
    }
}

#[test]
fn a_status_goes_from_pending_to_its_end_and_stands_at_the_head() {
    let fake = Fake::new();
    for (state, word) in [
        (StatusState::Pending, "pending"),
        (StatusState::Success, "success"),
        (StatusState::Failure, "failed"),
        (StatusState::Error, "failed"),
    ] {
        assert_eq!(publish(&fake, PROJECT_TOKEN, &status(state, word)), Vec::<String>::new());
        let last = fake.state().statuses.last().unwrap().clone();
        assert_eq!(
            (&last["status"], &last["sha"], &last["name"]),
            (&json!(word), &json!(HEAD), &json!(STATUS_CONTEXT))
        );
        assert_eq!(again(&fake, &status(state, word)), 0);
    }
}

#[test]
fn a_status_that_is_there_already_is_done_although_gitlab_refuses_it() {
    let fake = Fake::new();
    publish(&fake, PROJECT_TOKEN, &status(StatusState::Pending, "one"));
    fake.fail("/statuses?", 1, Reply::json(200, &json!([])));
    assert_eq!(publish(&fake, PROJECT_TOKEN, &status(StatusState::Pending, "two")), Vec::<String>::new());
    assert_eq!(fake.sent("POST ").len(), 2);
    fake.fail("POST ", 1, Reply::json(400, &json!({ "message": "something else" })));
    let said = publish(&fake, PROJECT_TOKEN, &status(StatusState::Success, "three"));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("status not written: POST ") && !said[0].contains("something else"), "{said:?}");
}

#[test]
fn a_status_joins_the_pipeline_and_stands_alone_where_that_is_at_another_commit() {
    let fake = Fake::new();
    fake.state().pipelines = [(41, HEAD.to_owned()), (42, NEXT.to_owned())].into();
    for (pipeline, own) in [(41, json!(41)), (42, json!(1))] {
        let mut settings = fake.settings(PROJECT_TOKEN);
        settings.pipeline = Some(pipeline);
        let client = portcullis::forge::gitlab::GitLab::new(settings).unwrap();
        assert_eq!(client.publish(&status(StatusState::Pending, "x")), Vec::<String>::new());
        assert_eq!(fake.state().statuses.last().unwrap()["pipeline_id"], own);
    }
}

#[test]
fn what_an_older_pipeline_was_left_with_is_not_mended_again_and_again_row_140() {
    let fake = Fake::new();
    fake.state().pipelines = [(41, HEAD.to_owned())].into();
    let mut settings = fake.settings(PROJECT_TOKEN);
    settings.pipeline = Some(41);
    let client = portcullis::forge::gitlab::GitLab::new(settings).unwrap();
    assert_eq!(client.publish(&status(StatusState::Pending, "x")), Vec::<String>::new());
    assert_eq!(again(&fake, &status(StatusState::Success, "y")), 1);
    assert_eq!(again(&fake, &status(StatusState::Success, "y")), 0);
}

#[test]
fn the_comment_is_written_once_and_then_changed_in_place() {
    let fake = Fake::new();
    assert_eq!(publish(&fake, PROJECT_TOKEN, &comment("one")), Vec::<String>::new());
    assert_eq!(publish(&fake, PROJECT_TOKEN, &comment("two")), Vec::<String>::new());
    assert_eq!(again(&fake, &comment("two")), 0);
    let state = fake.state();
    assert_eq!(state.notes.len(), 1);
    assert_eq!(state.notes[0]["body"], format!("{COMMENT_MARKER}\ntwo"));
}

#[test]
fn notes_that_the_token_may_not_see_are_counted_by_gitlab_and_hide_no_comment() {
    let fake = Fake::new();
    publish(&fake, PROJECT_TOKEN, &comment("one"));
    let own = fake.state().notes[0].clone();
    fake.fail("/notes?", 1, Reply::json(200, &json!([own])).with("x-total", "3").with("x-next-page", ""));
    assert_eq!(publish(&fake, PROJECT_TOKEN, &comment("two")), Vec::<String>::new());
    assert_eq!(fake.state().notes.len(), 1);
}

#[test]
fn a_comment_with_the_marker_of_somebody_else_is_left_alone_row_131() {
    let fake = Fake::new();
    let faked = fake.state().note(1, &format!("{COMMENT_MARKER}\nPASS"));
    let quoted = fake.state().note(BOT, &format!("look: {COMMENT_MARKER}"));
    fake.state().notes.extend([faked.clone(), quoted.clone()]);
    assert_eq!(publish(&fake, PROJECT_TOKEN, &comment("fail")), Vec::<String>::new());
    let own = fake.state().notes[2].clone();
    assert_eq!(own["body"], format!("{COMMENT_MARKER}\nfail"));
    fake.state().notes[2]["body"] = json!(format!("{COMMENT_MARKER}\nPASS, says who edited it"));
    publish(&fake, PROJECT_TOKEN, &comment("fail"));
    assert_eq!(fake.state().notes, [faked, quoted, own], "the own one is put right again");
}

#[test]
fn only_labels_of_the_gate_come_and_go() {
    let fake = Fake::new();
    fake.state().requests[0]["labels"] = json!(["zeta", "portcullis:layer-3", "portcullis:ai"]);
    let wanted = ["portcullis:ai", "portcullis:layer-2", "zeta2", "portcullis:a,zeta3"].map(str::to_owned).to_vec();
    let what = Publication { labels: Some(wanted), ..blank() };
    let said = publish(&fake, PROJECT_TOKEN, &what);
    assert!(said.len() == 1 && said[0].starts_with("labels: 2 left out"), "{said:?}");
    assert_eq!(fake.state().requests[0]["labels"], json!(["portcullis:ai", "portcullis:layer-2", "zeta"]));
    assert_eq!(again(&fake, &what), 0);
}

#[test]
fn reviewers_join_those_who_were_asked_and_the_author_is_never_one() {
    let fake = Fake::new();
    let before = json!([{ "id": 3, "username": "cy" }]);
    fake.state().requests[0]["reviewers"] = before;
    let people = ["Ada", "BO", "cy", "nobody"].map(str::to_owned).to_vec();
    let what =
        Publication { reviewers: Some(Reviewers { people, teams: vec!["acme/platform".to_owned()] }), ..blank() };
    let said = publish(&fake, PROJECT_TOKEN, &what);
    assert_eq!(
        said,
        [
            "reviewers: GitLab asks people and no groups; not asked: acme/platform",
            "reviewers: GitLab knows no account of this name: nobody"
        ]
    );
    let names = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&fake.state().requests[0]["reviewers"]), ["cy", "bo"]);
    assert_eq!(again(&fake, &what), 0);
}

#[test]
fn a_tier_that_takes_one_reviewer_is_told() {
    let fake = Fake::new();
    fake.state().most_reviewers = 1;
    let people = ["bo", "cy"].map(str::to_owned).to_vec();
    let what = Publication { reviewers: Some(Reviewers { people, teams: Vec::new() }), ..blank() };
    let said = publish(&fake, PROJECT_TOKEN, &what);
    assert!(said.len() == 1 && said[0].contains("took 1 of them off again"), "{said:?}");
}

#[test]
fn a_note_on_a_line_lives_as_long_as_its_finding() {
    let fake = Fake::new();
    let first = |key: &str| fake.state().discussions[0]["notes"][0][key].clone();
    assert_eq!(publish(&fake, PROJECT_TOKEN, &notes(vec![note(1, 3), note(1, 3)])), Vec::<String>::new());
    assert_eq!(fake.state().discussions.len(), 1);
    let mut reworded = note(1, 3);
    reworded.message = "other words".to_owned();
    publish(&fake, PROJECT_TOKEN, &notes(vec![reworded.clone()]));
    assert!(first("body").as_str().unwrap().ends_with("other words"));
    publish(&fake, PROJECT_TOKEN, &notes(Vec::new()));
    assert_eq!(first("resolved"), true);
    publish(&fake, PROJECT_TOKEN, &notes(vec![reworded.clone()]));
    assert_eq!(first("resolved"), false, "it came back");
    assert_eq!(again(&fake, &notes(vec![reworded.clone()])), 0);
    let by_bo = json!({ "id": 2, "username": "bo" });
    fake.state().discussions[0]["notes"][0]["resolved"] = json!(true);
    fake.state().discussions[0]["notes"][0]["resolved_by"] = by_bo;
    assert_eq!(again(&fake, &notes(vec![reworded])), 0, "a person resolved it");
}

#[test]
fn a_note_with_the_marker_of_somebody_else_is_left_alone_row_131() {
    let fake = Fake::new();
    let (own, other) = (note(1, 3), note(2, 3));
    publish(&fake, PROJECT_TOKEN, &notes(vec![own.clone()]));
    let body =
        fake.state().discussions[0]["notes"][0]["body"].as_str().unwrap().replace(&own.fingerprint, &other.fingerprint);
    let faked = fake.state().note(1, &body);
    fake.state().discussions.push(json!({ "id": "f00d", "notes": [faked] }));
    let before = fake.state().discussions[1].clone();
    publish(&fake, PROJECT_TOKEN, &notes(vec![own, other]));
    assert_eq!(fake.state().discussions.len(), 3, "the other finding has a note of the gate's own");
    publish(&fake, PROJECT_TOKEN, &notes(Vec::new()));
    assert_eq!(fake.state().discussions[1], before);
}

#[test]
fn notes_off_the_difference_and_more_than_fifty_are_counted() {
    let fake = Fake::new();
    for line in 1..=60 {
        fake.state().lines.insert(("a.py".to_owned(), line));
    }
    let many: Vec<_> = (1..=58).map(|line| note(u64::from(line), line)).chain([note(99, 900)]).collect();
    let said = publish(&fake, PROJECT_TOKEN, &notes(many.clone()));
    assert_eq!((fake.writes(), fake.state().discussions.len()), (50, 50));
    assert!(said.len() == 1 && said[0].contains("9 notes left for the next run"), "{said:?}");
    let said = publish(&fake, PROJECT_TOKEN, &notes(many));
    assert_eq!(fake.state().discussions.len(), 58);
    assert!(said.len() == 1 && said[0].contains("1 note that GitLab shows no line for"), "{said:?}");
}

#[test]
fn no_note_is_written_at_a_head_that_was_not_judged_row_7() {
    let fake = Fake::new();
    fake.state().push(NEXT, "ada");
    let said = publish(&fake, PROJECT_TOKEN, &notes(vec![note(1, 3)]));
    assert_eq!((fake.writes(), said.len()), (0, 1));
    assert!(said[0].contains("the head is another one by now"), "{said:?}");
}

#[test]
fn what_gitlab_has_not_is_one_line_and_no_request() {
    let fake = Fake::new();
    let check =
        Check { conclusion: "success", title: "t".to_owned(), summary: "s".to_owned(), annotations: Vec::new() };
    let sarif = Sarif { text: "{}".to_owned(), reference: "refs/heads/main".to_owned() };
    let what = Publication { check: Some(check), sarif: Some(sarif), ..blank() };
    let said = publish(&fake, PROJECT_TOKEN, &what);
    assert_eq!((said.len(), fake.state().sent.len()), (2, 0));
    assert!(said.iter().all(|line| line.contains("Code Quality")), "{said:?}");
}

#[test]
fn without_a_merge_request_only_the_status_is_written() {
    let fake = Fake::new();
    let said = publish(&fake, PROJECT_TOKEN, &Publication { number: 0, ..everything() });
    assert_eq!((said.len(), fake.writes()), (1, 1));
    assert_eq!(fake.state().statuses.len(), 1);
}

#[test]
fn a_token_that_may_not_write_gives_a_line_a_part_and_nothing_else_row_132() {
    for token in [READER_TOKEN, JOB_TOKEN, "glpat-SECRETfork"] {
        let fake = Fake::new();
        let said = publish(&fake, token, &everything());
        let parts: Vec<&str> = said.iter().map(|line| line.split(" not written").next().unwrap()).collect();
        assert_eq!(parts, ["status", "comment", "labels", "reviewers", "notes on lines"], "{said:?}");
        assert!(said.iter().all(|line| line.contains("PORTCULLIS_TOKEN") && !line.contains('\n')), "{said:?}");
        let state = fake.state();
        assert!(state.notes.is_empty() && state.statuses.is_empty() && state.discussions.is_empty());
    }
}

#[test]
fn one_part_that_fails_takes_no_other_with_it_row_132() {
    for (about, part) in [("/statuses", "status"), ("/notes", "comment"), ("/discussions", "notes on lines")] {
        let fake = Fake::new();
        fake.fail(about, usize::MAX, Reply::json(403, &json!({})));
        let said = publish(&fake, PROJECT_TOKEN, &everything());
        assert!(said.len() == 1 && said[0].starts_with(part), "{said:?}");
    }
}

#[test]
fn what_was_written_is_not_sent_twice_when_the_answer_is_lost_row_135() {
    let answer = |manner| Reply::json(201, &json!({ "id": 1 })).in_manner(manner);
    for reply in [answer(Manner::Silent), answer(Manner::Cut), Reply::json(502, &json!({}))] {
        let fake = Fake::new();
        fake.fail("POST ", usize::MAX, reply);
        let said = publish(&fake, PROJECT_TOKEN, &comment("x"));
        assert_eq!((said.len(), fake.sent("POST ").len()), (1, 1), "{said:?}");
    }
}
