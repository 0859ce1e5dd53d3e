//! Names: unique where they must be, and short enough once they are composed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Display;

use flatwright_diagnostic::{Origin, Report};

use super::{place, refuse};
use crate::rules::{DuplicateName, NameTooLong};
use crate::types::{FlatcarCluster, MachineProfile};

/// A MachineDeployment's name is also a label value.
const LONGEST_LABEL: usize = 63;

pub(super) fn check(document: &FlatcarCluster, report: &mut Report) {
    let spec = &document.spec;
    let cluster = document.metadata.name.as_str();
    for pool in &spec.pools {
        let length = cluster.len() + 1 + pool.name.as_str().len();
        if length > LONGEST_LABEL {
            let name = format!("{cluster}-{}", pool.name.as_str());
            refuse(report, pool.name.origin, &NameTooLong::Group { name, length, longest: LONGEST_LABEL })
                .label(place(document.metadata.name.origin), "the cluster's name is the prefix")
                .hint("shorten the pool's or the cluster's name");
        }
        if pool.name.as_str() == "control-plane" {
            refuse(report, pool.name.origin, &DuplicateName::ReservedPool).hint("choose another name, such as `md-0`");
        }
    }
    unique(report, "pool", spec.pools.iter().map(|pool| (pool.name.as_str(), pool.name.origin)));
    unique(
        report,
        "extension",
        spec.extensions.iter().map(|extension| (extension.name.as_str(), extension.name.origin)),
    );
    unique(report, "plugin", spec.plugins.iter().map(|plugin| (plugin.name.as_str(), plugin.name.origin)));
    if let Some(network) = &spec.azure.network {
        unique(report, "subnet", network.subnets.iter().map(|subnet| (subnet.name.as_str(), subnet.name.origin)));
    }
    let profiles = spec.machines.iter().map(|machines| &machines.profile);
    let profiles =
        profiles.chain(std::iter::once(&spec.control_plane.profile)).chain(spec.pools.iter().map(|pool| &pool.profile));
    for profile in profiles {
        check_profile(profile, report);
    }
}

fn check_profile(profile: &MachineProfile, report: &mut Report) {
    unique(report, "file path", profile.files.iter().map(|file| (file.path.as_str(), file.path.origin)));
    unique(report, "user", profile.users.iter().map(|user| (user.name.as_str(), user.name.origin)));
    unique(
        report,
        "extension",
        profile.extensions.iter().map(|extension| (extension.name.as_str(), extension.name.origin)),
    );
    unique(report, "mount point", profile.mounts.iter().map(|mount| (mount.path.as_str(), mount.path.origin)));
    if let Some(setup) = &profile.disk_setup {
        let filesystems = || setup.filesystems.iter();
        unique(report, "device", filesystems().map(|one| (one.device.as_str(), one.device.origin)));
        unique(report, "file-system label", filesystems().map(|one| (one.label.as_str(), one.label.origin)));
    }
    let taints = profile.taints.0.iter().flatten();
    unique(
        report,
        "taint",
        taints.map(|taint| (format!("{}:{}", taint.key.as_str(), taint.effect.value.word()), taint.key.origin)),
    );
    unique(
        report,
        "disk suffix",
        profile.data_disks.iter().map(|disk| (disk.name_suffix.as_str(), disk.name_suffix.origin)),
    );
}

fn unique<N: Ord + Display>(report: &mut Report, what: &'static str, names: impl Iterator<Item = (N, Origin)>) {
    let mut seen = BTreeMap::new();
    for (name, origin) in names {
        match seen.entry(name) {
            Entry::Vacant(free) => drop(free.insert(origin)),
            Entry::Occupied(first) => {
                refuse(report, origin, &DuplicateName::Repeated { what, name: first.key().to_string() })
                    .label(place(*first.get()), "it is used here first")
                    .hint("each needs a name of its own");
            }
        }
    }
}
