//! Which keys each section of a unit has, and what their values look like.
//!
//! Owns: the tables (systemd 252 to 261, the union: a key that only a newer or older version knows is not called unknown). Must not: judge values.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Anything, or something no check here covers.
    Any,
    /// `yes`, `no` and their synonyms.
    Boolean,
    /// A time span.
    Span,
    /// A calendar expression.
    Calendar,
    /// An octal file mode.
    Mode,
    /// A number without sign.
    Unsigned,
    /// A command line.
    Command,
}

/// Keys of one kind, separated by spaces.
type Group = &'static [(Kind, &'static str)];

/// A section with the keys of its own and those that it shares with others.
struct Section {
    name: &'static str,
    groups: &'static [Group],
    /// Made when the section is first met: a run meets few of them.
    keys: OnceLock<Keys>,
}

/// Keys with what their values look like.
pub(super) type Keys = BTreeMap<&'static str, Kind>;

/// The keys of a section; `None` for a section that no unit has.
pub(super) fn of_section(section: &str) -> Option<&'static Keys> {
    let known = SECTIONS.iter().find(|known| known.name == section)?;
    Some(known.keys.get_or_init(|| {
        let groups = known.groups.iter().flat_map(|group| group.iter());
        groups.flat_map(|(kind, keys)| keys.split_ascii_whitespace().map(move |key| (key, *kind))).collect()
    }))
}

static SECTIONS: [Section; 11] = [
    section("Unit", &[UNIT]),
    section("Install", &[INSTALL]),
    section("Service", &[EXEC, CGROUP, KILL, SERVICE]),
    section("Socket", &[EXEC, CGROUP, KILL, SOCKET]),
    section("Mount", &[EXEC, CGROUP, KILL, MOUNT]),
    section("Swap", &[EXEC, CGROUP, KILL, SWAP]),
    section("Automount", &[AUTOMOUNT]),
    section("Timer", &[TIMER]),
    section("Path", &[PATH]),
    section("Slice", &[CGROUP, SLICE]),
    section("Scope", &[CGROUP, KILL, SCOPE]),
];

const fn section(name: &'static str, groups: &'static [Group]) -> Section {
    Section { name, groups, keys: OnceLock::new() }
}

/// How processes run (systemd.exec(5)).
const EXEC: Group = &[
    (
        Kind::Any,
        "\
        AmbientCapabilities AppArmorProfile BPFDelegateAttachments BPFDelegateCommands BPFDelegateMaps \
        BPFDelegatePrograms BindPaths BindReadOnlyPaths CPUAffinity CPUSchedulingPolicy CPUSchedulingPriority \
        CacheDirectory CacheDirectoryQuota CapabilityBoundingSet ConfigurationDirectory CoredumpFilter \
        DelegateNamespaces Environment EnvironmentFile ExecPaths ExecSearchPath ExtensionDirectories \
        ExtensionImagePolicy ExtensionImages Group IOSchedulingClass IOSchedulingPriority IPCNamespacePath \
        ImportCredential InaccessibleDirectories InaccessiblePaths KeyringMode LandlockConfig LimitAS LimitCORE \
        LimitCPU LimitDATA LimitFSIZE LimitLOCKS LimitMEMLOCK LimitMSGQUEUE LimitNICE LimitNOFILE LimitNPROC LimitRSS \
        LimitRTPRIO LimitRTTIME LimitSIGPENDING LimitSTACK LoadCredential LoadCredentialEncrypted LogExtraFields \
        LogFilterPatterns LogLevelMax LogNamespace LogsDirectory LogsDirectoryQuota MemoryTHP MountAPIVFS MountFlags \
        MountImagePolicy MountImages NUMAMask NUMAPolicy NetworkNamespacePath Nice NoExecPaths OOMScoreAdjust PAMName \
        PassEnvironment Personality PrivateBPF PrivatePIDs PrivateTmp PrivateUsers ProcSubset ProtectControlGroups \
        ProtectHome ProtectHostname ProtectProc ProtectSystem ReadOnlyDirectories ReadOnlyPaths ReadWriteDirectories \
        ReadWritePaths RestrictAddressFamilies RestrictFileSystems RestrictNamespaces RootDirectory RootHash \
        RootHashSignature RootImage RootImageOptions RootImagePolicy RootMStack RootVerity RuntimeDirectory \
        RuntimeDirectoryPreserve SELinuxContext SecureBits SetCredential SetCredentialEncrypted SmackProcessLabel \
        StandardError StandardInput StandardInputData StandardInputText StandardOutput StateDirectory \
        StateDirectoryQuota SupplementaryGroups SyslogFacility SyslogIdentifier SyslogLevel SystemCallArchitectures \
        SystemCallErrorNumber SystemCallFilter SystemCallLog TTYColumns TTYPath TTYRows TemporaryFileSystem \
        TimerSlackNSec UnsetEnvironment User UserNamespacePath UtmpIdentifier UtmpMode WorkingDirectory",
    ),
    (
        Kind::Boolean,
        "\
        BindLogSockets CPUSchedulingResetOnFork CacheDirectoryAccounting DynamicUser IgnoreSIGPIPE LockPersonality \
        LogsDirectoryAccounting MemoryDenyWriteExecute MemoryKSM NoNewPrivileges PrivateDevices PrivateIPC \
        PrivateMounts PrivateNetwork ProtectClock ProtectKernelLogs ProtectKernelModules ProtectKernelTunables \
        RemoveIPC RestrictRealtime RestrictSUIDSGID RootEphemeral SetLoginEnvironment StateDirectoryAccounting \
        SyslogLevelPrefix TTYReset TTYVHangup TTYVTDisallocate",
    ),
    (
        Kind::Span,
        "\
        LogRateLimitIntervalSec TimeoutCleanSec",
    ),
    (
        Kind::Mode,
        "\
        CacheDirectoryMode ConfigurationDirectoryMode LogsDirectoryMode RuntimeDirectoryMode StateDirectoryMode UMask",
    ),
    (
        Kind::Unsigned,
        "\
        LogRateLimitBurst",
    ),
];

