//! The codes of this crate.

flatwright_diagnostic::codes! {
    /// The bootstrap provider would not make bootstrap data, so the machine would wait for it forever.
    BOOTSTRAP_RENDERING = "bootstrap-rendering";
    /// The input of `preview --bootstrap-data` is not of a known form.
    BOOTSTRAP_DATA_INPUT = "bootstrap-data-input";
}
