//! The systemd units, drop-ins and settings a Flatcar Kubernetes node needs.
//!
//! Owns: the texts, with the reason for each line. Must not: know how they get into a machine config.

use std::fmt;

use crate::release::{self, Release};
use crate::sysext;

/// Flatcar's own updates of the OS.
pub const UPDATE_ENGINE: &str = "update-engine.service";
/// Flatcar's own reboot manager.
pub const LOCKSMITHD: &str = "locksmithd.service";
/// Runs the updates of the sysexts.
pub const SYSUPDATE_SERVICE: &str = "systemd-sysupdate.service";
/// Starts [`SYSUPDATE_SERVICE`]; disabled unless asked for.
pub const SYSUPDATE_TIMER: &str = "systemd-sysupdate.timer";
/// The service in which the bootstrap provider runs kubeadm.
pub const KUBEADM_SERVICE: &str = "kubeadm.service";
/// The name of the drop-in of [`KUBEADM_SERVICE`].
pub const KUBEADM_DROP_IN: &str = "10-flatcar.conf";
/// The name of the drop-in of [`SYSUPDATE_TIMER`].
pub const TIMER_DROP_IN: &str = "10-schedule.conf";
/// Exists when a reboot is wanted. kured looks for it as `/var/run/reboot-required`, which is the same file.
pub const REBOOT_SENTINEL: &str = "/run/reboot-required";
/// kured's default name for [`REBOOT_SENTINEL`].
pub const KURED_SENTINEL: &str = "/var/run/reboot-required";
/// The settings of [`UPDATE_ENGINE`] and [`LOCKSMITHD`].
pub const UPDATE_CONF: &str = "/etc/flatcar/update.conf";

/// Who reboots a node after an update. Exactly one, or nobody: two managers reboot nodes behind each other's back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RebootManager {
    /// kured, in the cluster: cordons and drains first, one node at a time.
    #[default]
    Kured,
    /// locksmith, on the node: does not drain.
    Locksmith,
    /// Nobody; the user reboots.
    None,
}

impl RebootManager {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Kured, Self::Locksmith, Self::None];

    /// The name in specs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kured => "kured",
            Self::Locksmith => "locksmith",
            Self::None => "none",
        }
    }

    /// The choice of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|manager| manager.name() == name)
    }

    /// Whether locksmith must not run.
    pub const fn masks_locksmith(self) -> bool {
        !matches!(self, Self::Locksmith)
    }

    /// locksmith's `REBOOT_STRATEGY`: `off` tells it to stay out even where it is not masked.
    pub const fn reboot_strategy(self) -> &'static str {
        match self {
            Self::Locksmith => "reboot",
            Self::Kured | Self::None => "off",
        }
    }
}

