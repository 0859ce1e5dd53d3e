//! Testing a plugin natively, without WebAssembly.
//!
//! Owns: a small cluster to start from, and a way to call each hook exactly as the host does: settings as JSON text, errors as a refusal.
//!
//! ```
//! # use flatwright_plugin_sdk::prelude::*;
//! # struct Audit;
//! # impl Plugin for Audit {
//! #     type Settings = NoSettings;
//! #     fn describe() -> Description { description!("keeps audit logs") }
//! # }
//! # impl Kubeadm for Audit {
//! #     fn cluster(_: &Context<NoSettings>, control_plane: &mut ControlPlaneSettings, _: &mut NodeSettings, _: &mut Report) {
//! #         control_plane.api_server.arguments.set("audit-log-maxage", "30");
//! #     }
//! # }
//! use flatwright_plugin_sdk::testing;
//!
//! let context = testing::cluster("{}");
//! let answer = testing::kubeadm::<Audit>(&context, testing::kubeadm_settings()).unwrap();
//! let control_plane = answer.settings.control_plane.unwrap();
//! assert_eq!(control_plane.api_server.arguments.value("audit-log-maxage"), Some("30"));
//! ```

use crate::bindings::images::exports::flatwright::plugin::images::Guest as _;
use crate::bindings::kubeadm::exports::flatwright::plugin::kubeadm::Guest as _;
use crate::bindings::policy::exports::flatwright::plugin::policy::Guest as _;
use crate::bindings::sysupdate::exports::flatwright::plugin::sysupdate::Guest as _;
use crate::cluster::{Architecture, ClusterFacts, Context, Contract, FlatcarRelease, Flavor, NodeGroup, Role, Target};
use crate::findings::{Diagnostic, ObjectReference};
use crate::hooks::Adapter;
use crate::image_types::{ContainerImage, CustomizedImage, Image, ImageComponent, MachineImage, MarketplaceImage};
use crate::kubeadm_types::{
    ControlPlaneSettings, CustomizedKubeadm, Etcd, KubeadmSettings, NodeSettings, Registration, StaticPod,
};
use crate::policy_types::{Bundle, Interests, Object};
use crate::sysupdate_types::{Contents, CustomizedSysupdate, Extension, Schedule, SysupdateConfig, Transfer};
use crate::{Images, Kubeadm, Policy, Sysupdate};

/// A cluster with a control plane, a pool `md-0` and an arm64 pool `arm`, and these settings. The target is the cluster.
pub fn cluster(settings: &str) -> Context {
    let group = |index, name: &str, role, architecture| NodeGroup {
        index,
        name: name.to_owned(),
        role,
        architecture,
        replicas: Some(3),
        vm_size: "Standard_D4s_v5".to_owned(),
        kubernetes_version: "v1.34.2".to_owned(),
        flatcar: FlatcarRelease { channel: "stable".to_owned(), version: Some("4593.2.5".to_owned()) },
        zones: Vec::new(),
        labels: Vec::new(),
        extra: Vec::new(),
    };
    Context {
        flavor: Flavor::FlatcarSysext,
        contract: Contract::V1beta2,
        cluster: ClusterFacts {
            name: "demo".to_owned(),
            namespace: "default".to_owned(),
            kubernetes_version: "v1.34.2".to_owned(),
            location: "westeurope".to_owned(),
            resource_group: "demo".to_owned(),
            pod_networks: vec!["192.168.0.0/16".to_owned()],
            service_networks: vec!["10.96.0.0/12".to_owned()],
            labels: Vec::new(),
            extra: Vec::new(),
        },
        groups: vec![
            group(0, "control-plane", Role::ControlPlane, Architecture::Amd64),
            group(1, "md-0", Role::Worker, Architecture::Amd64),
            group(2, "arm", Role::Worker, Architecture::Arm64),
        ],
        target: Target::Cluster,
        settings: settings.to_owned(),
    }
}

/// The same cluster in a call about a node group.
pub fn group(index: u32, settings: &str) -> Context {
    Context { target: Target::Group(index), ..cluster(settings) }
}

