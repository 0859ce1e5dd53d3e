//! Bootstrap settings that the Ignition path of CAPI ignores, misreads or fails on after admission. Contents are judged where they are rendered.

use std::collections::BTreeSet;

use flatwright_diagnostic::Rule;

use crate::check::{Check, last};
use crate::code::{BOOTSTRAP_TRAP, FILE_MODE};
use crate::field::Field;
use crate::syntax::is_placeholder;

/// What is fetched and not there.
#[derive(Debug, Rule)]
pub(super) enum Fetched {
    /// A transfer definition of the releases that is no longer published.
    #[rule("manifest-sysupdate-noop", "`noop.conf` is fetched from a server that may no longer publish it")]
    SysupdateNoop,
}

/// Files that the bootstrap provider writes itself.
const OWN_FILES: &[&str] = &["/etc/kubeadm.sh", "/etc/kubeadm.yml"];

pub(crate) fn check(check: &mut Check<'_>, spec: &Field<'_>) {
    if !spec.get("format").holds("ignition") {
        return;
    }
    for file in spec.get("files").items() {
        path(check, &file.get("path"));
        mode(check, &file);
        content(check, &file);
    }
    mounts(check, spec);
    for partition in spec.get("diskSetup.partitions").items() {
        let layout = partition.get("layout");
        if layout.is_true() {
            check
                .warning(BOOTSTRAP_TRAP, &layout, "`layout: true` makes a partition without number and label")
                .note("Ignition stops in the initramfs: a partition needs a number or a label")
                .hint("set `partitions: []` and write the partition in `additionalConfig`, `storage.disks`, with `number: 1`");
        }
    }
    for user in spec.get("users").items() {
        let lock = user.get("lockPassword");
        if lock.value() == &serde_json::Value::Bool(false) {
            check
                .warning(BOOTSTRAP_TRAP, &lock, "`lockPassword: false` replaces the whole `/etc/ssh/sshd_config`")
                .note("the bootstrap provider writes that file with password logins allowed")
                .hint("remove `lockPassword`, and use SSH keys");
        }
    }
    for stage in ["initConfiguration.nodeRegistration.name", "joinConfiguration.nodeRegistration.name"] {
        node_name(check, spec, &spec.get(stage));
    }
    noop(check, spec);
}

/// Templates for other systems name nodes in the template language of cloud-init.
fn node_name(check: &mut Check<'_>, spec: &Field<'_>, name: &Field<'_>) {
    let Some(text) = name.text().filter(|text| text.contains("{{")) else { return };
    let mut commands = spec.get("preKubeadmCommands").items();
    if !commands.any(|command| command.text_or_empty().contains(text.trim())) {
        check
            .warning(BOOTSTRAP_TRAP, name, format!("nothing replaces `{}` in the node's name", name.shown()))
            .note("cloud-init does that elsewhere; with `format: ignition` kubeadm refuses the name as it stands")
            .hint("write a text such as `@@HOSTNAME@@` that a command in `preKubeadmCommands` replaces in `/etc/kubeadm.yml`");
    }
}

fn path(check: &mut Check<'_>, path: &Field<'_>) {
    let Some(text) = path.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { return };
    if !text.starts_with('/') {
        check
            .warning(BOOTSTRAP_TRAP, path, format!("the file path `{}` is not absolute", path.shown()))
            .note("the bootstrap provider fails to make a config from it, and the machine never starts")
            .hint(format!("write `/{text}`, or the full path"));
    } else if text.contains(": ") {
        check
            .warning(BOOTSTRAP_TRAP, path, format!("the file path `{}` contains `: `", path.shown()))
            .note("the bootstrap provider writes the path into YAML without quotes, and fails to read it back")
            .hint("choose a path without `: `");
    } else if OWN_FILES.contains(&text) {
        check
            .warning(BOOTSTRAP_TRAP, path, format!("the bootstrap provider writes `{}` itself", path.shown()))
            .note("Ignition stops in the initramfs: two files of one path")
            .hint("choose another path, or use `preKubeadmCommands`");
    }
}

