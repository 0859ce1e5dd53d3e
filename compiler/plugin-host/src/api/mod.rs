//! Calling plugins of every released version of the plugin API.
//!
//! Owns: one module per minor version, which knows the names and types of that version's functions. The newest one passes the model as it is; when a newer version
//! comes, the older module gets its own copy of the types that changed, and the caller applies the *edits* of its answers to the newer model, since a whole
//! record from an older plugin would lose the newer fields.

pub(crate) mod v0_1;

use wasmtime::Engine;
use wasmtime::component::Linker;

use crate::store::State;

/// A linker with every version's `log`.
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    v0_1::add_log(&mut linker)?;
    Ok(linker)
}
