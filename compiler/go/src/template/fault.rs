//! Why a template fails while it runs.

use std::fmt;

use super::problem::Position;
use super::signature::Type;

/// What certainly ends a run, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecError {
    /// On the line that Go names.
    pub position: Position,
    /// What happened.
    pub fault: Fault,
}

/// What happened. `Display` is the fact in words.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// A field of `nil`.
    NilField {
        /// Its name.
        field: String,
    },
    /// A field of what has none.
    FieldOf {
        /// Its name.
        field: String,
        /// Go's name of the type.
        of: &'static str,
    },
    /// Arguments for what is not a function.
    NotFunction {
        /// As it is written.
        what: String,
    },
    /// `nil` alone.
    NilCommand,
    /// A number that no `int` holds.
    Overflow {
        /// As it is written.
        number: String,
    },
    /// The wrong number of arguments.
    Count {
        /// The function.
        function: String,
        /// How many it got.
        has: usize,
    },
    /// An argument that is not there, for a function that needs one.
    NoArgument {
        /// The function.
        function: String,
        /// What it takes there.
        wants: Type,
    },
    /// An argument of another type.
    WrongType {
        /// The function.
        function: String,
        /// What it takes there.
        wants: Type,
        /// Go's name of what it got.
        got: &'static str,
    },
    /// A range over what has no items.
    Range {
        /// Go's name of the type.
        of: &'static str,
    },
    /// A range over a number with two variables.
    TooManyVariables,
    /// A template that is not defined.
    UnknownTemplate {
        /// Its name.
        name: String,
    },
    /// A function that failed.
    Call {
        /// The function.
        function: String,
        /// Why, in its own words.
        reason: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NilField { field } => write!(f, "`.{field}` is asked of a null"),
            Self::FieldOf { field, of } => write!(f, "`.{field}` is asked of a value of type {of}"),
            Self::NotFunction { what } => write!(f, "`{what}` has arguments and is not a function"),
            Self::NilCommand => f.write_str("`nil` is not a value that stands alone"),
            Self::Overflow { number } => write!(f, "`{number}` is too large for an int"),
            Self::Count { function, has } => write!(f, "`{function}` cannot take {has} arguments"),
            Self::NoArgument { function, wants } => {
                write!(f, "`{function}` gets nothing where it takes a value of type {}", wants.name())
            }
            Self::WrongType { function, wants, got } => {
                write!(f, "`{function}` gets a value of type {got} where it takes {}", wants.name())
            }
            Self::Range { of } => write!(f, "`range` cannot go through a value of type {of}"),
            Self::TooManyVariables => f.write_str("`range` over a number has one variable, not two"),
            Self::UnknownTemplate { name } => write!(f, "the template `{name}` is not defined"),
            Self::Call { function, reason } => write!(f, "`{function}` fails: {reason}"),
        }
    }
}
