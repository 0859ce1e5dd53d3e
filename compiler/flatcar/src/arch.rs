//! Processor architectures and the Azure VM sizes that have them.
//!
//! Owns: the names of an architecture in each neighbour's words, and the reading of VM size names. Must not: list sizes (`azure` does). Azure adds sizes
//! every month; the name's grammar (family, vCPUs, features, accelerator, version) is stable.

use std::fmt;

/// A processor architecture Flatcar runs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Architecture {
    /// 64-bit x86.
    #[default]
    Amd64,
    /// 64-bit Arm.
    Arm64,
}

impl Architecture {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Amd64, Self::Arm64];

    /// The name in specs, Kubernetes and Flatcar: `amd64`, `arm64`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }

    /// The architecture of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|architecture| architecture.name() == name)
    }

    /// The name in the file names of the sysext bakery and in systemd's `%a`: `x86-64`, `arm64`.
    pub const fn bakery_name(self) -> &'static str {
        match self {
            Self::Amd64 => "x86-64",
            Self::Arm64 => "arm64",
        }
    }

    /// The name in Azure's image lists: `x64`, `Arm64`.
    pub const fn azure_name(self) -> &'static str {
        match self {
            Self::Amd64 => "x64",
            Self::Arm64 => "Arm64",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A VM size name taken apart: `Standard_E4-2ds_v5` is family `E`, 4 vCPUs of which 2 are usable, features `ds`, version 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VmSize<'a> {
    /// The letters before the number, as written: `D`, `DC`, `NC`, `DS`.
    pub family: &'a str,
    /// The number after the family: the vCPUs of almost every size (see [`VmSize::vcpus`]).
    pub number: u32,
    /// The number of usable vCPUs of a constrained size.
    pub constrained: Option<u32>,
    /// The letters after the number, as written: `ads`, `pls`.
    pub features: &'a str,
    /// The parts between features and version: accelerators (`A100`), memory capacities (`3`), and the like.
    pub extras: &'a str,
    /// The number after `_v`.
    pub version: Option<u32>,
}

impl<'a> VmSize<'a> {
    /// Takes a name apart; `None` if it does not follow the grammar of VM sizes. Azure ignores case, so does this.
    pub fn parse(name: &'a str) -> Option<Self> {
        let (tier, rest) = name.split_once('_')?;
        if !tier.eq_ignore_ascii_case("Standard") && !tier.eq_ignore_ascii_case("Basic") {
            return None;
        }
        let (head, tail) = rest.split_once('_').map_or((rest, None), |(head, tail)| (head, Some(tail)));
        let (family, head) = head.split_at(head.find(|c: char| !c.is_ascii_alphabetic())?);
        let (number, head) = leading_number(head)?;
        let (constrained, features) = match head.strip_prefix('-') {
            Some(head) => leading_number(head).map(|(number, head)| (Some(number), head))?,
            None => (None, head),
        };
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric());
        if family.is_empty() || !features.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let tail = match tail {
            Some(tail) if tail.split('_').all(is_word) => strip_promo(tail),
            Some(_) => return None,
            None => "",
        };
        let (extras, last) = tail.rsplit_once('_').unwrap_or(("", tail));
        let version = version_number(last);
        Some(Self {
            family,
            number,
            constrained,
            features,
            extras: if version.is_some() { extras } else { tail },
            version,
        })
    }

    /// The architecture: the feature letter `p` marks Arm64 sizes (Dpsv5, Dpdsv6, Dplsv5, Epsv6, Bpsv2 and the rest).
    pub fn architecture(&self) -> Architecture {
        if self.has_feature('p') { Architecture::Arm64 } else { Architecture::Amd64 }
    }

    /// The usable vCPUs; `None` for the old sizes whose number is only a rank (A, D, DS, G, GS of the first generations).
    pub fn vcpus(&self) -> Option<u32> {
        let is_family = |names: &[&str]| names.iter().any(|name| self.family.eq_ignore_ascii_case(name));
        let is_rank = match self.version {
            None => is_family(&["A", "D", "DS", "G", "GS"]),
            Some(2) => is_family(&["D", "DS"]),
            Some(_) => false,
        };
        if let Some(usable) = self.constrained {
            return Some(usable);
        }
        (!is_rank).then_some(self.number)
    }

    /// Whether premium disks (`Premium_LRS`, `PremiumV2_LRS`) can be attached: the feature letter `s`, or the old families DS and GS.
    pub fn supports_premium_disks(&self) -> bool {
        self.has_feature('s') || ["DS", "GS"].iter().any(|family| self.family.eq_ignore_ascii_case(family))
    }

    /// Whether the size has a local temporary disk, which an ephemeral OS disk may need. Known only where the letter `d` decides: D, E, DC and EC from version 5.
    pub fn has_local_disk(&self) -> Option<bool> {
        let is_lettered = ["D", "E", "DC", "EC"].iter().any(|family| self.family.eq_ignore_ascii_case(family));
        (is_lettered && self.version.is_some_and(|version| version >= 5)).then(|| self.has_feature('d'))
    }

    fn has_feature(&self, letter: char) -> bool {
        self.features.chars().any(|c| c.eq_ignore_ascii_case(&letter))
    }
}

