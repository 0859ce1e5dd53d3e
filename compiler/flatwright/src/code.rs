//! The codes of the whole compiler. Owns none.

use crate::{boot, compose, plugins, validate};

/// Every diagnostic code of the compiler, sorted.
pub fn codes() -> Vec<flatwright_diagnostic::Code> {
    let mut codes = [
        flatwright_spec::code::all(),
        flatwright_capi::code::all(),
        flatwright_ignition::code::all(),
        flatwright_plugin_host::code::all(),
        boot::code::all(),
        flatwright_node::code::all(),
        compose::code::all(),
        plugins::code::all(),
        validate::code::all(),
        flatwright_admission::code::all(),
        flatwright_schema::code::all(),
        flatwright_flatcar::code::all(),
        flatwright_render::code::all(),
        flatwright_bootstrap::code::all(),
    ]
    .concat();
    codes.sort();
    codes
}
