//! The decoder over YAML: `yaml.v3`'s rules for types, null, duplicates, aliases and merge keys. All problems of a document are collected.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_go::yaml3::{AliasShare, Content, Kind, NodeId, Resolved, Style, Tree, raw_text, resolve};

use super::record::{Decoder, Record, Value};
use crate::problem::{Mismatch, Mismatches, Yaml};

/// More would not help anybody.
const MAX_ERRORS: usize = 10_000;
/// No struct has more fields.
const MAX_FIELDS: usize = 32;

pub(crate) struct YamlDecoder<'t> {
    tree: &'t Tree,
    version: u8,
    /// The Go name of a type.
    qualify: fn(&str, u8) -> String,
    /// `unmarshal errors`, in order.
    errors: Vec<Mismatch>,
    /// What the original stops at.
    failure: Option<Yaml>,
    /// Aliases that are being decoded.
    active: Vec<NodeId>,
    /// Keys that were set, while a merge key is applied.
    merged: Option<BTreeSet<String>>,
    aliases: AliasShare,
    alias_depth: u32,
    /// Whether a string stands for bytes that are not UTF-8 (see [`raw_text`]).
    pub(crate) has_raw_bytes: bool,
}

impl<'t> YamlDecoder<'t> {
    pub(crate) fn new(tree: &'t Tree, version: u8, qualify: fn(&str, u8) -> String) -> Self {
        Self {
            tree,
            version,
            qualify,
            errors: Vec::new(),
            failure: None,
            active: Vec::new(),
            merged: None,
            aliases: AliasShare::default(),
            alias_depth: 0,
            has_raw_bytes: false,
        }
    }

    /// What went wrong, if anything did.
    pub(crate) fn problem(&mut self) -> Option<Yaml> {
        let errors = std::mem::take(&mut self.errors);
        self.failure.take().or_else(|| (!errors.is_empty()).then_some(Yaml::Mismatches(Mismatches(errors))))
    }

    fn fail(&mut self, problem: Yaml) {
        self.failure.get_or_insert(problem);
    }

    fn mismatch(&mut self, node: NodeId, tag: &str, into: &str) {
        let mut shown = self.tree.tag(node).unwrap_or(tag).to_owned();
        if !matches!(shown.as_str(), "!!seq" | "!!map") {
            let value = match self.tree.kind(node) {
                Kind::Scalar(text, _) => text,
                _ => "",
            };
            shown.push_str(&shorten(value));
        }
        self.error(Mismatch::Type { line: self.tree.node(node).line, shown, into: into.to_owned() });
    }

