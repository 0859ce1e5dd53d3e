//! kubeadm's own configuration: from the provider's API types to the text of `/etc/kubeadm.yml`.
//!
//! Owns: the field tables of both contracts (`fields`), reading a `KubeadmConfigSpec` strictly (`decode`), the provider's conversion from v1beta1
//! (`convert`), kubeadm versions (`version`), and writing kubeadm v1beta3 and v1beta4 (`write`).
//! Must not: know machines or machine configs; `crate::machine` decides what a stage needs.

mod convert;
mod decode;
mod fields;
mod time;
mod version;
mod write;

pub use convert::from_v1beta1;
pub use decode::{Decoded, decode};
pub use fields::{Contract, KUBEADM_CONFIG_SPEC, KUBEADM_CONFIG_SPEC_V1BETA1, Type};
pub use version::KubeadmApi;
pub(crate) use write::is_defined;
pub use write::{ClusterFacts, cluster_configuration, init_configuration, join_configuration};
