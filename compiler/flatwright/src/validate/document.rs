//! One document of a manifest file → JSON, as kubectl sends it; of a template, as clusterctl makes it.
//!
//! Owns: where Go's reader looks for nodes, and what a user reads of its problems. Must not: type a scalar.

use flatwright_diagnostic::{Anchor, NodeId, Report, SourceId};
use flatwright_go::yaml2::{self, Node, Nodes, Problem};
use flatwright_spec::rules::{Decoding, Document};
use flatwright_yaml::{Kind, Style, Tree};
use serde_json::Value as Json;

use super::template::{Fill, Filled};

/// Reads documents of one tree. The parser has bounded depth, aliases and size.
pub(super) struct Reader<'a> {
    pub(super) tree: &'a Tree,
    /// What was filled in, if the text is a template.
    pub(super) filled: Option<&'a Filled>,
    pub(super) source: SourceId,
    pub(super) report: &'a mut Report,
}

impl Reader<'_> {
    pub(super) fn read(&mut self, node: NodeId) -> Json {
        let (source, report) = (self.source, &mut *self.report);
        let nodes = Spanned { tree: self.tree, filled: self.filled };
        let mut tell = |at: At, problem: Problem| tell(problem, self.tree, nodes.owner(at), source, report);
        yaml2::Reader::new(&nodes, self.tree.text().len(), &mut tell).value(At::Tree(node))
    }
}

fn tell(problem: Problem, tree: &Tree, node: NodeId, source: SourceId, report: &mut Report) {
    let anchor = Anchor::node(source, node);
    let expected = match problem {
        Problem::Repeated(key) => {
            report
                .refuse(Anchor::key(source, node), &Decoding::DuplicateKey { key })
                .note("kubectl takes the last one without a word; other programs refuse the file")
                .hint("remove one of them");
            return;
        }
        Problem::Endless(_) | Problem::ExcessiveAliasing | Problem::TooDeep => {
            let problem = "aliases and merge keys multiply what is written here without bound".to_owned();
            report.refuse(anchor, &Document::YamlSyntax { problem });
            return;
        }
        Problem::NotFinite(_) => {
            let rule = Decoding::at("a number that JSON has, which kubectl sends", tree, node);
            report.refuse(anchor, &rule).hint("quote the value if it is text");
            return;
        }
        Problem::UnsupportedKey => "a plain name as key",
        Problem::NotMergeable => "a mapping to merge, or a list of them",
        Problem::NotBase64 => "base64 behind the tag `!!binary`",
        Problem::UnfittingTag { ref tag, .. } => &format!("a value that fits its tag `{tag}`"),
    };
    report.refuse(anchor, &Decoding::at(expected, tree, node));
}

/// A tree whose nodes have places, with what was filled in.
struct Spanned<'t> {
    tree: &'t Tree,
    filled: Option<&'t Filled>,
}

/// A node of the tree, or of one that was filled in.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Tree(NodeId),
    Fragment(usize, NodeId),
}

impl<'t> Spanned<'t> {
    /// The node whose place a node has.
    fn owner(&self, at: At) -> NodeId {
        match (at, self.filled) {
            (At::Fragment(number, _), Some(filled)) => filled.fragment(number).0,
            (At::Tree(id) | At::Fragment(_, id), _) => id,
        }
    }

    /// Where a node really is: the root of what was filled in for it.
    fn resolved(&self, at: At) -> (At, &'t Tree, NodeId) {
        match (at, self.filled) {
            (At::Fragment(number, id), Some(filled)) => (at, filled.fragment(number).1, id),
            (At::Tree(id), Some(filled)) => match filled.get(id) {
                Some(Fill::Fragment(number)) => {
                    let tree = filled.fragment(number).1;
                    (At::Fragment(number, tree.roots()[0]), tree, tree.roots()[0])
                }
                _ => (at, self.tree, id),
            },
            (At::Tree(id) | At::Fragment(_, id), None) => (at, self.tree, id),
        }
    }
}

