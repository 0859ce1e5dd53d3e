//! The codes of findings about what a machine boots with.

flatwright_diagnostic::codes! {
    /// A machine config or a file is larger than what carries it, or nearly so.
    CONFIG_SIZE = "config-size";
    /// The stand-alone Ignition config is newer than the group's Flatcar release reads.
    IGNITION_VERSION = "ignition-version";
}
