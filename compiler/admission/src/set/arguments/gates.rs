//! Feature gates: those in arguments of components, and kubeadm's own.

use flatwright_diagnostic::{Applicability, Diagnostic, Fix, Part, Severity, nearest};
use flatwright_kubernetes::component::{GATES, GateState, gate, gates};
use flatwright_kubernetes::version::Release;

use super::names::{certainty, explain};
use super::rules::{Gate, Removed};
use super::{Argument, Target, shown, values};
use crate::check::Check;
use crate::field::Field;
use flatwright_kubernetes::is_placeholder;

/// Gates that stand for all of a stage.
const OF_ALL: [&str; 2] = ["AllAlpha", "AllBeta"];

const STOPS: &str = "the component stops at the feature gate, and the node never becomes ready";

/// `--feature-gates`: pairs with commas between them.
pub(super) fn of_component(argument: &Argument<'_>, value: &str, target: Target, check: &mut Check<'_>) {
    for entry in value.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        // Since v1.31 a gate may say whose it is.
        let own = entry.strip_prefix("kube:").unwrap_or(entry);
        if own.split('=').next().is_some_and(|name| name.contains(':')) {
            continue;
        }
        let Some((name, setting)) = own.split_once('=').map(|(name, setting)| (name.trim(), setting.trim())) else {
            syntax(argument, entry, check);
            continue;
        };
        if !values::is_bool(setting) {
            syntax(argument, entry, check);
        }
        if OF_ALL.contains(&name) {
            continue;
        }
        let is_on = matches!(setting, "1" | "t" | "T" | "TRUE" | "true" | "True");
        let asked = Asked { project: target.component.project(), name, is_on, version: target.version };
        if let Some(finding) = asked.check(&argument.value, &target.shown(), check) {
            finding.note(STOPS);
            if let Some(near) = asked.nearest() {
                let fix = Fix::rewrite(value, value.replacen(name, near, 1));
                finding
                    .hint(format!("did you mean `{near}`?"))
                    .fix(Fix { applicability: Applicability::Suggested, ..fix });
            }
        }
    }
}

/// `clusterConfiguration.featureGates`: what kubeadm itself does.
pub(super) fn of_kubeadm(field: &Field<'_>, version: Release, check: &mut Check<'_>) {
    let target = shown("kubeadm of Kubernetes", version);
    for (name, value) in field.entries().filter(|(name, _)| !is_placeholder(name)) {
        let asked = Asked { project: "kubeadm", name, is_on: value.is_true(), version: Some(version) };
        let Some(finding) = asked.check(&value, &target, check) else { continue };
        finding.note("kubeadm stops at the feature gate, and the first machine never becomes a node");
        let is_known = |project| !matches!(gate(project, name, version), GateState::Unknown);
        if finding.code == Gate::UNKNOWN && is_known("kubernetes") {
            finding.hint("it is a gate of the components: write it into their argument `feature-gates`");
        } else if finding.code == Gate::UNKNOWN {
            finding.did_you_mean(name, Part::Value, gates("kubeadm", version));
        }
        if finding.code != Gate::LOCKED {
            finding.about_key();
        }
    }
}

fn syntax<'c>(argument: &Argument<'_>, entry: &str, check: &'c mut Check<'_>) -> &'c mut Diagnostic {
    check
        .refuse(&argument.value, &Gate::Syntax { entry: crate::field::shown(entry) })
        .note(STOPS)
        .hint("write `Name=true` or `Name=false`, with commas between them")
}

/// A gate that is set.
struct Asked<'a> {
    project: &'static str,
    name: &'a str,
    is_on: bool,
    version: Option<Release>,
}

impl Asked<'_> {
    fn check<'c>(&self, place: &Field<'_>, target: &str, check: &'c mut Check<'_>) -> Option<&'c mut Diagnostic> {
        let gate_name = || crate::field::shown(self.name);
        let (gate_name, target) = (gate_name(), target.to_owned());
        let Some(version) = self.version else {
            let is_known = GATES.section(self.project).row(self.name).is_some();
            return (!is_known).then(|| self.unknown(place, &Gate::Unknown { gate: gate_name, target }, check));
        };
        match gate(self.project, self.name, version) {
            GateState::Unknown => Some(self.unknown(place, &Gate::Unknown { gate: gate_name, target }, check)),
            GateState::Later(since) => {
                let rule = Gate::Newer { gate: gate_name, target, since: self.release(since) };
                Some(check.refuse(place, &rule).hint("remove it, or choose a newer version"))
            }
            GateState::Gone(_) => {
                let rule = Removed::FeatureGate { gate: gate_name, release: self.release(version) };
                Some(check.refuse(place, &rule).hint("remove the gate"))
            }
            GateState::Has(known) if known.is_locked && known.default.is_some_and(|fixed| fixed != self.is_on) => {
                let rule = Gate::Locked { gate: gate_name, target, value: !self.is_on };
                // kubeadm says no more than that the gate is going.
                let severity = if self.project == "kubeadm" { Severity::Warning } else { Severity::Error };
                Some(check.add(severity, place, &rule).hint("remove the gate"))
            }
            GateState::Has(_) => None,
        }
    }

    fn unknown<'c>(&self, place: &Field<'_>, rule: &Gate, check: &'c mut Check<'_>) -> &'c mut Diagnostic {
        let severity = certainty(&GATES, self.project, self.version);
        let finding = check.add(severity, place, rule);
        explain(finding, severity, &GATES, "feature gates");
        finding
    }

    fn nearest(&self) -> Option<&'static str> {
        let has_row = GATES.section(self.project).row(self.name).is_some();
        let version = self.version.or_else(|| GATES.covers(self.project).map(|(_, last)| last))?;
        let known = gates(self.project, version);
        if has_row { None } else { nearest(self.name, known) }
    }

    fn release(&self, version: Release) -> String {
        match self.project {
            "etcd" => format!("etcd {}.{}", version.major, version.minor),
            _ => shown("Kubernetes", version),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_table_does_not_cover_is_not_sure() {
        let is_sure = |version| certainty(&GATES, "kubernetes", Release::parse(version)) == Severity::Error;
        assert!(is_sure("v1.35.0") && is_sure("v1.28.0") && !is_sure("v1.38.0") && !is_sure("v1.27.0"));
    }
}
