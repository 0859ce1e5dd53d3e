//! The codes of the whole compiler. Owns none.

use crate::{boot, compose, contents, directory, plugins, subscription, upgrade, validate};

/// Every diagnostic code of the compiler, by crate. Asked by every run, for the names in comments, so it is not sorted.
pub fn codes() -> Vec<flatwright_diagnostic::Code> {
    [
        flatwright_spec::code::all(),
        flatwright_capi::code::all(),
        flatwright_ignition::code::all(),
        flatwright_plugin_host::code::all(),
        boot::code::all(),
        flatwright_node::code::all(),
        compose::code::all(),
        contents::code::all(),
        directory::code::all(),
        plugins::code::all(),
        subscription::codes(),
        upgrade::code::all(),
        validate::code::all(),
        flatwright_admission::code::all(),
        flatwright_schema::code::all(),
        flatwright_flatcar::code::all(),
        flatwright_render::code::all(),
        flatwright_bootstrap::code::all(),
        flatwright_lock::code::all(),
    ]
    .concat()
}
