//! Texts that are not final: what a template or a person fills in later.
//!
//! Owns: what counts as such a place. Must not: fill one in.

use serde_json::Value;

/// Whether a text holds a place that is filled in later, so that nothing can judge it: `${NAME}`, `{{ … }}`, `<name>`.
///
/// ```
/// use flatwright_kubernetes::is_placeholder;
///
/// assert!(is_placeholder("${CLUSTER_NAME}-control-plane") && is_placeholder("/subscriptions/<subscription-id>"));
/// assert!(!is_placeholder("a < b") && !is_placeholder("<>") && !is_placeholder("$NAME"));
/// ```
pub fn is_placeholder(text: &str) -> bool {
    spans(text).next().is_some()
}

/// Whether a value is such a text, or holds one anywhere.
pub fn holds_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => is_placeholder(text),
        Value::Array(items) => items.iter().any(holds_placeholder),
        Value::Object(fields) => fields.iter().any(|(key, value)| is_placeholder(key) || holds_placeholder(value)),
        _ => false,
    }
}

/// How many characters a text has besides such places: it has as many at least when they are filled in.
pub fn certain_length(text: &str) -> usize {
    let filled: usize = spans(text).map(|(from, to)| text[from..to].chars().count()).sum();
    text.chars().count() - filled
}

/// Where the places are, one behind the other.
fn spans(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let found = at + text.get(at..)?.find(['$', '{', '<'])?;
            let rest = &text[found..];
            let length = match rest.as_bytes() {
                [b'$', b'{', ..] => Some(rest.find('}').map_or(rest.len(), |end| end + 1)),
                [b'{', b'{', ..] => Some(rest.find("}}").map_or(rest.len(), |end| end + 2)),
                [b'<', b'a'..=b'z' | b'A'..=b'Z', ..] => {
                    rest.find('>').map(|end| end + 1).filter(|end| is_named(&rest[1..end - 1]))
                }
                _ => None,
            };
            at = found + length.unwrap_or(1);
            if length.is_some() {
                return Some((found, at));
            }
        }
    })
}

/// What people write between angle brackets: words, with few signs between them.
fn is_named(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_are_found_wherever_they_stand() {
        for text in ["${A}", "a-${A:=b}", "{{ .a }}", "<your-id>", "x<The Name>y", "${unclosed", "$${A}"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["", "$A", "{a}", "<a@b.c>", "<-", "a<b", "<1>", "$(A)", "<a", "ü<ü>"] {
            assert!(!is_placeholder(text), "{text}");
        }
        assert!(holds_placeholder(&json!({"a": [{"b": "${C}"}]})) && holds_placeholder(&json!({"${A}": 1})));
        assert!(!holds_placeholder(&json!({"a": [1, null, "b"]})));
    }

    #[test]
    fn what_is_around_places_is_certain() {
        for (text, length) in [("abc", 3), ("a${B}c", 2), ("ü<b>ü{{ c }}", 2), ("a${b", 1)] {
            assert_eq!(certain_length(text), length, "{text}");
        }
    }
}
