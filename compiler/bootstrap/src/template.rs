//! The provider's Container Linux Config template, as text.
//!
//! Values are pasted in without quotes, and content into literal blocks, exactly as the provider does it: whatever goes wrong there must go wrong here.
//! Source: cluster-api `bootstrap/kubeadm/internal/ignition/clc/clc.go`.

use std::collections::BTreeMap;

use memchr::memchr_iter;

use crate::input::{DiskSetup, File, Filesystem, Input, Ntp, User};
use crate::provider::CapiVersion;
use crate::rules::Refused;

/// The units, scripts and files that every machine gets are constants of the template.
const UNIT_TAIL: &str = "
        [Install]
        WantedBy=multi-user.target";

/// Writes the base CLC.
///
/// # Errors
/// If a mount has fewer than two elements.
pub(crate) fn render(input: &Input, capi: CapiVersion) -> Result<String, Refused> {
    let mut out = String::from("---");
    users(&input.users, &mut out);
    units(input, capi, &mut out)?;
    out.push_str("\nstorage:");
    disks(input.disk_setup.as_ref(), &mut out);
    out.push_str("\n  files:");
    user_files(&input.users, &mut out);
    for file in &input.write_files {
        write_file(file, &mut out);
    }
    kubeadm_files(input, &mut out);
    if let Some(ntp) = &input.ntp {
        ntp_conf(ntp, &mut out);
    }
    out.push('\n');
    Ok(out)
}

fn users(users: &[User], out: &mut String) {
    if !users.is_empty() {
        out.push_str("\npasswd:\n  users:");
    }
    for user in users {
        line(out, 4, &["- name: ", &user.name]);
        field(out, "gecos", &user.gecos);
        if !user.groups.is_empty() {
            line(out, 6, &["groups:"]);
            user.groups.split(", ").for_each(|group| line(out, 8, &["- ", group]));
        }
        field(out, "home_dir", &user.home_dir);
        field(out, "shell", &user.shell);
        field(out, "password_hash", &user.passwd);
        field(out, "primary_group", &user.primary_group);
        if !user.ssh_authorized_keys.is_empty() {
            line(out, 6, &["ssh_authorized_keys:"]);
            user.ssh_authorized_keys.iter().for_each(|key| line(out, 8, &["- ", key]));
        }
    }
}

fn units(input: &Input, capi: CapiVersion, out: &mut String) -> Result<(), Refused> {
    out.push_str(
        "
systemd:
  units:
    - name: kubeadm.service
      enabled: true
      contents: |
        [Unit]
        Description=kubeadm
        # Run only once. After successful run, this file is moved to /tmp/.
        ConditionPathExists=/etc/kubeadm.yml
        After=network.target
        [Service]
        # To not restart the unit when it exits, as it is expected.
        Type=oneshot
        ExecStart=",
    );
    out.push_str(capi.script_command());
    out.push_str(UNIT_TAIL);
    if input.ntp.as_ref().is_some_and(|ntp| ntp.enabled.is_some()) {
        out.push_str("\n    - name: ntpd.service\n      enabled: true");
    }
    let filesystems = input.disk_setup.iter().flat_map(|setup| &setup.filesystems);
    // Of equal labels, the last counts.
    let devices: BTreeMap<&str, &str> =
        filesystems.map(|filesystem| (filesystem.label.as_str(), filesystem.device.as_str())).collect();
    for mount in &input.mounts {
        let (label, mountpoint, options) = match mount.as_slice() {
            [] => return Err(Refused::Mount { line: 57, column: 18, index: 0 }),
            [_] => return Err(Refused::Mount { line: 58, column: 23, index: 1 }),
            [label, mountpoint, options @ ..] => (label, mountpoint, options),
        };
        let device = devices.get(label.as_str()).copied().unwrap_or_default();
        let name = mountpoint.replace('/', "-");
        line(out, 4, &["- name: ", name.strip_prefix('-').unwrap_or(&name), ".mount"]);
        out.push_str("\n      enabled: true\n      contents: |\n        [Unit]");
        line(out, 8, &["Description = Mount ", label]);
        out.push_str("\n\n        [Mount]");
        line(out, 8, &["What=", device]);
        line(out, 8, &["Where=", mountpoint]);
        line(out, 8, &["Options=", &options.join(",")]);
        out.push('\n');
        out.push_str(UNIT_TAIL);
    }
    Ok(())
}

fn disks(setup: Option<&DiskSetup>, out: &mut String) {
    let Some(setup) = setup else { return };
    if !setup.partitions.is_empty() {
        out.push_str("\n  disks:");
    }
    for partition in &setup.partitions {
        line(out, 4, &["- device: ", &partition.device]);
        if let Some(is_overwritten) = partition.overwrite {
            line(out, 6, &["wipe_table: ", bool_text(is_overwritten)]);
        }
        if partition.layout.is_some() {
            out.push_str("\n      partitions:\n      - {}");
        }
    }
    if !setup.filesystems.is_empty() {
        out.push_str("\n  filesystems:");
    }
    setup.filesystems.iter().for_each(|filesystem| mount_filesystem(filesystem, out));
}

fn mount_filesystem(filesystem: &Filesystem, out: &mut String) {
    line(out, 4, &["- name: ", &filesystem.label]);
    line(out, 6, &["mount:"]);
    line(out, 8, &["device: ", &filesystem.device]);
    line(out, 8, &["format: ", &filesystem.filesystem]);
    line(out, 8, &["wipe_filesystem: ", filesystem.overwrite.map_or("<nil>", bool_text)]);
    line(out, 8, &["label: ", &filesystem.label]);
    if !filesystem.extra_opts.is_empty() {
        line(out, 8, &["options:"]);
        filesystem.extra_opts.iter().for_each(|option| line(out, 10, &["- ", option]));
    }
}