    fn error(&mut self, mismatch: Mismatch) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(mismatch);
        }
    }

    /// Runs on what the node stands for; counts as the original does against alias bombs.
    fn with_target<T>(&mut self, node: NodeId, run: impl FnOnce(&mut Self, NodeId) -> Option<T>) -> Option<T> {
        if self.failure.is_some() {
            return None;
        }
        if !self.aliases.count(self.alias_depth > 0) {
            self.fail(Yaml::ExcessiveAliases);
            return None;
        }
        let Content::Alias(target, name) = &self.tree.node(node).content else { return run(self, node) };
        if self.active.contains(target) {
            self.fail(Yaml::Recursive { anchor: name.to_string() });
            return None;
        }
        self.active.push(*target);
        self.alias_depth += 1;
        let result = run(self, *target);
        self.alias_depth -= 1;
        self.active.pop();
        result
    }

    fn scalar(&mut self, node: NodeId) -> Option<Resolved> {
        let Kind::Scalar(text, style) = self.tree.kind(node) else { return None };
        match resolve(text, style, self.tree.tag(node)) {
            Ok(resolved) => Some(resolved),
            Err(words) => {
                self.fail(Yaml::Tag { words });
                None
            }
        }
    }

    /// Reports a node that is no scalar, or one of another type.
    fn wrong(&mut self, node: NodeId, into: &str) {
        if self.failure.is_some() {
            return;
        }
        let tag = match self.tree.kind(node) {
            Kind::Sequence(_) => "!!seq",
            Kind::Mapping(items) if !self.check_unique(items) => return,
            Kind::Mapping(_) => "!!map",
            _ => self.scalar(node).map_or("", |resolved| resolved.tag()),
        };
        self.mismatch(node, tag, into);
    }

    /// Duplicate keys, reported pair by pair. `false` if there are any.
    fn check_unique(&mut self, items: &[NodeId]) -> bool {
        let keys: Vec<_> = items.as_chunks::<2>().0.iter().map(|[key, _]| *key).collect();
        let name = |key: NodeId| {
            let kind = match self.tree.kind(key) {
                Kind::Scalar(..) => 0,
                Kind::Sequence(_) => 1,
                Kind::Mapping(_) => 2,
                Kind::Alias(..) => 3,
            };
            (kind, self.tree.value(key))
        };
        // Most mappings are small, and then comparing beats building a set.
        if keys.len() <= 16 && !keys.iter().enumerate().any(|(i, a)| keys[..i].iter().any(|b| name(*a) == name(*b))) {
            return true;
        }
        let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (i, key) in keys.iter().enumerate() {
            groups.entry(name(*key)).or_default().push(i);
        }
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for group in groups.values().filter(|group| group.len() > 1) {
            for (at, first) in group.iter().enumerate() {
                pairs.extend(group[at + 1..].iter().take(MAX_ERRORS).map(|second| (*first, *second)));
                if pairs.len() > MAX_ERRORS {
                    break;
                }
            }
        }
        pairs.sort_unstable();
        for (first, second) in &pairs {
            let (first, second) = (keys[*first], keys[*second]);
            self.error(Mismatch::DuplicateKey {
                line: self.tree.node(second).line,
                key: self.tree.value(second).to_owned(),
                first: self.tree.node(first).line,
            });
        }
        pairs.is_empty()
    }

    fn is_merge(&self, key: NodeId) -> bool {
        matches!(self.tree.kind(key), Kind::Scalar("<<", style)
            if match self.tree.tag(key) { None => style == Style::Plain, Some(tag) => tag == "!!merge" })
    }

    fn merge<R: Record>(&mut self, merge: NodeId, record: &mut R) {
        let is_map = |tree: &Tree, node: NodeId| match tree.kind(node) {
            Kind::Mapping(_) => true,
            Kind::Alias(target, _) => matches!(tree.kind(target), Kind::Mapping(_)),
            _ => false,
        };
        let sources = match self.tree.kind(merge) {
            _ if is_map(self.tree, merge) => vec![merge],
            Kind::Sequence(items) => items.to_vec(),
            _ => {
                self.fail(Yaml::Merge);
                return;
            }
        };
        for source in sources {
            if !is_map(self.tree, source) {
                self.fail(Yaml::Merge);
                return;
            }
            self.record(source, record);
        }
    }
}

fn shorten(value: &str) -> String {
    if value.len() <= 10 {
        return format!(" `{value}`");
    }
    let mut cut = 7;
    while !value.is_char_boundary(cut) {
        cut -= 1;
    }
    format!(" `{}...`", &value[..cut])
}