/// Resource control (systemd.resource-control(5)).
const CGROUP: Group = &[
    (
        Kind::Any,
        "\
        AllowedCPUs AllowedMemoryNodes BPFProgram BindNetworkInterface BlockIODeviceWeight BlockIOReadBandwidth \
        BlockIOWeight BlockIOWriteBandwidth CPUPressureWatch CPUQuota CPUQuotaPeriodSec CPUSetPartition CPUShares \
        CPUWeight DefaultMemoryLow DefaultMemoryMin DefaultStartupMemoryLow Delegate DelegateSubgroup DeviceAllow \
        DevicePolicy DisableControllers IODeviceLatencyTargetSec IODeviceWeight IOPressureWatch IOReadBandwidthMax \
        IOReadIOPSMax IOWeight IOWriteBandwidthMax IOWriteIOPSMax IPAddressAllow IPAddressDeny IPEgressFilterPath \
        IPIngressFilterPath ManagedOOMMemoryPressure ManagedOOMMemoryPressureLimit ManagedOOMPreference ManagedOOMSwap \
        MemoryHigh MemoryLimit MemoryLow MemoryMax MemoryMin MemoryPressureWatch MemorySwapMax MemoryZSwapMax NFTSet \
        RestrictNetworkInterfaces Slice SocketBindAllow SocketBindDeny StartupAllowedCPUs StartupAllowedMemoryNodes \
        StartupBlockIOWeight StartupCPUShares StartupCPUWeight StartupIOWeight StartupMemoryHigh StartupMemoryLow \
        StartupMemoryMax StartupMemorySwapMax StartupMemoryZSwapMax TasksMax",
    ),
    (
        Kind::Boolean,
        "\
        BlockIOAccounting CPUAccounting CoredumpReceive IOAccounting IPAccounting MemoryAccounting \
        MemoryZSwapWriteback TasksAccounting",
    ),
    (
        Kind::Span,
        "\
        CPUPressureThresholdSec IOPressureThresholdSec ManagedOOMMemoryPressureDurationSec MemoryPressureThresholdSec",
    ),
];

/// How processes are stopped (systemd.kill(5)).
const KILL: Group = &[
    (
        Kind::Any,
        "\
        FinalKillSignal KillMode KillSignal RestartKillSignal WatchdogSignal",
    ),
    (
        Kind::Boolean,
        "\
        SendSIGHUP SendSIGKILL",
    ),
];

