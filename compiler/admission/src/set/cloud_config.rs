//! The secret with the cloud configuration, which CAPZ names after the machine template.

use crate::code::CLOUD_CONFIG_SECRET;
use crate::set::groups::Group;
use crate::set::manifests::Findings;
use crate::syntax::is_placeholder;

const SUFFIX: &str = "-azure-json";

pub(crate) fn check(group: &Group<'_>, findings: &mut Findings<'_>) {
    let Some((index, spec)) = &group.bootstrap else { return };
    if group.machine_name.is_empty() || is_placeholder(group.machine_name) {
        return;
    }
    let wanted = format!("{}{SUFFIX}", group.machine_name);
    let (wanted_key, role) = if group.is_control_plane {
        ("control-plane-azure.json", "control plane")
    } else {
        ("worker-node-azure.json", "workers")
    };
    for file in spec.get("files").items() {
        let secret = file.get("contentFrom.secret");
        let (name, key) = (secret.get("name"), secret.get("key"));
        let Some(text) = name.text().filter(|text| text.ends_with(SUFFIX) && !is_placeholder(text)) else { continue };
        if text != wanted {
            findings
                .on(*index)
                .error(
                    CLOUD_CONFIG_SECRET,
                    &name,
                    format!(
                        "nobody makes the secret `{text}`: the machine template is called `{}`",
                        group.machine_name
                    ),
                )
                .note("CAPZ names the secret after the machine template, so it changes with the template's name")
                .hint(format!("write `{wanted}`"));
        }
        if matches!(key.text(), Some("control-plane-azure.json" | "worker-node-azure.json")) && !key.holds(wanted_key) {
            findings
                .on(*index)
                .error(CLOUD_CONFIG_SECRET, &key, format!("the key `{}` is not the one of {role}", key.shown()))
                .hint(format!("write `{wanted_key}`"));
        }
    }
}
