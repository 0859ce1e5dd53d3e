//! The validation rules (CEL) that CRDs bring along: to us one rule, with theirs as data.

use flatwright_diagnostic::Rule;

/// A validation rule of a CRD.
#[derive(Debug, Rule)]
#[rule(group = "schema-rule")]
pub(crate) enum Validation {
    /// The object breaks it.
    #[rule("schema-broken-rule", "{}", words(rule, message.as_deref()))]
    Broken {
        rule: String,
        /// What the CRD says then.
        #[rule(skip)]
        message: Option<String>,
    },
    /// It has no answer for the object, which the server takes for a no.
    #[rule("schema-failed-rule", "a validation rule cannot be evaluated, so the object is refused: {}", message.as_deref().unwrap_or(rule))]
    Failed {
        rule: String,
        #[rule(skip)]
        message: Option<String>,
    },
}

fn words(rule: &str, message: Option<&str>) -> String {
    message.map_or_else(|| format!("the validation rule `{rule}` does not hold"), str::to_owned)
}
