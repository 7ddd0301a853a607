//! Where a forge's interface is, and what belongs to it.
//!
//! Owns base addresses and the rule of the same origin: a page link or a redirect is followed only when scheme, host and
//! port are those of the base and the path is below it, so that a token never goes elsewhere. Must not open a
//! connection.

use std::fmt;

use crate::change::Environment;

/// Base address of a forge's interface, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    secure: bool,
    host: String,
    port: u16,
    path: String,
}

/// The variables and defaults from which a base address follows, in this order.
struct Sources {
    exact: &'static str,
    server: &'static str,
    below_server: &'static str,
    public_server: &'static str,
    public: &'static str,
}

const GITHUB: Sources = Sources {
    exact: "GITHUB_API_URL",
    server: "GITHUB_SERVER_URL",
    below_server: "/api/v3",
    public_server: "https://github.com",
    public: "https://api.github.com",
};

const GITLAB: Sources = Sources {
    exact: "CI_API_V4_URL",
    server: "CI_SERVER_URL",
    below_server: "/api/v4",
    public_server: "https://gitlab.com",
    public: "https://gitlab.com/api/v4",
};

impl Address {
    /// Reads an address: `https`, or `http` to this machine only, without user, query or fragment.
    ///
    /// # Errors
    /// With a sentence that never repeats a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (secure, rest) = split_scheme(text).ok_or("the address of the forge must begin with https://")?;
        if rest.contains(['?', '#', '@', '\\']) || rest.bytes().any(|byte| !byte.is_ascii_graphic()) {
            return Err("the address of the forge must not hold a user, a query, a fragment or blanks".to_owned());
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = split_port(authority, secure).ok_or("the address of the forge has no valid host")?;
        if path.split('/').any(|part| part == "." || part == "..") {
            return Err("the path of the forge's address must not hold `.` or `..`".to_owned());
        }
        let four = host
            .strip_prefix("127.")
            .is_some_and(|rest| rest.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit()));
        let here = host == "localhost" || host == "[::1]" || four;
        if !secure && !here {
            return Err(format!("http://{host} would show the token to everybody on the way; use https"));
        }
        Ok(Self { secure, host, port, path: path.trim_end_matches('/').to_owned() })
    }

    /// Returns the address for a kind of forge: the option, else what CI says, else the public one.
    ///
    /// # Errors
    /// When what is said is no address.
    pub fn of(kind: &str, option: Option<&str>, environment: &Environment) -> Result<Self, String> {
        let sources = if kind == "gitlab" { &GITLAB } else { &GITHUB };
        let set = |name: &str| environment.get(name).map(String::as_str).filter(|value| !value.is_empty());
        if let Some(exact) = option.or_else(|| set(sources.exact)) {
            return Self::parse(exact);
        }
        match set(sources.server).map(|server| server.trim_end_matches('/')) {
            Some(server) if server != sources.public_server => {
                Self::parse(&format!("{server}{}", sources.below_server))
            }
            _ => Self::parse(sources.public),
        }
    }

    /// Returns the full address of a path below the base; it begins with `/`.
    #[must_use]
    pub fn below(&self, path: &str) -> String {
        format!("{self}{path}")
    }

    /// Returns what follows the base in a link of the same origin; none for every other link.
    ///
    /// A link without scheme and host is taken as one of this host.
    #[must_use]
    pub fn inside<'a>(&self, link: &'a str) -> Option<&'a str> {
        let path = if link.starts_with('/') && !link.starts_with("//") {
            link
        } else {
            let (secure, rest) = split_scheme(link)?;
            let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
            let (host, port) = split_port(authority, secure)?;
            if (secure, host.as_str(), port) != (self.secure, self.host.as_str(), self.port) {
                return None;
            }
            path
        };
        if path.contains(['\\', '#']) || path.bytes().any(|byte| !byte.is_ascii_graphic()) {
            return None;
        }
        let below = path.strip_prefix(self.path.as_str()).filter(|below| below.starts_with('/'))?;
        let plain = below.split('?').next().unwrap_or_default();
        let climbs =
            plain.split('/').any(|part| matches!(part.replace("%2e", ".").replace("%2E", ".").as_str(), "." | ".."));
        (!climbs).then_some(below)
    }

    /// Says whether it is encrypted; all but those of this machine are.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Returns host and port, as a person would write them.
    #[must_use]
    pub fn host(&self) -> String {
        if self.port == usual_port(self.secure) { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(formatter, "{scheme}://{}{}", self.host(), self.path)
    }
}

fn usual_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

fn split_scheme(text: &str) -> Option<(bool, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Some((true, rest)),
        "http" => Some((false, rest)),
        _ => None,
    }
}

/// Returns host (lower case) and port of `host[:port]`; none where there is a user or anything odd.
fn split_port(authority: &str, secure: bool) -> Option<(String, u16)> {
    let after_host = authority.find(']').map_or(0, |end| end + 1);
    let colon = authority.get(after_host..)?.find(':').map(|at| at + after_host);
    let (host, port) = match colon {
        Some(at) => (authority.get(..at)?, authority.get(at + 1..)?.parse().ok()?),
        None => (authority, usual_port(secure)),
    };
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let valid = match bare {
        Some(six) => !six.is_empty() && six.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':'),
        None => {
            !host.is_empty()
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        }
    };
    valid.then(|| (host.to_ascii_lowercase(), port))
}