/// The architecture of a VM size; `None` if the name is not a VM size.
pub fn vm_architecture(vm_size: &str) -> Option<Architecture> {
    VmSize::parse(vm_size).map(|size| size.architecture())
}

/// Whether the name follows the grammar of VM sizes. Says nothing about whether Azure has it.
pub fn vm_size_is_well_formed(vm_size: &str) -> bool {
    VmSize::parse(vm_size).is_some()
}

fn leading_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

fn strip_promo(tail: &str) -> &str {
    match tail.rsplit_once('_') {
        Some((rest, last)) if last.eq_ignore_ascii_case("Promo") => rest,
        None if tail.eq_ignore_ascii_case("Promo") => "",
        _ => tail,
    }
}

fn version_number(word: &str) -> Option<u32> {
    let digits = word.strip_prefix(['v', 'V'])?;
    // `V620` is an accelerator; no size has a version of three digits.
    if digits.is_empty() || digits.len() > 2 { None } else { digits.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(name: &str) -> VmSize<'_> {
        VmSize::parse(name).unwrap_or_else(|| panic!("{name} is a VM size"))
    }

    #[test]
    fn names_are_taken_apart() {
        let parts = |name| {
            let VmSize { family, number, constrained, features, extras, version } = size(name);
            (family, number, constrained, features, extras, version)
        };
        assert_eq!(parts("Standard_D4s_v5"), ("D", 4, None, "s", "", Some(5)));
        assert_eq!(parts("Standard_E4-2ds_v5"), ("E", 4, Some(2), "ds", "", Some(5)));
        assert_eq!(parts("Standard_B2s"), ("B", 2, None, "s", "", None));
        assert_eq!(parts("Standard_NC24ads_A100_v4"), ("NC", 24, None, "ads", "A100", Some(4)));
        assert_eq!(parts("Standard_M128-32bds_3_v3"), ("M", 128, Some(32), "bds", "3", Some(3)));
        assert_eq!(parts("Standard_D2_v2_Promo"), ("D", 2, None, "", "", Some(2)));
        assert_eq!(parts("Standard_NG8ads_V620_v1"), ("NG", 8, None, "ads", "V620", Some(1)));
    }

    #[test]
    fn other_texts_are_not_sizes() {
        for name in [
            "",
            "D4s_v5",
            "Standard_",
            "Standard_Ds_v5",
            "Standard_4s_v5",
            "Standard_D4s_",
            "Standard_D4s v5",
            "Standard_D4s-v5",
            "Standard_D4-_v5",
            "Standard_D4s_v5é",
        ] {
            assert!(!vm_size_is_well_formed(name), "{name}");
        }
    }

    #[test]
    fn the_letter_p_after_the_number_means_arm() {
        for name in [
            "Standard_D4ps_v5",
            "Standard_D8pds_v6",
            "Standard_D2pls_v5",
            "Standard_D2plds_v6",
            "Standard_E4ps_v6",
            "Standard_B2pts_v2",
            "standard_d4ps_v5",
        ] {
            assert_eq!(vm_architecture(name), Some(Architecture::Arm64), "{name}");
        }
        for name in ["Standard_D4s_v5", "Standard_NP10s", "Standard_PB6s", "Standard_DC4as_v5", "Standard_D2_v2_Promo"]
        {
            assert_eq!(vm_architecture(name), Some(Architecture::Amd64), "{name}");
        }
    }

    #[test]
    fn vcpus_are_told_where_the_name_tells_them() {
        assert_eq!(size("Standard_D4s_v5").vcpus(), Some(4));
        assert_eq!(size("Standard_E4-2ds_v5").vcpus(), Some(2));
        assert_eq!(size("Standard_B1ms").vcpus(), Some(1));
        assert_eq!(size("Standard_DS13_v2").vcpus(), None);
        assert_eq!(size("Standard_DS13-2_v2").vcpus(), Some(2));
        assert_eq!(size("Standard_A2m_v2").vcpus(), Some(2));
        assert_eq!(size("Standard_A2").vcpus(), None);
    }

    #[test]
    fn features_tell_the_disks() {
        assert!(size("Standard_D4s_v5").supports_premium_disks());
        assert!(size("Standard_DS2_v2").supports_premium_disks());
        assert!(!size("Standard_D4_v5").supports_premium_disks());
        assert_eq!(size("Standard_D4ds_v5").has_local_disk(), Some(true));
        assert_eq!(size("Standard_D4s_v5").has_local_disk(), Some(false));
        assert_eq!(size("Standard_D4s_v3").has_local_disk(), None);
    }
}
