//! Refusals that have no rule of the spec behind them: what only an answer can get wrong.
//!
//! Owns: the rules and their words. Must not: repeat what the spec's own rules say.

use flatwright_diagnostic::Rule;

/// A value that this version would lose, or that only whoever answers could have written.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "plugin-value")]
pub(crate) enum PluginValue {
    /// A value without the form that the field has in a spec.
    #[rule("plugin-value-malformed", "{problem}")]
    Malformed {
        /// What is wrong with it.
        problem: String,
    },
    /// A variant that a later version of the interface may have.
    #[rule("plugin-value-of-unknown-kind", "`{kind}` is not a kind of {of}")]
    UnknownKind {
        /// The variant.
        kind: String,
        /// Of what.
        of: &'static str,
    },
    /// A setting that this version does not pass on.
    #[rule("plugin-setting-unknown", "this version has no such setting")]
    UnknownSetting,
    /// A value that whoever gets it does not take.
    #[rule("plugin-value-not-taken", "{why}")]
    NotTaken {
        /// Who does not take what.
        why: &'static str,
    },
    /// A name or path that is somebody else's.
    #[rule("plugin-value-reserved", "{whose}")]
    Reserved {
        /// Whose it is.
        whose: String,
    },
    /// A unit of systemd's that updates nothing where a unit of ours does.
    #[rule("plugin-stock-unit", "`{name}` does not update Kubernetes: `{ours}` does")]
    StockUnit {
        /// The unit of systemd's.
        name: String,
        /// The one that updates.
        ours: &'static str,
    },
    /// Two values for one label.
    #[rule("plugin-label-contradicts", "it is `{value}` in the kubelet's argument `node-labels`, and `{other}` here")]
    LabelContradicts {
        /// The value in the argument.
        value: String,
        /// The value of the label.
        other: String,
    },
}
