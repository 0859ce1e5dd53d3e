//! Small rules that many checks share: paths, modes, owners.

use std::borrow::Cow;

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

/// Go's `path.Clean`.
pub(crate) fn clean(path: &str) -> Cow<'_, str> {
    let is_absolute = path.starts_with('/');
    let is_clean = path == "/"
        || (!path.is_empty()
            && path.strip_prefix('/').unwrap_or(path).split('/').all(|part| !matches!(part, "" | "." | "..")));
    if is_clean {
        return Cow::Borrowed(path);
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (is_absolute, joined.is_empty()) {
        (true, _) => Cow::Owned(format!("/{joined}")),
        (false, true) => Cow::Borrowed("."),
        (false, false) => Cow::Owned(joined),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_go_does() {
        for (path, cleaned) in [
            ("/a/../b", "/b"),
            ("/..", "/"),
            ("a/..", "."),
            ("../a/.", "../a"),
            ("//a//b/", "/a/b"),
            ("/", "/"),
            ("", "."),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
        assert_eq!(path_error("/a/"), Some("path is not fully simplified"));
        assert_eq!(path_error("/a..b"), None);
    }
}
