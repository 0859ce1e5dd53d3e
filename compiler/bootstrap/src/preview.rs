//! `preview --bootstrap-data`: for people who debug a provider, one rendering from its raw input.
//!
//! Two forms of input are known: the parts that go into the template ([`Input`]), and a cluster's manifests with a role and the facts of the
//! management cluster. They are told apart by the key `template`.

use flatwright_go::yaml2;
use std::str::FromStr;

use flatwright_diagnostic::{Diagnostic, Part, Severity};
use flatwright_ignition::ignition3;
use flatwright_ignition::translate::{self, Refusal};
use serde_json::Value;

use crate::input::Input;
use crate::machine::{self, Environment, Failure, Objects, Role};
use crate::placeholders::{self, Pki};
use crate::provider::CapiVersion;
use crate::render::render;
use crate::rules::{Input as Flaw, Refused, Unreadable, Unrendered};
use crate::unbootable::Unbootable;

/// What to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The Ignition 2.3 JSON in the bootstrap Secret.
    #[default]
    Ignition2,
    /// What Flatcar's Ignition makes of it: 3.1.
    Ignition3,
    /// The text of `/etc/kubeadm.yml`, without its first `---`.
    KubeadmYml,
}

impl FromStr for Form {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "2.3" => Ok(Self::Ignition2),
            "3.1" => Ok(Self::Ignition3),
            "kubeadm.yml" => Ok(Self::KubeadmYml),
            _ => Err(format!("form `{text}` is not known: use `2.3`, `3.1` or `kubeadm.yml`")),
        }
    }
}

/// The text to print: JSON in one line with a newline at its end, or kubeadm.yml byte for byte.
///
/// # Errors
/// One finding: the input has no known form, the provider refuses it, or the node would.
pub fn preview(input: &Value, capi: CapiVersion, form: Form) -> Result<String, Box<Diagnostic>> {
    let input = if input["template"].is_null() { parts(input)? } else { machine_input(input)? };
    if form == Form::KubeadmYml {
        return Ok(input.kubeadm_config);
    }
    let rendering = render(&input, capi);
    let config = rendering.ignition.map_err(|failure| refused(&failure))?;
    match form {
        Form::Ignition3 => match translate::to_3_1(&config) {
            Ok(config) => Ok(ignition3::to_json(&config) + "\n"),
            Err(refusal) => Err(Box::new(unbootable(&refusal))),
        },
        Form::Ignition2 | Form::KubeadmYml => Ok(config.to_json() + "\n"),
    }
}

/// The finding for a machine that stops in the initramfs. Further lines of the original go into notes.
pub fn unbootable(refusal: &Refusal) -> Diagnostic {
    let mut finding = Diagnostic::of(&Unbootable(refusal), Severity::Error);
    for line in refusal.to_string().trim_end().lines().skip(1) {
        finding.note(line);
    }
    finding
}

/// The finding for a provider's failure. Further lines of its words go into notes.
pub fn refused(failure: &Failure) -> Box<Diagnostic> {
    let mut finding = Box::new(Diagnostic::of(&Unrendered(&failure.rule), Severity::Error));
    for line in failure.to_string().trim_end().lines().skip(1) {
        finding.note(line);
    }
    if let Some((kind, path)) = &failure.place {
        finding.note(format!("in the {kind}, at `{path}`"));
        finding.within(path.clone());
    }
    if let Refused::UnknownField { field } = &*failure.rule {
        finding.did_you_mean(field, Part::Key, failure.known.iter().copied());
    }
    finding
}

/// The finding for an input that is not one of a rendering.
pub fn unreadable(flaw: Flaw) -> Box<Diagnostic> {
    Box::new(Diagnostic::of(&Unreadable::Input(flaw), Severity::Error))
}

fn parts(input: &Value) -> Result<Input, Box<Diagnostic>> {
    if !input.is_object() {
        return Err(unreadable(Flaw::NotAnObject));
    }
    serde_json::from_value(input.clone()).map_err(|error| unreadable(Flaw::Words(error.to_string())))
}

