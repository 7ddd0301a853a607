//! Other open changes that do something to the same, in words that every format shares.
//!
//! Owns the choice of what is named and when an address may become a link. Titles, names and branches are a stranger's: what
//! is returned is raw, and each format escapes it.

use super::words::count;
use crate::outcome::{Handover, OtherNote};
use crate::untrusted::Untrusted;

/// So many other changes are shown.
pub(in crate::reports) const SHOWN: usize = 5;
/// So many names of one kind are shown.
const NAMED: usize = 3;

/// Returns those that are shown one by one, and how many there are of them.
pub(in crate::reports) fn near(handover: &Handover) -> (impl Iterator<Item = &OtherNote>, usize) {
    let near = || handover.others.iter().filter(|other| other.is_near());
    (near().take(SHOWN), near().count())
}

/// Returns how many more only change other files of the same modules, as a sentence; nothing where there are none.
pub(in crate::reports) fn far(handover: &Handover) -> Option<String> {
    let far = handover.others.iter().filter(|other| !other.is_near()).count();
    let what =
        if far == 1 { "changes other files of the same modules" } else { "change other files of the same modules" };
    (far > 0).then(|| format!("{} {what}", count(far, "more open change")))
}

/// Returns what both do something to: a word, the names that are shown, and how many more there are.
pub(in crate::reports) fn shared(other: &OtherNote) -> Vec<(&'static str, &[Untrusted], usize)> {
    let all: [(&'static str, &[Untrusted]); 4] = [
        ("decision", &other.decisions),
        ("contract", &other.contracts),
        ("symbol", &other.symbols),
        ("file", &other.files),
    ];
    // Where symbols are named, the files that hold them say nothing more.
    let said = all.into_iter().filter(|(word, list)| !list.is_empty() && (*word != "file" || other.symbols.is_empty()));
    let cut = said.map(|(word, list)| (word, list.get(..NAMED).unwrap_or(list), list.len().saturating_sub(NAMED)));
    cut.collect()
}

/// Returns the address of another change where it is a plain one, which no sink reads as anything else.
pub(in crate::reports) fn address(other: &OtherNote) -> Option<&str> {
    let url = other.url.raw();
    let web = url.starts_with("https://") || url.starts_with("http://");
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
    (web && url.len() <= 500 && url.chars().all(plain)).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::{address, shared};
    use crate::outcome::OtherNote;
    use crate::untrusted::Untrusted;

    fn at(url: &str) -> OtherNote {
        OtherNote { url: Untrusted::new(url), ..OtherNote::default() }
    }

    #[test]
    fn only_plain_addresses_become_links() {
        assert!(address(&at("https://github.com/acme/shop/pull/12")).is_some());
        assert!(address(&at("http://127.0.0.1:81/acme/shop/-/merge_requests/5")).is_some());
        for url in [
            "",
            "javascript:alert(1)",
            "https://a.b/)(",
            "https://a.b/ @x",
            "https://a.b/<x>",
            "//a.b",
            "https://a.b/\u{202E}",
        ] {
            assert_eq!(address(&at(url)), None, "{url}");
        }
    }

    #[test]
    fn files_are_named_where_no_symbol_is() {
        let names = |list: &[&str]| list.iter().map(|name| Untrusted::new(*name)).collect::<Vec<_>>();
        let both = OtherNote { symbols: names(&["a", "b", "c", "d"]), files: names(&["x.py"]), ..OtherNote::default() };
        let said = shared(&both);
        assert_eq!((said.len(), said[0].0, said[0].1.len(), said[0].2), (1, "symbol", 3, 1));
        let file = OtherNote { symbols: Vec::new(), ..both };
        assert_eq!(shared(&file)[0].0, "file");
    }
}
