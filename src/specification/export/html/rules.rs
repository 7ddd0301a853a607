//! The rules of the page: a section a system, and one for rules of several systems, so that each rule stands once.

use super::{Body, code, codes, facts, link, team};
use crate::specification::Specification;
use crate::specification::export::Extent;
use crate::specification::export::demand::demand;
use crate::specification::export::markdown::{code_lines, escaped, inline};
use crate::specification::rule::{AppliesTo, Example, Rule};

/// Writes all rules of the extent.
pub(super) fn write(specification: &Specification, extent: &Extent, body: &mut Body) {
    let here = |rule: &&Rule| extent.status(rule).is_some();
    let rules: Vec<&Rule> = specification.rules.values().filter(here).collect();
    let (several, single): (Vec<&Rule>, Vec<&Rule>) = rules.into_iter().partition(|rule| rule.scope.systems.len() > 1);
    for (id, _) in &extent.systems {
        let Some(system) = specification.systems.get(id) else { continue };
        let own: Vec<&Rule> = single.iter().filter(|rule| rule.scope.systems.contains(id)).copied().collect();
        body.section(&format!("system-{id}"), &format!("System {id}"), &entries(&own));
        let mut modules: String =
            system.modules.iter().map(|(module, globs)| format!("{} is {}<br>", code(module), codes(globs))).collect();
        modules.truncate(modules.trim_end_matches("<br>").len());
        let shared = several.iter().filter(|rule| rule.scope.systems.contains(id));
        let shared = shared.map(|rule| link(rule.id.as_str(), rule.id.as_str())).collect::<Vec<_>>().join(", ");
        body.push(&facts(&[
            ("owner", team(&system.owner, specification)),
            ("repository", escaped(&system.repo)),
            ("languages", escaped(&system.languages.join(", "))),
            ("tier", escaped(&system.tier)),
            ("modules", modules),
            ("also hold", shared),
        ]));
        for rule in own {
            body.push(&card(rule, specification));
        }
        body.end();
    }
    if !several.is_empty() {
        body.section("several", "Rules of several systems", &entries(&several));
        for rule in several {
            body.push(&card(rule, specification));
        }
        body.end();
    }
}

fn entries(rules: &[&Rule]) -> Vec<(String, String)> {
    rules.iter().map(|rule| (rule.id.to_string(), rule.title.clone())).collect()
}

/// Returns everything about one rule.
fn card(rule: &Rule, specification: &Specification) -> String {
    let id = escaped(rule.id.as_str());
    let (status, severity) = (rule.status.word(), rule.severity.word());
    let decision = rule.decision.as_ref().map(|id| {
        let title = specification.decisions.get(id).map(|decision| decision.title.clone()).unwrap_or_default();
        format!("{} {}", link(id, id), escaped(&title))
    });
    let instead = rule.instead.as_deref().map(inline).unwrap_or_default();
    let details = facts(&[
        ("instead", instead),
        ("demands", code(&demand(&rule.enforce))),
        ("where", place(rule)),
        ("rolled out", by_system(rule)),
        ("asks for", layer(rule)),
        ("who to ask", team(&rule.owner, specification)),
        ("decision", decision.unwrap_or_default()),
        ("read on", rule.links.iter().map(|address| escaped(address)).collect::<Vec<_>>().join("<br>")),
    ]);
    format!(
        "<article id=\"{id}\">\n<header><h3>{}</h3><a class=\"id\" href=\"#{id}\">{id}</a>\
         <span class=\"tag {status} {severity}\">{status}, {severity}</span></header>\n<p>{}</p>\n{details}\n{}{}</article>",
        escaped(&rule.title),
        inline(&rule.rationale.split_whitespace().collect::<Vec<_>>().join(" ")),
        example("breaks it", "bad", &rule.examples.fail),
        example("is fine", "good", &rule.examples.pass)
    )
}

fn place(rule: &Rule) -> String {
    let systems: Vec<String> = rule.scope.systems.iter().map(|id| link(&format!("system-{id}"), id)).collect();
    let mut text = systems.join(", ");
    if !rule.scope.paths.is_empty() {
        text.push_str(&format!(": {}", codes(&rule.scope.paths)));
    }
    if !rule.scope.exclude.is_empty() {
        text.push_str(&format!(", except {}", codes(&rule.scope.exclude)));
    }
    if rule.applies_to == AppliesTo::Ai {
        text.push_str("; lines that an AI tool wrote, or may have written");
    }
    text
}

fn by_system(rule: &Rule) -> String {
    let each = rule.status_by_system.iter().map(|(id, status)| format!("{} in {}", status.word(), escaped(id)));
    each.collect::<Vec<_>>().join(", ")
}

fn layer(rule: &Rule) -> String {
    let word = match (rule.layer, rule.enforce.kind.value.as_str()) {
        (2, "review") => "a review by its team when these files are touched",
        (3, "review") => "a review by the architects when these files are touched",
        (2, _) => "a review by its team when it fires",
        (3, _) => "a review by the architects when it fires",
        _ => "",
    };
    word.to_owned()
}

fn example(caption: &str, class: &str, examples: &[Example]) -> String {
    let shown = examples.iter().take(3).map(|example| {
        let language = example.language.as_deref().map(|language| format!(" ({})", escaped(language)));
        format!(
            "<figure><figcaption>{caption}{}</figcaption><pre class=\"{class}\"><code>{}</code></pre></figure>\n",
            language.unwrap_or_default(),
            code_lines(&example.code)
        )
    });
    shown.collect()
}
