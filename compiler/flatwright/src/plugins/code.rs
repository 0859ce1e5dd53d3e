//! The codes of findings about plugins.

flatwright_diagnostic::codes! {
    /// A plugin's file cannot be read, or is another than the spec pins.
    PLUGIN_FILE = "plugin-file";
    /// A plugin's answer has a value that no spec may have.
    PLUGIN_VALUE = "plugin-value";
    /// A plugin's settings break its schema.
    PLUGIN_SETTINGS = "plugin-settings";
}
