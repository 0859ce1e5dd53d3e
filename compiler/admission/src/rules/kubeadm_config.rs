//! The bootstrap settings, wherever they stand: `KubeadmConfig`, its template, the control plane and its template
//! (CAPI `bootstrap/kubeadm/webhooks/admission/kubeadmconfig.go`).

use std::collections::BTreeSet;

use crate::check::Check;
use crate::code::{BOOTSTRAP_SETTINGS, FEATURE_GATE, IGNITION_FORMAT};
use crate::contract::Contract;
use crate::field::Field;
use crate::rules::{contract_fields, limits, limits_table};

pub(crate) fn check(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    contract_fields::check(check, spec, contract, contract_fields::KUBEADM_CONFIG);
    limits::check(check, spec, limits_table::KUBEADM_CONFIG);
    if contract == Contract::V1Beta2 {
        limits::check(check, spec, limits_table::ARGUMENT_LISTS);
    }
    // The CRD's own rules (CEL) say these as well.
    if check.options.schema_limits {
        unique_arguments(check, spec);
        layouts(check, spec, contract);
    }
    files(check, spec);
    users(check, spec);
    percentages(check, spec);
    discovery(check, spec);
    ignition(check, spec);
}

fn files(check: &mut Check<'_>, spec: &Field<'_>) {
    let mut paths = BTreeSet::new();
    for file in spec.get("files").items() {
        let (content, source) = (file.get("content"), file.get("contentFrom"));
        if !content.is_blank() && source.is_defined() {
            check
                .error(BOOTSTRAP_SETTINGS, &source, "a file has both `content` and `contentFrom`")
                .hint("keep one of them");
        }
        if source.is_set() {
            for key in ["secret.name", "secret.key"] {
                if source.get(key).holds("") {
                    check.coded_needs_text(BOOTSTRAP_SETTINGS, &source.get(key));
                }
            }
        }
        let path = file.get("path");
        if let Some(text) = path.text()
            && !paths.insert(text)
        {
            check
                .error(BOOTSTRAP_SETTINGS, &path, format!("two files have the path `{}`", path.shown()))
                .hint("keep one of them");
        }
    }
}

fn users(check: &mut Check<'_>, spec: &Field<'_>) {
    for user in spec.get("users").items() {
        let source = user.get("passwdFrom");
        if !user.get("passwd").is_blank() && source.is_defined() {
            check
                .error(BOOTSTRAP_SETTINGS, &source, "a user has both `passwd` and `passwdFrom`")
                .hint("keep one of them");
        }
        if source.is_set() {
            for key in ["secret.name", "secret.key"] {
                if source.get(key).holds("") {
                    check.coded_needs_text(BOOTSTRAP_SETTINGS, &source.get(key));
                }
            }
        }
    }
}

fn layouts(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    for partition in spec.get("diskSetup.partitions").items() {
        let (layout, list) = (partition.get("layout"), partition.get("diskLayout"));
        match contract {
            Contract::V1Beta1 if !layout.is_set() => {
                check
                    .error(BOOTSTRAP_SETTINGS, &layout, "a partition has no `layout`")
                    .hint("set `layout: true` for one partition over the whole disk");
            }
            Contract::V1Beta2 if layout.is_set() == list.is_set() => {
                check
                    .error(
                        BOOTSTRAP_SETTINGS,
                        &partition,
                        "a partition has not exactly one of `layout` and `diskLayout`",
                    )
                    .hint("set `layout: true`, or list the parts in `diskLayout`");
            }
            _ => {}
        }
        for part in list.items() {
            partition_type(check, &part.get("partitionType"));
        }
    }
}

fn percentages(check: &mut Check<'_>, spec: &Field<'_>) {
    for partition in spec.get("diskSetup.partitions").items() {
        let list = partition.get("diskLayout");
        let sum: i64 = list.items().filter_map(|part| part.get("percentage").int()).fold(0, i64::saturating_add);
        if sum > 100 {
            check
                .error(BOOTSTRAP_SETTINGS, &list, format!("the percentages of `diskLayout` add up to {sum}"))
                .hint("make them add up to 100 or less");
        }
    }
}

fn partition_type(check: &mut Check<'_>, kind: &Field<'_>) {
    const NAMED: &[&str] = &["Linux", "LinuxSwap", "LinuxRAID", "LVM", "Fat32", "NTFS", "LinuxExtended"];
    let Some(text) = kind.text() else { return };
    if !NAMED.contains(&text) && !crate::syntax::is_guid(text) {
        check
            .error(BOOTSTRAP_SETTINGS, kind, format!("`{}` is not a partition type", kind.shown()))
            .hint(format!("use one of {} or a GPT type GUID", NAMED.join(", ")));
    }
}

