//! What a policy is shown of the result.

use flatwright_capi::Object;
use flatwright_plan::{Plan, Role};
use flatwright_plugin_host::model::findings::ObjectReference;
use flatwright_plugin_host::model::policy as model;

use crate::boot::{self, Stage};
use crate::compose::Composed;
use crate::json::to_json;
use crate::secret::withheld;

/// What a policy gets: what it asks for, of the node groups that `covers` says, and what belongs to no group.
pub(super) fn bundle(
    interests: &model::Interests,
    covers: &dyn Fn(usize) -> bool,
    plan: &Plan,
    objects: &[Object],
    composed: &[Composed],
) -> model::Bundle {
    let is_covered = |object: &&Object| object.group().is_none_or(covers);
    let is_wanted = |object: &&Object| match &interests.objects {
        model::ObjectInterest::Nothing => false,
        model::ObjectInterest::Kinds(kinds) => kinds.iter().any(|kind| kind == object.kind()),
        model::ObjectInterest::Everything => true,
    };
    let covered = composed.iter().enumerate().filter(|(index, _)| covers(*index));
    let configs = covered.flat_map(|(index, composed)| {
        let group = u32::try_from(index).unwrap_or(u32::MAX);
        let form = |form, initializes, text: String| {
            let text = withheld::config(&text);
            model::MachineConfig { group, form, initializes, text }
        };
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
    model::Bundle {
        objects: objects.iter().filter(is_covered).filter(is_wanted).map(object).collect(),
        machine_configs,
    }
}

/// The first control plane node initializes the cluster; all other machines join.
pub(super) fn stages(plan: &Plan, group: usize) -> &'static [(Stage, bool)] {
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
        json: {
            let mut json = to_json(&object.value);
            withheld::object(&mut json);
            json.to_string()
        },
    }
}
