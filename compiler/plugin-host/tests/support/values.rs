//! Values for every hook, with every field set and every case used, so that a difference between model and WIT cannot hide.

use flatwright_plugin_host::model::cluster::*;
use flatwright_plugin_host::model::images::*;
use flatwright_plugin_host::model::kubeadm::*;
use flatwright_plugin_host::model::sysupdate::*;

fn pairs(names: &[&str]) -> Vec<Pair> {
    names.iter().map(|name| ((*name).to_owned(), format!("{name}-value"))).collect()
}

pub(crate) fn context() -> Context {
    let group = |index: u32, name: &str, role, architecture| NodeGroup {
        index,
        name: name.into(),
        role,
        architecture,
        replicas: (index != 1).then_some(index + 1),
        vm_size: "Standard_D4s_v5".into(),
        kubernetes_version: "v1.34.2".into(),
        flatcar: FlatcarRelease { channel: "stable".into(), version: Some("4593.2.5".into()) },
        zones: vec!["1".into(), "2".into()],
        labels: pairs(&["team"]),
        extra: pairs(&["spot"]),
    };
    Context {
        flavor: Flavor::FlatcarSysext,
        contract: Contract::V1beta2,
        cluster: ClusterFacts {
            name: "demo".into(),
            namespace: "default".into(),
            kubernetes_version: "v1.34.2".into(),
            location: "westeurope".into(),
            resource_group: "demo".into(),
            pod_networks: vec!["192.168.0.0/16".into()],
            service_networks: vec!["10.96.0.0/12".into()],
            labels: pairs(&["env"]),
            extra: Vec::new(),
        },
        groups: vec![
            group(0, "control-plane", Role::ControlPlane, Architecture::Amd64),
            group(1, "md-0", Role::Worker, Architecture::Arm64),
            group(2, "md-1", Role::Other("edge".into()), Architecture::Other("riscv64".into())),
        ],
        target: Target::Group(1),
        settings: r#"{"channel":"lts"}"#.into(),
    }
}

pub(crate) fn images() -> Vec<Image> {
    let container = |component| {
        Image::Container(ContainerImage {
            component,
            repository: "registry.example/path".into(),
            tag: Some("v1".into()),
            digest: Some("sha256:00".into()),
        })
    };
    let compute = |plan| {
        Image::Machine(MachineImage::ComputeGallery(ComputeGalleryImage {
            subscription_id: "00000000-0000-0000-0000-000000000000".into(),
            resource_group: "images".into(),
            gallery: "flatcar".into(),
            name: "stable".into(),
            version: "1.2.3".into(),
            plan,
        }))
    };
    vec![
        Image::Machine(MachineImage::Marketplace(MarketplaceImage {
            publisher: "kinvolk".into(),
            offer: "flatcar-container-linux-corevm-amd64".into(),
            sku: "stable-gen2".into(),
            version: "4593.2.5".into(),
            third_party: true,
        })),
        Image::Machine(MachineImage::CommunityGallery(CommunityGalleryImage {
            gallery: "gallery".into(),
            name: "name".into(),
            version: "latest".into(),
        })),
        compute(None),
        compute(Some(PurchasePlan { publisher: "p".into(), offer: "o".into(), sku: "s".into() })),
        Image::Machine(MachineImage::Id("/subscriptions/x".into())),
        Image::Machine(MachineImage::Other("later".into())),
        container(ImageComponent::Kubernetes),
        container(ImageComponent::Etcd),
        container(ImageComponent::CoreDns),
        container(ImageComponent::Pause),
        container(ImageComponent::Addon("calico/node".into())),
        container(ImageComponent::Other("later".into())),
        Image::Other("later".into()),
    ]
}

pub(crate) fn sysupdate() -> SysupdateConfig {
    let sections =
        Contents::Sections(vec![Section { name: "Source".into(), entries: pairs(&["Path", "MatchPattern"]) }]);
    let extension = |name: &str| Extension {
        name: name.into(),
        version: "v1.34.2".into(),
        source: format!("https://extensions.example/{name}.raw"),
        hash: Some("sha256-00".into()),
        extra: pairs(&["x"]),
    };
    SysupdateConfig {
        enabled: true,
        schedule: Some(Schedule {
            on_calendar: vec!["Sun 03:00".into(), "Wed 03:00".into()],
            on_boot: Some("15min".into()),
            on_unit_active: None,
            randomized_delay: Some("1h".into()),
            accuracy: Some("1s".into()),
            persistent: Some(true),
            extra: pairs(&["WakeSystem"]),
        }),
        units: vec![Unit {
            name: "systemd-sysupdate.service".into(),
            enabled: Some(false),
            masked: true,
            contents: Some(Contents::Text("[Unit]\n# kept\n".into())),
            drop_ins: vec![DropIn { name: "kubernetes.conf".into(), contents: sections.clone() }],
        }],
        transfers: vec![Transfer {
            component: Some("kubernetes".into()),
            file_name: "kubernetes-v1.34.transfer".into(),
            contents: sections,
        }],
        kubernetes: Some(extension("kubernetes")),
        extensions: vec![extension("wasmtime")],
        extra: pairs(&["y"]),
    }
}

pub(crate) fn kubeadm() -> KubeadmSettings {
    let argument = |name: &str| Argument { name: name.into(), value: "30".into() };
    let pod = || StaticPod {
        arguments: vec![argument("audit-log-maxage"), argument("profiling")],
        volumes: vec![HostVolume {
            name: "audit".into(),
            host_path: "/etc/audit.yaml".into(),
            mount_path: "/etc/audit.yaml".into(),
            read_only: true,
            path_type: Some("File".into()),
        }],
        extra: pairs(&["z"]),
    };
    let file = |path: &str, content| File {
        path: path.into(),
        content,
        owner: Some("root:root".into()),
        permissions: Some("0600".into()),
        append: false,
    };
    let taint = |effect| Taint { key: "dedicated".into(), value: Some("gpu".into()), effect };
    KubeadmSettings {
        control_plane: Some(ControlPlaneSettings {
            api_server: pod(),
            controller_manager: pod(),
            scheduler: pod(),
            etcd: Some(Etcd { arguments: vec![argument("heartbeat-interval")], extra: Vec::new() }),
            feature_gates: vec![FeatureGate { name: "NodeLocalCRISocket".into(), enabled: false }],
            extra: pairs(&["w"]),
        }),
        node: NodeSettings {
            kubelet_arguments: vec![argument("max-pods")],
            files: vec![
                file("/etc/motd", FileContent::Text("hello\n".into())),
                file("/etc/blob", FileContent::Bytes(vec![0, 255, 7])),
                file("/etc/secret", FileContent::Secret(SecretKey { name: "s".into(), key: "k".into() })),
                file("/etc/later", FileContent::Other("later".into())),
            ],
            pre_commands: vec!["true".into()],
            post_commands: vec!["false".into(), "true".into()],
            registration: Registration {
                name: Some("{{ ds.meta_data.hostname }}".into()),
                taints: Some(vec![
                    taint(TaintEffect::NoSchedule),
                    taint(TaintEffect::PreferNoSchedule),
                    taint(TaintEffect::NoExecute),
                    taint(TaintEffect::Other("Later".into())),
                ]),
                labels: pairs(&["l"]),
                extra: pairs(&["cri-socket"]),
            },
            extra: pairs(&["v"]),
        },
    }
}
