//! [`Value`] → JSON text.

use crate::value::Value;

/// Writes JSON with two-space indentation, ending in a newline. Infinities and NaN, which JSON lacks, are written as `null`.
pub fn emit_json(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).expect("invariant: every key of a value is a text");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Map;

    #[test]
    fn strings_are_escaped_and_empty_collections_are_short() {
        let map: Map = [("a\"".to_owned(), Value::str("x\n\u{1}")), ("l".to_owned(), Value::from(Vec::<Value>::new()))]
            .into_iter()
            .collect();
        assert_eq!(emit_json(&map.into()), "{\n  \"a\\\"\": \"x\\n\\u0001\",\n  \"l\": []\n}\n");
    }
}
