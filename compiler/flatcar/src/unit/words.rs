//! Settings whose values are fixed words.
//!
//! Owns: the words of each (the union of systemd 252 to 261). Must not: say in which section a key may stand; `keys` does.

use super::value::is_boolean;

/// The values of one setting.
#[derive(Clone, Copy)]
pub(super) struct Words {
    words: &'static str,
    has_boolean: bool,
}

impl Words {
    /// Whether the value is one of them.
    pub(super) fn accept(self, value: &str) -> bool {
        self.has_boolean && is_boolean(value) || self.words.split_ascii_whitespace().any(|word| word == value)
    }

    /// The words, separated by spaces.
    pub(super) const fn listed(self) -> &'static str {
        self.words
    }
}

/// The types of a service.
pub(super) const SERVICE_TYPES: &str = "simple exec forking oneshot dbus notify notify-reload idle";

/// The words of a setting; `None` for a setting with other values.
pub(super) fn of(section: &str, key: &str) -> Option<Words> {
    let only = |words| Some(Words { words, has_boolean: false });
    let or_boolean = |words| Some(Words { words, has_boolean: true });
    match key {
        "BindIPv6Only" => or_boolean("default both ipv6-only"),
        "CollectMode" => only("inactive inactive-or-failed"),
        "DevicePolicy" => only("auto closed strict"),
        "ExitType" => only("main cgroup"),
        "FailureAction" | "SuccessAction" | "StartLimitAction" | "JobTimeoutAction" => only(
            "none reboot reboot-force reboot-immediate poweroff poweroff-force poweroff-immediate exit exit-force \
             soft-reboot soft-reboot-force kexec kexec-force halt halt-force halt-immediate",
        ),
        "KeyringMode" => only("inherit private shared"),
        "KillMode" => only("control-group process mixed none"),
        "ManagedOOMPreference" => only("none avoid omit"),
        "ManagedOOMSwap" | "ManagedOOMMemoryPressure" => only("auto kill"),
        "NotifyAccess" => only("none main exec all"),
        "OOMPolicy" => only("stop continue kill"),
        "OnFailureJobMode" | "OnSuccessJobMode" => only(
            "fail lenient replace replace-irreversibly isolate flush ignore-dependencies ignore-requirements triggering \
             restart-dependencies",
        ),
        "PrivateTmp" => or_boolean("yes no disconnected"),
        "PrivateUsers" => or_boolean("yes no self identity full managed"),
        "MemoryPressureWatch" => or_boolean("auto on off skip"),
        "MountFlags" => only("shared slave private"),
        "NUMAPolicy" => only("default preferred bind interleave local"),
        "Personality" => {
            only("x86 x86-64 arm64 arm64-be arm arm-be ppc ppc64 ppc64-le s390 s390x loongarch64 riscv64 mips mips64")
        }
        "PrivatePIDs" => or_boolean("yes no"),
        "ProcSubset" => only("all pid"),
        "ProtectControlGroups" => or_boolean("yes no private strict"),
        "ProtectHome" => or_boolean("yes no read-only tmpfs"),
        "ProtectProc" => only("noaccess invisible ptraceable default"),
        "ProtectSystem" => or_boolean("yes no full strict"),
        "Restart" => only("no on-success on-failure on-abnormal on-watchdog on-abort always"),
        "RestartMode" => only("normal direct debug"),
        "FileDescriptorStorePreserve" => or_boolean("yes no restart on-success"),
        "RuntimeDirectoryPreserve" => or_boolean("yes no restart"),
        "TimeoutStartFailureMode" | "TimeoutStopFailureMode" => only("terminate abort kill"),
        "Timestamping" => or_boolean("off us usec µs ns nsec"),
        "Type" if section == "Service" => only(SERVICE_TYPES),
        "UtmpMode" => only("init login user"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_booleans_are_told_apart() {
        assert!(
            of("Service", "ProtectSystem")
                .is_some_and(|words| words.accept("strict") && words.accept("1") && !words.accept("most"))
        );
        assert!(of("Service", "KillMode").is_some_and(|words| words.accept("mixed") && !words.accept("yes")));
        assert!(of("Mount", "Type").is_none());
    }
}
