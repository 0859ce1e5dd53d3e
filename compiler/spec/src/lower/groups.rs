//! Node groups: the control plane first, then the pools in their order.

use flatwright_diagnostic::{Origin, Report, Traced};
use flatwright_kubernetes::Quantity;
use flatwright_plan as plan;

use super::{Context, architecture, configs, image, kubeadm, machine, named, optional, profile, text};
use crate::types::{self, DataDisk, MachineProfile};

pub(super) fn lower(context: &Context<'_>, report: &mut Report) -> Vec<plan::NodeGroup> {
    let mut groups = Vec::with_capacity(context.spec.pools.len() + 1);
    groups.extend(control_plane(context, report));
    for pool in &context.spec.pools {
        groups.extend(self::pool(context, pool, report));
    }
    groups
}

fn effective(context: &Context<'_>, own: &MachineProfile) -> MachineProfile {
    let shared = context.spec.machines.as_ref().map(|machines| &machines.profile);
    profile::effective(&context.spec.extensions, shared, own)
}

fn control_plane(context: &Context<'_>, report: &mut Report) -> Option<plan::NodeGroup> {
    let group = &context.spec.control_plane;
    let profile = effective(context, &group.profile);
    let architecture = architecture(&profile);
    let mut data_disks = data_disks(&profile.data_disks);
    let etcd = group.etcd_disk.as_ref().map(|disk| etcd_disk(disk, &data_disks));
    let etcd_lun = etcd.as_ref().map(|disk| disk.lun);
    data_disks.splice(0..0, etcd);
    let updates = context.spec.updates_of(group.sysupdate.as_ref());
    let verbosity = context.spec.kubernetes.kubeadm.as_ref().and_then(|kubeadm| kubeadm.verbosity);
    Some(plan::NodeGroup {
        name: Traced::default_by("control-plane".to_owned(), "the control plane's group"),
        role: plan::Role::ControlPlane,
        origin: group.origin,
        replicas: Some(group.replicas.map(|replicas| replicas.get())),
        autoscaling: None,
        architecture: architecture.map(|architecture| architecture.name()),
        image: image::lower(context, profile.image.as_ref(), architecture, report)?,
        vm: vm(text(&group.vm_size), &profile, data_disks),
        kubeadm: plan::GroupKubeadm {
            verbosity: verbosity.map(|verbosity| verbosity.map(|verbosity| verbosity.get())),
            ..kubeadm::group(context, &profile, "control-plane-azure.json", etcd_lun, report)
        },
        user_configs: configs::lower(context, &profile, report),
        machine_config: machine::lower(context, architecture.value, &profile.extensions, updates.as_ref(), etcd_lun),
        failure_domain: None,
        rollout: None,
        health_check: group.health_check.as_ref().map(health_check),
        deletion: group.deletion.as_ref().map(deletion),
        labels: Vec::new(),
        annotations: Vec::new(),
    })
}

fn pool(context: &Context<'_>, pool: &types::Pool, report: &mut Report) -> Option<plan::NodeGroup> {
    let profile = effective(context, &pool.profile);
    let architecture = architecture(&profile);
    let updates = context.spec.updates_of(pool.sysupdate.as_ref());
    let autoscaling = pool.autoscaling.as_ref().map(|bounds| plan::Autoscaling {
        min: bounds.min_replicas.map(|count| count.get()),
        max: bounds.max_replicas.map(|count| count.get()),
    });
    let one =
        || autoscaling.is_none().then(|| Traced::default_by(1, "a pool has one machine unless it says otherwise"));
    Some(plan::NodeGroup {
        name: text(&pool.name),
        role: plan::Role::Worker,
        origin: pool.origin,
        replicas: pool.replicas.map(|replicas| replicas.map(|replicas| replicas.get())).or_else(one),
        architecture: architecture.map(|architecture| architecture.name()),
        image: image::lower(context, profile.image.as_ref(), architecture, report)?,
        vm: vm(text(&pool.vm_size), &profile, data_disks(&profile.data_disks)),
        kubeadm: kubeadm::group(context, &profile, "worker-node-azure.json", None, report),
        user_configs: configs::lower(context, &profile, report),
        machine_config: machine::lower(context, architecture.value, &profile.extensions, updates.as_ref(), None),
        failure_domain: optional(&pool.failure_domain),
        rollout: pool.rollout.as_ref().map(rollout),
        health_check: pool.health_check.as_ref().map(health_check),
        deletion: pool.deletion.as_ref().map(deletion),
        labels: named(&pool.labels),
        annotations: named(&pool.annotations),
        autoscaling,
    })
}

fn vm(size: Traced<String>, profile: &MachineProfile, data_disks: Vec<plan::DataDisk>) -> plan::Vm {
    plan::Vm {
        size,
        os_disk: os_disk(profile.os_disk.as_ref()),
        data_disks,
        identity: optional(&profile.identity),
        user_assigned_identities: profile.user_assigned_identities.iter().map(provider_id).collect(),
        subnet: optional(&profile.subnet_name),
        accelerated_networking: profile.accelerated_networking,
        spot: profile.spot_vm_options.as_ref().map(|spot| plan::SpotVm {
            // As the server stores it: a template of another spelling can be applied once only.
            max_price: optional(&spot.max_price)
                .map(|price| price.map(|text| Quantity::canonical(&text).unwrap_or(text))),
            eviction_policy: optional(&spot.eviction_policy),
            origin: spot.origin,
        }),
        encryption_at_host: profile.security_profile.as_ref().and_then(|security| security.encryption_at_host),
        additional_tags: named(&profile.additional_tags),
    }
}

