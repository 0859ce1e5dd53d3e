//! Rules of accounts.

use flatwright_diagnostic::Rule;

/// What Ignition 2.x says of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "ignition-config")]
pub enum User {
    /// A `create` object.
    #[rule("deprecated-user-create", "the create object has been deprecated in favor of user-level options")]
    CreateObject,
    /// A `create` object beside what replaces it.
    #[rule("user-create-and-option", "cannot use both the create object and the user-level {field} field")]
    CreateObjectAndOption {
        /// The field.
        field: &'static str,
    },
}
