//! The file: what is written is read again, and nothing else is taken for a lock.
#![expect(clippy::unwrap_used, reason = "tests")]

use flatwright_lock::{Ask, Lock, Pin};
use proptest::prelude::*;

const SUM: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn sample() -> Lock {
    let mut lock = Lock::default();
    lock.day = Some("2026-11-30".parse().unwrap());
    lock.insert(
        Ask::release("stable", "latest"),
        Pin::locked("4593.2.9", "releases-stable.json")
            .with("systemd", "257")
            .with_list("architectures", vec!["amd64".into(), "arm64".into()]),
    );
    lock.insert(Ask::kubernetes("v1.35"), Pin::locked("v1.35.9", "SHA256SUMS"));
    let url = "https://extensions.flatcar.org/extensions/kubernetes-v1.35.9-x86-64.raw";
    lock.insert(Ask::extension("kubernetes", "v1.35.9", "amd64", url), Pin::read("SHA256SUMS").with("sha256", SUM));
    lock.insert(Ask::chart("kured", "https://charts.example", "*"), Pin::locked("5.11.0", "index.yaml"));
    lock.insert(Ask::plugin("plugins/a \"b\" \\.wasm"), Pin::read("a").with("sha256", SUM).with("api", "0.1.0"));
    lock.insert(Ask::image("kinvolk/o/stable-gen2", "4593.2.9"), Pin::locked("4593.2.9", "images.json"));
    lock
}

#[test]
fn what_is_written_is_read_again_and_sorted() {
    let text = sample().render();
    assert_eq!(Lock::parse(text.as_bytes()).unwrap(), sample());
    let kinds: Vec<&str> = text.lines().filter(|line| line.starts_with("[[")).collect();
    assert_eq!(kinds, ["[[chart]]", "[[extension]]", "[[image]]", "[[kubernetes]]", "[[plugin]]", "[[release]]"]);
    assert_eq!(Lock::parse(text.as_bytes()).unwrap().render(), text);
}

#[test]
fn other_texts_say_what_is_wrong() {
    let whole = sample().render();
    let with = |from: &str, to: &str| whole.replacen(from, to, 1);
    for (text, problem) in [
        (String::new(), "it has no `version`"),
        ("version = \"1\"".to_owned(), "`version` is not a whole number"),
        ("version = 0".to_owned(), "there is no version 0"),
        ("version = 1\nrevision = -1".to_owned(), "`revision` is not a whole number"),
        ("version = 1\nday = \"2026-02-30\"".to_owned(), "`day` is not a day"),
        ("version = 1\nwhat = 1".to_owned(), "`what` is no key of a lock"),
        ("version = 1\n[chart]\nname = \"a\"".to_owned(), "`chart` is written as `[[chart]]`"),
        (with("[[kubernetes]]", "[[kubernetes]]\nmore = 1"), "`more` is no key of a `kubernetes`"),
        (with("asked = \"v1.35\"", ""), "an entry of `kubernetes` has no `asked`"),
        (with("locked = \"v1.35.9\"", ""), "an entry of `kubernetes` has no `locked`"),
        (with("locked = \"v1.35.9\"", "locked = \"v1 9\""), "`locked` of a `kubernetes` is not a text of one line"),
        (with(SUM, &SUM[1..]), "not 64 hexadecimal digits"),
        (with(SUM, &SUM.to_uppercase()), "not 64 hexadecimal digits"),
        (with("[\"amd64\", \"arm64\"]", "[1]"), "not a list of words"),
        (
            format!("{whole}\n[[kubernetes]]\nasked = \"v1.35\"\nlocked = \"v1.35.1\"\nread = \"a\"\n"),
            "stands here twice",
        ),
        (with("version = 1", "<<<<<<< HEAD\nversion = 1"), ""),
    ] {
        let fault = Lock::parse(text.as_bytes()).unwrap_err();
        assert!(fault.problem.contains(problem) && !fault.problem.is_empty(), "{problem}: {}", fault.problem);
        assert!(!fault.is_newer && fault.at.start <= text.len(), "{problem}");
    }
    assert!(Lock::parse(b"\xff").unwrap_err().problem.contains("UTF-8"));
    assert!(Lock::parse(&vec![b' '; flatwright_lock::LONGEST + 1]).is_err());
    assert!(Lock::parse(format!("version = 1\na = {}", "[".repeat(100_000)).as_bytes()).is_err());
}

#[test]
fn a_newer_version_is_told_and_a_newer_revision_is_read() {
    let fault = Lock::parse(b"version = 2\n[[release]]\nnew = true\n").unwrap_err();
    assert!(fault.is_newer && fault.problem.contains("version 2"));
    let newer =
        sample().render().replace("revision = 0", "revision = 7").replace("[[plugin]]", "[[plugin]]\nsigned = true");
    assert_eq!(Lock::parse(newer.as_bytes()).unwrap(), sample());
    assert!(Lock::is_of_newer_revision(newer.as_bytes()) && !Lock::is_of_newer_revision(sample().render().as_bytes()));
}

#[test]
fn differences_are_told_and_places_of_reading_are_none() {
    let old = sample();
    let mut new = sample();
    new.insert(Ask::kubernetes("v1.35"), Pin::locked("v1.35.9", "elsewhere"));
    new.day = None;
    assert_eq!(old.changes(&new), []);
    new.insert(Ask::kubernetes("v1.35"), Pin::locked("v1.35.10", "elsewhere"));
    new.insert(Ask::kubernetes("v1.36"), Pin::locked("v1.36.0", "elsewhere"));
    let shown: Vec<String> = old.changes(&new).iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["~ Kubernetes `v1.35`: v1.35.9 → v1.35.10", "+ Kubernetes `v1.36`: v1.36.0"]);
}

proptest! {
    #[test]
    fn no_bytes_are_more_than_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Lock::parse(&bytes);
    }

    #[test]
    fn no_lines_are_more_than_a_fault(lines in proptest::collection::vec("(version|revision|day|asked|locked|read|\\[\\[chart\\]\\]|\\[\\[release\\]\\]|architectures) ?= ?(1|\"a\"|\\[\"b\"\\]|\"2026-11-30\")?", 0..12)) {
        let _ = Lock::parse(lines.join("\n").as_bytes());
    }

    #[test]
    fn any_text_of_one_line_is_kept(asked in "[^\\p{Cc}]{1,40}", locked in "[!-~]{1,40}") {
        let mut lock = Lock::default();
        lock.insert(Ask::release("stable", &asked), Pin::locked(&locked, "a b"));
        prop_assert_eq!(Lock::parse(lock.render().as_bytes()).unwrap(), lock);
    }
}
