//! Kubernetes versions and upgrade steps, the same wherever they stand.

use flatwright_diagnostic::Severity;

use crate::check::Check;
use crate::code::KUBERNETES_VERSION;
use crate::field::Field;
use crate::syntax::is_placeholder;
use flatwright_kubernetes::version::Release;

/// A version field; where it may be absent, absence is fine.
pub(crate) fn version(check: &mut Check<'_>, field: &Field<'_>, is_needed: bool) {
    let text = field.text_or_empty();
    let is_judged = if field.is_blank() { is_needed } else { field.text().is_some() && !is_placeholder(text) };
    if is_judged && Release::parse(text).is_none() {
        let message = if field.is_set() {
            format!("`{}` is not a full Kubernetes version", field.shown())
        } else {
            "the Kubernetes version is missing".to_owned()
        };
        check.error(KUBERNETES_VERSION, field, message).hint("write all three numbers, such as `v1.34.2`");
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

fn goes_down(check: &mut Check<'_>, new: &Field<'_>, (before, after): (Release, Release), severity: Severity) {
    let finding =
        check.push(KUBERNETES_VERSION, severity, new, format!("the version goes down from {before} to {after}"));
    finding.hint(format!("keep {before} or go up"));
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
        check
            .error(KUBERNETES_VERSION, new, format!("the version goes from {before} to {after}, more than one minor"))
            .hint(format!("go to v{}.{} first", before.major, before.minor.saturating_add(1)));
    }
}
