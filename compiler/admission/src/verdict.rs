//! The entry points.

use flatwright_diagnostic::Diagnostic;
use serde_json::Value;

use crate::check::Check;
use crate::field::Field;
use crate::kinds::kind_of;
use crate::options::Options;
use crate::rules::{conversion, metadata};
use crate::traps;

/// Judges an object that is to be created: what admission refuses, and what it admits although it cannot work.
pub fn check_create(object: &Value, options: &Options) -> Vec<Diagnostic> {
    let mut check = Check::new(options);
    let field = Field::root(object);
    metadata::check(&mut check, &field);
    conversion::check(&mut check, &field);
    if let Some(kind) = kind_of(object) {
        (kind.create)(&mut check, &field);
        traps::check(&mut check, &field);
    }
    check.finish()
}

/// Judges the change of an object that exists. `old` is what was applied before.
pub fn check_update(old: &Value, new: &Value, options: &Options) -> Vec<Diagnostic> {
    let mut check = Check::new(options);
    let field = Field::root(new);
    metadata::check(&mut check, &field);
    conversion::check(&mut check, &field);
    if let Some(kind) = kind_of(new) {
        (kind.update)(&mut check, &Field::root(old), &field);
        traps::check(&mut check, &field);
    }
    check.finish()
}
