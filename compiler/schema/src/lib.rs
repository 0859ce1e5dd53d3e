//! Any Kubernetes manifest against real CRDs, with the API server's own verdict: strict decoding, defaults, structural schema, list types, metadata, CEL.
//!
//! Owns: [`Crds`] (loading and finding), [`built_in`] (the kinds of the table in `facts`), [`Schema`] (one version of one kind), the CEL interpreter with Kubernetes' libraries.
//! Must not: know a kind (no rule here names CAPI or Azure), run webhooks or conversions, read files, or turn a path into bytes.
//! Why not a JSON Schema library: pruning, defaulting, nullability, list types, ratcheting and CEL are the server's own, and they decide what is admitted.
//!
//! Everything is lazy: a CRD is kept as parsed until its kind is asked for, a pattern and a rule until a value needs them.

mod broken;
mod built_in;
mod cel;
mod check;
pub mod code;
mod compile;
mod crds;
mod decode;
mod findings;
mod json;
mod lists;
mod meta;
mod node;
mod ratchet;
mod rules;
mod schema;
mod text;

pub use built_in::{BuiltIn, built_in, built_in_versions};
pub use crds::Crds;
pub use schema::Schema;