/// `[Unit]`.
const UNIT: Group = &[
    (
        Kind::Any,
        "\
        After AssertACPower AssertArchitecture AssertCPUFeature AssertCPUPressure AssertCPUs AssertCapability \
        AssertControlGroupController AssertCredential AssertDirectoryNotEmpty AssertEnvironment AssertFileIsExecutable \
        AssertFileNotEmpty AssertFirstBoot AssertFraction AssertGroup AssertHost AssertIOPressure \
        AssertKernelCommandLine AssertKernelModuleLoaded AssertKernelVersion AssertMachineTag AssertMemory \
        AssertMemoryPressure AssertNeedsUpdate AssertOSRelease AssertPathExists AssertPathExistsGlob \
        AssertPathIsDirectory AssertPathIsEncrypted AssertPathIsMountPoint AssertPathIsReadWrite AssertPathIsSocket \
        AssertPathIsSymbolicLink AssertSecurity AssertUser AssertVersion AssertVirtualization Before BindTo BindsTo \
        CollectMode ConditionACPower ConditionArchitecture ConditionCPUFeature ConditionCPUPressure ConditionCPUs \
        ConditionCapability ConditionControlGroupController ConditionCredential ConditionDirectoryNotEmpty \
        ConditionEnvironment ConditionFileIsExecutable ConditionFileNotEmpty ConditionFirmware ConditionFirstBoot \
        ConditionFraction ConditionGroup ConditionHost ConditionIOPressure ConditionKernelCommandLine \
        ConditionKernelModuleLoaded ConditionKernelVersion ConditionMachineTag ConditionMemory ConditionMemoryPressure \
        ConditionNeedsUpdate ConditionOSRelease ConditionPathExists ConditionPathExistsGlob ConditionPathIsDirectory \
        ConditionPathIsEncrypted ConditionPathIsMountPoint ConditionPathIsReadWrite ConditionPathIsSocket \
        ConditionPathIsSymbolicLink ConditionSecurity ConditionUser ConditionVersion ConditionVirtualization Conflicts \
        Description Documentation FailureAction FailureActionExitStatus JobRunningTimeoutSec JobTimeoutAction \
        JobTimeoutRebootArgument JobTimeoutSec JoinsNamespaceOf OnFailure OnFailureJobMode OnSuccess OnSuccessJobMode \
        PartOf PropagateReloadFrom PropagateReloadTo PropagatesReloadTo PropagatesStopTo RebootArgument \
        ReloadPropagatedFrom Requires RequiresMountsFor RequiresOverridable Requisite RequisiteOverridable SourcePath \
        StartLimitAction StopPropagatedFrom SuccessAction SuccessActionExitStatus Upholds Wants WantsMountsFor",
    ),
    (
        Kind::Boolean,
        "\
        AllowIsolate DefaultDependencies IgnoreOnIsolate OnFailureIsolate RefuseManualStart RefuseManualStop \
        StopWhenUnneeded SurviveFinalKillSignal",
    ),
    (
        Kind::Span,
        "\
        StartLimitInterval StartLimitIntervalSec",
    ),
    (
        Kind::Unsigned,
        "\
        StartLimitBurst",
    ),
];

/// `[Install]`.
const INSTALL: Group = &[(
    Kind::Any,
    "\
        Alias Also DefaultInstance RequiredBy UpheldBy WantedBy",
)];

/// The own settings of `[Service]`.
const SERVICE: Group = &[
    (
        Kind::Any,
        "\
        BusName ExitType FailureAction FileDescriptorStorePreserve NotifyAccess OOMPolicy OpenFile PIDFile \
        RebootArgument RefreshOnReload ReloadSignal Restart RestartForceExitStatus RestartMode \
        RestartPreventExitStatus Sockets StartLimitAction SuccessExitStatus TimeoutAbortSec TimeoutStartFailureMode \
        TimeoutStopFailureMode TimeoutStopSec Type USBFunctionDescriptors USBFunctionStrings",
    ),
    (
        Kind::Boolean,
        "\
        GuessMainPID NonBlocking PermissionsStartOnly RemainAfterExit RootDirectoryStartOnly",
    ),
    (
        Kind::Span,
        "\
        RestartMaxDelaySec RestartSec RuntimeMaxSec RuntimeRandomizedExtraSec StartLimitInterval TimeoutSec \
        TimeoutStartSec WatchdogSec",
    ),
    (
        Kind::Unsigned,
        "\
        FileDescriptorStoreMax RestartSteps StartLimitBurst",
    ),
    (
        Kind::Command,
        "\
        ExecCondition ExecReload ExecReloadPost ExecStart ExecStartPost ExecStartPre ExecStop ExecStopPost",
    ),
];

/// The own settings of `[Socket]`.
const SOCKET: Group = &[
    (
        Kind::Any,
        "\
        BindIPv6Only BindToDevice DeferTrigger FileDescriptorName IPTOS IPTTL ListenDatagram ListenFIFO \
        ListenMessageQueue ListenNetlink ListenSequentialPacket ListenSpecial ListenStream ListenUSBFunction Mark \
        MessageQueueMaxMessages MessageQueueMessageSize PipeSize Priority ReceiveBuffer SendBuffer Service SmackLabel \
        SmackLabelIPIn SmackLabelIPOut SocketGroup SocketProtocol SocketUser Symlinks TCPCongestion TimeoutSec \
        Timestamping",
    ),
    (
        Kind::Boolean,
        "\
        Accept AcceptFileDescriptors Broadcast FlushPending FreeBind KeepAlive NoDelay PassCredentials \
        PassFileDescriptorsToExec PassPIDFD PassPacketInfo PassSecurity RemoveOnStop ReusePort SELinuxContextFromNet \
        Transparent Writable",
    ),
    (
        Kind::Span,
        "\
        DeferAcceptSec DeferTriggerMaxSec KeepAliveIntervalSec KeepAliveTimeSec PollLimitIntervalSec \
        TriggerLimitIntervalSec",
    ),
    (
        Kind::Mode,
        "\
        DirectoryMode SocketMode",
    ),
    (
        Kind::Unsigned,
        "\
        Backlog KeepAliveProbes MaxConnections MaxConnectionsPerSource PollLimitBurst TriggerLimitBurst",
    ),
    (
        Kind::Command,
        "\
        ExecStartPost ExecStartPre ExecStopPost ExecStopPre",
    ),
];

