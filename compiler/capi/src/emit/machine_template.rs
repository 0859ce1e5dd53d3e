//! AzureMachineTemplate.

use flatwright_diagnostic::Traced;
use flatwright_plan::{self as plan, NodeGroup, Plan, Vm};

use super::{labels, metadata};
use crate::object::{Object, Subject};
use crate::types::{
    AzureMachineSpec, AzureMachineTemplateResource, AzureMachineTemplateSpec, ComputeGallery, DataDisk,
    DiffDiskSettings, DiskEncryptionSet, Image, ManagedDisk, Marketplace, NetworkInterface, OsDisk, SecurityProfile,
    SpotVmOptions, UserAssignedIdentity, api,
};
use crate::wire::{Fixed, Keep};

pub(super) fn machine_template(plan: &Plan, index: usize, group: &NodeGroup) -> Object {
    let vm = &group.vm;
    let spec = AzureMachineSpec {
        additional_tags: labels(&vm.additional_tags),
        data_disks: vm.data_disks.iter().map(data_disk).collect(),
        identity: vm.identity.clone(),
        image: image(&group.image),
        network_interfaces: network_interfaces(vm),
        os_disk: os_disk(&vm.os_disk),
        security_profile: SecurityProfile { encryption_at_host: vm.encryption_at_host },
        spot_vm_options: vm.spot.as_ref().map(|spot| {
            Keep(SpotVmOptions { eviction_policy: spot.eviction_policy.clone(), max_price: spot.max_price.clone() })
        }),
        // Absent rather than empty: the webhook replaces "" with a random key, and every later apply of the same file is then refused as a change.
        ssh_public_key: plan.azure.ssh_public_key.clone(),
        user_assigned_identities: vm
            .user_assigned_identities
            .iter()
            .map(|id| UserAssignedIdentity { provider_id: id.clone() })
            .collect(),
        vm_size: vm.size.clone(),
    };
    let spec = AzureMachineTemplateSpec { template: AzureMachineTemplateResource { spec } };
    let name = group.name.with(plan.group_name(group));
    Object::new(
        api::INFRASTRUCTURE,
        "v1beta1",
        "AzureMachineTemplate",
        &metadata(plan, name),
        &spec,
        Subject::Group(index),
    )
}

/// `subnetName` and `acceleratedNetworking` at the top level are moved into an interface by the webhook, and every later apply of the same file is then
/// refused as a change. So they are written where they end up.
fn network_interfaces(vm: &Vm) -> Vec<NetworkInterface> {
    if vm.subnet.is_none() && vm.accelerated_networking.is_none() {
        return Vec::new();
    }
    vec![NetworkInterface {
        accelerated_networking: vm.accelerated_networking,
        private_ip_configs: Some(Traced::default_by(1, "one private address per machine")),
        subnet_name: vm.subnet.clone(),
    }]
}

fn data_disk(disk: &plan::DataDisk) -> DataDisk {
    DataDisk {
        caching_type: disk.caching_type.clone(),
        disk_size_gb: disk.size_gb,
        lun: disk.lun,
        managed_disk: disk.managed_disk.as_ref().map(managed_disk),
        name_suffix: disk.name_suffix.clone(),
    }
}

fn os_disk(disk: &plan::OsDisk) -> OsDisk {
    OsDisk {
        caching_type: disk.caching_type.clone(),
        diff_disk_settings: disk
            .diff_disk
            .as_ref()
            .map(|diff| DiffDiskSettings { option: diff.option.clone(), placement: diff.placement.clone() }),
        disk_size_gb: disk.size_gb,
        managed_disk: disk.managed_disk.as_ref().map(managed_disk),
        os_type: Fixed("Linux"),
    }
}

fn managed_disk(disk: &plan::ManagedDisk) -> ManagedDisk {
    ManagedDisk {
        disk_encryption_set: disk.disk_encryption_set.clone().map(|id| DiskEncryptionSet { id }),
        storage_account_type: disk.storage_account_type.clone(),
    }
}

fn image(image: &plan::Image) -> Image {
    match image {
        plan::Image::Marketplace { publisher, offer, sku, version, third_party } => Image {
            marketplace: Some(Marketplace {
                offer: offer.clone(),
                publisher: publisher.clone(),
                sku: sku.clone(),
                third_party_image: *third_party,
                version: version.clone(),
            }),
            ..Image::default()
        },
        plan::Image::Gallery { gallery, name, version, subscription_id, resource_group, plan } => Image {
            compute_gallery: Some(ComputeGallery {
                gallery: gallery.clone(),
                name: name.clone(),
                plan: plan.as_ref().map(|plan| crate::types::Plan {
                    offer: plan.offer.clone(),
                    publisher: plan.publisher.clone(),
                    sku: plan.sku.clone(),
                }),
                resource_group: resource_group.clone(),
                subscription_id: subscription_id.clone(),
                version: version.clone(),
            }),
            ..Image::default()
        },
        plan::Image::Id(id) => Image { id: Some(id.clone()), ..Image::default() },
    }
}
