//! What Fedora CoreOS configs say in short: an encrypted or mirrored boot disk, boot loader users.

use crate::codec::{Path, Segment};
use crate::ignition3::{
    Cex, Clevis, Config, Disk, File, Filesystem, Findings, Keyed, Luks, Merge, Mixed, Partition, Raid, Resource,
    Storage, merge_lists,
};
use crate::problem::Source;

use super::origins::{List, Origin, Origins, steps};
use super::resource::Encoder;
use super::types::{BootDevice, Grub};

const RESERVED_GUID: &str = "8DA63339-0007-60C0-C436-083AC8230908";
const BIOS_GUID: &str = "21686148-6449-6E6F-744E-656564454649";
const PREP_GUID: &str = "9E1A2D38-C612-4316-AA26-8B49521E5A8B";
const ESP_GUID: &str = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";

/// Generated storage with the origin of each item.
#[derive(Default)]
struct Rendered {
    storage: Storage,
    disks: Vec<Origin>,
    filesystems: Vec<Origin>,
    raid: Vec<Origin>,
    luks: Vec<Origin>,
    files: Vec<Origin>,
}

fn place(origins: &mut Origins, keys: &[&str], index: Option<usize>) -> Origin {
    let segments: Vec<_> = keys.iter().map(|key| Segment::Key(key)).chain(index.map(Segment::Index)).collect();
    origins.place(steps(&segments))
}

/// Adds the disks, arrays, volumes and file systems of the boot device under those of the user.
pub(super) fn add_boot_device(boot: &BootDevice, config: &mut Config, origins: &mut Origins) {
    let has_cex = boot.luks.cex.enabled == Some(true);
    let is_encrypted = boot.luks.tpm2 == Some(true) || !boot.luks.tang.is_empty() || has_cex;
    let is_mirrored = !boot.mirror.devices.is_empty();
    if !is_encrypted && !is_mirrored {
        return;
    }
    let layout = boot.layout.as_deref().unwrap_or("x86_64");
    let mut rendered = Rendered::default();
    if is_mirrored {
        add_mirror(boot, layout, &mut rendered, origins);
    }
    if is_encrypted {
        let device = boot.luks.device.clone().unwrap_or_default();
        let device = match layout {
            "s390x-eckd" => format!("{device}2"),
            "s390x-zfcp" => format!("{device}4"),
            _ if is_mirrored => "/dev/md/md-root".to_owned(),
            _ => "/dev/disk/by-partlabel/root".to_owned(),
        };
        let clevis = Clevis {
            tang: boot.luks.tang.iter().cloned().map(Into::into).collect(),
            threshold: boot.luks.threshold,
            tpm2: boot.luks.tpm2,
            ..Clevis::default()
        };
        rendered.storage.luks.push(Luks {
            cex: if has_cex { Cex { enabled: boot.luks.cex.enabled } } else { Cex::default() },
            clevis: if has_cex { Clevis::default() } else { clevis },
            device: Some(device),
            discard: boot.luks.discard,
            label: Some("luks-root".to_owned()),
            name: "root".to_owned(),
            wipe_volume: Some(true),
            ..Luks::default()
        });
        rendered.luks.push(place(origins, &["boot_device", "luks"], None));
    }
    let device = if is_encrypted { "/dev/mapper/root" } else { "/dev/md/md-root" };
    rendered.storage.filesystems.push(filesystem(device.to_owned(), "xfs", "root"));
    rendered.filesystems.push(place(origins, &["boot_device"], None));
    rendered.merge_under(config, origins);
}

fn add_mirror(boot: &BootDevice, layout: &str, rendered: &mut Rendered, origins: &mut Origins) {
    let has_esp = matches!(layout, "x86_64" | "aarch64");
    for (i, device) in boot.mirror.devices.iter().enumerate() {
        let number = i + 1;
        let part = |name: &str, size: Option<i64>, guid: Option<&str>| Partition {
            label: Some(format!("{name}-{number}")),
            size_mib: size,
            type_guid: guid.map(str::to_owned),
            ..Partition::default()
        };
        let first = match layout {
            "x86_64" => part("bios", Some(1), Some(BIOS_GUID)),
            "ppc64le" => part("prep", Some(4), Some(PREP_GUID)),
            _ => part("reserved", Some(1), Some(RESERVED_GUID)),
        };
        let second = if has_esp {
            part("esp", Some(127), Some(ESP_GUID))
        } else {
            part("reserved", Some(1), Some(RESERVED_GUID))
        };
        let partitions = vec![first, second, part("boot", Some(384), None), part("root", None, None)];
        let origin = place(origins, &["boot_device", "mirror", "devices"], Some(i));
        rendered.storage.disks.push(Disk { device: device.clone(), partitions, wipe_table: Some(true) });
        rendered.disks.push(origin);
        if has_esp {
            let label = format!("esp-{number}");
            rendered.storage.filesystems.push(filesystem(format!("/dev/disk/by-partlabel/{label}"), "vfat", &label));
            rendered.filesystems.push(origin);
        }
    }
    let origin = place(origins, &["boot_device", "mirror"], None);
    let devices =
        |name: &str| (1..=boot.mirror.devices.len()).map(|i| format!("/dev/disk/by-partlabel/{name}-{i}")).collect();
    let array = |name: &str, options: Vec<String>| Raid {
        devices: devices(name),
        level: Some("raid1".to_owned()),
        name: format!("md-{name}"),
        options,
        ..Raid::default()
    };
    // The superblock of /boot stands at the end, so that the boot loader need not know RAID.
    rendered.storage.raid = vec![array("boot", vec!["--metadata=1.0".to_owned()]), array("root", Vec::new())];
    rendered.raid = vec![origin, origin];
    rendered.storage.filesystems.push(filesystem("/dev/md/md-boot".to_owned(), "ext4", "boot"));
    rendered.filesystems.push(origin);
}

