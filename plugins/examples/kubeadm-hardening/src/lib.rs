//! Hardens the control plane and the kubelets by a profile: audit policy, admission plugins, TLS, anonymous access, limits of the kubelet.
//!
//! What the user set stays: the profile only fills gaps, and says so where the user's value is weaker.

mod audit;

use flatwright_plugin_sdk::kubeadm_types::Argument;
use flatwright_plugin_sdk::prelude::*;

/// `spec.plugins[].settings`, as `settings.schema.json` has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    profile: Profile,
    audit: Audit,
    audit_days: u32,
    pod_pids_limit: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { profile: Profile::Baseline, audit: Audit::Metadata, audit_days: 30, pod_pids_limit: 4096 }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Profile {
    Baseline,
    Strict,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Audit {
    None,
    Metadata,
    Changes,
}

/// Suites with forward secrecy and authenticated encryption. TLS 1.3 has its own and no choice.
const CIPHERS: &str = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,\
TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,\
TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";

/// With `protect-kernel-defaults` the kubelet does not start unless the kernel is set like this, which Flatcar does not do by itself.
const KERNEL_DEFAULTS: &str = "\
vm.overcommit_memory = 1
vm.panic_on_oom = 0
kernel.panic = 10
kernel.panic_on_oops = 1
kernel.keys.root_maxkeys = 1000000
kernel.keys.root_maxbytes = 25000000
";

/// The plugin.
pub struct KubeadmHardening;

impl Plugin for KubeadmHardening {
    type Settings = Settings;

    fn describe() -> Description {
        description!("hardens the control plane and the kubelets by a profile")
            .settings_schema(include_str!("../settings.schema.json"))
    }
}

impl Kubeadm for KubeadmHardening {
    fn cluster(
        context: &Context<Settings>,
        control_plane: &mut ControlPlaneSettings,
        node: &mut NodeSettings,
        report: &mut Report,
    ) {
        let settings = &context.settings;
        let is_strict = settings.profile == Profile::Strict;
        if settings.audit != Audit::None {
            audit::apply(settings, control_plane, report);
        }
        let server = &mut control_plane.api_server.arguments;
        let mut admission = vec!["NodeRestriction"];
        if is_strict {
            admission.push("AlwaysPullImages");
        }
        enable(server, &admission);
        // Health checks of load balancers need anonymous access to /livez, so `anonymous-auth` stays.
        server.set_default("profiling", "false");
        tls(server, is_strict);
        for other in [&mut control_plane.controller_manager.arguments, &mut control_plane.scheduler.arguments] {
            other.set_default("profiling", "false");
        }
        if let Some(etcd) = &mut control_plane.etcd {
            etcd.arguments.set_default("cipher-suites", CIPHERS);
        }

        kubelet(settings, &mut node.kubelet_arguments, report);
        if is_strict {
            node.files.put(File::text("/etc/sysctl.d/90-kubelet.conf", KERNEL_DEFAULTS));
        }
    }

    fn group(context: &Context<Settings>, group: &NodeGroup, node: &mut NodeSettings, _: &mut Report) {
        if group.role == Role::ControlPlane && context.settings.audit != Audit::None {
            node.files.put(audit::file(context.settings.audit));
        }
    }
}

fn kubelet(settings: &Settings, kubelet: &mut Vec<Argument>, report: &mut Report) {
    for (name, value) in [("anonymous-auth", "false"), ("read-only-port", "0")] {
        if let Some(weak) = kubelet.value(name).filter(|now| *now != value) {
            report
                .warning(format!("`{name}` is `{weak}`, which opens the kubelet to anyone who can reach the node"))
                .code("open-kubelet")
                .at_value(format!("node.kubelet-arguments[\"{name}\"]"))
                .hint(format!("remove it, or set it to `{value}`"));
        }
        kubelet.set_default(name, value);
    }
    kubelet.set_default("authorization-mode", "Webhook");
    kubelet.set_default("pod-max-pids", settings.pod_pids_limit.to_string());
    kubelet.set_default("event-qps", "5");
    let is_strict = settings.profile == Profile::Strict;
    if is_strict {
        kubelet.set_default("protect-kernel-defaults", "true");
    }
    tls(kubelet, is_strict);
}

fn tls(arguments: &mut Vec<Argument>, is_strict: bool) {
    arguments.set_default("tls-min-version", "VersionTLS12");
    if is_strict {
        arguments.set_default("tls-cipher-suites", CIPHERS);
    }
}

/// Adds to a comma-separated list what is missing.
fn enable(arguments: &mut Vec<Argument>, wanted: &[&str]) {
    const NAME: &str = "enable-admission-plugins";
    let mut enabled: Vec<String> =
        arguments.value(NAME).unwrap_or_default().split(',').filter(|name| !name.is_empty()).map(Into::into).collect();
    for name in wanted {
        if !enabled.iter().any(|other| other == name) {
            enabled.push((*name).to_owned());
        }
    }
    arguments.set(NAME, enabled.join(","));
}

export!(KubeadmHardening: kubeadm);

#[cfg(test)]
mod tests {
    use flatwright_plugin_sdk::kubeadm_types::KubeadmSettings;
    use flatwright_plugin_sdk::testing;

    use super::*;

    fn harden(settings: &str, asked: KubeadmSettings) -> (KubeadmSettings, usize) {
        let answer = testing::kubeadm::<KubeadmHardening>(&testing::cluster(settings), asked).unwrap();
        (answer.settings, answer.findings.len())
    }

    #[test]
    fn the_baseline_audits_and_closes_the_kubelet() {
        let (settings, findings) = harden("{}", testing::kubeadm_settings());
        assert_eq!(findings, 0);
        let server = settings.control_plane.unwrap().api_server;
        assert_eq!(server.arguments.value("audit-log-maxage"), Some("30"));
        assert_eq!(server.arguments.value("tls-cipher-suites"), None);
        assert_eq!(server.volumes.len(), 2);
        assert_eq!(settings.node.kubelet_arguments.value("read-only-port"), Some("0"));
    }

    #[test]
    fn only_control_planes_get_the_audit_policy() {
        let files = |index| {
            let asked = KubeadmSettings { control_plane: None, ..testing::kubeadm_settings() };
            testing::kubeadm::<KubeadmHardening>(&testing::group(index, "{}"), asked).unwrap().settings.node.files
        };
        assert!(files(0).at("/etc/kubernetes/audit-policy.yaml").is_some());
        assert!(files(1).is_empty());
    }

    #[test]
    fn what_the_user_set_stays() {
        let mut asked = testing::kubeadm_settings();
        asked.node.kubelet_arguments.set("read-only-port", "10255");
        let control_plane = asked.control_plane.as_mut().unwrap();
        control_plane.api_server.arguments.set("audit-policy-file", "/my/policy.yaml");
        control_plane.api_server.arguments.set("enable-admission-plugins", "PodNodeSelector,NodeRestriction");
        let (settings, findings) = harden(r#"{"profile": "strict"}"#, asked);
        assert_eq!(findings, 2);
        let server = settings.control_plane.unwrap().api_server;
        assert_eq!(server.arguments.value("audit-policy-file"), Some("/my/policy.yaml"));
        let admission = server.arguments.value("enable-admission-plugins");
        assert_eq!(admission, Some("PodNodeSelector,NodeRestriction,AlwaysPullImages"));
        assert_eq!(settings.node.kubelet_arguments.value("read-only-port"), Some("10255"));
    }

    #[test]
    fn a_second_run_changes_nothing() {
        let (once, _) = harden(r#"{"profile": "strict"}"#, testing::kubeadm_settings());
        let (twice, _) = harden(r#"{"profile": "strict"}"#, once.clone());
        assert_eq!(twice, once);
    }
}
