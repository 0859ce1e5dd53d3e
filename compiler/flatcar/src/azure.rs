//! Sizes of virtual machines and regions of Azure's public cloud.
//!
//! Owns: reading `facts/vm-sizes.txt` and `facts/azure-regions.txt`. Must not: guess. What is not recorded of a size is `None`; what its name tells, `arch` reads.

use flatwright_kubernetes::table::{Row, Table};

use crate::subscription::{Sku, Subscription};

/// Sizes by name, and what their families have in common.
pub static SIZES: Table = Table::new(include_str!("../../../facts/vm-sizes.txt"));

/// Regions by name.
pub static REGIONS: Table = Table::new(include_str!("../../../facts/azure-regions.txt"));

/// A size, with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Its name as Azure writes it.
    pub name: &'static str,
    facts: Facts,
}

/// Where the facts about a size come from.
#[derive(Clone, Copy, Debug)]
enum Facts {
    /// What was recorded of it or of its family.
    Recorded { row: Row, family: Option<Row> },
    /// What the subscription's list says.
    Listed(&'static Sku),
}

/// Where an ephemeral OS disk can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In the cache of the host.
    Cache,
    /// On the temporary disk.
    Resource,
    /// On a local NVMe disk.
    Nvme,
}

impl Placement {
    /// In the order in which Azure chooses.
    pub const ALL: [Self; 3] = [Self::Cache, Self::Resource, Self::Nvme];

    /// The word of Azure's API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cache => "CacheDisk",
            Self::Resource => "ResourceDisk",
            Self::Nvme => "NvmeDisk",
        }
    }

    /// The placement of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|placement| placement.word() == word)
    }

    const fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Cache => ("cache", "cache"),
            Self::Resource => ("resource", "temp"),
            Self::Nvme => ("nvme", "nvme"),
        }
    }
}

impl Size {
    /// The size of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::read(SIZES.section("sizes").row(name)?)
    }

    /// The size whose name differs in the case of letters only: Azure's provider compares names to the letter.
    pub fn in_other_case(name: &str) -> Option<&'static str> {
        Self::names().find(|known| known.eq_ignore_ascii_case(name) && *known != name)
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        SIZES.section("sizes").rows().map(|row| row.name)
    }

    fn read(row: Row) -> Option<Self> {
        let family =
            row.words().next().filter(|family| *family != "-").and_then(|family| SIZES.section("families").row(family));
        Some(Self { name: row.name, facts: Facts::Recorded { row, family } })
    }

    /// The size of this name in a subscription's list.
    pub fn listed(subscription: &'static Subscription, name: &str) -> Option<Self> {
        let sku = subscription.sku(name)?;
        Some(Self { name: sku.name(), facts: Facts::Listed(sku) })
    }

    /// A truth: by the key of the table, or by the name of the capability.
    fn truth(self, key: &str, capability: &str) -> Option<bool> {
        match self.facts {
            Facts::Recorded { row, family } => fact(row, family, key).map(|value| value == "yes"),
            Facts::Listed(sku) => sku.truth(capability),
        }
    }

    /// The most data disks.
    pub fn data_disks(self) -> Option<usize> {
        match self.facts {
            Facts::Recorded { row, .. } => row.value("disks")?.parse().ok(),
            Facts::Listed(sku) => usize::try_from(sku.number("MaxDataDiskCount")?).ok(),
        }
    }

    /// Whether machines of a generation of the hypervisor can be made: 1 or 2.
    pub fn has_generation(self, generation: u32) -> Option<bool> {
        match self.facts {
            Facts::Recorded { row, family } => {
                lists(fact(row, family, "gen")?, if generation == 1 { "1" } else { "2" })
            }
            Facts::Listed(sku) => sku.lists("HyperVGenerations", if generation == 1 { "V1" } else { "V2" }),
        }
    }

    /// Whether disks are attached by NVMe only, so that there are no SCSI devices.
    pub fn is_nvme_only(self) -> Option<bool> {
        match self.facts {
            Facts::Recorded { row, family } => {
                fact(row, family, "controllers").map(|controllers| controllers == "nvme")
            }
            Facts::Listed(sku) => {
                Some(sku.lists("DiskControllerTypes", "NVMe")? && !sku.lists("DiskControllerTypes", "SCSI")?)
            }
        }
    }

    /// Whether premium disks can be attached.
    pub fn premium(self) -> Option<bool> {
        self.truth("premium", "PremiumIO")
    }

    /// Whether disks can be encrypted at the host.
    pub fn host_encryption(self) -> Option<bool> {
        self.truth("host-encryption", "EncryptionAtHostSupported")
    }

    /// Whether there is accelerated networking.
    pub fn accelerated(self) -> Option<bool> {
        self.truth("accelerated", "AcceleratedNetworkingEnabled")
    }

    /// Whether spot machines can be made.
    pub fn spot(self) -> Option<bool> {
        self.truth("spot", "LowPriorityCapable")
    }

    /// Whether an ephemeral OS disk can be in a place.
    pub fn has_placement(self, placement: Placement) -> Option<bool> {
        match self.facts {
            Facts::Recorded { row, family } => lists(fact(row, family, "ephemeral")?, placement.keys().0),
            Facts::Listed(sku) if sku.truth("EphemeralOSDiskSupported") == Some(false) => Some(false),
            Facts::Listed(sku) => sku.lists("SupportedEphemeralOSDiskPlacements", placement.word()),
        }
    }

    /// The GiB of a place for an ephemeral OS disk.
    pub fn room(self, placement: Placement) -> Option<u64> {
        match (self.facts, placement) {
            (Facts::Recorded { row, .. }, placement) => row.value(placement.keys().1)?.parse().ok(),
            (Facts::Listed(sku), Placement::Cache) => Some(sku.number("CachedDiskBytes")? >> 30),
            (Facts::Listed(sku), Placement::Resource) => Some(sku.number("MaxResourceVolumeMB")? >> 10),
            (Facts::Listed(sku), Placement::Nvme) => Some(sku.number("NvmeDiskSizeInMiB")? >> 10),
        }
    }
}

