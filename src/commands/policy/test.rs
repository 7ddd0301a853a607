//! `policy test`.
use crate::cli::policy::TestArguments;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
pub(super) fn run(_: &TestArguments, _: &Surroundings) -> Result<u8, Error> {
    Err(UsageError::new("`policy test` does not work yet", "").into())
}
