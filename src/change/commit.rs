//! The commits of the change: who, when it matters, and which words they chose.
//!
//! Owns our own reader of commit objects (lenient in everything but tree and parents), the walk of base..head, and
//! tickets named in messages. Must not read dates: they are the author's to choose and nothing depends on them but
//! the order of the walk.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::LazyLock;

use gix::ObjectId;
use regex::Regex;

use super::repository::{BlobError, Reader};
use super::trailer::trailers;
use super::{Commit, Person};
use crate::completeness::Reason;
use crate::limits::Limits;

/// Commits visited for each allowed commit of the change before the walk gives up; chosen dates can make it long.
pub(super) const VISITS_PER_COMMIT: u64 = 200;

/// A commit object, taken apart.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<ObjectId>,
    author: Person,
    committer: Person,
    pub(super) time: i64,
    message: String,
}

/// What walking base..head found.
#[derive(Debug, Default)]
pub(super) struct Commits {
    /// Oldest first: a commit comes after all of its parents.
    pub(super) list: Vec<Commit>,
    /// True when the history of this clone is cut off inside the change.
    pub(super) cut: bool,
    pub(super) reasons: Vec<Reason>,
}

/// Reads one commit object.
pub(super) fn read(reader: &Reader, id: ObjectId, limits: &Limits) -> Result<Parsed, BlobError> {
    let data = reader.object(id, gix::objs::Kind::Commit, limits)?;
    parse(&data).ok_or_else(|| BlobError::Unreadable {
        id: id.to_string(),
        detail: "it does not begin with a tree and its parents".to_owned(),
    })
}

/// Takes a commit object apart; none when tree or parents are malformed, everything else is read as far as it goes.
fn parse(data: &[u8]) -> Option<Parsed> {
    let (head, message) = match data.windows(2).position(|pair| pair == b"\n\n") {
        Some(end) => (data.get(..end)?, data.get(end + 2..)?),
        None => (data, &b""[..]),
    };
    let mut lines = head.split(|&byte| byte == b'\n').peekable();
    let tree = ObjectId::from_hex(lines.next()?.strip_prefix(b"tree ")?).ok()?;
    let mut parents = Vec::new();
    while let Some(id) = lines.peek().and_then(|line| line.strip_prefix(b"parent ")) {
        parents.push(ObjectId::from_hex(id).ok()?);
        lines.next();
    }
    let (mut author, mut committer) = (None, None);
    for line in lines {
        if let Some(rest) = line.strip_prefix(b"author ") {
            author.get_or_insert_with(|| person(rest));
        } else if let Some(rest) = line.strip_prefix(b"committer ") {
            committer.get_or_insert_with(|| person(rest));
        }
    }
    let (author, _) = author.unwrap_or_default();
    let (committer, time) = committer.unwrap_or_default();
    let message = String::from_utf8_lossy(message).into_owned();
    Some(Parsed { tree, parents, author, committer, time, message })
}

/// Reads `Name <mail> seconds zone`; what is not there is empty, a date that is no number is 0.
fn person(line: &[u8]) -> (Person, i64) {
    let text = String::from_utf8_lossy(line);
    let (who, when) = text.rsplit_once('>').unwrap_or((&text, ""));
    let (name, email) = who.split_once('<').unwrap_or((who, ""));
    let seconds = when.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0);
    (Person { name: name.trim().to_owned(), email: email.trim().to_owned() }, seconds)
}

impl Parsed {
    /// Returns the first line of the message, and the rest.
    fn paragraphs(&self) -> (&str, &str) {
        let message = self.message.trim_start_matches('\n');
        let (subject, body) = message.split_once('\n').unwrap_or((message, ""));
        (subject.trim_end(), body)
    }

    /// Returns the author's name.
    pub(super) fn author_name(&self) -> &str {
        &self.author.name
    }

    /// Returns the first line of the message.
    pub(super) fn subject(&self) -> &str {
        self.paragraphs().0
    }
}

/// Returns the entry for the input document.
fn entry(id: ObjectId, parsed: &Parsed) -> Commit {
    let (subject, body) = parsed.paragraphs();
    Commit {
        id: id.to_string(),
        author: parsed.author.clone(),
        committer: parsed.committer.clone(),
        subject: subject.to_owned(),
        body: body.trim().to_owned(),
        trailers: trailers(&parsed.message),
    }
}

