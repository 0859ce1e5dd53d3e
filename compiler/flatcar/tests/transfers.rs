//! What the transfer checker says, case by case.

use flatwright_diagnostic::{Place, Report, SourceId};
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::bakery::{Bakery, Follow, NOOP_TRANSFER};
use flatwright_flatcar::settings::in_source;
use flatwright_flatcar::sysext::Sysext;
use flatwright_flatcar::sysupdate::{TransferFile, check};

const SOUND: &str = "[Transfer]\nVerify=false\n[Source]\nType=url-file\nPath=https://a.example/x/\nMatchPattern=x-@v-%a.raw\n[Target]\nType=regular-file\nPath=/opt/extensions/x\nCurrentSymlink=/etc/extensions/x.raw\n";

fn findings(text: &str, file: &TransferFile<'_>) -> Vec<String> {
    let mut report = Report::new();
    check(text, file, &in_source(SourceId(0)), &mut report);
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

#[test]
fn our_own_transfers_are_sound() {
    let sysext = Sysext { name: "wasmtime".into(), version: "24.0.0".into(), architecture: Architecture::Arm64 };
    for text in
        [NOOP_TRANSFER.to_owned(), SOUND.to_owned(), Bakery::default().transfer(&sysext, Follow::Patches).render()]
    {
        assert_eq!(findings(&text, &TransferFile::default()), [""; 0], "{text}");
    }
}

/// Replaces one line of the sound transfer and tells what is found.
fn replaced(line: &str, by: &str) -> String {
    assert!(SOUND.contains(line), "{line}");
    let found = findings(&SOUND.replace(line, by), &TransferFile::default());
    assert_eq!(found.len(), 1, "{line} -> {by}: {found:#?}");
    found.concat()
}

#[test]
fn one_fault_gives_one_finding_at_its_place() {
    for (line, by, expected) in [
        (
            "MatchPattern=x-@v-%a.raw",
            "MatchPattern=x-%a.raw",
            "6:14 error transfer-pattern-syntax match pattern `x-%a.raw` is refused: it has no `@v`",
        ),
        ("MatchPattern=x-@v-%a.raw\n", "", "3:1 error transfer-without-pattern `[Source]` has no `MatchPattern`"),
        (
            "MatchPattern=x-@v-%a.raw",
            "MatchPattern=x-@v-%y.raw",
            "6:14 warning unknown-specifier `%y` in `MatchPattern` is not a specifier",
        ),
        (
            "MatchPattern",
            "MatchPatterns=x-@v.raw\nMatchPattern",
            "6:1 warning unknown-setting-key unknown key `MatchPatterns` in section `[Source]` / did you mean `MatchPattern`?",
        ),
        ("Type=url-file\n", "", "3:1 error transfer-without-type the source has no `Type`"),
        (
            "Type=url-file",
            "Type=url_file",
            "4:6 error unknown-transfer-type `url_file` is not a type of `[Source]` / did you mean `url-file`?",
        ),
        (
            "Type=url-file",
            "Type=url-tar",
            "8:6 error mismatched-transfer-types a source of type `url-tar` does not fit a target of type `regular-file` / use `Type=directory`",
        ),
        (
            "Type=url-file",
            "Type=regular-file",
            "5:6 error transfer-path source path `https://a.example/x/` is not an absolute, normalized path",
        ),
        (
            "https://a.example/x/",
            "a.example/x",
            "5:6 error transfer-source-url source path `a.example/x` is not an HTTP or HTTPS URL",
        ),
        ("https://a.example/x/", "http://a.example/x/", "5:6 warning unprotected-transfer neither a signature nor TLS"),
        ("Path=/opt/extensions/x\n", "", "7:1 error transfer-without-path `[Target]` has no `Path`"),
        ("Path=/opt/extensions/x", "Path=/opt/../x", "9:6 error transfer-path target path `/opt/../x`"),
        (
            "CurrentSymlink",
            "InstancesMax=1\nCurrentSymlink",
            "10:14 warning too-few-instances `InstancesMax=1` is taken as 2",
        ),
        (
            "CurrentSymlink",
            "InstancesMax=0\nCurrentSymlink",
            "10:14 warning too-few-instances `InstancesMax=0` is taken as 2",
        ),
        (
            "CurrentSymlink",
            "InstancesMax=many\nCurrentSymlink",
            "10:14 error setting-value `many` is not a value of `InstancesMax`",
        ),
        (
            "CurrentSymlink",
            "Verify=no\nCurrentSymlink",
            "10:1 warning unknown-setting-key unknown key `Verify` in section `[Target]` / `Verify` belongs in section `[Transfer]`",
        ),
        ("Verify=false", "Verify=never", "2:8 error setting-value `never` is not a value of `Verify`"),
        (
            "[Transfer]",
            "[Transfers]",
            "1:1 warning unknown-section unknown section `[Transfers]` / did you mean `Transfer`?",
        ),
        ("CurrentSymlink", "CurrentSymlink: x\nCurrentSymlink", "10:1 error line-without-equals missing `=`"),
    ] {
        let found = replaced(line, by);
        assert!(found.starts_with(expected), "{found}\nshould start with\n{expected}");
    }
}

#[test]
fn the_bakery_signs_nothing() {
    let text = SOUND
        .replace("https://a.example/x/", "https://extensions.flatcar.org/extensions/x/")
        .replace("Verify=false\n", "");
    assert!(findings(&text, &TransferFile::default())[0].contains("unsigned-transfer-source"));
}

#[test]
fn the_name_must_be_one_the_release_reads() {
    let name = |file_name, release: &str| {
        let file = TransferFile { file_name: Some(file_name), release: release.parse().ok(), directory: None };
        findings(SOUND, &file).first().map(|found| found.split(' ').nth(1).unwrap_or_default().to_owned())
    };
    assert_eq!(name("x.transfer", "4593.2.5"), None);
    assert_eq!(name("x.conf", "4593.2.5").as_deref(), Some("note"));
    assert_eq!(name("x.transfer", "4081.3.10").as_deref(), Some("error"));
    assert_eq!(name("x.conf", "4081.3.10"), None);
    assert_eq!(name("x.transfer", "4480.0.0").as_deref(), Some("warning"));
    assert_eq!(name("x.transfer", "latest"), None);
    assert_eq!(name("x.config", "latest").as_deref(), Some("error"));
}

#[test]
fn the_directory_must_be_one_sysupdate_reads() {
    let directory =
        |directory| findings(SOUND, &TransferFile { directory: Some(directory), ..TransferFile::default() }).len();
    for good in ["/etc/sysupdate.d", "/etc/sysupdate.x.d/", "/run/sysupdate.x.d", "/usr/lib/sysupdate.d"] {
        assert_eq!(directory(good), 0, "{good}");
    }
    for bad in ["/etc/sysupdate", "/etc/sysupdate..d", "/opt/sysupdate.d", "sysupdate.d", "", "/etc/sysupdate.x"] {
        assert_eq!(directory(bad), 1, "{bad}");
    }
}

#[test]
fn newer_keys_need_a_newer_release() {
    let file = |release: &str| TransferFile { release: release.parse().ok(), ..TransferFile::default() };
    let text = SOUND.replace("Verify=false", "Verify=false\nFeatures=a");
    assert_eq!(
        findings(&text, &file("4081.3.10")),
        ["3:1 warning setting-of-newer-systemd `Features` needs systemd 257, but this release has 255",]
    );
    assert_eq!(findings(&text, &file("4593.2.5")), [""; 0]);
}

#[test]
fn a_slash_behind_a_field_is_an_error_where_the_release_aborts() {
    let text = SOUND.replace("MatchPattern=x-@v-%a.raw", "MatchPattern=x_@v/x.raw");
    let says = |release: Option<&str>| {
        let release = release.map(|release| release.parse().unwrap());
        findings(&text, &TransferFile { release, ..TransferFile::default() })
    };
    for release in ["4081.3.5", "4593.2.5", "4757.0.0"] {
        let found = says(Some(release));
        assert_eq!(found.len(), 1, "{release}: {found:?}");
        assert!(found[0].starts_with("6:14 error transfer-pattern-slash-behind-field"), "{release}: {found:?}");
    }
    let found = says(None);
    assert!(found[0].starts_with("6:14 warning transfer-pattern-slash-behind-field"), "{found:?}");
    let before = SOUND.replace("MatchPattern=x-@v-%a.raw", "MatchPattern=x.d/@v.raw");
    assert_eq!(findings(&before, &TransferFile::default()), [""; 0]);
}

#[test]
fn patterns_of_targets_stay_below_them() {
    let target = |pattern: &str| {
        let text = SOUND.replace("[Target]\n", &format!("[Target]\nMatchPattern={pattern}\n"));
        findings(&text, &TransferFile::default()).concat()
    };
    assert_eq!(target("d/x-@v.raw"), "");
    for pattern in ["../x-@v.raw", "d//x-@v.raw", "./x-@v.raw", "x-@v.raw/"] {
        assert!(target(pattern).starts_with("8:14 error transfer-pattern-path"), "{pattern}: {}", target(pattern));
    }
}
