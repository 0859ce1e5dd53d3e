//! What the provider feeds into its template: the resolved parts of one machine's bootstrap data.
//!
//! The JSON form has the API's field names, so that a KubeadmConfig's parts can be pasted in. `null` and absent are the same.

use serde::{Deserialize, Deserializer, Serialize};

/// The input of one rendering.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Input {
    /// Users to create.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// Time servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ntp: Option<Ntp>,
    /// Mounts: file-system label, mount point, options.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<Vec<String>>,
    /// Partitions and file systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_setup: Option<DiskSetup>,
    /// Files, those of the provider first.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub write_files: Vec<File>,
    /// Shell commands before kubeadm.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub pre_kubeadm_commands: Vec<String>,
    /// Shell commands after kubeadm, and after the file that reports success.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub post_kubeadm_commands: Vec<String>,
    /// The kubeadm command line.
    #[serde(deserialize_with = "or_default")]
    pub kubeadm_command: String,
    /// The text of `/etc/kubeadm.yml`, without its first `---`.
    #[serde(deserialize_with = "or_default")]
    pub kubeadm_config: String,
    /// The user's Container Linux Config; empty is none.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub additional_config: String,
    /// Whether a warning about `additional_config` is an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
}

/// A user.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct User {
    /// Login name.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Comment field.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub gecos: String,
    /// Groups, separated by exactly `, `.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub groups: String,
    /// Home directory.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub home_dir: String,
    /// Not supported with Ignition; the template ignores it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inactive: Option<bool>,
    /// Login shell.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub shell: String,
    /// Password hash.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub passwd: String,
    /// Primary group.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub primary_group: String,
    /// `false` lets the user log in with the password, by rewriting sshd's configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock_password: Option<bool>,
    /// A sudoers rule.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub sudo: String,
    /// SSH keys.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub ssh_authorized_keys: Vec<String>,
}

/// Time servers.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ntp {
    /// Host names.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<String>,
    /// Set to anything, even `false`, it enables the daemon: the template asks only whether it is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// Partitions and file systems.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DiskSetup {
    /// Partition tables.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub partitions: Vec<Partition>,
    /// File systems.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub filesystems: Vec<Filesystem>,
}

/// A partition table.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Partition {
    /// The disk.
    #[serde(deserialize_with = "or_default")]
    pub device: String,
    /// Set to anything, even `false`, it asks for one partition without a number, which the node refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<bool>,
    /// Whether to wipe the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overwrite: Option<bool>,
}

/// A file system.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Filesystem {
    /// The disk or partition.
    #[serde(deserialize_with = "or_default")]
    pub device: String,
    /// Its format.
    #[serde(deserialize_with = "or_default")]
    pub filesystem: String,
    /// Its label, by which mounts name it.
    #[serde(deserialize_with = "or_default")]
    pub label: String,
    /// Whether to wipe it; unset, the template writes `<nil>` and the conversion fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overwrite: Option<bool>,
    /// Options of mkfs.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub extra_opts: Vec<String>,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct File {
    /// Absolute path.
    #[serde(deserialize_with = "or_default")]
    pub path: String,
    /// `user:group`, by name.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// The mode as it is pasted into YAML: `0644` is octal, `644` decimal.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub permissions: String,
    /// `base64`, or empty. Others are forbidden with Ignition and written as they are.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub encoding: String,
    /// Ignored: the file is overwritten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub append: Option<bool>,
    /// The content.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub content: String,
}

fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
