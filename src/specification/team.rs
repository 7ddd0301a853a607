//! `teams.yaml`: teams, their members, the review layers they may approve, certificates with dates.

use std::collections::BTreeMap;

use serde::Serialize;

/// One team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Team {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// Handles on the forge: `@shop/platform`.
    pub handles: Vec<String>,
    /// Review layers that it may approve.
    pub approves: Vec<u8>,
    /// Its members, where the specification lists them.
    pub members: Vec<Member>,
    /// Line in `teams.yaml`, from 1.
    pub line: u32,
}

/// One member of a team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Handle on the forge: `@ines`.
    pub handle: String,
    /// Certificates and the day each was given, `YYYY-MM-DD`.
    pub certified: BTreeMap<String, String>,
}
