//! Disks, volumes, file systems and what is in them.

use super::Resource;
use crate::codec::record;

record! {
    /// Disks, file systems, files.
    pub Storage {
        /// Directories.
        directories: Vec<Directory> = "directories";
        /// Partition tables.
        disks: Vec<Disk> = "disks";
        /// Files.
        files: Vec<File> = "files";
        /// File systems.
        filesystems: Vec<Filesystem> = "filesystems";
        /// Links.
        links: Vec<Link> = "links";
        /// Encrypted volumes.
        luks: Vec<Luks> = "luks" since 3;
        /// Software RAID arrays.
        raid: Vec<Raid> = "raid";
        /// Directory trees below the files directory that are copied.
        trees: Vec<Tree> = "trees" since 2;
    }
    /// A directory.
    pub Directory {
        /// The owning group.
        group: NodeGroup = "group";
        /// Whether something else at the path is removed.
        overwrite: Option<bool> = "overwrite";
        /// The absolute path.
        path: String = "path";
        /// The owning user.
        user: NodeUser = "user";
        /// Permission bits, in octal with a leading zero.
        mode: Option<i64> = "mode";
    }
    /// A file.
    pub File {
        /// The owning group.
        group: NodeGroup = "group";
        /// Whether an existing file is replaced.
        overwrite: Option<bool> = "overwrite";
        /// The absolute path.
        path: String = "path";
        /// The owning user.
        user: NodeUser = "user";
        /// Fragments that are appended.
        append: Vec<Resource> = "append";
        /// The contents.
        contents: Resource = "contents";
        /// Permission bits, in octal with a leading zero.
        mode: Option<i64> = "mode";
    }
    /// A link.
    pub Link {
        /// The owning group.
        group: NodeGroup = "group";
        /// Whether something else at the path is removed.
        overwrite: Option<bool> = "overwrite";
        /// The absolute path.
        path: String = "path";
        /// The owning user.
        user: NodeUser = "user";
        /// Whether it is a hard link.
        hard: Option<bool> = "hard";
        /// Where it leads.
        target: Option<String> = "target";
    }
    /// A directory tree below the files directory that is copied.
    pub Tree {
        /// The owning group of everything in it.
        group: NodeGroup = "group" since 7;
        /// The tree's root below the files directory.
        local: String = "local";
        /// Where it is copied to; `/` if unset.
        path: Option<String> = "path";
        /// The owning user of everything in it.
        user: NodeUser = "user" since 7;
        /// Permission bits of the files.
        file_mode: Option<i64> = "file_mode" since 7;
        /// Permission bits of the directories.
        dir_mode: Option<i64> = "dir_mode" since 7;
    }
    /// An owning user, by number or by name.
    pub NodeUser {
        /// The number.
        id: Option<i64> = "id";
        /// The name.
        name: Option<String> = "name";
    }
    /// An owning group, by number or by name.
    pub NodeGroup {
        /// The number.
        id: Option<i64> = "id";
        /// The name.
        name: Option<String> = "name";
    }
    /// A disk.
    pub Disk {
        /// The device path.
        device: String = "device";
        /// The partitions.
        partitions: Vec<Partition> = "partitions";
        /// Whether the partition table is erased first.
        wipe_table: Option<bool> = "wipe_table";
    }
    /// A partition.
    pub Partition {
        /// The GUID.
        guid: Option<String> = "guid";
        /// The label.
        label: Option<String> = "label";
        /// The number; 0 is the next free one.
        number: i64 = "number";
        /// Whether an existing partition may be resized.
        resize: Option<bool> = "resize" since 3;
        /// `false` deletes the partition.
        should_exist: Option<bool> = "should_exist";
        /// The size; 0 is as large as possible.
        size_mib: Option<i64> = "size_mib";
        /// The start; 0 is as early as possible.
        start_mib: Option<i64> = "start_mib";
        /// The GUID of the type.
        type_guid: Option<String> = "type_guid";
        /// Whether an existing, different partition is replaced.
        wipe_partition_entry: Option<bool> = "wipe_partition_entry";
    }
    /// A file system.
    pub Filesystem {
        /// The device path.
        device: String = "device";
        /// The format.
        format: Option<String> = "format";
        /// The label.
        label: Option<String> = "label";
        /// Options of mount.
        mount_options: Vec<String> = "mount_options" since 2;
        /// Options of mkfs.
        options: Vec<String> = "options";
        /// Where it is mounted.
        path: Option<String> = "path";
        /// The UUID.
        uuid: Option<String> = "uuid";
        /// Whether an existing file system is erased.
        wipe_filesystem: Option<bool> = "wipe_filesystem";
        /// Whether a mount (or swap) unit is generated.
        with_mount_unit: Option<bool> = "with_mount_unit" since 2;
    }
    /// An encrypted volume.
    pub Luks {
        /// Unlocking by an IBM CEX card.
        cex: Cex = "cex" since 6;
        /// Unlocking by Clevis.
        clevis: Clevis = "clevis";
        /// The device path.
        device: Option<String> = "device";
        /// Whether discards pass through.
        discard: Option<bool> = "discard" since 5;
        /// The key.
        key_file: Resource = "key_file";
        /// The label.
        label: Option<String> = "label";
        /// The name of the opened device.
        name: String = "name";
        /// Options of opening.
        open_options: Vec<String> = "open_options" since 5;
        /// Options of formatting.
        options: Vec<String> = "options";
        /// The UUID.
        uuid: Option<String> = "uuid";
        /// Whether an existing volume is erased.
        wipe_volume: Option<bool> = "wipe_volume";
    }
    /// Unlocking by an IBM CEX card.
    pub Cex {
        /// Whether it is used.
        enabled: Option<bool> = "enabled";
    }
    /// Unlocking by Clevis.
    pub Clevis {
        /// A pin of one's own.
        custom: ClevisCustom = "custom";
        /// Tang servers.
        tang: Vec<Tang> = "tang";
        /// How many pins are needed.
        threshold: Option<i64> = "threshold";
        /// Whether the TPM is a pin.
        tpm2: Option<bool> = "tpm2";
    }
    /// A Clevis pin of one's own.
    pub ClevisCustom {
        /// Its configuration, JSON text.
        config: Option<String> = "config";
        /// Whether it needs the network.
        needs_network: Option<bool> = "needs_network";
        /// Its name.
        pin: Option<String> = "pin";
    }
    /// A Tang server.
    pub Tang {
        /// The thumbprint of its key.
        thumbprint: Option<String> = "thumbprint";
        /// The URL.
        url: String = "url";
        /// The advertisement, JSON text.
        advertisement: Option<String> = "advertisement" since 5;
    }
    /// A software RAID array.
    pub Raid {
        /// The member devices.
        devices: Vec<String> = "devices" go "Device";
        /// The level.
        level: Option<String> = "level";
        /// The name.
        name: String = "name";
        /// Options of mdadm.
        options: Vec<String> = "options";
        /// How many members are spares.
        spares: Option<i64> = "spares";
    }
}
