//! Where in a spec a version stands, and whether it can be edited there.

use flatwright_diagnostic::{Anchor, NodeId, Origin, SourceId};
use flatwright_render::Sources;
use flatwright_yaml::{Kind, Style, Tree};

/// A scalar that can be edited.
pub(super) struct Stand {
    /// Where.
    pub(super) anchor: Anchor,
    /// What is written.
    pub(super) text: String,
    style: Style,
}

/// The scalar that a value was read from.
///
/// # Errors
/// Why only a person can edit it, as the end of a sentence.
pub(super) fn stand(origin: Origin, sources: &Sources) -> Result<Stand, String> {
    let (source, node) = match origin {
        Origin::Source(source, node) | Origin::Patch(source, node) => (source, node),
        Origin::Environment(..) => return Err("it comes from the environment".to_owned()),
        Origin::Plugin(_) => return Err("a plugin sets it".to_owned()),
        Origin::File(_) | Origin::Flag(_) | Origin::Default(_) | Origin::Unknown => {
            return Err("it is not written in the spec".to_owned());
        }
    };
    let tree = sources.tree(source).ok_or("it is not written in the spec")?;
    if let Some(alias) = alias_of(tree, node) {
        let place = sources.resolve(&Anchor::node(source, alias)).map(|span| span.start.line);
        let line = place.map_or_else(String::new, |line| format!(", on line {line}"));
        return Err(format!("an alias shares it{line}"));
    }
    match tree.kind(node) {
        Kind::Scalar(text, _) if text.contains("${") => Err("it comes from the environment".to_owned()),
        Kind::Scalar(text, style) => Ok(Stand { anchor: Anchor::node(source, node), text: text.to_owned(), style }),
        _ => Err("it is not written as one text".to_owned()),
    }
}

impl Stand {
    /// Another version in the form of what is written: with a `v` where that has one.
    pub(super) fn versioned(&self, version: &str) -> String {
        let has_v = self.text.trim_start().starts_with('v');
        if has_v { format!("v{version}") } else { version.to_owned() }
    }

    /// The text as it is to stand in the file: quotes stay, also around what needs none.
    pub(super) fn written(&self, text: &str) -> String {
        match self.style {
            Style::SingleQuoted => format!("'{}'", text.replace('\'', "''")),
            Style::DoubleQuoted => serde_json::Value::from(text).to_string(),
            Style::Plain | Style::Literal | Style::Folded => text.to_owned(),
        }
    }
}

/// The value at a path of keys below a document's root.
pub(super) fn value(tree: &Tree, root: NodeId, keys: &[&str]) -> Option<NodeId> {
    keys.iter().try_fold(root, |node, key| tree.get(node, key))
}

/// The root of the document that a node is in.
pub(super) fn root(tree: &Tree, mut node: NodeId) -> NodeId {
    while let Some(parent) = tree.parent(node) {
        node = parent;
    }
    node
}

/// An alias that stands for the node or for what contains it: an edit would change both places.
fn alias_of(tree: &Tree, node: NodeId) -> Option<NodeId> {
    let mut around = vec![node, tree.resolve(node)];
    for start in [node, tree.resolve(node)] {
        let mut at = start;
        while let Some(parent) = tree.parent(at) {
            around.push(parent);
            at = parent;
        }
    }
    let count = u32::try_from(tree.len()).unwrap_or(u32::MAX);
    (0..count).map(NodeId).find(|id| tree.is_alias(*id) && around.contains(&tree.resolve(*id)))
}

/// The text with another version in place of this one, where it stands as a whole number: `capi-v1.35.4` has `1.35.4`, and `1.35.40` has not.
pub(super) fn replaced(text: &str, old: &str, new: &str) -> Option<String> {
    let (start, _) = text.match_indices(old).find(|(start, found)| {
        let before = text[..*start].chars().next_back();
        let mut after = text[start + found.len()..].chars();
        let ends = match after.next() {
            Some(next) if next.is_ascii_digit() => false,
            Some('.') => !after.next().is_some_and(|next| next.is_ascii_digit()),
            _ => true,
        };
        ends && before.is_none_or(|before| !before.is_ascii_digit() && before != '.')
    })?;
    Some(format!("{}{new}{}", &text[..start], &text[start + old.len()..]))
}

/// The place of a node, for a finding.
pub(super) fn anchor(source: SourceId, node: NodeId) -> Anchor {
    Anchor::node(source, node)
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn a_version_in_a_name_is_a_whole_one() {
        assert_eq!(replaced("a-capi-v1.35.4", "1.35.4", "1.36.0").as_deref(), Some("a-capi-v1.36.0"));
        assert_eq!(replaced("x/1.35.4/y", "1.35.4", "1.36.0").as_deref(), Some("x/1.36.0/y"));
        assert_eq!(replaced("1.35.40-1.35.4.", "1.35.4", "2").as_deref(), Some("1.35.40-2."));
        for text in ["1.35.40", "11.35.4", "0.1.35.4", "1.35.4.1", "none"] {
            assert_eq!(replaced(text, "1.35.4", "2"), None, "{text}");
        }
    }
}
