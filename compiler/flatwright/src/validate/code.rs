//! The codes of findings about files as such.

flatwright_diagnostic::codes! {
    /// Neither the name nor the content of a file tells what it is.
    UNKNOWN_FILE_KIND = "unknown-file-kind";
}
