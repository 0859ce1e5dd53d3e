//! Rules of units and drop-ins.

use flatwright_diagnostic::Rule;
use flatwright_go::quote::quote;

use super::unit_text::UnitText;

/// What Ignition says of units.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "ignition-config")]
pub enum Unit {
    /// A name without the extension of a unit.
    #[rule("unit-extension", "invalid {program} unit extension")]
    Extension {
        /// `systemd` or `networkd`.
        program: &'static str,
    },
    /// A drop-in whose name does not end in `.conf`.
    #[rule("drop-in-extension", "invalid {program} drop-in extension")]
    DropInExtension {
        /// `systemd` or `networkd`.
        program: &'static str,
    },
    /// A text that systemd cannot read.
    #[rule("unreadable-unit", "invalid unit content: {_0}")]
    Contents(#[rule(debug)] UnitText),
    /// A unit that is enabled and says nowhere what wants it.
    #[rule(
        "enabled-without-install",
        "unit {} is enabled, but has no install section so enable does nothing",
        quote(name)
    )]
    NoInstall {
        /// The unit's name.
        name: String,
    },
    /// The same of an instance, whose template has the text.
    #[rule(
        "template-without-install",
        "template unit {} for {} doesn't have Install section",
        quote(template),
        quote(name)
    )]
    TemplateNoInstall {
        /// The template's name.
        template: String,
        /// The instance's name.
        name: String,
    },
}
