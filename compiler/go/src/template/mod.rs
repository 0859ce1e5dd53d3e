//! Package `text/template`: lexer, parser, tree, and execution.
//!
//! Owns: the language as Go 1.27 documents and parses it. Must not: know whose templates they are, or which functions there are besides Go's own.

mod builtin;
mod call;
mod calls;
mod constant;
mod eval;
mod exec;
mod fault;
mod lex;
mod parse;
mod pipeline;
pub mod print;
mod problem;
mod reads;
mod signature;
mod tree;
mod value;

pub use call::{CallError, Called, Executed, Functions, Needs, call_one_of, fails};
pub use calls::{BadCall, CallProblem, bad_calls};
pub use exec::{Outcome, Remark, RemarkKind, execute};
pub use fault::{ExecError, Fault};
pub use parse::parse;
pub use problem::{ParseError, Position, Problem};
pub use reads::Reads;
pub use signature::{Signature, Table, Type};
pub use tree::Template;
pub use value::{Field, Heap, IntKind, Items, ListRef, MapRef, Shape, Stop, Value, type_name};

/// Go's own functions.
pub fn built_in() -> Table {
    Table::parse(signature::BUILT_IN)
}

/// Those of Go's own functions that are executed here. `and` and `or` need no call.
pub const EXECUTED: &[Executed] = builtin::FUNCTIONS;