impl fmt::Display for RebootManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that cannot stand in a unit: empty, more than one line, or continued by a `\` at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAUnitValue;

impl fmt::Display for NotAUnitValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value of a unit setting is one line, not empty, and does not end in `\\`")
    }
}

impl std::error::Error for NotAUnitValue {}

/// The name of the drop-in that updates a component: `kubernetes.conf`.
pub fn update_drop_in_name(component: &str) -> String {
    format!("{component}.conf")
}

/// The drop-in of [`SYSUPDATE_SERVICE`] that updates one component and asks for a reboot if its link changed.
///
/// One shell does all of it and keeps the old link in a variable, so no file in a shared directory can be raced for or be left over. A failed update fails
/// the service; a reboot is only asked for after a finished one. `$$` is systemd's escape of `$`.
///
/// # Errors
/// [`NotAUnitValue`] if the component is not a valid extension name ([`sysext::is_valid_name`]): the text would become shell code.
pub fn update_drop_in(component: &str) -> Result<String, NotAUnitValue> {
    if !sysext::is_valid_name(component) {
        return Err(NotAUnitValue);
    }
    let link = sysext::link_path(component);
    Ok(format!(
        "[Service]\n\
         ExecStartPre=/usr/bin/sh -euc '\\\n\
         before=\"$$(readlink -f {link} || true)\"; \\\n\
         /usr/lib/systemd/systemd-sysupdate -C {component} update; \\\n\
         after=\"$$(readlink -f {link} || true)\"; \\\n\
         if [ \"$$before\" != \"$$after\" ]; then touch {REBOOT_SENTINEL}; fi'\n"
    ))
}

/// The drop-in of [`SYSUPDATE_TIMER`] with a schedule of its own. An empty assignment of one timer setting clears all of them, the stock ones included.
///
/// # Errors
/// [`NotAUnitValue`] if a text cannot stand in a line of its own.
pub fn timer_drop_in(on_calendar: &str, randomized_delay: Option<&str>) -> Result<String, NotAUnitValue> {
    let mut text = format!("[Timer]\nOnCalendar=\nOnCalendar={}\n", unit_value(on_calendar)?);
    if let Some(delay) = randomized_delay {
        text.push_str(&format!("RandomizedDelaySec={}\n", unit_value(delay)?));
    }
    Ok(text)
}

/// The drop-in of [`KUBEADM_SERVICE`]: kubeadm needs containerd (kubernetes-sigs/image-builder#939), and a `noexec` `/etc` needs the interpreter
/// (flatcar/Flatcar#2166).
pub fn kubeadm_drop_in(release: Option<Release>) -> String {
    let mut text = String::from("[Unit]\nAfter=containerd.service\n");
    if release::kubeadm_needs_bash_drop_in(release) {
        text.push_str("\n[Service]\nExecStart=\nExecStart=/bin/bash /etc/kubeadm.sh\n");
    }
    text
}

/// The contents of [`UPDATE_CONF`]: the reboot strategy, and locksmith's window if both parts are given.
///
/// # Errors
/// [`NotAUnitValue`] if a text cannot stand in a line of its own.
pub fn update_conf(manager: RebootManager, window: Option<(&str, &str)>) -> Result<String, NotAUnitValue> {
    let mut text = format!("REBOOT_STRATEGY={}\n", manager.reboot_strategy());
    if let Some((start, length)) = window {
        let (start, length) = (unit_value(start)?, unit_value(length)?);
        text.push_str(&format!(
            "LOCKSMITHD_REBOOT_WINDOW_START=\"{start}\"\nLOCKSMITHD_REBOOT_WINDOW_LENGTH=\"{length}\"\n"
        ));
    }
    Ok(text)
}

fn unit_value(text: &str) -> Result<&str, NotAUnitValue> {
    let text = text.trim();
    if text.is_empty() || text.ends_with('\\') || text.contains(char::is_control) {
        Err(NotAUnitValue)
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_update_drop_in_is_one_command_in_one_shell() {
        let text = update_drop_in("wasmtime").unwrap();
        assert_eq!(update_drop_in("a;reboot"), Err(NotAUnitValue));
        assert!(text.starts_with("[Service]\nExecStartPre=/usr/bin/sh -euc '"));
        assert!(text.contains("systemd-sysupdate -C wasmtime update;"));
        assert!(text.contains("touch /run/reboot-required"));
        assert!(!text.contains("/tmp"));
        assert_eq!(text.replace("\\\n", "").lines().count(), 2);
    }

    #[test]
    fn a_schedule_replaces_the_stock_ones() {
        assert_eq!(
            timer_drop_in("Sun 03:00", Some("1h")).unwrap(),
            "[Timer]\nOnCalendar=\nOnCalendar=Sun 03:00\nRandomizedDelaySec=1h\n"
        );
        assert_eq!(timer_drop_in("daily\nExecStart=/evil", None), Err(NotAUnitValue));
        assert_eq!(timer_drop_in("daily \\", None), Err(NotAUnitValue));
        assert_eq!(timer_drop_in(" ", None), Err(NotAUnitValue));
    }

    #[test]
    fn kubeadm_always_waits_for_containerd() {
        let known = "4593.2.5".parse().ok();
        assert_eq!(kubeadm_drop_in(known), "[Unit]\nAfter=containerd.service\n");
        assert!(kubeadm_drop_in(None).ends_with("ExecStart=\nExecStart=/bin/bash /etc/kubeadm.sh\n"));
    }

    #[test]
    fn only_one_manager_is_left_running() {
        for manager in RebootManager::ALL {
            assert_eq!(RebootManager::from_name(manager.name()), Some(manager));
            assert_eq!(manager.masks_locksmith(), manager.reboot_strategy() == "off");
        }
        assert_eq!(
            update_conf(RebootManager::Locksmith, Some(("Thu 04:00", "1h30m"))).unwrap(),
            "REBOOT_STRATEGY=reboot\nLOCKSMITHD_REBOOT_WINDOW_START=\"Thu 04:00\"\nLOCKSMITHD_REBOOT_WINDOW_LENGTH=\"1h30m\"\n"
        );
    }
}
