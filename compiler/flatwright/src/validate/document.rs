//! One document of a manifest file → JSON, as kubectl sends it: merge keys applied, the last of two equal keys counts.

use flatwright_diagnostic::{Anchor, NodeId, Report, SourceId};
use flatwright_spec::code::{DUPLICATE_KEY, WRONG_TYPE};
use flatwright_yaml::{Kind, Style, Tree};
use serde_json::{Map, Value as Json};

use super::scalar::typed;

/// Reads documents of one tree. The parser has bounded depth, aliases and size.
pub(super) struct Reader<'a> {
    pub(super) tree: &'a Tree,
    pub(super) source: SourceId,
    pub(super) report: &'a mut Report,
}

impl Reader<'_> {
    pub(super) fn read(&mut self, node: NodeId) -> Json {
        let tree = self.tree;
        match tree.kind(node) {
            Kind::Scalar(text, style) => typed(text, style, tree.tag(node)),
            Kind::Sequence(items) => items.iter().map(|item| self.read(*item)).collect(),
            Kind::Mapping(_) => Json::Object(self.mapping(node)),
        }
    }

    fn mapping(&mut self, node: NodeId) -> Map<String, Json> {
        let (mut map, merged) = self.entries(node);
        for source in merged {
            self.merge(source, &mut map);
        }
        map
    }

    /// What a mapping has itself, and what it merges.
    fn entries(&mut self, node: NodeId) -> (Map<String, Json>, Vec<NodeId>) {
        let tree = self.tree;
        let (mut map, mut merged) = (Map::new(), Vec::new());
        let Kind::Mapping(entries) = tree.kind(node) else { return (map, merged) };
        for entry in entries.iter() {
            let Some(name) = self.key(entry.key) else { continue };
            if name == "<<" && matches!(tree.kind(entry.key), Kind::Scalar(_, Style::Plain)) {
                merged.push(entry.value);
                continue;
            }
            let value = self.read(entry.value);
            if map.contains_key(&name) {
                let message = format!("the key `{name}` stands twice in one mapping");
                self.report
                    .error(DUPLICATE_KEY, Anchor::key(self.source, entry.value), message)
                    .note("kubectl takes the last one without a word; other programs refuse the file")
                    .hint("remove one of them");
            }
            map.insert(name, value);
        }
        (map, merged)
    }

    /// What the mapping has itself wins over what it merges. Goes straight into the one map: a chain of merges must not be copied link by link.
    fn merge(&mut self, source: NodeId, into: &mut Map<String, Json>) {
        match self.tree.kind(source) {
            Kind::Mapping(_) => {
                let (own, merged) = self.entries(source);
                for (name, value) in own {
                    into.entry(name).or_insert(value);
                }
                merged.into_iter().for_each(|source| self.merge(source, into));
            }
            Kind::Sequence(items) => items.iter().for_each(|item| self.merge(*item, into)),
            Kind::Scalar(..) => {
                let anchor = Anchor::node(self.source, source);
                self.report.error(WRONG_TYPE, anchor, "a merge key `<<` needs a mapping, or a list of mappings");
            }
        }
    }

    /// JSON's keys are strings: numbers and booleans become their text.
    fn key(&mut self, node: NodeId) -> Option<String> {
        let Kind::Scalar(text, style) = self.tree.kind(node) else {
            self.report.error(WRONG_TYPE, Anchor::node(self.source, node), "a mapping key must be a plain name");
            return None;
        };
        match typed(text, style, self.tree.tag(node)) {
            Json::Bool(value) => Some(value.to_string()),
            Json::Number(value) => Some(value.to_string()),
            _ => Some(text.to_owned()),
        }
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
        let value = Reader { tree: &tree, source: SourceId(0), report: &mut report }.read(tree.roots()[0]);
        assert!(!report.has_errors(), "{:?}", report.diagnostics());
        value
    }

    #[test]
    fn what_a_mapping_has_itself_wins_then_what_was_merged_first() {
        let value = read("a: &a {x: 1, u: 1, z: 1}\nb: &b {<<: *a, x: 2, w: 2}\nc: {<<: [*b, {v: 3, u: 3}], w: 3}\n");
        assert_eq!(value["c"], json!({"w": 3, "x": 2, "u": 1, "z": 1, "v": 3}));
    }

    #[test]
    fn a_chain_of_merges_takes_no_more_time_than_what_it_says() {
        let link = |n| format!("k{n}: &a{n}\n  <<: *a{}\n  x{n}: 1\n", n - 1);
        let text: String = ["k0: &a0 {x0: 1}\n".to_owned()].into_iter().chain((1..600).map(link)).collect();
        assert_eq!(read(&text)["k599"].as_object().map(Map::len), Some(600));
    }
}
