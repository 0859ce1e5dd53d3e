//! Trees → JSON values. Owns: merge keys, the text of keys, repeated keys. Must not: stop; whoever reads decides what a problem is worth.

use serde_json::{Map, Value as Json};

use super::Problem;
use super::resolve::{Resolved, resolve_tagged};
use crate::number::general32;
use crate::yaml3::{Kind, NodeId, Style, Tree, parse_all};

/// Deeper collections are refused: nobody nests so deep, and reading them takes stack.
const MAX_DEPTH: usize = 200;
/// Longer chains of merge keys are refused.
const MAX_MERGES: usize = 1000;
/// What aliases may add to the nodes that a text can write out.
const MAX_NODES: usize = 1_000_000;

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub enum Node<'t, I> {
    /// A scalar.
    Scalar {
        /// What it says.
        text: &'t str,
        /// Whether it stands without quotes.
        is_plain: bool,
        /// The tag that was written.
        tag: Option<&'t str>,
    },
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
    /// What stands elsewhere, and the anchor's name there.
    Alias(I, &'t str),
}

/// A tree as some parser made it.
pub trait Nodes {
    /// A node.
    type Id: Copy + PartialEq;
    /// What a node is.
    fn node(&self, id: Self::Id) -> Node<'_, Self::Id>;
    /// The items of a list.
    fn items(&self, id: Self::Id) -> impl Iterator<Item = Self::Id>;
    /// The keys and values of a mapping.
    fn entries(&self, id: Self::Id) -> impl Iterator<Item = (Self::Id, Self::Id)>;
}

/// Reads every document of a stream, strictly. Empty documents are left out.
///
/// # Errors
/// The syntax error or the first problem, in one line with its line number.
pub fn read(text: &str) -> Result<Vec<Json>, String> {
    let mut documents = Vec::new();
    for tree in parse_all(text.as_bytes()).map_err(|error| error.v2_text())? {
        let Some(root) = tree.root() else { continue };
        let mut first = None;
        let mut note = |id: NodeId, problem: Problem| {
            first.get_or_insert_with(|| format!("yaml: line {}: {problem}", tree.node(id).line));
        };
        let value = Reader::new(&tree, text.len(), &mut note).value(root);
        if let Some(problem) = first {
            return Err(problem);
        }
        documents.extend((!value.is_null()).then_some(value));
    }
    Ok(documents)
}

impl Nodes for Tree {
    type Id = NodeId;

    fn node(&self, id: NodeId) -> Node<'_, NodeId> {
        match self.kind(id) {
            Kind::Scalar(text, style) => Node::Scalar { text, is_plain: style != Style::Quoted, tag: self.tag(id) },
            Kind::Sequence(_) => Node::Sequence,
            Kind::Mapping(_) => Node::Mapping,
            Kind::Alias(target, name) => Node::Alias(target, name),
        }
    }

    fn items(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let Kind::Sequence(items) = self.kind(id) else { return [].iter().copied() };
        items.iter().copied()
    }

    fn entries(&self, id: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> {
        let items = if let Kind::Mapping(items) = self.kind(id) { items } else { &[] };
        items.as_chunks::<2>().0.iter().map(|[key, value]| (*key, *value))
    }
}

/// Reads the nodes of one tree; problems go to a callback, with the node that they are about. A repeated key is about its value.
pub struct Reader<'a, T: Nodes> {
    tree: &'a T,
    report: &'a mut dyn FnMut(T::Id, Problem),
    /// The collections and aliases that are being read.
    open: Vec<T::Id>,
    /// How many of those bring what they have into another mapping.
    merges: usize,
    rest: usize,
}

enum Key {
    Merge,
    Text(String),
}

impl<'a, T: Nodes> Reader<'a, T> {
    /// A reader of a text of some length.
    pub fn new(tree: &'a T, length: usize, report: &'a mut dyn FnMut(T::Id, Problem)) -> Self {
        Self { tree, report, open: Vec::new(), merges: 0, rest: length.saturating_add(MAX_NODES) }
    }

