//! One self-contained page that a new team member can read: systems, rules with their reasons, contracts, agents,
//! decisions, teams.
//!
//! Owns the page's shape. It loads nothing, runs no script, and follows the reader's choice of light or dark. Every
//! text is escaped where it is written.

mod parts;
mod rules;

use super::Extent;
use super::markdown::{escaped, inline};
use crate::specification::Specification;

/// The page's only style sheet.
const STYLE: &str = include_str!("html/style.css");

/// Returns the page.
#[must_use]
pub fn html(specification: &Specification, extent: &Extent) -> String {
    let manifest = &specification.manifest;
    let title = escaped(&format!("{} {}", manifest.name, manifest.version));
    let mut body = Body::default();
    rules::write(specification, extent, &mut body);
    parts::contracts(specification, extent, &mut body);
    parts::agents(specification, extent, &mut body);
    parts::decisions(specification, &mut body);
    parts::teams(specification, &mut body);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<header>\n<h1>{title}</h1>\n<p>{}</p>\n</header>\n<nav aria-label=\"Contents\">\n<h2>Contents</h2>\n\
         <ul>\n{}</ul>\n</nav>\n<main>\n{}</main>\n</body>\n</html>\n",
        intro(specification),
        body.contents,
        body.text
    )
}

fn intro(specification: &Specification) -> String {
    inline(&format!(
        "What must hold here, why, and who answers for it. A change that breaks a rule with the status `enforced` and \
         the severity `error` is refused at the pull request; `advisory` rules are shown and block nothing. Each rule \
         says whom to ask. {}, {}, {}.",
        counted(specification.rules.len(), "rule"),
        counted(specification.systems.len(), "system"),
        counted(specification.teams.len(), "team")
    ))
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The page while it grows, and its table of contents.
#[derive(Default)]
struct Body {
    contents: String,
    text: String,
}

impl Body {
    /// Begins a section; `below` are the entries that stand under it in the table of contents.
    fn section(&mut self, id: &str, heading: &str, below: &[(String, String)]) {
        let (id, heading) = (escaped(id), escaped(heading));
        self.contents.push_str(&format!("<li><a href=\"#{id}\">{heading}</a>"));
        if !below.is_empty() {
            self.contents.push_str("<ul>");
            for (id, words) in below {
                self.contents.push_str(&format!("<li><a href=\"#{}\">{}</a></li>", escaped(id), escaped(words)));
            }
            self.contents.push_str("</ul>");
        }
        self.contents.push_str("</li>\n");
        self.text.push_str(&format!("<section id=\"{id}\">\n<h2>{heading}</h2>\n"));
    }

    /// Ends it.
    fn end(&mut self) {
        self.text.push_str("</section>\n");
    }

    /// Adds markup whose texts are escaped already.
    fn push(&mut self, markup: &str) {
        self.text.push_str(markup);
        self.text.push('\n');
    }
}

/// Returns rows of a definition list; those without content are left out. Terms are ours, contents are markup.
fn facts(rows: &[(&str, String)]) -> String {
    let rows = rows.iter().filter(|(_, content)| !content.is_empty());
    let rows: String = rows.map(|(term, content)| format!("<dt>{term}</dt><dd>{content}</dd>")).collect();
    if rows.is_empty() { String::new() } else { format!("<dl>{rows}</dl>") }
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

fn codes<'t>(texts: impl IntoIterator<Item = &'t String>) -> String {
    texts.into_iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

/// Returns a link to a part of the page.
fn link(id: &str, words: &str) -> String {
    format!("<a href=\"#{}\">{}</a>", escaped(id), escaped(words))
}

/// Returns a team with its handles, linked to its row.
fn team(id: &str, specification: &Specification) -> String {
    let Some(team) = specification.teams.get(id) else { return escaped(id) };
    let handles =
        if team.handles.is_empty() { String::new() } else { format!(" ({})", escaped(&team.handles.join(", "))) };
    format!("{}{handles}", link(&format!("team-{id}"), id))
}

#[cfg(test)]
mod tests;
