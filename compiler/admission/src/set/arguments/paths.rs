//! Paths in arguments: a component finds a file only if its container has it, and that only if the machine has it.
//!
//! Owns: what is mounted into a static pod, and what makes a file on the machine, as far as the settings tell. Must not: read a machine config; it is looked at as a text.

use flatwright_diagnostic::Severity;
use flatwright_flatcar::offer::PUBLISHER;
use flatwright_kubernetes::component::{Component, Flag, Kind, Role};

use super::rules::Path as Rule;
use super::{PLACES, arguments, program};
use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::Findings;
use flatwright_kubernetes::is_placeholder;

/// Directories of the machine that kubeadm, its images or Flatcar fill.
const FILLED: &[&str] = &[
    "/boot",
    "/dev",
    "/etc/ca-certificates",
    "/etc/kubernetes/manifests",
    "/etc/pki",
    "/etc/ssl",
    "/lib",
    "/proc",
    "/run",
    "/sys",
    "/tmp",
    "/usr",
    "/var/lib/kubelet",
    "/var/run",
];

/// Directories that every machine has, whoever put a file below.
const SHARED: &[&str] = &[
    "/",
    "/etc",
    "/etc/kubernetes",
    "/etc/systemd",
    "/etc/systemd/system",
    "/home",
    "/home/core",
    "/opt",
    "/opt/bin",
    "/root",
    "/srv",
    "/var",
    "/var/lib",
    "/var/log",
    "/var/log/containers",
    "/var/log/pods",
];

/// What kubeadm writes below its directory of certificates.
const CERTIFICATES: &[&str] = &[
    "apiserver",
    "apiserver-etcd-client",
    "apiserver-kubelet-client",
    "ca",
    "etcd/ca",
    "etcd/healthcheck-client",
    "etcd/peer",
    "etcd/server",
    "front-proxy-ca",
    "front-proxy-client",
    "sa",
];

/// What kubeadm writes below `/etc/kubernetes`.
const KUBECONFIGS: &[&str] = &[
    "admin.conf",
    "bootstrap-kubelet.conf",
    "controller-manager.conf",
    "kubelet.conf",
    "scheduler.conf",
    "super-admin.conf",
];

pub(super) fn check(group: &Group<'_>, index: usize, spec: &Field<'_>, findings: &mut Findings<'_>) {
    // Patches of kubeadm can mount what the settings do not say.
    let has_patches = ["initConfiguration", "joinConfiguration"]
        .iter()
        .any(|stage| spec.get(stage).get("patches.directory").is_set());
    let machine = Machine::of(group, spec);
    for (path, component) in PLACES {
        let place = spec.get(path);
        let is_host = *component == Component::Kubelet;
        if !is_host && !group.is_control_plane {
            continue;
        }
        let pod = Pod { place: &place, component: *component, certificates: machine.certificates };
        let key = if is_host { "kubeletExtraArgs" } else { "extraArgs" };
        for argument in arguments(&place.get(key)) {
            let flag = component.flag(&component.canonical(argument.name));
            let Some((flag, role)) = flag.and_then(|flag| Some((flag, flag.role?))) else { continue };
            let value = argument.value.text().filter(|text| text.starts_with('/') && !is_placeholder(text));
            let Some(value) = value.filter(|_| flag.kind == Kind::Text) else { continue };
            let asked = Asked { flag, role, value, field: &argument.value };
            if is_host {
                machine.look(&asked, value, index, findings);
            } else if !has_patches {
                pod.look(&asked, &machine, index, findings);
            }
        }
        volumes(&place, &machine, index, findings);
    }
}

/// A path in an argument.
struct Asked<'f, 'a> {
    flag: Flag,
    role: Role,
    value: &'a str,
    field: &'f Field<'a>,
}

/// A static pod with its volumes.
struct Pod<'f, 'a> {
    place: &'f Field<'a>,
    component: Component,
    certificates: &'a str,
}