impl Nodes for Spanned<'_> {
    type Id = At;

    fn node(&self, at: At) -> Node<'_, At> {
        let (place, tree, id) = self.resolved(at);
        match tree.kind(id) {
            Kind::Scalar(text, style) => {
                let text = match (place, self.filled.and_then(|filled| filled.get(id))) {
                    (At::Tree(_), Some(Fill::Text(text))) => text,
                    _ => text,
                };
                Node::Scalar { text, is_plain: style == Style::Plain, tag: tree.tag(id) }
            }
            Kind::Sequence(_) => Node::Sequence,
            Kind::Mapping(_) => Node::Mapping,
        }
    }

    fn items(&self, at: At) -> impl Iterator<Item = At> {
        let (place, tree, id) = self.resolved(at);
        let items = if let Kind::Sequence(items) = tree.kind(id) { items.iter() } else { [].iter() };
        items.map(move |item| beside(place, *item))
    }

    fn entries(&self, at: At) -> impl Iterator<Item = (At, At)> {
        let (place, tree, id) = self.resolved(at);
        let entries = if let Kind::Mapping(entries) = tree.kind(id) { Some(entries.iter()) } else { None };
        entries.into_iter().flatten().map(move |entry| (beside(place, entry.key), beside(place, entry.value)))
    }
}

/// Another node of the same tree.
const fn beside(at: At, id: NodeId) -> At {
    match at {
        At::Tree(_) => At::Tree(id),
        At::Fragment(number, _) => At::Fragment(number, id),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::validate::manifests;

    fn read(text: &str) -> Json {
        let mut report = Report::new();
        let tree = manifests::parse(text, SourceId(0), &mut report);
        let value =
            Reader { tree: &tree, filled: None, source: SourceId(0), report: &mut report }.read(tree.roots()[0]);
        assert!(!report.has_errors(), "{:?}", report.diagnostics());
        value
    }

    #[test]
    fn what_a_mapping_has_itself_wins_then_what_was_merged_first() {
        let value = read("a: &a {x: 1, u: 1, z: 1}\nb: &b {<<: *a, x: 2, w: 2}\nc: {<<: [*b, {v: 3, u: 3}], w: 3}\n");
        assert_eq!(value["c"], json!({"w": 3, "x": 2, "u": 1, "z": 1, "v": 3}));
    }

    #[test]
    fn scalars_are_those_of_yaml_1_1_and_json_numbers() {
        let value = read("{a: yes, b: 0644, c: 1.0, d: .1_, e: 08, f: ! 1, g: '1', h: 1e3, i: 2020-01-01, j: 12:30}\n");
        let expected = json!({"a": true, "b": 420, "c": 1, "d": ".1_", "e": 8, "f": "1", "g": "1", "h": 1000, "i": "2020-01-01", "j": "12:30"});
        assert_eq!(value, expected);
    }

    #[test]
    fn what_json_lacks_is_reported() {
        for text in ["a: .inf", "~: 1", "[a]: 1", "<<: 1", "a: !!int x", "a: !!binary '*'", "a: 1\na: 2"] {
            let mut report = Report::new();
            let tree = manifests::parse(text, SourceId(0), &mut report);
            Reader { tree: &tree, filled: None, source: SourceId(0), report: &mut report }.read(tree.roots()[0]);
            assert_eq!(report.diagnostics().len(), 1, "{text}");
        }
    }

    #[test]
    fn a_chain_of_merges_takes_no_more_time_than_what_it_says() {
        let link = |n| format!("k{n}: &a{n}\n  <<: *a{}\n  x{n}: 1\n", n - 1);
        let text: String = ["k0: &a0 {x0: 1}\n".to_owned()].into_iter().chain((1..600).map(link)).collect();
        assert_eq!(read(&text)["k599"].as_object().map(serde_json::Map::len), Some(600));
    }
}
