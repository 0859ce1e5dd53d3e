//! Codes of findings about how findings are selected.

flatwright_diagnostic::codes! {
    /// A suppression comment that does not say why.
    SUPPRESSION_WITHOUT_REASON = "suppression-without-reason";
    /// A suppression comment that suppresses nothing.
    UNUSED_SUPPRESSION = "unused-suppression";
    /// A code that does not exist, in a suppression comment or an option.
    UNKNOWN_CODE = "unknown-code";
}
