//! Label selectors, as Kubernetes evaluates them.

use crate::field::Field;

/// Whether labels satisfy a selector. An empty selector takes everything; an operator that does not exist takes nothing.
pub(crate) fn matches(selector: &Field<'_>, labels: &Field<'_>) -> bool {
    let equal = |key: &str, value: &Field<'_>| labels.key(key).is_set() && labels.key(key).value() == value.value();
    selector.get("matchLabels").entries().all(|(key, value)| equal(key, &value))
        && selector.get("matchExpressions").items().all(|expression| {
            let label = labels.key(expression.get("key").text_or_empty());
            let is_listed = expression.get("values").items().any(|value| value.value() == label.value());
            match expression.get("operator").text_or_empty() {
                "In" => label.is_set() && is_listed,
                "NotIn" => !label.is_set() || !is_listed,
                "Exists" => label.is_set(),
                "DoesNotExist" => !label.is_set(),
                _ => false,
            }
        })
}

/// Whether a selector says nothing and so takes everything.
pub(crate) fn is_empty(selector: &Field<'_>) -> bool {
    selector.get("matchLabels").len() == 0 && selector.get("matchExpressions").len() == 0
}
