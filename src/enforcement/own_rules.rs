//! Rules that the gate itself brings with a specification: contracts of agents, waivers, the baseline.
//!
//! Owns what each of them means and how to satisfy it, for `explain`; the files that judge them say it with the case at
//! hand. A test holds the list against those files.

/// One such rule.
#[derive(Clone, Copy, Debug)]
pub struct OwnRule {
    /// Its id, as a finding or a request for review names it.
    pub id: &'static str,
    /// What it demands.
    pub title: &'static str,
    /// Why it exists.
    pub why: &'static str,
    /// How to satisfy it.
    pub fix: &'static str,
    /// What happens when it fires.
    pub consequence: &'static str,
    /// Whom to ask.
    pub who: &'static str,
}

const AGREED: &str =
    "What an agent may do was agreed before it did it; a change that goes beyond was agreed by nobody.";
const NARROW: &str = "An exception that nobody owns, or that has no end, is a rule that was given up unseen.";
const FAILS: &str = "the change fails";
const ASKS: &str = "asks for a review; never fails";
const COUNTS: &str = "the waiver lets nothing through; what it was for counts again";
const SHOWN: &str = "it is shown, and nothing is blocked";
const AGENT_OWNER: &str = "the team under `owner` of the agent's contract, in `agents/`";
const WAIVER_OWNER: &str = "the team under `requested-by` of the waiver, in `waivers/`";

const fn agent(id: &'static str, title: &'static str, fix: &'static str, consequence: &'static str) -> OwnRule {
    OwnRule { id, title, why: AGREED, fix, consequence, who: AGENT_OWNER }
}

const fn waiver(id: &'static str, title: &'static str, fix: &'static str, consequence: &'static str) -> OwnRule {
    OwnRule { id, title, why: NARROW, fix, consequence, who: WAIVER_OWNER }
}

