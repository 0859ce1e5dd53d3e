//! The codes of findings of the facade itself.

flatwright_diagnostic::codes! {
    /// Neither the name nor the content of a file tells what it is.
    UNKNOWN_FILE_KIND = "unknown-file-kind";
    /// A plugin's file cannot be read, or is another than the spec pins.
    PLUGIN_FILE = "plugin-file";
    /// A plugin's answer has a value that no spec may have.
    PLUGIN_VALUE = "plugin-value";
    /// A plugin's settings break its schema.
    PLUGIN_SETTINGS = "plugin-settings";
}
