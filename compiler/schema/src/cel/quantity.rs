//! Functions on resource quantities.

use super::value::{Evaluated, Fault, Val, overflow};
use flatwright_kubernetes::Quantity;

pub(super) fn call<'a>(quantity: Quantity, name: &str, args: &[Val<'a>]) -> Evaluated<'a> {
    let other = match args {
        [Val::Quantity(other)] => Some(*other),
        [Val::Int(other)] => Some(Quantity::of_whole(*other)),
        _ => None,
    };
    let whole = || quantity.as_whole();
    match (name, other) {
        ("sign", None) => Ok(Val::Int(quantity.sign())),
        ("isInteger", None) => Ok(Val::Bool(whole().is_some())),
        ("asInteger", None) => whole().map(Val::Int).ok_or_else(|| Fault::rule("cannot convert value to integer")),
        ("asApproximateFloat", None) => Ok(Val::Double(quantity.approximately())),
        ("add", Some(other)) => quantity.checked_add(other).map(Val::Quantity).ok_or_else(overflow),
        ("sub", Some(other)) => quantity.checked_sub(other).map(Val::Quantity).ok_or_else(overflow),
        ("isLessThan", Some(other)) => Ok(Val::Bool(quantity < other)),
        ("isGreaterThan", Some(other)) => Ok(Val::Bool(quantity > other)),
        ("compareTo", Some(other)) => Ok(Val::Int(quantity.cmp(&other) as i64)),
        _ => Err(Fault::rule(format!("no such overload: {name} of a quantity"))),
    }
}