impl Pod<'_, '_> {
    fn look(&self, asked: &Asked<'_, '_>, machine: &Machine<'_>, index: usize, findings: &mut Findings<'_>) {
        let path = asked.value;
        let volumes = self.place.get("extraVolumes");
        let mount =
            |volume: &Field<'_>| volume.get("mountPath").text().map(|mount| mount.trim_end_matches('/').to_owned());
        let covering = volumes
            .items()
            .filter(|volume| mount(volume).is_some_and(|mount| below(path, &mount).is_some()))
            .max_by_key(|volume| mount(volume).map_or(0, |mount| mount.len()));
        // A mount that is filled in later could be this one.
        if covering.is_none() && volumes.items().any(|volume| volume.get("mountPath").text().is_none_or(is_placeholder))
        {
            return;
        }
        if let Some(volume) = covering {
            if asked.role == Role::Output {
                if volume.get("readOnly").is_true() {
                    let rule = Rule::ReadOnly {
                        flag: asked.flag.name.to_owned(),
                        path: path.to_owned(),
                        volume: volume.get("name").shown(),
                    };
                    findings.on(index).refuse(asked.field, &rule).hint("set `readOnly: false` for the volume");
                }
                return;
            }
            let (host, mount) = (volume.get("hostPath"), mount(&volume).unwrap_or_default());
            if let Some(host) = host.text().filter(|host| !is_placeholder(host)) {
                let rest = below(path, &mount).unwrap_or_default();
                machine.look(asked, &format!("{}{rest}", host.trim_end_matches('/')), index, findings);
            }
        } else if self.has(path) {
            if asked.role == Role::File {
                machine.look(asked, path, index, findings);
            }
        } else {
            self.unmounted(asked, index, findings);
        }
    }

    fn unmounted(&self, asked: &Asked<'_, '_>, index: usize, findings: &mut Findings<'_>) {
        let path = asked.value;
        let target = program(self.component);
        let rule = Rule::Unmounted { flag: asked.flag.name.to_owned(), path: path.to_owned(), target };
        let check = findings.on(index);
        let directory = path.rsplit_once('/').map_or("/", |(directory, _)| directory);
        let hint = match asked.role {
            Role::File if directory == "/etc/kubernetes" => format!(
                "add to `extraVolumes`: `{{name: {}, hostPath: {path}, mountPath: {path}, readOnly: true, pathType: File}}`",
                asked.flag.name
            ),
            Role::File | Role::Directory => format!(
                "add to `extraVolumes`: `{{name: {}, hostPath: {directory}, mountPath: {directory}, readOnly: true, pathType: Directory}}`",
                asked.flag.name
            ),
            Role::Output => format!(
                "add to `extraVolumes`: `{{name: {}, hostPath: {directory}, mountPath: {directory}, readOnly: false, pathType: DirectoryOrCreate}}`",
                asked.flag.name
            ),
        };
        let finding = match asked.role {
            Role::File => check.refuse(asked.field, &rule).note(
                "the component does not find the file in its container, and stops; the control plane never comes up",
            ),
            Role::Directory => check.warn(asked.field, &rule).note("the directory is empty in the container"),
            Role::Output => check.warn(asked.field, &rule).note("the file is lost with the container"),
        };
        finding.hint(hint);
    }

    /// Whether kubeadm itself mounts the path.
    fn has(&self, path: &str) -> bool {
        let has_certificates = matches!(self.component, Component::ApiServer | Component::ControllerManager);
        let own: &[&str] = match self.component {
            Component::ControllerManager => {
                &["/etc/kubernetes/controller-manager.conf", "/usr/libexec/kubernetes/kubelet-plugins"]
            }
            Component::Scheduler => &["/etc/kubernetes/scheduler.conf"],
            _ => &[],
        };
        let of_system: &[&str] = if has_certificates {
            &[
                "/etc/ca-certificates",
                "/etc/pki",
                "/etc/ssl/certs",
                "/usr/local/share/ca-certificates",
                "/usr/share/ca-certificates",
            ]
        } else {
            &[]
        };
        let is_below = |directory: &str| below(path, directory).is_some();
        match self.component {
            Component::Etcd => {
                let data = self.place.get("dataDir");
                is_below(data.text().unwrap_or("/var/lib/etcd").trim_end_matches('/'))
                    || is_below(&format!("{}/etcd", self.certificates))
            }
            _ => {
                own.iter().chain(of_system).any(|directory| is_below(directory))
                    || has_certificates && is_below(self.certificates)
            }
        }
    }
}

/// What makes files on the machine.
struct Machine<'a> {
    certificates: &'a str,
    files: Vec<&'a str>,
    /// Commands, scripts and machine configs.
    texts: Vec<&'a str>,
    /// Whether nothing else than the settings can have made a file: the image is Flatcar's own, and nothing is fetched.
    is_known: bool,
}

