//! Paths into the input document: what a reference names, and whether it exists.
//!
//! Owns stepping through the tree of known paths. Function parameters and computed keys are not followed. Must not
//! know which statement a reference stands in.

use regorus::unstable::{Expr, Span};

use crate::policies::fault::{did_you_mean, nearest};
use crate::policies::module::string_value;
use crate::policies::schema::{Shape, input_schema};

/// A known place in the input document.
#[derive(Clone, Debug)]
pub(crate) struct Spot<'s> {
    /// Field names from `input` down; list elements add none.
    pub(crate) path: Vec<String>,
    /// What stands there.
    pub(crate) shape: &'s Shape,
    /// How many comprehensions wrap it in a list or set.
    pub(crate) lists: u32,
}

/// A path that does not exist.
#[derive(Clone, Debug)]
pub(crate) struct Missing<'t> {
    /// Where the wrong step stands.
    pub(crate) span: &'t Span,
    /// What is wrong.
    pub(crate) message: String,
    /// What to write instead.
    pub(crate) hint: String,
}

/// One step of a reference.
#[derive(Clone, Debug)]
pub(crate) enum Step<'t> {
    /// `.name` or `["name"]`.
    Field(String, &'t Span),
    /// `[0]`, `[_]`, `[i]`, `[x.y]`.
    Computed,
}

/// Returns the base and the steps of a reference, outermost last.
pub(crate) fn steps(expr: &Expr) -> (&Expr, Vec<Step<'_>>) {
    let mut steps = Vec::new();
    let mut current = expr;
    loop {
        match current {
            Expr::RefDot { refr, field, .. } => {
                steps.push(Step::Field(field.0.text().to_owned(), &field.0));
                current = refr;
            }
            Expr::RefBrack { refr, index, .. } => {
                steps.push(match string_value(index) {
                    Some(text) => Step::Field(text, index.span()),
                    None => Step::Computed,
                });
                current = refr;
            }
            base => {
                steps.reverse();
                return (base, steps);
            }
        }
    }
}

impl<'s> Spot<'s> {
    /// Returns the spot of `input` itself.
    pub(crate) fn root(shape: &'s Shape) -> Self {
        Self { path: Vec::new(), shape, lists: 0 }
    }

    /// Returns the spot of an element, where this is a list or a mapping.
    pub(crate) fn element(mut self) -> Option<Self> {
        if self.lists > 0 {
            self.lists -= 1;
            return Some(self);
        }
        match self.shape {
            Shape::List(item) | Shape::Map(item) => Some(Self { shape: item, ..self }),
            Shape::Object(_) | Shape::Scalar | Shape::Words(_) | Shape::Any => None,
        }
    }

    /// Follows one step; `None` where nothing is known any more.
    pub(crate) fn step<'t>(mut self, step: &Step<'t>) -> Result<Option<Self>, Missing<'t>> {
        let Step::Field(name, span) = step else { return Ok(self.element()) };
        if self.lists > 0 {
            return Ok(None);
        }
        match self.shape {
            Shape::Object(fields) => match fields.get(name) {
                Some(shape) => {
                    self.path.push(name.clone());
                    Ok(Some(Self { shape, ..self }))
                }
                None => {
                    if let Some(scope) = self.other_scope(name) {
                        let message = format!("`input.{name}` exists only at scope `{scope}`");
                        let hint = format!("say `custom: {{scope: {scope}}}` in METADATA above `package` or the rule");
                        return Err(Missing { span, message, hint });
                    }
                    let near = nearest(name, fields.keys().map(String::as_str));
                    let known = fields.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                    let hint = near.map_or_else(|| format!("known here: {known}"), |near| did_you_mean(Some(near)));
                    Err(Missing { span, message: format!("`{}` has no `{name}`", self.shown()), hint })
                }
            },
            Shape::Map(item) => Ok(Some(Self { shape: item, ..self })),
            Shape::List(_) => {
                let hint = format!("write `some x in {0}` or `{0}[_].{name}`", self.shown());
                Err(Missing { span, message: format!("`{}` is a list; it has no `{name}`", self.shown()), hint })
            }
            Shape::Scalar | Shape::Words(_) => {
                let message = format!("`{}` is a single value; it has no `{name}`", self.shown());
                Err(Missing { span, message, hint: "leave that part out".to_owned() })
            }
            Shape::Any => Ok(None),
        }
    }

    /// Returns the scope at which a root exists that this scope does not have.
    fn other_scope(&self, name: &str) -> Option<&'static str> {
        if !self.path.is_empty() {
            return None;
        }
        if name == "file" {
            return Some("file");
        }
        input_schema().get("properties").and_then(|roots| roots.get(name)).map(|_| "change")
    }

    fn shown(&self) -> String {
        std::iter::once("input").chain(self.path.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
    }
}
