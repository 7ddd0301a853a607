//! The input document as JSON in parts, so that several threads can read it at a time.
//!
//! Owns where the document is cut: the files stand in lists of their own. The digest is that of the whole document.

use sha2::{Digest, Sha256};

use super::input::InputDocument;
use crate::finding::hex;

/// Bytes of files after which a new part begins.
const PART_BYTES: usize = 1 << 18;

/// One part of the document.
pub enum Part {
    /// The document with an empty list of files; comes first.
    Head(Vec<u8>),
    /// The next files, a list.
    Files(Vec<u8>),
}

/// Hands out the parts in their order, and returns the SHA-256 of the whole document as JSON.
///
/// # Errors
/// When a part cannot be written as JSON.
pub fn parts(document: &InputDocument, mut take: impl FnMut(Part)) -> Result<String, serde_json::Error> {
    let head = serde_json::to_vec(&document.without_files())?;
    let gap = gap(&head);
    let mut hash = Sha256::new();
    let (front, back) = head.split_at(gap.unwrap_or(0));
    hash.update(front);
    let back = back.to_vec();
    take(Part::Head(head));
    let mut first = true;
    let mut list = Vec::new();
    for (index, file) in document.files.iter().enumerate() {
        if list.is_empty() {
            list.reserve(PART_BYTES.saturating_mul(2));
        }
        list.push(if list.is_empty() { b'[' } else { b',' });
        serde_json::to_writer(&mut list, file)?;
        if list.len() >= PART_BYTES || index.saturating_add(1) == document.files.len() {
            // Without its bracket, or with a comma in its place.
            hash.update(if first { "" } else { "," });
            hash.update(list.get(1..).unwrap_or_default());
            first = false;
            list.push(b']');
            take(Part::Files(std::mem::take(&mut list)));
        }
    }
    hash.update(back);
    match gap {
        Some(_) => Ok(hex(&hash.finalize())),
        None => Ok(hex(&Sha256::digest(serde_json::to_vec(document)?))),
    }
}

/// Returns where the files belong in the head, where that is plain. Inside of a text no quote stands without a
/// backslash, so what is found is a key.
fn gap(head: &[u8]) -> Option<usize> {
    const EMPTY: &[u8] = b"\"files\":[]";
    let mut found = head.windows(EMPTY.len()).enumerate().filter(|(_, window)| *window == EMPTY);
    let (start, _) = found.next()?;
    found.next().is_none().then(|| start.saturating_add(EMPTY.len()).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::{Part, parts};
    use crate::finding::hex;
    use crate::policies::input::{FileEntry, InputDocument};
    use crate::policies::schema::empty_document;

    fn document(files: usize) -> InputDocument {
        let mut document: InputDocument = serde_json::from_value(empty_document()).unwrap();
        let file = document.files.remove(0);
        let path = |number| format!("\"files\":[]/{number}").repeat(300);
        document.files = (0..files).map(|number| FileEntry { path: path(number), ..file.clone() }).collect();
        document.change.title = "\"files\":[] \\".to_owned();
        document
    }

    #[test]
    fn the_digest_is_that_of_the_whole_and_the_parts_are_its_files() {
        for count in [0, 1, 2, 400] {
            let document = document(count);
            let (mut heads, mut files, mut lists) = (Vec::new(), Vec::new(), 0);
            let digest = parts(&document, |part| match part {
                Part::Head(json) => heads.push(json),
                Part::Files(json) => {
                    lists += 1;
                    files.extend(serde_json::from_slice::<Vec<serde_json::Value>>(&json).unwrap());
                }
            });
            let whole = serde_json::to_vec(&document).unwrap();
            assert_eq!(digest.unwrap(), hex(&Sha256::digest(&whole)));
            let mut joined: serde_json::Value = serde_json::from_slice(&heads.concat()).unwrap();
            joined["files"] = files.into();
            assert_eq!(joined, serde_json::from_slice::<serde_json::Value>(&whole).unwrap());
            assert!(lists > usize::from(count == 400) || count < 400, "several parts");
        }
    }
}
