//! What a reviewer has to know of the change itself: who or what made it, which symbols and contracts it touches.
//!
//! Owns the section's words. "AI-assisted" stands only where there is evidence; lines of unknown making are called that.

use super::page::{Page, code, inline};
use crate::outcome::{MadeFile, Outcome, SymbolNote};
use crate::reports::layout::others;
use crate::reports::layout::words::relying;
use crate::untrusted::markdown;

/// So many files, symbols and contracts are shown.
const FILES: usize = 20;
const SESSIONS: usize = 5;
const SYMBOLS: usize = 30;
const CONTRACTS: usize = 20;

/// Adds the section; nothing where there is nothing to say.
pub(super) fn add(page: &mut Page, outcome: &Outcome) {
    let handover = &outcome.handover;
    others(page, outcome);
    if handover.files.is_empty() && handover.symbols.is_empty() && handover.contracts.is_empty() {
        return;
    }
    page.add("\n### The change\n\n");
    page.add(&made(outcome));
    contracts(page, outcome);
    reach(page, outcome);
    page.details("Files made with AI", |page| files(page, &handover.files));
    page.details("Symbols changed", |page| symbols(page, &handover.symbols));
}

/// Says in one line how much of what was added was made with which tools.
fn made(outcome: &Outcome) -> String {
    let handover = &outcome.handover;
    let (added, ai, unknown) = (handover.added, handover.ai_added, handover.unknown_added);
    if ai == 0 {
        return format!("- no mark of an AI tool; {unknown} of {added} added lines are of unknown making\n");
    }
    let share = u64::from(ai) * 100 / u64::from(added.max(1));
    let share = if share == 0 { "less than 1".to_owned() } else { share.to_string() };
    let tools: Vec<String> = handover.tools.iter().map(|tool| inline(tool.raw())).collect();
    let tools = if tools.is_empty() { String::new() } else { format!(" ({})", tools.join(", ")) };
    format!("- **AI-assisted**{tools}: {ai} of {added} added lines ({share} %); {unknown} are of unknown making\n")
}

fn contracts(page: &mut Page, outcome: &Outcome) {
    let contracts = &outcome.handover.contracts;
    for contract in contracts.iter().take(CONTRACTS) {
        let users: Vec<String> = contract.consumers.iter().map(|user| inline(user.raw())).collect();
        let users = if users.is_empty() { String::new() } else { format!(", used by {}", users.join(", ")) };
        let verdict = markdown(&contract.verdict);
        page.add(&format!("- contract {}: {verdict}{users}\n", code(contract.id.raw())));
    }
    page.rest(contracts.len(), CONTRACTS, "contracts");
}

/// Says which other open changes do something to the same, with links: whoever reads this may want to talk first.
fn others(page: &mut Page, outcome: &Outcome) {
    let handover = &outcome.handover;
    if handover.others.is_empty() {
        return;
    }
    page.add("\n### Also open\n\n");
    let (near, all) = others::near(handover);
    for other in near {
        let label = inline(other.label.raw());
        let label = others::address(other).map_or(label.clone(), |url| format!("[{label}]({url})"));
        let draft = if other.draft { ", draft" } else { "" };
        let title = if other.title.is_empty() { String::new() } else { format!(" {}", inline(other.title.raw())) };
        let shared: Vec<String> = others::shared(other)
            .into_iter()
            .map(|(word, names, more)| {
                // What both do to a decision is a sentence.
                let names: Vec<String> = match word {
                    "decision" => names.iter().map(|name| inline(name.raw())).collect(),
                    _ => names.iter().map(|name| code(name.raw())).collect(),
                };
                let more = if more == 0 { String::new() } else { format!(" and {more} more") };
                format!("{word} {}{more}", names.join(", "))
            })
            .collect();
        page.add(&format!("- {label}{title} ({}{draft}): {}\n", inline(other.author.raw()), shared.join("; ")));
    }
    page.rest(all, others::SHOWN, "open changes");
    if let Some(far) = others::far(handover) {
        page.add(&format!("- {far}\n"));
    }
}

fn reach(page: &mut Page, outcome: &Outcome) {
    let handover = &outcome.handover;
    for module in handover.modules.iter().take(CONTRACTS) {
        let users: Vec<String> = module.used_by.iter().map(|team| inline(team.raw())).collect();
        let users = if users.is_empty() { String::new() } else { format!("; teams that use it: {}", users.join(", ")) };
        page.add(&format!("- module {}: {}{users}\n", code(module.id.raw()), relying(module.dependents)));
    }
    page.rest(handover.modules.len(), CONTRACTS, "modules");
}

fn files(page: &mut Page, files: &[MadeFile]) {
    for file in files.iter().take(FILES) {
        page.add(&format!("- {}: {} of {} lines\n", code(file.path.raw()), file.ai, file.added));
        for session in file.sessions.iter().take(SESSIONS) {
            page.add(&format!("  - session or prompt {}\n", code(session.raw())));
        }
    }
    page.rest(files.len(), FILES, "files");
}

fn symbols(page: &mut Page, symbols: &[SymbolNote]) {
    for symbol in symbols.iter().take(SYMBOLS) {
        let place = code(&format!("{}:{}", symbol.path.raw(), symbol.line));
        let (name, exported) = (code(symbol.name.raw()), if symbol.exported { "exported " } else { "" });
        page.add(&format!("- {exported}{} {name} {}: {place}\n", markdown(&symbol.kind), markdown(&symbol.change)));
    }
    page.rest(symbols.len(), SYMBOLS, "symbols");
}
