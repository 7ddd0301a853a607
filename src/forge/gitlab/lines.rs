//! Notes on changed lines: one discussion a finding.
//!
//! Owns how they are found again (the fingerprint in a hidden first line, and their author), and that they are resolved
//! when the finding is gone. A discussion that a person resolved stays so. Must not write at a head that is not the one
//! that was judged.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answers::{DiffRefs, Discussion, MergeRequest, Note, User};
use super::api::{Asking, Sent};
use super::calls::{self, Call, Project};
use super::note::{is_own, without_commands};
use crate::forge::ForgeError;
use crate::forge::publication::{Annotation, Publication};

/// One run writes no more notes than this.
const WRITTEN: usize = 50;

/// What the hidden first line begins with.
const MARKER: &str = "<!-- portcullis:finding ";

/// The gate's own discussions by fingerprint, oldest first; two runs at once may have made two of one.
type There<'a> = BTreeMap<String, Vec<(&'a str, &'a Note)>>;

/// One run.
struct Run<'a> {
    asking: &'a Asking<'a>,
    project: &'a Project,
    number: u64,
    me: u64,
    at: DiffRefs,
    left: usize,
}

/// Makes the discussions on lines be these.
pub(super) fn upsert(
    asking: &Asking<'_>,
    project: &Project,
    what: &Publication,
    notes: &[Annotation],
) -> Result<Vec<String>, ForgeError> {
    let request: MergeRequest = asking.ask(&project.merge_request(what.number))?;
    if request.diff_refs.head_sha != what.head {
        return Ok(vec!["the head is another one by now; nothing written".to_owned()]);
    }
    let me: User = asking.ask(&calls::me())?;
    let discussions: Vec<Discussion> = asking.list(&project.discussions(what.number))?;
    let at = request.diff_refs;
    let mut run = Run { asking, project, number: what.number, me: me.id, at, left: WRITTEN };
    let mut there: There<'_> = BTreeMap::new();
    for discussion in &discussions {
        let Some(first) = discussion.notes.first().filter(|first| is_own(first, me.id, MARKER)) else { continue };
        if let Some(fingerprint) = fingerprint(&first.body) {
            there.entry(fingerprint.to_owned()).or_default().push((&discussion.id, first));
        }
    }
    let mut said = Vec::new();
    let gone = run.resolve_gone(&there, notes)?;
    let (outside, late) = run.write(&there, notes)?;
    if outside > 0 {
        said.push(format!(
            "{} that GitLab shows no line for; they stand in the comment and the report",
            count(outside)
        ));
    }
    if gone + late > 0 {
        said.push(format!("{} left for the next run, which writes {WRITTEN} at most", count(gone + late)));
    }
    Ok(said)
}

impl Run<'_> {
    /// Resolves the discussions of findings that are gone; returns how many were left.
    fn resolve_gone(&mut self, there: &There<'_>, notes: &[Annotation]) -> Result<usize, ForgeError> {
        let wanted: BTreeSet<&str> = notes.iter().map(|note| note.fingerprint.as_str()).collect();
        let mut late = 0;
        for (fingerprint, own) in there {
            // Of two about one finding the older one speaks for it.
            let kept = usize::from(wanted.contains(fingerprint.as_str()));
            for (discussion, _) in own.iter().skip(kept).filter(|(_, note)| !note.resolved) {
                late += usize::from(!self.send(&self.project.resolve(self.number, discussion, true))?);
            }
        }
        Ok(late)
    }

    /// Writes what is missing and mends what differs; returns how many GitLab has no line for and how many were left.
    fn write(&mut self, there: &There<'_>, notes: &[Annotation]) -> Result<(usize, usize), ForgeError> {
        let (mut outside, mut late) = (0, 0);
        let mut seen = BTreeSet::new();
        for note in notes {
            let fingerprint = note.fingerprint.as_str();
            if !is_fingerprint(fingerprint) || !seen.insert(fingerprint) {
                continue;
            }
            let body = body(note);
            match there.get(fingerprint).and_then(|own| own.first()) {
                Some((discussion, old)) => {
                    if old.resolved && old.resolved_by.id == self.me {
                        let reopen = self.project.resolve(self.number, discussion, false);
                        late += usize::from(!self.send(&reopen)?);
                    }
                    if old.body.trim_end() != body.trim_end() {
                        late +=
                            usize::from(!self.send(&self.project.reword(self.number, discussion, old.id, &body))?);
                    }
                }
                None if self.left == 0 => late += 1,
                None => {
                    self.left -= 1;
                    outside += usize::from(!self.discuss(note, &body)?);
                }
            }
        }
        Ok((outside, late))
    }

    /// Sends unless enough was written; says whether it was sent.
    fn send(&mut self, call: &Call) -> Result<bool, ForgeError> {
        if self.left == 0 {
            return Ok(false);
        }
        self.left -= 1;
        self.asking.send(call).map(|()| true)
    }

    /// Opens a discussion; false where GitLab does not find the line in the change.
    fn discuss(&self, note: &Annotation, body: &str) -> Result<bool, ForgeError> {
        let call = self.project.discuss(self.number, json!({ "body": body, "position": self.position(note) }));
        match self.asking.try_send(&call)? {
            Sent::Refused(answer, _) if answer.status == 400 => Ok(false),
            sent => sent.accepted().map(|()| true),
        }
    }

    fn position(&self, note: &Annotation) -> Value {
        json!({
            "position_type": "text",
            "base_sha": self.at.base_sha,
            "start_sha": self.at.start_sha,
            "head_sha": self.at.head_sha,
            "old_path": note.old_path,
            "new_path": note.path,
            "new_line": note.start_line,
        })
    }
}

fn body(note: &Annotation) -> String {
    let text = without_commands(&format!("**{}**\n\n{}", note.title, note.message));
    format!("{MARKER}{} -->\n{text}", note.fingerprint)
}

/// Returns the fingerprint in the hidden first line.
fn fingerprint(body: &str) -> Option<&str> {
    let (fingerprint, _) = body.trim_start().strip_prefix(MARKER)?.split_once(" -->")?;
    is_fingerprint(fingerprint).then_some(fingerprint)
}

fn is_fingerprint(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn count(notes: usize) -> String {
    if notes == 1 { "1 note".to_owned() } else { format!("{notes} notes") }
}

#[cfg(test)]
mod tests {
    use super::{body, fingerprint};
    use crate::forge::publication::Annotation;

    #[test]
    fn a_note_is_found_again_by_its_first_line_only() {
        let mut note = Annotation {
            path: "a.py".to_owned(),
            old_path: "a.py".to_owned(),
            start_line: 3,
            end_line: 3,
            start_column: 0,
            end_column: 0,
            level: "warning",
            title: "text is run as code".to_owned(),
            message: "`eval` runs text".to_owned(),
            fingerprint: "0123456789abcdef".to_owned(),
        };
        assert_eq!(fingerprint(&body(&note)), Some("0123456789abcdef"));
        note.message = body(&note);
        assert_eq!(fingerprint(&note.message.replacen("<!--", "", 1)), None);
        assert_eq!(fingerprint("<!-- portcullis:finding 12 --> <!-- portcullis:finding 34 -->"), Some("12"));
        assert_eq!(fingerprint("<!-- portcullis:finding --> -->"), None);
    }
}
