//! The secret with the cloud configuration, which CAPZ names after the machine template.

use flatwright_diagnostic::Rule;

use crate::set::groups::Group;
use crate::set::manifests::Findings;
use flatwright_kubernetes::is_placeholder;

const SUFFIX: &str = "-azure-json";

/// What is wrong with a reference to the secret.
#[derive(Debug, Rule)]
#[rule(group = "manifest-cloud-config-secret")]
pub(crate) enum CloudConfigSecret {
    /// A secret that is named after no machine template of this group.
    #[rule("cloud-config-secret-name", "nobody creates the secret `{secret}`: the machine template is `{template}`")]
    Name { secret: String, template: String },
    /// The key of the other role.
    #[rule("cloud-config-secret-key", "`{key}` is not the key for {role}")]
    Key { key: String, role: &'static str },
}

pub(crate) fn check(group: &Group<'_>, findings: &mut Findings<'_>) {
    let Some((index, spec)) = &group.bootstrap else { return };
    if group.machine_name.is_empty() || is_placeholder(group.machine_name) {
        return;
    }
    let wanted = format!("{}{SUFFIX}", group.machine_name);
    let (wanted_key, role) = if group.is_control_plane {
        ("control-plane-azure.json", "control planes")
    } else {
        ("worker-node-azure.json", "workers")
    };
    for file in spec.get("files").items() {
        let secret = file.get("contentFrom.secret");
        let (name, key) = (secret.get("name"), secret.get("key"));
        let Some(text) = name.text().filter(|text| text.ends_with(SUFFIX) && !is_placeholder(text)) else { continue };
        if text != wanted {
            let template = group.machine_name.to_owned();
            findings
                .on(*index)
                .refuse(&name, &CloudConfigSecret::Name { secret: name.shown(), template })
                .note("CAPZ names the secret after the machine template, so it changes with the template's name")
                .hint(format!("write `{wanted}`"));
        }
        if matches!(key.text(), Some("control-plane-azure.json" | "worker-node-azure.json")) && !key.holds(wanted_key) {
            findings
                .on(*index)
                .refuse(&key, &CloudConfigSecret::Key { key: key.shown(), role })
                .hint(format!("write `{wanted_key}`"));
        }
    }
}
