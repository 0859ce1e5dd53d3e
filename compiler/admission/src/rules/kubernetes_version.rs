//! Kubernetes versions and upgrade steps, the same wherever they stand.

use flatwright_diagnostic::{Rule, Severity};

use crate::check::Check;
use crate::field::Field;
use flatwright_kubernetes::is_placeholder;
use flatwright_kubernetes::version::Release;

/// The most characters of a version in the CRDs of Cluster API.
const LONGEST: usize = 256;

/// A version that is refused, or a step that is.
#[derive(Debug, Rule)]
#[rule(group = "admission-kubernetes-version")]
pub(crate) enum KubernetesVersion {
    /// None at all.
    #[rule("missing-kubernetes-version", "the Kubernetes version is missing")]
    Missing,
    /// A text that is not a semantic version.
    #[rule("kubernetes-version-syntax", "`{version}` is not a full Kubernetes version")]
    Syntax { version: String },
    /// More characters than the CRDs take.
    #[rule("kubernetes-version-too-long", "the version has {length} characters, {LONGEST} are allowed")]
    TooLong { length: usize },
    /// A downgrade.
    #[rule("kubernetes-version-goes-down", "the version goes down from {from} to {to}")]
    Down { from: Release, to: Release },
    /// An upgrade that leaves out a minor.
    #[rule("kubernetes-version-skips-minor", "the version goes from {from} to {to}, more than one minor")]
    SkipsMinor { from: Release, to: Release },
}

/// A version field; where it may be absent, absence is fine.
pub(crate) fn version(check: &mut Check<'_>, field: &Field<'_>, is_needed: bool) {
    let text = field.text_or_empty();
    let is_judged = if field.is_blank() { is_needed } else { field.text().is_some() && !is_placeholder(text) };
    if is_judged && Release::parse(text).is_none() {
        let rule = if field.is_set() {
            KubernetesVersion::Syntax { version: field.shown() }
        } else {
            KubernetesVersion::Missing
        };
        check.refuse(field, &rule).hint("write all three numbers, such as `v1.34.2`");
    } else if text.len() > LONGEST && !is_placeholder(text) {
        check
            .refuse(field, &KubernetesVersion::TooLong { length: text.len() })
            .hint("shorten what stands behind `+` or `-`");
    }
}

/// Judges the new version of workers, which admission takes whatever it is.
pub(crate) fn worker_step(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    if let [Some(before), Some(after)] = [old, new].map(|field| Release::parse(field.text_or_empty()))
        && after < before
    {
        goes_down(check, new, (before, after), Severity::Warning);
    }
}

fn goes_down(check: &mut Check<'_>, new: &Field<'_>, (from, to): (Release, Release), severity: Severity) {
    let finding = check.add(severity, new, &KubernetesVersion::Down { from, to });
    finding.hint(format!("keep {from} or go up"));
    if severity != Severity::Error {
        finding.note("admission lets this pass; Kubernetes supports no downgrade");
    }
}

/// Judges an upgrade: at most one minor up. Going down is refused for topologies only, but supported nowhere.
pub(crate) fn step(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>, down: Severity) {
    let [Some(before), Some(after)] = [old, new].map(|field| Release::parse(field.text_or_empty())) else {
        return;
    };
    if after < before {
        goes_down(check, new, (before, after), down);
    } else if after.major != before.major || after.minor > before.minor.saturating_add(1) {
        check.refuse(new, &KubernetesVersion::SkipsMinor { from: before, to: after }).hint(format!(
            "go to v{}.{} first",
            before.major,
            before.minor.saturating_add(1)
        ));
    }
}