fn filesystem(device: String, format: &str, label: &str) -> Filesystem {
    Filesystem {
        device,
        format: Some(format.to_owned()),
        label: Some(label.to_owned()),
        wipe_filesystem: Some(true),
        ..Filesystem::default()
    }
}

/// Adds the boot loader's users.
pub(super) fn add_grub(grub: &Grub, encoder: &mut Encoder, config: &mut Config, origins: &mut Origins) {
    if grub.users.is_empty() {
        return;
    }
    let names: Vec<_> = grub.users.iter().map(|user| &*user.name).collect();
    let commands: Vec<_> = grub
        .users
        .iter()
        .map(|user| format!("password_pbkdf2 {} {}", user.name, user.password_hash.as_deref().unwrap_or_default()))
        .collect();
    let text = format!("# Generated by Butane\n\nset superusers=\"{}\"\n{}\n", names.join(" "), commands.join("\n"));
    let made = encoder.data_url(text.as_bytes(), None);
    let origin = place(origins, &["grub", "users"], None);
    let mut rendered = Rendered { filesystems: vec![origin], files: vec![origin], ..Rendered::default() };
    rendered.storage.filesystems = vec![Filesystem {
        device: "/dev/disk/by-label/boot".to_owned(),
        format: Some("ext4".to_owned()),
        path: Some("/boot".to_owned()),
        ..Filesystem::default()
    }];
    rendered.storage.files = vec![File {
        path: "/boot/grub2/user.cfg".to_owned(),
        append: vec![Resource { source: Some(made.url), compression: made.compression, ..Resource::default() }],
        ..File::default()
    }];
    rendered.merge_under(config, origins);
}

impl Rendered {
    /// Merges the user's storage over this.
    fn merge_under(self, config: &mut Config, origins: &mut Origins) {
        let user = std::mem::take(&mut config.storage);
        let parent = self.storage;
        let disks = Mix { list: List::Disks, places: self.disks, origins }.merge(parent.disks, user.disks);
        let files = Mix { list: List::Files, places: self.files, origins }.merge(parent.files, user.files);
        let filesystems = Mix { list: List::Filesystems, places: self.filesystems, origins }
            .merge(parent.filesystems, user.filesystems);
        let luks = Mix { list: List::Luks, places: self.luks, origins }.merge(parent.luks, user.luks);
        let raid = Mix { list: List::Raid, places: self.raid, origins }.merge(parent.raid, user.raid);
        config.storage =
            Storage { disks, files, filesystems, luks, raid, directories: user.directories, links: user.links };
    }
}

/// Merges one list and keeps its origins.
pub(super) struct Mix<'o> {
    pub(super) list: List,
    pub(super) places: Vec<Origin>,
    pub(super) origins: &'o mut Origins,
}

impl Mix<'_> {
    pub(super) fn merge<T: Merge + Keyed>(self, parent: Vec<T>, child: Vec<T>) -> Vec<T> {
        if parent.is_empty() {
            return child;
        }
        let (items, mixed) = merge_lists(parent, child);
        let at = |i: usize| self.places.get(i).and_then(|origin| origin.place);
        let origins = mixed
            .into_iter()
            .map(|mixed| match mixed {
                Mixed::Parent(i) => Origin { source: None, place: at(i) },
                Mixed::Child(j) => self.origins.get(self.list, j),
                Mixed::Both(i, j) => Origin { source: self.origins.get(self.list, j).source, place: at(i) },
            })
            .collect();
        self.origins.set(self.list, origins);
        items
    }
}

/// What is doubtful about partitions of the boot disk.
pub(super) fn check_partitions(config: &Config, has_root_rules: bool, found: &mut Findings) {
    let storage = Path::ROOT.key("storage");
    let disks = storage.key("disks");
    for (i, disk) in config.storage.disks.iter().enumerate() {
        let disk_path = disks.index(i);
        let list = disk_path.key("partitions");
        for (p, partition) in disk.partitions.iter().enumerate() {
            let Some(label) = partition.label.as_deref() else { continue };
            let at = list.index(p);
            if label == "root" && has_root_rules {
                match partition.size_mib.unwrap_or_default() {
                    0 => {
                        let is_auto = |other: &Partition| other.start_mib.unwrap_or_default() == 0;
                        if disk.partitions[p + 1..].iter().any(is_auto) {
                            found.warning(&at.key("label"), Source::RootEnclosed);
                        }
                    }
                    size if size < 8192 => {
                        found.warning(&at.key("size_mib"), Source::SmallRoot);
                    }
                    _ => {}
                }
            }
            let number = match label {
                "BIOS-BOOT" | "PowerPC-PReP-boot" => 1,
                "EFI-SYSTEM" => 2,
                "boot" => 3,
                "root" => 4,
                _ => continue,
            };
            if disk.wipe_table != Some(true) && partition.number != number {
                found.warning(&at.key("label"), Source::ReservedLabel);
            }
        }
    }
}
