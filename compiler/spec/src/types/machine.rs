//! What a machine is made of beside its VM: files, users, commands, mounts, NTP, machine config. Shared by all groups or set per group.

use flatwright_diagnostic::{NodeId, Traced};
use flatwright_shape::Definitions;

use super::*;
use crate::decode::{AnyText, Decode, Decoder, Named, Verbatim, keywords, record};

record! {
    /// What all node groups share. Each group may override it: single values are replaced, mappings are merged by key, files by path, users and
    /// extensions by name, and commands of the group run after the shared ones.
    pub struct Machines {
        ; ..profile: MachineProfile
    }
}

record! {
    /// The keys that `machines`, `controlPlane` and every pool share.
    pub struct MachineProfile {
        /// The processor architecture. Default: `amd64`.
        "architecture" architecture: Maybe<Architecture>,
        /// The image. Default for flavor `flatcar-sysext`: Flatcar's own marketplace offer for channel and architecture.
        "image" image: Option<Image>,
        /// The operating-system disk.
        "osDisk" os_disk: Option<OsDisk>,
        /// Data disks.
        "dataDisks" data_disks: Vec<DataDisk>,
        /// The identity that the VM has in Azure.
        "identity" identity: Maybe<VmIdentity>,
        /// User-assigned identities. Needs `identity: UserAssigned`.
        "userAssignedIdentities" user_assigned_identities: Vec<UserAssignedIdentity>,
        /// The subnet, by name. Default: the first with the group's role.
        "subnetName" subnet_name: Maybe<ResourceName>,
        /// Accelerated networking. Default: chosen by CAPZ for the VM size.
        "acceleratedNetworking" accelerated_networking: Maybe<bool>,
        /// Spot machines.
        "spotVMOptions" spot_vm_options: Option<SpotVmOptions>,
        /// Security settings of the VM.
        "securityProfile" security_profile: Option<SecurityProfile>,
        /// Tags of the machines.
        "additionalTags" additional_tags: Named<Traced<AnyText>>,
        /// kubelet settings.
        "kubelet" kubelet: Option<Kubelet>,
        /// Labels of the nodes, set by the kubelet when it registers.
        "nodeLabels" node_labels: Named<Traced<LabelValue>>,
        /// Taints of the nodes. An empty list means none; absent means kubeadm's own.
        "taints" taints: Taints,
        /// Further system extensions.
        "extensions" extensions: Vec<Extension>,
        /// Files.
        "files" files: Vec<File>,
        /// Users, beside Flatcar's `core`.
        "users" users: Vec<User>,
        /// Time servers.
        "ntp" ntp: Option<Ntp>,
        /// File systems.
        "diskSetup" disk_setup: Option<DiskSetup>,
        /// Mounts of those file systems.
        "mounts" mounts: Vec<MountPoint>,
        /// Commands before kubeadm, in a shell that stops at the first failure.
        "preKubeadmCommands" pre_kubeadm_commands: Vec<Traced<Verbatim>>,
        /// Commands after kubeadm. Cluster API does not see them fail.
        "postKubeadmCommands" post_kubeadm_commands: Vec<Traced<Verbatim>>,
        /// A machine config in Butane (`variant: flatcar` or `fcos`): a file beside the spec, or `{inline: …}`. The shared one and the group's are merged by
        /// path, unit and drop-in name; a contradiction is an error. Local files in it (`local`, `trees`, `contents_local`) are relative to the file it stands in.
        "butane" butane: ConfigSources,
        /// A machine config in Ignition 3.x, likewise.
        "ignition" ignition: ConfigSources,
        /// A machine config in Container Linux Config, likewise.
        "clc" clc: ConfigSources,
    }
}

keywords! {
    /// Processor architectures.
    pub enum Architecture {
        /// x86-64.
        "amd64" Amd64,
        /// ARM 64-bit.
        "arm64" Arm64,
    }
}

keywords! {
    /// The identity of a VM.
    pub enum VmIdentity {
        /// None.
        "None" Nothing,
        /// One that Azure makes for the VM.
        "SystemAssigned" SystemAssigned,
        /// Those of `userAssignedIdentities`.
        "UserAssigned" UserAssigned,
    }
}

