//! The kinds that are known without CRDs: those of the table in `facts`, each compiled when it is first asked for.
//!
//! Must not: read the table (`kubernetes::crds` does).

use std::sync::{LazyLock, OnceLock};

use flatwright_kubernetes::crds::{Definition, Provider, definitions};

use crate::crds::facts;
use crate::schema::Schema;

/// The schema of a kind in a version, with the provider that it was read from.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// What objects must be like.
    pub schema: &'static Schema,
    /// Where that is so.
    pub provider: Provider,
}

struct Version {
    definition: Definition,
    schema: OnceLock<Schema>,
}

static KINDS: LazyLock<Vec<Version>> =
    LazyLock::new(|| definitions().map(|definition| Version { definition, schema: OnceLock::new() }).collect());

/// The schema of a kind that is known without CRDs.
pub fn built_in(api_version: &str, kind: &str) -> Option<BuiltIn> {
    let is_it = |known: &&Version| known.definition.kind == kind && known.definition.api_version == api_version;
    let Version { definition, schema } = KINDS.iter().find(is_it)?;
    let schema = schema.get_or_init(|| Schema::of_line(definition.root, facts(&definition.subresources())));
    Some(BuiltIn { schema, provider: definition.provider })
}

/// The apiVersions in which a kind is known without CRDs.
pub fn built_in_versions(kind: &str) -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|version| version.definition).filter(move |it| it.kind == kind).map(|it| it.api_version)
}
