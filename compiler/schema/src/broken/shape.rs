//! Which fields there are, and the types of what they hold.

use flatwright_diagnostic::Rule;

/// The shape of an object.
#[derive(Debug, Rule)]
pub(crate) enum Shape {
    /// A field that the schema of this kind does not have.
    #[rule("schema-unknown-field", "unknown field `{name}`{}", instead(*expected))]
    UnknownField {
        name: String,
        /// What stands there instead of a mapping, if the schema says so: then fields are of the wrong type, which is the fact to tell.
        #[rule(skip)]
        expected: Option<&'static str>,
    },
    /// A field that must be there is not.
    #[rule("schema-required", "required field `{name}` is missing")]
    Missing { name: String },
    /// A value of another type than the schema asks for.
    #[rule("schema-type", "expected {expected}, found {found}")]
    WrongType { expected: &'static str, found: String },
}

fn instead(expected: Option<&str>) -> String {
    expected.map_or_else(String::new, |expected| format!(": {expected} is expected here, not a mapping"))
}
