//! The drop-ins and files that CLC's service sections become.
//!
//! Owns: texts of docker, etcd, flannel, update and locksmith, and platform templating. Must not: place them in the config.

use crate::clc::options::{Etcd, Flannel};
use crate::clc::types::{Locksmith, Update};
use crate::ignition2::quote_go;
use crate::problem::Service;

/// Platforms and the variables that stand for HOSTNAME, PRIVATE_IPV4, PUBLIC_IPV4, PRIVATE_IPV6 and PUBLIC_IPV6 there.
const PLATFORMS: &[(&str, [&str; 5])] = &[
    ("azure", ["", "COREOS_AZURE_IPV4_DYNAMIC", "COREOS_AZURE_IPV4_VIRTUAL", "", ""]),
    (
        "digitalocean",
        [
            "COREOS_DIGITALOCEAN_HOSTNAME",
            "COREOS_DIGITALOCEAN_IPV4_PRIVATE_0",
            "COREOS_DIGITALOCEAN_IPV4_PUBLIC_0",
            "COREOS_DIGITALOCEAN_IPV6_PRIVATE_0",
            "COREOS_DIGITALOCEAN_IPV6_PUBLIC_0",
        ],
    ),
    ("ec2", ["COREOS_EC2_HOSTNAME", "COREOS_EC2_IPV4_LOCAL", "COREOS_EC2_IPV4_PUBLIC", "", ""]),
    ("gce", ["COREOS_GCE_HOSTNAME", "COREOS_GCE_IP_LOCAL_0", "COREOS_GCE_IP_EXTERNAL_0", "", ""]),
    (
        "packet",
        [
            "COREOS_PACKET_HOSTNAME",
            "COREOS_PACKET_IPV4_PRIVATE_0",
            "COREOS_PACKET_IPV4_PUBLIC_0",
            "",
            "COREOS_PACKET_IPV6_PUBLIC_0",
        ],
    ),
    (
        "openstack-metadata",
        ["COREOS_OPENSTACK_HOSTNAME", "COREOS_OPENSTACK_IPV4_LOCAL", "COREOS_OPENSTACK_IPV4_PUBLIC", "", ""],
    ),
    (
        "vagrant-virtualbox",
        ["COREOS_VAGRANT_VIRTUALBOX_HOSTNAME", "COREOS_VAGRANT_VIRTUALBOX_PRIVATE_IPV4", "", "", ""],
    ),
    ("cloudstack-configdrive", ["CLOUDSTACK_LOCAL_HOSTNAME", "", "", "", ""]),
    (
        "custom",
        [
            "COREOS_CUSTOM_HOSTNAME",
            "COREOS_CUSTOM_PRIVATE_IPV4",
            "COREOS_CUSTOM_PUBLIC_IPV4",
            "COREOS_CUSTOM_PRIVATE_IPV6",
            "COREOS_CUSTOM_PUBLIC_IPV6",
        ],
    ),
];

const FIELDS: [&str; 5] = ["HOSTNAME", "PRIVATE_IPV4", "PUBLIC_IPV4", "PRIVATE_IPV6", "PUBLIC_IPV6"];

/// Whether the transpiler knows the platform. None at all is fine too.
pub(crate) fn is_supported(platform: &str) -> bool {
    platform.is_empty() || PLATFORMS.iter().any(|(name, _)| *name == platform)
}

/// Replaces `{FIELD}` by a reference to the platform's variable.
fn template(platform: &str, argument: &str) -> Result<String, Service> {
    let (_, variables) = PLATFORMS.iter().find(|(name, _)| *name == platform).ok_or(Service::Platform)?;
    let mut text = argument.to_owned();
    let (mut start, mut end) = (text.find('{'), text.find('}'));
    while let (Some(from), Some(to)) = (start, end)
        && from < to
    {
        let field = text[from + 1..to].to_owned();
        let variable = FIELDS.iter().position(|known| *known == field).map_or("", |index| variables[index]);
        if variable.is_empty() {
            return Err(Service::Variable);
        }
        text = text.replacen(&format!("{{{field}}}"), &format!("${{{variable}}}"), 1);
        // The search goes on from the old end, so that it does not find the braces that were just put in.
        let next = ceil_boundary(&text, to);
        start = text[next..].find('{').map(|at| at + next);
        if let Some(from) = start {
            end = text[from..].find('}').map(|at| at + from);
        }
    }
    Ok(text)
}

