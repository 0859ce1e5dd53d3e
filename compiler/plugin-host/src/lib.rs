//! Runs plugins: WebAssembly components that customize a cluster as pure functions, without ambient authority, limited and deterministic.
//!
//! Owns: the engine, introspection, limits, the artifact format and cache rules, one adapter per released version of the WIT package (`wit/`), and every diagnostic
//! about a plugin as such. Must not: know YAML, the spec or the plan (the facade converts and diffs), or do I/O except through [`Compiler`] and [`ArtifactStore`].
//! The feature `shell` has implementations of those for a command line: a child process and a directory.
//!
//! # Decisions
//! - **wasmtime 48 with few features**: no WASI, no async, no threads, no GC, no profiling; Cranelift only. One import with functions, `log`.
//! - **A fresh instance per call**: 11–28 µs, so nothing is gained by reusing one, and no state can leak.
//! - **Fuel, not epochs**: a budget in instructions gives the same answer on every machine. The wall clock can only end the process.
//! - **No generated bindings**: the model is written by hand with wasmtime's derives, so nothing is copied between two sets of types, and every field is documented.
//! - **Names first**: what a component imports and exports is read from its sections, before any code is compiled; so a wrong file is never compiled. What has been
//!   compiled is known by its digest, and its artifact remembers what was found.
//! - **Compiling is contained** by whoever calls: see [`Compiler`].
//! - **Artifacts are verified, never trusted**: see the module `artifact` and [`Cache`]. Verified files are mapped, since fresh memory costs most of a warm load:
//!   about two microseconds a page.
//! - **A command line leaves unloading to its end** ([`HostOptions::keeps_plugins`]).
//!
//! # Example
//! ```
//! use flatwright_plugin_host::fault::Fault;
//! use flatwright_plugin_host::{Failure, Host, HostOptions, Limits, Source};
//!
//! let host = Host::new(HostOptions::default());
//! let limits = Limits::default();
//! let source = Source::new("pin-images", b"apiVersion: v1", &limits);
//! let Err(Failure::Plugin(diagnostic)) = host.load(source) else { panic!("this is no component") };
//! assert_eq!(diagnostic.code, Fault::NOT_A_COMPONENT);
//! assert_eq!(diagnostic.message, "plugin `pin-images` is not WebAssembly");
//! ```

mod answer;
mod api;
mod artifact;
mod cache;
mod candidate;
#[cfg(all(feature = "shell", unix))]
pub mod child;
pub mod code;
mod compile;
mod cpu;
pub mod description;
mod digest;
#[cfg(all(feature = "shell", unix))]
pub mod directory;
mod engine;
mod failure;
pub mod fault;
mod finding;
mod hook;
mod host;
mod inspect;
mod limits;
mod loaded;
pub mod model;
mod options;
mod plugin;
mod section;
mod session;
mod settings_schema;
mod shape;
mod shared;
#[cfg(all(feature = "shell", unix))]
pub mod shipped;
mod store;
mod text;
mod unavailable;
mod watchdog;
mod world;

pub use answer::{Answer, Broken};
pub use artifact::ArtifactKey;
pub use cache::{ArtifactStore, Cache, CacheFiles, Claim, Cleaned, MemoryStore, NoStore, Stored, Trouble, Unusable};
pub use compile::{CompileFailure, Compiler, InProcess, Shortage, compile_artifact, compile_artifact_for};
pub use cpu::Cpu;
pub use digest::Digest;
pub use failure::Failure;
pub use fault::Doing;
pub use finding::Finding;
pub use hook::Hook;
pub use host::Host;
pub use inspect::{Inspection, inspect};
pub use limits::{Limit, Limits};
pub use options::{HostOptions, OnProgress, Progress};
pub use plugin::{Plugin, Source};
pub use section::with_description;
pub use session::{Outcome, Session};
pub use shape::Shape;
pub use store::LogLine;
pub use text::line as escape_line;
pub use watchdog::OnOverdue;
pub use world::{ApiVersion, World};
