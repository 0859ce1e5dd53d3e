//! The lists of others, in their documented shapes with data of our own.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read their data")]

use std::collections::BTreeSet;
use std::path::Path;

use flatwright_flatcar::arch::Architecture::{self, Amd64, Arm64};
use flatwright_flatcar::release::Channel;
use flatwright_kubernetes::range::Range;
use flatwright_lock::known::{Known, NoChoice, What};
use proptest::prelude::*;

fn read(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists").join(name)).unwrap()
}

fn known(names: &[&str]) -> Known {
    let mut known = Known::default();
    for name in names {
        known.add(name, &read(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    known
}

fn range(text: &str) -> Range {
    text.parse().unwrap()
}

fn both() -> BTreeSet<Architecture> {
    BTreeSet::from([Amd64, Arm64])
}

fn near<T: std::fmt::Debug>(choice: Result<T, NoChoice>) -> Vec<String> {
    match choice.unwrap_err() {
        NoChoice::Nothing { near, .. } => near,
        NoChoice::Unlisted => panic!("nothing was read"),
    }
}

#[test]
fn every_list_is_told_by_its_content() {
    for (name, what) in [
        ("releases-stable.json", What::Releases),
        ("releases-lts.json", What::Releases),
        ("schedule.yaml", What::Kubernetes),
        ("eol.yaml", What::Kubernetes),
        ("stable.txt", What::Kubernetes),
        ("SHA256SUMS", What::Checksums),
        ("vm-images.json", What::Images),
        ("definitions.json", What::Images),
        ("versions.json", What::Images),
        ("versions-of-the-api.json", What::Images),
        ("printed.txt", What::Images),
        ("index.yaml", What::Charts),
    ] {
        assert_eq!(Known::default().add(name, &read(name)).unwrap(), what, "{name}");
    }
}

#[test]
fn the_newest_release_is_the_one_of_the_highest_numbers() {
    let known = known(&["releases-stable.json", "releases-lts.json"]);
    let choose = |channel, text: &str, architectures| {
        known
            .release(channel, &range(text), &architectures, &BTreeSet::new(), &[])
            .map(|chosen| chosen.value.to_string())
    };
    assert_eq!(choose(Channel::Stable, "latest", both()).unwrap(), "4593.2.10");
    assert_eq!(choose(Channel::Stable, "<4593.2.9", both()).unwrap(), "4593.2.5");
    assert_eq!(choose(Channel::Lts, "4081", both()).unwrap(), "4081.3.10");
    assert_eq!(choose(Channel::Stable, "3033", BTreeSet::from([Amd64])).unwrap(), "3033.2.4");
    assert_eq!(near(choose(Channel::Stable, "3033", both())), ["4593.2.10", "4593.2.9", "4593.2.5"]);
    assert!(choose(Channel::Beta, "latest", both()).is_err());
    let facts = known.facts("4593.2.9".parse().unwrap()).unwrap();
    assert_eq!((facts.systemd.as_deref(), facts.ignition.as_deref()), (Some("257"), Some("2.24.0")));
}

#[test]
fn the_marketplace_decides_what_can_be_bought() {
    let known = known(&["releases-stable.json", "vm-images.json"]);
    let offer = |name: &str| format!("kinvolk/{name}");
    let gen2 = offer("flatcar-container-linux-corevm-amd64/stable-gen2");
    let arm = offer("flatcar-container-linux-corevm/stable");
    let choose = |offers: &[&String], preferred: &[&str]| {
        let offers = offers.iter().map(|offer| (*offer).clone()).collect();
        known
            .release(Channel::Stable, &range("latest"), &both(), &offers, preferred)
            .map(|chosen| chosen.value.to_string())
    };
    assert_eq!(choose(&[&gen2], &[]).unwrap(), "4593.2.9");
    assert_eq!(choose(&[&gen2], &["4593.2.5"]).unwrap(), "4593.2.5");
    assert_eq!(choose(&[&gen2, &arm], &["4593.2.5"]).unwrap(), "4593.2.9");
    assert_eq!(choose(&[&offer("flatcar-container-linux-corevm-amd64/beta-gen2")], &[]).unwrap(), "4593.2.10");
    assert_eq!(known.image(&gen2, "4593.2.5", None).unwrap().generation, Some("V2"));
    assert_eq!(near(known.image(&gen2, "4593.2.10", None)), ["4593.2.9", "4593.2.5"]);
}

#[test]
fn kubernetes_is_chosen_among_versions_that_have_an_extension_for_all_processors() {
    let sums = known(&["SHA256SUMS", "schedule.yaml"]);
    let choose = |known: &Known, text: &str, architectures: &[Architecture]| {
        known
            .kubernetes(&range(text), &architectures.iter().copied().collect(), &[])
            .map(|chosen| chosen.value.to_string())
    };
    assert_eq!(choose(&sums, "v1.35", &[Amd64]).unwrap(), "v1.35.10");
    assert_eq!(choose(&sums, "v1.35", &[Amd64, Arm64]).unwrap(), "v1.35.9");
    assert_eq!(choose(&sums, "latest", &[Arm64]).unwrap(), "v1.36.2");
    assert_eq!(choose(&known(&["SHA256SUMS", "release-SHA256SUMS"]), "v1.35", &[Arm64]).unwrap(), "v1.35.10");
    // Without extensions, what was released: the next patch is none, and `1.30` is not `1.3`.
    assert_eq!(choose(&sums, "latest", &[]).unwrap(), "v1.36.4");
    assert_eq!(choose(&sums, "v1.30", &[]).unwrap(), "v1.30.14");
    assert!(choose(&sums, "v1.3", &[]).is_err());
    assert_eq!(choose(&known(&["eol.yaml"]), "1.20", &[]).unwrap(), "v1.20.15");
    assert_eq!(choose(&known(&["stable.txt"]), "1.35", &[]).unwrap(), "v1.35.9");
    assert!(choose(&Known::default(), "latest", &[]).is_ok(), "the table of the program");
}

#[test]
fn what_is_not_listed_is_told_with_what_is_near() {
    let known = known(&["SHA256SUMS"]);
    let extension = |name: &str, version: &str, architecture: Architecture| {
        let file = format!("{name}-{version}-{}.raw", architecture.bakery_name());
        known.extension(name, version, architecture, &file).map(|sum| sum.sha256.clone())
    };
    assert_eq!(extension("wasmtime", "24.0.0", Arm64).unwrap().len(), 64);
    assert_eq!(near(extension("kubernetes", "v1.35.7", Amd64)), ["v1.35.10", "v1.35.9", "v1.35.4"]);
    assert_eq!(near(extension("kubernetes", "v1.35.10", Arm64)), ["v1.35.9", "v1.35.4", "v1.36.2"]);
    assert_eq!(near(extension("kubernetes", "1.35.9", Amd64)).first().map(String::as_str), Some("v1.35.9"));
    assert_eq!(known.extension("own", "1", Amd64, "own.raw"), Err(NoChoice::Unlisted));
}

#[test]
fn checksums_are_refused_where_a_name_is_a_path() {
    let sum = "0".repeat(64);
    for name in ["../etc/passwd", "a/b.raw", "/a", "a\\b", ".hidden", "a\u{7}b"] {
        let error = Known::default().add("sums", format!("{sum}  ok.raw\n{sum}  {name}\n").as_bytes()).unwrap_err();
        assert_eq!((error.line, error.column), (2, 67), "{name:?}");
    }
    let error = Known::default().add("sums", format!("{sum}  a.raw\nnothing\n").as_bytes()).unwrap_err();
    assert_eq!(error.line, 2);
}

#[test]
fn a_list_says_until_when_it_is_good() {
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let mut known = Known::default();
    known
        .add("sums", format!("{nothing}  BEST-BEFORE-2026-12-31\n{nothing}  BEST-BEFORE-2026-11-01\n").as_bytes())
        .unwrap();
    let stale = |day: &str| known.stale(day.parse().unwrap()).map(|(_, day)| day.to_owned()).collect::<Vec<_>>();
    assert_eq!(stale("2026-11-01"), Vec::<String>::new());
    assert_eq!(stale("2026-11-02"), ["2026-11-01"]);
    assert!(Known::default().add("sums", format!("{nothing}  BEST-BEFORE-soon\n").as_bytes()).is_err());
}

#[test]
fn two_lists_that_differ_about_a_file_are_told() {
    let mut known = known(&["SHA256SUMS"]);
    known.add("other", format!("{}  wasmtime-24.0.0-arm64.raw\n", "0".repeat(64)).as_bytes()).unwrap();
    let found = &known.contradictions()[0];
    assert_eq!(
        (found.file.as_str(), found.one.as_str(), found.other.as_str()),
        ("wasmtime-24.0.0-arm64.raw", "SHA256SUMS", "other")
    );
}

#[test]
fn images_of_galleries_keep_to_what_latest_means() {
    let known = known(&["definitions.json", "versions.json", "versions-of-the-api.json"]);
    let name = "acme-00000000-0000-0000-0000-000000000001/acme-flatcar-amd64";
    assert_eq!(known.image(name, "latest", Some("2026-11-30")).unwrap().version.as_deref(), Some("4593.2.9"));
    assert_eq!(known.image(name, "latest", Some("2026-01-31")).unwrap().version.as_deref(), Some("4600.0.0"));
    // Excluded from `latest`, and there nevertheless.
    assert!(known.image(name, "4593.2.10", Some("2026-11-30")).is_ok());
    let definition = known.definition(name).unwrap();
    assert_eq!((definition.architecture, definition.generation), (Some(Amd64), Some("V2")));
    assert_eq!(
        (definition.takes_nvme, definition.takes_trusted_launch, definition.has_plan),
        (Some(true), Some(true), Some(false))
    );
    assert!(known.image("acme-00000000-0000-0000-0000-000000000001/raw", "1.2.3", None).is_ok());
}

#[test]
fn tables_are_read_as_they_are_printed() {
    let known = known(&["printed.txt"]);
    let names: Vec<_> =
        known.images().iter().map(|image| (image.name.as_str(), image.version.as_deref(), image.generation)).collect();
    let capi = "flatcar4capi-742ef0cb-dcaa-4ecb-9cb0-bfd2e43dccc0";
    assert_eq!(
        names,
        [
            ("kinvolk/flatcar-container-linux-corevm-amd64/stable-gen2", Some("4593.2.5"), Some("V2")),
            ("flatcar/flatcar-stable-amd64", Some("3374.2.0"), None),
            ("flatcar/flatcar-stable-amd64", Some("3374.2.1"), None),
            (&format!("{capi}/flatcar-stable-amd64-capi-v1.23.13"), None, Some("V2")),
            (&format!("{capi}/flatcar-stable-amd64-capi-v1.26.0"), None, Some("V2")),
            (&format!("{capi}/flatcar-stable-amd64-capi-v1.26.0"), Some("3227.2.3"), None),
        ]
    );
}

#[test]
fn charts_are_chosen_without_what_is_not_meant_for_everybody() {
    let known = known(&["index.yaml"]);
    let chart = |name: &str, asked: &str, preferred: &[&str]| {
        known.chart(name, "https://charts.example", asked, preferred).map(|chart| chart.version.clone())
    };
    assert_eq!(chart("kured", "*", &[]).unwrap(), "5.11.0");
    assert_eq!(chart("kured", "<5.11", &[]).unwrap(), "5.10.0");
    assert_eq!(chart("kured", "*", &["5.10.0"]).unwrap(), "5.10.0");
    assert_eq!(chart("kured", "5.12.0-rc.1", &[]).unwrap(), "5.12.0-rc.1");
    assert_eq!(chart("tigera-operator", "3.31.4", &[]).unwrap(), "v3.31.4");
    assert_eq!(near(chart("kured", "7", &[])).len(), 3);
    assert_eq!(chart("calico", "*", &[]), Err(NoChoice::Unlisted));
    let digest = known.chart("kured", "https://charts.example", "*", &[]).unwrap().digest.clone().unwrap();
    assert!(digest.starts_with("sha256:3f0f1e") && digest.len() == 71);
}

#[test]
fn other_texts_are_no_lists() {
    for text in [
        "",
        "{}",
        "{\"a\": 1}",
        "[1]",
        "[{}]",
        "{\"4593.2.5\": {}, \"b\": {}}",
        "hello",
        "apiVersion: v1\nentries: [\n",
        "schedules:\n",
        "v1.2.3\nnothing",
    ] {
        let error = Known::default().add("x", text.as_bytes()).unwrap_err();
        assert!(!error.problem.is_empty() && error.line > 0, "{text}");
    }
    assert!(Known::default().add("x", &[0xff, 0xfe, 0x00]).is_err());
}

#[test]
fn a_hundred_thousand_lines_are_one_look() {
    let line = |index: usize| format!("{index:064x}  kubernetes-v1.{}.{}-x86-64.raw\n", index / 1000, index % 1000);
    let text: String = (0..100_000).map(line).collect();
    let mut known = Known::default();
    known.add("sums", text.as_bytes()).unwrap();
    let chosen = known.kubernetes(&range("v1.35"), &BTreeSet::from([Amd64]), &[]).unwrap();
    assert_eq!(chosen.value.to_string(), "v1.35.999");
}

proptest! {
    #[test]
    fn no_bytes_are_more_than_malformed(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Known::default().add("x", &bytes);
    }

    #[test]
    fn no_lines_are_more_than_malformed(text in "((--+ ){1,4}|Offer  Sku|UniqueId|[{\\[]\"a\"|schedules:|entries:|apiVersion: v1|v1\\.2\\.3|[0-9a-f]{64}  [a-z/]{1,4}|é){0,8}(\n((--+ ){1,4}|é  é|- release: 1)){0,5}") {
        let _ = Known::default().add("x", text.as_bytes());
    }
}
