//! Manifests → the bootstrap data that the provider makes of them: what it or the machine would refuse, though the API server takes it.
//!
//! Owns: which manifests make one machine, and what is remembered of machines that are alike. Must not: have rules of its own; `bootstrap` and `ignition` have them.

use std::collections::BTreeMap;

use flatwright_bootstrap::machine::{self, Environment, Objects};
use flatwright_bootstrap::placeholders::{self, Pki};
use flatwright_bootstrap::{CapiVersion, Renderer, Role, preview};
use flatwright_diagnostic::{Anchor, Diagnostic, Path, Report, Severity};
use flatwright_ignition::translate;
use serde_json::{Value as Json, json};

use super::manifests::Manifest;
use crate::places::{Found, Places};
use crate::refusal;

/// So many machines are rendered before what was remembered of them is forgotten: machines that are alike stand near each other, and memory must not grow.
const REMEMBERED: usize = 1_000;

/// The versions of workers, by the template that they boot with: what objects that belong together say of each other.
pub(super) struct Rendered<'m> {
    versions: BTreeMap<(&'m str, &'m str), &'m str>,
}

impl<'m> Rendered<'m> {
    pub(super) fn of(manifests: &'m [Manifest]) -> Self {
        Self { versions: manifests.iter().filter_map(version).collect() }
    }

    /// Renders what a control plane or a template of workers boots with. The manifest must have no error yet.
    pub(super) fn check(&self, manifest: &Manifest, provider: &mut Provider, report: &mut Report) {
        let (home, roles): (&[&str], &[Role]) = match manifest.text("kind") {
            "KubeadmControlPlane" => (&["spec", "kubeadmConfigSpec"], &[Role::Init, Role::JoinControlPlane]),
            "KubeadmConfigTemplate" => (&["spec", "template", "spec"], &[Role::JoinWorker]),
            // Only a pool that refers to it tells that it is for workers.
            "KubeadmConfig" if self.versions.contains_key(&name(manifest)) => (&["spec"], &[Role::JoinWorker]),
            _ => return,
        };
        let spec = home.iter().try_fold(&manifest.value, |value, key| value.get(key));
        if spec.and_then(|spec| spec.get("format")).and_then(Json::as_str) != Some("ignition") {
            return;
        }
        // What owns the template may be elsewhere; only the form of kubeadm's documents depends on it.
        let version = self.versions.get(&name(manifest)).copied().unwrap_or("v1.34.0");
        let deployment = json!({"spec": {"template": {"spec": {"version": version}}}});
        let objects = Objects {
            cluster: &Json::Null,
            control_plane: &manifest.value,
            deployment: &deployment,
            template: &manifest.value,
        };
        let path = home.iter().fold(Path::root(), |path, key| path.key(key));
        let place = Whole(manifest.anchor(&path));
        // The stages of a control plane share most of their data: what is wrong with it is told once.
        let Some(mut finding) = roles.iter().find_map(|role| provider.refuses(&objects, *role, &place)) else {
            return;
        };
        finding.within(path);
        if has_variables(&manifest.value.to_string()) {
            finding.severity = Severity::Warning;
            finding.note("an error, unless what `${…}` stands for changes it");
        }
        report.push(manifest.place(finding));
    }
}

/// Whether a template is still to be filled in. Variables of shell scripts are mostly in lower case.
fn has_variables(text: &str) -> bool {
    text.split("${").skip(1).any(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
}

fn version(manifest: &Manifest) -> Option<((&str, &str), &str)> {
    let machine = manifest.value.get("spec")?.get("template")?.get("spec")?;
    let template = machine.get("bootstrap")?.get("configRef")?.get("name")?.as_str()?;
    Some(((manifest.namespace(), template), machine.get("version")?.as_str()?))
}

fn name(manifest: &Manifest) -> (&str, &str) {
    (manifest.namespace(), manifest.metadata("name"))
}

/// The parts of a rendering come from several texts; the finding stands at the object.
struct Whole(Anchor);

impl Places for Whole {
    fn named(&self, _: &str, _: &str) -> Option<Found> {
        None
    }

    fn at(&self, _: &str) -> Option<Found> {
        None
    }

    fn whole(&self) -> Found {
        self.0.clone().into()
    }
}

/// The bootstrap provider, and what it remembers of machines that it rendered.
#[derive(Default)]
pub(super) struct Provider {
    renderer: Renderer,
    pki: Pki,
    rendered: usize,
}

impl Provider {
    /// Why a machine of that role would not get its bootstrap data, or not boot with it.
    fn refuses(&mut self, objects: &Objects<'_>, role: Role, place: &Whole) -> Option<Diagnostic> {
        let environment = Environment {
            endpoint: ("api.example.com", 6443),
            token: placeholders::TOKEN,
            ca_cert_hashes: &[placeholders::CA_CERT_HASH.to_owned()],
            pki: &self.pki,
            secret: &|purpose, name, key| Some(placeholders::secret(purpose, name, key)),
        };
        let failure = match machine::input(objects, role, &environment) {
            Ok(input) => {
                self.rendered += 1;
                if self.rendered.is_multiple_of(REMEMBERED) {
                    self.renderer = Renderer::default();
                }
                match self.renderer.render(&input, CapiVersion::default()).ignition {
                    Ok(config) => {
                        return translate::to_3_1(&config).err().map(|refusal| refusal::finding(&refusal, place));
                    }
                    // The machine config is judged where it stands, line by line.
                    Err(failure) if !failure.entries.is_empty() => return None,
                    Err(failure) => failure,
                }
            }
            // What the objects may hold at all is the schema's to judge.
            Err(failure) if failure.place.is_some() => return None,
            Err(failure) => failure,
        };
        let mut finding = *preview::refused(&failure);
        finding.note("the machines would wait for their bootstrap data forever");
        Some(finding)
    }
}
