//! Objects → what the bootstrap provider makes bootstrap data from.

use std::collections::BTreeMap;

use flatwright_bootstrap::machine::{self, Environment, Objects};
use flatwright_bootstrap::placeholders::{self, Pki};
use flatwright_bootstrap::{Failure, Input, Role};
use flatwright_capi::{Object, Subject};
use flatwright_plan::{self as plan, Plan};
use serde_json::Value as Json;

use super::Stage;
use crate::json::to_json;

/// The objects that bootstrap data is made from, and what all groups share of it.
pub(super) struct ClusterObjects<'o> {
    cluster: Json,
    pki: Pki,
    groups: BTreeMap<usize, Vec<&'o Object>>,
}

impl<'o> ClusterObjects<'o> {
    pub(super) fn new(objects: &'o [Object]) -> Self {
        let mut groups: BTreeMap<usize, Vec<&Object>> = BTreeMap::new();
        for object in objects {
            if let Subject::Group(group) = object.subject {
                groups.entry(group).or_default().push(object);
            }
        }
        let cluster = objects.iter().find(|object| object.kind() == "Cluster");
        Self { cluster: json_of(cluster), pki: Pki::of(cluster.map_or("cluster", Object::name)), groups }
    }

    pub(super) fn group(&self, group: usize) -> GroupObjects<'_> {
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
pub(super) struct GroupObjects<'o> {
    shared: &'o ClusterObjects<'o>,
    group: usize,
    control_plane: Json,
    deployment: Json,
    template: Json,
}

impl GroupObjects<'_> {
    pub(super) fn input(&self, plan: &Plan, stage: Stage) -> Result<Input, Failure> {
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
/// The name that CAPZ gives the API server's public address, with a stand-in for its hash.
fn endpoint(plan: &Plan) -> String {
    format!("{}-00000000.{}.cloudapp.azure.com", plan.name.value, plan.azure.location.value)
}
