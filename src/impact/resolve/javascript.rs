//! To come.
use super::{Family, Importer, Resolve, Resolved};
use crate::facts::ImportLine;

pub(super) static FAMILY: Family =
    Family { id: "javascript", is_manifest: |_| false, may_name: |_| false, prepare: |_, _| Box::new(Nothing) };

struct Nothing;

impl Resolve for Nothing {
    fn resolve(&self, _: Importer<'_>, _: &ImportLine) -> Resolved {
        Resolved::Unresolved
    }
}