impl Decoder for YamlDecoder<'_> {
    fn qualify(&self, name: &str) -> String {
        (self.qualify)(name, self.version)
    }

    fn is_null(&self, node: NodeId) -> bool {
        let target = match self.tree.kind(node) {
            Kind::Alias(target, _) => target,
            _ => node,
        };
        match self.tree.kind(target) {
            Kind::Scalar(text, style) => {
                let is_typed = match self.tree.tag(target) {
                    Some(tag) => tag == "!!null",
                    None => style == Style::Plain,
                };
                is_typed && matches!(text, "" | "~" | "null" | "Null" | "NULL")
            }
            _ => false,
        }
    }

    fn string(&mut self, node: NodeId, go: &'static str) -> Option<String> {
        self.with_target(node, |this, node| {
            let Kind::Scalar(text, style) = this.tree.kind(node) else {
                let into = String::go_type(this, go);
                this.wrong(node, &into);
                return None;
            };
            if !this.aliases.take(text.len()) {
                this.fail(Yaml::ExcessiveAliases);
                return None;
            }
            if style == Style::Quoted && this.tree.tag(node).is_none() {
                return Some(text.to_owned());
            }
            match this.scalar(node) {
                Some(Resolved::Null) => None,
                Some(Resolved::Binary(bytes)) => Some(String::from_utf8(bytes).unwrap_or_else(|error| {
                    this.has_raw_bytes = true;
                    raw_text(error.as_bytes())
                })),
                Some(_) => Some(text.to_owned()),
                None => None,
            }
        })
    }

    fn integer(&mut self, node: NodeId) -> Option<i64> {
        self.with_target(node, |this, node| match this.scalar(node) {
            Some(Resolved::Int(value)) => Some(value),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "Go truncates; minus infinity becomes the least integer in both"
            )]
            Some(Resolved::Float(value)) if value < 9_223_372_036_854_775_808.0 => Some(value as i64),
            Some(Resolved::Null) => None,
            _ => {
                this.wrong(node, "int");
                None
            }
        })
    }

    fn boolean(&mut self, node: NodeId) -> Option<bool> {
        self.with_target(node, |this, node| match this.scalar(node) {
            Some(Resolved::Bool(value)) => Some(value),
            Some(Resolved::Null) => None,
            resolved => {
                if resolved == Some(Resolved::Str) {
                    match this.tree.value(node) {
                        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Some(true),
                        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Some(false),
                        _ => {}
                    }
                }
                this.wrong(node, "bool");
                None
            }
        })
    }

    fn list<T: Value>(&mut self, node: NodeId, go: &'static str) -> Option<Vec<T>> {
        if self.is_null(node) {
            return Some(Vec::new());
        }
        self.with_target(node, |this, node| {
            let Kind::Sequence(items) = this.tree.kind(node) else {
                let into = <Vec<T> as Value>::go_type(this, go);
                this.wrong(node, &into);
                return None;
            };
            let mut values = Vec::with_capacity(items.len());
            for item in items {
                let mut value = T::default();
                if value.decode(this, *item, go) {
                    values.push(value);
                }
            }
            Some(values)
        })
    }

    fn record<R: Record>(&mut self, node: NodeId, record: &mut R) -> bool {
        let is_null = self.is_null(node);
        self.with_target(node, |this, node| {
            let Kind::Mapping(items) = this.tree.kind(node) else {
                if !is_null {
                    let into = this.qualify(R::NAME);
                    this.wrong(node, &into);
                }
                return None;
            };
            if !this.check_unique(items) {
                return None;
            }
            let mut seen = this.merged.take();
            let mut merge = None;
            const { assert!(R::FIELDS.len() <= MAX_FIELDS) };
            let mut done = [false; MAX_FIELDS];
            for [key, value] in items.as_chunks::<2>().0 {
                if this.is_merge(*key) {
                    merge = Some(*value);
                    continue;
                }
                let name = match this.tree.kind(*key) {
                    Kind::Scalar(text, _) if this.tree.tag(*key).is_none() && !this.is_null(*key) => text.to_owned(),
                    _ => match this.string(*key, "") {
                        Some(name) => name,
                        None => continue,
                    },
                };
                if let Some(seen) = &mut seen
                    && !seen.insert(name.clone())
                {
                    continue;
                }
                let found = R::FIELDS.iter().position(|field| field.key == name && field.since <= this.version);
                let Some(index) = found else { continue };
                // Two keys may differ and yet say the same: an alias, a tagged text.
                if std::mem::replace(&mut done[index], true) {
                    let (line, into) = (this.tree.node(*key).line, this.qualify(R::NAME));
                    this.error(Mismatch::DuplicateField { line, field: name, into });
                    continue;
                }
                record.decode_field(index, this, *value);
            }
            let is_outermost = seen.is_none();
            if let Some(merge) = merge {
                let keys = items.as_chunks::<2>().0.iter().map(|[key, _]| *key).filter(|key| !this.is_merge(*key));
                seen.get_or_insert_default().extend(keys.map(|key| this.tree.value(key).to_owned()));
                this.merged = seen;
                this.merge(merge, record);
                seen = this.merged.take();
            }
            // What was set here is nothing to whoever comes next, unless this is merged itself.
            this.merged = seen.filter(|_| !is_outermost);
            Some(())
        })
        .is_some()
    }
}
