//! YAML text → JSON values as Kubernetes' strict decoder reads it.

use flatwright_diagnostic::NodeId;
use flatwright_yaml::{Kind, Limits, LineIndex, Style, Tree, parse};
use serde_json::{Map, Value};

use super::resolve::{Plain, plain_value, resolve};

/// Reads every document of a stream. Empty documents are left out.
///
/// # Errors
/// The syntax error, or the first duplicate key, in one line with its line number.
pub fn read(text: &str) -> Result<Vec<Value>, String> {
    let (tree, error) = parse(text, &Limits { is_libyaml: true, ..Limits::default() });
    let lines = LineIndex::new(text);
    if let Some(error) = error {
        return Err(format!("yaml: line {}: {}", lines.position(text, error.offset).0, error.message));
    }
    let reader = Reader { tree: &tree, lines: &lines };
    let documents = tree.roots().iter().map(|root| reader.value(*root));
    documents.filter(|document| !matches!(document, Ok(Value::Null))).collect()
}

struct Reader<'t> {
    tree: &'t Tree,
    lines: &'t LineIndex,
}

impl Reader<'_> {
    fn value(&self, id: NodeId) -> Result<Value, String> {
        match self.tree.kind(id) {
            Kind::Scalar(text, style) => Ok(self.scalar(id, text, style)),
            Kind::Sequence(items) => items.iter().map(|item| self.value(*item)).collect(),
            Kind::Mapping(entries) => {
                let mut map = Map::new();
                let mut merged = Vec::new();
                for entry in entries.iter() {
                    let Some(key) = self.key(entry.key) else {
                        return Err(format!("yaml: line {}: unsupported map key", self.line(entry.key)));
                    };
                    if key.is_empty() && self.is_merge(entry.key) {
                        merged.push(entry.value);
                    } else if map.insert(key.clone(), self.value(entry.value)?).is_some() {
                        return Err(format!("yaml: line {}: key {key:?} already set in map", self.line(entry.key)));
                    }
                }
                for id in merged {
                    self.merge(id, &mut map)?;
                }
                Ok(Value::Object(map))
            }
        }
    }

    fn merge(&self, id: NodeId, into: &mut Map<String, Value>) -> Result<(), String> {
        let sources = match self.value(id)? {
            Value::Object(map) => vec![Value::Object(map)],
            Value::Array(items) => items,
            _ => vec![Value::Null],
        };
        for source in sources {
            let Value::Object(source) = source else {
                let line = self.line(id);
                return Err(format!("yaml: line {line}: map merge requires map or sequence of maps as the value"));
            };
            for (key, value) in source {
                into.entry(key).or_insert(value);
            }
        }
        Ok(())
    }

    fn is_merge(&self, id: NodeId) -> bool {
        matches!(self.tree.kind(id), Kind::Scalar("<<", Style::Plain))
    }

    /// A key as text; empty for the merge key, `None` where JSON has none.
    fn key(&self, id: NodeId) -> Option<String> {
        let Kind::Scalar(text, style) = self.tree.kind(id) else { return None };
        if self.is_merge(id) {
            return Some(String::new());
        }
        Some(match self.scalar(id, text, style) {
            Value::String(text) => text,
            Value::Null => return None,
            other => other.to_string(),
        })
    }

    fn scalar(&self, id: NodeId, text: &str, style: Style) -> Value {
        match self.tree.tag(id).and_then(|tag| tag.strip_prefix("tag:yaml.org,2002:")) {
            Some("str" | "binary" | "timestamp") => Value::String(text.to_owned()),
            Some("int" | "float" | "bool" | "null") => plain_value(text),
            _ if style == Style::Plain && resolve(text) != Plain::Str => plain_value(text),
            _ => Value::String(text.to_owned()),
        }
    }

    fn line(&self, id: NodeId) -> usize {
        self.lines.position(self.tree.text(), self.tree.span(id).start).0
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
    fn duplicates_and_syntax_errors_name_the_line() {
        assert_eq!(read("a: 1\na: 2\n"), Err("yaml: line 2: key \"a\" already set in map".into()));
        assert!(read("a: [").is_err_and(|message| message.starts_with("yaml: line")));
    }
}