/// Flatcar's image on the marketplace.
pub fn machine_image() -> Image {
    Image::Machine(MachineImage::Marketplace(MarketplaceImage {
        publisher: "kinvolk".to_owned(),
        offer: "flatcar-container-linux-corevm-amd64".to_owned(),
        sku: "stable-gen2".to_owned(),
        version: "4593.2.5".to_owned(),
        third_party: true,
    }))
}

/// A container image of a repository.
pub fn container_image(component: ImageComponent, repository: &str) -> Image {
    Image::Container(ContainerImage { component, repository: repository.to_owned(), tag: None, digest: None })
}

/// The update settings of a group with the Kubernetes extension and one transfer.
pub fn sysupdate_config() -> SysupdateConfig {
    let transfer = "[Source]\nType=url-file\nPath=https://extensions.flatcar.org/extensions/\n\
                    MatchPattern=kubernetes-@v-%a.raw\n";
    SysupdateConfig {
        enabled: true,
        schedule: Some(Schedule::default()),
        units: Vec::new(),
        transfers: vec![Transfer {
            component: Some("kubernetes".to_owned()),
            file_name: "kubernetes-v1.34.conf".to_owned(),
            contents: Contents::Text(transfer.to_owned()),
        }],
        kubernetes: Some(Extension {
            name: "kubernetes".to_owned(),
            version: "v1.34.2".to_owned(),
            source: "https://extensions.flatcar.org/extensions/kubernetes-v1.34.2-x86-64.raw".to_owned(),
            hash: None,
            extra: Vec::new(),
        }),
        extensions: Vec::new(),
        extra: Vec::new(),
    }
}

/// Empty settings, with a control plane.
pub fn kubeadm_settings() -> KubeadmSettings {
    let pod = || StaticPod { arguments: Vec::new(), volumes: Vec::new(), extra: Vec::new() };
    KubeadmSettings {
        control_plane: Some(ControlPlaneSettings {
            api_server: pod(),
            controller_manager: pod(),
            scheduler: pod(),
            etcd: Some(Etcd { arguments: Vec::new(), extra: Vec::new() }),
            feature_gates: Vec::new(),
            extra: Vec::new(),
        }),
        node: NodeSettings {
            kubelet_arguments: Vec::new(),
            files: Vec::new(),
            pre_commands: Vec::new(),
            post_commands: Vec::new(),
            registration: Registration { name: None, taints: None, labels: Vec::new(), extra: Vec::new() },
            extra: Vec::new(),
        },
    }
}

/// An emitted object from its JSON text; its name and kind are read from it.
pub fn object(json: &str) -> Object {
    let value: serde_json::Value = serde_json::from_str(json).expect("the text of a test's object is JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let metadata = &value["metadata"];
    let reference = ObjectReference {
        api_version: text(&value["apiVersion"]),
        kind: text(&value["kind"]),
        namespace: metadata["namespace"].as_str().map(ToOwned::to_owned),
        name: text(&metadata["name"]),
    };
    Object { reference, group: None, json: json.to_owned() }
}

/// Calls the hook `images`.
///
/// # Errors
/// The findings, if one is an error.
pub fn images<P: Images>(context: &Context, image: Image) -> Result<CustomizedImage, Vec<Diagnostic>> {
    Adapter::<P>::customize(context.clone(), image)
}

/// Calls the hook `sysupdate`.
///
/// # Errors
/// The findings, if one is an error.
pub fn sysupdate<P: Sysupdate>(
    context: &Context,
    config: SysupdateConfig,
) -> Result<CustomizedSysupdate, Vec<Diagnostic>> {
    Adapter::<P>::customize(context.clone(), config)
}

/// Calls the hook `kubeadm`.
///
/// # Errors
/// The findings, if one is an error.
pub fn kubeadm<P: Kubeadm>(context: &Context, settings: KubeadmSettings) -> Result<CustomizedKubeadm, Vec<Diagnostic>> {
    Adapter::<P>::customize(context.clone(), settings)
}

/// Asks the hook `policy` what it needs.
pub fn select<P: Policy>(context: &Context) -> Interests {
    Adapter::<P>::select(context.clone())
}

/// Calls the hook `policy`.
pub fn review<P: Policy>(context: &Context, objects: &[Object]) -> Vec<Diagnostic> {
    Adapter::<P>::review(context.clone(), Bundle { objects: objects.to_vec(), machine_configs: Vec::new() })
}
