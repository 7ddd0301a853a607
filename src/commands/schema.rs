//! `schema`: JSON Schemas, generated from the types.

use std::io::Write as _;

use crate::cli::schema::SchemaName;
use crate::configuration::configuration_schema;
use crate::error::Error;
use crate::policies::schema::input_schema;
use crate::reports::verdict_schema;
use crate::untrusted::write_json;

/// Prints one schema.
pub(super) fn run(name: SchemaName) -> Result<u8, Error> {
    let schema = match name {
        SchemaName::Config => configuration_schema(),
        SchemaName::Input => input_schema(),
        SchemaName::Verdict => verdict_schema(),
    };
    let mut out = std::io::stdout().lock();
    write_json(&schema, &mut out).and_then(|()| out.flush()).or_else(crate::commands::output::closed)?;
    Ok(0)
}
