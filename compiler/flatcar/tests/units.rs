//! What the unit checker says, case by case.

use flatwright_diagnostic::{Place, Report, Severity, SourceId};
use flatwright_flatcar::release::Release;
use flatwright_flatcar::settings::in_source;
use flatwright_flatcar::unit::{UnitFile, check};

/// The findings as `line:column severity code message`, with the hints after ` / `.
fn findings(text: &str, unit: &UnitFile<'_>) -> Vec<String> {
    let mut report = Report::new();
    check(text, unit, &in_source(SourceId(0)), &mut report);
    report
        .diagnostics()
        .iter()
        .map(|d| {
            let Some(Place::LineColumn(line, column)) = d.anchor.as_ref().map(|anchor| anchor.place.clone()) else {
                panic!("{d:?} has a line and column")
            };
            let hints: String = d.hints.iter().map(|hint| format!(" / {hint}")).collect();
            format!("{line}:{column} {} {} {}{hints}", d.severity.word(), d.code, d.message)
        })
        .collect()
}

fn named(name: &str) -> UnitFile<'_> {
    UnitFile { name: Some(name), release: Some(release("4593.2.0")), ..UnitFile::default() }
}

fn release(text: &str) -> Release {
    text.parse().expect("it is a release")
}

fn assert_finds(name: &str, text: &str, expected: &[&str]) {
    let found = findings(text, &named(name));
    assert_eq!(found.len(), expected.len(), "{name}\n{text}\n{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "{found}\nshould contain\n{expected}");
    }
}

#[test]
fn sound_units_have_no_findings() {
    for (name, text) in [
        (
            "a.service",
            "[Unit]\nDescription=a\nAfter=b.service\n[Service]\nType=oneshot\nExecStart=/bin/a\nExecStart=-/bin/b $X\nRemainAfterExit=yes\nX-Own=1\n[X-Own]\nk=v\n[Install]\nWantedBy=multi-user.target\n",
        ),
        (
            "a.service",
            "[Service]\nExecStart=/bin/a\nExecStart=\nExecStart=/bin/b\nTimeoutStartSec=infinity\nMemoryMax=1G\nPrivateTmp=disconnected\n",
        ),
        ("a@.service", "[Service]\nExecStop=/bin/a\nRemainAfterExit=1\n"),
        ("a.service", "[Service]\nBusName=a.b\nExecStart=/bin/a\n"),
        (
            "var-lib-etcd\\x2ddisk.mount",
            "[Mount]\nWhat=/dev/disk/by-label/etcd\nWhere=/var/lib/etcd-disk/\nOptions=noatime\n",
        ),
        ("a.timer", "[Timer]\nOnCalendar=Sun 03:00\nRandomizedDelaySec=1h\nPersistent=true\n"),
        ("a.timer", "[Timer]\nOnClockChange=on\n"),
        ("dev-zram0.swap", "[Swap]\nWhat=/dev/zram0\n"),
        ("a.swap", "[Swap]\nWhat=LABEL=swap\n"),
        ("a.path", "[Path]\nPathExists=/run/x\n"),
        ("a.socket", "[Socket]\nListenStream=80\n"),
        ("a.target", "[Unit]\nDescription=a\n"),
        ("a.slice", "[Slice]\nCPUQuota=50%\n"),
    ] {
        assert_finds(name, text, &[]);
    }
}

#[test]
fn unknown_sections_and_keys_are_warnings_with_the_nearest_name() {
    assert_finds(
        "a.service",
        "[Serivce]\nExecStart=/bin/a\n",
        &["1:1 error unknown-section unknown section `[Serivce]` / did you mean `Service`?"],
    );
    assert_finds(
        "a.service",
        "[Service]\nExecStart=/bin/a\nExecStrat=/bin/b\nWantedBy=x.target\n",
        &[
            "3:1 warning unknown-setting-key unknown key `ExecStrat` in section `[Service]` / did you mean `ExecStart`?",
            "4:1 warning unknown-setting-key unknown key `WantedBy` in section `[Service]` / `WantedBy` belongs in section `[Install]`",
        ],
    );
    assert_finds(
        "a.service",
        "[Service]\nExecStart=/bin/a\n[Timer]\nOnCalendar=nonsense\n",
        &["3:1 warning misplaced-section section `[Timer]` does nothing in `a.service`"],
    );
}

