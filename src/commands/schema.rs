//! `schema`: JSON Schemas, generated from the types.

use std::io::Write as _;

use crate::cli::schema::SchemaName;
use crate::commands::policy::{check_schema, test_schema};
use crate::configuration::configuration_schema;
use crate::doctor::diagnosis::doctor_schema;
use crate::enforcement::KINDS;
use crate::error::Error;
use crate::policies::schema::input_schema;
use crate::replay::replay_schema;
use crate::reports::verdict_schema;
use crate::specification::schema::specification_schema;
use crate::untrusted::write_json;

/// Returns the schema of the specification's files, with every kind of rule that this release enforces.
fn spec_schema() -> serde_json::Value {
    let kinds: Vec<(&str, serde_json::Value)> = KINDS.iter().map(|kind| (kind.name, (kind.schema)())).collect();
    specification_schema(&kinds)
}

/// Prints one schema.
pub(super) fn run(name: SchemaName) -> Result<u8, Error> {
    let schema = match name {
        SchemaName::Config => configuration_schema(),
        SchemaName::Doctor => doctor_schema(),
        SchemaName::Input => input_schema(),
        SchemaName::PolicyCheck => check_schema(),
        SchemaName::PolicyTest => test_schema(),
        SchemaName::Replay => replay_schema(),
        SchemaName::Spec => spec_schema(),
        SchemaName::Verdict => verdict_schema(),
    };
    let mut out = std::io::stdout().lock();
    write_json(&schema, &mut out).and_then(|()| out.flush()).or_else(crate::commands::output::closed)?;
    Ok(0)
}
