//! `flatwright upgrade`: every example along every supported path, what is edited and what is not.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the program on a disk")]

use std::path::Path;

use flatwright::upgrade::{Asked, Upgraded, Wish, upgrade};
use flatwright::{Options, SpecFile};
use flatwright_kubernetes::releases;
use flatwright_tests::{Memory, compile_text, examples, golden, repository, run};

/// The oldest minor of Kubernetes whose clusters a supported Cluster API runs.
const FIRST: u64 = 29;

fn raise(text: &str, asked: &Asked) -> Upgraded {
    raise_in(text, asked, &Memory::default())
}

fn raise_in(text: &str, asked: &Asked, world: &Memory) -> Upgraded {
    let files = [SpecFile { name: "cluster.yaml".to_owned(), bytes: text.as_bytes().to_vec() }];
    upgrade(&files, world, &Options::default(), asked)
}

fn version(text: impl Into<String>) -> Option<Wish> {
    Some(Wish::Version(text.into()))
}

/// The text after the upgrade; a panic with the findings if there is none.
#[track_caller]
fn raised(text: &str, asked: &Asked) -> String {
    let upgraded = raise(text, asked);
    let found: Vec<&str> = upgraded.report.diagnostics().iter().map(|finding| finding.message.as_str()).collect();
    assert!(!upgraded.report.has_errors() && upgraded.plan.is_some(), "{found:?}");
    upgraded.files.into_iter().next().map_or_else(|| text.to_owned(), |(_, text)| text)
}

#[track_caller]
fn refused(text: &str, asked: &Asked, code: &str) -> Upgraded {
    let upgraded = raise(text, asked);
    let codes: Vec<String> = upgraded.report.diagnostics().iter().map(|finding| finding.code.to_string()).collect();
    assert!(codes.iter().any(|found| found == code), "{codes:?}");
    assert!(upgraded.files.is_empty() && upgraded.plan.is_none(), "nothing is to be written");
    upgraded
}

/// Examples, those with plugins without them, and the starters.
fn specs() -> Vec<(String, String)> {
    let mut specs = examples();
    let plugins = std::fs::read_to_string(repository().join("examples/with-plugins.yaml")).unwrap();
    // One of them pins the images.
    let plugins = plugins.split_once("\n  plugins:").unwrap().0.replace("version: latest", "version: 4593.2.5") + "\n";
    specs.push(("with-plugins".to_owned(), plugins));
    for flavor in ["flatcar-sysext", "flatcar"] {
        let text = run(repository(), &["init", "--flavor", flavor], b"").stdout;
        specs.push((format!("starter {flavor}"), String::from_utf8(text).unwrap()));
    }
    specs
}

/// Every line is as it was, but for versions in it.
#[track_caller]
fn assert_only(before: &str, after: &str, versions: &[(&str, &str)]) {
    assert_eq!(before.lines().count(), after.lines().count());
    let mut expected = before.to_owned();
    for (old, new) in versions {
        expected = expected.replace(old, new);
    }
    assert_eq!(after, expected);
}

#[test]
fn every_example_goes_every_supported_way() {
    let minors: Vec<_> = releases::minors().filter(|minor| minor.release.minor >= FIRST).collect();
    let last = flatwright_kubernetes::providers::Provider::ClusterApi.minors().last().unwrap().kubernetes.unwrap().1;
    for (name, text) in specs() {
        let mut text = text.replace("v1.35.4", &minors[0].newest.to_string());
        assert!(text.contains(&minors[0].newest.to_string()), "{name}");
        let mut steps = 0;
        for pair in minors.windows(2).filter(|pair| pair[1].release <= last) {
            let (old, new) = (pair[0].newest.to_string(), pair[1].newest.to_string());
            for wish in [version(new.as_str()), version(format!("1.{}", pair[1].release.minor)), Some(Wish::Newest)] {
                let after = raised(&text, &Asked { kubernetes: wish, ..Asked::default() });
                assert_only(&text, &after, &[(&old, &new)]);
            }
            text = text.replace(&old, &new);
            assert_eq!(compile_text(&text).errors(), Vec::<&str>::new(), "{name} {new}");
            steps += 1;
        }
        assert!(steps >= 7, "{steps}");
    }
}

