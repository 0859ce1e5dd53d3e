//! The `policy` hook: findings about the result, at the end of a compile.

use flatwright_capi::Object;
use flatwright_diagnostic::{Path, Report, Segment};
use flatwright_plan::{Plan, Role};
use flatwright_plugin_host::Hook;
use flatwright_plugin_host::model::findings::{ObjectReference, Place};
use flatwright_plugin_host::model::policy as model;

use super::{CallSite, Run, Stop, context, findings};
use crate::boot::{self, Stage};
use crate::calls::{Call, lazy};
use crate::compose::Composed;
use crate::json::to_json;
use crate::places::{Found, of_plugin, part as place_of_part};

/// Asks every policy. Findings about objects point at the line of the spec that the value came from.
pub(crate) fn review(
    run: &mut Run<'_>,
    plan: &Plan,
    objects: &[Object],
    composed: &[Composed],
    report: &mut Report,
) -> Result<(), Stop> {
    for ready in run.plugins.iter().filter(|ready| ready.plugin.hooks().contains(&Hook::Policy)) {
        let entry = &plan.plugins[ready.entry];
        let session = ready.plugin.session();
        let told = context::of_cluster(plan, run.contract, ready);
        let interests = session.select(&told).map_err(|failure| findings::failed(failure, entry, report))?.value;
        let Some(interests) = interests else { continue };
        let bundle = bundle(&interests, plan, objects, composed);
        let outcome = session.review(&told, &bundle).map_err(|failure| findings::failed(failure, entry, report))?;
        run.calls.push(Call {
            plugin: entry.name.value.clone(),
            digest: ready.plugin.digest().short(),
            hook: "policy",
            target: "cluster".to_owned(),
            edits: lazy(Vec::new),
            logs: outcome
                .logs
                .iter()
                .map(|line| format!("{:?}: {}", line.level, line.message).to_lowercase())
                .collect(),
            fuel: outcome.fuel,
        });
        let before = report.diagnostics().len();
        let places: Vec<Place> = outcome.findings.iter().map(|finding| finding.place.clone()).collect();
        findings::report_all(outcome.findings, entry, &CallSite { ready, hook: "policy", target: "cluster" }, report);
        for (diagnostic, place) in report.diagnostics_mut().iter_mut().skip(before).zip(places) {
            match place {
                Place::Object(place) => {
                    let Some(object) = objects.iter().find(|object| is_meant(object, &place.object)) else { continue };
                    let origin = object.value.origin_at(&Path::parse(&place.path));
                    let found = of_plugin(origin, run.calls, plan);
                    if let Some(found) = found.or_else(|| origin.anchor().map(Found::from)) {
                        found.put(diagnostic);
                    }
                    diagnostic.note(format!("in {} `{}`", object.kind(), object.name()));
                }
                Place::MachineConfig(place) => {
                    let Some(index) = plan.groups.iter().position(|group| group.name.value == place.group) else {
                        continue;
                    };
                    let named = part(objects, plan, index, &Path::parse(&place.path));
                    let found = named
                        .and_then(|(field, name)| place_of_part(&plan.groups[index], plan, run.calls, field, &name));
                    if let Some(found) = found {
                        found.put(diagnostic);
                    }
                    diagnostic.note(format!("in the effective machine config of `{}`", place.group));
                }
                _ => {}
            }
        }
    }
    if report.has_errors() { Err(Stop::Reported) } else { Ok(()) }
}

/// What a path of an effective machine config is in: the path of a file or link, or the name of a unit or drop-in.
fn part(objects: &[Object], plan: &Plan, group: usize, path: &Path) -> Option<(&'static str, String)> {
    let (_, effective) = stages(plan, group).iter().find_map(|(stage, _)| boot::forms(objects, plan, group, *stage))?;
    let config: serde_json::Value = serde_json::from_str(&effective).ok()?;
    let mut named = None;
    let mut value = &config;
    for segment in path.segments() {
        value = match segment {
            Segment::Key(key) => value.get(&**key)?,
            Segment::Index(index) => value.get(*index)?,
        };
        let name = ["path", "name"].into_iter().find_map(|field| Some((field, value.get(field)?.as_str()?.to_owned())));
        named = name.or(named);
    }
    named
}

fn is_meant(object: &Object, reference: &ObjectReference) -> bool {
    object.kind() == reference.kind && object.name() == reference.name
}

fn bundle(interests: &model::Interests, plan: &Plan, objects: &[Object], composed: &[Composed]) -> model::Bundle {
    let is_wanted = |object: &&Object| match &interests.objects {
        model::ObjectInterest::Nothing => false,
        model::ObjectInterest::Kinds(kinds) => kinds.iter().any(|kind| kind == object.kind()),
        model::ObjectInterest::Everything => true,
    };
    let configs = composed.iter().enumerate().flat_map(|(index, composed)| {
        let group = u32::try_from(index).unwrap_or(u32::MAX);
        let form = |form, initializes, text| model::MachineConfig { group, form, initializes, text };
        let wants = |form| interests.machine_configs.contains(&form);
        let mut configs = Vec::new();
        if wants(model::MachineConfigForm::Source) {
            configs.push(form(model::MachineConfigForm::Source, false, composed.texts.additional_config.value.clone()));
        }
        if wants(model::MachineConfigForm::Standalone) {
            configs.push(form(model::MachineConfigForm::Standalone, false, composed.ignition()));
        }
        if wants(model::MachineConfigForm::Bootstrap) || wants(model::MachineConfigForm::Effective) {
            for (stage, initializes) in stages(plan, index) {
                let Some((bootstrap, effective)) = boot::forms(objects, plan, index, *stage) else { continue };
                let both = [
                    (model::MachineConfigForm::Bootstrap, bootstrap),
                    (model::MachineConfigForm::Effective, effective),
                ];
                configs.extend(
                    both.into_iter()
                        .filter(|(kind, _)| wants(*kind))
                        .map(|(kind, text)| form(kind, *initializes, text)),
                );
            }
        }
        configs
    });
    let mut machine_configs: Vec<model::MachineConfig> = configs.collect();
    machine_configs.sort_by_key(|config| (config.group, config.form));
    model::Bundle { objects: objects.iter().filter(is_wanted).map(object).collect(), machine_configs }
}

/// The first control plane node initializes the cluster; all other machines join.
fn stages(plan: &Plan, group: usize) -> &'static [(Stage, bool)] {
    match plan.groups.get(group).map(|group| group.role) {
        Some(Role::ControlPlane) => &[(Stage::Init, true), (Stage::Join, false)],
        _ => &[(Stage::Join, false)],
    }
}

fn object(object: &Object) -> model::Object {
    let metadata = object.value.get("metadata");
    model::Object {
        reference: ObjectReference {
            api_version: object.api_version().to_owned(),
            kind: object.kind().to_owned(),
            namespace: metadata
                .and_then(|metadata| metadata.get("namespace"))
                .and_then(|namespace| namespace.as_str())
                .map(str::to_owned),
            name: object.name().to_owned(),
        },
        group: object.group().and_then(|index| u32::try_from(index).ok()),
        json: to_json(&object.value).to_string(),
    }
}
