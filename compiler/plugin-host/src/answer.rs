//! What every answer must keep to, whatever the values are.
//!
//! Owns: rules that follow from the interface itself: cases that must not change, parts that cannot be added or removed, names that are unique.
//! Must not: judge values. The facade puts the answer into the plan, where it is checked like what a user wrote.

use std::collections::BTreeSet;

use crate::model::images::Image;
use crate::model::kubeadm::{Argument, HostVolume, KubeadmSettings, NodeSettings, StaticPod};
use crate::model::sysupdate::SysupdateConfig;

/// A list of settings is longer than this only by mistake or malice, and whoever compares two of them must come to an end.
const MOST_ITEMS: usize = 1_000;

/// A broken rule: the path in the answer, and the fact.
pub type Broken = (String, String);

/// An answer that can be held against its question.
pub trait Answer {
    /// What is broken.
    fn check(&self, question: &Self) -> Vec<Broken>;
}

impl Answer for Image {
    fn check(&self, question: &Self) -> Vec<Broken> {
        match (question, self) {
            (Self::Machine(_), Self::Machine(_)) => Vec::new(),
            (Self::Container(asked), Self::Container(given)) if asked.component == given.component => Vec::new(),
            (Self::Container(_), Self::Container(_)) => {
                vec![(
                    "container.component".to_owned(),
                    "the component of a container image cannot be changed".to_owned(),
                )]
            }
            (Self::Other(asked), Self::Other(given)) if asked == given => Vec::new(),
            _ => vec![(String::new(), "the answer is another kind of image than the question".to_owned())],
        }
    }
}

impl Answer for SysupdateConfig {
    fn check(&self, question: &Self) -> Vec<Broken> {
        let mut broken = Vec::new();
        match (&question.kubernetes, &self.kubernetes) {
            (Some(asked), Some(given)) if (&asked.name, &asked.version) != (&given.name, &given.version) => broken
                .push((
                    "kubernetes".to_owned(),
                    format!("the Kubernetes extension follows the spec: `{}` `{}`", asked.name, asked.version),
                )),
            (Some(_), Some(_)) | (None, None) => {}
            _ => {
                broken
                    .push(("kubernetes".to_owned(), "the Kubernetes extension cannot be added or removed".to_owned()));
            }
        }
        unique(&mut broken, "units", self.units.iter().map(|unit| unit.name.as_str()));
        for unit in &self.units {
            let path = format!("units[\"{}\"].drop-ins", unit.name);
            unique(&mut broken, &path, unit.drop_ins.iter().map(|drop_in| drop_in.name.as_str()));
        }
        let transfers: Vec<String> = self
            .transfers
            .iter()
            .map(|transfer| format!("{}/{}", transfer.component.as_deref().unwrap_or_default(), transfer.file_name))
            .collect();
        unique(&mut broken, "transfers", transfers.iter().map(String::as_str));
        unique(&mut broken, "extensions", self.extensions.iter().map(|extension| extension.name.as_str()));
        if let Some(schedule) = &self.schedule {
            bounded(&mut broken, "schedule.on-calendar", schedule.on_calendar.len());
            unique(&mut broken, "schedule.extra", schedule.extra.iter().map(|(name, _)| name.as_str()));
        }
        unique(&mut broken, "extra", self.extra.iter().map(|(name, _)| name.as_str()));
        broken
    }
}

impl Answer for KubeadmSettings {
    fn check(&self, question: &Self) -> Vec<Broken> {
        let mut broken = Vec::new();
        match (&question.control_plane, &self.control_plane) {
            (Some(asked), Some(given)) => {
                if asked.etcd.is_some() != given.etcd.is_some() {
                    broken.push(("control-plane.etcd".to_owned(), "etcd cannot be added or removed".to_owned()));
                }
                static_pod(&mut broken, "control-plane.api-server", &given.api_server);
                static_pod(&mut broken, "control-plane.controller-manager", &given.controller_manager);
                static_pod(&mut broken, "control-plane.scheduler", &given.scheduler);
                if let Some(etcd) = &given.etcd {
                    arguments(&mut broken, "control-plane.etcd.arguments", &etcd.arguments);
                }
                let gates = given.feature_gates.iter().map(|gate| gate.name.as_str());
                unique(&mut broken, "control-plane.feature-gates", gates);
            }
            (None, None) => {}
            _ => broken.push(("control-plane".to_owned(), "the control plane cannot be added or removed".to_owned())),
        }
        // Components were written when the call for the cluster showed nothing of the nodes: what they push beside a shown value sets it.
        let shown = question.control_plane.as_ref().map(|_| &question.node);
        node(&mut broken, &self.node, shown);
        broken
    }
}

