//! What a machine is made of beside its VM: files, users, commands, mounts, NTP, machine config. Shared by all groups or set per group.

use flatwright_diagnostic::{NodeId, Origin, Traced};
use flatwright_shape::Definitions;

use super::*;
use crate::decode::{AnyText, Decode, Decoder, Keywords, Named, Record, Verbatim};
use crate::merge::{Merge, replace};

/// What all node groups share. Each group may override it: single values are replaced, mappings are merged by key, files by path, users and
/// extensions by name, and commands of the group run after the shared ones.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Machines {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The keys that this mapping shares with others.
    #[shared]
    pub profile: MachineProfile,
}

/// The keys that `machines`, `controlPlane` and every pool share.
#[derive(Clone, Debug, PartialEq, Record, Merge)]
pub struct MachineProfile {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The processor architecture. Default: `amd64`.
    pub architecture: Maybe<Architecture>,
    /// The image. Default for flavor `flatcar-sysext`: Flatcar's own marketplace offer for channel and architecture.
    #[merge(replace)]
    pub image: Option<Image>,
    /// The operating-system disk.
    pub os_disk: Option<OsDisk>,
    /// Data disks.
    #[merge(by = name_suffix)]
    pub data_disks: Vec<DataDisk>,
    /// The identity that the VM has in Azure.
    pub identity: Maybe<VmIdentity>,
    /// User-assigned identities. Needs `identity: UserAssigned`.
    #[merge(with = identities)]
    pub user_assigned_identities: Vec<UserAssignedIdentity>,
    /// The subnet, by name. Default: the first with the group's role.
    pub subnet_name: Maybe<ResourceName>,
    /// Accelerated networking. Default: chosen by CAPZ for the VM size.
    pub accelerated_networking: Maybe<bool>,
    /// Spot machines.
    #[key("spotVMOptions")]
    #[merge(replace)]
    pub spot_vm_options: Option<SpotVmOptions>,
    /// Security settings of the VM.
    #[merge(replace)]
    pub security_profile: Option<SecurityProfile>,
    /// Tags of the machines.
    pub additional_tags: Named<Traced<AnyText>>,
    /// kubelet settings.
    pub kubelet: Option<Kubelet>,
    /// Labels of the nodes, set by the kubelet when it registers.
    pub node_labels: Named<Traced<LabelValue>>,
    /// Taints of the nodes. An empty list means none; absent means kubeadm's own.
    pub taints: Taints,
    /// Further system extensions.
    #[merge(by = name)]
    pub extensions: Vec<Extension>,
    /// Files.
    #[merge(by = path)]
    pub files: Vec<File>,
    /// Users, beside Flatcar's `core`.
    #[merge(by = name)]
    pub users: Vec<User>,
    /// Time servers.
    #[merge(replace)]
    pub ntp: Option<Ntp>,
    /// File systems.
    #[merge(replace)]
    pub disk_setup: Option<DiskSetup>,
    /// Mounts of those file systems.
    #[merge(by = path)]
    pub mounts: Vec<MountPoint>,
    /// Commands before kubeadm, in a shell that stops at the first failure.
    #[merge(append)]
    pub pre_kubeadm_commands: Vec<Traced<Verbatim>>,
    /// Commands after kubeadm. Cluster API does not see them fail.
    #[merge(append)]
    pub post_kubeadm_commands: Vec<Traced<Verbatim>>,
    /// A machine config in Butane (`variant: flatcar` or `fcos`): a file beside the spec, or `{inline: …}`. The shared one and the group's are merged by
    /// path, unit and drop-in name; a contradiction is an error. Local files in it (`local`, `trees`, `contents_local`) are relative to the file it stands in.
    pub butane: ConfigSources,
    /// A machine config in Ignition 3.x, likewise.
    pub ignition: ConfigSources,
    /// A machine config in Container Linux Config, likewise.
    pub clc: ConfigSources,
}

/// Processor architectures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum Architecture {
    /// x86-64.
    #[word("amd64")]
    Amd64,
    /// ARM 64-bit.
    #[word("arm64")]
    Arm64,
}

/// The identity of a VM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum VmIdentity {
    /// None.
    #[word("None")]
    Nothing,
    /// One that Azure makes for the VM.
    SystemAssigned,
    /// Those of `userAssignedIdentities`.
    UserAssigned,
}

