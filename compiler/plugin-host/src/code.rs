//! The diagnostic codes of the plugin host.

flatwright_diagnostic::codes! {
    /// The file is no WebAssembly component: empty, text, truncated, invalid, or a core module.
    NOT_A_COMPONENT = "plugin-not-a-component";
    /// The component lacks `meta`, has no hook, or has one of another type.
    WRONG_WORLD = "plugin-wrong-world";
    /// The component was built for a version of the plugin API that this compiler does not support.
    API_VERSION = "plugin-api-version";
    /// The component imports something else than `log`.
    FORBIDDEN_IMPORT = "plugin-forbidden-import";
    /// The component is larger, or made of more parts, than the host accepts.
    TOO_LARGE = "plugin-too-large";
    /// Compiling the component took more memory than it may.
    COMPILE_MEMORY_LIMIT = "plugin-compile-memory-limit";
    /// Compiling the component took longer than it may.
    COMPILE_TIME_LIMIT = "plugin-compile-time-limit";
    /// One call executed more instructions than it may.
    FUEL_LIMIT = "plugin-fuel-limit";
    /// All calls of a compile together executed more instructions than they may.
    TOTAL_FUEL_LIMIT = "plugin-total-fuel-limit";
    /// A call needed more memory than it may.
    MEMORY_LIMIT = "plugin-memory-limit";
    /// A call needed larger tables than it may.
    TABLE_LIMIT = "plugin-table-limit";
    /// A call recursed too deep.
    STACK_LIMIT = "plugin-stack-limit";
    /// An answer was larger than it may be.
    ANSWER_LIMIT = "plugin-answer-limit";
    /// A call gave more findings than its limit.
    FINDINGS_LIMIT = "plugin-findings-limit";
    /// A call logged more than it may.
    LOG_LIMIT = "plugin-log-limit";
    /// A call took longer than it may; the process ends.
    TIME_LIMIT = "plugin-time-limit";
    /// The plugin trapped, panicked, or refused without saying why.
    CRASHED = "plugin-crashed";
    /// The plugin's answer could not be read: its bindings are broken.
    BROKEN_BINDINGS = "plugin-broken-bindings";
    /// The plugin's description has an unusable name, version or settings schema.
    INVALID_DESCRIPTION = "plugin-invalid-description";
    /// The plugin's answer breaks a rule of the hook.
    INVALID_ANSWER = "plugin-invalid-answer";
    /// What a plugin has to say about the user's input.
    FINDING = "plugin-finding";
}
