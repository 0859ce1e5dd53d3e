//! Manifests → the bootstrap data that the provider makes of them: what it or the machine would refuse, though the API server takes it.
//!
//! Owns: which manifests make one machine, and what is remembered of machines that are alike. Must not: have rules of its own; `bootstrap` and `ignition` have them.

use std::collections::BTreeMap;

use flatwright_bootstrap::machine::{self, Environment, Objects};
use flatwright_bootstrap::placeholders::{self, Pki};
use flatwright_bootstrap::{CapiVersion, Renderer, Role, preview};
use flatwright_diagnostic::{Anchor, Diagnostic, Path, Report, Segment, Severity};
use flatwright_ignition::ignition3::Version;
use flatwright_ignition::translate;
use flatwright_node::{Base, Failure, Item, apply};
use serde_json::{Value as Json, json};

use super::manifests::Manifest;
use crate::contents::Written;
use crate::places::{self, Found, Places};
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
        let mut failures: Vec<Failure> = Vec::new();
        let mut refusal = None;
        for role in roles {
            match provider.boots(&objects, *role, &place) {
                Ok(found) => {
                    let is_new = |failure: &Failure| {
                        !failures.iter().any(|told| (&told.rule, &told.subject) == (&failure.rule, &failure.subject))
                    };
                    let found: Vec<Failure> = found.into_iter().filter(is_new).collect();
                    failures.extend(found);
                }
                Err(finding) => {
                    refusal.get_or_insert(finding);
                }
            }
        }
        let mut findings = Vec::new();
        if let Some(mut finding) = refusal {
            finding.within(path.clone());
            findings.push(manifest.place(*finding));
        }
        findings.extend(failures.iter().map(|failure| first_boot(failure, manifest, &path)));
        let is_template = !findings.is_empty() && has_variables(&manifest.value.to_string());
        for mut finding in findings {
            if is_template && finding.severity == Severity::Error {
                finding.severity = Severity::Warning;
                finding.note("an error, unless what `${…}` stands for changes it");
            }
            report.push(finding);
        }
    }
}

/// The finding of a step that fails on the node, where the object says what is at fault: in a file's or user's entry, in the machine config, or as a whole.
fn first_boot(failure: &Failure, manifest: &Manifest, home: &Path) -> Diagnostic {
    let mut finding = failure.diagnostic();
    let place = entry(failure, manifest, home).or_else(|| {
        let steps = ["ignition", "containerLinuxConfig", "additionalConfig"];
        let text = steps.iter().try_fold(of(manifest, home)?, |value, key| value.get(*key))?.as_str()?;
        let (line, _) = places::in_written(
            &Written::new(text.as_bytes()),
            failure.item.named_by(),
            &failure.subject,
            &failure.field,
        )?;
        finding.note(format!("line {line} of the text says it"));
        Some(steps.iter().fold(home.clone(), |path, key| path.key(key)))
    });
    finding.within(place.unwrap_or_else(|| home.clone()));
    manifest.place(finding)
}

/// The value at a path of an object.
fn of<'m>(manifest: &'m Manifest, path: &Path) -> Option<&'m Json> {
    path.segments().iter().try_fold(&manifest.value, |value, segment| match segment {
        Segment::Key(key) => value.get(&**key),
        Segment::Index(index) => value.get(index),
    })
}

/// The path of what is at fault in the provider's own lists.
fn entry(failure: &Failure, manifest: &Manifest, home: &Path) -> Option<Path> {
    let (list, field) = match failure.item {
        Item::File(_) => ("files", "path"),
        Item::User(_) => ("users", "name"),
        _ => return None,
    };
    let spec = of(manifest, home)?;
    let entries = spec.get(list)?.as_array()?;
    let index = entries.iter().position(|entry| entry.get(field).and_then(Json::as_str) == Some(&*failure.subject))?;
    let value = match failure.field.segments().first() {
        Some(Segment::Key(key)) => match &**key {
            "user" | "group" => "owner",
            "mode" => "permissions",
            "contents" => "content",
            "uid" | "name" | "path" => field,
            key => key,
        },
        _ => field,
    };
    let value = if entries[index].get(value).is_some() { value } else { field };
    Some(home.key(list).index(index).key(value))
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
    /// What nodes have before; made when the first config is applied. Which release they have is not known.
    base: Option<Base>,
}

impl Provider {
    /// What fails on a machine of that role.
    ///
    /// # Errors
    /// Why it would not get its bootstrap data, or not read it.
    fn boots(&mut self, objects: &Objects<'_>, role: Role, place: &Whole) -> Result<Vec<Failure>, Box<Diagnostic>> {
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
                        let config = translate::to_3_1(&config)
                            .map_err(|refusal| Box::new(refusal::finding(&refusal, place)))?;
                        let base = self.base.get_or_insert_with(|| Base::flatcar(None, None));
                        return Ok(apply(&config, Version::V3_1, base).into_failures());
                    }
                    // The machine config is judged where it stands, line by line.
                    Err(failure) => Some(failure).filter(|failure| failure.entries.is_empty()),
                }
            }
            // What the objects may hold at all is the schema's to judge.
            Err(failure) => Some(failure).filter(|failure| failure.place.is_none()),
        };
        let Some(failure) = failure else { return Ok(Vec::new()) };
        let mut finding = preview::refused(&failure);
        finding.note("the machines would wait for their bootstrap data forever");
        Err(finding)
    }
}
