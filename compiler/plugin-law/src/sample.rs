//! One value of every kind that a hook's value can hold, from which it is known which paths there can be.

use flatwright_plugin_host::model::images::{
    CommunityGalleryImage, ComputeGalleryImage, ContainerImage, Image, ImageComponent, MachineImage, MarketplaceImage,
    PurchasePlan,
};
use flatwright_plugin_host::model::kubeadm::{
    Argument, ControlPlaneSettings, Etcd, FeatureGate, File, FileContent, HostVolume, KubeadmSettings, NodeSettings,
    Registration, SecretKey, StaticPod, Taint, TaintEffect,
};
use flatwright_plugin_host::model::sysupdate::{
    Contents, DropIn, Extension, Schedule, Section, SysupdateConfig, Transfer, Unit,
};
use serde::Serialize;

/// A record of a hook that knows what it can hold.
pub trait Sample: Serialize + Sized {
    /// Values that together have every field, with one item in every list.
    fn samples() -> Vec<Self>;
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn extra() -> Vec<(String, String)> {
    vec![(text("name"), text("value"))]
}

impl Sample for Image {
    fn samples() -> Vec<Self> {
        let marketplace = MarketplaceImage {
            publisher: text("kinvolk"),
            offer: text("flatcar-container-linux-free"),
            sku: text("stable-gen2"),
            version: text("4593.2.5"),
            third_party: false,
        };
        let community =
            CommunityGalleryImage { gallery: text("flatcar"), name: text("flatcar-stable"), version: text("1.0.0") };
        let compute = ComputeGalleryImage {
            subscription_id: text("00000000-0000-0000-0000-000000000001"),
            resource_group: text("images"),
            gallery: text("company"),
            name: text("flatcar"),
            version: text("1.0.0"),
            plan: Some(PurchasePlan { publisher: text("kinvolk"), offer: text("flatcar"), sku: text("stable") }),
        };
        let container = ContainerImage {
            component: ImageComponent::Etcd,
            repository: text("registry.k8s.io"),
            tag: Some(text("3.6.5-0")),
            digest: Some(text("sha256:00")),
        };
        let machines = [
            MachineImage::Marketplace(marketplace),
            MachineImage::CommunityGallery(community),
            MachineImage::ComputeGallery(compute),
            MachineImage::Id(text("/subscriptions")),
            MachineImage::Other(text("other")),
        ];
        machines
            .into_iter()
            .map(Self::Machine)
            .chain([Self::Container(container), Self::Other(text("other"))])
            .collect()
    }
}

impl Sample for KubeadmSettings {
    fn samples() -> Vec<Self> {
        let argument = || Argument { name: text("v"), value: text("2") };
        let pod = || StaticPod {
            arguments: vec![argument()],
            volumes: vec![HostVolume {
                name: text("audit"),
                host_path: text("/var/log/audit"),
                mount_path: text("/var/log/audit"),
                read_only: false,
                path_type: Some(text("Directory")),
            }],
            extra: extra(),
        };
        let control_plane = ControlPlaneSettings {
            api_server: pod(),
            controller_manager: pod(),
            scheduler: pod(),
            etcd: Some(Etcd { arguments: vec![argument()], extra: extra() }),
            feature_gates: vec![FeatureGate { name: text("NodeLocalCRISocket"), enabled: true }],
            extra: extra(),
        };
        let contents = [
            FileContent::Text(text("hello")),
            FileContent::Bytes(vec![0]),
            FileContent::Secret(SecretKey { name: text("token"), key: text("value") }),
            FileContent::Other(text("other")),
        ];
        let settings = |content: FileContent| Self {
            control_plane: Some(control_plane.clone()),
            node: NodeSettings {
                kubelet_arguments: vec![argument()],
                files: vec![File {
                    path: text("/etc/motd"),
                    content,
                    owner: Some(text("root:root")),
                    permissions: Some(text("0644")),
                    append: false,
                }],
                pre_commands: vec![text("true")],
                post_commands: vec![text("true")],
                registration: Registration {
                    name: Some(text("@@HOSTNAME@@")),
                    taints: Some(vec![Taint {
                        key: text("batch"),
                        value: Some(text("yes")),
                        effect: TaintEffect::Other(text("NoSchedule")),
                    }]),
                    labels: extra(),
                    extra: extra(),
                },
                extra: extra(),
            },
        };
        contents.into_iter().map(settings).collect()
    }
}

impl Sample for SysupdateConfig {
    fn samples() -> Vec<Self> {
        let contents = [
            Contents::Text(text("[Service]\n")),
            Contents::Sections(vec![Section { name: text("Service"), entries: extra() }]),
        ];
        let extension = |name: &str| Extension {
            name: text(name),
            version: text("1.0.0"),
            source: text("https://example.com/a.raw"),
            hash: Some(text("sha512-00")),
            extra: extra(),
        };
        let config = |contents: Contents| Self {
            enabled: true,
            schedule: Some(Schedule {
                on_calendar: vec![text("daily")],
                on_boot: Some(text("1min")),
                on_unit_active: Some(text("1d")),
                randomized_delay: Some(text("1h")),
                accuracy: Some(text("1min")),
                persistent: Some(true),
                extra: extra(),
            }),
            units: vec![Unit {
                name: text("a.service"),
                enabled: Some(true),
                masked: false,
                contents: Some(contents.clone()),
                drop_ins: vec![DropIn { name: text("10-a.conf"), contents: contents.clone() }],
            }],
            transfers: vec![Transfer { component: Some(text("tools")), file_name: text("a.transfer"), contents }],
            kubernetes: Some(extension("kubernetes")),
            extensions: vec![extension("wasmtime")],
            extra: extra(),
        };
        contents.into_iter().map(config).collect()
    }
}
