//! The codes of findings about emission.

flatwright_diagnostic::codes! {
    /// A patch's target matches no emitted object.
    PATCH_TARGET = "patch-target";
    /// A patch operation cannot be applied.
    PATCH_FAILED = "patch-failed";
}