fn user_files(users: &[User], out: &mut String) {
    for user in users.iter().filter(|user| !user.sudo.is_empty()) {
        line(out, 4, &["- path: /etc/sudoers.d/", &user.name]);
        out.push_str("\n      mode: 0600\n      contents:\n        inline: |");
        line(out, 10, &[&user.name, " ", &user.sudo]);
    }
    let with_password: Vec<_> = users.iter().filter(|user| user.lock_password == Some(false)).collect();
    let names = with_password.iter().map(|user| user.name.as_str()).collect::<Vec<_>>().join(",");
    if !names.is_empty() {
        out.push_str(
            "
    - path: /etc/ssh/sshd_config
      mode: 0600
      contents:
        inline: |
          # Use most defaults for sshd configuration.
          Subsystem sftp internal-sftp
          ClientAliveInterval 180
          UseDNS no
          UsePAM yes
          PrintLastLog no # handled by PAM
          PrintMotd no # handled by PAM

          Match User ",
        );
        out.push_str(&names);
        out.push_str("\n            PasswordAuthentication yes");
    }
}

fn write_file(file: &File, out: &mut String) {
    let mut owner = file.owner.split(':').map(|name| (!name.is_empty()).then(|| name.trim()));
    let (user, group) = (owner.next().flatten(), owner.next().flatten());
    line(out, 4, &["- path: ", &file.path]);
    out.push_str("\n      ");
    if let Some(user) = user {
        out.push_str("user:\n        name: ");
        out.push_str(user);
    }
    out.push_str("\n      ");
    if let Some(group) = group {
        out.push_str("group:\n        name: ");
        out.push_str(group);
    }
    out.push_str("\n      # Owner\n      ");
    if !file.permissions.is_empty() {
        out.push_str("mode: ");
        out.push_str(&file.permissions);
        out.push_str("\n      ");
    }
    out.push_str("contents:\n        ");
    out.push_str(if file.encoding == "base64" { "inline: !!binary |" } else { "inline: |" });
    block_line(out, &file.content);
}

fn kubeadm_files(input: &Input, out: &mut String) {
    out.push_str(
        "
    - path: /etc/kubeadm.sh
      mode: 0700
      contents:
        inline: |
          #!/bin/bash
          set -e
          ",
    );
    input.pre_kubeadm_commands.iter().for_each(|command| block_line(out, command));
    out.push('\n');
    line(out, 10, &[&input.kubeadm_command]);
    out.push_str(
        "
          mkdir -p /run/cluster-api && echo success > /run/cluster-api/bootstrap-success.complete
          mv /etc/kubeadm.yml /tmp/
          ",
    );
    input.post_kubeadm_commands.iter().for_each(|command| block_line(out, command));
    out.push_str(
        "
    - path: /etc/kubeadm.yml
      mode: 0600
      contents:
        inline: |
          ---",
    );
    block_line(out, &input.kubeadm_config);
}

fn ntp_conf(ntp: &Ntp, out: &mut String) {
    if ntp.enabled.is_none() || ntp.servers.is_empty() {
        return;
    }
    out.push_str(
        "
    - path: /etc/ntp.conf
      mode: 0644
      contents:
        inline: |
          # Common pool",
    );
    ntp.servers.iter().for_each(|server| line(out, 10, &["server ", server]));
    out.push_str(
        "

          # Warning: Using default NTP settings will leave your NTP
          # server accessible to all hosts on the Internet.

          # If you want to deny all machines (including your own)
          # from accessing the NTP server, uncomment:
          #restrict default ignore

          # Default configuration:
          # - Allow only time queries, at a limited rate, sending KoD when in excess.
          # - Allow all local queries (IPv4, IPv6)
          restrict default nomodify nopeer noquery notrap limited kod
          restrict 127.0.0.1
          restrict [::1]",
    );
}

/// Starts a new line at an indent; what is pasted is not indented any further.
fn line(out: &mut String, indent: usize, parts: &[&str]) {
    out.push('\n');
    out.push_str(&"          "[..indent]);
    parts.iter().for_each(|part| out.push_str(part));
}

/// Starts a new line inside a literal block, and indents every further line of the text alike.
fn block_line(out: &mut String, text: &str) {
    let mut from = 0;
    for end in memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        line(out, 10, &[&text[from..end]]);
        from = end + 1;
    }
}

fn field(out: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        line(out, 6, &[name, ": ", value]);
    }
}

const fn bool_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_needs_a_label_and_a_place() {
        let input = Input { mounts: vec![vec!["l".into()]], ..Input::default() };
        assert!(render(&input, CapiVersion::Main).is_err_and(|rule| matches!(rule, Refused::Mount { index: 1, .. })));
    }

    #[test]
    fn the_script_is_called_as_the_version_does() {
        let text = |capi| render(&Input::default(), capi).expect("invariant: no mounts");
        assert!(text(CapiVersion::Main).contains("ExecStart=/bin/bash /etc/kubeadm.sh\n"));
        assert!(text(CapiVersion::V1_14_0).contains("ExecStart=/etc/kubeadm.sh\n"));
    }

    #[test]
    fn owners_are_trimmed_and_empty_sides_left_out() {
        let file = File { path: "/a".into(), owner: ":g : x".into(), permissions: "0600".into(), ..File::default() };
        let mut out = String::new();
        write_file(&file, &mut out);
        assert_eq!(
            out,
            "\n    - path: /a\n      \n      group:\n        name: g\n      # Owner\n      mode: 0600\n      contents:\n        inline: |\n          "
        );
    }
}
