//! Every setting of the table has a value that is good and one that is bad, by its type, and the checker tells the two apart.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the table and the documentation")]

use std::collections::BTreeMap;

use flatwright_diagnostic::{Report, SourceId};
use flatwright_flatcar::settings::in_source;
use flatwright_flatcar::unit::{UnitFile, check};

/// A type with a good and a bad value.
const TYPES: &[(&str, &str, &str)] = &[
    ("address-families", "AF_INET AF_UNIX", "AF_X"),
    ("address-prefixes", "10.0.0.0/8 localhost", "10.0.0.0/33"),
    ("architectures", "native x86", "x87"),
    ("ascii", "kexec now", "größer"),
    ("bind-paths", "/a:/b:rbind -/c", "/a:b"),
    ("block-weight", "500", "5"),
    ("boolean", "yes", "maybe"),
    ("bpf-program", "ingress:/sys/fs/bpf/x", "inwards:/sys/fs/bpf/x"),
    ("bus-name", "org.example.Name", "example"),
    ("calendar", "Sun 03:00", "2026-13-01"),
    ("capabilities", "~CAP_NET_ADMIN CAP_BPF", "CAP_NOPE"),
    ("command", "/bin/true", "bin/true"),
    ("concurrency", "4", "many"),
    ("condition-path", "|!/etc/x", "etc/x"),
    ("configuration-directories", "a b/c", "/a"),
    ("controllers", "cpu memory", "processor"),
    ("coredump-filter", "private-anonymous 0x1f", "nothing"),
    ("cpu-affinity", "0-3 5", "3-0"),
    ("cpu-policy", "batch", "fast"),
    ("cpu-priority", "50", "100"),
    ("cpu-quota", "150%", "150"),
    ("cpu-set", "0,2", "0-"),
    ("cpu-weight", "idle", "0"),
    ("delegate", "cpu pids", "processor"),
    ("delegate-subgroup", "payload", "a/b"),
    ("device-allow", "/dev/sda rw", "/dev/sda x"),
    ("device-bandwidth", "/dev/sda 5M", "/dev/sda"),
    ("device-latency", "/dev/sda 5ms", "/dev/sda soon"),
    ("device-weight", "/dev/sda 200", "/dev/sda 0"),
    ("directories", "a b/c:d", "../a"),
    ("documentation", "man:foo(1) https://example.com", "example.com"),
    ("environment", "A=b \"C=d e\"", "A b"),
    ("environment-file", "-/etc/x", "etc/x"),
    ("exit-status", "255", "256"),
    ("extension-images", "/a.raw -/b.raw", "a.raw"),
    ("fd-name", "web", "a:b"),
    ("file-systems", "ext4 @basic-api", "@nothing"),
    ("image-policy", "root=verity+signed:usr=absent", "root"),
    ("input", "null", "nothing"),
    ("input-data", "aGVsbG8=", "aGVsbG8"),
    ("input-text", "a\\nb", "a\\zb"),
    ("integer", "-5", "five"),
    ("interface", "eth0", "eth0000000000000"),
    ("interfaces", "~eth0 eth1", "eth/0"),
    ("io-class", "best-effort", "best"),
    ("io-priority", "7", "8"),
    ("ip-tos", "low-delay", "low"),
    ("limit", "1G:2G", "2G:1G"),
    ("limit-count", "1024:infinity", "1K"),
    ("limit-microseconds", "5s", "5 parsecs"),
    ("limit-nice", "+5", "41"),
    ("limit-seconds", "5s:10s", "10s:5s"),
    ("listen", "127.0.0.1:80", "0"),
    ("listen-local", "@abstract", "80"),
    ("listen-netlink", "kobject-uevent 1", "kobject"),
    ("load-credential", "a:/etc/a", "a/b"),
    ("log-facility", "local3", "local8"),
    ("log-fields", "FIELD=value", "field=value"),
    ("log-level", "warning", "warn"),
    ("log-namespace", "foo", "a/b"),
    ("long", "100", "1G"),
    ("memory", "0", "1KB"),
    ("memory-above-zero", "50%", "0"),
    ("mode", "0750", "0980"),
    ("mount-images", "/a.raw:/b", "/a.raw"),
    ("mount-what", "LABEL=swap", "swap"),
    ("mounts-for", "/a /b", "a"),
    ("namespace-paths", "-+/a /b", "a"),
    ("namespaces", "~ipc net", "everything"),
    ("nanoseconds", "5ms", "5 parsecs"),
    ("nft-set", "cgroup:inet:a:b", "cgroup:inet:a"),
    ("nice", "-20", "20"),
    ("numa-mask", "all", "none"),
    ("oom-score-adjust", "-1000", "-1001"),
    ("open-file", "/etc/x:x:read-only", "etc/x"),
    ("output", "append:/var/log/x", "append:x"),
    ("pass-environment", "A B", "A=b"),
    ("path", "/a", "a"),
    ("paths", "/a /b", "/a b"),
    ("pid-file", "x.pid", "../x.pid"),
    ("pressure-duration", "5s", "soon"),
    ("pressure-limit", "60%", "60"),
    ("protect-hostname", "yes", "perhaps"),
    ("root-hash", "0123456789abcdef0123456789abcdef", "0123"),
    ("root-hash-signature", "/a", "a"),
    ("root-image-options", "ro usr:ro", "users:ro"),
    ("search-path", "/a:/b", "a:b"),
    ("service", "a.service", "a.socket"),
    ("set-credential", "a:b", "a"),
    ("set-credential-encrypted", "a:aGVsbG8=", "a:b"),
    ("signal", "SIGRTMIN+3", "SIGFOO"),
    ("size", "4K", "4KB"),
    ("slice", "a-b.slice", "a--b.slice"),
    ("socket-bind", "ipv4:tcp:1-1024", "tcp:0"),
    ("socket-protocol", "sctp", "icmp"),
    ("sockets", "a.socket", "a.service"),
    ("span", "1h 30min", "5 parsecs"),
    ("span-or-boolean", "10s", "soon"),
    ("span-or-infinity", "infinity", "never"),
    ("span-or-zero", "0", "never"),
    ("statuses", "1 TEMPFAIL SIGKILL", "256"),
    ("swap-priority", "-1", "32768"),
    ("system-call-error", "EPERM", "ENOPE"),
    ("system-calls", "~@mount read:EPERM", "readd"),
    ("tasks", "10%", "0"),
    ("temporary-file-systems", "/a:ro /b", "a"),
    ("trigger-span", "5min", "soon"),
    ("trigger-unit", "a.service", "a"),
    ("tty-size", "80", "wide"),
    ("unset-environment", "A B=c", "A-B"),
    ("unsigned", "5", "-5"),
    ("user", "core", "a:b"),
    ("users", "core 500", "core a/b"),
    ("watched-path", "/a", "a"),
    ("weight", "10000", "10001"),
    ("working-directory", "~", "a"),
];

