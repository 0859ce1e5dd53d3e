//! What was probably meant by something that stands at the wrong place, by the whole format.
//!
//! Owns: hints that need to know more than the record at hand. Asked after a mistake only, so that the schema is made then. Must not: decide what is wrong.

use std::sync::LazyLock;

use flatwright_diagnostic::{Applicability, Diagnostic, Edit, Fix, NodeId, Part, Segment, Target};
use flatwright_yaml::scalar::{Scalar, core};
use flatwright_yaml::{Kind, Style, Tree};
use serde_json::Value;

use super::shortened;

static SCHEMA: LazyLock<Value> = LazyLock::new(crate::schema);

/// Keys of other formats: `key  sentence`.
static FOREIGN: &str = include_str!("../../../../facts/foreign-keys.txt");

/// Shorter names are part of too many others.
const SHORTEST_PART: usize = 4;

/// Says where a key belongs that the mapping does not have; gives whether anything could be said.
pub(super) fn unknown_key(tree: &Tree, mapping: NodeId, key: &str, finding: &mut Diagnostic) -> bool {
    let Some(records) = records(tree, mapping) else { return false };
    let Some((own, around)) = records.split_last() else { return false };
    let names = || properties(own).map(|(name, _)| name);
    if let Some(sentence) = foreign(key) {
        finding.hint(sentence);
    } else if let Some(inner) = below(own, tree, mapping, key) {
        finding.hint(format!("`{}` belongs below `{inner}`, one level deeper", shortened(key)));
    } else if let Some(known) = names().find(|known| is_part(key, known)) {
        let replace =
            Edit::Replace { target: Target::Here(Part::Key), was: Some(key.to_owned()), with: known.to_owned() };
        let title = format!("rename `{}` to `{known}`", shortened(key));
        finding.hint(format!("did you mean `{known}`?"));
        finding.fix(Fix { applicability: Applicability::Suggested, ..Fix::certain(title, replace) });
    } else if let Some(level) = around.iter().rposition(|record| property(record, key).is_some()) {
        let path = tree.path(mapping);
        let name = path.segments()[..level].iter().rev().find_map(|segment| match segment {
            Segment::Key(key) => Some(key),
            Segment::Index(_) => None,
        });
        let place = name.map_or_else(|| "the top".to_owned(), |name| format!("`{name}`"));
        finding.hint(format!("`{}` belongs directly below {place}", shortened(key)));
    } else {
        return false;
    }
    true
}

/// Says how a list is written, for what stands in the place of one.
pub(super) fn list(tree: &Tree, node: NodeId, finding: &mut Diagnostic) {
    let Some(items) = definition(tree, node).and_then(|schema| schema.get("items")) else { return };
    let items = resolved(items);
    match tree.kind(node) {
        Kind::Scalar(text, style) if items.get("properties").is_none() && !text.is_empty() => {
            let is_plain = style == Style::Plain && !text.contains([',', '[', ']', '{', '}']);
            let item = if is_plain { text.to_owned() } else { Value::from(text).to_string() };
            finding.hint(format!("write a list: `[{}]`", shortened(&item)));
            finding.fix(Fix::rewrite(text, format!("[{item}]")));
        }
        Kind::Mapping(entries) => {
            let first = entries.iter().next().and_then(|entry| tree.scalar(entry.key));
            let named_by = items.get("required").and_then(|required| required.get(0)).and_then(Value::as_str);
            if let (Some(first), Some(named_by)) = (first, named_by) {
                let first = shortened(first);
                finding.hint(if property(items, &first).is_some() {
                    format!("write a list: its items begin with `- `, as in `- {first}: …`")
                } else {
                    format!("write a list, with `- {named_by}: {first}` in the place of the key")
                });
            }
        }
        _ => {}
    }
}

/// Says how a mapping is written, for what stands in the place of one.
pub(super) fn record(tree: &Tree, node: NodeId, finding: &mut Diagnostic) {
    let Some(own) = definition(tree, node).filter(|schema| schema.get("properties").is_some()) else { return };
    let key = tree.key_of(node).and_then(|key| tree.scalar(key));
    match tree.kind(node) {
        Kind::Scalar(text, style) => match core(text, style, tree.tag(node)) {
            Scalar::Bool(true) if own.get("required").is_none() => {
                finding.hint(format!("write `{{}}`, as in `{}: {{}}`", key.unwrap_or_default()));
                finding.fix(Fix::rewrite(text, "{}"));
            }
            Scalar::Bool(false) => drop(finding.hint("to go without it, remove the key")),
            Scalar::Str(text) => {
                if let Some(taint) =
                    taint(text).filter(|_| ["key", "effect"].iter().all(|it| property(own, it).is_some()))
                {
                    finding.hint(format!("write `{taint}`"));
                    finding.fix(Fix::rewrite(text, taint));
                }
            }
            _ => {}
        },
        Kind::Sequence(items) => {
            let names: Option<Vec<&str>> =
                items.iter().map(|item| tree.scalar(*item).filter(|name| property(own, name).is_some())).collect();
            if let Some(names) = names.filter(|names| !names.is_empty()) {
                let entries: Vec<String> = names.iter().map(|name| format!("{name}: {{}}")).collect();
                finding.hint(format!("write a mapping: `{{{}}}`", entries.join(", ")));
                if tree.is_flow(node) {
                    let replace = Edit::Replace {
                        target: Target::Here(Part::Value),
                        was: None,
                        with: format!("{{{}}}", entries.join(", ")),
                    };
                    finding.fix(Fix::certain("write a mapping", replace));
                }
            }
        }
        Kind::Mapping(_) => {}
    }
}

