//! VM sizes: what a machine of that size cannot have.

use flatwright_diagnostic::{Report, Traced};
use flatwright_flatcar::arch;

use super::{place, refuse};
use crate::rules::{Conflict, InvalidValue};
use crate::types::{MachineProfile, ManagedDisk, VmSize};

/// What CAPZ and Azure refuse for the size alone, as far as its name tells.
pub(super) fn check(shared: Option<&MachineProfile>, own: &MachineProfile, size: &Traced<VmSize>, report: &mut Report) {
    let Some(known) = arch::VmSize::parse(size.as_str()) else { return };
    // CAPZ counts all processors of a constrained size, usable or not.
    if known.constrained.is_none() && known.vcpus() == Some(1) {
        refuse(report, size.origin, &InvalidValue::SingleProcessor { size: size.as_str().to_owned() })
            .hint("choose a size with two processors or more");
    }
    let disks = os_managed_disk(own).or(shared.and_then(os_managed_disk)).into_iter();
    let disks = disks.chain(own.data_disks.iter().filter_map(|disk| disk.managed_disk.as_ref()));
    for kind in disks.filter_map(|disk| disk.storage_account_type).filter(|kind| kind.value.is_premium()) {
        if !known.supports_premium_disks() {
            let rule = Conflict::PremiumDisk { size: size.as_str().to_owned(), disk_type: kind.value.word() };
            refuse(report, kind.origin, &rule)
                .label(place(size.origin), "the size is set here")
                .hint("choose a size with an `s` behind its number, such as `Standard_D4s_v5`, or `StandardSSD_LRS`");
        }
    }
}

fn os_managed_disk(profile: &MachineProfile) -> Option<&ManagedDisk> {
    profile.os_disk.as_ref()?.managed_disk.as_ref()
}
