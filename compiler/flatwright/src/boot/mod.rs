//! What a machine of a node group boots with: the emitted objects through the bootstrap provider and Flatcar's Ignition.
//!
//! Owns: which objects make which machine's bootstrap data, what of it a machine would refuse ([`check`]), how large it is ([`size`]), where its parts come
//! from ([`place`]), and its readable form ([`tree`]). Must not: render or translate itself (`bootstrap` and `ignition` do).
//!
//! What only the management cluster has – keys, tokens, the contents of Secrets – are stand-ins of realistic size.

pub(crate) mod check;
pub(crate) mod code;
pub(crate) mod place;
pub(crate) mod refusal;
mod size;
mod tree;

use std::collections::BTreeMap;

use flatwright_bootstrap::machine::{self, Environment, Objects};
use flatwright_bootstrap::placeholders::{self, Pki};
use flatwright_bootstrap::{CapiVersion, Failure, Input, Renderer, Rendering, Role};
use flatwright_capi::{Object, Subject};
use flatwright_ignition::{ignition2, ignition3};
use flatwright_plan::{self as plan, Plan};
use serde_json::Value as Json;

use crate::compile::{Cluster, Compilation};
use crate::json::to_json;

/// The stage of a machine's life that the bootstrap data is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The first control plane runs `kubeadm init`.
    Init,
    /// Every other machine runs `kubeadm join`.
    Join,
}

/// The bootstrap data of one machine.
#[derive(Clone, Debug)]
pub struct Boot {
    /// What the provider's template gets; `kubeadm_config` is the text of `/etc/kubeadm.yml`.
    pub input: Input,
    /// The Ignition 2.3 config in the bootstrap Secret.
    pub config: ignition2::Config,
}

/// Renders the bootstrap data of a machine of the group at this index.
///
/// # Errors
/// What the provider would say.
pub fn boot(cluster: &Cluster, group: usize, stage: Stage, capi: CapiVersion) -> Result<Boot, Failure> {
    let input = ClusterObjects::new(&cluster.objects).group(group).input(&cluster.plan, stage)?;
    render(&mut Renderer::default(), input, capi)
}

/// The bootstrap data of a group in both forms: Ignition 2.3 and what Flatcar's Ignition makes of it; `None` where the provider or the machine refuses, which
/// [`check`] reports.
pub(crate) fn forms(objects: &[Object], plan: &Plan, group: usize, stage: Stage) -> Option<(String, String)> {
    let input = ClusterObjects::new(objects).group(group).input(plan, stage).ok()?;
    let boot = render(&mut Renderer::default(), input, CapiVersion::default()).ok()?;
    let effective = flatwright_ignition::translate::to_3_1(&boot.config).ok()?;
    Some((boot.config.to_json(), ignition3::to_json(&effective)))
}

/// The readable form of what a machine boots with: files, units, disks and users with their places in the spec, and the sizes.
///
/// # Errors
/// The words of Flatcar's Ignition, if the machine would refuse the config.
pub fn tree(
    compilation: &Compilation,
    cluster: &Cluster,
    group: usize,
    stage: Stage,
    boot: &Boot,
) -> Result<String, String> {
    let node = cluster.plan.groups.get(group).ok_or("there is no such group")?;
    let composed = cluster.composed.get(group).map(|composed| &composed.config);
    tree::render(&compilation.sources, node, composed, &cluster.calls, stage, boot)
}

/// The objects that bootstrap data is made from, and what all groups share of it.
struct ClusterObjects<'o> {
    cluster: Json,
    pki: Pki,
    groups: BTreeMap<usize, Vec<&'o Object>>,
}

impl<'o> ClusterObjects<'o> {
    fn new(objects: &'o [Object]) -> Self {
        let mut groups: BTreeMap<usize, Vec<&Object>> = BTreeMap::new();
        for object in objects {
            if let Subject::Group(group) = object.subject {
                groups.entry(group).or_default().push(object);
            }
        }
        let cluster = objects.iter().find(|object| object.kind() == "Cluster");
        Self { cluster: json_of(cluster), pki: Pki::default(), groups }
    }

    fn group(&self, group: usize) -> GroupObjects<'_> {
        let objects = self.groups.get(&group).map(Vec::as_slice).unwrap_or_default();
        let find = |kinds: &[&str]| json_of(objects.iter().copied().find(|object| kinds.contains(&object.kind())));
        GroupObjects {
            shared: self,
            group,
            control_plane: find(&["KubeadmControlPlane"]),
            deployment: find(&["MachineDeployment", "MachinePool"]),
            template: find(&["KubeadmConfigTemplate", "KubeadmConfig"]),
        }
    }
}

fn json_of(object: Option<&Object>) -> Json {
    object.map_or(Json::Null, |object| to_json(&object.value))
}

/// The JSON of the objects that a group's bootstrap data is made from; null where there is none.
struct GroupObjects<'o> {
    shared: &'o ClusterObjects<'o>,
    group: usize,
    control_plane: Json,
    deployment: Json,
    template: Json,
}

impl GroupObjects<'_> {
    fn input(&self, plan: &Plan, stage: Stage) -> Result<Input, Failure> {
        let role = match (plan.groups.get(self.group).map(|group| group.role), stage) {
            (Some(plan::Role::ControlPlane), Stage::Init) => Role::Init,
            (Some(plan::Role::ControlPlane), Stage::Join) => Role::JoinControlPlane,
            _ => Role::JoinWorker,
        };
        let objects = Objects {
            cluster: &self.shared.cluster,
            control_plane: &self.control_plane,
            deployment: &self.deployment,
            template: &self.template,
        };
        let host = endpoint(plan);
        let port = plan.api_server_port.and_then(|port| u16::try_from(port.value).ok()).unwrap_or(6443);
        let environment = Environment {
            endpoint: (&host, port),
            token: placeholders::TOKEN,
            ca_cert_hashes: &[placeholders::CA_CERT_HASH.to_owned()],
            pki: &self.shared.pki,
            secret: &|purpose, name, key| Some(placeholders::secret(purpose, name, key)),
        };
        machine::input(&objects, role, &environment)
    }
}

fn render(renderer: &mut Renderer, input: Input, capi: CapiVersion) -> Result<Boot, Failure> {
    let Rendering { ignition, failure, .. } = renderer.render(&input, capi);
    match ignition {
        Some(config) => Ok(Boot { input, config }),
        None => Err(failure.unwrap_or_else(|| Failure::new("no bootstrap data"))),
    }
}

/// The name that CAPZ gives the API server's public address, with a stand-in for its hash.
fn endpoint(plan: &Plan) -> String {
    format!("{}-00000000.{}.cloudapp.azure.com", plan.name.value, plan.azure.location.value)
}
