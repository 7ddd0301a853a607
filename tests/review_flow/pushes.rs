//! What becomes of an approval when commits follow it: real branches, rebased, merged and edited by git.

use serde_json::json;

use crate::forge::hub::{Hub, WORKFLOW};
use crate::scene::{AS_OF, Run, Scene, run};
use crate::stage::{ASKS, PAY, Stage, approvals, check_json, edited, shop};
use crate::support::TestRepository;

/// A branch `work` whose edit was approved, and a `main` that has moved on.
struct Branch {
    git: TestRepository,
    approved: String,
}

impl Branch {
    fn new() -> Self {
        let git = TestRepository::new();
        for (path, text) in shop(ASKS) {
            git.write(path, text);
        }
        git.commit("shop");
        git.git(&["checkout", "-q", "-b", "work"]);
        git.write("pay.py", edited());
        let approved = git.commit("refunds");
        git.git(&["checkout", "-q", "main"]);
        git.write("pay.py", PAY.replace("eight", "eighth").replace("seven(card)", "last(card)"));
        git.write("docs.md", "# The shop\n").commit("main moves on");
        git.git(&["checkout", "-q", "work"]);
        Self { git, approved }
    }

    fn git(&self, arguments: &[&str]) -> &Self {
        self.git.git(arguments);
        self
    }

    /// Writes the payments into the last commit.
    fn amended(&self, text: &str) -> &Self {
        self.git.write("pay.py", text);
        self.git(&["add", "-A"]).git(&["commit", "-q", "--amend", "--no-edit"])
    }

    /// Opens the request at the head of `work` as it is now, approved by bob at the commit before.
    fn staged(self) -> Stage {
        let base = self.git.git(&["rev-parse", "main"]);
        let head = self.git.git(&["rev-parse", "work"]);
        let scene = Scene { repository: self.git, base, head, as_of: AS_OF.to_owned() };
        let stage = Stage { scene, hub: Hub::new() };
        stage.open(7, &stage.scene.head, 1);
        stage.approve("bob", &self.approved);
        stage
    }

    fn judged(self) -> Run {
        self.staged().check(&[])
    }
}

/// The edit of the branch and that of main.
fn both() -> String {
    edited().replace("seven(card)", "last(card)")
}

#[track_caller]
fn stale(run: &Run) {
    let found = approvals(run.is("review"));
    assert_eq!((&found[0].0[..], found[0].1), ("bob", false));
    assert!(
        found[0].2.starts_with("stale: given on ") && found[0].2.ends_with("since then pay.py changed"),
        "{found:?}"
    );
}

#[track_caller]
fn kept(run: &Run) {
    assert_eq!(approvals(run.is("pass")), [("bob".to_owned(), true, String::new())]);
}

#[test]
fn a_push_after_the_approval_makes_it_stale_row_144() {
    let branch = Branch::new();
    branch.git.write("pay.py", edited().replace("two(card)", "steal(card)"));
    branch.git.commit("more");
    stale(&branch.judged());
}

#[test]
fn a_push_that_leaves_what_the_team_reads_alone_keeps_its_approval() {
    let branch = Branch::new();
    branch.git.write("new.md", "# News\n");
    branch.git.commit("more");
    let stage = branch.staged();
    stage.hub.state().pulls.get_mut(&7).unwrap()["changed_files"] = json!(2);
    kept(&stage.check(&[]));
}

#[test]
fn a_rebase_without_an_edit_keeps_the_approval() {
    let branch = Branch::new();
    branch.git(&["rebase", "-q", "main"]);
    assert_ne!(branch.git.git(&["rev-parse", "work"]), branch.approved);
    kept(&branch.judged());
}

#[test]
fn an_edited_rebase_does_not_keep_it_row_144() {
    let branch = Branch::new();
    branch.git(&["rebase", "-q", "main"]).amended(&both().replace("four(card)", "steal(card)"));
    stale(&branch.judged());
}