#[test]
fn every_example_gets_the_newest_flatcar_of_its_channel() {
    for (name, text) in specs() {
        let after = raised(&text, &Asked { flatcar: Some(Wish::Newest), ..Asked::default() });
        let newest = flatwright_flatcar::release::newest().find(|(channel, _)| channel.name() == "stable").unwrap().1;
        assert_only(&text, &after, &[("4230.2.3", &newest.to_string())]);
        assert_eq!(text != after, text.contains("4230.2.3"), "{name}");
    }
}

/// A spec in which versions stand in many ways.
const WAYS: &str = include_str!("../cli/upgrade.in/cluster.yaml");

#[test]
fn comments_quotes_and_layout_stay() {
    let all = Asked {
        kubernetes: Some(Wish::Newest),
        flatcar: Some(Wish::Newest),
        capi: Some(Wish::Newest),
        capz: Some(Wish::Newest),
        caaph: Some(Wish::Newest),
        cluster: None,
    };
    let after = raised(WAYS, &all);
    golden(&repository().join("tests/cli/upgrade.in/after.yaml"), Some(&after)).unwrap();
    let on = raised(&after, &all);
    assert_eq!(on, after.replace("capz: v1.21", "capz: v1.22"), "the Azure provider goes up one minor at a time");
}

#[test]
fn a_version_that_is_named_is_written_where_there_was_none() {
    let text = compile_base("");
    let asked = Asked { capi: version("1.14.0"), capz: version("1.25.1"), ..Asked::default() };
    let once = raised(&text, &Asked { capi: version("1.14.0"), ..Asked::default() });
    assert_eq!(once, format!("{text}  management: {{capi: v1.14.0}}\n"));
    let twice = raised(&once, &asked);
    assert_eq!(twice, format!("{text}  management: {{capi: v1.14.0, capz: v1.25.1}}\n"));
    let none = raised(&text, &Asked { capi: Some(Wish::Newest), ..Asked::default() });
    assert_eq!(none, text, "without a version there is nothing to raise");
}

/// A starter whose end is known.
fn compile_base(more: &str) -> String {
    let starter = run(repository(), &["init"], b"").stdout;
    String::from_utf8(starter).unwrap() + more
}

#[test]
fn what_may_not_follow_is_refused_at_its_line() {
    let text = compile_base("");
    let of = |to: &str| Asked { kubernetes: version(to), ..Asked::default() };
    let skips = refused(&text, &of("1.37.1"), "upgrade-skips-minors");
    assert!(skips.report.diagnostics()[0].hints[0].contains("--kubernetes v1.36."));
    refused(&text, &of("1.35.3"), "upgrade-goes-back");
    refused(&text, &of("1.99"), "upgrade-unknown-minor");
    refused(&text, &Asked { flatcar: version("4230.2.3"), ..Asked::default() }, "upgrade-goes-back");
    // What a compile of the result says is said of it as well.
    refused(&text, &Asked { flatcar: version("4757.1.0"), ..Asked::default() }, "flatcar-channel");
    let old = compile_base("  management: {capi: v1.13.0, capz: v1.20.0}\n");
    refused(&old, &of("1.36.4"), "kubernetes-needs-cluster-api");
    refused(&old, &Asked { capz: version("1.22.0"), ..Asked::default() }, "upgrade-skips-minors");
    let together = Asked { kubernetes: version("1.36.4"), capi: version("1.14.0"), ..Asked::default() };
    assert!(raised(&old, &together).contains("{capi: v1.14.0, capz: v1.20.0}"));
}

#[test]
fn what_only_a_person_can_edit_is_told() {
    let text = compile_base("");
    let of = Asked { kubernetes: version("1.36.4"), ..Asked::default() };
    let from = |value: &str| text.replace("version: v1.35.4", value);
    let mut world = Memory::default();
    world.variables.insert("VERSION".to_owned(), "v1.35.4".to_owned());
    for value in ["version: ${env:VERSION}", "version: ${env:NOTHING:-v1.35.4}"] {
        let upgraded = raise_in(&from(value), &of, &world);
        let found = upgraded.report.diagnostics();
        assert!(found.iter().any(|finding| finding.code == flatwright::upgrade::Upgrade::BY_HAND), "{value}");
        assert!(upgraded.files.is_empty());
    }
    // An anchor that nothing uses is no more than a word; a value that another place shares is not edited.
    let anchored = from("version: &kubernetes v1.35.4");
    assert!(raised(&anchored, &of).contains("version: &kubernetes v1.36.4"));
    let shared =
        anchored.replace("pools:\n  - name: md-0", "pools:\n  - name: md-0\n    labels: {kubernetes: *kubernetes}");
    assert_ne!(shared, anchored);
    refused(&shared, &of, "upgrade-by-hand");
    let whole = text
        .replace("  kubernetes:\n    version: v1.35.4\n", "  kubernetes: &all {version: v1.35.4}\n")
        .replace("pools:\n  - name: md-0", "pools:\n  - name: md-0\n    annotations: *all");
    assert_ne!(whole, text);
    refused(&whole, &of, "upgrade-by-hand");
}

