//! The codes of findings about plugins.

pub(crate) use fixed::{PLUGIN_FILE, PLUGIN_SETTINGS};
use flatwright_diagnostic::{Code, Rule};

use super::policy::Select;
use super::told::Change;

/// Every code about plugins that this crate gives.
pub(crate) fn all() -> Vec<Code> {
    [fixed::all(), flatwright_plugin_law::codes(), Change::codes(), Select::codes()].concat()
}

mod fixed {
    flatwright_diagnostic::codes! {
        /// A plugin's file cannot be read, or is another than the spec pins.
        PLUGIN_FILE = "plugin-file";
        /// A plugin's settings break its schema.
        PLUGIN_SETTINGS = "plugin-settings";
    }
}
