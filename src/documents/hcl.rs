//! HCL 2 in the shape of hcl2json: labels nest, every block is an item of a list, and an expression that is no plain
//! value stays its source text, as `${...}`.
//!
//! Owns that shape. The library bounds how deep expressions, templates and blocks nest (64), and with it every
//! recursion here.

use hcl_edit::Span;
use hcl_edit::expr::{Conditional, Expression, ObjectKey, UnaryOperator};
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::template::{Directive, Element, Template};
use serde_json::{Map, Value};

use super::Unread;

/// The text, for the source of expressions.
#[derive(Clone, Copy)]
struct Source<'a>(&'a str);

pub(super) fn read(text: &str) -> Result<Value, Unread> {
    let body = hcl_edit::parser::parse_body(text).map_err(|error| {
        let too_large = error.message().contains("nest");
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        Unread { too_large, ..Unread::at(error.location().line(), message) }
    })?;
    Source(text).body(&body).map(Value::Object)
}

impl<'a> Source<'a> {
    /// Blocks first, then attributes, which win over a block of the same name.
    fn body(self, body: &Body) -> Result<Map<String, Value>, Unread> {
        let mut map = Map::new();
        for block in body.iter().filter_map(Structure::as_block) {
            self.block(block, &mut map)?;
        }
        for attribute in body.iter().filter_map(Structure::as_attribute) {
            map.insert(attribute.key.as_str().to_owned(), self.value(&attribute.value));
        }
        Ok(map)
    }

    fn block(self, block: &Block, map: &mut Map<String, Value>) -> Result<(), Unread> {
        let inner = self.body(&block.body)?;
        let line = |offset: usize| self.0.get(..offset).unwrap_or_default().matches('\n').count() + 1;
        let place = block.ident.span().map_or(0, |span| line(span.start));
        let mixed = || Unread::at(place, "blocks of one name stand with and without labels");
        let mut key = block.ident.as_str();
        let mut out = map;
        for label in &block.labels {
            let next = out.entry(key).or_insert_with(|| Value::Object(Map::new()));
            out = next.as_object_mut().ok_or_else(mixed)?;
            key = label.as_str();
        }
        let list = out.entry(key).or_insert_with(|| Value::Array(Vec::new()));
        list.as_array_mut().ok_or_else(mixed)?.push(Value::Object(inner));
        Ok(())
    }

    fn value(self, expression: &Expression) -> Value {
        match expression {
            Expression::Null(_) => Value::Null,
            Expression::Bool(value) => Value::Bool(*value.value()),
            Expression::Number(number) => plain_number(number.value(), false),
            Expression::UnaryOp(operation) => match (operation.operator.value(), &operation.expr) {
                (UnaryOperator::Neg, Expression::Number(number)) => plain_number(number.value(), true),
                (UnaryOperator::Not, Expression::Bool(value)) => Value::Bool(!*value.value()),
                _ => Value::from(self.wrapped(expression)),
            },
            Expression::String(text) => Value::from(escaped(text.value())),
            Expression::StringTemplate(template) => match template.as_single_element() {
                Some(Element::Interpolation(only)) => self.value(&only.expr),
                _ => Value::from(self.elements(template.iter())),
            },
            // The library has taken the indentation of `<<-` away.
            Expression::HeredocTemplate(heredoc) => Value::from(self.template(&heredoc.template)),
            Expression::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Expression::Object(object) => {
                let entries = object.iter().map(|(key, value)| (self.key(key), self.value(value.expr())));
                Value::Object(entries.collect())
            }
            _ => Value::from(self.wrapped(expression)),
        }
    }

    fn key(self, key: &ObjectKey) -> String {
        match key {
            ObjectKey::Ident(name) => name.as_str().to_owned(),
            ObjectKey::Expression(Expression::Variable(name)) => name.as_str().to_owned(),
            ObjectKey::Expression(traversal @ Expression::Traversal(_)) => self.text(traversal).to_owned(),
            ObjectKey::Expression(expression) => self.part(expression),
        }
    }

    fn template(self, template: &Template) -> String {
        self.elements(template.iter())
    }

    fn elements<'e>(self, elements: impl Iterator<Item = &'e Element>) -> String {
        let mut text = String::new();
        for element in elements {
            match element {
                Element::Literal(literal) => text.push_str(&escaped(literal.value())),
                Element::Interpolation(interpolation) => text.push_str(&self.part(&interpolation.expr)),
                Element::Directive(directive) => text.push_str(&self.directive(directive)),
            }
        }
        text
    }

    /// An expression as a part of a text.
    fn part(self, expression: &Expression) -> String {
        match expression {
            Expression::Null(_) => "null".to_owned(),
            Expression::Bool(value) => value.value().to_string(),
            Expression::Number(number) => plain_number(number.value(), false).to_string(),
            Expression::String(text) => escaped(text.value()),
            Expression::StringTemplate(template) => self.elements(template.iter()),
            Expression::Conditional(conditional) => self.conditional(conditional),
            other => self.wrapped(other),
        }
    }

    /// Conftest's converter writes both forms of a condition inside a text as the directive.
    fn conditional(self, conditional: &Conditional) -> String {
        let condition = self.text(&conditional.cond_expr);
        either(condition, &self.part(&conditional.true_expr), &self.part(&conditional.false_expr))
    }

    fn directive(self, directive: &Directive) -> String {
        match directive {
            Directive::If(choice) => {
                let condition = self.text(&choice.if_expr.cond_expr);
                let otherwise = choice.else_expr.as_ref().map(|otherwise| self.template(&otherwise.template));
                either(condition, &self.template(&choice.if_expr.template), &otherwise.unwrap_or_default())
            }
            Directive::For(each) => {
                let each = &each.for_expr;
                let key = each.key_var.as_ref().map(|key| format!("{}, ", key.as_str())).unwrap_or_default();
                let (value, list) = (each.value_var.as_str(), self.text(&each.collection_expr));
                format!("%{{for {key}{value} in {list}}}{}%{{endfor}}", self.template(&each.template))
            }
        }
    }

    fn text(self, expression: &Expression) -> &'a str {
        expression.span().and_then(|span| self.0.get(span)).unwrap_or_default().trim()
    }

    fn wrapped(self, expression: &Expression) -> String {
        format!("${{{}}}", self.text(expression))
    }
}

fn either(condition: &str, then: &str, otherwise: &str) -> String {
    let gap = if otherwise.is_empty() { "" } else { "%{else}" };
    format!("%{{if {condition}}}{then}{gap}{otherwise}%{{endif}}")
}

/// Text that only looks like a template keeps the sign that says so.
fn escaped(literal: &str) -> String {
    literal.replace("${", "$${").replace("%{", "%%{")
}

fn plain_number(number: &hcl_edit::Number, negative: bool) -> Value {
    let sign = if negative { -1 } else { 1 };
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(whole), ..) => Value::from(whole.saturating_mul(sign)),
        (_, Some(whole), _) if !negative => Value::from(whole),
        (_, _, Some(real)) => Value::from(if negative { -real } else { real }),
        _ => Value::Null,
    }
}
