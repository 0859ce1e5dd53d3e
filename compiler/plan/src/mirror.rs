//! URLs below other URLs, for mirrors.

/// What stands behind the beginning of a URL, which ends at a slash or at its end.
pub fn below<'u>(url: &'u str, from: &str) -> Option<&'u str> {
    let rest = url.strip_prefix(from.trim_end_matches('/'))?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// A URL with another beginning.
pub fn joined(to: &str, rest: &str) -> String {
    format!("{}{rest}", to.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_ends_at_a_slash() {
        assert_eq!(below("https://a.example/x/y", "https://a.example/x/"), Some("/y"));
        assert_eq!(below("https://a.example/x", "https://a.example/x"), Some(""));
        assert_eq!(below("https://a.example.org/x", "https://a.example"), None);
        assert_eq!(joined("https://m.example/a/", "/y"), "https://m.example/a/y");
    }
}
