//! From the command line and CI's variables to a forge that can be asked.
//!
//! Owns the choice of the forge and the one place that knows all of them. Must not ask anything.

use crate::change::Environment;
use crate::forge::target::Target;
use crate::forge::{Forge, ForgeError};

/// The forges that this binary was built with.
pub const KNOWN: &[&str] = &[
    #[cfg(feature = "github")]
    "github",
    #[cfg(feature = "gitlab")]
    "gitlab",
];

/// Returns a client for what the run is about; `seconds` bound one reading and one publication.
///
/// # Errors
/// When this binary was built without that forge, or there is no token, or the settings are wrong.
pub fn connect(
    target: &Target,
    address: Option<&str>,
    seconds: Option<u16>,
    environment: &Environment,
) -> Result<Box<dyn Forge>, ForgeError> {
    match target.kind {
        #[cfg(feature = "github")]
        "github" => {
            let mut settings = super::github::Settings::of(target, address, environment)?;
            settings.task_ms = seconds.map_or(settings.task_ms, |seconds| u64::from(seconds) * 1_000);
            Ok(Box::new(super::github::GitHub::new(settings)?))
        }
        #[cfg(feature = "gitlab")]
        "gitlab" => {
            let mut settings = super::gitlab::Settings::of(target, address, environment)?;
            settings.task_ms = seconds.map_or(settings.task_ms, |seconds| u64::from(seconds) * 1_000);
            Ok(Box::new(super::gitlab::GitLab::new(settings)?))
        }
        kind => {
            let _ = (address, seconds, environment);
            Err(ForgeError {
                request: format!("settings for {kind}"),
                why: format!("this portcullis was built without {kind}"),
                remedy: format!("build it with the feature `{kind}`"),
            })
        }
    }
}