/// The words that a key may have, with what is recommended; nothing for keys with other values.
pub(super) fn words(tree: &Tree, mapping: NodeId, key: &str) -> Option<String> {
    let schema = property(definition(tree, mapping)?, key)?;
    let of = |schema: &Value| schema.get("oneOf").and_then(Value::as_array).cloned();
    let words = of(schema).or_else(|| schema.get("anyOf")?.as_array()?.iter().find_map(of))?;
    let word = |word: &Value| {
        let is_recommended = word.get("description")?.as_str()?.contains("Recommended");
        let note = if is_recommended { " (recommended)" } else { "" };
        Some(format!("`{key}: {}`{note}", word.get("const")?.as_str()?))
    };
    Some(words.iter().map(word).collect::<Option<Vec<_>>>()?.join(" or "))
}

/// `key=value:effect`, as kubectl writes taints, in the form of a spec.
fn taint(text: &str) -> Option<String> {
    let (left, effect) = text.rsplit_once(':')?;
    let is_effect = ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&effect);
    let is_word = |word: &str| word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
    let (key, value) = left.split_once('=').map_or((left, None), |(key, value)| (key, Some(value)));
    if !is_effect || key.is_empty() || !is_word(key) || !value.is_none_or(is_word) {
        return None;
    }
    let value = value.filter(|value| !value.is_empty()).map(|value| format!("value: {value}, ")).unwrap_or_default();
    Some(format!("{{key: {key}, {value}effect: {effect}}}"))
}

fn foreign(key: &str) -> Option<&'static str> {
    let rows = FOREIGN.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once(' ')).find(|(known, _)| *known == key).map(|(_, sentence)| sentence.trim())
}

/// The key of the one record below that has a key: the one that is there, or the only one of all.
fn below(own: &'static Value, tree: &Tree, mapping: NodeId, key: &str) -> Option<&'static str> {
    let has = |(_, schema): &(&str, &'static Value)| property(schema, key).is_some();
    let is_there = |(name, _): &(&str, &'static Value)| tree.get(mapping, name).is_some();
    let one = |found: Vec<(&'static str, &Value)>| if let [(name, _)] = found[..] { Some(name) } else { None };
    one(properties(own).filter(has).filter(is_there).collect()).or_else(|| one(properties(own).filter(has).collect()))
}

/// Whether one name ends or begins with the other, whatever their case.
fn is_part(key: &str, known: &str) -> bool {
    let (key, known) = (key.to_ascii_lowercase(), known.to_ascii_lowercase());
    let (short, long) = if key.len() < known.len() { (&key, &known) } else { (&known, &key) };
    short.len() >= SHORTEST_PART && (long.ends_with(short.as_str()) || long.starts_with(short.as_str()))
}

/// What the schema says of a node.
fn definition(tree: &Tree, node: NodeId) -> Option<&'static Value> {
    records(tree, node)?.pop()
}

/// What the schema says of the nodes from the top to this one.
fn records(tree: &Tree, node: NodeId) -> Option<Vec<&'static Value>> {
    let mut here: &'static Value = resolved(&SCHEMA);
    let mut found = vec![here];
    for segment in tree.path(node).segments() {
        here = match segment {
            Segment::Key(key) => property(here, key)?,
            Segment::Index(_) => resolved(here.get("items")?),
        };
        found.push(here);
    }
    Some(found)
}

fn property(record: &'static Value, key: &str) -> Option<&'static Value> {
    let own = record.get("properties").and_then(|properties| properties.get(key));
    own.or_else(|| record.get("additionalProperties").filter(|schema| schema.is_object())).map(resolved)
}

fn properties(record: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let properties = record.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), resolved(schema)))
}

fn resolved(schema: &'static Value) -> &'static Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
    target.and_then(|pointer| SCHEMA.pointer(pointer)).unwrap_or(schema)
}
