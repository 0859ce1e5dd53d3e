//! Spec → plan: every default with its reason, shared profiles merged, the flavor's own parts made.
//!
//! Owns: what an absent key means. Must not: check what the user wrote (see `check`), or know an API version.

mod addons;
mod azure;
mod compat;
mod configs;
mod groups;
mod image;
mod kubeadm;
mod machine;
mod mirrors;
mod patches;
mod plugins;
mod profile;

pub(crate) use azure::DEFAULT_SUBNETS;
use flatwright_diagnostic::{Origin, Report, SourceId, Traced};
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::bakery::{self, Bakery};
use flatwright_flatcar::release::{Channel, Release};
use flatwright_plan as plan;
pub use flatwright_plan::Profile;
pub use plugins::{lower_plugins, lower_policies};

use crate::decode::AsText;
use crate::types::{self, FlatcarCluster};

/// Where pods get their addresses if the spec does not say it.
pub(crate) const DEFAULT_PODS: &str = "192.168.0.0/16";

/// A file's bytes with the name under which messages show it.
pub struct FileText {
    /// Its id in anchors.
    pub source: SourceId,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What lowering needs beside the spec.
pub struct Inputs<'a> {
    /// Reads a file relative to the spec. The error is the reason in words.
    pub read_file: &'a dyn Fn(&str) -> Result<FileText, String>,
    /// Which house style the output follows.
    pub profile: Profile,
}

/// What every part of the lowering looks at.
struct Context<'a> {
    spec: &'a types::Spec,
    inputs: &'a Inputs<'a>,
    cluster: Traced<String>,
    namespace: Traced<String>,
    kubernetes_version: Traced<String>,
    release: Option<Release>,
    channel: Channel,
    bakery: Bakery,
}

/// Lowers a decoded and checked spec. Problems that only show here (files that cannot be read, images that do not exist) are reported; `None` after one.
pub fn lower(document: &FlatcarCluster, inputs: &Inputs<'_>, report: &mut Report) -> Option<plan::Plan> {
    let spec = &document.spec;
    let metadata = &document.metadata;
    let context = Context {
        spec,
        inputs,
        cluster: text(&metadata.name),
        namespace: optional(&metadata.namespace)
            .unwrap_or_else(|| Traced::default_by("default".to_owned(), "objects go to the namespace `default`")),
        kubernetes_version: spec.kubernetes.version.as_ref().map(|version| with_v(version.as_str())),
        release: spec.flatcar.version.as_str().parse().ok(),
        channel: channel(spec),
        bakery: bakery(spec),
    };
    let errors_before = report.has_errors();
    let groups = groups::lower(&context, report);
    let network = spec.kubernetes.network.as_ref();
    let plan = plan::Plan {
        profile: inputs.profile,
        labels: named(&metadata.labels),
        annotations: named(&metadata.annotations),
        flavor: spec.flavor.with(match spec.flavor.value {
            types::Flavor::Sysext => plan::Flavor::Sysext,
            types::Flavor::ImageBuilder => plan::Flavor::ImageBuilder,
        }),
        kubernetes_version: context.kubernetes_version.clone(),
        pods: pods(spec),
        services: network.map(|network| texts(&network.services)).unwrap_or_default(),
        service_domain: network.and_then(|network| optional(&network.service_domain)),
        api_server_port: network.and_then(|network| network.api_server_port).map(|port| port.map(|port| port.get())),
        azure: azure::lower(&context),
        kubeadm: kubeadm::cluster(&context),
        groups,
        addons: addons::lower(&context),
        plugins: lower_plugins(spec),
        waivers: plugins::waivers(spec),
        mirrors: mirrors::lower(spec),
        has_reboot_manager: spec.has_reboot_manager(),
        patches: patches::lower(spec),
        releases: releases(spec),
        flatcar: (
            Traced::new(
                context.channel.name().to_owned(),
                spec.flatcar.channel.map_or(spec.flatcar.origin, |channel| channel.origin),
            ),
            text(&spec.flatcar.version),
        ),
        name: context.cluster,
        namespace: context.namespace,
    };
    (errors_before || !report.has_errors()).then_some(plan)
}

impl Context<'_> {
    fn is_sysext(&self) -> bool {
        self.spec.flavor.value == types::Flavor::Sysext
    }

    fn is_compat(&self) -> bool {
        self.inputs.profile == Profile::Capz
    }
}

fn releases(spec: &types::Spec) -> Vec<(&'static str, String)> {
    let Some(management) = &spec.management else { return Vec::new() };
    let named = [("capi", &management.capi), ("capz", &management.capz), ("caaph", &management.caaph)];
    named.into_iter().filter_map(|(name, release)| Some((name, release.as_ref()?.as_str().to_owned()))).collect()
}

fn with_v(version: &str) -> String {
    if version.starts_with('v') { version.to_owned() } else { format!("v{version}") }
}

/// The channel of Flatcar: `stable` unless the spec says another.
pub fn channel(spec: &types::Spec) -> Channel {
    match spec.flatcar.channel.map_or(types::Channel::Stable, |channel| channel.value) {
        types::Channel::Stable => Channel::Stable,
        types::Channel::Beta => Channel::Beta,
        types::Channel::Alpha => Channel::Alpha,
        types::Channel::Lts => Channel::Lts,
    }
}

fn bakery(spec: &types::Spec) -> Bakery {
    let url = spec.sysupdate.as_ref().and_then(|sysupdate| sysupdate.bakery.as_ref());
    let base = url.map_or(bakery::DEFAULT_BAKERY, |url| url.as_str());
    Bakery::new(&mirrors::mirrored(spec, Traced::new(base.to_owned(), Origin::Unknown)).value)
}

fn pods(spec: &types::Spec) -> Vec<Traced<String>> {
    let pods = spec.kubernetes.network.as_ref().map(|network| texts(&network.pods)).unwrap_or_default();
    if pods.is_empty() {
        return vec![Traced::default_by(
            DEFAULT_PODS.to_owned(),
            "the pod network of upstream's templates, which Calico expects",
        )];
    }
    pods
}

/// The architecture of a profile.
fn architecture(profile: &types::MachineProfile) -> Traced<Architecture> {
    match profile.architecture {
        Some(architecture) => architecture.map(|architecture| match architecture {
            types::Architecture::Amd64 => Architecture::Amd64,
            types::Architecture::Arm64 => Architecture::Arm64,
        }),
        None => Traced::default_by(Architecture::Amd64, "machines are amd64 unless the pool says otherwise"),
    }
}

/// A text type's text, with its origin.
fn text<T: AsText>(value: &Traced<T>) -> Traced<String> {
    value.as_ref().map(|value| value.as_text().to_owned())
}

fn optional<T: AsText>(value: &types::Maybe<T>) -> plan::Maybe<String> {
    value.as_ref().map(text)
}

fn texts<T: AsText>(values: &[Traced<T>]) -> Vec<Traced<String>> {
    values.iter().map(text).collect()
}

fn named<T: AsText>(values: &crate::decode::Named<Traced<T>>) -> Vec<(String, Traced<String>)> {
    values.iter().map(|(key, value)| (key.value.clone(), text(value))).collect()
}