/// A patch that gives the pool a version of its own.
fn with_own(version: &str) -> String {
    compile_base(&format!(
        "  patches:\n  - target: {{kind: MachineDeployment, pool: md-0}}\n    merge: {{spec: {{template: {{spec: {{version: {version}}}}}}}}} # of the pool\n"
    ))
}

#[test]
fn pools_are_never_ahead_and_not_too_far_behind() {
    let of = |to: &str| Asked { kubernetes: version(to), ..Asked::default() };
    let followed = raised(&with_own("v1.35.4"), &of("1.36.4"));
    assert!(followed.contains("{version: v1.36.4}") && followed.contains("# of the pool"), "{followed}");
    let kept = raise(&with_own("v1.34.11"), &of("1.36.4"));
    assert!(kept.notes.iter().any(|note| note.contains("stays at v1.34.11")), "{:?}", kept.notes);
    let behind = raise(&with_own("v1.32.13"), &of("1.36.4"));
    assert!(behind.report.has_errors() && behind.files.is_empty());
    let control_plane =
        compile_base("  patches:\n  - target: {kind: KubeadmControlPlane}\n    merge: {spec: {version: v1.35.3}}\n");
    refused(&control_plane, &of("1.36.4"), "upgrade-by-hand");
}

#[test]
fn one_of_several_clusters_can_be_meant() {
    let one = compile_base("");
    let both = format!("{one}---\n{}", one.replace("name: demo", "name: other"));
    let asked = Asked { kubernetes: version("1.36.4"), cluster: Some("other".to_owned()), ..Asked::default() };
    let after = raised(&both, &asked);
    assert_eq!(after, format!("{one}---\n{}", one.replace("name: demo", "name: other").replace("v1.35.4", "v1.36.4")));
    assert!(raised(&both, &Asked { cluster: None, ..asked.clone() }).matches("v1.36.4").count() == 2);
    assert!(raise(&both, &Asked { cluster: Some("none".to_owned()), ..asked }).failure.is_some());
}

fn write(directory: &Path, name: &str, text: &str) {
    std::fs::write(directory.join(name), text).unwrap();
}

#[test]
fn the_file_is_written_whole_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let before = compile_base("");
    write(at, "cluster.yaml", &before);
    let read = || std::fs::read_to_string(at.join("cluster.yaml")).unwrap();
    let check = run(at, &["upgrade", "cluster.yaml", "--kubernetes", "1.36.4", "--check"], b"");
    assert_eq!((check.code, read() == before), (Some(1), true), "{}", check.stderr);
    assert!(String::from_utf8_lossy(&check.stdout).contains("+    version: v1.36.4"));
    let refused = run(at, &["upgrade", "cluster.yaml", "--kubernetes", "1.37.0"], b"");
    assert_eq!((refused.code, read() == before), (Some(1), true), "{}", refused.stderr);
    let done = run(at, &["upgrade", "cluster.yaml", "--kubernetes", "1.36.4", "--format", "json"], b"");
    assert_eq!((done.code, read()), (Some(0), before.replace("v1.35.4", "v1.36.4")), "{}", done.stderr);
    let plan: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((plan["edits"][0]["old"].as_str(), plan["differs"].as_bool()), (Some("v1.35.4"), Some(true)));
    let again = run(at, &["upgrade", "cluster.yaml", "--kubernetes", "1.36.4", "--check"], b"");
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert_eq!(run(at, &["upgrade", "-", "--all"], before.as_bytes()).code, Some(2));
    assert_eq!(run(at, &["upgrade", "-", "--all", "--check"], before.as_bytes()).code, Some(1));
    assert_eq!(run(at, &["upgrade", "cluster.yaml"], b"").code, Some(2));
    assert_eq!(run(at, &["upgrade", "cluster.yaml", "--kubernetes", "newest"], b"").code, Some(2));
    let left: Vec<_> = std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 1, "{left:?}");
}
