//! The bootstrap settings, wherever they stand: `KubeadmConfig`, its template, the control plane and its template
//! (CAPI `bootstrap/kubeadm/webhooks/admission/kubeadmconfig.go`).

use std::collections::BTreeSet;

use flatwright_diagnostic::{Part, Rule};

use crate::check::{Check, name};
use crate::contract::Contract;
use crate::field::Field;
use crate::rules::gates::SwitchedOff;
use crate::rules::{contract_fields, limits, limits_table};

/// Bootstrap settings that exclude or need each other.
#[derive(Debug, Rule)]
#[rule(group = "admission-bootstrap-settings")]
pub(crate) enum BootstrapSettings {
    /// A file with two contents.
    #[rule("file-content-source", "a file has both `content` and `contentFrom`")]
    FileContent,
    /// A user with two passwords.
    #[rule("user-password-source", "a user has both `passwd` and `passwdFrom`")]
    UserPassword,
    /// A secret without its name or key.
    #[rule("incomplete-secret-reference", "`{field}` is missing")]
    SecretReference { field: String },
    /// Two files at one path.
    #[rule("duplicate-file-path", "two files have the path `{path}`")]
    FilePath { path: String },
    /// A partition of contract v1beta1 without a layout.
    #[rule("partition-without-layout", "a partition has no `layout`")]
    NoLayout,
    /// A partition of contract v1beta2 with two layouts, or none.
    #[rule("partition-layout", "a partition needs exactly one of `layout` and `diskLayout`")]
    Layout,
    /// Parts that are larger than the whole.
    #[rule("partition-percentages", "the percentages of `diskLayout` add up to {sum}")]
    Percentages { sum: i64 },
    /// A type that is neither a known name nor a GUID.
    #[rule("unknown-partition-type", "`{kind}` is not a partition type")]
    PartitionType { kind: String },
    /// Two ways to authenticate.
    #[rule("discovery-user-credentials", "the discovery user has both `authProvider` and `exec`")]
    DiscoveryUser,
    /// Two values of what must be one.
    #[rule(
        "unequal-control-plane-timeouts",
        "`controlPlaneComponentHealthCheckSeconds` is {init} in `initConfiguration` and {join} in `joinConfiguration`"
    )]
    Timeouts { init: String, join: String },
    /// An argument with two values.
    #[rule("duplicate-argument", "the argument `{argument}` is set twice")]
    Argument { argument: String },
}

/// Settings and the format of the bootstrap data.
#[derive(Debug, Rule)]
#[rule(group = "admission-ignition-format")]
pub(crate) enum IgnitionFormat {
    /// Settings of Ignition for another format.
    #[rule("ignition-of-another-format", "`ignition` is set although `format` is not `ignition`")]
    AnotherFormat,
    /// A setting that only cloud-init has.
    #[rule("unsupported-with-ignition", "`{field}` is not supported with `format: ignition`")]
    Unsupported { field: String },
}

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
            check.refuse(&source, &BootstrapSettings::FileContent).hint("keep one of them");
        }
        secret(check, &source);
        let path = file.get("path");
        if let Some(text) = path.text()
            && !paths.insert(text)
        {
            check.refuse(&path, &BootstrapSettings::FilePath { path: path.shown() }).hint("keep one of them");
        }
    }
}

/// A secret's name and key may be absent, where the schema judges them, but not empty.
fn secret(check: &mut Check<'_>, source: &Field<'_>) {
    for part in ["secret.name", "secret.key"].map(|key| source.get(key)).iter().filter(|part| part.holds("")) {
        check.needs_text(part, |field| BootstrapSettings::SecretReference { field });
    }
}

fn users(check: &mut Check<'_>, spec: &Field<'_>) {
    for user in spec.get("users").items() {
        let source = user.get("passwdFrom");
        if !user.get("passwd").is_blank() && source.is_defined() {
            check.refuse(&source, &BootstrapSettings::UserPassword).hint("keep one of them");
        }
        secret(check, &source);
    }
}

fn layouts(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    for partition in spec.get("diskSetup.partitions").items() {
        let (layout, list) = (partition.get("layout"), partition.get("diskLayout"));
        match contract {
            Contract::V1Beta1 if !layout.is_set() => {
                check
                    .refuse(&layout, &BootstrapSettings::NoLayout)
                    .hint("set `layout: true` for one partition over the whole disk");
            }
            Contract::V1Beta2 if layout.is_set() == list.is_set() => {
                check
                    .refuse(&partition, &BootstrapSettings::Layout)
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
            check.refuse(&list, &BootstrapSettings::Percentages { sum }).hint("make them add up to 100 or less");
        }
    }
}

fn partition_type(check: &mut Check<'_>, kind: &Field<'_>) {
    const NAMED: &[&str] = &["Linux", "LinuxSwap", "LinuxRAID", "LVM", "Fat32", "NTFS", "LinuxExtended"];
    let Some(text) = kind.text() else { return };
    if !NAMED.contains(&text) && !crate::syntax::is_guid(text) {
        check
            .refuse(kind, &BootstrapSettings::PartitionType { kind: kind.shown() })
            .did_you_mean(text, Part::Value, NAMED.iter().copied())
            .hint("write one of these names, or the GUID of a GPT type");
    }
}

fn discovery(check: &mut Check<'_>, spec: &Field<'_>) {
    let user = spec.get("joinConfiguration.discovery.file.kubeConfig.user");
    if user.get("authProvider").is_defined() && user.get("exec").is_defined() {
        check.refuse(&user, &BootstrapSettings::DiscoveryUser).hint("keep one of them");
    }
}

/// Control planes only: the kubelet of the first machine and of the others must wait equally long.
pub(crate) fn equal_timeouts(check: &mut Check<'_>, spec: &Field<'_>) {
    let [init, join] = ["initConfiguration", "joinConfiguration"]
        .map(|part| spec.get(part).get("timeouts.controlPlaneComponentHealthCheckSeconds"));
    if init.value() != join.value() {
        let word = |field: &Field<'_>| if field.is_set() { field.shown() } else { "unset".to_owned() };
        check
            .refuse(&init, &BootstrapSettings::Timeouts { init: word(&init), join: word(&join) })
            .hint("set both to the same number, or neither");
    }
}

fn ignition(check: &mut Check<'_>, spec: &Field<'_>) {
    let (format, block) = (spec.get("format"), spec.get("ignition"));
    if !check.options.gates.kubeadm_bootstrap_format_ignition {
        for field in [&format, &block] {
            if field.holds("ignition") || (field.value().is_object() && field.is_defined()) {
                check
                    .refuse(field, &SwitchedOff::Ignition)
                    .hint("run `clusterctl init` with `EXP_KUBEADM_BOOTSTRAP_FORMAT_IGNITION=true`");
            }
        }
        return;
    }
    if !format.holds("ignition") {
        if block.is_defined() {
            check.refuse(&format, &IgnitionFormat::AnotherFormat).hint("set `format: ignition`");
        }
        return;
    }
    let mut forbid = |field: &Field<'_>, is: bool, instead: &str| {
        if is {
            check.refuse(field, &IgnitionFormat::Unsupported { field: name(field) }).hint(instead);
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
                check.refuse(&name, &BootstrapSettings::Argument { argument: name.shown() }).hint("keep one of them");
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