/// All of them, sorted by id.
pub const OWN_RULES: &[OwnRule] = &[
    agent(
        "agents/limits",
        "An agent's change stays within the files and lines of its contract",
        "Split the change. The whole change counts, also commits that name no agent.",
        FAILS,
    ),
    agent("agents/may", "An agent does only what its contract lists under `may`", "Have a person do it.", FAILS),
    agent(
        "agents/min-layer",
        "An agent's change is reviewed by people, as deep as its contract says",
        "Have the named team review it.",
        ASKS,
    ),
    agent(
        "agents/models",
        "An agent uses the models of its contract and says which",
        "Use one of them, and name it in the commit.",
        FAILS,
    ),
    agent(
        "agents/open-changes",
        "An agent has no more changes open than its contract allows",
        "Have one merged or closed first. Decided in CI.",
        FAILS,
    ),
    agent(
        "agents/oversight",
        "In phase 3 the team that answers for the agent looks as well",
        "Have that team review it.",
        ASKS,
    ),
    agent(
        "agents/paths",
        "An agent leaves alone what its contract denies or does not allow",
        "Leave the file as it is, or have a person make this part in a change of its own.",
        FAILS,
    ),
    agent(
        "agents/phase",
        "An agent in phase 1 changes tests and documents only",
        "Leave the file as it is, or have the agent's phase raised.",
        FAILS,
    ),
    agent(
        "agents/prompts",
        "An agent works from approved prompts of its contract",
        "Name the prompt as `Prompt: <ID>@<version>`, as the specification has it.",
        FAILS,
    ),
    agent(
        "agents/review-by",
        "An agent's contract is in force",
        "Renew the contract, or make the change without the agent.",
        FAILS,
    ),
    agent(
        "agents/systems",
        "An agent changes only the systems of its contract",
        "Leave the file as it is, or have a person make this part in a change of its own.",
        FAILS,
    ),
    agent(
        "agents/unknown",
        "An agent that makes changes has a contract",
        "Have a contract written under `agents/`, or make the change without the agent.",
        "as `unknown-agent` in portcullis-spec.yaml says: nothing, a review, or the change fails",
    ),
    OwnRule {
        id: "baseline/stale",
        title: "The baseline only shrinks",
        why: "An entry that covers nothing lets the same violation come back unseen.",
        fix: "Take the entry out: `portcullis spec baseline --prune`.",
        consequence: SHOWN,
        who: "whoever owns the baseline file (CODEOWNERS)",
    },
    OwnRule {
        id: "governance/broken-configuration",
        title: "The configuration must be readable",
        why: "Once merged, a configuration that cannot be read ends every check, also that of the change that mends it.",
        fix: "Correct it at its place; `portcullis check --trust worktree --worktree` shows every fault.",
        consequence: FAILS,
        who: "the owners of .portcullis.yaml (CODEOWNERS)",
    },
    OwnRule {
        id: "governance/broken-specification",
        title: "The specification must load",
        why: "Once merged, a specification that does not load leaves every change undecided, also the one that mends it.",
        fix: "Correct the fault at its place; `portcullis spec lint` shows every fault.",
        consequence: FAILS,
        who: "the owners of the specification (CODEOWNERS)",
    },
    waiver(
        "waivers/approver",
        "A waiver is approved by another team than the one that asks",
        "Have it approved by another team that may approve the rule's layer.",
        COUNTS,
    ),
    waiver(
        "waivers/dates",
        "A waiver has a first and a last day, in this order",
        "Correct `from` and `until`.",
        COUNTS,
    ),
    waiver(
        "waivers/ended",
        "A waiver works until its last day",
        "Mend what it covered, or have a new one approved.",
        COUNTS,
    ),
    waiver("waivers/ending", "A waiver that ends soon is announced", "Mend what it covers in time.", SHOWN),
    waiver("waivers/future", "A waiver works from its first day", "Wait for it, or correct `from`.", COUNTS),
    waiver("waivers/ownerless", "A waiver has an owner", "Name the team that asked for it.", COUNTS),
    waiver("waivers/rule", "A waiver names one rule, in one system where it holds", "Name one rule by its id.", COUNTS),
    waiver(
        "waivers/stale",
        "A waiver covers what is there",
        "Take the place out of the waiver, or withdraw it.",
        SHOWN,
    ),
    waiver(
        "waivers/too-long",
        "A waiver is no longer than `waiver-max-days`",
        "Shorten it; a waiver that must last is a change of the rule.",
        COUNTS,
    ),
    waiver(
        "waivers/too-wide",
        "A waiver names few places",
        "Name each place by its path and fingerprint, or change the rule.",
        COUNTS,
    ),
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::OWN_RULES;

    #[test]
    fn the_list_is_sorted_and_says_something_about_each() {
        assert!(OWN_RULES.is_sorted_by(|a, b| a.id < b.id));
        assert!(OWN_RULES.iter().all(|rule| !rule.why.is_empty() && !rule.fix.is_empty() && !rule.title.is_empty()));
    }

    #[test]
    fn every_rule_that_is_judged_stands_in_the_list_and_no_other() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/enforcement");
        let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let (agents, waivers) = (text("agents.rs"), text("waivers.rs"));
        for rule in OWN_RULES {
            let (group, name) = rule.id.split_once('/').unwrap();
            let word = format!("\"{name}\"");
            let judged = match group {
                "agents" => agents.contains(&word),
                "waivers" => waivers.contains(&word),
                _ => true,
            };
            assert!(judged, "{} is judged nowhere", rule.id);
        }
        let listed = |id: String| assert!(OWN_RULES.iter().any(|rule| rule.id == id), "{id} is not in the list");
        // Names of findings stand in front of a path, a comma or a message.
        for call in agents.split("self.find(").skip(1) {
            let name = call.split('"').nth(1).unwrap();
            if call.split(')').next().unwrap().contains(&format!("said, \"{name}\"")) {
                listed(format!("agents/{name}"));
            }
        }
        for call in agents.split("rule_id(\"agents\", \"").skip(1).chain(agents.split("team, \"").skip(1)) {
            listed(format!("agents/{}", call.split('"').next().unwrap()));
        }
        for call in waivers.split("add(\"").skip(1).chain(waivers.split("name: \"").skip(1)) {
            listed(format!("waivers/{}", call.split('"').next().unwrap()));
        }
    }
}
