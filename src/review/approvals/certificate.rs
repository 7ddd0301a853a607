//! Who holds a certificate on a day.
//!
//! Owns the reading of dates: a certificate holds from the day it was given for `certification-max-age-days`, both ends
//! included. It is the person's, whichever team lists it.

use super::folded;
use crate::clock::days_between;
use crate::specification::Specification;

/// Says why a person does not hold the certificate on that day, or none.
pub(super) fn why_not(wanted: &str, id: &str, specification: &Specification, as_of: &str) -> Option<String> {
    let members = specification.teams.values().flat_map(|team| &team.members);
    let given = members.filter(|member| folded(&member.handle) == id).filter_map(|member| member.certified.get(wanted));
    let longest = i64::from(specification.manifest.defaults.certification_max_age_days);
    let mut latest: Option<&String> = None;
    for day in given {
        if days_between(day, as_of).is_some_and(|days| (0..=longest).contains(&days)) {
            return None;
        }
        latest = latest.max(Some(day));
    }
    Some(match latest {
        None => format!("does not hold the certificate {wanted}"),
        Some(day) if day.as_str() > as_of => format!("the certificate {wanted} is of {day}, which is still to come"),
        Some(day) => format!("the certificate {wanted} of {day} has ended"),
    })
}
