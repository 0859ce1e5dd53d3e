//! The data disk for etcd: disk, file system, mount and data directory must name each other.

use crate::code::ETCD_DISK;
use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::Findings;

const DEVICE: &str = "/dev/disk/azure/scsi1/lun";

pub(crate) fn check(group: &Group<'_>, findings: &mut Findings<'_>) {
    let Some((index, spec)) = &group.bootstrap else { return };
    devices(group, *index, spec, findings);
    if group.is_control_plane {
        data_dir(*index, spec, findings);
    }
}

fn devices(group: &Group<'_>, index: usize, spec: &Field<'_>, findings: &mut Findings<'_>) {
    let Some((_, machine)) = &group.machine else { return };
    // Disks without a number get the free ones from 0 on, in order.
    let filled = crate::defaults::defaulted(&serde_json::json!({
        "kind": "AzureMachineTemplate",
        "spec": {"template": {"spec": {"dataDisks": machine.get("dataDisks").value()}}},
    }));
    let filled = Field::root(&filled).get("spec.template.spec.dataDisks");
    let luns: Vec<_> = filled.items().filter_map(|disk| disk.get("lun").int()).collect();
    for list in ["filesystems", "partitions"] {
        for entry in spec.get("diskSetup").get(list).items() {
            let device = entry.get("device");
            let Some(lun) = device.text().and_then(lun) else { continue };
            if !luns.contains(&lun) {
                findings
                    .on(index)
                    .error(
                        ETCD_DISK,
                        &device,
                        format!("no data disk of `{}` has the `lun` `{lun}`", group.machine_name),
                    )
                    .note("Ignition waits for the device in the initramfs, and the node never joins")
                    .hint(format!("add a data disk with `lun: {lun}`, or correct the device"));
            }
        }
    }
}

/// The number in `/dev/disk/azure/scsi1/lun0` or `…/lun0-part1`.
fn lun(device: &str) -> Option<i64> {
    device.strip_prefix(DEVICE)?.split('-').next()?.parse().ok()
}

fn data_dir(index: usize, spec: &Field<'_>, findings: &mut Findings<'_>) {
    let dir = spec.get("clusterConfiguration.etcd.local.dataDir");
    let labels: Vec<_> = spec.get("diskSetup.filesystems").items().collect();
    let etcd_label = |text: &str| text.contains("etcd");
    let mounts: Vec<_> = spec
        .get("mounts")
        .items()
        .filter(|mount| mount.index(0).text().is_some_and(etcd_label) || mount.index(1).text().is_some_and(etcd_label))
        .collect();
    let has_etcd_file_system = labels.iter().any(|entry| entry.get("label").text().is_some_and(etcd_label));
    if has_etcd_file_system && mounts.is_empty() {
        findings
            .on(index)
            .warning(ETCD_DISK, &spec.get("mounts"), "the etcd file system is made but mounted nowhere")
            .note("etcd then writes to the OS disk")
            .hint("add `mounts: [[LABEL, /var/lib/etcddisk]]`");
    }
    for mount in mounts {
        let target = mount.index(1);
        let Some(path) = target.text() else { continue };
        let inside = |dir: &str| dir == path || dir.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let own = dir.text().unwrap_or("/var/lib/etcd");
        if !inside(own) {
            let place = if dir.is_set() { &dir } else { &target };
            findings
                .on(index)
                .warning(
                    ETCD_DISK,
                    place,
                    format!("etcd writes to `{own}`, which is not on the disk mounted at `{path}`"),
                )
                .hint(format!("set `clusterConfiguration.etcd.local.dataDir: {path}/etcd`"));
        } else if own == path {
            findings
                .on(index)
                .warning(
                    ETCD_DISK,
                    place_of(&dir, &target),
                    format!("etcd's directory `{own}` is the mount point itself"),
                )
                .note("a new ext4 file system holds `lost+found`, and kubeadm wants an empty directory")
                .hint(format!("set `dataDir: {path}/etcd`"));
        }
    }
}

fn place_of<'f, 'a>(dir: &'f Field<'a>, target: &'f Field<'a>) -> &'f Field<'a> {
    if dir.is_set() { dir } else { target }
}