#[test]
fn values_that_systemd_ignores_are_errors_at_the_value() {
    assert_finds(
        "a.service",
        "[Service]\nExecStart=/bin/a\nRemainAfterExit = maybe\nRestart=allways\nRestartSec=5 parsecs\nUMask=999\nRestartSteps=-1\n",
        &[
            "3:19 error setting-value `maybe` is not a value of `RemainAfterExit` / known here: `yes`, `no`",
            "4:9 error setting-value `allways` is not a value of `Restart` / did you mean `always`?",
            "5:12 error setting-value `5 parsecs`",
            "6:7 error setting-value `999`",
            "7:14 error setting-value `-1`",
        ],
    );
    assert_finds(
        "a.timer",
        "[Timer]\nOnCalendar=25:00\nOnBootSec=soon\n",
        &[
            "2:12 error calendar-expression `25:00` is not a calendar expression: a number is out of range",
            "3:11 error setting-value `soon`",
        ],
    );
    assert_finds(
        "a.service",
        "[Service]\nExecStart=bin/a\nExecStop=/bin/sh -c 'x\n",
        &[
            "2:11 error command-line `ExecStart` names a program that is neither",
            "3:10 error command-line `ExecStop` has a quote that is not closed",
        ],
    );
}

#[test]
fn units_that_systemd_refuses_are_errors() {
    for (name, text, expected) in [
        (
            "a.service",
            "[Service]\nType=simple\nExecStart=/bin/a\nExecStart=/bin/b\n",
            "4:1 error several-start-commands a service of type `simple` has 2 `ExecStart`",
        ),
        (
            "a.service",
            "[Service]\nExecStop=/bin/a\n",
            "1:1 error service-that-only-stops a service without `ExecStart` must stay active",
        ),
        (
            "a.service",
            "[Unit]\nDescription=a\n[Service]\nEnvironment=A=b\n",
            "3:1 error service-without-command a service without `ExecStart`",
        ),
        (
            "a.service",
            "[Service]\nType=oneshott\nExecStart=/bin/a\n",
            "2:6 error setting-value `oneshott` is not a value of `Type` / did you mean `oneshot`?",
        ),
        (
            "a.service",
            "[Service]\nType=oneshot\nRestart=always\nExecStart=/bin/a\n",
            "3:9 error restarted-oneshot a service of type `oneshot` has `Restart=always`",
        ),
        (
            "a.service",
            "[Service]\nType=dbus\nExecStart=/bin/a\n",
            "1:1 error dbus-service-without-name a service of type `dbus` has no `BusName`",
        ),
        ("a.timer", "[Timer]\nPersistent=yes\n", "1:1 error unit-without-trigger a timer never elapses"),
        ("a.path", "[Path]\nUnit=b.service\n", "1:1 error unit-without-trigger a path unit watches nothing"),
        ("a.socket", "[Socket]\nAccept=yes\n", "1:1 error unit-without-trigger a socket listens on nothing"),
        ("data.mount", "[Mount]\nWhere=/data\n", "1:1 error mount-without-what a mount has no `What`"),
        (
            "var-lib-etcd-disk.mount",
            "[Mount]\nWhat=/dev/disk/by-label/etcd\nWhere=/var/lib/etcd-disk\n",
            "3:7 error unit-name-not-of-path the unit is named `var-lib-etcd-disk.mount`, but `Where=/var/lib/etcd-disk` wants `var-lib-etcd\\x2ddisk.mount`",
        ),
        (
            "data.mount",
            "[Mount]\nWhat=/dev/disk/by-label/etcd\nWhere=data\n",
            "3:7 error relative-setting-path `data` of `Where` is not an absolute path",
        ),
        ("b.swap", "[Swap]\nWhat=/dev/zram0\n", "2:6 error unit-name-not-of-path"),
        (
            "a b.service",
            "[Service]\nExecStart=/bin/a\n",
            "1:1 error invalid-unit-name `a b.service` is not a unit name",
        ),
    ] {
        assert_finds(name, text, &[expected]);
    }
}

#[test]
fn commands_are_counted_as_systemd_counts_them() {
    assert_finds(
        "a.service",
        "[Service]\nExecStart=/bin/a ; /bin/b\n",
        &["2:1 error several-start-commands a service of type `simple` has 2"],
    );
    assert_finds(
        "a.service",
        "[Service]\nExecStart=-\nExecStart=/bin/a\n",
        &["2:11 error command-line `ExecStart` names no program"],
    );
    assert_finds(
        "a.service",
        "[Service]\nExecStart=@/bin/a\n",
        &["2:11 error command-line `ExecStart` starts with `@`"],
    );
    assert_finds(
        "a.service",
        "[Service]\nExecStart=/bin/a\nRestartSec=\n",
        &["3:1 warning ineffective-reset an empty `RestartSec`"],
    );
}