/// Shared identities are for the shared type: a group of another type does not have them.
fn identities(own: &MachineProfile, shared: &MachineProfile) -> Vec<UserAssignedIdentity> {
    let is_of_other_type = own.identity.is_some_and(|identity| identity.value != VmIdentity::UserAssigned);
    let is_own = is_of_other_type || !own.user_assigned_identities.is_empty();
    if is_own { own } else { shared }.user_assigned_identities.clone()
}

/// A user-assigned identity.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct UserAssignedIdentity {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its provider id: `azure:///subscriptions/…/userAssignedIdentities/<name>`.
    #[key("providerID")]
    pub provider_id: Traced<IdentityId>,
}

/// Spot machines: cheap, and taken away at any time.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct SpotVmOptions {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The most that an hour may cost, in US dollars, as a string. Default: the normal price.
    pub max_price: Maybe<Price>,
    /// What happens to a machine that is taken away. Default: `Deallocate`.
    pub eviction_policy: Maybe<EvictionPolicy>,
}

/// What happens to a spot machine that is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum EvictionPolicy {
    /// Stopped; its disk stays.
    Deallocate,
    /// Deleted.
    Delete,
}

/// Security settings of the VM.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct SecurityProfile {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Encryption of disks and caches on the host.
    pub encryption_at_host: Maybe<bool>,
}

/// kubelet settings.
#[derive(Clone, Debug, PartialEq, Record, Merge)]
pub struct Kubelet {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its arguments, without leading dashes. They override the compiler's defaults.
    pub extra_args: Named<Traced<AnyText>>,
}

/// The taints of a group: `None` if the key is absent, which means kubeadm's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taints(pub Option<Vec<Taint>>);

impl Decode for Taints {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        Vec::decode(decoder, node).map(|taints| Self(Some(taints)))
    }

    fn shape(definitions: &mut Definitions) -> serde_json::Value {
        Vec::<Taint>::shape(definitions)
    }

    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

impl Merge for Taints {
    fn merge(&mut self, shared: &Self) {
        replace(&mut self.0, &shared.0);
    }
}

/// A taint.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Taint {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its key.
    pub key: Traced<LabelKey>,
    /// Its value.
    pub value: Maybe<LabelValue>,
    /// Its effect.
    pub effect: Traced<TaintEffect>,
}

/// What a taint does to pods that do not tolerate it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum TaintEffect {
    /// They are not scheduled here.
    NoSchedule,
    /// They are not scheduled here if there is another place.
    PreferNoSchedule,
    /// They are not scheduled here, and those that run are evicted.
    NoExecute,
}

/// A file. Give `content`, `local` or `contentFrom`.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct File {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Where on the machine.
    pub path: Traced<MachinePath>,
    /// Its content, literally.
    pub content: Maybe<Verbatim>,
    /// A file on this computer whose content it gets, relative to the spec.
    pub local: Maybe<LocalPath>,
    /// A Secret of the management cluster whose content it gets.
    pub content_from: Option<FileSource>,
    /// Owner by name. Default: `root:root`.
    pub owner: Maybe<Owner>,
    /// Mode in octal. Default: `0644`.
    pub permissions: Maybe<FileMode>,
}

/// Where a file's content comes from.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct FileSource {
    /// Where the mapping stands.
    pub origin: Origin,
    /// A key of a Secret in the cluster's namespace.
    pub secret: SecretKey,
}

/// A key of a Secret in the cluster's namespace.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct SecretKey {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The Secret.
    pub name: Traced<Subdomain>,
    /// Its key.
    pub key: Traced<String>,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct User {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its name.
    pub name: Traced<UserName>,
    /// Its comment field.
    pub gecos: Maybe<Unquoted>,
    /// Groups, comma separated.
    pub groups: Maybe<Unquoted>,
    /// Its home directory.
    pub home_dir: Maybe<MachinePath>,
    /// Its shell.
    pub shell: Maybe<MachinePath>,
    /// Its password hash, as `mkpasswd` prints it. No message shows it, and no plugin is told it.
    pub passwd: Maybe<PasswordHash>,
    /// A Secret with its password hash.
    pub passwd_from: Option<FileSource>,
    /// Its primary group.
    pub primary_group: Maybe<Unquoted>,
    /// A line for sudoers, such as `ALL=(ALL) NOPASSWD:ALL`.
    pub sudo: Maybe<String>,
    /// Keys that may log in.
    pub ssh_authorized_keys: Vec<Traced<SshPublicKey>>,
}

/// Time servers.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Ntp {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The servers.
    pub servers: Vec<Traced<Unquoted>>,
}
