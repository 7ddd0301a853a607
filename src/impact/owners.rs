//! Stand-in.
#![allow(missing_docs)]
#[derive(Default, Clone, Debug)]
pub struct Owners;
impl Owners {
    pub fn parse(_: &[u8]) -> Self {
        Self
    }
    pub fn of(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}
pub const PLACES: &[&str] = &[".github/CODEOWNERS"];