/// The walk from head and the merge bases at once, newest first, until only history of the base is left.
#[derive(Default)]
struct Walk {
    queue: BinaryHeap<(i64, ObjectId)>,
    seen: BTreeMap<ObjectId, Parsed>,
    /// Reachable from base: not of the change.
    hidden: BTreeSet<ObjectId>,
    /// What waits in the queue.
    queued: BTreeSet<ObjectId>,
    /// How many queued commits are not known to be hidden.
    open: usize,
    /// How many seen commits are not known to be hidden.
    own: u64,
}

/// Lists the commits reachable from `head` and not from `bases`.
///
/// A commit that base also has may be listed when dates lie and the walk ends early; one of the change never is left
/// out, unless the clone ends before it.
pub(super) fn between(reader: &Reader, bases: &[ObjectId], head: ObjectId, limits: &Limits) -> Commits {
    let mut commits = Commits::default();
    let mut walk = Walk::default();
    let limit = |what: &str| {
        let message = format!("the change has more than {} commits{what}", limits.commits);
        Reason::new("too-many-commits", message, "compare a shorter range, or raise `limits: {commits: N}`")
    };
    for &base in bases {
        walk.hidden.insert(base);
    }
    for &tip in bases.iter().chain([&head]) {
        walk.visit(reader, tip, limits, &mut commits);
    }
    let mut visits = 0_u64;
    while walk.open > 0 {
        let Some((_, id)) = walk.queue.pop() else { break };
        walk.queued.remove(&id);
        let hidden = walk.hidden.contains(&id);
        walk.open = walk.open.saturating_sub(usize::from(!hidden));
        visits += 1;
        if walk.own > limits.commits {
            commits.reasons.push(limit(""));
            break;
        }
        if visits > limits.commits.saturating_mul(VISITS_PER_COMMIT) {
            commits.reasons.push(limit(", or dates that make them hard to find"));
            break;
        }
        let parents = walk.seen.get(&id).map(|parsed| parsed.parents.clone()).unwrap_or_default();
        for parent in parents {
            if hidden {
                walk.hide(parent);
            }
            walk.visit(reader, parent, limits, &mut commits);
        }
    }
    commits.list = walk.oldest_first(head);
    commits
}

impl Walk {
    /// Queues a commit once.
    fn visit(&mut self, reader: &Reader, id: ObjectId, limits: &Limits, commits: &mut Commits) {
        if self.seen.contains_key(&id) {
            return;
        }
        let hidden = self.hidden.contains(&id);
        match read(reader, id, limits) {
            Ok(mut parsed) => {
                if hidden {
                    // Only its parents are of use.
                    parsed.message = String::new();
                } else {
                    self.open += 1;
                    self.own += 1;
                }
                self.queue.push((parsed.time, id));
                self.queued.insert(id);
                self.seen.insert(id, parsed);
            }
            // History of the base does not matter beyond the merge base.
            Err(_) if hidden => {}
            Err(BlobError::Missing { .. }) if reader.shallow => commits.cut = true,
            Err(error) => commits.reasons.push(error.reason("")),
        }
    }

    /// Marks a commit and everything already seen below it as history of the base.
    fn hide(&mut self, id: ObjectId) {
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            if !self.hidden.insert(id) {
                continue;
            }
            if let Some(parsed) = self.seen.get(&id) {
                self.own = self.own.saturating_sub(1);
                self.open = self.open.saturating_sub(usize::from(self.queued.contains(&id)));
                stack.extend(parsed.parents.iter().copied());
            }
        }
    }

    /// Lists the commits of the change, parents first; among those that could come next, by first-parent depth-first
    /// order from head. Dates play no part.
    fn oldest_first(&self, head: ObjectId) -> Vec<Commit> {
        let own = |id: &ObjectId| !self.hidden.contains(id) && self.seen.contains_key(id);
        let mut list = Vec::new();
        let mut entered = BTreeSet::new();
        let mut stack = vec![(head, false)];
        while let Some((id, parents_done)) = stack.pop() {
            let Some(parsed) = self.seen.get(&id).filter(|_| own(&id)) else { continue };
            if parents_done {
                list.push(entry(id, parsed));
            } else if entered.insert(id) {
                stack.push((id, true));
                stack.extend(parsed.parents.iter().rev().map(|parent| (*parent, false)));
            }
        }
        list
    }
}

