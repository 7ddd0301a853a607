//! Dates that have come, or are about to: waivers, agents, certificates.

use super::advice::Advice;
use crate::clock::days_between;
use crate::diagnostic::shortened;
use crate::enforcement::waivers;
use crate::specification::Specification;

/// So many days before a date it is mentioned.
const SOON: i64 = 14;

/// Returns what the calendar says on that day.
pub(super) fn advice(specification: &Specification, as_of: &str) -> Vec<Advice> {
    let mut found = Vec::new();
    waiver_dates(specification, as_of, &mut found);
    agent_dates(specification, as_of, &mut found);
    certificates(specification, as_of, &mut found);
    found
}

fn waiver_dates(specification: &Specification, as_of: &str, found: &mut Vec<Advice>) {
    for waiver in specification.waivers.values() {
        let place = (waiver.file.as_str(), waiver.line);
        let faults = waivers::faults(waiver, specification, as_of);
        for fault in &faults {
            found.push(Advice::at(place, "waiver", format!("{} {}", waiver.id, fault.why), fault.fix));
        }
        if let Some(left) = days_between(as_of, &waiver.until).filter(|left| (0..=SOON).contains(left))
            && faults.is_empty()
        {
            let message = format!("{} ends {}", waiver.id, when(left, &waiver.until));
            found.push(Advice::at(place, "waiver-ends", message, "Mend what it covers, or have a new one approved."));
        }
    }
}

fn agent_dates(specification: &Specification, as_of: &str, found: &mut Vec<Advice>) {
    for agent in specification.agents.values() {
        let Some(left) = days_between(as_of, &agent.review_by).filter(|left| *left <= SOON) else { continue };
        let message = if left < 0 {
            format!("the contract of the agent `{}` ended on {}", agent.id, agent.review_by)
        } else {
            format!("the contract of the agent `{}` ends {}", agent.id, when(left, &agent.review_by))
        };
        let help = format!("`{}` renews it with a later `review-by`, or removes it.", agent.owner);
        found.push(Advice::at((&agent.file, agent.line), "agent-ends", message, help));
    }
}

fn certificates(specification: &Specification, as_of: &str, found: &mut Vec<Advice>) {
    let defaults = &specification.manifest.defaults;
    if defaults.certification.is_empty() {
        return;
    }
    let most = i64::from(defaults.certification_max_age_days);
    for team in specification.teams.values().filter(|team| !team.approves.is_empty()) {
        for member in &team.members {
            let Some(given) = member.certified.get(&defaults.certification) else { continue };
            let Some(age) = days_between(given, as_of).filter(|age| *age > most - SOON) else { continue };
            let left = most - age;
            let word = if left < 0 { "ran out".to_owned() } else { format!("runs out in {left} days") };
            let handle = shortened(&member.handle);
            let message = format!("the certificate of {handle} in `{}`, given on {given}, {word}", team.id);
            let help =
                format!("Without `{}` an approval of AI-assisted changes does not count.", defaults.certification);
            found.push(Advice::at(("teams.yaml", team.line), "certificate", message, help));
        }
    }
}

fn when(left: i64, day: &str) -> String {
    match left {
        0 => "today".to_owned(),
        1 => format!("tomorrow, on {day}"),
        _ => format!("in {left} days, on {day}"),
    }
}
