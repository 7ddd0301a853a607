//! A tree as patterns see it: expressions bare of parentheses, comments and of what else changes their look only.
//!
//! Owns the view, so that `((float))(x)` is the shape `float($X)`. Both sides are seen through it, pattern and code.
//! What a rule itself writes is not taken off: `return ($X)` means the parentheses.

use std::borrow::Cow;

use ast_grep_core::Position;
use ast_grep_core::source::{Doc, Edit, SgNode};
use tree_sitter::{Node, Tree};

use super::PatternLanguage;
use super::undress::{Undress, is_among, parsed};
use crate::facts::spelling::{Asides, Code, may_hold_asides};

/// Kinds of names in parts, whose text is the same however it is laid out.
const CHAINS: &[&str] = &[
    "attribute",
    "field_access",
    "field_expression",
    "generic_function",
    "member_expression",
    "nested_identifier",
    "nested_type_identifier",
    "qualified_type",
    "scoped_identifier",
    "scoped_type_identifier",
    "selector_expression",
];

/// Kinds of expressions whose text is the same with comments and without them.
const QUIET: &[&str] = &[
    "argument_list",
    "arguments",
    "binary_expression",
    "binary_operator",
    "call",
    "call_expression",
    "interpolation",
    "keyword_argument",
    "macro_invocation",
    "method_invocation",
    "new_expression",
    "object_creation_expression",
    "pair",
    "sequence_expression",
    "template_substitution",
];

/// A text with its tree.
#[derive(Clone)]
pub(crate) struct CodeText {
    /// The text.
    pub(crate) src: String,
    /// Its language.
    pub(crate) lang: PatternLanguage,
    /// Its tree.
    pub(crate) tree: Tree,
    /// What in it is not plain code.
    pub(crate) asides: Asides,
}

impl CodeText {
    /// Reads the text of a pattern.
    pub(super) fn of_pattern(code: &str, lang: PatternLanguage) -> Result<Self, String> {
        let tree = parsed(lang.language, code).ok_or("the pattern could not be read")?;
        Ok(Self { src: code.to_owned(), lang, tree, asides: Asides::default() })
    }

    /// Returns the text with what in it is not plain code.
    pub(crate) fn code(&self) -> Code<'_> {
        Code { text: &self.src, tree: &self.tree, asides: &self.asides }
    }
}

impl Doc for CodeText {
    type Source = String;
    type Lang = PatternLanguage;
    type Node<'r> = BareNode<'r>;

    fn get_lang(&self) -> &PatternLanguage {
        &self.lang
    }

    fn get_source(&self) -> &String {
        &self.src
    }

    fn do_edit(&mut self, _: &Edit<String>) -> Result<(), String> {
        Err("a text under judgement is not edited".to_owned())
    }

    fn root_node(&self) -> BareNode<'_> {
        BareNode { node: self.tree.root_node(), undress: self.lang.undress }
    }

    fn get_node_text<'a>(&'a self, node: &BareNode<'a>) -> Cow<'a, str> {
        let whole = self.src.get(node.node.byte_range()).unwrap_or_default();
        if !node.undress.silences() || node.is_leaf() || !may_hold_asides(whole) {
            return Cow::Borrowed(whole);
        }
        let kind = node.node.kind();
        if CHAINS.contains(&kind) {
            let mut spelt = String::with_capacity(whole.len());
            self.code().spell_into(&mut spelt, (node.node, node.range()), usize::MAX);
            return Cow::Owned(spelt);
        }
        let bare = QUIET.contains(&kind).then(|| self.code().without_silence(&node.range())).flatten();
        bare.map_or(Cow::Borrowed(whole), Cow::Owned)
    }
}

/// A node of the view: its children and parents are bare, itself it is as it was given.
#[derive(Clone, Copy)]
pub(crate) struct BareNode<'t> {
    /// The node of the tree.
    pub(crate) node: Node<'t>,
    /// What is taken off around it.
    pub(crate) undress: Undress,
}

impl<'t> BareNode<'t> {
    fn with(self, node: Node<'t>) -> Self {
        Self { node, undress: self.undress }
    }

    fn siblings(self) -> Vec<Self> {
        self.parent().map(|parent| parent.children().collect()).unwrap_or_default()
    }

