//! From a path, name or value back to where the user wrote it, or to the plugin that gave it.
//!
//! Owns: every such search in the plan, in kubeadm's files and in the texts of machine configs. Must not: decide what a finding says.

mod config;
mod found;
mod group;
mod plugin;

pub(crate) use config::{find, find_last, in_config, in_config_at, in_written};
pub(crate) use found::{Found, Places};
pub(crate) use group::{Part, drop_in, in_group, made, of_group, part, part_at};
pub(crate) use plugin::{of_entry, of_plugin, plugin};
