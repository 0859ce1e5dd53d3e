//! How functions are found and called, and how much of their arguments they must know.

use super::signature::Table;
use super::value::{Heap, Stop, Value};

/// Why a call gives nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum CallError {
    /// It certainly fails, with the reason.
    Fails(String),
    /// Nothing more may be said.
    Stop,
}

impl From<Stop> for CallError {
    fn from(_: Stop) -> Self {
        Self::Stop
    }
}

/// What a call gives.
pub type Called = Result<Value, CallError>;

/// The functions of a template.
pub trait Functions {
    /// Names and types.
    fn table(&self) -> &Table;

    /// Calls one with arguments of its types.
    fn call(&self, name: &str, heap: &mut Heap, arguments: &[Value]) -> Called;
}

/// What must be known of the arguments; of a function that gets less, the result is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it passes on what it gets.
    Nothing,
    /// Each argument itself; what is inside of it may be unknown.
    Top,
    /// Everything.
    All,
}

/// A function that is executed here.
pub type Executed = (&'static str, Needs, fn(&mut Heap, &[Value]) -> Called);

/// Calls a function of a list; `None` if the list has not this one.
pub fn call_one_of(functions: &[Executed], name: &str, heap: &mut Heap, arguments: &[Value]) -> Option<Called> {
    let (_, needs, run) = functions.iter().find(|(known, ..)| *known == name)?;
    Some(match is_enough(*needs, heap, arguments) {
        Ok(true) => run(heap, arguments),
        Ok(false) => Ok(Value::unknown()),
        Err(stop) => Err(stop.into()),
    })
}

fn is_enough(needs: Needs, heap: &mut Heap, arguments: &[Value]) -> Result<bool, Stop> {
    match needs {
        Needs::Nothing => Ok(true),
        Needs::Top => Ok(!arguments.iter().any(Value::is_unknown)),
        Needs::All => {
            for argument in arguments {
                if !heap.is_known(argument)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

/// A certain failure.
pub fn fails<T>(reason: impl Into<String>) -> Result<T, CallError> {
    Err(CallError::Fails(reason.into()))
}