    fn place_among(self, siblings: &[Self]) -> usize {
        siblings.iter().position(|sibling| sibling.node == self.node).unwrap_or(siblings.len())
    }
}

impl<'t> SgNode<'t> for BareNode<'t> {
    fn parent(&self) -> Option<Self> {
        let (mut node, mut parent) = (self.node, self.node.parent()?);
        while self.undress.inner(parent) == Some(node) {
            (node, parent) = (parent, parent.parent()?);
        }
        Some(self.with(parent))
    }

    fn ancestors(&self, root: Self) -> impl Iterator<Item = Self> {
        let mut path = Vec::new();
        let mut next = Some(root.node);
        while let Some(node) = next.filter(|node| *node != self.node) {
            path.push(node);
            next = node.child_with_descendant(self.node);
        }
        let (mut below, this) = (self.node, *self);
        path.into_iter().rev().filter_map(move |node| {
            let dressing = this.undress.inner(node) == Some(below);
            below = node;
            (!dressing).then(|| this.with(node))
        })
    }

    fn dfs(&self) -> impl Iterator<Item = Self> {
        let mut open = vec![*self];
        std::iter::from_fn(move || {
            let node = open.pop()?;
            let first = open.len();
            open.extend(node.children());
            if let Some(children) = open.get_mut(first..) {
                children.reverse();
            }
            Some(node)
        })
    }

    fn children(&self) -> impl ExactSizeIterator<Item = Self> {
        let (hidden, undress) = (self.undress.hidden(self.node.kind_id()), self.undress);
        let mut cursor = self.node.walk();
        let seen =
            self.node.children(&mut cursor).filter(|child| !undress.is_silent(*child) && !is_among(*child, hidden));
        seen.map(|child| self.with(undress.bare(child))).collect::<Vec<_>>().into_iter()
    }

    fn next_all(&self) -> impl Iterator<Item = Self> {
        let siblings = self.siblings();
        let after = self.place_among(&siblings).saturating_add(1);
        siblings.into_iter().skip(after)
    }

    fn prev_all(&self) -> impl Iterator<Item = Self> {
        let mut siblings = self.siblings();
        siblings.truncate(self.place_among(&siblings));
        siblings.into_iter().rev()
    }

    fn kind(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.node.kind())
    }

    fn kind_id(&self) -> u16 {
        self.node.kind_id()
    }

    fn node_id(&self) -> usize {
        self.node.id()
    }

    fn range(&self) -> std::ops::Range<usize> {
        self.node.byte_range()
    }

    fn start_pos(&self) -> Position {
        let at = self.node.start_position();
        Position::new(at.row, at.column, self.node.start_byte())
    }

    fn end_pos(&self) -> Position {
        let at = self.node.end_position();
        Position::new(at.row, at.column, self.node.end_byte())
    }

    fn is_named(&self) -> bool {
        self.node.is_named()
    }

    fn is_named_leaf(&self) -> bool {
        let mut cursor = self.node.walk();
        self.node.named_children(&mut cursor).all(|child| self.undress.is_silent(child))
    }

    fn is_leaf(&self) -> bool {
        self.node.child_count() == 0
    }

    fn is_missing(&self) -> bool {
        self.node.is_missing()
    }

    fn is_error(&self) -> bool {
        self.node.is_error()
    }

    fn is_extra(&self) -> bool {
        self.node.is_extra()
    }

    fn field(&self, name: &str) -> Option<Self> {
        self.node.child_by_field_name(name).map(|child| self.with(self.undress.bare(child)))
    }

    fn field_children(&self, field_id: Option<u16>) -> impl Iterator<Item = Self> {
        let mut cursor = self.node.walk();
        let field = field_id.and_then(std::num::NonZero::new);
        let mut more = field.is_some() && cursor.goto_first_child();
        let this = *self;
        std::iter::from_fn(move || {
            while more {
                let child = (cursor.field_id() == field).then(|| cursor.node());
                more = cursor.goto_next_sibling();
                if let Some(child) = child {
                    return Some(this.with(this.undress.bare(child)));
                }
            }
            None
        })
    }

    fn child_by_field_id(&self, field_id: u16) -> Option<Self> {
        self.node.child_by_field_id(field_id).map(|child| self.with(self.undress.bare(child)))
    }
}
