//! The syntax tree of a rule, with macros already recognised.

use std::rc::Rc;
use std::sync::Arc;

/// A rule that was understood in full.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(super) root: Expr,
    uses_old_self: bool,
}

impl Program {
    pub(super) fn new(root: Expr) -> Self {
        let uses_old_self = mentions(&root, "oldSelf");
        Self { root, uses_old_self }
    }

    /// Whether this is a transition rule.
    pub(crate) fn uses_old_self(&self) -> bool {
        self.uses_old_self
    }
}

/// An expression with the height of its tree, which bounds every recursion over it.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub(super) node: Node,
    pub(super) height: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Arc<str>),
    Bytes(Arc<[u8]>),
    Name(Box<str>),
    Select { operand: Box<Expr>, field: Box<str>, optional: bool },
    Has { operand: Box<Expr>, field: Box<str> },
    Index { operand: Box<Expr>, index: Box<Expr>, optional: bool },
    Call { name: Box<str>, target: Option<Box<Expr>>, args: Vec<Expr> },
    List(Vec<Entry>),
    Map(Vec<(Entry, Expr)>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Binary { op: Op, left: Box<Expr>, right: Box<Expr> },
    Choice { condition: Box<Expr>, then: Box<Expr>, otherwise: Box<Expr> },
    Fold(Box<Fold>),
}

/// An element of a list or map literal; `?` adds it only if its optional has a value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) value: Expr,
    pub(super) optional: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A macro that walks a list or map, or opens an optional.
#[derive(Clone, Debug)]
pub(super) struct Fold {
    pub(super) kind: FoldKind,
    pub(super) range: Expr,
    pub(super) first: Box<str>,
    /// The second variable of the two-variable forms: index and value, or key and value.
    pub(super) second: Option<Box<str>>,
    /// The condition of `all`, `exists`, `exists_one`, `filter`, and of the long forms of the others.
    pub(super) condition: Option<Expr>,
    /// What `map`, `transformList`, `transformMap`, `optMap` and `optFlatMap` make.
    pub(super) result: Option<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FoldKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    TransformMap,
    OptMap,
    OptFlatMap,
}

/// A shared text: literals are counted across threads, values are not.
pub(super) type Shared = Rc<str>;

fn mentions(expr: &Expr, name: &str) -> bool {
    let any = |parts: &[Expr]| parts.iter().any(|part| mentions(part, name));
    match &expr.node {
        Node::Name(found) => **found == *name,
        Node::Null
        | Node::Bool(_)
        | Node::Int(_)
        | Node::Uint(_)
        | Node::Double(_)
        | Node::Text(_)
        | Node::Bytes(_) => false,
        Node::Select { operand, .. } | Node::Has { operand, .. } => mentions(operand, name),
        Node::Index { operand, index, .. } => mentions(operand, name) || mentions(index, name),
        Node::Call { target, args, .. } => target.as_ref().is_some_and(|target| mentions(target, name)) || any(args),
        Node::List(entries) => entries.iter().any(|entry| mentions(&entry.value, name)),
        Node::Map(entries) => entries.iter().any(|(key, value)| mentions(&key.value, name) || mentions(value, name)),
        Node::Not(inner) | Node::Negate(inner) => mentions(inner, name),
        Node::And(parts) | Node::Or(parts) => any(parts),
        Node::Binary { left, right, .. } => mentions(left, name) || mentions(right, name),
        Node::Choice { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().any(|part| mentions(part, name))
        }
        Node::Fold(fold) => {
            mentions(&fold.range, name) || fold.condition.iter().chain(&fold.result).any(|part| mentions(part, name))
        }
    }
}
