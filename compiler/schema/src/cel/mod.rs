//! The Common Expression Language with the libraries that the API server gives to validation rules.
//!
//! Owns: parsing and evaluating one rule. Must not: know where rules stand or what their findings are called (`rules` does).
//! Why an interpreter of our own: rules see the manifest through its schema (dates, sets, map-like lists), values stay borrowed, and both the height of a rule
//! and the cost of an evaluation are bounded, so that no CRD and no object can hang or overflow a run.

mod ast;
mod compare;
mod eval;
mod functions;
mod lexer;
mod lists;
mod net;
mod parser;
mod quantity;
mod semver;
mod strings;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use net::parse_url;
pub(crate) use quantity::is_quantity;
pub(crate) use value::{Fault, Val};

use ast::{Expr, Node};

/// A rule that was understood in full.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    root: Expr,
    uses_old_self: bool,
}

impl Program {
    /// Parses a rule.
    ///
    /// # Errors
    /// What is wrong with it, or which function is not known.
    pub(crate) fn compile(text: &str) -> Result<Self, String> {
        let root = parser::parse(text)?;
        let uses_old_self = mentions(&root, "oldSelf");
        Ok(Self { root, uses_old_self })
    }

    /// Whether this is a transition rule.
    pub(crate) fn uses_old_self(&self) -> bool {
        self.uses_old_self
    }

    /// Evaluates the rule; the cost is taken from the budget.
    ///
    /// # Errors
    /// The first error that no operator absorbs, or [`Fault::OutOfBudget`].
    pub(crate) fn run<'a>(
        &'a self,
        self_: Val<'a>,
        old_self: Option<Val<'a>>,
        budget: &mut u64,
    ) -> Result<Val<'a>, Fault> {
        eval::run(&self.root, self_, old_self, budget)
    }
}

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
