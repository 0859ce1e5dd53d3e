//! The data disk for etcd: disk, file system, mount and data directory must name each other.

use flatwright_diagnostic::Rule;

use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::Findings;

const DEVICE: &str = "/dev/disk/azure/scsi1/lun";

/// Parts of the disk that do not fit together.
#[derive(Debug, Rule)]
#[rule(group = "manifest-etcd-disk")]
pub(crate) enum EtcdDisk {
    /// A device of a data disk that the machine does not have.
    #[rule("device-without-data-disk", "no data disk of `{machine}` has the `lun` `{lun}`")]
    NoDataDisk { machine: String, lun: i64 },
    /// A device that a size with NVMe disks does not have.
    #[rule("scsi-device-of-nvme-size", "VM size `{size}` attaches disks by NVMe only, and has no `{device}`")]
    NoScsi { size: &'static str, device: String },
    /// A file system without a mount.
    #[rule("etcd-disk-not-mounted", "the etcd file system is created but never mounted")]
    NotMounted,
    /// A data directory on another disk.
    #[rule("etcd-outside-its-disk", "etcd writes to `{directory}`, which is not on the disk mounted at `{mount}`")]
    Outside { directory: String, mount: String },
    /// A data directory that is not empty at the start.
    #[rule("etcd-at-mount-point", "etcd's directory `{directory}` is the mount point itself")]
    MountPoint { directory: String },
}

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
    let size = machine.get("vmSize").text().and_then(|name| findings.options().size(name));
    let luns: Vec<_> = filled.items().filter_map(|disk| disk.get("lun").int()).collect();
    for list in ["filesystems", "partitions"] {
        for entry in spec.get("diskSetup").get(list).items() {
            let device = entry.get("device");
            let Some(lun) = device.text().and_then(lun) else { continue };
            if let Some(size) = size.filter(|size| size.is_nvme_only() == Some(true)) {
                findings
                    .on(index)
                    .refuse(&device, &EtcdDisk::NoScsi { size: size.name, device: device.shown() })
                    .note("Ignition waits for the device in the initramfs, and the node never joins")
                    .hint(format!("choose a size with SCSI disks, such as `Standard_D4s_v5`; on Flatcar 4152 and newer the disk is `/dev/disk/azure/data/by-lun/{lun}`"));
                continue;
            }
            if !luns.contains(&lun) {
                let machine = group.machine_name.to_owned();
                findings
                    .on(index)
                    .refuse(&device, &EtcdDisk::NoDataDisk { machine, lun })
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
            .warn(&spec.get("mounts"), &EtcdDisk::NotMounted)
            .note("etcd then writes to the OS disk")
            .hint("add `mounts: [[LABEL, /var/lib/etcddisk]]`");
    }
    for mount in mounts {
        let target = mount.index(1);
        let Some(path) = target.text() else { continue };
        let inside = |dir: &str| dir == path || dir.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let own = dir.text().unwrap_or("/var/lib/etcd");
        if !inside(own) {
            let rule = EtcdDisk::Outside { directory: own.to_owned(), mount: path.to_owned() };
            findings
                .on(index)
                .warn(place_of(&dir, &target), &rule)
                .hint(format!("set `clusterConfiguration.etcd.local.dataDir: {path}/etcd`"));
        } else if own == path {
            findings
                .on(index)
                .warn(place_of(&dir, &target), &EtcdDisk::MountPoint { directory: own.to_owned() })
                .note("a new ext4 file system holds `lost+found`, and kubeadm wants an empty directory")
                .hint(format!("set `dataDir: {path}/etcd`"));
        }
    }
}

/// The directory where it is written, or else the mount that it does not fit.
fn place_of<'f, 'a>(dir: &'f Field<'a>, target: &'f Field<'a>) -> &'f Field<'a> {
    if dir.is_set() { dir } else { target }
}
