//! Reads an object's spec strictly, the way Kubernetes' typed decoders do: unknown fields are errors, `null` is absent, and a number or bool where text
//! is expected is its text.

use flatwright_diagnostic::Path;
use flatwright_go::duration;
use serde_json::{Map, Value};

use super::fields::Type;
use super::time::utc;
use crate::rules::Refused;

/// A decoded value and the first thing that was wrong with it.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The value with its fields spelled as the API spells them and without nulls.
    pub value: Value,
    /// What the API's decoder would have refused, and where.
    pub problem: Option<Problem>,
}

/// A field that the API's types do not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, below the decoded value.
    pub path: Path,
    /// What the decoder refuses.
    pub rule: Refused,
    /// The names that exist, for an unknown field.
    pub known: Vec<&'static str>,
}

/// Decodes a value of the given type. Go reports one problem: the first in key order.
pub fn decode(value: &Value, r#type: Type) -> Decoded {
    let mut decoder = Decoder { path: Path::root(), problem: None };
    let value = decoder.value(value, r#type);
    Decoded { value, problem: decoder.problem }
}

struct Decoder {
    path: Path,
    problem: Option<Problem>,
}

impl Decoder {
    fn value(&mut self, value: &Value, r#type: Type) -> Value {
        match (r#type, value) {
            (_, Value::Null) => Value::Null,
            (Type::Str, Value::Number(number)) => Value::String(number_text(number)),
            (Type::Str, Value::Bool(value)) => Value::String(value.to_string()),
            (Type::Str | Type::Exact, Value::String(_)) | (Type::Bool, Value::Bool(_)) | (Type::Any, _) => {
                value.clone()
            }
            (Type::Int, Value::Number(number)) if int32(number).is_some() => int32(number).into(),
            (Type::Duration, Value::String(text)) if duration::nanoseconds(text).is_some() => value.clone(),
            (Type::Duration, Value::String(text)) => self.refuse(Refused::Duration { text: text.clone() }),
            (Type::Time, Value::String(text)) => match utc(text) {
                Some(text) => text.into(),
                None => self.refuse(Refused::Time { text: text.clone() }),
            },
            (Type::Token, Value::String(text)) if is_token(text) => value.clone(),
            (Type::Token, Value::String(text)) => {
                self.refuse(Refused::Token { text: text.clone(), pattern: TOKEN_PATTERN })
            }
            (Type::List(item), Value::Array(items)) => Value::Array(self.items(items, *item)),
            (Type::Map(item), Value::Object(map)) => {
                let mut out = Map::new();
                for (key, value) in sorted(map) {
                    self.path.push_key(key);
                    out.insert(key.clone(), or_zero(self.value(value, *item), *item));
                    self.path.pop();
                }
                Value::Object(out)
            }
            (Type::Struct(fields), Value::Object(map)) => self.fields(map, fields),
            (Type::Object(spec), Value::Object(map)) => self.fields(map, &object(*spec)),
            (_, value) => self.refuse(Refused::FieldType { found: kind(value), wanted: name(r#type) }),
        }
    }

    fn items(&mut self, items: &[Value], item: Type) -> Vec<Value> {
        let mut out = Vec::with_capacity(items.len());
        for (index, value) in items.iter().enumerate() {
            self.path.push_index(index);
            out.push(or_zero(self.value(value, item), item));
            self.path.pop();
        }
        out
    }

    fn fields(&mut self, map: &Map<String, Value>, fields: &[(&'static str, Type)]) -> Value {
        let mut out = Map::new();
        for (key, value) in sorted(map) {
            let exact = fields.iter().find(|(name, _)| name == key);
            // Go's decoder takes a key in any case.
            let field = exact.or_else(|| fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)));
            self.path.push_key(key);
            if let Some((name, r#type)) = field {
                let value = self.value(value, *r#type);
                if !value.is_null() {
                    out.insert((*name).to_owned(), value);
                }
            } else {
                let known = fields.iter().map(|(name, _)| *name).collect();
                self.refuse_with(Refused::UnknownField { field: key.clone() }, known);
            }
            self.path.pop();
        }
        Value::Object(out)
    }

    /// Notes a problem; the value then counts as absent.
    fn refuse(&mut self, rule: Refused) -> Value {
        self.refuse_with(rule, Vec::new());
        Value::Null
    }

    fn refuse_with(&mut self, rule: Refused, known: Vec<&'static str>) {
        self.problem.get_or_insert_with(|| Problem { path: self.path.clone(), rule, known });
    }
}

/// The fields of every kind.
const fn object(spec: Type) -> [(&'static str, Type); 5] {
    [("apiVersion", Type::Str), ("kind", Type::Str), ("metadata", Type::Any), ("spec", spec), ("status", Type::Any)]
}

/// An absent item of a list or map is its type's zero value.
fn or_zero(value: Value, r#type: Type) -> Value {
    match (value, r#type) {
        (Value::Null, Type::Str | Type::Exact | Type::Duration | Type::Time | Type::Token) => {
            Value::String(String::new())
        }
        (Value::Null, Type::Bool) => Value::Bool(false),
        (Value::Null, Type::Int) => Value::from(0),
        (Value::Null, Type::Struct(_) | Type::Object(_)) => Value::Object(Map::new()),
        (Value::Null, Type::List(_)) => Value::Array(Vec::new()),
        (value, _) => value,
    }
}

/// Go writes an object's keys in byte order before it reads them again.
fn sorted(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    entries
}

const TOKEN_PATTERN: &str = r"\A([a-z0-9]{6})\.([a-z0-9]{16})\z";

fn is_token(text: &str) -> bool {
    let is_part =
        |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.split_once('.').is_some_and(|(id, secret)| is_part(id, 6) && is_part(secret, 16))
}

/// A 32-bit integer; a whole fraction is one too, because Go writes it without its point.
fn int32(number: &serde_json::Number) -> Option<i32> {
    let whole = number.as_f64().filter(|value| number.is_f64() && value.fract() == 0.0 && value.abs() < 1e10);
    i32::try_from(number.as_i64().or(whole.map(|value| value as i64))?).ok()
}

/// A number as go-yaml's text of it; fractions have Go's shortest form.
fn number_text(number: &serde_json::Number) -> String {
    if number.is_f64()
        && let Some(value) = number.as_f64()
        && value.fract() == 0.0
        && value.abs() < 1e21
    {
        return format!("{value:.0}");
    }
    number.to_string()
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

const fn name(r#type: Type) -> &'static str {
    match r#type {
        Type::Str | Type::Exact | Type::Duration | Type::Time | Type::Token => "string",
        Type::Bool => "bool",
        Type::Int => "int32",
        Type::List(_) => "list",
        Type::Map(_) => "map",
        Type::Struct(_) | Type::Object(_) | Type::Any => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::{KUBEADM_CONFIG_SPEC, KUBEADM_CONFIG_SPEC_V1BETA1};
    use super::*;
    use flatwright_diagnostic::Rule as _;
    use serde_json::json;

    #[test]
    fn scalars_become_text_and_nulls_vanish() {
        let spec = json!({"format": null, "users": [{"name": true, "gecos": 12, "sudo": 1.5}], "VERBOSITY": 3, "mounts": [["a", null]]});
        let decoded = decode(&spec, KUBEADM_CONFIG_SPEC);
        assert_eq!(decoded.problem, None);
        assert_eq!(
            decoded.value,
            json!({"verbosity": 3, "mounts": [["a", ""]], "users": [{"gecos": "12", "name": "true", "sudo": "1.5"}]})
        );
    }

    #[test]
    fn the_first_problem_in_key_order_is_told() {
        let spec = json!({"zz": 1, "files": [{"pth": "/a"}], "verbosity": "x"});
        let problem = decode(&spec, KUBEADM_CONFIG_SPEC).problem.expect("invariant: written so");
        assert_eq!(
            (problem.path.to_string().as_str(), problem.rule),
            ("files[0].pth", Refused::UnknownField { field: "pth".into() })
        );
        assert!(problem.known.contains(&"path"));
        for (spec, code) in [
            (json!({"initConfiguration": {"bootstrapTokens": [{"token": "x"}]}}), Refused::TOKEN),
            (json!({"initConfiguration": {"bootstrapTokens": [{"expires": "2030-01-01"}]}}), Refused::TIME),
            (json!({"verbosity": 1.5}), Refused::FIELD_TYPE),
            (
                json!({"clusterConfiguration": {"apiServer": {"extraEnvs": [{"name": "a", "value": 1}]}}}),
                Refused::FIELD_TYPE,
            ),
        ] {
            let problem = decode(&spec, KUBEADM_CONFIG_SPEC).problem;
            assert!(problem.as_ref().is_some_and(|problem| problem.rule.code() == code), "{problem:?}");
        }
        let spec = json!({"clusterConfiguration": {"apiServer": {"timeoutForControlPlane": "soon"}}});
        assert!(decode(&spec, KUBEADM_CONFIG_SPEC).problem.is_some_and(|p| p.rule.code() == Refused::UNKNOWN_FIELD));
        assert!(decode(&spec, KUBEADM_CONFIG_SPEC_V1BETA1).problem.is_some_and(|p| p.rule.code() == Refused::DURATION));
    }
}