fn fact(row: Row, family: Option<Row>, key: &str) -> Option<&'static str> {
    row.value(key).or_else(|| family?.value(key))
}

#[expect(clippy::unnecessary_wraps, reason = "the callers' results are options")]
fn lists(list: &str, word: &str) -> Option<bool> {
    Some(list.split(',').any(|one| one == word))
}

/// A region.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    row: Row,
}

impl Region {
    /// The region of this name.
    pub fn of(name: &str) -> Option<Self> {
        REGIONS.section("regions").row(name).map(|row| Self { row })
    }

    /// The names of those in which something can be made.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        REGIONS.section("regions").rows().filter(|row| !row.has("logical")).map(|row| row.name)
    }

    /// Whether it is a group of regions, in which nothing can be made.
    pub fn is_logical(self) -> bool {
        self.row.has("logical")
    }

    /// Its availability zones.
    pub fn zones(self) -> impl Iterator<Item = &'static str> {
        self.row.value("zones").unwrap_or_default().split(',').filter(|zone| !zone.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch::{Architecture, VmSize, vm_architecture};

    fn size(name: &str) -> Size {
        Size::of(name).unwrap()
    }

    #[test]
    fn sizes_have_what_their_family_has() {
        let known = size("Standard_E2ds_v5");
        assert_eq!(
            (known.data_disks(), known.room(Placement::Cache), known.has_placement(Placement::Nvme)),
            (Some(4), Some(50), Some(false))
        );
        assert_eq!(size("Standard_D4ds_v6").is_nvme_only(), Some(true));
        assert_eq!(size("Standard_D4s_v5").has_placement(Placement::Cache), Some(false));
        assert_eq!(size("Standard_D2_v3").has_generation(2), Some(false));
        assert_eq!(size("Standard_M8-2ms").premium(), Some(true));
        assert_eq!(size("Standard_HB120rs_v3").spot(), None);
        assert_eq!(Size::in_other_case("standard_d4s_v5"), Some("Standard_D4s_v5"));
        assert!(Size::of("Standard_D5s_v5").is_none() && Size::in_other_case("Standard_D4s_v5").is_none());
    }

    #[test]
    fn every_row_is_of_the_form_that_the_head_explains() {
        assert!(Size::names().count() > 1_000);
        for row in SIZES.section("sizes").rows() {
            assert!(VmSize::parse(row.name).is_some(), "{}", row.name);
            let architecture = row.words().nth(2).and_then(Architecture::from_name);
            assert_eq!(architecture, vm_architecture(row.name), "{}", row.name);
        }
        for row in SIZES.section("families").rows() {
            assert!(row.value("gen").is_some() && row.value("ephemeral").is_some(), "{}", row.name);
        }
    }

    #[test]
    fn regions_have_zones() {
        assert_eq!(Region::of("westeurope").unwrap().zones().collect::<Vec<_>>(), ["1", "2", "3"]);
        assert_eq!(Region::of("westus").unwrap().zones().count(), 0);
        assert!(Region::of("europe").unwrap().is_logical() && Region::of("westeurop").is_none());
        assert!(Region::names().all(|name| name != "europe"));
    }
}
