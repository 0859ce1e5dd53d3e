//! The codes of findings about composed machine configs.

flatwright_diagnostic::codes! {
    /// Butane would report this about the config.
    BUTANE_CONFIG = "butane-config";
    /// Ignition's validator would report this about the config.
    IGNITION_CONFIG = "ignition-config";
    /// The Container Linux Config transpiler would report this about the config.
    CLC_CONFIG = "clc-config";
    /// Two parts of a machine config say different things about one file, unit or disk.
    CONFIG_CONFLICT = "config-conflict";
    /// The bootstrap route cannot carry a construct.
    BOOTSTRAP_ROUTE = "bootstrap-route";
    /// A machine config is in an experimental version of its language.
    EXPERIMENTAL_CONFIG = "experimental-config";
}
