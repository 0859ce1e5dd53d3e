//! What a cluster fetches: machine images, extensions, charts and container images, for mirrors and scanners.
//!
//! Owns: the list. Must not: guess tags that a chart or a program chooses itself; they are absent.

use std::collections::BTreeMap;

use flatwright_kubernetes::kubeadm_images::{REGISTRY, tag};
use flatwright_kubernetes::version::Release;
use flatwright_plan::{Contents, Flavor, Image, Plan};
use serde::Serialize;

use crate::compilation::Cluster;
use crate::pins::{extensions, image_ask};
use crate::plugins::pulled;

/// The kinds of what is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UsedKind {
    /// What a machine boots.
    MachineImage,
    /// A system extension.
    Extension,
    /// A Helm chart.
    Chart,
    /// What containers are made of.
    ContainerImage,
}

/// Something that is fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Used {
    /// What it is.
    pub kind: UsedKind,
    /// Its name: `PUBLISHER/OFFER/SKU` and the like, a URL, a chart's repository and name, or a repository of images.
    pub name: String,
    /// Its version or tag; absent where something else chooses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `sha256:` or `sha512:` and hexadecimal digits, where the machine or the registry compares them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The node groups, or the add-on.
    pub by: Vec<String>,
}

/// What the clusters fetch, each once.
pub fn used(clusters: &[Cluster]) -> Vec<Used> {
    let mut all = All::default();
    for cluster in clusters {
        machines(&cluster.plan, &mut all);
        kubeadm(&cluster.plan, &mut all);
        addons(&cluster.plan, &mut all);
    }
    let entries = all.0.into_iter();
    entries.map(|((kind, name, version, digest), by)| Used { kind, name, version, digest, by }).collect()
}

type Key = (UsedKind, String, Option<String>, Option<String>);

#[derive(Default)]
struct All(BTreeMap<Key, Vec<String>>);

impl All {
    fn add(&mut self, kind: UsedKind, name: String, version: Option<String>, digest: Option<String>, by: String) {
        let list = self.0.entry((kind, name, version, digest)).or_default();
        if !list.contains(&by) {
            list.push(by);
        }
    }
}

fn machines(plan: &Plan, all: &mut All) {
    for group in &plan.groups {
        let by = || format!("{}/{}", plan.name.value, group.name.value);
        match (&group.image, image_ask(&group.image)) {
            (Image::Id(id), _) => all.add(UsedKind::MachineImage, id.value.clone(), None, None, by()),
            (_, Some((ask, version))) => {
                all.add(UsedKind::MachineImage, ask.name().to_owned(), Some(version.value.clone()), None, by());
            }
            (_, None) => {}
        }
        for extension in extensions(group) {
            let Contents::Remote { sha256, .. } = &group.machine_config.files[extension.file].contents else {
                continue;
            };
            let sha512 = extension.sha512.map(|sum| format!("sha512:{}", sum.value));
            let digest = sha512.or_else(|| sha256.as_ref().map(|sum| format!("sha256:{}", sum.value)));
            let version = Some(extension.version.to_owned());
            all.add(UsedKind::Extension, extension.url.value.clone(), version, digest, by());
        }
    }
}

fn kubeadm(plan: &Plan, all: &mut All) {
    let settings = &plan.kubeadm;
    let registry = settings.image_repository.as_ref().map_or(REGISTRY, |registry| registry.value.as_str());
    let version = &plan.kubernetes_version.value;
    let by = |group: &str| format!("{}/{group}", plan.name.value);
    let mut add = |repository: String, tag: Option<String>, group: &str| {
        all.add(UsedKind::ContainerImage, repository, tag, None, by(group));
    };
    let numbers = Release::parse(version);
    let known = |image: &str| numbers.and_then(|numbers| tag(image, numbers)).map(str::to_owned);
    for component in ["kube-apiserver", "kube-controller-manager", "kube-scheduler"] {
        add(format!("{registry}/{component}"), Some(version.clone()), "control-plane");
    }
    let over = |given: &flatwright_plan::ImageOverride, name: &str, known: Option<String>| {
        let repository = given.repository.as_ref().map(|repository| repository.value.clone());
        (
            format!("{}/{}", repository.as_deref().unwrap_or(registry), name),
            given.tag.as_ref().map(|tag| tag.value.clone()).or(known),
        )
    };
    let (repository, tag) = over(&settings.etcd.image, "etcd", known("etcd"));
    add(repository, tag, "control-plane");
    // kubeadm puts CoreDNS one level deeper in its own registry only.
    let name = if registry == REGISTRY && settings.dns.repository.is_none() { "coredns/coredns" } else { "coredns" };
    let (repository, tag) = over(&settings.dns, name, known("coredns"));
    add(repository, tag, "control-plane");
    for group in &plan.groups {
        add(format!("{registry}/kube-proxy"), Some(version.clone()), &group.name.value);
        // On a stock image containerd chooses the pause container itself.
        if plan.flavor.value == Flavor::ImageBuilder {
            add(format!("{registry}/pause"), known("pause"), &group.name.value);
        }
    }
}

fn addons(plan: &Plan, all: &mut All) {
    for addon in &plan.addons {
        let name = format!("{}/{}", addon.repo_url.value.trim_end_matches('/'), addon.chart_name.value);
        let version = addon.version.as_ref().map(|version| version.value.clone());
        all.add(UsedKind::Chart, name, version, None, format!("{}/{}", plan.name.value, addon.key));
    }
    for (key, image) in pulled(&plan.addons) {
        let by = format!("{}/{key}", plan.name.value);
        all.add(UsedKind::ContainerImage, image.repository, image.tag, image.digest, by);
    }
}
