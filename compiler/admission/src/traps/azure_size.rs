//! What a machine of a size cannot have, as far as the size is recorded: admission lets it pass, and Azure or its provider refuses it.

use flatwright_diagnostic::{Diagnostic, Fix, Part, Rule};
use flatwright_flatcar::azure::{Placement, SIZES, Size};
use flatwright_flatcar::offer::{self, PUBLISHER, Skus};

use crate::check::Check;
use crate::field::Field;
use flatwright_kubernetes::is_placeholder;

/// Sizes that there are not, and settings that a size does not have.
#[derive(Debug, Rule)]
#[rule(group = "azure-vm-size")]
pub(crate) enum AzureSize {
    /// A name that is in no table.
    #[rule("unknown-vm-size", "no VM size `{size}` is known")]
    Unknown { size: String },
    /// A name in other letters.
    #[rule("vm-size-case", "the VM size `{known}` is written `{size}`")]
    Case { size: String, known: &'static str },
    /// More disks than can be attached.
    #[rule("too-many-data-disks", "VM size `{size}` takes {most} data disks, and there are {count}")]
    DataDisks { size: &'static str, most: usize, count: usize },
    /// An OS disk in a place that is not there.
    #[rule("ephemeral-disk-place", "VM size `{size}` has no {place} for an ephemeral OS disk")]
    NoPlace { size: &'static str, place: &'static str },
    /// An OS disk in a place that is too small.
    #[rule("ephemeral-disk-room", "the {place} of VM size `{size}` has {room} GiB, and the ephemeral OS disk {disk}")]
    NoRoom { size: &'static str, place: &'static str, room: u64, disk: i64 },
    /// A cache that an OS disk on the host cannot have.
    #[rule("ephemeral-disk-caching", "an ephemeral OS disk has no caching `{caching}`")]
    Caching { caching: String },
    /// Encryption that the hosts do not have.
    #[rule("host-encryption-of-size", "VM size `{size}` has no encryption at host")]
    HostEncryption { size: &'static str },
    /// A network that the hosts do not have.
    #[rule("accelerated-networking-of-size", "VM size `{size}` has no accelerated networking")]
    Accelerated { size: &'static str },
    /// Machines that are not lent.
    #[rule("spot-of-size", "there are no spot machines of VM size `{size}`")]
    Spot { size: &'static str },
    /// Disks that cannot be attached.
    #[rule("premium-disk-of-size", "VM size `{size}` takes no `{disk}` disks")]
    Premium { size: &'static str, disk: String },
    /// An image of another generation of the hypervisor.
    #[rule("generation-of-size", "VM size `{size}` does not boot images of generation {generation}")]
    Generation { size: &'static str, generation: u32 },
}

const REFUSED: &str = "admission lets it pass; Azure refuses to create the machine";

pub(crate) fn check(check: &mut Check<'_>, machine: &Field<'_>) {
    let field = machine.get("vmSize");
    let Some(name) = field.text().filter(|name| !is_placeholder(name)) else { return };
    let Some(size) = check.options.size(name) else {
        unknown(check, &field, name);
        return;
    };
    let disks = machine.get("dataDisks");
    if let Some(most) = size.data_disks().filter(|most| *most < disks.len()) {
        let rule = AzureSize::DataDisks { size: size.name, most, count: disks.len() };
        refuse(check, &disks, &rule).hint("remove disks, or choose a size with more processors");
    }
    ephemeral(check, machine, size);
    let encryption = machine.get("securityProfile.encryptionAtHost");
    if encryption.is_true() && size.host_encryption() == Some(false) {
        refuse(check, &encryption, &AzureSize::HostEncryption { size: size.name })
            .hint("remove `encryptionAtHost`, or choose another size");
    }
    let interfaces = machine.get("networkInterfaces").items().map(|interface| interface.get("acceleratedNetworking"));
    for accelerated in interfaces.chain([machine.get("acceleratedNetworking")]).filter(Field::is_true) {
        if size.accelerated() == Some(false) {
            refuse(check, &accelerated, &AzureSize::Accelerated { size: size.name })
                .hint("remove `acceleratedNetworking`, or choose another size");
        }
    }
    let spot = machine.get("spotVMOptions");
    if spot.is_set() && size.spot() == Some(false) {
        refuse(check, &spot, &AzureSize::Spot { size: size.name })
            .hint("remove `spotVMOptions`, or choose another size");
    }
    let managed = disks.items().map(|disk| disk.get("managedDisk")).chain([machine.get("osDisk.managedDisk")]);
    for kind in managed.map(|disk| disk.get("storageAccountType")) {
        if kind.text().is_some_and(|text| text.starts_with("Premium")) && size.premium() == Some(false) {
            let rule = AzureSize::Premium { size: size.name, disk: kind.shown() };
            refuse(check, &kind, &rule).hint("choose `StandardSSD_LRS`, or a size with an `s` behind its number");
        }
    }
    generation(check, machine, size);
}

fn refuse<'c>(check: &'c mut Check<'_>, field: &Field<'_>, rule: &AzureSize) -> &'c mut Diagnostic {
    check.refuse(field, rule).note(REFUSED)
}

fn unknown(check: &mut Check<'_>, field: &Field<'_>, name: &str) {
    // What is not built like a size is told elsewhere.
    if !flatwright_flatcar::arch::vm_size_is_well_formed(name) {
        return;
    }
    let known = match check.options.listed() {
        Some(list) => list.names().find(|known| known.eq_ignore_ascii_case(name)),
        None => Size::in_other_case(name),
    };
    if let Some(known) = known {
        check
            .refuse(field, &AzureSize::Case { size: field.shown(), known })
            .note("the provider looks sizes up to the letter, and finds none")
            .hint(format!("write `{known}`"))
            .fix(Fix::rewrite(name, known));
        return;
    }
    if let Some(list) = check.options.listed() {
        check
            .warn(field, &AzureSize::Unknown { size: field.shown() })
            .note("the list of SKUs that was given does not have it")
            .did_you_mean(name, Part::Value, list.names());
        return;
    }
    check
        .warn(field, &AzureSize::Unknown { size: field.shown() })
        .note(format!("the table of sizes that was asked is of {}, and a newer one may know it", SIZES.day()))
        .did_you_mean(name, Part::Value, Size::names());
}

/// An OS disk on the host: in the place that is asked for, or in the first one that there is.
fn ephemeral(check: &mut Check<'_>, machine: &Field<'_>, size: Size) {
    let settings = machine.get("osDisk.diffDiskSettings");
    if !settings.get("option").holds("Local") {
        return;
    }
    let caching = machine.get("osDisk.cachingType");
    if caching.text().is_some_and(|kind| kind != "ReadOnly" && !is_placeholder(kind)) {
        refuse(check, &caching, &AzureSize::Caching { caching: caching.shown() }).hint("write `cachingType: ReadOnly`");
    }
    let asked = settings.get("placement");
    let disk = machine.get("osDisk.diskSizeGB");
    let fits = |placement: &Placement| {
        size.has_placement(*placement) != Some(false)
            && size.room(*placement).zip(disk.int()).is_none_or(|(room, disk)| i128::from(disk) <= i128::from(room))
    };
    let others: Vec<_> = Placement::ALL
        .into_iter()
        .filter(|placement| size.has_placement(*placement) == Some(true) && fits(placement))
        .map(Placement::word)
        .collect();
    let hint = |finding: &mut Diagnostic| {
        match others.as_slice() {
        [] => finding.hint("choose a size with a local disk of that size, such as one with `d` behind its number, or a managed OS disk").hints.len(),
        [first, ..] => finding.hint(format!("write `placement: {first}`")).hints.len(),
    }
    };
    match asked.text() {
        Some(word) => {
            let Some(placement) = Placement::from_word(word) else { return };
            if size.has_placement(placement) == Some(false) {
                hint(refuse(check, &asked, &AzureSize::NoPlace { size: size.name, place: place(placement) }));
            } else if let Some((room, disk_size)) = size.room(placement).zip(disk.int()).filter(|_| !fits(&placement)) {
                hint(refuse(
                    check,
                    &disk,
                    &AzureSize::NoRoom { size: size.name, place: place(placement), room, disk: disk_size },
                ));
            }
        }
        None if Placement::ALL.iter().all(|placement| size.has_placement(*placement) == Some(false)) => {
            let rule = AzureSize::NoPlace { size: size.name, place: "room" };
            hint(check.warn(&settings, &rule).note(REFUSED));
        }
        None => {}
    }
}

const fn place(placement: Placement) -> &'static str {
    match placement {
        Placement::Cache => "cache",
        Placement::Resource => "temporary disk",
        Placement::Nvme => "local NVMe disk",
    }
}

/// A marketplace image of Flatcar says its generation in its SKU.
fn generation(check: &mut Check<'_>, machine: &Field<'_>, size: Size) {
    let market = machine.get("image.marketplace");
    let sku = market.get("sku");
    let Some(text) = sku.text().filter(|text| market.get("publisher").holds(PUBLISHER) && !is_placeholder(text)) else {
        return;
    };
    let generation = match offer::offer(market.get("offer").text_or_empty()).map(|offer| offer.skus) {
        Some(Skus::BothGenerations) if !text.ends_with("-gen2") => 1,
        Some(Skus::BothGenerations | Skus::PlainGeneration2) => 2,
        _ => return,
    };
    if size.has_generation(generation) == Some(false) {
        let rule = AzureSize::Generation { size: size.name, generation };
        refuse(check, &machine.get("vmSize"), &rule).hint(if generation == 1 {
            "use the SKU with `-gen2` behind it, or another size"
        } else {
            "use a newer size, or the SKU without `-gen2`"
        });
    }
}