/// The own settings of `[Mount]`.
const MOUNT: Group = &[
    (
        Kind::Any,
        "\
        Options TimeoutSec Type What Where",
    ),
    (
        Kind::Boolean,
        "\
        ForceUnmount LazyUnmount ReadWriteOnly SloppyOptions",
    ),
    (
        Kind::Mode,
        "\
        DirectoryMode",
    ),
];

/// The own settings of `[Automount]`.
const AUTOMOUNT: Group = &[
    (
        Kind::Any,
        "\
        ExtraOptions TimeoutIdleSec Where",
    ),
    (
        Kind::Mode,
        "\
        DirectoryMode",
    ),
];

/// The own settings of `[Swap]`.
const SWAP: Group = &[(
    Kind::Any,
    "\
        Options Priority TimeoutSec What",
)];

/// The own settings of `[Timer]`.
const TIMER: Group = &[
    (
        Kind::Any,
        "\
        Unit",
    ),
    (
        Kind::Boolean,
        "\
        DeferReactivation FixedRandomDelay OnClockChange OnTimezoneChange Persistent RemainAfterElapse WakeSystem",
    ),
    (
        Kind::Span,
        "\
        AccuracySec OnActiveSec OnBootSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec RandomizedDelaySec \
        RandomizedOffsetSec",
    ),
    (
        Kind::Calendar,
        "\
        OnCalendar",
    ),
];

/// The own settings of `[Path]`.
const PATH: Group = &[
    (
        Kind::Any,
        "\
        DirectoryNotEmpty PathChanged PathExists PathExistsGlob PathModified Unit",
    ),
    (
        Kind::Boolean,
        "\
        MakeDirectory",
    ),
    (
        Kind::Span,
        "\
        TriggerLimitIntervalSec",
    ),
    (
        Kind::Mode,
        "\
        DirectoryMode",
    ),
    (
        Kind::Unsigned,
        "\
        TriggerLimitBurst",
    ),
];

/// The own settings of `[Slice]`.
const SLICE: Group = &[(
    Kind::Any,
    "\
        ConcurrencyHardMax ConcurrencySoftMax",
)];

/// The own settings of `[Scope]`.
const SCOPE: Group = &[
    (
        Kind::Any,
        "\
        OOMPolicy",
    ),
    (
        Kind::Span,
        "\
        RuntimeMaxSec RuntimeRandomizedExtraSec TimeoutStopSec",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_have_their_own_and_the_shared_keys() {
        let kind = |section, key| of_section(section).and_then(|keys| keys.get(key)).copied();
        assert_eq!(kind("Service", "ExecStart"), Some(Kind::Command));
        assert_eq!(kind("Service", "MemoryMax"), Some(Kind::Any));
        assert_eq!(kind("Mount", "KillMode"), Some(Kind::Any));
        assert_eq!(kind("Slice", "MemoryZSwapMax"), Some(Kind::Any));
        assert_eq!(kind("Service", "ExecReloadPost"), Some(Kind::Command));
        assert_eq!(kind("Service", "IOPressureThresholdSec"), Some(Kind::Span));
        assert_eq!(kind("Unit", "ConditionPathIsSocket"), Some(Kind::Any));
        assert_eq!(kind("Timer", "OnCalendar"), Some(Kind::Calendar));
        assert_eq!(kind("Timer", "MemoryMax"), None);
        assert_eq!(kind("Unit", "StopWhenUnneeded"), Some(Kind::Boolean));
        assert!(of_section("Nonsense").is_none());
    }

    #[test]
    fn no_key_is_listed_twice_in_a_section() {
        for section in &SECTIONS {
            let groups = section.groups.iter().flat_map(|group| group.iter());
            let mut keys: Vec<_> = groups.flat_map(|(_, k)| k.split_ascii_whitespace()).collect();
            let count = keys.len();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), count, "{}", section.name);
        }
    }
}
