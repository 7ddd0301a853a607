//! Who answers for the files by which the gate is ruled.

use crate::doctor::files::{PIPELINE, WORKFLOWS};
use crate::doctor::remedy::Fix;
use crate::doctor::workflow::gate_jobs;
use crate::doctor::{Examined, Judgement, Kind, Way};

/// Where a first one is written.
fn usual(kind: Kind) -> &'static str {
    if kind == Kind::Github { ".github/CODEOWNERS" } else { ".gitlab/CODEOWNERS" }
}

/// Returns what could not be read of CODEOWNERS, and of the configuration that says what rules the gate.
fn unread(examined: &Examined, about: &str) -> Judgement {
    let gaps = examined.files.gaps.iter().filter(|gap| gap.request.contains(about));
    gaps.fold(Judgement::holds(), |sum, gap| sum.and(Judgement::unknown(gap)))
}

/// `codeowners-missing`.
pub(super) fn missing(examined: &Examined) -> Judgement {
    if examined.files.owners.is_some() {
        return Judgement::holds();
    }
    let unread = unread(examined, "CODEOWNERS");
    if !unread.gaps.is_empty() {
        return unread;
    }
    let place = usual(examined.forge);
    let what = "The forge asks nobody in particular for a change to the gate's own rules.";
    let mut paths = ruling(examined);
    paths.push(place.to_owned());
    let lines: Vec<String> = paths.iter().map(|path| format!("/{path} @YOUR-TEAM")).collect();
    let fix = Fix::Edit(place.to_owned(), lines.join("\n") + "\n");
    Judgement::way(Way::new(place, what, "Write a CODEOWNERS that names who may change the rules.").with(fix))
}

/// Returns the paths by which the gate is ruled; a folder of policies is named by a file of it.
fn ruling(examined: &Examined) -> Vec<String> {
    let files = &examined.files;
    let mut paths = files.ruling.clone();
    match examined.forge {
        Kind::Github => {
            let mut own: Vec<String> = gate_jobs(files).iter().map(|job| job.path.to_owned()).collect();
            if own.is_empty() {
                own.push(format!("{WORKFLOWS}/portcullis.yml"));
            }
            paths.extend(own);
        }
        Kind::Gitlab => paths.push(PIPELINE.to_owned()),
    }
    paths.extend(files.owners.as_ref().map(|(place, _)| place.clone()));
    paths.sort();
    paths.dedup();
    paths
}

/// `codeowners-gap`.
pub(super) fn gap(examined: &Examined) -> Judgement {
    let (Some(owners), Some((place, _))) = (examined.files.owners(examined.forge), &examined.files.owners) else {
        return Judgement::moot();
    };
    let without = ruling(examined).into_iter().filter(|path| owners.of(path).is_empty());
    let ways = without.map(|path| {
        let shown = path.strip_suffix("/any.rego").map_or(path.clone(), |folder| format!("{folder}/"));
        let what = format!("Whoever may review approves a change to `{shown}`, by which the gate is ruled.");
        let remedy = format!("Name in {place} who answers for it.");
        Way::new(place.clone(), what, remedy).with(Fix::Edit(place.clone(), format!("/{shown} @YOUR-TEAM\n")))
    });
    Judgement::ways(ways).and(unread(examined, ".portcullis"))
}

/// `codeowners-errors`.
pub(super) fn errors(examined: &Examined) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    Judgement::of(&settings.codeowners, |errors| match errors {
        None => Judgement::moot(),
        Some(errors) => Judgement::ways(errors.iter().map(|error| {
            let what =
                format!("GitHub does not understand the line ({}), and asks nobody for what it is about.", error.kind);
            Way::new(format!("{}:{}", error.path, error.line), what, "Mend the line; an owner has to be able to write.")
        })),
    })
}

/// `codeowners-optional`.
pub(super) fn optional(examined: &Examined) -> Judgement {
    let Some((place, text)) = &examined.files.owners else { return Judgement::moot() };
    let sections = text.lines().zip(1_u32..).filter(|(line, _)| line.trim_start().starts_with("^["));
    Judgement::ways(sections.map(|(line, number)| {
        let name = line.trim_start().trim_start_matches("^[").split(']').next().unwrap_or_default();
        let what = format!("Nobody has to approve what the section `{name}` names: it is optional.");
        Way::new(format!("{place}:{number}"), what, "Take the `^` off the section.")
    }))
}
