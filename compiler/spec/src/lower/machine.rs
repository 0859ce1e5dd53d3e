//! The flavor's own parts of a group's machine config: sysext images and links, transfers, units and drop-ins, the etcd disk's partition.

use flatwright_diagnostic::{Origin, Traced};
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::bakery::{self, Follow};
use flatwright_flatcar::node_units;
use flatwright_flatcar::release;
use flatwright_flatcar::sysext::Sysext;
use flatwright_plan as plan;

use super::{Context, compat, mirrors, optional, text};
use crate::types::{self, Extension, RebootManager, Switch};

/// The extension, which is also the component of systemd-sysupdate.
const KUBERNETES: &str = "kubernetes";
const SYSEXT_RULE: &str = "Kubernetes runs as a sysext on this flavor";
const UPDATE_RULE: &str =
    "Cluster API replaces machines, so Flatcar does not update itself unless `flatcar.updates` says so";
const REBOOT_RULE: &str = "one reboot manager at most";
const NOOP_RULE: &str = "systemd's own systemd-sysupdate.service fails without a transfer outside the components";

pub(super) fn lower(
    context: &Context<'_>,
    architecture: Architecture,
    extensions: &[Extension],
    updates: Option<&types::KubernetesUpdates>,
    etcd_lun: Option<Traced<i64>>,
) -> plan::MachineConfig {
    let mut config = plan::MachineConfig::default();
    if context.is_sysext() {
        kubernetes(context, architecture, &mut config);
    }
    for extension in extensions {
        self::extension(context, architecture, extension, &mut config);
    }
    if context.is_sysext() {
        config.units.push(update_unit(context));
    }
    if context.is_sysext() || !context.is_compat() {
        flatcar_units(context, &mut config);
    }
    if context.is_sysext() {
        config.units.push(timer_unit(context, updates));
    }
    config.units.push(kubeadm_unit(context));
    if let Some(lun) = etcd_lun {
        config.disks.push(plan::PartitionedDisk {
            device: lun.with(device(lun.value)),
            // `layout: true` in the bootstrap provider's own disk setup makes a partition without number, which the node refuses
            // (kubernetes-sigs/cluster-api#7679).
            partitions: vec![plan::Partition { number: 1 }],
            origin: lun.origin,
        });
    }
    config
}

/// The device of a logical unit on Azure.
pub(super) fn device(lun: i64) -> String {
    format!("/dev/disk/azure/scsi1/lun{lun}")
}

fn kubernetes(context: &Context<'_>, architecture: Architecture, config: &mut plan::MachineConfig) {
    let version = &context.kubernetes_version;
    let sysext = Sysext { name: "kubernetes".to_owned(), version: version.value.clone(), architecture };
    config.links.push(plan::Link {
        path: Traced::default_by(sysext.link_path(), SYSEXT_RULE),
        target: version.with(sysext.image_path()),
    });
    let suffix = suffix(context);
    config.files.push(plan::File {
        path: version.with(bakery::transfer_path(&sysext, Follow::Patches, suffix)),
        mode: Some(0o644),
        contents: if context.is_compat() {
            remote(version.with(context.bakery.transfer_url(&sysext, Follow::Patches)))
        } else {
            inline(version.with(context.bakery.transfer(&sysext, Follow::Patches).render()))
        },
    });
    config.files.push(plan::File {
        path: Traced::default_by(bakery::noop_transfer_path(suffix), NOOP_RULE),
        mode: Some(0o644),
        // The bakery no longer makes the file that upstream's templates fetch, so ours is inline.
        contents: if context.is_compat() {
            remote(Traced::default_by(context.bakery.noop_url(), NOOP_RULE))
        } else {
            inline(Traced::default_by(bakery::NOOP_TRANSFER.to_owned(), NOOP_RULE))
        },
    });
    image_file(
        context,
        version.with(context.bakery.image_url(&sysext)),
        version.with(sysext.image_path()),
        None,
        config,
    );
}

/// The image itself. It has a mode so that the additional config can be strict; upstream's has none.
fn image_file(
    context: &Context<'_>,
    url: Traced<String>,
    path: Traced<String>,
    sha512: plan::Maybe<String>,
    config: &mut plan::MachineConfig,
) {
    let mode = if context.is_compat() { None } else { Some(0o644) };
    config.files.push(plan::File { path, mode, contents: plan::Contents::Remote { url, sha512, sha256: None } });
}

fn extension(
    context: &Context<'_>,
    architecture: Architecture,
    extension: &Extension,
    config: &mut plan::MachineConfig,
) {
    let name = text(&extension.name);
    let version = text(&extension.version);
    let sysext = Sysext { name: name.value.clone(), version: version.value.clone(), architecture };
    config.links.push(plan::Link { path: name.with(sysext.link_path()), target: version.with(sysext.image_path()) });
    let url = optional(&extension.url)
        .map(|url| mirrors::mirrored(context.spec, url))
        .unwrap_or_else(|| version.with(context.bakery.image_url(&sysext)));
    image_file(context, url, version.with(sysext.image_path()), optional(&extension.sha512), config);
}

