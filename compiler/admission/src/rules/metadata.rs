//! Names, labels and annotations, of the object and of the machines it makes.

use crate::check::{Check, last};
use crate::code::{LABEL_SYNTAX, OBJECT_NAME};
use crate::field::Field;
use crate::syntax::is_placeholder;
use flatwright_kubernetes::name;

/// What the API server asks of every object.
pub(crate) fn check(check: &mut Check<'_>, object: &Field<'_>) {
    let name = object.get("metadata.name");
    if let Some(text) = name.text().filter(|text| !is_placeholder(text))
        && name::dns_subdomain(text).is_err()
    {
        check
            .error(OBJECT_NAME, &name, format!("`{}` is not an object name", name.shown()))
            .hint("use lower-case letters, digits, `-` and `.`; start and end with a letter or digit");
    }
    labels(check, &object.get("metadata"));
}

/// Labels and annotations of an object or of its template. Annotation values may be anything.
pub(crate) fn labels(check: &mut Check<'_>, metadata: &Field<'_>) {
    for (map, has_values) in [("labels", true), ("annotations", false)] {
        for (key, value) in metadata.get(map).entries() {
            if is_placeholder(key) {
                continue;
            }
            if let Err(problem) = if has_values { name::qualified(key) } else { name::annotation_key(key) } {
                check
                    .error(LABEL_SYNTAX, &value, format!("the key {} of `{map}` {problem}", last(&value)))
                    .hint("write keys as `name` or `example.com/name`");
            }
            let text = value.text().filter(|text| has_values && !is_placeholder(text));
            if let Some(Err(problem)) = text.map(name::label_value) {
                check
                    .error(LABEL_SYNTAX, &value, format!("the label value `{}` {problem}", value.shown()))
                    .hint("use at most 63 letters, digits, `-`, `_` and `.`");
            }
        }
    }
}

/// Kinds whose name becomes a label value.
pub(crate) fn label_sized_name(check: &mut Check<'_>, object: &Field<'_>) {
    let name = object.get("metadata.name");
    let length = name.text_or_empty().len();
    if length > 63 {
        check
            .error(OBJECT_NAME, &name, format!("the name has {length} characters, 63 are allowed"))
            .hint("shorten it: the name becomes a label value on every machine");
    }
}
