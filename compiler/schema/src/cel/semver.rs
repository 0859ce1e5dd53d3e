//! Functions on semantic versions.

use std::rc::Rc;

use super::value::{Evaluated, Fault, Val, overflow};
use flatwright_kubernetes::Version;

pub(super) fn value<'a>(text: &str, loose: bool) -> Evaluated<'a> {
    let version = parse(text, loose).ok_or_else(|| Fault::rule("not a semantic version"))?;
    Ok(Val::Semver(Rc::new(version)))
}

/// Loosely, a `v` in front and leading zeros are dropped, and missing numbers are 0.
pub(super) fn parse(text: &str, loose: bool) -> Option<Version> {
    if loose { Version::parse_normalized(text) } else { Version::parse_strict(text).ok() }
}

pub(super) fn call<'a>(version: &Version, name: &str, args: &[Val<'a>]) -> Evaluated<'a> {
    let number = |number: u64| i64::try_from(number).map(Val::Int).map_err(|_| overflow());
    match (name, args) {
        ("major", []) => number(version.release().major),
        ("minor", []) => number(version.release().minor),
        ("patch", []) => number(version.release().patch),
        ("isLessThan", [Val::Semver(other)]) => Ok(Val::Bool(version.precedence(other).is_lt())),
        ("isGreaterThan", [Val::Semver(other)]) => Ok(Val::Bool(version.precedence(other).is_gt())),
        ("compareTo", [Val::Semver(other)]) => Ok(Val::Int(version.precedence(other) as i64)),
        _ => Err(Fault::rule(format!("no such overload: {name} of a semantic version"))),
    }
}
