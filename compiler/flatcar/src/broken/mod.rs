//! What may be broken in unit and transfer files: rules as types.
//!
//! Owns: codes, data and words. Must not: decide whether a rule is broken, or know where.

mod node;
mod setting;
mod syntax;
mod transfer;
mod unit;

use flatwright_diagnostic::{Code, Rule};

pub use node::NodePath;
pub(crate) use setting::{Known, Value};
pub(crate) use syntax::Syntax;
pub(crate) use transfer::{FileName, Pattern, Resources, Verification};
pub(crate) use unit::{Incomplete, Name, Use};

/// The codes of every rule.
pub(crate) fn codes() -> Vec<Code> {
    [
        Syntax::codes(),
        Known::codes(),
        Value::codes(),
        Incomplete::codes(),
        Name::codes(),
        Use::codes(),
        Resources::codes(),
        Pattern::codes(),
        FileName::codes(),
        Verification::codes(),
        NodePath::codes(),
    ]
    .concat()
}
