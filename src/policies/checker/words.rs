//! Comparisons with words that the input document cannot have there: they hold never, or always.
//!
//! Owns that one question. Must not know how comparisons are found.

use super::scope::{Compared, Reader};
use crate::policies::Fault;
use crate::policies::fault::{did_you_mean, nearest};
use crate::policies::module::{ParsedModule, string_value};
use crate::policies::schema::Shape;

/// Refuses literals that are none of the words of the place that they are compared with.
pub(crate) fn judge<'s>(
    module: &ParsedModule<'_>,
    reader: &Reader<'s>,
    compared: &Compared<'_, 's>,
    faults: &mut Vec<Fault>,
) {
    let Some(spot) = reader.spot(compared.expr, &compared.locals).filter(|spot| spot.lists == 0) else { return };
    let Shape::Words(words) = spot.shape else { return };
    for literal in &compared.literals {
        let Some(word) = string_value(literal).filter(|word| !words.contains(word)) else { continue };
        let message = format!("`input.{}` is never `{word}`", spot.path.join("."));
        let near = nearest(&word, words.iter().map(String::as_str));
        let hint = near.map_or_else(|| format!("one of {}", words.join(", ")), |near| did_you_mean(Some(near)));
        faults.push(module.place(literal.span()).fault("unknown-word", message, hint));
    }
}
