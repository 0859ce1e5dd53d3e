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
        let tree = self.tree;
        let mut map = Map::new();
        let Kind::Mapping(entries) = tree.kind(node) else { return map };
        let mut merged = Vec::new();
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
        for source in merged {
            self.merge(source, &mut map);
        }
        map
    }

    /// What the mapping has itself wins over what it merges.
    fn merge(&mut self, source: NodeId, into: &mut Map<String, Json>) {
        match self.tree.kind(source) {
            Kind::Mapping(_) => {
                for (name, value) in self.mapping(source) {
                    into.entry(name).or_insert(value);
                }
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