fn static_pod(broken: &mut Vec<Broken>, path: &str, pod: &StaticPod) {
    arguments(broken, &format!("{path}.arguments"), &pod.arguments);
    let names = pod.volumes.iter().map(|HostVolume { name, .. }| name.as_str());
    unique(broken, &format!("{path}.volumes"), names);
}

fn node(broken: &mut Vec<Broken>, node: &NodeSettings, shown: Option<&NodeSettings>) {
    let own: Vec<Argument> = beside(&node.kubelet_arguments, shown.map(|shown| &shown.kubelet_arguments));
    arguments(broken, "node.kubelet-arguments", &own);
    let own = beside(&node.files, shown.map(|shown| &shown.files));
    unique(broken, "node.files", own.iter().map(|file| file.path.as_str()));
    bounded(broken, "node.pre-commands", node.pre_commands.len());
    bounded(broken, "node.post-commands", node.post_commands.len());
    bounded(broken, "node.registration.taints", node.registration.taints.as_ref().map_or(0, Vec::len));
    unique(broken, "node.registration.extra", node.registration.extra.iter().map(|(name, _)| name.as_str()));
    unique(broken, "node.extra", node.extra.iter().map(|(name, _)| name.as_str()));
    let own = beside(&node.registration.labels, shown.map(|shown| &shown.registration.labels));
    unique(broken, "node.registration.labels", own.iter().map(|(name, _)| name.as_str()));
}

/// The items of an answer beside those that were shown.
fn beside<T: Clone + PartialEq>(given: &[T], shown: Option<&Vec<T>>) -> Vec<T> {
    if given.len() > MOST_ITEMS {
        return given.to_vec();
    }
    given.iter().filter(|item| !shown.is_some_and(|shown| shown.contains(item))).cloned().collect()
}

fn arguments(broken: &mut Vec<Broken>, path: &str, arguments: &[Argument]) {
    unique(broken, path, arguments.iter().map(|argument| argument.name.as_str()));
    for argument in arguments.iter().filter(|argument| argument.name.starts_with('-')) {
        let fact = format!("`{}` is written with dashes; arguments are named without", argument.name);
        broken.push((format!("{path}[\"{}\"]", argument.name), fact));
    }
}

/// Whether a list has as many items as a list may have.
fn bounded(broken: &mut Vec<Broken>, path: &str, length: usize) {
    if length > MOST_ITEMS {
        broken.push((path.to_owned(), format!("it has {length} items, at most {MOST_ITEMS} are taken")));
    }
}

fn unique<'a>(broken: &mut Vec<Broken>, path: &str, names: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    let mut length = 0;
    for name in names {
        length += 1;
        if name.is_empty() {
            broken.push((path.to_owned(), "a name is empty".to_owned()));
        } else if !seen.insert(name) {
            broken.push((format!("{path}[\"{name}\"]"), format!("`{name}` is there twice")));
        }
    }
    bounded(broken, path, length);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::images::{ContainerImage, ImageComponent};
    use crate::model::kubeadm::ControlPlaneSettings;
    use crate::model::sysupdate::Extension;

    fn argument(name: &str) -> Argument {
        Argument { name: name.into(), value: String::new() }
    }

    fn extension(version: &str) -> Extension {
        Extension {
            name: "kubernetes".into(),
            version: version.into(),
            source: String::new(),
            hash: None,
            extra: Vec::new(),
        }
    }

    #[test]
    fn the_kind_of_image_stays() {
        let image =
            |component| Image::Container(ContainerImage { component, repository: "r".into(), tag: None, digest: None });
        let etcd = image(ImageComponent::Etcd);
        assert!(etcd.check(&etcd).is_empty());
        assert_eq!(image(ImageComponent::Pause).check(&etcd).len(), 1);
        assert_eq!(Image::Other("new".into()).check(&etcd).len(), 1);
    }

    #[test]
    fn kubernetes_follows_the_spec() {
        let with = |kubernetes| SysupdateConfig { kubernetes, ..SysupdateConfig::default() };
        let asked = with(Some(extension("v1.34.2")));
        assert!(asked.check(&asked).is_empty());
        assert_eq!(with(Some(extension("v1.35.0"))).check(&asked).len(), 1);
        assert_eq!(with(None).check(&asked).len(), 1);
    }

    #[test]
    fn names_are_unique_and_without_dashes() {
        let asked =
            KubeadmSettings { control_plane: Some(ControlPlaneSettings::default()), ..KubeadmSettings::default() };
        let mut given = asked.clone();
        given.node.kubelet_arguments = vec![argument("v"), argument("v"), argument("--x"), argument("")];
        let broken = given.check(&asked);
        assert_eq!(broken.len(), 3, "{broken:?}");
        assert_eq!(broken[0].0, "node.kubelet-arguments[\"v\"]");
        assert_eq!(KubeadmSettings::default().check(&asked).len(), 1);
    }
}
