//! What manifests carry as texts: the machine config of a KubeadmConfig.

use flatwright_diagnostic::{Anchor, NodeId, Part, Path, Place, Report, Severity};
use flatwright_ignition::clc;
use flatwright_yaml::Tree;
use serde_json::Value as Json;

use super::machine_config::check_clc;
use super::manifests::Manifest;
use crate::contents::{self, Position, Written};

/// Where each kind keeps its KubeadmConfigSpec.
const HOMES: &[(&str, &[&str])] = &[
    ("KubeadmConfig", &["spec"]),
    ("KubeadmConfigTemplate", &["spec", "template", "spec"]),
    ("KubeadmControlPlane", &["spec", "kubeadmConfigSpec"]),
    ("KubeadmControlPlaneTemplate", &["spec", "template", "spec", "kubeadmConfigSpec"]),
];

const CONFIG: [&str; 2] = ["ignition", "containerLinuxConfig"];

/// Checks what the manifests of a file carry. Its lines are counted once, however many of its objects have findings.
pub(super) struct Carried<'t> {
    file: Written<'t>,
}

impl<'t> Carried<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        Self { file: Written::parsed(tree) }
    }

    pub(super) fn check(&self, manifest: &Manifest, report: &mut Report) {
        let Some((_, home)) = HOMES.iter().find(|(kind, _)| *kind == manifest.text("kind")) else { return };
        let steps = home.iter().chain(&CONFIG).copied();
        let Some(config) = steps.clone().try_fold(&manifest.value, |value, key| value.get(key)) else { return };
        let Some(text) = config.get("additionalConfig").and_then(Json::as_str).filter(|text| !text.is_empty()) else {
            return;
        };
        let is_strict = config.get("strict").and_then(Json::as_bool).unwrap_or_default();
        let path = steps.chain(["additionalConfig"]).fold(Path::root(), |path, key| path.key(key));
        let whole = Anchor { part: Part::Key, ..manifest.anchor(&path) };
        let outer = self.text_around(&whole);
        let locate = |place: Option<Position>| match (outer, place) {
            (Some((text, node)), Some(place)) => {
                let (line, column) = text.position(node, place);
                Anchor::line_column(whole.source, line, column)
            }
            _ => whole.clone(),
        };
        let parsed = clc::parse(text.as_bytes());
        contents::check(&parsed.texts(), &Written::new(text.as_bytes()), None, &locate, report);
        let mut found = Report::new();
        check_clc(parsed, is_strict, None, &locate, &mut found);
        for mut finding in std::mem::take(found.diagnostics_mut()) {
            // A template that is filled in later is no config yet; what is wrong with it now may be right then.
            if finding.severity == Severity::Error && text.contains("${") {
                finding.severity = Severity::Warning;
                finding.note("an error, unless what `${…}` stands for changes it");
            }
            report.push(finding);
        }
    }

    /// The file's text and the node in it that an anchor means.
    fn text_around(&self, anchor: &Anchor) -> Option<(&Written<'t>, NodeId)> {
        let Place::Path { document, path } = &anchor.place else { return None };
        let tree = self.file.tree();
        let (node, is_found) = tree.find(*tree.roots().get(*document as usize)?, path);
        is_found.then_some((&self.file, node))
    }
}