/// The service that updates Kubernetes. It is always there, so that an update can be started by hand. Upstream gives systemd's own service a drop-in.
fn update_unit(context: &Context<'_>) -> plan::Unit {
    if context.is_compat() {
        let contents = Traced::default_by(compat::SYSUPDATE_DROP_IN.to_owned(), SYSEXT_RULE);
        let drop_ins = vec![plan::DropIn { name: compat::SYSUPDATE_DROP_IN_NAME.to_owned(), contents }];
        return plan::Unit { drop_ins, ..unit(node_units::STOCK_SERVICE, SYSEXT_RULE) };
    }
    let contents = node_units::update_service(KUBERNETES).expect("invariant: `kubernetes` is a valid extension name");
    plan::Unit {
        contents: Some(Traced::default_by(contents, SYSEXT_RULE)),
        ..unit(node_units::UPDATE_SERVICE, SYSEXT_RULE)
    }
}

/// The timer that starts it: by switch.
fn timer_unit(context: &Context<'_>, settings: Option<&types::KubernetesUpdates>) -> plan::Unit {
    const RULE: &str = "updates of Kubernetes are off unless `sysupdate.kubernetes.updates` says so";
    let switch = settings.and_then(|settings| settings.updates);
    let (name, contents) = if context.is_compat() {
        (node_units::STOCK_TIMER, None)
    } else {
        let contents = node_units::update_timer(KUBERNETES).expect("invariant: `kubernetes` is a valid extension name");
        (node_units::UPDATE_TIMER, Some(Traced::default_by(contents, RULE)))
    };
    plan::Unit {
        contents,
        enabled: Some(
            switch.map_or(Traced::default_by(false, RULE), |switch| switch.map(|switch| switch == Switch::Enabled)),
        ),
        drop_ins: settings.and_then(|settings| schedule(context, settings)).into_iter().collect(),
        ..unit(name, RULE)
    }
}

fn schedule(context: &Context<'_>, settings: &types::KubernetesUpdates) -> Option<plan::DropIn> {
    let schedule = settings.schedule.as_ref()?;
    let delay = settings.randomized_delay_seconds.map(|delay| delay.get().to_string());
    // Without one, the delay of our timer would stay.
    let delay = delay.or_else(|| (!context.is_compat()).then(|| "0".to_owned()));
    let contents = node_units::timer_drop_in(schedule.as_str(), delay.as_deref())
        .expect("invariant: the form of a schedule fits on a line");
    Some(plan::DropIn { name: node_units::TIMER_DROP_IN.to_owned(), contents: schedule.with(contents) })
}

/// Flatcar's own updater and reboot manager.
fn flatcar_units(context: &Context<'_>, config: &mut plan::MachineConfig) {
    let updates = context.spec.flatcar.updates;
    if updates.is_none_or(|switch| switch.value == Switch::Disabled) {
        let mask = updates.map_or(Traced::default_by(true, UPDATE_RULE), |switch| switch.with(true));
        config.units.push(plan::Unit { mask: Some(mask), ..unit(node_units::UPDATE_ENGINE, UPDATE_RULE) });
    }
    if updates.is_some_and(|switch| switch.value == Switch::Enabled) {
        update_server(context, config);
    }
    let manager = context.spec.reboots.as_ref().and_then(|reboots| reboots.manager);
    if manager.is_none_or(|manager| manager.value != RebootManager::Locksmith) {
        let mask = manager.map_or(Traced::default_by(true, REBOOT_RULE), |manager| manager.with(true));
        config.units.push(plan::Unit { mask: Some(mask), ..unit(node_units::LOCKSMITHD, REBOOT_RULE) });
    }
}

/// Another update server, if there is a mirror for Flatcar's. The file takes the place of the image's, which has the group.
fn update_server(context: &Context<'_>, config: &mut plan::MachineConfig) {
    let server = Traced::default_by(node_units::UPDATE_SERVER.to_owned(), UPDATE_RULE);
    let mirrored = mirrors::mirrored(context.spec, server);
    if mirrored.value != node_units::UPDATE_SERVER {
        config.files.push(plan::File {
            path: mirrored.with(node_units::UPDATE_CONFIG.to_owned()),
            mode: Some(0o644),
            contents: inline(mirrored.with(format!("GROUP={}\nSERVER={}\n", context.channel, mirrored.value))),
        });
    }
}

fn kubeadm_unit(context: &Context<'_>) -> plan::Unit {
    const RULE: &str = "kubeadm needs containerd, and a `noexec` `/etc` needs the interpreter";
    let contents = if context.is_compat() {
        compat::KUBEADM_DROP_IN.to_owned()
    } else {
        node_units::kubeadm_drop_in(context.release)
    };
    plan::Unit {
        drop_ins: vec![plan::DropIn {
            name: node_units::KUBEADM_DROP_IN.to_owned(),
            contents: Traced::new(contents, Origin::Default(RULE)),
        }],
        ..unit(node_units::KUBEADM_SERVICE, RULE)
    }
}

fn unit(name: &str, rule: &'static str) -> plan::Unit {
    plan::Unit {
        name: Traced::default_by(name.to_owned(), rule),
        enabled: None,
        mask: None,
        contents: None,
        drop_ins: Vec::new(),
    }
}

fn suffix(context: &Context<'_>) -> &'static str {
    if context.is_compat() { ".conf" } else { release::transfer_suffix(context.release) }
}

fn remote(url: Traced<String>) -> plan::Contents {
    plan::Contents::Remote { url, sha512: None, sha256: None }
}

fn inline(text: Traced<String>) -> plan::Contents {
    plan::Contents::Text(text)
}
