//! Bootstrap settings that the Ignition path of CAPI ignores, misreads or fails on after admission. Contents are judged where they are rendered.

use std::collections::BTreeSet;

use flatwright_diagnostic::{Fix, Rule};

use crate::check::Check;
use crate::field::Field;
use crate::ssh;
use flatwright_kubernetes::is_placeholder;

/// Bootstrap settings that the Ignition path ignores, misreads or fails on.
#[derive(Debug, Rule)]
#[rule(group = "manifest-bootstrap-trap")]
pub enum Bootstrap {
    /// A partition that Ignition cannot name.
    #[rule("partition-without-number", "`layout: true` makes a partition without number and label")]
    Layout,
    /// A login that takes the whole file of the SSH server.
    #[rule("replaced-sshd-config", "`lockPassword: false` replaces the whole `/etc/ssh/sshd_config`")]
    ReplacedSshd,
    /// A name in the template language of cloud-init.
    #[rule("unreplaced-node-name", "nothing replaces `{name}` in the node's name")]
    NodeName {
        /// The name.
        name: String,
    },
    /// A path that says not where.
    #[rule("relative-file-path", "the file path `{path}` is not absolute")]
    RelativePath {
        /// The path.
        path: String,
    },
    /// A path that YAML takes for a mapping.
    #[rule("colon-in-file-path", "the file path `{path}` contains `: `")]
    ColonInPath {
        /// The path.
        path: String,
    },
    /// A file that the provider writes, too.
    #[rule("file-of-bootstrap-provider", "the bootstrap provider writes `{path}` itself")]
    OwnFile {
        /// The path.
        path: String,
    },
    /// A file that is to grow.
    #[rule("appended-file", "`append: true` is ignored: the file is replaced")]
    Append,
    /// A file that says nothing.
    #[rule("empty-bootstrap-file", "a file has neither `content` nor `contentFrom`: it will be empty")]
    WithoutContent,
    /// A mount of something that has no name.
    #[rule("mount-source-without-filesystem", "the mount source `{mount}` {}: nothing will be mounted", what(mount))]
    MountSource {
        /// The source.
        mount: String,
    },
    /// A path whose unit has another name.
    #[rule("dash-in-mount-path", "the mount path `{path}` contains `-`")]
    DashInMount {
        /// The path.
        path: String,
    },
    /// A filesystem that does not say whether it may be made anew.
    #[rule("filesystem-without-overwrite", "`overwrite` is missing")]
    WithoutOverwrite,
    /// A filesystem that no mount can name.
    #[rule("filesystem-without-label", "`label` is missing: no mount can name this filesystem")]
    WithoutLabel,
    /// A key as Azure's machines have it.
    #[rule("encoded-ssh-authorized-key", "the SSH key is encoded with base64")]
    EncodedKey,
}

/// What a mount source is, if it is the label of no filesystem.
fn what(source: &str) -> &'static str {
    if source.starts_with('/') { "is a device" } else { "is not the label of a filesystem in `diskSetup`" }
}

/// Modes and owners of files that will not be what is written.
#[derive(Debug, Rule)]
#[rule(group = "manifest-file-mode")]
pub(crate) enum FileMode {
    /// A file without a mode.
    #[rule("file-without-permissions", "a file has no `permissions`")]
    Missing,
    /// Ids where names are asked for.
    #[rule("numeric-file-owner", "the owner `{owner}` is taken as names, not as ids")]
    NumericOwner { owner: String },
    /// An octal number without its zero.
    #[rule("decimal-permissions", "`permissions: {mode}` is decimal: the file gets the mode {number:05o}")]
    Decimal {
        mode: String,
        #[rule(skip)]
        number: u32,
    },
    /// A text that is not a number.
    #[rule("file-mode-syntax", "`permissions: {mode}` is not a number")]
    Syntax { mode: String },
}

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
                .warn(&layout, &Bootstrap::Layout)
                .note("Ignition stops in the initramfs: a partition needs a number or a label")
                .hint("set `partitions: []` and write the partition in `additionalConfig`, `storage.disks`, with `number: 1`");
        }
    }
    for user in spec.get("users").items() {
        let lock = user.get("lockPassword");
        if lock.value() == &serde_json::Value::Bool(false) {
            check
                .warn(&lock, &Bootstrap::ReplacedSshd)
                .note("the bootstrap provider writes that file with password logins allowed")
                .hint("remove `lockPassword`, and use SSH keys");
        }
        for key in user.get("sshAuthorizedKeys").items() {
            if let Some(line) = key.text().and_then(ssh::encoded_line) {
                check
                    .warn(&key, &Bootstrap::EncodedKey)
                    .note("the text becomes a line of `authorized_keys` as it stands, which the SSH server skips")
                    .hint("write the public key's line: `ssh-ed25519 AAAA… name`")
                    .fix(Fix::rewrite(key.text_or_empty(), line));
            }
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
            .warn(name, &Bootstrap::NodeName { name: name.shown() })
            .note("cloud-init does that elsewhere; with `format: ignition` kubeadm refuses the name as it stands")
            .hint("write a text such as `@@HOSTNAME@@` that a command in `preKubeadmCommands` replaces in `/etc/kubeadm.yml`");
    }
}

