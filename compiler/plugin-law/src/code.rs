//! The codes of refusals that have no rule of the spec behind them.

flatwright_diagnostic::codes! {
    /// A plugin's answer has a value that no spec may have.
    PLUGIN_VALUE = "plugin-value";
}
