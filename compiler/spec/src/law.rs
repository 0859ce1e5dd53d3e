//! What holds for a value whoever wrote it: the user in a spec, or a plugin in an answer.
//!
//! Owns: rules about single values that need more than a form, and what to type instead. The forms themselves are the types'. Must not: know where a value stands; who asks
//! puts the finding there.

use flatwright_diagnostic::{Diagnostic, Fix, Rule, Severity};
use flatwright_flatcar::arch::Architecture;

use crate::rules::{ArchitectureMismatch, Conflict, DuplicateName, InvalidValue, RebootManager};

/// What stands for the VM's name in the name of a node until a command puts it there.
pub const NODE_NAME_PLACEHOLDER: &str = "@@HOSTNAME@@";

/// Files that the bootstrap provider or the flavor writes.
const OWN_FILES: &[&str] = &["/etc/kubeadm.sh", "/etc/kubeadm.yml", "/etc/kubernetes/azure.json"];

/// A broken rule, and which part of the value it is about.
pub struct Broken<F> {
    /// The part.
    pub field: F,
    /// The finding, without a place.
    pub finding: Diagnostic,
}

impl<F> Broken<F> {
    fn new(field: F, severity: Severity, rule: &impl Rule) -> Self {
        Self { field, finding: Diagnostic::of(rule, severity) }
    }

    fn hint(mut self, hint: &str) -> Self {
        self.finding.hint(hint);
        self
    }
}

/// A part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileField {
    /// Its path.
    Path,
    /// Its mode.
    Permissions,
}

/// A file that the bootstrap provider writes; the mode as written.
pub fn file(path: &str, mode: Option<&str>) -> Vec<Broken<FileField>> {
    let mut broken = Vec::new();
    if OWN_FILES.contains(&path) {
        let rule = DuplicateName::ReservedFile { path: path.to_owned() };
        let mut reserved = Broken::new(FileField::Path, Severity::Error, &rule);
        reserved.finding.note("the machine would stop in the initramfs: `Config has conflicting inodes`");
        broken.push(reserved.hint("choose another path, or change the file in `preKubeadmCommands`"));
    }
    if mode == Some("420") {
        let mut decimal = Broken::new(FileField::Permissions, Severity::Warning, &InvalidValue::DecimalMode)
            .hint("write `\"0644\"`, which is 420 in decimal");
        decimal.finding.fix(Fix::rewrite("420", "\"0644\""));
        broken.push(decimal);
    }
    if path == "/" {
        broken.push(Broken::new(FileField::Path, Severity::Error, &InvalidValue::RootAsFile));
    }
    broken
}

/// A part of a system extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionField {
    /// Its name.
    Name,
    /// Its version.
    Version,
}

/// A further system extension; `has_kubernetes` if the flavor brings Kubernetes as one.
pub fn extension(name: &str, version: &str, has_kubernetes: bool) -> Vec<Broken<ExtensionField>> {
    let mut broken = Vec::new();
    if name == "kubernetes" && has_kubernetes {
        let taken = Broken::new(ExtensionField::Name, Severity::Error, &Conflict::KubernetesExtension);
        broken.push(taken.hint("set `kubernetes.version` instead"));
    }
    if !flatwright_flatcar::sysext::is_valid_version(version) {
        let rule = InvalidValue::ExtensionVersion { version: version.to_owned() };
        let malformed = Broken::new(ExtensionField::Version, Severity::Error, &rule);
        broken.push(malformed.hint("write it exactly as in the image's file name, such as `24.0.0`"));
    }
    broken
}

/// The URL of an image, whose name says for which processors it is.
pub fn extension_url(url: &str, wanted: Architecture) -> Option<Broken<()>> {
    let other = match wanted {
        Architecture::Amd64 => ["arm64", "aarch64", "armv8"],
        Architecture::Arm64 => ["x86-64", "x86_64", "amd64"],
    };
    let file = url.rsplit('/').next().unwrap_or_default();
    let is_other = other.iter().any(|word| file.contains(word));
    is_other.then(|| {
        let rule = ArchitectureMismatch::Extension { file: file.to_owned(), wanted };
        Broken::new((), Severity::Error, &rule)
            .hint("leave `url` out and name the bakery, or set the extension for each group")
    })
}

/// Updates that want a reboot, where nothing acts on it.
pub fn unattended_updates() -> Broken<()> {
    Broken::new((), Severity::Warning, &RebootManager::Unattended).hint("set `reboots: {manager: kured}`")
}

/// The name of a group's nodes: it must be another one on each machine.
pub fn node_name(name: &str) -> Option<Broken<()>> {
    let filled = name.replace(NODE_NAME_PLACEHOLDER, "vm-000001");
    if filled == name {
        let rule = InvalidValue::SharedNodeName { name: name.to_owned() };
        let shared = Broken::new((), Severity::Error, &rule);
        return Some(shared.hint(&format!("`{NODE_NAME_PLACEHOLDER}` stands for the name of the VM")));
    }
    let is_good = flatwright_kubernetes::name::dns_subdomain(&filled).is_ok();
    (!is_good).then(|| {
        let rule = InvalidValue::NodeName { name: name.to_owned() };
        Broken::new((), Severity::Error, &rule).hint("a node's name has lower-case letters, digits, `-` and `.`")
    })
}

/// The commands before kubeadm, one of which must put the VM's name into kubeadm's configuration.
pub fn fills_node_name<'a>(name: &str, mut commands: impl Iterator<Item = &'a str>) -> Option<Broken<()>> {
    let is_filled =
        !name.contains(NODE_NAME_PLACEHOLDER) || commands.any(|command| command.contains(NODE_NAME_PLACEHOLDER));
    (!is_filled).then(|| {
        let mut unfilled = Broken::new((), Severity::Error, &InvalidValue::UnfilledNodeName);
        unfilled.finding.note("kubeadm refuses the placeholder as the name of a node, and no machine joins");
        unfilled.hint("keep the command that is there, and add others beside it")
    })
}