/// A good word of each setting that has words; a bad one is `nonsense`.
const WORDS: &[(&str, &str)] = &[
    ("BindIPv6Only", "both"),
    ("CollectMode", "inactive"),
    ("DevicePolicy", "closed"),
    ("ExitType", "cgroup"),
    ("FailureAction", "reboot"),
    ("FileDescriptorStorePreserve", "restart"),
    ("JobTimeoutAction", "reboot"),
    ("KeyringMode", "private"),
    ("KillMode", "mixed"),
    ("ManagedOOMMemoryPressure", "kill"),
    ("ManagedOOMPreference", "avoid"),
    ("ManagedOOMSwap", "auto"),
    ("MemoryPressureWatch", "skip"),
    ("MountFlags", "slave"),
    ("NUMAPolicy", "bind"),
    ("NotifyAccess", "main"),
    ("OOMPolicy", "stop"),
    ("OnFailureJobMode", "replace"),
    ("OnSuccessJobMode", "replace"),
    ("Personality", "x86"),
    ("PrivatePIDs", "yes"),
    ("PrivateTmp", "yes"),
    ("PrivateUsers", "self"),
    ("ProcSubset", "pid"),
    ("ProtectControlGroups", "yes"),
    ("ProtectHome", "read-only"),
    ("ProtectProc", "invisible"),
    ("ProtectSystem", "strict"),
    ("Restart", "always"),
    ("RestartMode", "direct"),
    ("RuntimeDirectoryPreserve", "restart"),
    ("StartLimitAction", "none"),
    ("SuccessAction", "exit"),
    ("TimeoutStartFailureMode", "abort"),
    ("TimeoutStopFailureMode", "kill"),
    ("Timestamping", "ns"),
    ("Type", "exec"),
    ("UtmpMode", "user"),
];

/// Types of which any text is a value, or none is judged; the documentation has the reasons.
const NOT_JUDGED: &[&str] =
    &["text", "units", "condition", "instance", "security-label", "secure-bits", "unchecked", "plain-text"];

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Whether something is said of a setting.
fn is_told(section: &str, key: &str, value: &str) -> bool {
    let kind = if matches!(section, "Unit" | "Install") { "service" } else { &section.to_lowercase() };
    let text = format!("[{section}]\n{key}={value}\n");
    let mut report = Report::new();
    let name = format!("a.{kind}");
    let unit = UnitFile { name: Some(&name), is_drop_in: true, ..UnitFile::default() };
    check(&text, &unit, &in_source(SourceId(0)), &mut report);
    !report.diagnostics().is_empty()
}

#[test]
fn every_setting_has_a_good_and_a_bad_value() {
    let types: BTreeMap<&str, (&str, &str)> = TYPES.iter().map(|(kind, good, bad)| (*kind, (*good, *bad))).collect();
    let words: BTreeMap<&str, &str> = WORDS.iter().copied().collect();
    let documented = read("docs/first-boot.md");
    let mut count = 0;
    for row in read("facts/systemd-settings.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut columns = row.split(' ');
        let (group, key, kind) = (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap());
        let section = if matches!(group, "exec" | "cgroup" | "kill") { "Service" } else { group };
        if row.contains("now=") || kind == "unsupported" {
            assert!(is_told(section, key, "1"), "{row} is superseded or does nothing");
            continue;
        }
        if NOT_JUDGED.contains(&kind) {
            assert!(
                documented.contains(&format!("| `{kind}` |")),
                "docs/first-boot.md does not say why `{kind}` is not judged"
            );
            continue;
        }
        let (good, bad) = match kind {
            "word" => (words[key], "nonsense"),
            kind => types[kind],
        };
        assert!(!is_told(section, key, good), "{row}: `{good}` is refused");
        assert!(is_told(section, key, bad), "{row}: `{bad}` is taken");
        count += 1;
    }
    assert!(count > 350, "{count}");
}

#[test]
fn specifiers_stand_for_something_only_where_systemd_replaces_them() {
    assert!(!is_told("Service", "PIDFile", "%t/x.pid") && !is_told("Service", "WorkingDirectory", "%h"));
    assert!(is_told("Service", "Type", "%i") && is_told("Service", "Nice", "%U"));
    assert!(is_told("Service", "WorkingDirectory", "%n") && !is_told("Service", "WorkingDirectory", "/srv/%n"));
}