fn mode(check: &mut Check<'_>, file: &Field<'_>) {
    let (mode, owner) = (file.get("permissions"), file.get("owner"));
    if mode.is_blank() {
        check
            .warning(FILE_MODE, &mode, "a file has no `permissions`")
            .note("the bootstrap provider fails with `mode unspecified for file`, and the machine never starts")
            .hint("set `permissions: \"0644\"`");
    } else if let Some(text) = mode.text().filter(|text| !is_placeholder(text)) {
        permissions(check, &mode, text);
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if let Some(text) = owner.text().filter(|text| text.split(':').any(is_number)) {
        check
            .warning(FILE_MODE, &owner, format!("the owner `{text}` is taken as names, not as ids"))
            .note("Ignition looks for a user called like the number, and stops if there is none")
            .hint("write names, such as `root:root`");
    }
}

fn permissions(check: &mut Check<'_>, field: &Field<'_>, text: &str) {
    let digits = |text: &str, radix: u32| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    let is_octal = text.strip_prefix("0o").or_else(|| text.strip_prefix('0')).is_some_and(|rest| digits(rest, 8));
    if is_octal || text == "0" {
        return;
    }
    let decimal = digits(text, 10).then(|| text.parse::<u32>().ok()).flatten();
    // 420 is how Ignition itself writes 0644; a number of octal digits is a forgotten 0.
    match decimal {
        Some(number) if !digits(text, 8) || number == 420 || number == 493 => {}
        Some(number) => {
            check
                .warning(
                    FILE_MODE,
                    field,
                    format!("`permissions: {text}` is decimal: the file gets the mode {number:05o}"),
                )
                .hint(format!("write `\"0{text}\"`"));
        }
        None => {
            check
                .warning(FILE_MODE, field, format!("`permissions: {text}` is not a number"))
                .hint("write four octal digits, such as `\"0644\"`");
        }
    }
}

fn content(check: &mut Check<'_>, file: &Field<'_>) {
    let append = file.get("append");
    if append.is_true() {
        check
            .warning(BOOTSTRAP_TRAP, &append, "`append: true` is ignored: the file is replaced")
            .note("the Ignition path of the bootstrap provider has no append")
            .hint("append in `preKubeadmCommands`, or write the whole file");
    }
    if file.get("content").is_blank() && !file.get("contentFrom").is_set() {
        check
            .warning(BOOTSTRAP_TRAP, file, "a file has neither `content` nor `contentFrom`: it will be empty")
            .hint("write `content`, or remove the file");
    }
}

fn mounts(check: &mut Check<'_>, spec: &Field<'_>) {
    let labels: BTreeSet<_> =
        spec.get("diskSetup.filesystems").items().filter_map(|filesystem| filesystem.get("label").text()).collect();
    for mount in spec.get("mounts").items() {
        let (source, target) = (mount.index(0), mount.index(1));
        let Some(label) = source.text().filter(|text| !is_placeholder(text)) else { continue };
        if !labels.contains(label) {
            let what =
                if label.starts_with('/') { "is a device" } else { "is the label of no filesystem in `diskSetup`" };
            check
                .warning(
                    BOOTSTRAP_TRAP,
                    &source,
                    format!("the mount source `{}` {what}: nothing will be mounted", source.shown()),
                )
                .note("the mount unit gets an empty `What=`")
                .hint("name the `label` of an entry in `diskSetup.filesystems`");
        }
        if target.text().is_some_and(|text| text.contains('-')) {
            check
                .warning(BOOTSTRAP_TRAP, &target, format!("the mount path `{}` contains `-`", target.shown()))
                .note("the unit's name is not escaped, so systemd takes it for another path and refuses it")
                .hint("choose a path without `-`");
        }
    }
    for filesystem in spec.get("diskSetup.filesystems").items() {
        let overwrite = filesystem.get("overwrite");
        if !overwrite.is_set() {
            check
                .warning(BOOTSTRAP_TRAP, &overwrite, format!("{} is missing", last(&overwrite)))
                .note("the bootstrap provider writes `<nil>` in its place, and fails to read that as a boolean")
                .hint("set `overwrite: false`");
        }
        let label = filesystem.get("label");
        if label.is_blank() {
            check
                .warning(
                    BOOTSTRAP_TRAP,
                    &label,
                    format!("{} is missing: no mount can name this filesystem", last(&label)),
                )
                .hint("set a `label`");
        }
    }
}

/// The text of the machine config is looked at as a text only.
fn noop(check: &mut Check<'_>, spec: &Field<'_>) {
    let config = spec.get("ignition.containerLinuxConfig.additionalConfig");
    let is_remote = config.text_or_empty().lines().any(|line| {
        let line = line.trim();
        !line.starts_with('#') && line.contains("://") && line.trim_end_matches(['"', '\'']).ends_with("/noop.conf")
    });
    if is_remote {
        check
            .warn(&config, &Fetched::SysupdateNoop)
            .note("the releases are made without it; a 404 stops Ignition in the initramfs")
            .hint("write the file inline, with a `[Source]` and `[Target]` of `Type=regular-file` and a pattern that matches nothing");
    }
}
