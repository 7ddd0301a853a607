//! The input document -> the worker, part by part.
//!
//! Owns the order of the parts and the digest of the whole.

use crate::completeness::Reason;
use crate::policies::input::InputDocument;
use crate::policies::parts::{Part, parts};
use crate::worker::Supervisor;

/// Sends the document to the worker, part by part, and returns the digest of the whole.
pub(super) fn send(input: &InputDocument, supervisor: &mut Supervisor) -> (String, Option<Reason>) {
    let mut sent = Ok(());
    let digest = parts(input, |part| {
        if sent.is_ok() {
            sent = match part {
                Part::Head(json) => supervisor.document(json),
                Part::Files(json) => supervisor.files(json),
            };
        }
    });
    match digest {
        Ok(digest) => (digest, sent.err().map(|error| error.reason())),
        Err(error) => {
            let remedy = "report this as a defect of portcullis";
            let reason = Reason::new("input-document", format!("it cannot be written: {error}"), remedy);
            (String::new(), Some(reason))
        }
    }
}
