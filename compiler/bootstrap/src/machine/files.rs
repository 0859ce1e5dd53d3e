//! The user's files and passwords: contents that stand in Secrets, and contents that are templates.

use flatwright_diagnostic::Path;
use flatwright_kubernetes::Version;
use serde_json::Value;

use super::{Environment, Failure, Objects};
use crate::input::{File, User};
use crate::placeholders::SecretUse;
use crate::rules::{FileTemplate, Refused};

/// The files of a decoded spec with their contents.
pub(super) fn resolve(
    spec: &Value,
    objects: &Objects<'_>,
    environment: &Environment<'_>,
) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    for (index, source) in spec["files"].as_array().into_iter().flatten().enumerate() {
        let mut file: File = serde_json::from_value(source.clone())
            .map_err(|error| Failure::new(Refused::Part { words: error.to_string() }))?;
        if let Some((name, key)) = secret(&source["contentFrom"]) {
            file.content =
                lookup(SecretUse::File, name, key, objects, environment).map_err(|rule| at(rule, "files", index))?;
        }
        if source["contentFormat"] == "Template" {
            file.content =
                fill_template(&file.content, objects).map_err(|flaw| at(Refused::Template(flaw), "files", index))?;
        }
        files.push(file);
    }
    Ok(files)
}

/// Sets the passwords that stand in Secrets.
pub(super) fn resolve_passwords(
    spec: &Value,
    users: &mut [User],
    objects: &Objects<'_>,
    environment: &Environment<'_>,
) -> Result<(), Failure> {
    let sources = spec["users"].as_array().into_iter().flatten();
    for (index, (source, user)) in sources.zip(users).enumerate() {
        if let Some((name, key)) = secret(&source["passwdFrom"]) {
            user.passwd = lookup(SecretUse::PasswordHash, name, key, objects, environment)
                .map_err(|rule| at(rule, "users", index))?;
        }
    }
    Ok(())
}

fn secret(source: &Value) -> Option<(&str, &str)> {
    let text = |field: &str| source["secret"][field].as_str().unwrap_or_default();
    let (name, key) = (text("name"), text("key"));
    (!name.is_empty() || !key.is_empty()).then_some((name, key))
}

fn lookup(
    purpose: SecretUse,
    name: &str,
    key: &str,
    objects: &Objects<'_>,
    environment: &Environment<'_>,
) -> Result<String, Refused> {
    (environment.secret)(purpose, name, key).ok_or_else(|| Refused::Secret {
        of: if purpose == SecretUse::File { "file" } else { "passwd" },
        secret: format!("{}/{name}", objects.namespace()),
        key: key.to_owned(),
    })
}

/// Fills in `{{ .controlPlane.version }}`, the one value templates have; any other action is beyond what is known here.
fn fill_template(content: &str, objects: &Objects<'_>) -> Result<String, FileTemplate> {
    let version = objects.control_plane["spec"]["version"].as_str().and_then(Version::parse_tolerant);
    let mut out = String::new();
    let mut rest = content;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((action, after)) = after.split_once("}}") else {
            return Err(FileTemplate::Unclosed);
        };
        let (trims_before, action) = action.strip_prefix("- ").map_or((false, action), |action| (true, action));
        let (trims_after, action) = action.strip_suffix(" -").map_or((false, action), |action| (true, action));
        out.push_str(if trims_before { before.trim_end() } else { before });
        match (action.trim(), &version) {
            (".controlPlane.version", Some(version)) => out.push_str(&format!("v{version}")),
            (".controlPlane.version", None) => return Err(FileTemplate::NoVersion),
            (action, _) => return Err(FileTemplate::Action(action.to_owned())),
        }
        rest = if trims_after { after.trim_start() } else { after };
    }
    Ok(out + rest)
}

fn at(rule: Refused, list: &str, index: usize) -> Failure {
    let place = Path::root().key("spec").key(list).index(index);
    Failure { place: Some(("KubeadmConfig", place)), ..Failure::new(rule) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn templates_know_the_control_planes_version() {
        let control_plane = json!({"spec": {"version": "1.35"}});
        let objects = Objects {
            cluster: &Value::Null,
            control_plane: &control_plane,
            deployment: &Value::Null,
            template: &Value::Null,
        };
        assert_eq!(fill_template("a {{- .controlPlane.version }} b", &objects), Ok("av1.35.0 b".into()));
        assert!(fill_template("{{ if .x }}", &objects).is_err());
    }
}
