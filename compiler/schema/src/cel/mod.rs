//! The Common Expression Language with the libraries that the API server gives to validation rules.
//!
//! Owns: parsing and evaluating one rule. Must not: know where rules stand or what their findings are called (`rules` does).
//! Why an interpreter of our own: rules see the manifest through its schema (dates, sets, map-like lists), values stay borrowed, and both the height of a rule
//! and the cost of an evaluation are bounded, so that no CRD and no object can hang or overflow a run.

pub(crate) mod ast;
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

pub(crate) use value::{Fault, Val};

use ast::Program;

/// Parses a rule.
///
/// # Errors
/// What is wrong with it, or which function is not known.
pub(crate) fn compile(text: &str) -> Result<Program, String> {
    parser::parse(text).map(Program::new)
}

/// Evaluates a rule; the cost is taken from the budget.
///
/// # Errors
/// The first error that no operator absorbs, or [`Fault::OutOfBudget`].
pub(crate) fn run<'a>(
    program: &'a Program,
    self_: Val<'a>,
    old_self: Option<Val<'a>>,
    budget: &mut u64,
) -> Result<Val<'a>, Fault> {
    eval::run(&program.root, self_, old_self, budget)
}
