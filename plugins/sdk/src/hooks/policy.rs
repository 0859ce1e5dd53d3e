//! The hook `policy`.

use serde_json::Value;

use crate::bindings::policy::exports::flatwright::plugin::policy;
use crate::cluster;
use crate::context::Context;
use crate::findings::Diagnostic;
use crate::hooks::Adapter;
use crate::json;
use crate::log::log_panics;
use crate::plugin::Plugin;
use crate::policy_types::{Bundle, Interests, Object, ObjectInterest};
use crate::report::Report;

/// Reviews the result and changes nothing. Called once per cluster, after everything else.
///
/// ```
/// # use flatwright_plugin_sdk::prelude::*;
/// # struct Regions;
/// # impl Plugin for Regions {
/// #     type Settings = NoSettings;
/// #     fn describe() -> Description { description!("keeps clusters in Europe") }
/// # }
/// impl Policy for Regions {
///     fn select(_: &Context<NoSettings>) -> Interests {
///         Interests::kinds(["AzureCluster"])
///     }
///
///     fn review(_: &Context<NoSettings>, bundle: &Bundle, report: &mut Report) {
///         for object in &bundle.objects {
///             let location = object.value()["spec"]["location"].as_str().unwrap_or_default().to_owned();
///             if !location.ends_with("europe") {
///                 report.error(format!("location `{location}` is not in Europe")).at_object(object, "spec.location");
///             }
///         }
///     }
/// }
/// ```
pub trait Policy: Plugin {
    /// Says what the review needs: all objects and no machine config, unless written. Ask for little; the rest is not copied into the plugin.
    fn select(context: &Context<Self::Settings>) -> Interests {
        let _ = context;
        Interests { objects: ObjectInterest::Everything, machine_configs: Vec::new() }
    }

    /// Reports what is to be said about the bundle. With an error the compile fails.
    fn review(context: &Context<Self::Settings>, bundle: &Bundle, report: &mut Report);
}

impl<P: Policy> policy::Guest for Adapter<P> {
    fn select(context: cluster::Context) -> Interests {
        log_panics();
        match Context::<P::Settings>::read(context) {
            Ok((context, _)) => P::select(&context),
            // `review` says why.
            Err(_) => Interests { objects: ObjectInterest::Nothing, machine_configs: Vec::new() },
        }
    }

    fn review(context: cluster::Context, bundle: Bundle) -> Vec<Diagnostic> {
        log_panics();
        match Context::<P::Settings>::read(context) {
            Ok((context, _)) => {
                let mut report = Report::default();
                P::review(&context, &bundle, &mut report);
                report.into_findings()
            }
            Err(finding) => vec![*finding],
        }
    }
}

impl Interests {
    /// Objects of these kinds, and no machine config.
    pub fn kinds<K: Into<String>>(kinds: impl IntoIterator<Item = K>) -> Self {
        let kinds = kinds.into_iter().map(Into::into).collect();
        Self { objects: ObjectInterest::Kinds(kinds), machine_configs: Vec::new() }
    }
}

impl Object {
    /// The object as a JSON value; `null` if the text is no JSON, which the host never sends.
    pub fn value(&self) -> Value {
        json::from_str(&self.json).unwrap_or_default()
    }
}
