//! The mechanical merge held against git's own: random edits, renames, deletions and modes on both sides.

use std::fmt::Write as _;

use crate::carried::{Story, done};
use crate::support::TestRepository;

/// A fixed stream of numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// Returns a text of distinct and repeated lines.
fn text(file: usize) -> Vec<String> {
    (0..24).map(|line| if line % 5 == 4 { "}".to_owned() } else { format!("file {file} line {line}") }).collect()
}

fn joined(lines: &[String]) -> String {
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    })
}

/// Edits some files, as one side of a merge does.
fn work(numbers: &mut Numbers, side: &str, git: &TestRepository) {
    for file in 0..3 {
        let name = format!("file{file}");
        let mut lines = text(file);
        match numbers.below(12) {
            0 => done(git.remove(&name)),
            1 => done(git.git(&["mv", &name, &format!("{side}{file}")])),
            2..=6 => {}
            _ => {
                for edit in 0..=numbers.below(2) {
                    let at = numbers.below(lines.len());
                    match numbers.below(4) {
                        0 => done(lines.remove(at)),
                        1 => lines.insert(at, format!("{side} {edit}")),
                        2 => lines.insert(at, "both".to_owned()),
                        _ => lines[at] = format!("{side} {edit}"),
                    }
                }
                let moved = numbers.below(4) == 0;
                git.write(&name, joined(&lines));
                if moved {
                    git.git(&["mv", &name, &format!("{side}{file}")]);
                }
            }
        }
    }
}

#[test]
fn what_git_merges_cleanly_is_carried_and_what_it_does_not_is_not() {
    let mut numbers = Numbers(4);
    let (mut clean, mut conflicts, mut stricter) = (0, 0, 0);
    for round in 0..32 {
        let mut other = Numbers(numbers.below(1 << 30) as u64);
        let mut one = Numbers(numbers.below(1 << 30) as u64);
        let cell = (std::cell::RefCell::new(&mut one), std::cell::RefCell::new(&mut other));
        let story = Story::new(
            |git| (0..3).for_each(|file| done(git.write(&format!("file{file}"), joined(&text(file))))),
            |git| work(&mut cell.0.borrow_mut(), "work", git),
            |git| work(&mut cell.1.borrow_mut(), "main", git),
        );
        let merged = story.git.command(&["merge", "-q", "--no-edit", "main"]).output().unwrap().status.success();
        if merged {
            clean += 1;
            stricter += usize::from(!story.except().is_empty());
        } else {
            conflicts += 1;
            // Resolved in favour of the approved side, as a person in a hurry would.
            story.git.git(&["reset", "-q", "--hard"]);
            if story.git.command(&["merge", "-q", "--no-edit", "-X", "ours", "main"]).output().unwrap().status.success()
            {
                assert!(!story.except().is_empty(), "round {round}: git saw a conflict here");
            }
        }
    }
    assert!(clean > 7 && conflicts > 7, "{clean} clean, {conflicts} conflicts");
    // Ours may see a conflict where git does not, seldom; it costs an approval and lets nothing through.
    assert!(stricter * 10 <= clean, "{stricter} of {clean} were not carried");
}
