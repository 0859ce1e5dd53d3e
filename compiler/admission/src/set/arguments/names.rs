//! The names of arguments: whether the component of its version has such a flag. Must not: look at values, but for the labels of a kubelet.

use flatwright_diagnostic::{Diagnostic, Edit, Fix, Part, Severity, Target as Place};
use flatwright_flatcar::kubernetes::kubelet_may_set;
use flatwright_kubernetes::component::{FLAGS, Flag};
use flatwright_kubernetes::table::Table;
use flatwright_kubernetes::version::Release;

use super::rules::{Misused, NodeLabel, Removed};
use super::{Argument, Target};
use crate::check::Check;
use crate::field::Field;

const STOPS: &str = "the component stops at the unknown flag or value, and the node never becomes ready";

/// The flag of this name, if the version has it.
pub(super) fn check(argument: &Argument<'_>, name: &str, target: Target, check: &mut Check<'_>) -> Option<Flag> {
    let found = target.component.flag(name);
    let Some(flag) = found else {
        let rule = Misused::Unknown { flag: name.to_owned(), target: target.shown() };
        let severity = certainty(&FLAGS, target.component.project(), target.version);
        let finding = check.add(severity, &argument.place, &rule);
        finding.note(STOPS);
        explain(finding, severity, &FLAGS, "flags");
        let has = |flag: &Flag| target.version.is_none_or(|version| flag.span.has(version));
        let written = argument.name;
        finding.did_you_mean(written, Part::Value, target.component.flags().filter(has).map(|flag| flag.name));
        argument.about_name(finding);
        return None;
    };
    let Some(version) = target.version else { return Some(flag) };
    if let Some(since) = flag.span.since.filter(|since| *since > version) {
        let rule = Misused::Newer { flag: name.to_owned(), target: target.shown(), since: target.release(since) };
        let finding = check.refuse(&argument.place, &rule);
        finding.note(STOPS).hint("remove it, or choose a newer version");
        argument.about_name(finding);
        return None;
    }
    if flag.span.gone.is_some_and(|gone| gone <= version) {
        let rule = Removed::Flag { flag: name.to_owned(), release: target.release(version) };
        let finding = check.refuse(&argument.place, &rule);
        finding.note(STOPS).hint(flag.instead.unwrap_or("remove it"));
        argument.about_name(finding);
        return None;
    }
    Some(flag)
}

/// kubeadm puts the dashes before the name.
pub(super) fn dashed(argument: &Argument<'_>, name: &str, check: &mut Check<'_>) {
    let written = argument.name;
    let finding = check.refuse(&argument.place, &Misused::Dashes { name: written.to_owned() });
    let replace =
        Edit::Replace { target: Place::Here(Part::Value), was: Some(written.to_owned()), with: name.to_owned() };
    finding
        .note("kubeadm puts `--` before each name, and the component stops at the flag that comes of it")
        .hint(format!("write `{name}`"))
        .fix(Fix::certain(format!("write `{name}`"), replace));
    argument.about_name(finding);
}

/// A kubelet stops at a label in the name of Kubernetes that is not among those it may set.
pub(super) fn node_labels(value: &Field<'_>, check: &mut Check<'_>) {
    let keys = value.text_or_empty().split(',').map(|label| label.split('=').next().unwrap_or_default().trim());
    for key in keys.filter(|key| !kubelet_may_set(key)) {
        check
            .refuse(value, &NodeLabel::Reserved { key: key.to_owned() })
            .note("the kubelet stops with `unknown 'kubernetes.io' or 'k8s.io' labels`, and the node never joins")
            .hint("use a prefix of your own; `node-role.kubernetes.io/…` among the labels of the Machine is set by Cluster API");
    }
}

/// How sure it is that a version does not have what the table does not list: a newer table could know more of a version that this one does not cover.
pub(super) fn certainty(table: &Table, covered: &str, version: Option<Release>) -> Severity {
    let is_covered = version
        .zip(table.covers(covered))
        .is_some_and(|(version, (first, last))| first.line() <= version.line() && version.line() <= last.line());
    if is_covered { Severity::Error } else { Severity::Warning }
}

/// Says why a finding is no more than a warning.
pub(super) fn explain(finding: &mut Diagnostic, severity: Severity, table: &Table, what: &str) {
    if severity != Severity::Error {
        finding
            .note(format!("the table of {what} that was asked is of {}, and does not cover this version", table.day()));
    }
}

impl Argument<'_> {
    /// The finding is about the name: where that is a key, it stands there.
    fn about_name(&self, finding: &mut Diagnostic) {
        if self.is_key {
            finding.about_key();
        }
    }
}
