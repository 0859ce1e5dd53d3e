//! Virtual machines that CAPZ admits and Azure refuses, and manifests that can be applied once only.

use std::collections::BTreeSet;

use flatwright_diagnostic::{Fix, Rule};

use crate::check::{Check, name};
use crate::field::Field;
use crate::traps::{azure_size, flatcar_image};
use flatwright_kubernetes::{Quantity, is_placeholder};

/// Values of a machine that Azure refuses.
#[derive(Debug, Rule)]
#[rule(group = "manifest-azure-value")]
pub(crate) enum MachineValue {
    /// A machine without a size.
    #[rule("missing-vm-size", "`vmSize` is missing")]
    MissingSize,
    /// A size that is not written as Azure writes them.
    #[rule("vm-size-syntax", "`{size}` is not built like the name of a VM size")]
    SizeSyntax { size: String },
    /// A system that CAPZ does not know.
    #[rule("unknown-os-type", "`{kind}` is not an OS type that CAPZ knows")]
    OsType { kind: String },
    /// Storage that cannot start a machine.
    #[rule("premium-v2-os-disk", "`PremiumV2_LRS` cannot be an OS disk")]
    PremiumV2Os,
    /// An identity without an id.
    #[rule("empty-identity-id", "a user-assigned identity has an empty `providerID`")]
    EmptyIdentity,
    /// Data disks of a pool with one unit number.
    #[rule("duplicate-pool-disk-lun", "two data disks have the `lun` `{lun}`")]
    DuplicateLun { lun: i64 },
}

/// Templates that can be applied once only.
#[derive(Debug, Rule)]
#[rule(group = "manifest-second-apply")]
pub(crate) enum SecondApply {
    /// A key that the webhook makes up, anew each time.
    #[rule("empty-ssh-public-key", "an empty `sshPublicKey` makes every later apply of this manifest fail")]
    EmptyKey,
    /// A setting that the webhook moves.
    #[rule("setting-moved-into-interface", "top-level `{field}` makes every later apply of this manifest fail")]
    Moved { field: &'static str },
    /// A quantity that the server writes in another way.
    #[rule(
        "quantity-not-canonical",
        "`{field}: {value}` is stored as `{canonical}`, which makes every later apply of this manifest fail"
    )]
    Quantity { field: String, value: String, canonical: String },
}

/// The quantities of Azure's templates, which cannot change.
const MACHINE_QUANTITY: &str = "spotVMOptions.maxPrice";
const BACK_OFFS: [&str; 2] = ["cloudProviderBackoffExponent", "cloudProviderBackoffJitter"];
const RATE_LIMITS: [&str; 2] = ["cloudProviderRateLimitQPS", "cloudProviderRateLimitQPSWrite"];

pub(crate) fn template(check: &mut Check<'_>, machine: &Field<'_>) {
    common(check, machine, &machine.get("userAssignedIdentities"));
    second_apply(check, machine);
    canonical(check, &machine.get(MACHINE_QUANTITY));
}

/// The quantities of an `AzureClusterTemplate`.
pub(crate) fn cluster_template(check: &mut Check<'_>, object: &Field<'_>) {
    let overrides = object.get("spec.template.spec.cloudProviderConfigOverrides");
    BACK_OFFS.iter().for_each(|key| canonical(check, &overrides.get("backOffs").get(key)));
    for limit in overrides.get("rateLimits").items() {
        RATE_LIMITS.iter().for_each(|key| canonical(check, &limit.get("config").get(key)));
    }
}

fn canonical(check: &mut Check<'_>, field: &Field<'_>) {
    let Some(text) = field.text() else { return };
    if let Some(canonical) = Quantity::canonical(text).filter(|canonical| canonical != text) {
        check
            .warn(field, &SecondApply::Quantity { field: name(field), value: field.shown(), canonical: canonical.clone() })
            .note("the webhook writes quantities in their canonical form, and then takes the manifest for a change of the template")
            .fix(Fix::rewrite(text, format!("\"{canonical}\"")));
    }
}

pub(crate) fn pool(check: &mut Check<'_>, object: &Field<'_>) {
    let machine = object.get("spec.template");
    common(check, &machine, &object.get("spec.userAssignedIdentities"));
    super::azure_cluster::location(check, &object.get("spec.location"));
    let mut luns = BTreeSet::new();
    for disk in machine.get("dataDisks").items() {
        let lun = disk.get("lun");
        if let Some(number) = lun.int()
            && !luns.insert(number)
        {
            check
                .refuse(&lun, &MachineValue::DuplicateLun { lun: number })
                .note("the webhook does not look at a pool's data disks; Azure refuses the scale set")
                .hint("give each data disk its own `lun`");
        }
    }
}

fn common(check: &mut Check<'_>, machine: &Field<'_>, identities: &Field<'_>) {
    size(check, &machine.get("vmSize"));
    let os = machine.get("osDisk.osType");
    if os.text().is_some_and(|text| !is_placeholder(text) && !matches!(text, "Linux" | "Windows" | "")) {
        check.warn(&os, &MachineValue::OsType { kind: os.shown() }).hint("write `osType: Linux`");
    }
    let storage = machine.get("osDisk.managedDisk.storageAccountType");
    if storage.holds("PremiumV2_LRS") {
        check
            .refuse(&storage, &MachineValue::PremiumV2Os)
            .note("admission lets it pass; Azure refuses to create the machine")
            .hint("use `Premium_LRS` for the OS disk");
    }
    for identity in identities.items() {
        let id = identity.get("providerID");
        if id.is_blank() {
            check
                .refuse(&id, &MachineValue::EmptyIdentity)
                .hint("write `/subscriptions/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME`");
        }
    }
    flatcar_image::check(check, machine);
    azure_size::check(check, machine);
}

fn size(check: &mut Check<'_>, size: &Field<'_>) {
    if size.is_blank() {
        check
            .refuse(size, &MachineValue::MissingSize)
            .note("the webhook hides its absence from the CRD; the machine then fails at Azure")
            .hint("set a size such as `Standard_D4s_v5`");
    } else if let Some(text) = size.text().filter(|text| !is_placeholder(text))
        && !flatwright_flatcar::arch::vm_size_is_well_formed(text)
    {
        check
            .warn(size, &MachineValue::SizeSyntax { size: size.shown() })
            .hint("write it as Azure does, such as `Standard_D4s_v5`");
    }
}

/// Only templates are immutable, so only they cannot be applied twice.
fn second_apply(check: &mut Check<'_>, machine: &Field<'_>) {
    let key = machine.get("sshPublicKey");
    if key.holds("") {
        check
            .warn(&key, &SecondApply::EmptyKey)
            .note("the webhook writes a new random key for an empty one, and then refuses the change of the template")
            .hint("remove `sshPublicKey`, or set it")
            .fix(Fix::remove_empty("sshPublicKey"));
    }
    for name in ["subnetName", "acceleratedNetworking"] {
        let field = machine.get(name);
        if field.is_set() && !field.holds("") && machine.get("networkInterfaces").len() == 0 {
            check
                .warn(&field, &SecondApply::Moved { field: name })
                .note("the webhook moves it into `networkInterfaces`, and then refuses it there and here")
                .hint(format!("write `networkInterfaces: [{{{name}: {}, privateIPConfigs: 1}}]`", field.shown()));
        }
    }
}