#[test]
fn paths_and_ports_are_judged_where_systemd_does() {
    assert_finds(
        "a.path",
        "[Path]\nPathChanged=run/x\n",
        &["2:13 error relative-setting-path `run/x` of `PathChanged` is not an absolute path"],
    );
    assert_finds("a.socket", "[Socket]\nListenStream=99999\n", &["2:14 error socket-port `99999` is not a port"]);
    assert_finds(
        "a.target",
        "[Unit]\nConditionPathExists=|!x\nAssertFileNotEmpty=!/y\n",
        &["2:21 error relative-setting-path `x`"],
    );
    assert_finds(
        "a.timer",
        "[Timer]\nOnBootSec=5\nOnCalendar=\n",
        &["1:1 error unit-without-trigger a timer never elapses"],
    );
    assert_finds(
        "a.timer",
        "[Timer]\nOnCalendar=03:00 Europe/Berln\nOnCalendar=03:00 Mars/Olympus\nOnCalendar=*-04-31\n",
        &[
            "2:12 error unknown-time-zone `Europe/Berln` is not a time zone",
            "3:12 warning unknown-time-zone `Mars/Olympus` is not a time zone",
            "4:12 error calendar-never-comes no date ever fits `*-04-31`",
        ],
    );
}

#[test]
fn a_drop_in_need_not_be_complete() {
    let unit = UnitFile { is_drop_in: true, ..named("a.service") };
    assert_eq!(findings("[Service]\nEnvironment=A=b\n", &unit), [""; 0]);
    assert_eq!(findings("[Unit]\nAfter=b.service\n", &unit), [""; 0]);
    assert_eq!(findings("[Service]\nRestart=never\n", &unit).len(), 1);
}

#[test]
fn an_enabled_unit_needs_something_that_starts_it() {
    let unit = UnitFile { is_enabled: true, ..named("a.timer") };
    assert_eq!(
        findings("[Timer]\nOnBootSec=1\n", &unit),
        [
            "1:1 warning unit-not-installable the unit is enabled, but its `[Install]` section names nothing that starts it / add `WantedBy=timers.target` to an `[Install]` section",
        ]
    );
    assert_eq!(findings("[Timer]\nOnBootSec=1\n[Install]\nWantedBy=timers.target\n", &unit), [""; 0]);
}

#[test]
fn programs_under_etc_are_judged_by_the_release() {
    let text = "[Service]\nExecStart=/etc/a.sh x\nExecStop=-/bin/bash /etc/a.sh\n";
    let at = |release| findings(text, &UnitFile { release, ..named("a.service") });
    assert_eq!(
        at(Some(release("4628.0.0"))),
        [
            "2:11 error noexec-etc `ExecStart` runs `/etc/a.sh`, but `/etc` is mounted `noexec` / name the interpreter: `ExecStart=/bin/bash /etc/a.sh`, or put the program under `/opt`",
        ]
    );
    assert!(at(None)[0].starts_with("2:11 warning noexec-etc"));
    assert_eq!(at(Some(release("4593.2.0"))), [""; 0]);
}

#[test]
fn settings_that_the_systemd_of_the_release_has_not_are_told() {
    let text = "[Unit]\nConditionKernelModuleLoaded=br_netfilter\n[Service]\nExecStart=/bin/true\n";
    let at = |release| findings(text, &UnitFile { release, ..named("a.service") });
    let found = at(Some(release("4593.2.0")));
    assert!(found.len() == 1 && found[0].starts_with("2:1 warning setting-of-newer-systemd"), "{found:?}");
    assert_eq!(at(None), [""; 0]);
}

#[test]
fn a_unit_without_a_name_is_known_by_its_sections() {
    let found = findings("[Timer]\nPersistent=yes\n", &UnitFile::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(findings("[Unit]\nDescription=a\n", &UnitFile::default()), [""; 0]);
}

#[test]
fn a_file_of_nothing_but_mistakes_is_read_in_linear_time() {
    let mut report = Report::new();
    let text = format!("[Service]\n{}", "ExecStartt=/bin/a\n".repeat(200_000));
    check(&text, &named("a.service"), &in_source(SourceId(0)), &mut report);
    assert!(report.left_out().values().sum::<usize>() > 190_000);
    assert!(report.diagnostics().iter().all(|d| d.severity != Severity::Note));
}

#[test]
fn limits_of_nothing_and_settings_of_other_kinds_are_told() {
    let count = |name: &str, text: &str| findings(text, &UnitFile { name: Some(name), ..UnitFile::default() }).len();
    let service = |line: &str| count("a.service", &format!("[Service]\nExecStart=/bin/true\n{line}\n"));
    assert_eq!(service("IOReadBandwidthMax=/dev/sda 0"), 1);
    assert_eq!(service("IOReadBandwidthMax=/dev/sda 1K") + service("IOReadIOPSMax=/dev/sda infinity"), 0);
    assert_eq!(count("a.socket", "[Socket]\nListenStream=/run/a\nManagedOOMSwap=kill\n"), 1);
    assert_eq!(count("a.slice", "[Slice]\nManagedOOMSwap=kill\n") + service("ManagedOOMSwap=kill"), 0);
}