fn provider_id(identity: &types::UserAssignedIdentity) -> Traced<String> {
    identity.provider_id.as_ref().map(|id| match id.as_str() {
        id if id.starts_with("azure://") => id.to_owned(),
        id => format!("azure://{id}"),
    })
}

fn os_disk(disk: Option<&types::OsDisk>) -> plan::OsDisk {
    plan::OsDisk {
        size_gb: disk
            .and_then(|disk| disk.disk_size_gb)
            .map_or(Traced::default_by(128, "container images and logs need room"), |size| size.map(|size| size.get())),
        caching_type: disk.and_then(|disk| optional(&disk.caching_type)),
        managed_disk: disk.and_then(|disk| disk.managed_disk.as_ref()).map(managed_disk),
        diff_disk: disk
            .and_then(|disk| disk.diff_disk_settings.as_ref())
            .map(|diff| plan::DiffDisk { option: text(&diff.option), placement: optional(&diff.placement) }),
    }
}

fn managed_disk(disk: &types::ManagedDisk) -> plan::ManagedDisk {
    plan::ManagedDisk {
        storage_account_type: optional(&disk.storage_account_type),
        disk_encryption_set: optional(&disk.disk_encryption_set),
    }
}

/// Disks without a unit number get the first that nobody asks for, in order, as the webhook does.
fn data_disks(disks: &[DataDisk]) -> Vec<plan::DataDisk> {
    let mut taken: Vec<i64> = disks.iter().filter_map(|disk| disk.lun).map(|lun| lun.get()).collect();
    disks
        .iter()
        .map(|disk| plan::DataDisk {
            name_suffix: text(&disk.name_suffix),
            size_gb: disk.disk_size_gb.map(|size| size.get()),
            lun: disk.lun.map_or_else(|| free_lun(&mut taken), |lun| lun.map(|lun| lun.get())),
            caching_type: optional(&disk.caching_type),
            managed_disk: disk.managed_disk.as_ref().map(managed_disk),
            origin: disk.origin,
        })
        .collect()
}

fn etcd_disk(disk: &types::EtcdDisk, others: &[plan::DataDisk]) -> plan::DataDisk {
    let mut taken: Vec<i64> = others.iter().map(|disk| disk.lun.value).collect();
    plan::DataDisk {
        name_suffix: Traced::new("etcddisk".to_owned(), disk.origin),
        size_gb: disk
            .size_gb
            .map_or(Traced::default_by(256, "the size upstream's templates use"), |size| size.map(|size| size.get())),
        lun: disk.lun.map_or_else(|| free_lun(&mut taken), |lun| lun.map(|lun| lun.get())),
        caching_type: optional(&disk.caching_type),
        managed_disk: disk.managed_disk.as_ref().map(managed_disk),
        origin: disk.origin,
    }
}

fn free_lun(taken: &mut Vec<i64>) -> Traced<i64> {
    let lun = (0..).find(|lun| !taken.contains(lun)).expect("invariant: the range has no end");
    taken.push(lun);
    Traced::new(lun, Origin::Default("the first free logical unit number"))
}

fn rollout(rollout: &types::Rollout) -> plan::Rollout {
    plan::Rollout {
        rollout_type: optional(&rollout.rollout_type).unwrap_or_else(|| {
            Traced::default_by("RollingUpdate".to_owned(), "changes roll out one machine after the other")
        }),
        max_surge: optional(&rollout.max_surge),
        max_unavailable: optional(&rollout.max_unavailable),
    }
}

fn health_check(check: &types::HealthCheck) -> plan::HealthCheck {
    const RULE: &str = "a node that is not ready for five minutes is unhealthy";
    let mut conditions: Vec<plan::UnhealthyCondition> = check
        .unhealthy_node_conditions
        .iter()
        .map(|condition| plan::UnhealthyCondition {
            condition_type: text(&condition.condition_type),
            status: text(&condition.status),
            timeout: condition.timeout_seconds.map(|timeout| timeout.get()),
        })
        .collect();
    if conditions.is_empty() {
        conditions.extend(["False", "Unknown"].map(|status| plan::UnhealthyCondition {
            condition_type: Traced::default_by("Ready".to_owned(), RULE),
            status: Traced::default_by(status.to_owned(), RULE),
            timeout: Traced::default_by(300, RULE),
        }));
    }
    plan::HealthCheck {
        node_startup_timeout: check.node_startup_timeout_seconds.map(|timeout| timeout.map(|timeout| timeout.get())),
        max_unhealthy: optional(&check.max_unhealthy),
        conditions,
        origin: check.origin,
    }
}

fn deletion(deletion: &types::Deletion) -> plan::Deletion {
    let seconds = |value: types::Maybe<types::Seconds>| value.map(|value| value.map(|value| value.get()));
    plan::Deletion {
        drain: seconds(deletion.node_drain_timeout_seconds),
        detach: seconds(deletion.node_volume_detach_timeout_seconds),
        node: seconds(deletion.node_deletion_timeout_seconds),
    }
}
