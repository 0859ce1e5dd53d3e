//! Small rules that many checks share: paths, modes, owners.

use crate::problem::Node;
use flatwright_go::path::clean;

/// What is wrong with an absolute path.
pub(super) fn path_error(path: &str) -> Option<Node> {
    if path.is_empty() {
        Some(Node::Empty)
    } else if !path.starts_with('/') {
        Some(Node::Relative)
    } else if clean(path) != path {
        Some(Node::Unclean)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_absolute_and_clean() {
        assert_eq!(path_error(""), Some(Node::Empty));
        assert_eq!(path_error("a"), Some(Node::Relative));
        assert_eq!(path_error("/a/"), Some(Node::Unclean));
        assert_eq!(path_error("/a..b"), None);
    }
}