fn machine_input(input: &Value) -> Result<Input, Box<Diagnostic>> {
    let text = |field: &str| match &input[field] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.as_str())),
        _ => Err(unreadable(Flaw::NotText(field.to_owned()))),
    };
    let template = text("template")?.unwrap_or_default();
    let role = match text("role")? {
        Some("init") => Role::Init,
        Some("join-control-plane") => Role::JoinControlPlane,
        Some("join-worker") => Role::JoinWorker,
        _ => return Err(unreadable(Flaw::Role)),
    };
    let hashes = match &input["caCertHashes"] {
        Value::Null => vec![placeholders::CA_CERT_HASH.to_owned()],
        hashes => serde_json::from_value(hashes.clone()).map_err(|_| unreadable(Flaw::Hashes))?,
    };
    let endpoint = &input["controlPlaneEndpoint"];
    let port = endpoint["port"].as_u64().and_then(|port| u16::try_from(port).ok()).unwrap_or_default();
    let manifests = yaml2::read(template).map_err(|words| refused(&Failure::new(Refused::Yaml { words })))?;
    let objects = Objects::find(&manifests, text("worker")?);
    objects.check().map_err(|failure| refused(&failure))?;
    // Without any secrets, stand-ins; with some, those and no others.
    let secret = |purpose, name: &str, key: &str| match &input["secrets"] {
        Value::Null => Some(placeholders::secret(purpose, name, key)),
        secrets => secrets[name][key].as_str().map(str::to_owned),
    };
    let environment = Environment {
        endpoint: (endpoint["host"].as_str().unwrap_or_default(), port),
        token: text("token")?.unwrap_or(placeholders::TOKEN),
        ca_cert_hashes: &hashes,
        pki: &Pki::of(objects.cluster["metadata"]["name"].as_str().unwrap_or("cluster")),
        secret: &secret,
    };
    machine::input(&objects, role, &environment).map_err(|failure| refused(&failure))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flatwright_ignition::problem::Node;
    use serde_json::json;

    #[test]
    fn parts_and_manifests_are_told_apart() {
        let parts = json!({"kubeadmConfig": "a: b\n", "users": null});
        assert_eq!(preview(&parts, CapiVersion::Main, Form::KubeadmYml), Ok("a: b\n".into()));
        let json = preview(&parts, CapiVersion::Main, Form::Ignition3).expect("invariant: valid");
        assert!(json.starts_with("{\"ignition\":{\"version\":\"3.1.0\"}"), "{json}");
        let manifests = json!({"role": "init", "template": "kind: KubeadmControlPlane\napiVersion: x/v1beta2\nspec: {version: v1.33.0}\n"});
        let yml = preview(&manifests, CapiVersion::Main, Form::KubeadmYml).expect("invariant: valid");
        assert!(yml.contains("\n\n---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n"), "{yml}");
    }

    #[test]
    fn failures_are_findings() {
        let bad = |input: Value, form| preview(&input, CapiVersion::Main, form).expect_err("invariant: bad").code;
        assert_eq!(bad(json!([]), Form::Ignition2), Unreadable::INPUT);
        assert_eq!(bad(json!({"mounts": "x"}), Form::Ignition2), Unreadable::INPUT);
        assert_eq!(bad(json!({"mounts": [[]]}), Form::Ignition2), Refused::MOUNT);
        let twice = json!({"users": [{"name": "a"}, {"name": "a"}]});
        assert_eq!(bad(twice, Form::Ignition3), Node::DUPLICATE);
        let old = json!({"role": "init", "template": "kind: KubeadmControlPlane\napiVersion: x/v1beta2\nspec: {version: v1.20.0}\n"});
        assert_eq!(bad(old, Form::KubeadmYml), Refused::OLD_VERSION);
    }

    #[test]
    fn an_unknown_field_is_placed_and_the_nearest_is_named() {
        let template = "kind: KubeadmControlPlane\napiVersion: x/v1beta2\nspec: {version: v1.33.0, kubeadmConfigSpec: {fils: []}}\n";
        let finding = preview(&json!({"role": "init", "template": template}), CapiVersion::Main, Form::KubeadmYml)
            .expect_err("invariant: bad");
        assert_eq!(finding.object_path.map(|path| path.to_string()).as_deref(), Some("spec.kubeadmConfigSpec.fils"));
        assert_eq!(finding.hints, ["did you mean `files`?"]);
    }
}
