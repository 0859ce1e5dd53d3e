//! Configs that are made to cost much end within the stated bounds, with a clear failure beyond them.
#![expect(clippy::disallowed_methods, reason = "tests measure time")]

use std::io::Write as _;
use std::time::{Duration, Instant};

use flatwright_ignition::ignition3::{Config, Directory, File, Link, PasswdUser, Resource, Version};
use flatwright_node::{Base, FirstBoot, apply};

/// What a test may take at most, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn applied(config: &Config) -> Vec<FirstBoot> {
    let start = Instant::now();
    let node = apply(config, Version::V3_3, &Base::flatcar(Some(4593), Some((2, 24))));
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    node.failures().iter().map(|failure| failure.rule.clone()).collect()
}

fn directory(path: String) -> Directory {
    Directory { path, ..Directory::default() }
}

#[test]
fn a_million_files_are_applied() {
    let mut config = Config::default();
    config.storage.files =
        (0..1_000_000).map(|i| File { path: format!("/opt/{}/{i}", i % 1000), ..File::default() }).collect();
    assert_eq!(applied(&config), []);
}

#[test]
fn more_than_the_bound_is_told() {
    let mut config = Config::default();
    let deep = "/d".repeat(1000);
    config.storage.directories = (0..200_000).map(|i| directory(format!("/opt/{i}{deep}"))).collect();
    let found = applied(&config);
    assert!(matches!(found.last(), Some(FirstBoot::TooMuch { .. })), "{found:?}");
}

#[test]
fn depth_ends_where_paths_do() {
    let mut config = Config::default();
    config.storage.directories = vec![directory("/a".repeat(2043)), directory("/a".repeat(10_000))];
    assert!(matches!(&applied(&config)[..], [FirstBoot::PathTooLong { .. }]));
}

#[test]
fn links_in_a_circle_end() {
    let base = Base::read("link /a /b\nlink /b /a\nlink /c ../c/c\n").unwrap();
    let mut config = Config::default();
    config.storage.files =
        ["/a/x", "/b/y", "/c/c/c/z"].map(|path| File { path: path.to_owned(), ..File::default() }).into();
    let node = apply(&config, Version::V3_3, &base);
    assert_eq!(node.failures().len(), 3);
    config.storage.files.clear();
    config.storage.links = (0..1000)
        .map(|i| Link { path: format!("/l{i}"), target: Some(format!("/l{}", (i + 1) % 1000)), ..Link::default() })
        .collect();
    assert_eq!(applied(&config), []);
}

#[test]
fn a_bomb_is_a_failure() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    (0..300).for_each(|_| gzip.write_all(&zeros).unwrap());
    let escaped: String = gzip.finish().unwrap().iter().map(|byte| format!("%{byte:02x}")).collect();
    let bomb = Resource {
        source: Some(format!("data:,{escaped}")),
        compression: Some("gzip".to_owned()),
        ..Resource::default()
    };
    let mut config = Config::default();
    config.storage.files =
        (0..3).map(|i| File { path: format!("/opt/{i}"), contents: bomb.clone(), ..File::default() }).collect();
    assert!(matches!(&applied(&config)[..], [FirstBoot::TooLarge { .. }, ..]));
}

#[test]
fn large_contents_are_not_decoded_before_somebody_asks() {
    let source = format!("data:;base64,{}", "QUFB".repeat(16 << 20));
    let mut config = Config::default();
    let contents = Resource { source: Some(source), ..Resource::default() };
    config.storage.files = vec![File { path: "/opt/large".to_owned(), contents, ..File::default() }];
    let start = Instant::now();
    assert_eq!(applied(&config), []);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn users_and_devices_are_bounded() {
    let user = |i| PasswdUser { name: format!("u{i}"), groups: vec!["docker".to_owned()], ..PasswdUser::default() };
    let mut config = Config::default();
    config.passwd.users = (0..4_000).map(user).collect();
    assert_eq!(applied(&config), []);
    config.passwd.users = (0..20_000).map(user).collect();
    assert!(matches!(&applied(&config)[..], [FirstBoot::TooMuch { .. }]));
}

#[test]
fn many_failures_are_bounded() {
    let mut config = Config::default();
    config.storage.files = vec![File { path: "/opt/f".to_owned(), ..File::default() }];
    config.storage.directories = (0..100_000).map(|i| directory(format!("/opt/f/{i}"))).collect();
    assert!(applied(&config).len() <= 1001);
}