/// Words that look like a ticket and are a standard.
const NOT_TICKETS: &[&str] = &["AES", "CVE", "GPT", "HTTP", "ISO", "MD", "RFC", "RSA", "SHA", "TLS", "UTF"];

#[expect(clippy::expect_used, reason = "the pattern is fixed and compiled by a test")]
static TICKET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\w&/-])(?:([A-Z][A-Z0-9]{1,9})-([0-9]{1,9})|#([0-9]{1,9}))\b").expect("a fixed pattern")
});

/// Returns the tickets that the messages name, `ABC-123` or `#12`, sorted, each once.
#[must_use]
pub fn tickets(commits: &[Commit]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for text in commits.iter().flat_map(|commit| [&commit.subject, &commit.body]) {
        let mut at = 0;
        // Neighbours may share the character between them, so go on right after the number.
        while let Some(hit) = text.get(at..).and_then(|rest| TICKET.captures(rest)) {
            match (hit.get(1), hit.get(2), hit.get(3)) {
                (Some(project), Some(number), _) if !NOT_TICKETS.contains(&project.as_str()) => {
                    found.insert(format!("{}-{}", project.as_str(), number.as_str()));
                }
                (_, _, Some(number)) => {
                    found.insert(format!("#{}", number.as_str()));
                }
                _ => {}
            }
            at += hit.get(0).map_or(text.len(), |whole| whole.end().max(1));
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::{Commit, Person, parse, tickets};

    const TREE: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";

    #[test]
    fn odd_people_and_dates_never_panic() {
        for who in [
            "A <a@b> 1 +0000",
            "A <a@b> 99999999999999999999999 +9999999",
            "A <a@b> -5 -0000",
            "<> ",
            "no mail at all",
            "A <a@b",
            ">><< 1",
            "",
            "A <a> b> 7 x",
        ] {
            let text = format!("{TREE}author {who}\ncommitter {who}\n\nsubject\n");
            assert!(parse(text.as_bytes()).is_some(), "{who:?}");
        }
        let parsed = parse(format!("{TREE}author A B <a@b> 12 +0100\n\nx").as_bytes()).expect("well formed");
        assert_eq!(parsed.author, Person { name: "A B".into(), email: "a@b".into() });
        assert_eq!(parsed.committer, Person::default());
    }

    #[test]
    fn a_message_begins_behind_the_first_empty_line_and_its_first_line_is_the_subject() {
        let parsed = parse(format!("{TREE}author A <a> 1 +0000\n\n\nFix it \n\nWhy.\n").as_bytes()).unwrap();
        assert_eq!(parsed.message, "\nFix it \n\nWhy.\n");
        assert_eq!((parsed.subject(), parsed.paragraphs()), ("Fix it", ("Fix it", "\nWhy.\n")));
        let bare = parse(format!("{TREE}\nx").as_bytes()).unwrap();
        assert_eq!((bare.message.as_str(), bare.paragraphs()), ("x", ("x", "")));
    }

    #[test]
    fn commit_without_tree_is_refused() {
        assert!(parse(b"").is_none());
        assert!(parse(b"author A <a> 1 +0000\n\nx").is_none());
        assert!(parse(format!("{TREE}parent 12\n\nx").as_bytes()).is_none());
    }

    #[test]
    fn tickets_are_found_once_and_standards_are_not_tickets() {
        let commit = |subject: &str, body: &str| Commit {
            id: String::new(),
            author: Person::default(),
            committer: Person::default(),
            subject: subject.into(),
            body: body.into(),
            trailers: Vec::new(),
        };
        let commits = [commit("PAY-12: fix (#7)", "Refs PAY-12,PAY-13 #8,#9\nUTF-8 and SHA-256 a#5 x/PAY-1 &#39;")];
        assert_eq!(tickets(&commits), ["#7", "#8", "#9", "PAY-12", "PAY-13"]);
        assert!(tickets(&[commit("nothing", "here")]).is_empty());
    }
}
