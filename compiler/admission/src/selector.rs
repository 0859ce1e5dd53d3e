//! Label selectors, as Kubernetes evaluates them.

use crate::field::Field;
use crate::syntax::is_placeholder;
use flatwright_kubernetes::name::{label_value, qualified};

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

/// Why a selector cannot be read at all, and where.
pub(crate) fn problem<'a>(selector: &Field<'a>) -> Option<(Field<'a>, String)> {
    let key = |field: &Field<'a>, text: &str| {
        let problem = qualified(text).err().filter(|_| !is_placeholder(text))?;
        Some((field.clone(), format!("the label key `{text}` {problem}")))
    };
    let value = |field: &Field<'a>| {
        let text = field.text().filter(|text| !is_placeholder(text))?;
        Some((field.clone(), format!("the label value `{text}` {}", label_value(text).err()?)))
    };
    let equal =
        selector.get("matchLabels").entries().find_map(|(text, field)| key(&field, text).or_else(|| value(&field)));
    let expression = |expression: Field<'a>| {
        let (name, operator, values) = (expression.get("key"), expression.get("operator"), expression.get("values"));
        let word = operator.text_or_empty();
        match word {
            "In" | "NotIn" if values.len() == 0 => Some((values, format!("the operator `{word}` has no `values`"))),
            "Exists" | "DoesNotExist" if values.len() > 0 => {
                Some((values, format!("the operator `{word}` has `values`")))
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {
                key(&name, name.text_or_empty()).or_else(|| values.items().find_map(|item| value(&item)))
            }
            _ => Some((operator.clone(), format!("`{word}` is not an operator of a selector"))),
        }
    };
    equal.or_else(|| selector.get("matchExpressions").items().find_map(expression))
}
