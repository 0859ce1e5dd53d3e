//! Knowledge of Flatcar, as pure tables and functions.
//!
//! Owns: releases and channels, marketplace offers and galleries, VM sizes, regions and architectures, sysexts and the bakery, the units a node needs, and the
//! readers of sysupdate transfer files and systemd units.
//! Must not: know the spec, the plan, Cluster API or Ignition; read anything from the world.

pub mod arch;
pub mod azure;
pub mod bakery;
mod broken;
pub mod code;
pub mod gallery;
pub mod kubernetes;
pub mod node_file;
pub mod node_path;
pub mod node_units;
pub mod offer;
pub mod release;
pub mod settings;
pub mod subscription;
pub mod sysext;
pub mod sysupdate;
pub mod unit;

pub use broken::NodePath;
