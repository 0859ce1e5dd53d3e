//! The variants and versions of Butane.

use crate::ignition3;

/// A variant with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The variant.
    pub variant: Variant,
    /// Minor number of the version.
    pub minor: u8,
}

/// Whose machines the config is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// `flatcar`: 1.0.0, 1.1.0, 1.2.0-experimental.
    Flatcar,
    /// `fcos`: 1.0.0 to 1.7.0, 1.8.0-experimental.
    Fcos,
}

impl Version {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::flatcar(0),
        Self::flatcar(1),
        Self::flatcar(2),
        Self::fcos(0),
        Self::fcos(1),
        Self::fcos(2),
        Self::fcos(3),
        Self::fcos(4),
        Self::fcos(5),
        Self::fcos(6),
        Self::fcos(7),
        Self::fcos(8),
    ];

    /// Flatcar, by minor number.
    pub const fn flatcar(minor: u8) -> Self {
        Self { variant: Variant::Flatcar, minor }
    }

    /// Fedora CoreOS, by minor number.
    pub const fn fcos(minor: u8) -> Self {
        Self { variant: Variant::Fcos, minor }
    }

    /// The version as users write it.
    pub const fn as_str(self) -> &'static str {
        match (self.variant, self.minor) {
            (Variant::Flatcar, 2) => "1.2.0-experimental",
            (Variant::Fcos, 8) => "1.8.0-experimental",
            (_, 0) => "1.0.0",
            (_, 1) => "1.1.0",
            (_, 2) => "1.2.0",
            (_, 3) => "1.3.0",
            (_, 4) => "1.4.0",
            (_, 5) => "1.5.0",
            (_, 6) => "1.6.0",
            _ => "1.7.0",
        }
    }

    /// The variant as users write it.
    pub const fn variant_str(self) -> &'static str {
        match self.variant {
            Variant::Flatcar => "flatcar",
            Variant::Fcos => "fcos",
        }
    }

    /// Whether its meaning may still change.
    pub fn is_experimental(self) -> bool {
        self.as_str().ends_with("-experimental")
    }

    /// The version that the original's code shares between the variants; the tables count in it.
    pub(super) const fn base(self) -> u8 {
        match (self.variant, self.minor) {
            (Variant::Flatcar, 0) => 4,
            (Variant::Flatcar, 1) => 5,
            (Variant::Flatcar, _) => 8,
            (Variant::Fcos, 0) => 1,
            (Variant::Fcos, 1) => 2,
            (Variant::Fcos, 2) => 3,
            (Variant::Fcos, minor) => minor,
        }
    }

    /// Whether `boot_device` and, later, `grub` exist.
    pub(super) const fn has_boot_device(self) -> bool {
        matches!(self.variant, Variant::Fcos) && self.minor >= 3
    }

    /// The version of the Ignition config that comes out.
    pub const fn ignition(self) -> ignition3::Version {
        match self.base() {
            1 => ignition3::Version::V3_0,
            2 => ignition3::Version::V3_1,
            3 => ignition3::Version::V3_2,
            4 => ignition3::Version::V3_3,
            5 => ignition3::Version::V3_4,
            6 => ignition3::Version::V3_5,
            7 => ignition3::Version::V3_6,
            _ => ignition3::Version::V3_7Experimental,
        }
    }
}

/// The Go name of a type, for error texts.
pub(super) fn go_name(name: &str, base: u8) -> String {
    let package = match (name, base) {
        ("BootDevice" | "BootDeviceLuks" | "BootDeviceMirror" | "Grub" | "GrubUser" | "FcosConfig", 8..) => "v1_8_exp",
        ("BootDevice" | "BootDeviceLuks" | "BootDeviceMirror" | "Grub" | "GrubUser" | "FcosConfig", base) => {
            return format!("v1_{base}.{}", if name == "FcosConfig" { "Config" } else { name });
        }
        (_, 8..) => "v0_8_exp",
        (_, base) => return format!("v0_{base}.{}", base_name(name)),
    };
    format!("{package}.{}", base_name(name))
}

fn base_name(name: &str) -> &str {
    match name {
        "FcosConfig" => "Config",
        "Reference" => "Resource",
        "HttpHeader" => "HTTPHeader",
        "Tls" => "TLS",
        name => name,
    }
}
