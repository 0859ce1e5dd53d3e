//! The systemd units, drop-ins and settings a Flatcar Kubernetes node needs.
//!
//! Owns: the texts, with the reason for each line. Must not: know how they get into a machine config.

use std::fmt;

use crate::release::{self, Release};
use crate::sysext;

/// The server that update-engine asks (Flatcar's documentation of updates; general knowledge, to be checked against an image).
pub const UPDATE_SERVER: &str = "https://public.update.flatcar-linux.net/v1/update/";

/// The file that names another one, beside the group of the channel.
pub const UPDATE_CONFIG: &str = "/etc/flatcar/update.conf";

/// Flatcar's own updates of the OS.
pub const UPDATE_ENGINE: &str = "update-engine.service";
/// Flatcar's own reboot manager.
pub const LOCKSMITHD: &str = "locksmithd.service";
/// Updates Kubernetes. It is a unit of its own: systemd 262 renames the stock one, which then updates every component at times of its own.
pub const UPDATE_SERVICE: &str = "flatwright-sysupdate-kubernetes.service";
/// Starts [`UPDATE_SERVICE`]; disabled unless asked for.
pub const UPDATE_TIMER: &str = "flatwright-sysupdate-kubernetes.timer";
/// systemd's own service, which upstream's templates give a drop-in.
pub const STOCK_SERVICE: &str = "systemd-sysupdate.service";
/// Starts [`STOCK_SERVICE`].
pub const STOCK_TIMER: &str = "systemd-sysupdate.timer";
/// The service in which the bootstrap provider runs kubeadm.
pub const KUBEADM_SERVICE: &str = "kubeadm.service";
/// The name of the drop-in of [`KUBEADM_SERVICE`].
pub const KUBEADM_DROP_IN: &str = "10-flatcar.conf";
/// The name of the drop-in of [`UPDATE_TIMER`] or [`STOCK_TIMER`].
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

/// Whether a unit is a timer that updates Kubernetes: ours, or systemd's own in upstream's style.
pub fn is_update_timer(unit: &str) -> bool {
    matches!(unit, UPDATE_TIMER | STOCK_TIMER)
}

/// The unit of ours that does what a unit of systemd's did before.
pub fn replacement_of(stock: &str) -> Option<&'static str> {
    match stock {
        STOCK_SERVICE | "systemd-sysupdate-update.service" => Some(UPDATE_SERVICE),
        STOCK_TIMER | "systemd-sysupdate-update.timer" => Some(UPDATE_TIMER),
        _ => None,
    }
}

/// The service that updates one component and asks for a reboot if its link changed.
///
/// One shell does all of it and keeps the old link in a variable, so no file in a shared directory can be raced for or be left over. A failed update fails
/// the service; a reboot is only asked for after a finished one. `$$` is systemd's escape of `$`. The program's path is the one that every systemd has.
///
/// # Errors
/// [`NotAUnitValue`] if the component is not a valid extension name ([`sysext::is_valid_name`]): the text would become shell code.
pub fn update_service(component: &str) -> Result<String, NotAUnitValue> {
    if !sysext::is_valid_name(component) {
        return Err(NotAUnitValue);
    }
    let link = sysext::link_path(component);
    Ok(format!(
        "[Unit]\n\
         Description=Update of {component} to its newest patch\n\
         Documentation=man:systemd-sysupdate(8)\n\
         Wants=network-online.target\n\
         After=network-online.target\n\
         \n\
         [Service]\n\
         Type=oneshot\n\
         ExecStart=/usr/bin/sh -euc '\\\n\
         before=\"$$(readlink -f {link} || true)\"; \\\n\
         /usr/lib/systemd/systemd-sysupdate -C {component} update; \\\n\
         after=\"$$(readlink -f {link} || true)\"; \\\n\
         if [ \"$$before\" != \"$$after\" ]; then touch {REBOOT_SENTINEL}; fi'\n"
    ))
}

/// The timer of [`update_service`]: every day between 2 and 6 o'clock, at another time on each machine. A run that was missed is made up for.
///
/// # Errors
/// [`NotAUnitValue`] if the component is not a valid extension name.
pub fn update_timer(component: &str) -> Result<String, NotAUnitValue> {
    if !sysext::is_valid_name(component) {
        return Err(NotAUnitValue);
    }
    Ok(format!(
        "[Unit]\n\
         Description=Times of updates of {component}\n\
         \n\
         [Timer]\n\
         OnCalendar=*-*-* 02:00\n\
         RandomizedDelaySec=4h\n\
         Persistent=true\n\
         \n\
         [Install]\n\
         WantedBy=timers.target\n"
    ))
}

/// The drop-in of an update timer with a schedule of its own. An empty assignment of one timer setting clears all of them, those of the timer included.
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
    fn an_update_is_one_command_in_one_shell() {
        let text = update_service("wasmtime").unwrap();
        assert_eq!(update_service("a;reboot"), Err(NotAUnitValue));
        assert_eq!(update_timer("a\nb"), Err(NotAUnitValue));
        assert!(text.contains("[Service]\nType=oneshot\nExecStart=/usr/bin/sh -euc '"));
        assert!(text.contains("systemd-sysupdate -C wasmtime update;"));
        assert!(text.contains("touch /run/reboot-required"));
        assert!(!text.contains("/tmp"));
        assert_eq!(text.replace("\\\n", "").lines().filter(|line| line.starts_with("ExecStart")).count(), 1);
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
