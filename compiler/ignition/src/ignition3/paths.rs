//! Small rules that many checks share: paths, modes, owners.

use flatwright_go::path::clean;

/// What is wrong with an absolute path.
pub(super) fn path_error(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        Some("path not specified")
    } else if !path.starts_with('/') {
        Some("path not absolute")
    } else if clean(path) != path {
        Some("path is not fully simplified")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_absolute_and_clean() {
        assert_eq!(path_error(""), Some("path not specified"));
        assert_eq!(path_error("a"), Some("path not absolute"));
        assert_eq!(path_error("/a/"), Some("path is not fully simplified"));
        assert_eq!(path_error("/a..b"), None);
    }
}
