//! Arguments in bootstrap settings: flags, values and feature gates that a component of its version does not take, and paths that it will not find.
//!
//! Owns: where the arguments of which component stand, and of which version it is. Must not: know a flag; the tables of `kubernetes::component` do.

mod gates;
mod names;
mod paths;
mod rules;
mod values;

use flatwright_kubernetes::component::Component;
use flatwright_kubernetes::releases;
use flatwright_kubernetes::version::Release;

use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::{Findings, Set};
use flatwright_kubernetes::is_placeholder;
pub(crate) use rules::codes;

const PLACES: &[(&str, Component)] = &[
    ("clusterConfiguration.apiServer", Component::ApiServer),
    ("clusterConfiguration.controllerManager", Component::ControllerManager),
    ("clusterConfiguration.scheduler", Component::Scheduler),
    ("clusterConfiguration.etcd.local", Component::Etcd),
    ("initConfiguration.nodeRegistration", Component::Kubelet),
    ("joinConfiguration.nodeRegistration", Component::Kubelet),
];

/// A program of a version, as far as it is known.
#[derive(Clone, Copy)]
struct Target {
    component: Component,
    version: Option<Release>,
}

impl Target {
    /// How messages call it: `the kubelet of Kubernetes v1.34`.
    fn shown(self) -> String {
        let program = program(self.component);
        match (self.component, self.version) {
            (Component::Etcd, Some(version)) => format!("etcd {}.{}", version.major, version.minor),
            (Component::Etcd, None) => program.to_owned(),
            (_, Some(version)) => format!("{program} of {}", shown("Kubernetes", version)),
            (_, None) => format!("{program} of Kubernetes"),
        }
    }

    /// The program's release without the program.
    fn release(self, version: Release) -> String {
        match self.component {
            Component::Etcd => format!("etcd {}.{}", version.major, version.minor),
            _ => shown("Kubernetes", version),
        }
    }
}

const fn program(component: Component) -> &'static str {
    match component {
        Component::ApiServer => "the API server",
        Component::ControllerManager => "the controller manager",
        Component::Scheduler => "the scheduler",
        Component::Kubelet => "the kubelet",
        Component::Etcd => "etcd",
    }
}

fn shown(project: &str, version: Release) -> String {
    format!("{project} v{}.{}", version.major, version.minor)
}

/// One argument.
struct Argument<'a> {
    name: &'a str,
    /// Where the name stands.
    place: Field<'a>,
    /// Whether that is a key: one contract has a map, the other a list.
    is_key: bool,
    value: Field<'a>,
}

/// Judges the arguments of a group, whose version is known.
pub(crate) fn check(group: &Group<'_>, findings: &mut Findings<'_>) {
    let Some((index, spec)) = &group.bootstrap else { return };
    let version = Release::parse(group.version.text_or_empty()).filter(|version| version.major == 1);
    settings(*index, spec, version, findings);
    paths::check(group, *index, spec, findings);
}

/// Judges the arguments of settings that no group of the set refers to: of what version they will be, nobody says.
pub(crate) fn check_alone(set: &Set<'_>, groups: &[Group<'_>], findings: &mut Findings<'_>) {
    const ALONE: &[(&str, &str)] = &[
        ("KubeadmConfig", "spec"),
        ("KubeadmConfigTemplate", "spec.template.spec"),
        ("KubeadmControlPlaneTemplate", "spec.template.spec.kubeadmConfigSpec"),
    ];
    let is_owned =
        |index: usize| groups.iter().any(|group| group.bootstrap.as_ref().is_some_and(|(own, _)| *own == index));
    for (kind, path) in ALONE {
        for (index, object) in set.of_kind(kind).filter(|(index, _)| !is_owned(*index)) {
            settings(index, &object.get(path), None, findings);
        }
    }
}

fn settings(index: usize, spec: &Field<'_>, version: Option<Release>, findings: &mut Findings<'_>) {
    for (path, component) in PLACES {
        let place = spec.get(path);
        let version = if *component == Component::Etcd { etcd(&place, version) } else { version };
        let target = Target { component: *component, version };
        let key = if *component == Component::Kubelet { "kubeletExtraArgs" } else { "extraArgs" };
        for argument in arguments(&place.get(key)).filter(|argument| !is_placeholder(argument.name)) {
            argument.check(target, findings.on(index));
        }
    }
    if let Some(version) = version {
        gates::of_kubeadm(&spec.get("clusterConfiguration.featureGates"), version, findings.on(index));
    }
}

impl Argument<'_> {
    fn check(&self, target: Target, check: &mut crate::check::Check<'_>) {
        let name = self.name.trim_start_matches('-');
        if name.len() < self.name.len() {
            names::dashed(self, name, check);
        }
        let canonical = target.component.canonical(name);
        if target.component == Component::Kubelet && canonical == "node-labels" {
            names::node_labels(&self.value, check);
        }
        if let Some(flag) = names::check(self, &canonical, target, check)
            && let Some(value) = self.value.text().filter(|text| !is_placeholder(text))
        {
            values::check(self, flag, value, target, check);
        }
    }
}

/// The version of etcd: that of its image, or what kubeadm of this version starts. Only the minor of the latter is known, so flags of every patch are.
fn etcd(place: &Field<'_>, kubernetes: Option<Release>) -> Option<Release> {
    let tag = place.get("imageTag");
    if tag.is_blank() {
        return Some(Release { patch: u64::MAX, ..releases::minor(kubernetes?)?.etcd? });
    }
    let numbers = tag.text()?.trim_start_matches('v').split(['-', '+']).next()?;
    Release::parse_strict(numbers)
}

/// The arguments of either contract: a map, or a list of names and values.
fn arguments<'a>(field: &Field<'a>) -> impl Iterator<Item = Argument<'a>> + use<'a> {
    let map = field.entries().map(|(name, value)| Argument { name, place: value.clone(), is_key: true, value });
    let list = field.items().filter_map(|item| {
        Some(Argument {
            name: item.get("name").text()?,
            place: item.get("name"),
            is_key: false,
            value: item.get("value"),
        })
    });
    map.chain(list)
}
