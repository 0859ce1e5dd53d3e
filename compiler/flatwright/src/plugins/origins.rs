//! Where the values of the hooks' questions came from.
//!
//! Owns: the paths under which a question's values are known, with their origins. Must not: be asked before there is a finding; it walks the whole group.

use flatwright_diagnostic::Origin;
use flatwright_plan::{Args, Plan};
use flatwright_plugin_host::model::images::{ContainerImage, Image, ImageComponent};
use flatwright_plugin_host::model::kubeadm::KubeadmSettings;
use flatwright_plugin_host::model::sysupdate::SysupdateConfig;
use flatwright_plugin_law::path;

use super::kubeadm::taint;
use super::sysupdate::{origin_of, transfer_of};

/// A question whose values have origins.
pub(super) trait Origins {
    /// Where the values came from, by the beginnings of their paths; of the node groups that the question is about.
    fn origins(&self, plan: &Plan, groups: &[usize]) -> Vec<(String, Origin)>;
}

impl Origins for Image {
    fn origins(&self, plan: &Plan, groups: &[usize]) -> Vec<(String, Origin)> {
        let kubeadm = &plan.kubeadm;
        match (self, groups) {
            (Self::Machine(_), [group]) => {
                let values = super::images::texts(&plan.groups[*group].image);
                values.into_iter().map(|(_, origin)| ("machine".to_owned(), origin)).collect()
            }
            (Self::Container(ContainerImage { component: ImageComponent::Addon(name), .. }), _) => {
                let image = super::charts::named(&plan.addons, name);
                image.map(|image| image.origins(&plan.addons)).unwrap_or_default()
            }
            (Self::Container(image), _) => {
                let (repository, tag) = match image.component {
                    ImageComponent::Kubernetes => (&kubeadm.image_repository, &None),
                    ImageComponent::Etcd => (&kubeadm.etcd.image.repository, &kubeadm.etcd.image.tag),
                    ImageComponent::CoreDns => (&kubeadm.dns.repository, &kubeadm.dns.tag),
                    _ => (&None, &None),
                };
                let known = [("container.repository", repository), ("container.tag", tag)];
                known.into_iter().filter_map(|(path, value)| Some((path.to_owned(), value.as_ref()?.origin))).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Origins for KubeadmSettings {
    fn origins(&self, plan: &Plan, groups: &[usize]) -> Vec<(String, Origin)> {
        let mut origins = Vec::new();
        for kubeadm in groups.iter().map(|group| &plan.groups[*group].kubeadm) {
            origins.extend(of_arguments("node.kubelet-arguments", &kubeadm.kubelet_args));
            let labels = kubeadm.labels.iter();
            origins.extend(labels.map(|label| (path::of_label(&label.key), label.value.origin)));
            let files = kubeadm.files.iter();
            origins.extend(files.map(|file| (path::of_file(&file.path.value), file.origin.or(file.path.origin))));
            let taints = kubeadm.taints.iter().flatten();
            origins.extend(taints.map(|taint| (path::of_taint(&self::taint(taint)), taint.key.origin)));
            origins.push(("node.registration.name".to_owned(), kubeadm.node_name.origin));
        }
        let programs = [
            ("control-plane.api-server.arguments", &plan.kubeadm.api_server.args),
            ("control-plane.controller-manager.arguments", &plan.kubeadm.controller_manager.args),
            ("control-plane.scheduler.arguments", &plan.kubeadm.scheduler.args),
            ("control-plane.etcd.arguments", &plan.kubeadm.etcd.args),
        ];
        origins.extend(programs.into_iter().flat_map(|(path, args)| of_arguments(path, args)));
        origins
    }
}

fn of_arguments(path: &str, args: &Args) -> impl Iterator<Item = (String, Origin)> {
    args.iter().map(move |(name, value)| (format!("{path}[{name:?}]"), value.origin))
}

impl Origins for SysupdateConfig {
    fn origins(&self, plan: &Plan, groups: &[usize]) -> Vec<(String, Origin)> {
        let [group] = groups else { return Vec::new() };
        let parts = &plan.groups[*group].machine_config;
        let mut origins = Vec::new();
        for unit in &parts.units {
            let path = format!("units[{:?}]", unit.name.value);
            let contents = unit.contents.as_ref().map(|contents| (format!("{path}.contents"), contents.origin));
            let drop_ins = unit.drop_ins.iter();
            let drop_ins = drop_ins.map(|one| (format!("{path}.drop-ins[{:?}]", one.name), one.contents.origin));
            origins.extend(contents.into_iter().chain(drop_ins));
            origins.push((path.clone(), unit.name.origin));
        }
        for file in &parts.files {
            let path = transfer_of(file).map(|transfer| path::of_transfer(&transfer));
            origins.extend(path.map(|path| (path, origin_of(&file.contents).or(file.path.origin))));
        }
        for link in &parts.links {
            let name = link.path.value.strip_prefix("/etc/extensions/").and_then(|name| name.strip_suffix(".raw"));
            origins.extend(name.map(|name| (format!("extensions[{name:?}]"), link.target.origin)));
        }
        origins
    }
}