fn ceil_boundary(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// A drop-in that runs `exec` with the arguments, each on a line of its own. The lines after it are added by the caller.
fn drop_in(exec: &str, arguments: &[String], variable: Option<String>, platform: &str) -> Result<String, Service> {
    let is_templated = arguments.iter().any(|argument| argument.contains(['{', '}']));
    let mut out = String::new();
    let mut lines = Vec::new();
    let arguments: Vec<String> = if is_templated {
        if platform.is_empty() {
            return Err(Service::NoPlatform);
        }
        out.push_str("[Unit]\nRequires=coreos-metadata.service\nAfter=coreos-metadata.service\n\n");
        lines.push("EnvironmentFile=/run/metadata/coreos".to_owned());
        arguments.iter().map(|argument| template(platform, argument)).collect::<Result<_, _>>()?
    } else {
        arguments.to_vec()
    };
    lines.extend(variable.map(|variable| format!("Environment=\"{variable}\"")));
    lines.push("ExecStart=".into());
    let mut start = format!("ExecStart={exec}");
    for argument in &arguments {
        start.push_str(" \\\n  ");
        start.push_str(argument);
    }
    lines.push(start);
    out.push_str("[Service]\n");
    out.push_str(&lines.join("\n"));
    Ok(out)
}

/// etcd-member's drop-in.
///
/// # Errors
/// What is wrong with its variables.
pub(crate) fn etcd(etcd: &Etcd, platform: &str) -> Result<String, Service> {
    let variable = etcd.version.as_ref().map(|version| format!("ETCD_IMAGE_TAG=v{version}"));
    drop_in("/usr/lib/coreos/etcd-wrapper $ETCD_OPTS", &etcd.options.arguments(), variable, platform)
}

/// flanneld's drop-in.
///
/// # Errors
/// As [`etcd`].
pub(crate) fn flannel(flannel: &Flannel, platform: &str) -> Result<String, Service> {
    let variable = flannel.version.as_ref().map(|version| format!("FLANNEL_IMAGE_TAG=v{version}"));
    let arguments = flannel.options.arguments();
    let mut out = drop_in("/usr/lib/coreos/flannel-wrapper $FLANNEL_OPTS", &arguments, variable, platform)?;
    if !flannel.network_config.is_empty() {
        out.push_str("\nExecStartPre=/usr/bin/etcdctl");
        let flags = [
            ("endpoints", "etcd_endpoints"),
            ("ca-file", "etcd_cafile"),
            ("cert-file", "etcd_certfile"),
            ("key-file", "etcd_keyfile"),
        ];
        for (flag, key) in flags {
            if let Some(value) = flannel.options.text(key) {
                out.push_str(&format!(" --{flag}={}", quote_go(value)));
            }
        }
        out.push_str(&format!(" set /coreos.com/network/config {}", quote_go(&flannel.network_config)));
    }
    Ok(out)
}

/// docker's drop-in.
pub(crate) fn docker(flags: &[String]) -> String {
    format!("[Service]\nEnvironment=\"DOCKER_OPTS={}\"", flags.join(" "))
}

/// `/etc/coreos/update.conf`; empty if there is nothing to say.
pub(crate) fn update_conf(update: Option<&Update>, locksmith: Option<&Locksmith>) -> String {
    let mut out = String::new();
    if let Some(update) = update {
        if !update.group.is_empty() {
            out.push_str("GROUP=");
            out.push_str(&update.group.to_lowercase());
        }
        let settings = [
            ("SERVER", &update.server),
            ("PCR_POLICY_SERVER", &update.pcr_policy_server),
            ("DOWNLOAD_USER", &update.download_user),
            ("DOWNLOAD_PASSWORD", &update.download_password),
            ("MACHINE_ALIAS", &update.machine_alias),
        ];
        for (name, value) in settings.into_iter().filter(|(_, value)| !value.is_empty()) {
            out.push_str(&format!("\n{name}={value}"));
        }
    }
    if let Some(locksmith) = locksmith {
        let settings = [
            ("REBOOT_STRATEGY", &locksmith.reboot_strategy),
            ("LOCKSMITHD_REBOOT_WINDOW_START", &locksmith.window_start),
            ("LOCKSMITHD_REBOOT_WINDOW_LENGTH", &locksmith.window_length),
            ("LOCKSMITHD_GROUP", &locksmith.group),
            ("LOCKSMITHD_ENDPOINT", &locksmith.etcd_endpoints),
            ("LOCKSMITHD_ETCD_CAFILE", &locksmith.etcd_cafile),
            ("LOCKSMITHD_ETCD_CERTFILE", &locksmith.etcd_certfile),
            ("LOCKSMITHD_ETCD_KEYFILE", &locksmith.etcd_keyfile),
        ];
        for (name, value) in settings {
            if let Some(value) = value {
                out.push_str(&format!("\n{name}={}", quote_go(value)));
            }
        }
    }
    out
}
