//! Rules of encrypted volumes.

use flatwright_diagnostic::Rule;

/// What Ignition says of encrypted volumes.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "ignition-config")]
pub enum Luks {
    /// A name with a slash.
    #[rule("luks-name-slash", "device names cannot contain slashes")]
    NameSlash,
    /// A label of more than 47 characters.
    #[rule("long-luks-label", "luks device labels cannot be longer than 47 characters")]
    LongLabel,
    /// Two ways to unlock that exclude each other.
    #[rule("cex-and-clevis", "cannot use cex with clevis")]
    CexAndClevis,
    /// A custom pin beside another.
    #[rule("custom-clevis-and-others", "cannot use custom clevis config with tpm2, tang, or threshold")]
    CustomAndOthers,
    /// A key file that cannot be fetched.
    #[rule("invalid-luks-key-file", "invalid key-file source")]
    KeyFile,
    /// A Tang server without a thumbprint.
    #[rule("missing-tang-thumbprint", "thumbprint is required")]
    NoThumbprint,
    /// An advertisement that is not JSON.
    #[rule("invalid-tang-advertisement", "advertisement is not valid JSON")]
    Advertisement,
    /// A custom config without a pin.
    #[rule("missing-clevis-pin", "missing required custom clevis pin")]
    NoPin,
    /// A pin that clevis does not have.
    #[rule("unknown-clevis-pin", "unsupported clevis pin")]
    UnknownPin,
    /// A custom pin without a config.
    #[rule("missing-clevis-config", "missing required custom clevis config")]
    NoConfig,
}
