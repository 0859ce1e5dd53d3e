//! Package `path`.

use std::borrow::Cow;

/// The shortest path that says the same.
///
/// ```
/// assert_eq!(flatwright_go::path::clean("/a/../b/"), "/b");
/// ```
pub fn clean(path: &str) -> Cow<'_, str> {
    let is_rooted = path.starts_with('/');
    // Nearly all paths are clean.
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
            ".." if is_rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (is_rooted, joined.is_empty()) {
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
            ("../a/b//./c/../d", "../a/b/d"),
            ("../../x", "../../x"),
            ("/../a", "/a"),
            ("//a//b/", "/a/b"),
            ("/", "/"),
            ("", "."),
            ("/a..b", "/a..b"),
            ("/.a", "/.a"),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
    }
}
