//! What other tools found: SARIF and JUnit files -> findings beside our own, and whether a scan that must be there is.
//!
//! Owns the reading of these files, their names in our rule ids, which of their results stand on the change, and what is
//! missing. The files come from outside: whoever runs the job writes them, and the author of the change steers what the
//! tools say in comments. So nothing in a file lets anything through: a suppression counts for nothing, a file that
//! cannot be relied on is a reason, and no result is not no finding. Must not weigh a finding.

mod files;
mod findings;
mod joining;
mod junit;
mod names;
mod places;
mod report;
mod required;
mod sarif;
mod text;
mod uri;

pub use self::files::{ImportFile, Unread, expand, is_of_repository, read_file, root};
pub use self::findings::drafts;
pub use self::joining::{Ground, Joined, join, lost};
pub use self::names::{rule_id, tool_id};
pub use self::report::{ReportTask, ToolReport, read};
pub use self::required::{Missing, missing};
