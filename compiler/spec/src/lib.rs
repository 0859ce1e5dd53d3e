//! The spec: `FlatcarCluster` types by version, decoding, checks, JSON Schema, and lowering to the plan.
//!
//! Owns: what a user may write, every default and its reason, and the rules that need nothing but the spec.
//! Must not: know API objects or machine-config formats beyond carrying the user's text, read files or the environment (both come in through [`Inputs`]), or be
//! looked at again once the plan exists.

mod check;
pub mod code;
pub mod decode;
pub mod law;
mod lower;
mod merge;
pub mod rules;
mod starter;
pub mod types;

pub use check::{check, check_together};
pub use decode::{
    Decode, Decoder, Document, Environment, read_documents, read_policy_documents, references, report_not_text,
    report_syntax, resolved,
};
pub use lower::{FileText, Inputs, Profile, channel, lower, lower_plugins, lower_policies};
pub use starter::starter;

/// The JSON Schema of `flatwright.dev/v1alpha1` `FlatcarPolicies`, for editors.
pub fn policies_schema() -> serde_json::Value {
    flatwright_shape::document(
        "https://flatwright.dev/schemas/flatcarpolicies-v1alpha1.json",
        "FlatcarPolicies (flatwright.dev/v1alpha1)",
        types::FlatcarPolicies::shape,
    )
}

/// The JSON Schema of `flatwright.dev/v1alpha1` `FlatcarCluster`, for editors and for `flatwright schema`.
pub fn schema() -> serde_json::Value {
    flatwright_shape::document(
        "https://flatwright.dev/schemas/flatcarcluster-v1alpha1.json",
        "FlatcarCluster (flatwright.dev/v1alpha1)",
        types::FlatcarCluster::shape,
    )
}
