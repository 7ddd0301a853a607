//! Secrets in a text: where they stand, which kind, and the text with every one of them masked.
//!
//! Owns the one choke point that keeps values out of everything that is written: `mask` covers them in the bytes of a
//! file before anything else is read out of it, and `Redaction` covers them in what others say. Runs on hostile bytes:
//! it never fails, and its work is linear in the text. Must not know policies, and must not say whether one is allowed.

mod aws;
mod checksum;
mod cloud;
mod commerce;
mod detector;
mod forges;
mod found;
mod keys;
mod mask;
mod messaging;
mod models;
mod place;
mod platforms;
mod plausible;
mod redaction;
mod registries;
#[cfg(test)]
pub(crate) mod samples;
mod scan;
#[cfg(test)]
mod tests;

pub use detector::SecretKind;
pub use found::{SecretFact, Values};
pub(super) use found::{Sighting, sightings};
pub(super) use mask::mask_bytes;
pub use mask::{mask, mask_text};
pub use redaction::Redaction;
pub use scan::{Sight, sights};
