//! Write [flatwright](https://github.com/flatwright/flatwright) plugins in Rust.
//!
//! A plugin is a WebAssembly component: a pure function from (context, current value) to (new value, findings). This crate has one trait per hook, a macro that
//! exports the ones a plugin has, typed settings, a builder for findings, and a log. A whole plugin:
//!
//! ```
//! use flatwright_plugin_sdk::prelude::*;
//!
//! /// `spec.plugins[].settings`
//! #[derive(Deserialize)]
//! #[serde(rename_all = "camelCase", deny_unknown_fields)]
//! struct Settings {
//!     max_pods: u32,
//! }
//!
//! struct MaxPods;
//!
//! impl Plugin for MaxPods {
//!     type Settings = Settings;
//!
//!     fn describe() -> Description {
//!         description!("limits the pods of each node").settings_schema(
//!             r#"{
//!                 "type": "object",
//!                 "properties": {"maxPods": {"type": "integer", "minimum": 1}},
//!                 "required": ["maxPods"],
//!                 "additionalProperties": false
//!             }"#,
//!         )
//!     }
//! }
//!
//! impl Kubeadm for MaxPods {
//!     fn group(context: &Context<Settings>, group: &NodeGroup, node: &mut NodeSettings, report: &mut Report) {
//!         if context.settings.max_pods > 250 {
//!             report
//!                 .error(format!("node group `{}` cannot run {} pods", group.name, context.settings.max_pods))
//!                 .at_settings("maxPods")
//!                 .hint("set `maxPods` to 250 or less");
//!         }
//!         node.kubelet_arguments.set("max-pods", context.settings.max_pods.to_string());
//!     }
//! }
//!
//! export!(MaxPods: kubeadm);
//! # fn main() {}
//! ```
//!
//! Build it with `flatwright plugin build`, or with `cargo build --target wasm32-unknown-unknown` and any tool that encodes components. The crate type is `cdylib`
//! (and `rlib`, so that `cargo test` works natively; see [`testing`]).
//!
//! # What a plugin may rely on
//! - Every call gets a fresh instance: nothing is remembered between calls, and statics are as at the start.
//! - There is no clock, no randomness, no file, no network, no environment. `println!` goes nowhere; [`info!`](crate::info) and its sisters reach the user.
//! - A panic fails the compile with its message. Prefer [`Report::error`]: it points at the user's line.
//!
//! # Features
//! - `heap` (default): the plugin allocates in a way that suits instances of one call, and is 8 KB smaller for it. Turn it off if it has a `#[global_allocator]` of its
//!   own.

mod bindings;
mod context;
mod description;
mod edit;
mod export;
#[cfg(any(test, all(target_arch = "wasm32", feature = "heap")))]
mod heap;
mod hooks;
mod json;
mod log;
mod plugin;
mod report;
mod stand_in;
mod systemd;
pub mod testing;

pub use bindings::base::flatwright::plugin::{
    cluster, findings, image_types, kubeadm_types, policy_types, sysupdate_types,
};
pub use context::Context;
pub use description::Description;
pub use edit::{Entries, Files};
pub use hooks::images::Images;
pub use hooks::kubeadm::Kubeadm;
pub use hooks::policy::Policy;
pub use hooks::sysupdate::Sysupdate;
pub use plugin::{NoSettings, Plugin};
pub use report::Report;
pub use stand_in::StandIn;

/// What most plugins use.
pub mod prelude {
    pub use serde::Deserialize;

    pub use crate::cluster::{Architecture, Contract, Flavor, NodeGroup, Role};
    pub use crate::findings::{Diagnostic, Place, Severity};
    pub use crate::image_types::{ContainerImage, ImageComponent, MachineImage};
    pub use crate::kubeadm_types::{ControlPlaneSettings, File, NodeSettings};
    pub use crate::policy_types::{Bundle, Interests, MachineConfigForm, Object, ObjectInterest};
    pub use crate::sysupdate_types::{Contents, Extension, Schedule, SysupdateConfig, Transfer};
    pub use crate::{
        Context, Description, Entries, Files, Images, Kubeadm, NoSettings, Plugin, Policy, Report, StandIn, Sysupdate,
    };
    pub use crate::{debug, description, error, export, info, trace, warn};
}

/// For the macros of this crate only.
#[doc(hidden)]
pub mod __private {
    pub use crate::bindings::{base, images, kubeadm, policy, sysupdate};
    pub use crate::hooks::Adapter;
    pub use crate::log::write;
}

/// Runs the examples of the author guide.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/plugins/guide.md")]
struct Guide;