    /// The value of a node; null where there is a problem.
    pub fn value(&mut self, id: T::Id) -> Json {
        if !self.count(id) {
            return Json::Null;
        }
        match self.tree.node(id) {
            Node::Scalar { text, is_plain, tag } => {
                let value = resolve_tagged(text, is_plain, tag).and_then(|resolved| resolved.to_json(text));
                value.unwrap_or_else(|problem| {
                    (self.report)(id, problem);
                    Json::Null
                })
            }
            Node::Sequence => {
                let tree = self.tree;
                self.within(id, |reader| tree.items(id).map(|item| reader.value(item)).collect())
            }
            Node::Mapping => self.within(id, |reader| {
                let mut map = Map::new();
                reader.entries(id, &mut map, true);
                Json::Object(map)
            }),
            Node::Alias(target, name) if self.open.contains(&target) => {
                (self.report)(id, Problem::Endless(name.to_owned()));
                Json::Null
            }
            Node::Alias(target, _) => self.value(target),
        }
    }

    /// Counts a node. `false` if there were too many.
    fn count(&mut self, id: T::Id) -> bool {
        let Some(rest) = self.rest.checked_sub(1) else { return false };
        self.rest = rest;
        if rest == 0 {
            (self.report)(id, Problem::ExcessiveAliasing);
        }
        rest > 0
    }

    fn within(&mut self, id: T::Id, read: impl FnOnce(&mut Self) -> Json) -> Json {
        if self.open.len() - self.merges >= MAX_DEPTH || self.merges >= MAX_MERGES {
            (self.report)(id, Problem::TooDeep);
            return Json::Null;
        }
        self.open.push(id);
        let value = read(self);
        self.open.pop();
        value
    }

    /// Entries in their order. A merge key counts where it stands: what comes behind it replaces what it brought, and it replaces what came before.
    fn entries(&mut self, id: T::Id, into: &mut Map<String, Json>, is_own: bool) {
        let tree = self.tree;
        let mut own = std::collections::BTreeSet::new();
        for (key, value) in tree.entries(id) {
            match self.key(key) {
                None => {}
                Some(Key::Merge) => self.merge(value, into),
                Some(Key::Text(name)) => {
                    let read = self.value(value);
                    if is_own && !own.insert(name.clone()) {
                        (self.report)(value, Problem::Repeated(name.clone()));
                    }
                    into.insert(name, read);
                }
            }
        }
    }

    fn merge(&mut self, source: T::Id, into: &mut Map<String, Json>) {
        let tree = self.tree;
        match tree.node(self.target(source)) {
            Node::Mapping => self.merge_one(source, into),
            Node::Sequence => {
                // Backwards: of several, the first one's values stay.
                let items: Vec<_> = tree.items(self.target(source)).collect();
                items.into_iter().rev().for_each(|item| self.merge_one(item, into));
            }
            _ => (self.report)(source, Problem::NotMergeable),
        }
    }

    fn merge_one(&mut self, source: T::Id, into: &mut Map<String, Json>) {
        let target = self.target(source);
        if !matches!(self.tree.node(target), Node::Mapping) {
            (self.report)(source, Problem::NotMergeable);
        } else if self.open.contains(&target) {
            let Node::Alias(_, name) = self.tree.node(source) else { return };
            (self.report)(source, Problem::Endless(name.to_owned()));
        } else if self.count(source) {
            self.merges += 1;
            self.within(target, |reader| {
                reader.entries(target, into, false);
                Json::Null
            });
            self.merges -= 1;
        }
    }

    fn target(&self, id: T::Id) -> T::Id {
        if let Node::Alias(target, _) = self.tree.node(id) { target } else { id }
    }

    /// JSON's keys are texts: numbers and booleans become theirs.
    fn key(&mut self, id: T::Id) -> Option<Key> {
        let Node::Scalar { text, is_plain, tag } = self.tree.node(self.target(id)) else {
            (self.report)(id, Problem::UnsupportedKey);
            return None;
        };
        let is_merge_tag = tag.is_some_and(|tag| matches!(tag, "!!merge" | "tag:yaml.org,2002:merge"));
        if text == "<<" && (is_merge_tag || (is_plain && tag.is_none())) {
            return Some(Key::Merge);
        }
        let key = match resolve_tagged(text, is_plain, tag) {
            Ok(Resolved::Bool(value)) => Ok(value.to_string()),
            Ok(Resolved::Int(value)) => Ok(value.to_string()),
            #[expect(clippy::cast_possible_truncation, reason = "the original formats them with 32 bits")]
            Ok(Resolved::Float(value)) => Ok(float_key(value as f32)),
            Ok(Resolved::Timestamp | Resolved::Str) => Ok(text.to_owned()),
            Ok(Resolved::Binary(bytes)) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Ok(Resolved::Null | Resolved::Uint(_)) => Err(Problem::UnsupportedKey),
            Err(problem) => Err(problem),
        };
        key.map(Key::Text).map_err(|problem| (self.report)(id, problem)).ok()
    }
}

