//! Patterns of packs and of the specification: ast-grep rule objects found in our own walk, queries and expressions.
//!
//! Owns loading them and asking one of them at one node. Never uses ast-grep's own scan: it honours suppression
//! comments in the code under judgement.

mod bare;
mod check;
mod code;
mod comments;
mod language;
mod load;
mod needles;
mod query;
mod set;
mod shape;
mod text;
mod undress;
mod zones;

use ast_grep_config::RuleCore;
use ast_grep_core::AstGrep;
use ast_grep_core::matcher::MatcherExt as _;
use ast_grep_core::meta_var::MetaVariable;

use super::FactChange;
use super::Match;
use super::lines::{column, cut, line};
pub(crate) use bare::{BareNode, CodeText};
pub use check::{
    check_query, check_shape, check_text, example_file, file_name, language_id, language_ids, pattern_value,
};
pub(crate) use code::{CodeRules, CodeTable, InScope};
pub(crate) use language::PatternLanguage;
pub use load::check_patterns;
pub(crate) use load::{LoadedPattern, compile, load};
pub(crate) use needles::{Haystack, Haystacker, Needles};
pub use query::QueryFault;
pub use set::{CodePattern, CodePatternSet};
pub(crate) use undress::Undress;
pub use zones::{Zones, ZonesBuilder};

/// A parsed side as ast-grep sees it.
pub(crate) type Document = AstGrep<CodeText>;

/// One pattern, ready to be asked.
pub(crate) struct CompiledPattern {
    /// `<pack>/<id>`, or the id of the rule of the specification.
    pub(crate) id: String,
    /// Its matcher.
    pub(crate) matcher: RuleCore,
    /// True when it looks above, below or beside the node, or compares subtrees: cost and stack grow with depth.
    pub(crate) relational: bool,
    /// What the code is seen without.
    pub(crate) undress: Undress,
    /// Texts that a match needs, where that is known.
    pub(crate) needles: Needles,
}

impl CompiledPattern {
    /// Returns the match at this node, if there is one.
    pub(crate) fn at<'t>(&self, document: &'t Document, node: tree_sitter::Node<'t>) -> Option<Match> {
        let found = self.matcher.match_node(document.adopt(BareNode { node, undress: self.undress }))?;
        let text = &document.root().get_doc().src;
        let of = found.get_node();
        let (range, start, end) = (of.range(), of.start_pos(), of.end_pos());
        let mut captures = std::collections::BTreeMap::new();
        for variable in found.get_env().get_matched_variables() {
            if let MetaVariable::Capture(name, _) = variable
                && let Some(captured) = found.get_env().get_match(&name)
            {
                captures.insert(name, cut(&captured.text(), 200).to_owned());
            }
        }
        Some(Match {
            pattern: self.id.clone(),
            start: line(start.line()),
            column: column(text, range.start, start.byte_point().1),
            end: line(end.line()),
            end_column: column(text, range.end, end.byte_point().1),
            text: cut(text.get(range).unwrap_or_default(), 500).to_owned(),
            captures,
            change: FactChange::Kept,
        })
    }
}