fn path(check: &mut Check<'_>, path: &Field<'_>) {
    let Some(text) = path.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { return };
    if !text.starts_with('/') {
        check
            .warn(path, &Bootstrap::RelativePath { path: path.shown() })
            .note("the bootstrap provider fails to make a config from it, and the machine never starts")
            .hint(format!("write `/{text}`, or the full path"));
    } else if text.contains(": ") {
        check
            .warn(path, &Bootstrap::ColonInPath { path: path.shown() })
            .note("the bootstrap provider writes the path into YAML without quotes, and fails to read it back")
            .hint("choose a path without `: `");
    } else if OWN_FILES.contains(&text) {
        check
            .warn(path, &Bootstrap::OwnFile { path: path.shown() })
            .note("Ignition stops in the initramfs: two files of one path")
            .hint("choose another path, or use `preKubeadmCommands`");
    }
}

fn mode(check: &mut Check<'_>, file: &Field<'_>) {
    let (mode, owner) = (file.get("permissions"), file.get("owner"));
    if mode.is_blank() {
        check
            .warn(&mode, &FileMode::Missing)
            .note("the bootstrap provider fails with `mode unspecified for file`, and the machine never starts")
            .hint("set `permissions: \"0644\"`");
    } else if let Some(text) = mode.text().filter(|text| !is_placeholder(text)) {
        permissions(check, &mode, text);
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if owner.text().is_some_and(|text| text.split(':').any(is_number)) {
        check
            .warn(&owner, &FileMode::NumericOwner { owner: owner.shown() })
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
            let finding = check.warn(field, &FileMode::Decimal { mode: field.shown(), number });
            finding.hint(format!("write `\"0{text}\"`"));
            // Three octal digits are a mode whose zero was forgotten: as a decimal number it would be a mode that nobody writes.
            if text.len() == 3 {
                finding.fix(Fix::rewrite(text, format!("\"0{text}\"")));
            }
        }
        None => {
            check
                .warn(field, &FileMode::Syntax { mode: field.shown() })
                .hint("write four octal digits, such as `\"0644\"`");
        }
    }
}

fn content(check: &mut Check<'_>, file: &Field<'_>) {
    let append = file.get("append");
    if append.is_true() {
        check
            .warn(&append, &Bootstrap::Append)
            .note("the Ignition path of the bootstrap provider has no append")
            .hint("append in `preKubeadmCommands`, or write the whole file");
    }
    if file.get("content").is_blank() && !file.get("contentFrom").is_set() {
        check.warn(file, &Bootstrap::WithoutContent).hint("write `content`, or remove the file");
    }
}

fn mounts(check: &mut Check<'_>, spec: &Field<'_>) {
    let labels: BTreeSet<_> =
        spec.get("diskSetup.filesystems").items().filter_map(|filesystem| filesystem.get("label").text()).collect();
    for mount in spec.get("mounts").items() {
        let (source, target) = (mount.index(0), mount.index(1));
        let Some(label) = source.text().filter(|text| !is_placeholder(text)) else { continue };
        if !labels.contains(label) {
            check
                .warn(&source, &Bootstrap::MountSource { mount: source.shown() })
                .note("the mount unit gets an empty `What=`")
                .hint("name the `label` of an entry in `diskSetup.filesystems`");
        }
        if target.text().is_some_and(|text| text.contains('-')) {
            check
                .warn(&target, &Bootstrap::DashInMount { path: target.shown() })
                .note("the unit's name is not escaped, so systemd takes it for another path and refuses it")
                .hint("choose a path without `-`");
        }
    }
    for filesystem in spec.get("diskSetup.filesystems").items() {
        let overwrite = filesystem.get("overwrite");
        if !overwrite.is_set() {
            check
                .warn(&overwrite, &Bootstrap::WithoutOverwrite)
                .note("the bootstrap provider writes `<nil>` in its place, and fails to read that as a boolean")
                .hint("set `overwrite: false`");
        }
        let label = filesystem.get("label");
        if label.is_blank() {
            check.warn(&label, &Bootstrap::WithoutLabel).hint("set a `label`");
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
