//! What a template says, as a tree. Places are byte offsets in its text.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// A whole text: its own statements and the templates that it defines.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub(super) text: String,
    pub(super) root: Vec<Node>,
    pub(super) defined: BTreeMap<Rc<str>, Vec<Node>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Text(Range<usize>),
    Action(Pipeline),
    If(Branch),
    With(Branch),
    Range(Branch),
    Call { at: usize, name: Rc<str>, pipeline: Option<Pipeline> },
    Break,
    Continue,
}

/// `if`, `with` and `range`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Branch {
    pub(super) at: usize,
    pub(super) pipeline: Pipeline,
    pub(super) then: Vec<Node>,
    pub(super) otherwise: Option<Vec<Node>>,
}

/// Commands with `|` between them, and the variables that take the last one's value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pipeline {
    pub(super) at: usize,
    pub(super) variables: Vec<Rc<str>>,
    /// `=` instead of `:=`.
    pub(super) is_assignment: bool,
    pub(super) commands: Vec<Command>,
}

/// Operands with spaces between them: a function and its arguments, or one value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Command {
    pub(super) operands: Vec<Operand>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operand {
    pub(super) at: usize,
    pub(super) kind: OperandKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum OperandKind {
    Dot,
    Nil,
    Bool(bool),
    Number(Number),
    /// `None` where the bytes are not UTF-8.
    Text(Option<Rc<str>>),
    Field(Vec<Rc<str>>),
    Variable(Rc<str>, Vec<Rc<str>>),
    Function(Rc<str>),
    Pipeline(Box<Pipeline>),
    Chain(Box<Operand>, Vec<Rc<str>>),
}

/// A constant, in each of the types that can hold it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Number {
    pub(super) int: Option<i64>,
    pub(super) uint: Option<u64>,
    pub(super) float: Option<f64>,
    pub(super) is_complex: bool,
    pub(super) text: Rc<str>,
}
