//! What the name of a VM size says.

/// The processor architectures of Azure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Architecture {
    X64,
    Arm64,
}

impl Architecture {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::X64 => "x64",
            Self::Arm64 => "Arm64",
        }
    }

    /// The word in file names of system extensions.
    pub(crate) const fn sysext(self) -> &'static str {
        match self {
            Self::X64 => "x86-64",
            Self::Arm64 => "arm64",
        }
    }
}

/// The architecture of a size such as `Standard_D4ps_v5`: family in capitals, processors, constrained processors, features in small letters; the feature
/// `p` is Arm64. `None` if the name is not built like that.
pub(crate) fn architecture(size: &str) -> Option<Architecture> {
    let rest = size.strip_prefix("Standard_").or_else(|| size.strip_prefix("Basic_"))?;
    let family = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
    let rest = &rest[family..];
    let processors = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if family == 0 || processors == 0 {
        return None;
    }
    let mut rest = &rest[processors..];
    if let Some(constrained) = rest.strip_prefix('-') {
        rest = constrained.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let features: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
    let rest = &rest[features.len()..];
    if !rest.is_empty() && !rest.starts_with('_') {
        return None;
    }
    Some(if features.contains('p') { Architecture::Arm64 } else { Architecture::X64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feature_p_is_arm() {
        for arm in ["Standard_D4ps_v5", "Standard_E8pds_v6", "Standard_B2pts_v2", "Standard_D2plds_v5"] {
            assert_eq!(architecture(arm), Some(Architecture::Arm64), "{arm}");
        }
        for x64 in [
            "Standard_D4s_v5",
            "Standard_NP10s",
            "Standard_DS2_v2_Promo",
            "Standard_M8-2ms",
            "Standard_B2ms",
            "Standard_NC24ads_A100_v4",
            "Basic_A1",
        ] {
            assert_eq!(architecture(x64), Some(Architecture::X64), "{x64}");
        }
        for odd in ["D4s_v5", "standard_D4s_v5", "Standard_", "Standard_d4s_v5", ""] {
            assert_eq!(architecture(odd), None, "{odd}");
        }
    }
}
