//! Values that plugins gave → the plugins' entries in the spec.

use flatwright_diagnostic::{Anchor, Origin, SourceId};
use flatwright_plan::{Contents, KubeadmFileContent, NodeGroup, Plan, Plugin};

use super::Found;
use crate::calls::Call;

/// The plugin's entry in the spec.
pub(crate) fn of_entry(entry: &Plugin) -> Anchor {
    entry.origin.anchor().or_else(|| entry.name.origin.anchor()).unwrap_or(Anchor::whole(SourceId(0)))
}

/// The place of the plugin's entry in the spec and a note that names plugin and hook, if a plugin gave the value.
pub(crate) fn of_plugin(origin: Origin, calls: &[Call], plan: &Plan) -> Option<Found> {
    let Origin::Plugin(index) = origin else { return None };
    let call = calls.get(usize::try_from(index).ok()?)?;
    let entry = plan.plugins.iter().find(|entry| entry.name.value == call.plugin)?;
    let note = format!("the value came from plugin `{}`, hook `{}`, for `{}`", call.plugin, call.hook, call.target);
    Some(Found { anchor: of_entry(entry), note: Some(note) })
}

/// The call of a plugin that gave a part of the group's own, or changed any of it.
pub(crate) fn plugin(group: &NodeGroup, field: &str, name: &str) -> Option<Origin> {
    let (kubeadm, parts) = (&group.kubeadm, &group.machine_config);
    let mut origins = Vec::new();
    if field == "path" {
        for file in kubeadm.files.iter().filter(|file| file.path.value == name) {
            origins.extend([file.origin, file.path.origin, file.owner.origin, file.permissions.origin]);
            origins.push(match &file.content {
                KubeadmFileContent::Bytes(bytes) => bytes.origin,
                KubeadmFileContent::Secret { name, .. } => name.origin,
                KubeadmFileContent::AzureJson(_) => Origin::Unknown,
            });
        }
        for file in parts.files.iter().filter(|file| file.path.value == name) {
            origins.push(file.path.origin);
            match &file.contents {
                Contents::Text(text) => origins.push(text.origin),
                Contents::Remote { url, sha512, .. } => {
                    origins.push(url.origin);
                    origins.extend(sha512.as_ref().map(|sum| sum.origin));
                }
            }
        }
        let links = parts.links.iter().filter(|link| link.path.value == name);
        origins.extend(links.flat_map(|link| [link.path.origin, link.target.origin]));
    } else if field == "name" {
        for unit in &parts.units {
            if unit.name.value == name {
                origins.push(unit.name.origin);
                origins.extend(unit.contents.as_ref().map(|contents| contents.origin));
            }
            let drop_ins = unit.drop_ins.iter().filter(|drop_in| drop_in.name == name || unit.name.value == name);
            origins.extend(drop_ins.map(|drop_in| drop_in.contents.origin));
        }
    }
    origins.into_iter().find(|origin| matches!(origin, Origin::Plugin(_)))
}
