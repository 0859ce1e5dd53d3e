//! Label selectors, as Kubernetes evaluates them.

use flatwright_diagnostic::{Part, Rule};
use flatwright_kubernetes::name::{Flaw, label_value, qualified};

use crate::check::Check;
use crate::field::{Field, shown};
use flatwright_kubernetes::is_placeholder;

/// What Kubernetes refuses of a selector, and the webhooks of one that must not be empty.
#[derive(Debug, Rule)]
#[rule(group = "admission-label-selector")]
pub(crate) enum Selector {
    /// The key of a label.
    #[rule("selector-label-key", "the label key `{key}` {flaw}")]
    Key { key: String, flaw: Flaw },
    /// The value of a label.
    #[rule("selector-label-value", "the label value `{value}` {flaw}")]
    Value { value: String, flaw: Flaw },
    /// An operator without the values that it needs, or with some that it does not take.
    #[rule("selector-values", "the operator `{operator}` {does} `values`")]
    Values { operator: String, does: &'static str },
    /// An operator that does not exist.
    #[rule("unknown-selector-operator", "`{operator}` is not an operator of a selector")]
    Operator { operator: String },
    /// A selector that would take everything.
    #[rule("empty-selector", "`{field}` is empty")]
    Empty { field: String },
}

const OPERATORS: &[&str] = &["In", "NotIn", "Exists", "DoesNotExist"];

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

/// Whether a selector cannot be read at all; reports why, where it says so.
pub(crate) fn unreadable(check: &mut Check<'_>, selector: &Field<'_>) -> bool {
    let Some((place, rule)) = problem(selector) else { return false };
    let finding = check.refuse(&place, &rule);
    match rule {
        Selector::Operator { .. } => {
            finding.did_you_mean(place.text_or_empty(), Part::Value, OPERATORS.iter().copied());
        }
        Selector::Values { .. } => {
            finding.hint("give `In` and `NotIn` values, and `Exists` and `DoesNotExist` none");
        }
        _ => {
            finding.hint("write labels as Kubernetes has them: `example.com/name`, and values of at most 63 letters, digits, `-`, `_` and `.`");
        }
    }
    true
}

/// Why a selector cannot be read, and where.
fn problem<'a>(selector: &Field<'a>) -> Option<(Field<'a>, Selector)> {
    let key = |field: &Field<'a>, text: &str| {
        let flaw = qualified(text).err().filter(|_| !is_placeholder(text))?;
        Some((field.clone(), Selector::Key { key: shown(text), flaw }))
    };
    let value = |field: &Field<'a>| {
        let text = field.text().filter(|text| !is_placeholder(text))?;
        Some((field.clone(), Selector::Value { value: shown(text), flaw: label_value(text).err()? }))
    };
    let equal =
        selector.get("matchLabels").entries().find_map(|(text, field)| key(&field, text).or_else(|| value(&field)));
    let expression = |expression: Field<'a>| {
        let (name, operator, values) = (expression.get("key"), expression.get("operator"), expression.get("values"));
        let wrong = |does| Some((values.clone(), Selector::Values { operator: operator.shown(), does }));
        match operator.text_or_empty() {
            "In" | "NotIn" if values.len() == 0 => wrong("needs"),
            "Exists" | "DoesNotExist" if values.len() > 0 => wrong("takes no"),
            word if OPERATORS.contains(&word) => {
                key(&name, name.text_or_empty()).or_else(|| values.items().find_map(|item| value(&item)))
            }
            _ => Some((operator.clone(), Selector::Operator { operator: operator.shown() })),
        }
    };
    equal.or_else(|| selector.get("matchExpressions").items().find_map(expression))
}
