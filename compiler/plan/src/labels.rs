//! The labels that a kubelet registers its node with, key by key, and the argument that carries them.

use flatwright_diagnostic::{Origin, Traced};

/// The kubelet's argument.
const ARGUMENT: &str = "node-labels";

/// Labels in the order of the argument.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeLabels(Vec<NodeLabel>);

/// One label.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeLabel {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: Traced<String>,
    /// How the argument says it: what a kubelet reads alike is not rewritten, because another text would roll machines.
    written: String,
}

impl NodeLabels {
    /// The kubelet's argument that carries them.
    pub const ARGUMENT: &'static str = ARGUMENT;

    /// The labels of an argument as a kubelet reads it: `a=b,c=d`.
    pub fn parse(text: &str, origin: Origin) -> Self {
        let mut labels: Vec<NodeLabel> = Vec::new();
        for piece in text.split(',') {
            match labels.last_mut() {
                Some(last) if piece.is_empty() => last.written.push(','),
                _ if piece.is_empty() => {}
                _ => {
                    let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
                    let value = Traced::new(value.trim().to_owned(), origin);
                    labels.push(NodeLabel { key: key.trim().to_owned(), value, written: piece.to_owned() });
                }
            }
        }
        Self(labels)
    }

    /// The argument's value; `None` without labels. Its origin is a plugin's if one gave any of the labels, else the last one's, which the spec's `nodeLabels` give.
    pub fn argument(&self) -> Option<Traced<String>> {
        let written: Vec<&str> = self.0.iter().map(|label| label.written.as_str()).collect();
        let origins = || self.0.iter().map(|label| label.value.origin);
        let plugins = origins().find(|origin| matches!(origin, Origin::Plugin(_)));
        Some(Traced::new(written.join(","), plugins.or(origins().next_back())?))
    }

    /// The labels in order.
    pub fn iter(&self) -> std::slice::Iter<'_, NodeLabel> {
        self.0.iter()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Traced<String>> {
        self.0.iter().find(|label| label.key == key).map(|label| &label.value)
    }

    /// Gives a key a value: where it stands if it is there, else at the end. The same value stays as it is, with its origin.
    pub fn set(&mut self, key: &str, value: Traced<String>) {
        match self.0.iter_mut().find(|label| label.key == key) {
            Some(label) if label.value == value => {}
            Some(label) => *label = NodeLabel::new(key, value),
            None => self.0.push(NodeLabel::new(key, value)),
        }
    }
}

impl NodeLabel {
    fn new(key: &str, value: Traced<String>) -> Self {
        Self { key: key.to_owned(), written: format!("{key}={}", value.value), value }
    }
}

impl FromIterator<(String, Traced<String>)> for NodeLabels {
    fn from_iter<T: IntoIterator<Item = (String, Traced<String>)>>(labels: T) -> Self {
        Self(labels.into_iter().map(|(key, value)| NodeLabel::new(&key, value)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_kubelet_reads_alike_keeps_its_text() {
        for text in ["a=b,c=d", "a= b ,c", "a=b,,c=d,", "a=b=c"] {
            let labels = NodeLabels::parse(text, Origin::Unknown);
            assert_eq!(labels.argument().unwrap().value, text);
        }
        let mut labels = NodeLabels::parse("a= b ,c", Origin::Unknown);
        assert_eq!(
            labels.iter().map(|label| (label.key.as_str(), label.value.as_str())).collect::<Vec<_>>(),
            [("a", "b"), ("c", "")]
        );
        labels.set("c", Traced::default());
        labels.set("d", Traced::new("e".to_owned(), Origin::Plugin(1)));
        let argument = labels.argument().unwrap();
        assert_eq!((argument.value.as_str(), argument.origin), ("a= b ,c,d=e", Origin::Plugin(1)));
        assert!(NodeLabels::parse(",", Origin::Unknown).argument().is_none());
    }
}
