//! The three limits on a machine config's way, with what uses them up.

use flatwright_admission::ValueLimit;
use flatwright_bootstrap::budget::{
    CUSTOM_DATA, Limited, Unit, Usage, additional_config, custom_data, custom_data_percent, file_content,
};
use flatwright_bootstrap::{CapiVersion, Renderer};
use flatwright_capi::Object;
use flatwright_diagnostic::{Diagnostic, Path, Report, Segment, Severity};
use flatwright_ignition::clc;
use flatwright_plan::{KubeadmFileContent, NodeGroup, Plan, Role};

use super::rules::Size;
use super::{Boot, ClusterObjects, Stage, render};
use crate::compose::Composed;
use crate::places::Places;

/// A finding names so many of the largest parts.
const SHOWN_PARTS: usize = 5;

/// From so many percent on, a limit is near.
const NEAR: usize = 80;

/// How much more than what is counted bootstrap data can have: kubeadm's own files and keys.
const REST: usize = 24_000;

/// How many bytes of bootstrap data each group has too many; `None` if no group has any. Only groups that can be near the limit are rendered.
pub(crate) fn excess(plan: &Plan, objects: &[Object], composed: &[Composed]) -> Option<Vec<usize>> {
    let is_large = |group: &NodeGroup, composed: &Composed| {
        let files = group.kubeadm.files.iter().map(|file| match &file.content {
            KubeadmFileContent::Bytes(bytes) => bytes.value.len(),
            _ => 0,
        });
        // Each byte becomes three at most.
        3 * (composed.texts.additional_config.len() + files.sum::<usize>()) + REST > CUSTOM_DATA
    };
    let groups = plan.groups.iter().zip(composed).enumerate();
    let large: Vec<usize> =
        groups.filter(|(_, (group, composed))| is_large(group, composed)).map(|(index, _)| index).collect();
    let shared = (!large.is_empty()).then(|| ClusterObjects::new(objects))?;
    let mut renderer = Renderer::default();
    let mut excess = vec![0; plan.groups.len()];
    for index in large {
        let stage = if plan.groups[index].role == Role::ControlPlane { Stage::Init } else { Stage::Join };
        let Ok(input) = shared.group(index).input(plan, stage) else { continue };
        let Ok(boot) = render(&mut renderer, input, CapiVersion::default()) else { continue };
        excess[index] = boot.config.json_length().saturating_sub(CUSTOM_DATA);
    }
    excess.iter().any(|excess| *excess > 0).then_some(excess)
}

/// Every limit that a machine's bootstrap data meets.
pub(super) fn usages(boot: &Boot) -> Vec<Usage> {
    let mut usages = texts(boot);
    usages.push(custom_data(&boot.config));
    usages
}

/// The limits of the texts in the objects.
fn texts(boot: &Boot) -> Vec<Usage> {
    let mut usages = Vec::new();
    if !boot.input.additional_config.is_empty() {
        usages.push(additional_config([("machine config", boot.input.additional_config.as_str())]));
    }
    // Contents of Secrets are no part of the object, and the provider's own files are never near the limit.
    usages.extend(boot.input.write_files.iter().map(file_content).filter(|usage| usage.percent() > NEAR));
    usages
}

/// The limits that are passed or near. What uses the space up is only counted where there is little left.
pub(super) fn near(boot: &Boot) -> Vec<Usage> {
    let is_near = custom_data_percent(&boot.config) > NEAR;
    let mut usages = if is_near { usages(boot) } else { texts(boot) };
    usages.retain(|usage| usage.percent() > NEAR);
    usages
}

/// Reports limits of a group that are passed (errors) or near (warnings).
pub(super) fn report(near: &[Usage], boot: &Boot, group: &str, places: &dyn Places, report: &mut Report) {
    for usage in near {
        let rule = rule(usage, group);
        let finding = finding(&rule, usage, boot, places);
        // The same limit is told once for both stages of a group.
        let is_it = |told: &Diagnostic| told.is_of(&rule) && told.anchor == finding.anchor;
        if !report.diagnostics().iter().any(is_it) {
            // Admission counts the same texts, but cannot say what fills them.
            report.retain(|told| !(usage.is_over() && is_twin(told, usage)));
            report.push(finding);
        }
    }
}

/// Whether admission's finding is about the same text. Only the text of `additionalConfig` is told apart by its path alone.
fn is_twin(told: &Diagnostic, usage: &Usage) -> bool {
    let is_config =
        |path: &Path| matches!(path.segments().last(), Some(Segment::Key(key)) if &**key == "additionalConfig");
    told.code == ValueLimit::TOO_LONG
        && usage.of == Limited::AdditionalConfig
        && told.object_path.as_ref().is_some_and(is_config)
}

fn rule(usage: &Usage, group: &str) -> Size {
    Size::Limit {
        of: usage.of.clone(),
        group: group.to_owned(),
        amount: amount(usage.used, usage.unit),
        percent: usage.percent(),
        limit: usage.limit,
    }
}

fn finding(rule: &Size, usage: &Usage, boot: &Boot, places: &dyn Places) -> Diagnostic {
    let severity = if usage.is_over() { Severity::Error } else { Severity::Warning };
    let mut finding = Diagnostic::of(rule, severity);
    let entries = entries(usage, boot);
    let named = entries.iter().filter(|part| !part.name.is_empty());
    let place = named
        .map(|part| places.named(if part.kind == "file" { "path" } else { "name" }, &part.name))
        .find_map(|place| place);
    place.unwrap_or_else(|| places.whole()).put(&mut finding);
    for part in entries.iter().take(SHOWN_PARTS) {
        finding.note(format!("{part}: {}", part.size));
    }
    finding.hint("fetch large files from a URL (`contents: {source: https://…}` with a hash) instead of carrying them");
    finding
}

/// The parts of a limit. Those of `additionalConfig` are the entries that it becomes, which are about as large as what makes them.
fn entries(usage: &Usage, boot: &Boot) -> Vec<flatwright_bootstrap::budget::Part> {
    if usage.of != Limited::AdditionalConfig {
        return usage.parts.clone();
    }
    let own = clc::translate(boot.input.additional_config.as_bytes(), &clc::Options::default());
    own.config.map_or_else(|| usage.parts.clone(), |config| custom_data(&config).parts)
}

/// `1234 bytes`.
pub(super) fn amount(size: usize, unit: Unit) -> String {
    match unit {
        Unit::CodePoints => format!("{size} code points"),
        Unit::Bytes => format!("{size} bytes"),
    }
}
