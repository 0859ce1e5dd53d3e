//! Bindings generated from `wit/flatwright-plugin`, every hook at once.
//!
//! The records are JSON too, so that settings can edit any field of any value.

#![allow(missing_docs, unreachable_pub, reason = "generated; the documentation comes from the WIT package")]
#![allow(clippy::all, reason = "generated")]

wit_bindgen::generate!({
    path: "../../wit/flatwright-plugin",
    world: "all-hooks",
    additional_derives: [serde::Serialize, serde::Deserialize],
});
