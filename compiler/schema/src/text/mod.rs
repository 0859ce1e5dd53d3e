//! Texts that have a form: what each form accepts, and what it means.
//!
//! Owns: the formats of schemas and what rules compute with. Must not: know schemas, rules or findings.

pub(crate) mod format;
pub(crate) mod time;