fn float_key(value: f32) -> String {
    if value.is_nan() {
        ".nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { ".inf" } else { "-.inf" }.to_owned()
    } else {
        general32(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_anchors_and_merge_keys_are_read() {
        let text = "a: &x {p: 0644, q: y}\nb: *x\nc:\n  <<: *x\n  q: '1'\n---\n---\n- 1: ~\n";
        assert_eq!(
            read(text),
            Ok(vec![
                json!({"a": {"p": 420, "q": true}, "b": {"p": 420, "q": true}, "c": {"q": "1", "p": 420}}),
                json!([{"1": null}])
            ])
        );
    }

    #[test]
    fn a_merge_key_counts_where_it_stands() {
        let text = "a: &a {x: 1, w: 1}\nb: &b {x: 2, z: 2}\nc: {<<: *a, x: 3}\nd: {x: 3, <<: *a}\ne: {<<: [*a, *b]}\n";
        let values = read(text).expect("YAML");
        assert_eq!(values[0]["c"], json!({"x": 3, "w": 1}));
        assert_eq!(values[0]["d"], json!({"x": 1, "w": 1}));
        assert_eq!(values[0]["e"], json!({"x": 1, "w": 1, "z": 2}));
    }

    #[test]
    fn keys_are_texts() {
        let text = "1: a\n0x10: b\n1.50: c\nyes: d\n2020-01-01: e\n'<<': f\n!!str 2: g\n1e7: h\n";
        let expected =
            json!({"1": "a", "16": "b", "1.5": "c", "true": "d", "2020-01-01": "e", "<<": "f", "2": "g", "1e+07": "h"});
        assert_eq!(read(text), Ok(vec![expected]));
    }

    #[test]
    fn problems_name_the_line() {
        for (text, message) in [
            ("a: 1\na: 2\n", "yaml: line 2: key \"a\" already set in map"),
            ("a: 1\n~: 2\n", "yaml: line 2: unsupported map key"),
            ("[1]: 2\n", "yaml: line 1: unsupported map key"),
            ("<<: 2\n", "yaml: line 1: map merge requires map or sequence of maps as the value"),
            ("a: &a [*a]\n", "yaml: line 1: anchor 'a' value contains itself"),
            ("a: !!int x\n", "yaml: line 1: cannot decode !!str `x` as a !!int"),
            ("a: !!binary x\n", "yaml: line 1: !!binary value contains invalid base64 data"),
            ("a: -.inf\n", "yaml: line 1: json: unsupported value: -Inf"),
            ("a: [\n", "yaml: line 1: did not find expected node content"),
            ("a\n--- b\n... c\n", "yaml: line 2: did not find expected <document start>"),
        ] {
            assert_eq!(read(text), Err(message.to_owned()), "{text}");
        }
    }

    #[test]
    fn aliases_and_depth_are_bounded() {
        let bomb: String = (1..30).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1)).collect();
        assert!(read(&format!("a0: &a0 x\n{bomb}")).is_err_and(|message| message.ends_with("excessive aliasing")));
        let chain: String = (1..900).map(|n| format!("k{n}: &a{n} {{<<: *a{}, x{n}: 1}}\n", n - 1)).collect();
        assert!(read(&format!("k0: &a0 {{x: 1}}\n{chain}")).is_ok());
        let nothing: String = (1..60).map(|n| format!("a{n}: &a{n} {{<<: [*a{0}, *a{0}]}}\n", n - 1)).collect();
        let message = read(&format!("a0: &a0 {{}}\n{nothing}"));
        assert!(message.is_err_and(|message| message.ends_with("excessive aliasing")));
        assert!(read("a: &a {<<: *a}\n").is_err_and(|message| message.ends_with("anchor 'a' value contains itself")));
        assert!(read(&"[".repeat(5000)).is_err());
        assert!(read(&("[".repeat(300) + &"]".repeat(300))).is_err_and(|message| message.ends_with("max depth")));
    }
}