#[test]
fn bringing_the_branch_up_to_date_keeps_the_approval() {
    let branch = Branch::new();
    branch.git(&["merge", "-q", "--no-edit", "main"]);
    kept(&branch.judged());
}

#[test]
fn a_merge_with_an_edit_in_it_does_not_keep_it_row_144() {
    let branch = Branch::new();
    branch.git(&["merge", "-q", "--no-edit", "main"]).amended(&both().replace("four(card)", "steal(card)"));
    stale(&branch.judged());
}

#[test]
fn an_approved_commit_that_is_not_here_is_stale_and_says_how_to_fetch_it_row_144() {
    let branch = Branch { approved: "7".repeat(40), ..Branch::new() };
    let run = branch.judged();
    let found = approvals(run.is("review"));
    assert!(!found[0].1 && found[0].2.contains("git fetch"), "{found:?}");
}

/// Puts the branch into a merge queue; returns the stage, and the head of the group.
fn queued(message: &str, amended: Option<&str>) -> (Stage, String) {
    let branch = Branch::new();
    let work = branch.approved.clone();
    branch.git(&["checkout", "-q", "-b", "queue", "main"]).git(&["merge", "-q", "--no-ff", "-m", message, "work"]);
    if let Some(text) = amended {
        branch.amended(text);
    }
    let group = branch.git.git(&["rev-parse", "queue"]);
    let stage = branch.staged();
    assert_eq!(stage.scene.head, work);
    (stage, group)
}

fn in_queue(stage: &Stage, group: &str) -> Run {
    let (base, head) = (&stage.scene.base, &stage.scene.head);
    let payload = json!({
        "action": "checks_requested",
        "merge_group": {
            "head_ref": format!("refs/heads/gh-readonly-queue/main/pr-7-{head}"),
            "head_sha": group, "base_sha": base, "base_ref": "refs/heads/main",
        },
    });
    let arguments = [&check_json()[..], &["--publish", "status"]].concat();
    run(&mut stage.job("merge_group", &payload, WORKFLOW, &arguments))
}

#[test]
fn approvals_of_the_request_count_for_what_the_queue_merges_and_the_status_stands_there_row_147() {
    let (stage, group) = queued("queue", None);
    let run = in_queue(&stage, &group);
    kept(&run);
    assert_eq!(run.document()["change"]["head"], group.as_str());
    assert_eq!(stage.hub.writes(), [format!("POST /repos/acme/shop/statuses/{group}")]);
    assert_eq!(stage.statuses(), ["success everyone who must approve has approved"]);
}

#[test]
fn behind_others_in_the_queue_a_request_is_judged_on_top_of_them_row_147() {
    let branch = Branch::new();
    // Another request goes first; it changes the payments too, and its approvals are its own.
    branch.git(&["checkout", "-q", "-b", "first", "main"]);
    branch.git.write("pay.py", PAY.replace("eight", "eighth").replace("seven(card)", "last(card)") + "    # end\n");
    let first = branch.git.commit("another request");
    branch.git(&["merge", "-q", "--no-ff", "--no-edit", "work"]);
    let group = branch.git.git(&["rev-parse", "HEAD"]);
    let mut stage = branch.staged();
    stage.scene.base = first;
    let run = in_queue(&stage, &group);
    kept(&run);
    assert_eq!(run.document()["change"]["files"], 1);
    // Compared with the branch itself the other request would be in it too, which nobody approved here.
    stage.scene.base = stage.scene.repository.git(&["rev-parse", "main"]);
    let whole = in_queue(&stage, &group);
    assert!(approvals(whole.is("review")).iter().all(|one| !one.1));
}

#[test]
fn what_a_queue_holds_beside_the_request_is_approved_by_nobody_row_147() {
    let (stage, group) = queued("queue", Some(&both().replace("four(card)", "steal(card)")));
    let run = in_queue(&stage, &group);
    assert!(approvals(run.is("review")).iter().all(|one| !one.1));
    assert_eq!(stage.statuses(), ["pending waiting for payments"]);
}