record! {
    /// A user-assigned identity.
    pub struct UserAssignedIdentity {
        /// Its provider id: `azure:///subscriptions/…/userAssignedIdentities/<name>`.
        "providerID" provider_id: Traced<IdentityId>,
    }
}

record! {
    /// Spot machines: cheap, and taken away at any time.
    pub struct SpotVmOptions {
        /// The most that an hour may cost, in US dollars, as a string. Default: the normal price.
        "maxPrice" max_price: Maybe<Price>,
        /// What happens to a machine that is taken away. Default: `Deallocate`.
        "evictionPolicy" eviction_policy: Maybe<EvictionPolicy>,
    }
}

keywords! {
    /// What happens to a spot machine that is taken away.
    pub enum EvictionPolicy {
        /// Stopped; its disk stays.
        "Deallocate" Deallocate,
        /// Deleted.
        "Delete" Delete,
    }
}

record! {
    /// Security settings of the VM.
    pub struct SecurityProfile {
        /// Encryption of disks and caches on the host.
        "encryptionAtHost" encryption_at_host: Maybe<bool>,
    }
}

record! {
    /// kubelet settings.
    pub struct Kubelet {
        /// Its arguments, without leading dashes. They override the compiler's defaults.
        "extraArgs" extra_args: Named<Traced<AnyText>>,
    }
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

record! {
    /// A taint.
    pub struct Taint {
        /// Its key.
        "key" key: Traced<LabelKey>,
        /// Its value.
        "value" value: Maybe<LabelValue>,
        /// Its effect.
        "effect" effect: Traced<TaintEffect>,
    }
}

keywords! {
    /// What a taint does to pods that do not tolerate it.
    pub enum TaintEffect {
        /// They are not scheduled here.
        "NoSchedule" NoSchedule,
        /// They are not scheduled here if there is another place.
        "PreferNoSchedule" PreferNoSchedule,
        /// They are not scheduled here, and those that run are evicted.
        "NoExecute" NoExecute,
    }
}

record! {
    /// A file. Give `content`, `local` or `contentFrom`.
    pub struct File {
        /// Where on the machine.
        "path" path: Traced<MachinePath>,
        /// Its content, literally.
        "content" content: Maybe<Verbatim>,
        /// A file on this computer whose content it gets, relative to the spec.
        "local" local: Maybe<LocalPath>,
        /// A Secret of the management cluster whose content it gets.
        "contentFrom" content_from: Option<FileSource>,
        /// Owner by name. Default: `root:root`.
        "owner" owner: Maybe<Owner>,
        /// Mode in octal. Default: `0644`.
        "permissions" permissions: Maybe<FileMode>,
    }
}

record! {
    /// Where a file's content comes from.
    pub struct FileSource {
        /// A key of a Secret in the cluster's namespace.
        "secret" secret: SecretKey,
    }
}

record! {
    /// A key of a Secret in the cluster's namespace.
    pub struct SecretKey {
        /// The Secret.
        "name" name: Traced<Subdomain>,
        /// Its key.
        "key" key: Traced<String>,
    }
}

record! {
    /// A user.
    pub struct User {
        /// Its name.
        "name" name: Traced<UserName>,
        /// Its comment field.
        "gecos" gecos: Maybe<Unquoted>,
        /// Groups, comma separated.
        "groups" groups: Maybe<Unquoted>,
        /// Its home directory.
        "homeDir" home_dir: Maybe<MachinePath>,
        /// Its shell.
        "shell" shell: Maybe<MachinePath>,
        /// Its password hash.
        "passwd" passwd: Maybe<Unquoted>,
        /// A Secret with its password hash.
        "passwdFrom" passwd_from: Option<FileSource>,
        /// Its primary group.
        "primaryGroup" primary_group: Maybe<Unquoted>,
        /// A line for sudoers, such as `ALL=(ALL) NOPASSWD:ALL`.
        "sudo" sudo: Maybe<String>,
        /// Keys that may log in.
        "sshAuthorizedKeys" ssh_authorized_keys: Vec<Traced<SshPublicKey>>,
    }
}

record! {
    /// Time servers.
    pub struct Ntp {
        /// The servers.
        "servers" servers: Vec<Traced<Unquoted>>,
    }
}
