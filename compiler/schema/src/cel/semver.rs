//! Functions on semantic versions.

use std::rc::Rc;

use super::value::{Evaluated, Fault, Val, overflow};
use crate::text::semver::Semver;

pub(super) fn value<'a>(text: &str, loose: bool) -> Evaluated<'a> {
    let version = Semver::parse(text, loose).ok_or_else(|| Fault::rule("not a semantic version"))?;
    Ok(Val::Semver(Rc::new(version)))
}

pub(super) fn call<'a>(version: &Semver, name: &str, args: &[Val<'a>]) -> Evaluated<'a> {
    let number = |index: usize| i64::try_from(version.numbers()[index]).map(Val::Int).map_err(|_| overflow());
    match (name, args) {
        ("major", []) => number(0),
        ("minor", []) => number(1),
        ("patch", []) => number(2),
        ("isLessThan", [Val::Semver(other)]) => Ok(Val::Bool(version.order(other).is_lt())),
        ("isGreaterThan", [Val::Semver(other)]) => Ok(Val::Bool(version.order(other).is_gt())),
        ("compareTo", [Val::Semver(other)]) => Ok(Val::Int(version.order(other) as i64)),
        _ => Err(Fault::rule(format!("no such overload: {name} of a semantic version"))),
    }
}
