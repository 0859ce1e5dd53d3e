//! The audit policy: what the API server logs, where, and how it gets to see the file.

use flatwright_plugin_sdk::kubeadm_types::HostVolume;
use flatwright_plugin_sdk::prelude::*;

use crate::{Audit, Settings};

const POLICY: &str = "/etc/kubernetes/audit-policy.yaml";
const LOGS: &str = "/var/log/kubernetes/audit";

/// The policy as a file, for the nodes that run an API server.
pub(crate) fn file(audit: Audit) -> File {
    File::text(POLICY, policy(audit)).permissions("0600")
}

/// Points the API server at the policy, unless the user already has one.
pub(crate) fn apply(settings: &Settings, control_plane: &mut ControlPlaneSettings, report: &mut Report) {
    let server = &mut control_plane.api_server;
    if let Some(own) = server.arguments.value("audit-policy-file").filter(|own| *own != POLICY) {
        report
            .warning(format!("the API server keeps its own audit policy `{own}`"))
            .code("own-audit-policy")
            .at_value("control-plane.api-server.arguments[\"audit-policy-file\"]")
            .hint("set `audit: none` in the plugin's settings");
        return;
    }
    server.arguments.set("audit-policy-file", POLICY);
    server.arguments.set_default("audit-log-path", format!("{LOGS}/audit.log"));
    server.arguments.set_default("audit-log-maxage", settings.audit_days.to_string());
    server.arguments.set_default("audit-log-maxbackup", "10");
    server.arguments.set_default("audit-log-maxsize", "100");
    let volume = |name: &str, path: &str, read_only, kind: &str| HostVolume {
        name: name.to_owned(),
        host_path: path.to_owned(),
        mount_path: path.to_owned(),
        read_only,
        path_type: Some(kind.to_owned()),
    };
    for volume in [volume("audit-policy", POLICY, true, "File"), volume("audit-logs", LOGS, false, "DirectoryOrCreate")]
    {
        if !server.volumes.iter().any(|other| other.name == volume.name) {
            server.volumes.push(volume);
        }
    }
}

/// The first rule that matches decides. Bodies of secrets are never logged.
fn policy(audit: Audit) -> String {
    let changes = match audit {
        Audit::Changes => "- level: RequestResponse\n  verbs: [create, update, patch, delete, deletecollection]\n",
        Audit::None | Audit::Metadata => "",
    };
    format!(
        "\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  nonResourceURLs: [\"/healthz*\", \"/livez*\", \"/readyz*\", /version]
- level: Metadata
  resources:
  - {{group: \"\", resources: [secrets, configmaps, serviceaccounts/token]}}
  - {{group: authentication.k8s.io, resources: [tokenreviews]}}
{changes}- level: Metadata
"
    )
}
