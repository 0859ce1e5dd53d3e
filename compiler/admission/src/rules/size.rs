//! How large objects and their annotations may be.

use flatwright_diagnostic::Rule;
use serde_json::Value;

use crate::check::Check;
use crate::field::Field;

/// The most bytes of all annotations of one object together, keys and values (`apimachinery` `TotalAnnotationSizeLimitB`).
const ANNOTATIONS: usize = 256 << 10;
/// The most bytes that etcd takes in one request (`--max-request-bytes`).
const REQUEST: usize = 1536 << 10;
/// Where `kubectl apply` keeps the object as it was applied.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Objects that the server does not store.
#[derive(Debug, Rule)]
#[rule(group = "admission-object-size")]
pub(crate) enum ObjectSize {
    /// Annotations that are too large together.
    #[rule("annotations-too-large", "the annotations have {bytes} bytes together, {ANNOTATIONS} are allowed")]
    Annotations { bytes: usize },
    /// More than etcd takes.
    #[rule("object-too-large", "the object has {bytes} bytes as JSON, etcd takes {REQUEST}")]
    Object { bytes: usize },
}

/// Objects that one way of applying cannot carry.
#[derive(Debug, Rule)]
#[rule(group = "manifest-client-side-apply")]
pub(crate) enum ClientSideApply {
    /// A copy of the object would be one of its annotations.
    #[rule(
        "too-large-for-client-side-apply",
        "plain `kubectl apply` cannot carry the object: with the copy of it that it keeps, its annotations have {bytes} bytes, {ANNOTATIONS} are allowed"
    )]
    TooLarge { bytes: usize },
}

/// Annotations of an object or of its template.
pub(crate) fn annotations(check: &mut Check<'_>, metadata: &Field<'_>) {
    let annotations = metadata.get("annotations");
    let bytes = bytes(&annotations);
    if bytes > ANNOTATIONS {
        check
            .refuse(&annotations, &ObjectSize::Annotations { bytes })
            .hint("keep large texts in a ConfigMap or Secret and name it in an annotation");
    }
}

/// The object as a whole.
pub(crate) fn object(check: &mut Check<'_>, object: &Field<'_>) {
    // What is far below the limits is not written out to be counted.
    if least(object.value(), ANNOTATIONS / 8) < ANNOTATIONS / 8 {
        return;
    }
    let (place, annotations) = (object.get("metadata.name"), object.get("metadata.annotations"));
    let is_applied = annotations.key(LAST_APPLIED).is_set();
    let own = bytes(&annotations);
    let size = object.value().to_string().len();
    if size > REQUEST {
        check
            .refuse(&place, &ObjectSize::Object { bytes: size })
            .hint("move contents elsewhere: into Secrets that `contentFrom` names, or to an address that machines fetch them from");
    } else if own <= ANNOTATIONS && !is_applied {
        // kubectl ends the copy with a line break.
        let bytes = own + LAST_APPLIED.len() + size + 1;
        if bytes > ANNOTATIONS {
            check
                .warn(&place, &ClientSideApply::TooLarge { bytes })
                .note("the copy is the annotation `kubectl.kubernetes.io/last-applied-configuration`")
                .hint("apply it with `kubectl apply --server-side`, which keeps no copy");
        }
    }
}

fn bytes(annotations: &Field<'_>) -> usize {
    annotations.entries().map(|(key, value)| key.len() + value.text_or_empty().len()).sum()
}

/// How many bytes a value has at least as JSON; counted up to a limit.
fn least(value: &Value, limit: usize) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Array(items) => sum(items.iter().map(|item| (0, item)), limit),
        Value::Object(fields) => sum(fields.iter().map(|(key, value)| (key.len() + 3, value)), limit),
        _ => 1,
    }
}

fn sum<'v>(values: impl Iterator<Item = (usize, &'v Value)>, limit: usize) -> usize {
    let mut bytes = 2;
    for (key, value) in values {
        bytes += key + least(value, limit.saturating_sub(bytes)) + 1;
        if bytes >= limit {
            break;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_least_size_is_never_above_the_size() {
        for value in
            [json!({}), json!([]), json!({"a": [1, null, true, "x"], "b": {"c": "d"}}), json!("\n"), json!(12.5)]
        {
            assert!(least(&value, usize::MAX) <= value.to_string().len() + 1, "{value}");
        }
    }
}