/// Returns the target of a relation in a `Link` header (RFC 8288), e.g. of `next`.
#[must_use]
pub fn linked<'a>(header: &'a str, relation: &str) -> Option<&'a str> {
    let mut rest = header;
    while let Some(start) = rest.find('<') {
        let after = rest.get(start + 1..)?;
        let (target, after) = after.split_once('>')?;
        let parameters = after.get(..after.find('<').unwrap_or(after.len())).unwrap_or_default();
        let named = |parameter: &str| {
            let (name, value) = parameter.trim().trim_end_matches(',').trim().split_once('=')?;
            let value = value.trim().trim_matches('"');
            (name.trim().eq_ignore_ascii_case("rel") && value.split(' ').any(|word| word == relation)).then_some(())
        };
        if parameters.split(';').any(|parameter| named(parameter).is_some()) {
            return Some(target);
        }
        rest = after;
    }
    None
}

/// Writes a part of a path so that nothing in it can leave its place.
#[must_use]
pub fn escaped(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    // A part that is all dots would be taken for a step up, and so would `%2E%2E` (WHATWG URL 4.1): it is escaped twice,
    // and then is no name of anything.
    let dots = !part.is_empty() && part.bytes().all(|byte| byte == b'.');
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') || (byte == b'.' && !dots) {
            text.push(char::from(byte));
        } else if dots {
            text.push_str("%252E");
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Address, escaped, linked};
    use crate::change::Environment;

    fn of(kind: &str, pairs: &[(&str, &str)]) -> String {
        let environment: Environment =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Address::of(kind, None, &environment).unwrap().to_string()
    }

    #[test]
    fn public_enterprise_and_self_managed_addresses_follow_from_the_environment() {
        assert_eq!(of("github", &[]), "https://api.github.com");
        assert_eq!(of("github", &[("GITHUB_SERVER_URL", "https://github.com")]), "https://api.github.com");
        assert_eq!(of("github", &[("GITHUB_SERVER_URL", "https://git.corp:8443/")]), "https://git.corp:8443/api/v3");
        assert_eq!(of("github", &[("GITHUB_API_URL", "https://api.corp.ghe.com/")]), "https://api.corp.ghe.com");
        assert_eq!(of("gitlab", &[]), "https://gitlab.com/api/v4");
        assert_eq!(of("gitlab", &[("CI_SERVER_URL", "https://corp/git")]), "https://corp/git/api/v4");
        assert_eq!(of("gitlab", &[("CI_API_V4_URL", "https://corp/git/api/v4")]), "https://corp/git/api/v4");
    }

    #[test]
    fn a_token_never_goes_over_the_net_in_clear_text() {
        assert!(Address::parse("http://git.corp/api/v3").is_err());
        assert!(Address::parse("http://127.0.0.1.evil.example").is_err());
        assert!(Address::parse("http://127.0.0.1:8080").is_ok());
        for odd in ["ftp://a", "https://", "https://u:p@host", "https://a/../b", "https://a?x", "a", "https://a:x"] {
            assert!(Address::parse(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn only_links_of_the_same_origin_below_the_base_are_followed_row_139() {
        let base = Address::parse("https://git.corp/api/v3").unwrap();
        assert_eq!(base.inside("https://git.corp/api/v3/repos?page=2"), Some("/repos?page=2"));
        assert_eq!(base.inside("https://GIT.corp:443/api/v3/repos"), Some("/repos"));
        assert_eq!(base.inside("/api/v3/repos"), Some("/repos"));
        for foreign in [
            "https://evil.example/api/v3/repos",
            "http://git.corp/api/v3/repos",
            "https://git.corp:8443/api/v3/repos",
            "https://git.corp@evil.example/api/v3/repos",
            "https://git.corp.evil.example/api/v3/repos",
            "//evil.example/api/v3/repos",
            "https://git.corp/api/v33/repos",
            "https://git.corp/other",
            "https://git.corp/api/v3/../../x",
            "https://git.corp/api/v3/%2e%2E/x",
            "https://git.corp\\@evil.example/api/v3/x",
            "repos?page=2",
        ] {
            assert_eq!(base.inside(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn links_are_found_by_relation_and_oddities_are_no_link() {
        let header = r#"<https://a/b?page=1,2>; rel="prev", <https://a/b?page=3>; rel="next last"; title="x""#;
        assert_eq!(linked(header, "next"), Some("https://a/b?page=3"));
        assert_eq!(linked(header, "last"), Some("https://a/b?page=3"));
        assert_eq!(linked(header, "prev"), Some("https://a/b?page=1,2"));
        assert_eq!(linked(header, "first"), None);
        assert_eq!(linked("<https://a", "next"), None);
        assert_eq!(linked("", "next"), None);
    }

    #[test]
    fn a_part_of_a_path_cannot_leave_its_place() {
        assert_eq!(escaped("a/../b"), "a%2F..%2Fb");
        assert_eq!(escaped(".."), "%252E%252E");
        assert_eq!(escaped("dependabot[bot]?x#y"), "dependabot%5Bbot%5D%3Fx%23y");
        assert_eq!(escaped("a.b-c_d~e"), "a.b-c_d~e");
    }
}
