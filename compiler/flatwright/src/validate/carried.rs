//! What manifests carry as texts: the machine config of a KubeadmConfig.

use flatwright_diagnostic::{Anchor, NodeId, Path, Place, Report};
use flatwright_render::Sources;
use serde_json::Value as Json;

use super::embedded::{Position, Text};
use super::machine_config::{check_clc, check_clc_contents};
use super::manifests::Manifest;

/// Where each kind keeps its KubeadmConfigSpec.
const HOMES: &[(&str, &[&str])] = &[
    ("KubeadmConfig", &["spec"]),
    ("KubeadmConfigTemplate", &["spec", "template", "spec"]),
    ("KubeadmControlPlane", &["spec", "kubeadmConfigSpec"]),
    ("KubeadmControlPlaneTemplate", &["spec", "template", "spec", "kubeadmConfigSpec"]),
];

const CONFIG: [&str; 2] = ["ignition", "containerLinuxConfig"];

pub(super) fn check(manifest: &Manifest, sources: &Sources, report: &mut Report) {
    let Some((_, home)) = HOMES.iter().find(|(kind, _)| *kind == manifest.text("kind")) else { return };
    let steps = home.iter().chain(&CONFIG).copied();
    let Some(config) = steps.clone().try_fold(&manifest.value, |value, key| value.get(key)) else { return };
    let Some(text) = config.get("additionalConfig").and_then(Json::as_str).filter(|text| !text.is_empty()) else {
        return;
    };
    // A template that is filled in later is no config yet.
    if text.contains("${") {
        return;
    }
    let is_strict = config.get("strict").and_then(Json::as_bool).unwrap_or_default();
    let path = steps.chain(["additionalConfig"]).fold(Path::root(), |path, key| path.key(key));
    let whole = manifest.anchor(&path);
    let node = node_of(&whole, sources);
    let outer = node.and_then(|_| sources.tree(whole.source)).map(Text::new);
    let locate = |place: Option<Position>| match (&outer, node, place) {
        (Some(text), Some(node), Some(place)) => {
            let (line, column) = text.position(node, place);
            Anchor::line_column(whole.source, line, column)
        }
        _ => Anchor { part: flatwright_diagnostic::Part::Key, ..whole.clone() },
    };
    check_clc(text.as_bytes(), is_strict, &locate, report);
    check_clc_contents(text, &locate, report);
}

fn node_of(anchor: &Anchor, sources: &Sources) -> Option<NodeId> {
    let Place::Path { document, path } = &anchor.place else { return None };
    let tree = sources.tree(anchor.source)?;
    let (node, is_found) = tree.find(*tree.roots().get(*document as usize)?, path);
    is_found.then_some(node)
}