impl<'a> Machine<'a> {
    fn of(group: &Group<'a>, spec: &Field<'a>) -> Self {
        let files: Vec<_> = spec.get("files").items().collect();
        let texts: Vec<&str> = ["preKubeadmCommands", "bootCommands"]
            .into_iter()
            .flat_map(|key| spec.get(key).items())
            .chain(files.iter().map(|file| file.get("content")))
            .chain([spec.get("ignition.containerLinuxConfig.additionalConfig")])
            .filter_map(|field| field.text())
            .collect();
        let image = group.machine.as_ref().map(|(_, machine)| machine.get("image.marketplace.publisher"));
        let fetches =
            |text: &&str| ["curl", "wget", "tar ", "http://", "https://"].iter().any(|word| text.contains(word));
        let commands: Vec<_> = spec.get("preKubeadmCommands").items().filter_map(|command| command.text()).collect();
        Self {
            certificates: spec
                .get("clusterConfiguration.certificatesDir")
                .text()
                .unwrap_or("/etc/kubernetes/pki")
                .trim_end_matches('/'),
            files: files.iter().filter_map(|file| file.get("path").text()).collect(),
            is_known: image.is_some_and(|publisher| publisher.holds(PUBLISHER)) && !commands.iter().any(fetches),
            texts,
        }
    }

    fn look(&self, asked: &Asked<'_, '_>, path: &str, index: usize, findings: &mut Findings<'_>) {
        if asked.role != Role::File || self.makes(path) {
            return;
        }
        let rule = Rule::Missing { flag: asked.flag.name.to_owned(), path: path.to_owned() };
        let severity = if self.is_known { Severity::Error } else { Severity::Warning };
        findings
            .on(index)
            .add(severity, asked.field, &rule)
            .note("the component stops where the file is not there, and the node never becomes ready")
            .hint(format!("add a file with `path: {path}` to `files`"));
    }

    /// Whether the path will be there, as far as can be told: a text that names it, or a directory of its own above it, may make it.
    fn makes(&self, path: &str) -> bool {
        let is_own = below(path, self.certificates).is_some_and(|rest| {
            let name = rest.trim_start_matches('/');
            let stem = [".crt", ".key", ".pub"].iter().find_map(|ending| name.strip_suffix(ending));
            stem.is_some_and(|stem| CERTIFICATES.contains(&stem))
        });
        let is_kubeconfig = path.strip_prefix("/etc/kubernetes/").is_some_and(|name| KUBECONFIGS.contains(&name));
        is_own
            || is_kubeconfig
            || path == self.certificates
            || SHARED.contains(&path)
            || FILLED.iter().any(|directory| below(path, directory).is_some())
            || self.files.iter().any(|file| *file == path || below(file, path).is_some() || is_placeholder(file))
            || self.is_named(path)
    }

    fn is_named(&self, path: &str) -> bool {
        let above =
            path.match_indices('/').skip(1).map(|(end, _)| &path[..end]).filter(|above| !SHARED.contains(above));
        above.chain([path]).any(|place| self.texts.iter().any(|text| text.contains(place)))
    }
}

/// Volumes whose host path must be there.
fn volumes(place: &Field<'_>, machine: &Machine<'_>, index: usize, findings: &mut Findings<'_>) {
    for volume in place.get("extraVolumes").items() {
        let kind = volume.get("pathType");
        let host = volume.get("hostPath");
        let Some(path) = host.text().filter(|text| text.starts_with('/') && !is_placeholder(text)) else { continue };
        let path = path.trim_end_matches('/');
        if !matches!(kind.text(), Some("Directory" | "File")) || path.is_empty() || machine.makes(path) {
            continue;
        }
        let severity = if machine.is_known { Severity::Error } else { Severity::Warning };
        let rule = Rule::Volume { path: path.to_owned(), volume: volume.get("name").shown() };
        let hint = if kind.holds("File") {
            format!("add a file with `path: {path}` to `files`")
        } else {
            format!("add a file below `{path}` to `files`, or set `pathType: DirectoryOrCreate`")
        };
        findings
            .on(index)
            .add(severity, &host, &rule)
            .note("the kubelet does not start the pod while the path is missing, and the control plane never comes up")
            .hint(hint);
    }
}

/// What a path has below a directory: `""` for the directory itself.
fn below<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(directory)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_ends_at_a_slash() {
        assert_eq!(below("/etc/a/b", "/etc/a"), Some("/b"));
        assert_eq!(below("/etc/a", "/etc/a"), Some(""));
        assert_eq!(below("/etc/ab", "/etc/a"), None);
    }
}
