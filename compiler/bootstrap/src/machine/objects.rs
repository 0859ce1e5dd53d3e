//! The objects that one machine's bootstrap data is made from, found among a cluster's manifests and read strictly.

use flatwright_diagnostic::Path;
use flatwright_kubernetes::manifest;
use serde_json::Value;

use super::Failure;
use crate::kubeadm::{Contract, KUBEADM_CONFIG_SPEC, KUBEADM_CONFIG_SPEC_V1BETA1, Type, decode, from_v1beta1};
use crate::rules::Refused;

const NULL: &Value = &Value::Null;

/// The objects of one cluster; null where there is none.
#[derive(Clone, Copy, Debug)]
pub struct Objects<'v> {
    /// The Cluster.
    pub cluster: &'v Value,
    /// The KubeadmControlPlane.
    pub control_plane: &'v Value,
    /// The MachineDeployment or MachinePool of the worker.
    pub deployment: &'v Value,
    /// Its KubeadmConfigTemplate or KubeadmConfig.
    pub template: &'v Value,
}

type Fields = &'static [(&'static str, Type)];

const CONTROL_PLANE: Type = Type::Object(&Type::Struct(&[
    ("replicas", Type::Any),
    ("version", Type::Str),
    ("machineTemplate", Type::Any),
    ("kubeadmConfigSpec", KUBEADM_CONFIG_SPEC),
    ("rollout", Type::Any),
    ("remediation", Type::Any),
    ("machineNaming", Type::Any),
]));
const CONTROL_PLANE_V1BETA1: Type = Type::Object(&Type::Struct(&[
    ("replicas", Type::Any),
    ("version", Type::Str),
    ("machineTemplate", Type::Any),
    ("kubeadmConfigSpec", KUBEADM_CONFIG_SPEC_V1BETA1),
    ("rolloutBefore", Type::Any),
    ("rolloutAfter", Type::Any),
    ("rolloutStrategy", Type::Any),
    ("remediationStrategy", Type::Any),
    ("machineNamingStrategy", Type::Any),
]));

const TEMPLATE_FIELDS: Fields = &[("metadata", Type::Any), ("spec", KUBEADM_CONFIG_SPEC)];
const TEMPLATE_FIELDS_V1BETA1: Fields = &[("metadata", Type::Any), ("spec", KUBEADM_CONFIG_SPEC_V1BETA1)];
const TEMPLATE: Type = Type::Object(&Type::Struct(&[("template", Type::Struct(TEMPLATE_FIELDS))]));
const TEMPLATE_V1BETA1: Type = Type::Object(&Type::Struct(&[("template", Type::Struct(TEMPLATE_FIELDS_V1BETA1))]));
const CONFIG: Type = Type::Object(&KUBEADM_CONFIG_SPEC);
const CONFIG_V1BETA1: Type = Type::Object(&KUBEADM_CONFIG_SPEC_V1BETA1);

impl<'v> Objects<'v> {
    /// Picks the objects of a cluster from its manifests. Of several MachineDeployments (or MachinePools) the one of that name, else the first.
    pub fn find(manifests: &'v [Value], worker: Option<&str>) -> Self {
        let of_kind = |kinds: &'static [&'static str]| {
            manifests.iter().filter(move |object| object["kind"].as_str().is_some_and(|kind| kinds.contains(&kind)))
        };
        let named = |object: &&Value, name: &str| object["metadata"]["name"] == name;
        let workers = || of_kind(&["MachineDeployment", "MachinePool"]);
        let deployment =
            worker.and_then(|name| workers().find(|object| named(object, name))).or_else(|| workers().next());
        let deployment = deployment.unwrap_or(NULL);
        let reference = &deployment["spec"]["template"]["spec"]["bootstrap"]["configRef"]["name"];
        let templates = || of_kind(&["KubeadmConfigTemplate", "KubeadmConfig"]);
        let template = reference.as_str().and_then(|name| templates().find(|object| named(object, name)));
        Self {
            cluster: of_kind(&["Cluster"]).next().unwrap_or(NULL),
            control_plane: of_kind(&["KubeadmControlPlane"]).next().unwrap_or(NULL),
            deployment,
            template: template.or_else(|| templates().next()).unwrap_or(NULL),
        }
    }

    /// Reads every object strictly, whichever the role needs: the API server admits them together.
    ///
    /// # Errors
    /// The first field that the API does not have.
    pub fn check(&self) -> Result<(), Failure> {
        if !self.control_plane.is_null() {
            self.control_plane()?;
        }
        if !self.template.is_null() {
            self.worker()?;
        }
        Ok(())
    }

    /// The namespace of the cluster's objects.
    pub(super) fn namespace(&self) -> &str {
        manifest::namespace(self.cluster)
    }

    /// The control plane's KubeadmConfigSpec in v1beta2, and its version.
    pub(super) fn control_plane(&self) -> Result<(Value, String), Failure> {
        const KIND: &str = "KubeadmControlPlane";
        let (value, contract) = read(self.control_plane, KIND, CONTROL_PLANE, CONTROL_PLANE_V1BETA1)?;
        let version = value["spec"]["version"].as_str().unwrap_or_default().to_owned();
        Ok((spec(&value["spec"]["kubeadmConfigSpec"], contract), version))
    }

    /// The worker's KubeadmConfigSpec in v1beta2, and its version.
    pub(super) fn worker(&self) -> Result<(Value, String), Failure> {
        let version = self.deployment["spec"]["template"]["spec"]["version"].as_str().unwrap_or_default().to_owned();
        if self.template["kind"] == "KubeadmConfig" {
            let (value, contract) = read(self.template, "KubeadmConfig", CONFIG, CONFIG_V1BETA1)?;
            return Ok((spec(&value["spec"], contract), version));
        }
        let (value, contract) = read(self.template, "KubeadmConfigTemplate", TEMPLATE, TEMPLATE_V1BETA1)?;
        Ok((spec(&value["spec"]["template"]["spec"], contract), version))
    }
}

fn read(object: &Value, kind: &'static str, new: Type, old: Type) -> Result<(Value, Contract), Failure> {
    if object.is_null() {
        return Err(Failure::new(Refused::NoObject { kind }));
    }
    let contract = match object["apiVersion"].as_str().unwrap_or_default().rsplit_once('/') {
        Some((_, "v1beta1")) => Contract::V1Beta1,
        Some((_, "v1beta2")) => Contract::V1Beta2,
        _ => {
            return Err(Failure {
                place: Some((kind, Path::root().key("apiVersion"))),
                ..Failure::new(Refused::ApiVersion { kind, version: object["apiVersion"].to_string() })
            });
        }
    };
    let decoded = decode(object, if contract == Contract::V1Beta1 { old } else { new });
    match decoded.problem {
        Some(problem) => {
            Err(Failure { place: Some((kind, problem.path)), known: problem.known, ..Failure::new(problem.rule) })
        }
        None => Ok((decoded.value, contract)),
    }
}

/// A decoded spec as the provider sees it, always with the objects that the stages write into.
fn spec(spec: &Value, contract: Contract) -> Value {
    let mut spec = if contract == Contract::V1Beta1 { from_v1beta1(spec) } else { spec.clone() };
    if !spec.is_object() {
        spec = Value::Object(serde_json::Map::new());
    }
    spec
}
