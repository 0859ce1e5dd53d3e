//! YAML → the CLC model by the rules of Go's yaml.v3.
//!
//! Owns: type errors, null, duplicate keys, aliases and merge keys. Must not: know a CLC field; the models ask for what they need.

use std::collections::{BTreeMap, BTreeSet};

use crate::ignition2::model::Source;
use crate::ignition2::walk::NodeRef;
use crate::problem::{Mismatch, Mismatches, Yaml};
use flatwright_go::yaml3::{AliasShare, Kind, NodeId, Resolved, Style, Tree, resolve};

/// Mappings up to this size are compared key by key.
const SMALL: usize = 32;
/// More would not help anybody.
const MAX_ERRORS: usize = 10_000;

/// A document being decoded.
pub(crate) struct YamlSource<'t> {
    tree: &'t Tree,
    errors: Vec<Mismatch>,
    failure: Option<Yaml>,
    merging: Vec<NodeId>,
    aliases: AliasShare,
}

type Fields = Vec<(&'static str, NodeRef)>;

impl<'t> YamlSource<'t> {
    pub(crate) fn new(tree: &'t Tree) -> Self {
        Self { tree, errors: Vec::new(), failure: None, merging: Vec::new(), aliases: AliasShare::default() }
    }

    /// What went wrong.
    pub(crate) fn problem(self) -> Option<Yaml> {
        let Self { failure, errors, .. } = self;
        failure.or_else(|| (!errors.is_empty()).then_some(Yaml::Mismatches(Mismatches(errors))))
    }

    fn target(&self, node: NodeRef) -> NodeId {
        let mut node = NodeId(node);
        // The parser only makes aliases to nodes that came before, so this ends.
        while let Kind::Alias(target, _) = self.tree.kind(node) {
            node = target;
        }
        node
    }

    fn resolved(&mut self, node: NodeId) -> Option<Resolved> {
        let Kind::Scalar(text, style) = self.tree.kind(node) else { return None };
        match resolve(text, style, self.tree.tag(node)) {
            Ok(resolved) => Some(resolved),
            Err(words) => {
                self.stop(Yaml::Tag { words });
                None
            }
        }
    }

    fn stop(&mut self, problem: Yaml) {
        self.failure.get_or_insert(problem);
    }

    fn error(&mut self, mismatch: Mismatch) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(mismatch);
        }
    }

    /// Reports a node of another type. Mappings are checked for duplicate keys first, as in the original.
    fn mismatch(&mut self, node: NodeId, into: &str) {
        let natural = match self.tree.kind(node) {
            Kind::Mapping(_) if self.has_duplicates(node) => return,
            Kind::Mapping(_) => "!!map",
            Kind::Sequence(_) => "!!seq",
            _ => match self.resolved(node) {
                Some(resolved) => resolved.tag(),
                None => return,
            },
        };
        let tag = self.tree.tag(node).unwrap_or(natural);
        let mut shown = tag.to_owned();
        if !matches!(tag, "!!seq" | "!!map") {
            shown.push_str(&shorten(self.tree.value(node)));
        }
        self.error(Mismatch::Type { line: self.tree.node(node).line, shown, into: into.to_owned() });
    }

    fn has_duplicates(&mut self, node: NodeId) -> bool {
        let Kind::Mapping(items) = self.tree.kind(node) else { return false };
        let pairs = items.as_chunks::<2>().0;
        let is_small = pairs.len() <= SMALL;
        if is_small
            && !pairs.iter().enumerate().any(|(i, [key, _])| {
                pairs[i + 1..].iter().any(|[later, _]| self.tree.value(*later) == self.tree.value(*key))
            })
        {
            return false;
        }
        let mut first: BTreeMap<(u8, &str), Vec<NodeId>> = BTreeMap::new();
        for [key, _] in pairs {
            let kind = match self.tree.kind(*key) {
                Kind::Scalar(..) => 0,
                Kind::Sequence(_) => 1,
                Kind::Mapping(_) => 2,
                Kind::Alias(..) => 3,
            };
            first.entry((kind, self.tree.value(*key))).or_default().push(*key);
        }
        let mut repeated: Vec<(NodeId, NodeId)> = Vec::new();
        for keys in first.values().filter(|keys| keys.len() > 1) {
            for (i, earlier) in keys.iter().enumerate().take(MAX_ERRORS) {
                repeated.extend(keys[i + 1..].iter().take(MAX_ERRORS).map(|later| (*earlier, *later)));
                if repeated.len() > MAX_ERRORS {
                    break;
                }
            }
        }
        repeated.sort_unstable();
        let is_repeated = !repeated.is_empty();
        for (earlier, later) in repeated {
            let (line, first) = (self.tree.node(later).line, self.tree.node(earlier).line);
            self.error(Mismatch::DuplicateKey { line, key: self.tree.value(later).to_owned(), first });
        }
        is_repeated
    }

    /// The entries of a mapping and of those merged into it. `set` holds the keys that are taken, once there is a merge.
    fn collect(
        &mut self,
        node: NodeId,
        into: &str,
        keys: &[&'static str],
        set: &mut Option<BTreeSet<String>>,
        found: &mut Fields,
    ) -> bool {
        let Kind::Mapping(items) = self.tree.kind(node) else {
            self.mismatch(node, into);
            return false;
        };
        if self.has_duplicates(node) {
            return false;
        }
        let mut merge = None;
        let start = found.len();
        for [key, value] in items.as_chunks::<2>().0 {
            // Nearly every key: one of those asked for, as it stands.
            if set.is_none()
                && self.tree.tag(*key).is_none()
                && let Kind::Scalar(text, _) = self.tree.kind(*key)
                && let Some(known) = keys.iter().find(|known| **known == text)
                && found[start..].iter().all(|(known, _)| *known != text)
                && self.take(text.len())
            {
                found.push((*known, value.0));
                continue;
            }
            if self.is_merge(*key) {
                merge = Some(*value);
                continue;
            }
            if self.is_null(key.0) {
                continue;
            }
            let Some(name) = self.string(key.0, "string") else { continue };
            if let Some(set) = set
                && !set.insert(name.clone())
            {
                continue;
            }
            let Some(known) = keys.iter().find(|key| **key == name) else { continue };
            // Two keys may differ and yet say the same: an alias, a tagged text.
            if found[start..].iter().any(|(set, _)| set == known) {
                let line = self.tree.node(*key).line;
                self.error(Mismatch::DuplicateField { line, field: name, into: into.to_owned() });
            } else {
                found.push((*known, value.0));
            }
        }
        let Some(merge) = merge else { return true };
        let mut taken = set.take().unwrap_or_else(|| {
            items.as_chunks::<2>().0.iter().map(|[key, _]| self.tree.value(*key).to_owned()).collect()
        });
        let mut inner = Some(std::mem::take(&mut taken));
        self.merge(merge, into, keys, &mut inner, found);
        *set = inner;
        true
    }

    fn merge(
        &mut self,
        merge: NodeId,
        into: &str,
        keys: &[&'static str],
        set: &mut Option<BTreeSet<String>>,
        found: &mut Fields,
    ) {
        let parts: Vec<NodeId> = match self.tree.kind(merge) {
            Kind::Sequence(items) => items.to_vec(),
            _ => vec![merge],
        };
        for part in parts {
            let alias = matches!(self.tree.kind(part), Kind::Alias(..)).then_some(part);
            let target = self.target(part.0);
            if !matches!(self.tree.kind(target), Kind::Mapping(_)) {
                self.stop(Yaml::Merge);
                return;
            }
            // Without this count, maps that merge each other many times would multiply.
            let is_aliased = !self.merging.is_empty();
            if !self.aliases.count(is_aliased) || !self.aliases.count(is_aliased || alias.is_some()) {
                self.stop(Yaml::ExcessiveAliases);
                return;
            }
            if let Some(alias) = alias {
                if self.merging.contains(&alias) {
                    self.stop(Yaml::Recursive { anchor: self.tree.value(alias).to_owned() });
                    return;
                }
                self.merging.push(alias);
            }
            if self.merging.len() < 1_000 && self.failure.is_none() {
                self.collect(target, into, keys, set, found);
            }
            if alias.is_some() {
                self.merging.pop();
            }
        }
    }

    fn is_merge(&self, key: NodeId) -> bool {
        let Kind::Scalar("<<", style) = self.tree.kind(key) else { return false };
        match self.tree.tag(key) {
            None => style == Style::Plain,
            Some(tag) => tag == "!!merge",
        }
    }

    fn take(&mut self, length: usize) -> bool {
        if !self.aliases.take(length) {
            self.stop(Yaml::ExcessiveAliases);
        }
        self.failure.is_none()
    }
}

/// A value in an error text: cut to 7 bytes when longer than 10.
fn shorten(value: &str) -> String {
    if value.len() <= 10 {
        return format!(" `{value}`");
    }
    format!(" `{}...`", String::from_utf8_lossy(&value.as_bytes()[..7]))
}

/// Go's JSON writer shows each byte that is no UTF-8 as U+FFFD.
fn lossy(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    out
}

impl Source for YamlSource<'_> {
    fn is_null(&self, node: NodeRef) -> bool {
        let node = self.target(node);
        let Kind::Scalar(text, style) = self.tree.kind(node) else { return false };
        matches!(resolve(text, style, self.tree.tag(node)), Ok(Resolved::Null))
    }

    fn accepts_null(&self) -> bool {
        false
    }

    fn string(&mut self, node: NodeRef, go: &str) -> Option<String> {
        self.bytes(node, go).map(|bytes| String::from_utf8(bytes).unwrap_or_else(|error| lossy(error.as_bytes())))
    }

    fn bytes(&mut self, node: NodeRef, go: &str) -> Option<Vec<u8>> {
        let node = self.target(node);
        if !matches!(self.tree.kind(node), Kind::Scalar(..)) {
            self.mismatch(node, go);
            return None;
        }
        let bytes = match self.resolved(node)? {
            Resolved::Binary(bytes) => bytes,
            _ => self.tree.value(node).as_bytes().to_vec(),
        };
        self.take(bytes.len()).then_some(bytes)
    }

    #[expect(clippy::cast_possible_truncation, reason = "Go truncates floats towards zero, and so does Rust")]
    #[expect(clippy::cast_precision_loss, reason = "the limit is compared as a float in the original too")]
    fn int(&mut self, node: NodeRef) -> Option<i64> {
        let node = self.target(node);
        if matches!(self.tree.kind(node), Kind::Scalar(..)) {
            match self.resolved(node)? {
                Resolved::Int(value) => return Some(value),
                Resolved::Float(value) if value <= i64::MAX as f64 => return Some(value as i64),
                _ => {}
            }
        }
        self.mismatch(node, "int");
        None
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "Go converts floats the same way")]
    #[expect(clippy::cast_precision_loss, reason = "the limit is compared as a float in the original too")]
    fn uint(&mut self, node: NodeRef) -> Option<u64> {
        let node = self.target(node);
        if matches!(self.tree.kind(node), Kind::Scalar(..)) {
            match self.resolved(node)? {
                Resolved::Int(value) if value >= 0 => return u64::try_from(value).ok(),
                Resolved::Uint(value) => return Some(value),
                Resolved::Float(value) if value <= u64::MAX as f64 => return Some(value as u64),
                _ => {}
            }
        }
        self.mismatch(node, "uint");
        None
    }

    fn bool(&mut self, node: NodeRef) -> Option<bool> {
        let node = self.target(node);
        if matches!(self.tree.kind(node), Kind::Scalar(..)) {
            match self.resolved(node)? {
                Resolved::Bool(value) => return Some(value),
                // YAML 1.1 words count when a bool is wanted, quoted or not.
                Resolved::Str => match self.tree.value(node) {
                    "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Some(true),
                    "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Some(false),
                    _ => {}
                },
                _ => {}
            }
        }
        self.mismatch(node, "bool");
        None
    }

    fn list(&mut self, node: NodeRef, go: &str) -> Option<Vec<NodeRef>> {
        let node = self.target(node);
        let Kind::Sequence(items) = self.tree.kind(node) else {
            self.mismatch(node, go);
            return None;
        };
        self.take(items.len()).then(|| items.iter().map(|item| item.0).collect())
    }

    fn fields(&mut self, node: NodeRef, go: &str, keys: &[&'static str]) -> Option<Fields> {
        let node = self.target(node);
        let mut found = Vec::new();
        if !self.take(1) || !self.collect(node, go, keys, &mut None, &mut found) {
            return None;
        }
        Some(found)
    }

    fn fail(&mut self, problem: Yaml) {
        self.stop(problem);
    }

    fn error_count(&self) -> usize {
        self.errors.len() + usize::from(self.failure.is_some())
    }
}
