//! Looking at a component without running it.

use std::sync::Arc;

use flatwright_diagnostic::Diagnostic;
use serde::Serialize;

use crate::candidate::examine;
use crate::description;
use crate::digest::Digest;
use crate::failure::Site;
use crate::fault::Doing;
use crate::shape::Shape;
use crate::text::word;
use crate::world::World;

/// What can be told about a plugin without compiling or running anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// The component's digest, as a spec pins it.
    pub digest: String,
    /// Its size in bytes.
    pub size: usize,
    /// The version of the plugin API and the hooks.
    pub world: World,
    /// What it is made of, with the description that was embedded.
    pub shape: Shape,
}

/// Looks at a component.
///
/// # Errors
/// The diagnostic that loading it would give, as far as it can be known without compiling.
pub fn inspect(name: &str, component: &[u8]) -> Result<Inspection, Box<Diagnostic>> {
    let name = word(name);
    let (shape, world) = examine(&name, component)?;
    if let Some(described) = &shape.description {
        description::check(&Site::new(&Arc::from(name), Doing::Describing), described)?;
    }
    Ok(Inspection { digest: Digest::of(component).to_string(), size: component.len(), world, shape })
}