fn discovery(check: &mut Check<'_>, spec: &Field<'_>) {
    let user = spec.get("joinConfiguration.discovery.file.kubeConfig.user");
    if user.get("authProvider").is_defined() && user.get("exec").is_defined() {
        check
            .error(BOOTSTRAP_SETTINGS, &user, "the discovery user has both `authProvider` and `exec`")
            .hint("keep one of them");
    }
}

/// Control planes only: the kubelet of the first machine and of the others must wait equally long.
pub(crate) fn equal_timeouts(check: &mut Check<'_>, spec: &Field<'_>) {
    let [init, join] = ["initConfiguration", "joinConfiguration"]
        .map(|part| spec.get(part).get("timeouts.controlPlaneComponentHealthCheckSeconds"));
    if init.value() != join.value() {
        let word = |field: &Field<'_>| if field.is_set() { field.shown() } else { "unset".to_owned() };
        check
            .error(
                BOOTSTRAP_SETTINGS,
                &init,
                format!(
                    "`controlPlaneComponentHealthCheckSeconds` is {} in `initConfiguration` and {} in `joinConfiguration`",
                    word(&init),
                    word(&join)
                ),
            )
            .hint("set both to the same number, or neither");
    }
}

fn ignition(check: &mut Check<'_>, spec: &Field<'_>) {
    let (format, block) = (spec.get("format"), spec.get("ignition"));
    if !check.options.gates.kubeadm_bootstrap_format_ignition {
        for field in [&format, &block] {
            if field.holds("ignition") || (field.value().is_object() && field.is_defined()) {
                check
                    .error(FEATURE_GATE, field, "the Ignition format is switched off in the management cluster")
                    .hint("run `clusterctl init` with `EXP_KUBEADM_BOOTSTRAP_FORMAT_IGNITION=true`");
            }
        }
        return;
    }
    if !format.holds("ignition") {
        if block.is_defined() {
            check
                .error(IGNITION_FORMAT, &format, "`ignition` is set although `format` is not `ignition`")
                .hint("set `format: ignition`");
        }
        return;
    }
    let mut forbid = |field: &Field<'_>, is: bool, instead: &str| {
        if is {
            check
                .error(
                    IGNITION_FORMAT,
                    field,
                    format!("{} is not supported with `format: ignition`", crate::check::last(field)),
                )
                .hint(instead);
        }
    };
    for file in spec.get("files").items() {
        let encoding = file.get("encoding");
        let is_gzip = matches!(encoding.text_or_empty(), "gzip" | "gzip+base64");
        forbid(&encoding, is_gzip, "use `encoding: base64`; for compressed content, use `additionalConfig`");
    }
    let commands = spec.get("bootCommands");
    forbid(&commands, commands.len() > 0, "use `preKubeadmCommands`, or a unit in `additionalConfig`");
    for user in spec.get("users").items() {
        let inactive = user.get("inactive");
        forbid(&inactive, inactive.is_true(), "remove `inactive`; use `lockPassword: true`");
    }
    for filesystem in spec.get("diskSetup.filesystems").items() {
        for key in ["replaceFS", "partition"] {
            let field = filesystem.get(key);
            forbid(&field, !field.is_blank(), "name the partition's device in `device`, and use `overwrite`");
        }
    }
    for partition in spec.get("diskSetup.partitions").items() {
        let table = partition.get("tableType");
        forbid(&table, !table.is_blank() && !table.holds("gpt"), "use `tableType: gpt` or remove it");
    }
}

/// The argument lists of contract v1beta2: a name may stand once.
fn unique_arguments(check: &mut Check<'_>, spec: &Field<'_>) {
    for list in argument_lists(spec) {
        let mut names = BTreeSet::new();
        for argument in list.items() {
            let name = argument.get("name");
            if let Some(text) = name.text()
                && !names.insert(text)
            {
                check
                    .error(BOOTSTRAP_SETTINGS, &name, format!("the argument `{}` is set twice", name.shown()))
                    .hint("keep one of them");
            }
        }
    }
}

/// Every place where command-line arguments are set.
pub(crate) const ARGUMENT_PATHS: &[&str] = &[
    "clusterConfiguration.apiServer.extraArgs",
    "clusterConfiguration.controllerManager.extraArgs",
    "clusterConfiguration.scheduler.extraArgs",
    "clusterConfiguration.etcd.local.extraArgs",
    "initConfiguration.nodeRegistration.kubeletExtraArgs",
    "joinConfiguration.nodeRegistration.kubeletExtraArgs",
];

fn argument_lists<'a>(spec: &Field<'a>) -> impl Iterator<Item = Field<'a>> {
    ARGUMENT_PATHS.iter().map(|path| spec.get(path))
}
