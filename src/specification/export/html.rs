//! One self-contained page.
use super::Extent;
use crate::specification::Specification;
/// Returns the page.
#[must_use]
pub fn html(_specification: &Specification, _extent: &Extent) -> String {
    super::markdown::html("", 2)
}
