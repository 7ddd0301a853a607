//! The file that lets a replay go on where it was stopped: one line of JSON an answer.
//!
//! Owns the lines. An answer holds for one commit and one digest of rules, so several replays may share a file. A line
//! that was not finished when the machine went down is written anew; anything else that is no answer is refused.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Answer;

/// One line.
#[derive(Serialize, Deserialize)]
struct Line {
    rules: String,
    commit: String,
    answer: Answer,
    micros: BTreeMap<String, u64>,
}

/// The answers that are known, and where new ones are added.
pub struct Journal {
    known: BTreeMap<(String, String), (Answer, BTreeMap<String, u64>)>,
    file: Option<File>,
}

impl Journal {
    /// Returns one that remembers nothing.
    #[must_use]
    pub fn none() -> Self {
        Self { known: BTreeMap::new(), file: None }
    }

    /// Opens a file, or begins one.
    ///
    /// # Errors
    /// When it cannot be read or written, or holds something else than a journal.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut known = BTreeMap::new();
        let (mut whole, mut torn) = (0_u64, false);
        let mut reader = BufReader::new(&file);
        let mut text = Vec::new();
        loop {
            text.clear();
            let read = reader.read_until(b'\n', &mut text)?;
            if read == 0 {
                break;
            }
            if torn {
                return Err(foreign());
            }
            match serde_json::from_slice::<Line>(&text) {
                Ok(line) if text.ends_with(b"\n") => {
                    known.insert((line.rules, line.commit), (line.answer, line.micros));
                    whole = whole.saturating_add(read as u64);
                }
                // Only the beginning of a line of ours can be one that was cut.
                _ if text.starts_with(b"{\"rules\":\"") && !text.ends_with(b"\n") => torn = true,
                _ => return Err(foreign()),
            }
        }
        if torn {
            file.set_len(whole)?;
            file.seek(SeekFrom::End(0))?;
        }
        Ok(Self { known, file: Some(file) })
    }

    /// Returns the answer of a set of rules about a commit, if it is known.
    #[must_use]
    pub fn known(&self, rules: &str, commit: &str) -> Option<&(Answer, BTreeMap<String, u64>)> {
        self.known.get(&(rules.to_owned(), commit.to_owned()))
    }

    /// Adds an answer.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(
        &mut self,
        rules: &str,
        commit: &str,
        answer: &Answer,
        micros: &BTreeMap<String, u64>,
    ) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let (rules, commit) = (rules.to_owned(), commit.to_owned());
        let mut line = serde_json::to_vec(&Line { rules, commit, answer: answer.clone(), micros: micros.clone() })?;
        line.push(b'\n');
        file.write_all(&line)
    }
}

fn foreign() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is no journal of a replay")
}
