//! What is written as CLC becomes the same config again, whatever the contents; and no bytes make the readers panic.

use flatwright_ignition::clc::{self, Options, Room, Unsayable};
use flatwright_ignition::ignition2::{
    self, Config, Directory, File, FileContents, Ignition, NodeOwner, Storage, Systemd, SystemdDropin, Unit,
};
use flatwright_ignition::problem::Node;
use proptest::prelude::*;

fn data_url(bytes: &[u8]) -> String {
    bytes.iter().fold("data:,".to_owned(), |url, b| url + &format!("%{b:02X}"))
}

fn empty() -> Config {
    Config { ignition: Ignition { version: ignition2::VERSION.into(), ..Default::default() }, ..Default::default() }
}

fn file(path: &str, bytes: &[u8]) -> File {
    File {
        filesystem: "root".into(),
        path: path.into(),
        mode: Some(0o640),
        contents: FileContents { source: data_url(bytes), ..Default::default() },
        ..Default::default()
    }
}

fn with_files(files: Vec<File>) -> Config {
    Config { storage: Storage { files, ..Default::default() }, ..empty() }
}

/// The bytes each file gets on the node.
fn contents(config: &Config) -> Vec<Vec<u8>> {
    let unpack = |contents: &FileContents| {
        let bytes = ignition2::decode_data_url(&contents.source).expect("a data URL");
        if contents.compression.is_empty() {
            return bytes;
        }
        let mut out = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*bytes), &mut out).expect("gzip");
        out
    };
    config.storage.files.iter().map(|file| unpack(&file.contents)).collect()
}

fn translate(text: &str) -> Config {
    let translation = clc::translate(text.as_bytes(), &Options { strict: true, ..Options::default() });
    translation.config.unwrap_or_else(|| panic!("{}\n{text}", clc::report(&translation.entries)))
}

#[track_caller]
fn survives(config: &Config) -> String {
    let text = clc::write(config).unwrap_or_else(|errors| panic!("{errors:?}"));
    let again = translate(&text);
    assert_eq!(contents(&again), contents(config), "{text}");
    let bare = |config: &Config| {
        let mut config = config.clone();
        config.storage.files.iter_mut().for_each(|file| file.contents = FileContents::default());
        config
    };
    assert_eq!(bare(&again), bare(config), "{text}");
    text
}

#[test]
fn contents_with_every_trap_survive() {
    let traps: [&[u8]; 22] = [
        b"",
        b"plain",
        b"plain\n",
        b"two\nlines\n",
        b"\n",
        b"\n\n\n",
        b"many newlines\n\n\n",
        b"  indented\nless\n",
        b"    all\n    indented\n",
        b"\tleading tab\n",
        b"crlf\r\nlines\r\n",
        b"\x00\x01\x7f",
        b"\xff\xfe\xc0\x80",
        "\u{85}\u{2028}\u{2029}\u{feff}".as_bytes(),
        b"50 % {{ .Template }} {% raw %} ${VAR} $(x)",
        b"a: b # c",
        b"- [x, {y: z}] & *alias !tag | > ' \"",
        b"trailing blank \nnext \n",
        b"---\n...\n---\n",
        b"no final newline\nat all",
        b"null",
        b"0644",
    ];
    survives(&with_files(traps.iter().enumerate().map(|(i, bytes)| file(&format!("/f{i}"), bytes)).collect()));
}

#[test]
fn the_smallest_form_is_chosen() {
    let text = survives(&with_files(vec![file("/a", b"short text\n")]));
    assert!(text.contains("inline: |"), "{text}");
    let text = survives(&with_files(vec![file("/a", "the same line again\n".repeat(50).as_bytes())]));
    assert!(text.contains("compression: gzip"), "{text}");
    let noise: Vec<u8> = (0..200_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0]).collect();
    let text = survives(&with_files(vec![file("/a", &noise)]));
    assert!(text.contains("data:;base64,") && !text.contains("compression"), "{text}");
}

#[test]
fn what_clc_cannot_say_is_named() {
    let mut config = with_files(vec![File { mode: None, ..file("/a", b"x") }]);
    config.storage.disks = vec![ignition2::Disk {
        device: "/dev/sda".into(),
        partitions: vec![ignition2::Partition { should_exist: Some(false), number: 1, ..Default::default() }],
        ..Default::default()
    }];
    let errors = clc::write(&config).expect_err("refused");
    let paths: Vec<String> = errors.iter().map(|error| error.path.to_string()).collect();
    assert_eq!(paths, ["storage.disks[0].partitions[0].shouldExist", "storage.files[0].mode"]);
}

#[test]
fn what_the_validator_refuses_is_refused() {
    let config = with_files(vec![file("relative", b"x")]);
    let errors = clc::write(&config).expect_err("refused");
    let Unsayable::Refused { problems, .. } = &errors[0].rule else { panic!("{errors:?}") };
    assert_eq!(problems.0, [Node::Relative.into()]);
}

#[test]
fn remote_contents_keep_their_url_and_hash() {
    let mut remote = file("/a", b"");
    let hash = Some(format!("sha512-{}", "ab".repeat(64)));
    remote.contents = FileContents {
        source: "https://example.com/a%20b?x=1#f".into(),
        compression: "gzip".into(),
        verification: ignition2::Verification { hash },
    };
    let config = with_files(vec![remote]);
    let text = clc::write(&config).expect("written");
    assert_eq!(translate(&text), config);
    let mut rewritten = config;
    rewritten.storage.files[0].contents.source = "HTTPS://example.com/".into();
    assert!(clc::write(&rewritten).is_err());
}

#[test]
fn text_stays_text_while_there_is_room() {
    let long = "a line that gzip makes shorter\n".repeat(40);
    let config = with_files(vec![file("/a", long.as_bytes()), file("/b", b"no end"), file("/c", &[0, 1, 2])]);
    let wide = Room { limit: 32_768, ..Room::default() };
    let text = clc::write_readable(&config, &wide).expect("written");
    assert!(text.contains("a line that gzip") && text.contains("no end") && !text.contains("gzip\n      compression"));
    assert_eq!(contents(&translate(&text)), contents(&config));
    for narrow in [Room { limit: 800, ..wide }, Room { excess: 500, ..wide }] {
        let text = clc::write_readable(&config, &narrow).expect("written");
        let note = format!("# {} bytes of text, compressed", long.len());
        assert!(text.contains(&note) && text.contains("no end"), "{text}");
        assert!(text.chars().count() <= 800, "{text}");
        assert_eq!(contents(&translate(&text)), contents(&config));
    }
}

#[test]
fn a_chosen_compression_stays() {
    let mut chosen = file("/a", b"");
    let packed = flatwright_go::gzip::Gzip::default().pack(b"chosen\n", 1_000).expect("small").to_vec();
    chosen.contents = FileContents { source: data_url(&packed), compression: "gzip".into(), ..Default::default() };
    let config = with_files(vec![chosen]);
    let paths = std::collections::BTreeSet::from(["/a".to_owned()]);
    let room = Room { limit: 32_768, chosen: Some(&paths), ..Room::default() };
    assert!(clc::write_readable(&config, &room).expect("written").contains("compression: gzip"));
    let open = Room { chosen: None, ..room };
    assert!(clc::write_readable(&config, &open).expect("written").contains("inline"));
}

#[test]
fn an_empty_config_is_an_empty_mapping() {
    assert_eq!(clc::write(&empty()).as_deref(), Ok("{}\n"));
}

fn unit_text() -> impl Strategy<Value = String> {
    proptest::collection::vec("[ -\\[\\]-~]{0,12}", 0..4)
        .prop_map(|lines| lines.iter().fold("[Service]\n".to_owned(), |text, line| format!("{text}A={line}\n")))
}

fn owner() -> impl Strategy<Value = Option<NodeOwner>> {
    proptest::option::of(prop_oneof![
        (0..70_000_i64).prop_map(|id| NodeOwner { id: Some(id), name: String::new() }),
        "[a-z0-9~ :#-]{1,8}".prop_map(|name| NodeOwner { id: None, name }),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_survive(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        survives(&with_files(vec![file("/a", &bytes)]));
    }

    #[test]
    fn any_text_survives(text in any::<String>(), lines in proptest::collection::vec("[ \t\r\n%{}a-c:#-]{0,9}", 0..20)) {
        survives(&with_files(vec![file("/a", text.as_bytes()), file("/b", lines.join("\n").as_bytes())]));
    }

    #[test]
    fn nodes_and_units_survive(
        path in "/[ -~é]{0,20}",
        mode in 0..0o10000_i64,
        user in owner(),
        group in owner(),
        overwrite in proptest::option::of(any::<bool>()),
        contents in unit_text(),
        dropin in unit_text(),
        enabled in proptest::option::of(any::<bool>()),
        mask in any::<bool>(),
    ) {
        let mut config = empty();
        config.storage.directories.push(Directory {
            filesystem: "root".into(), path: path.clone(), mode: Some(mode), user: user.clone(), group: group.clone(), overwrite,
        });
        let mut file = file(&path, b"x");
        (file.mode, file.user, file.group, file.overwrite) = (Some(mode), user, group, overwrite);
        config.storage.files.push(file);
        let dropins = vec![SystemdDropin { name: "a.conf".into(), contents: dropin }];
        config.systemd = Systemd {
            units: vec![Unit { name: "a.service".into(), contents: contents + "[Install]\nWantedBy=x\n", dropins, enabled, mask, enable: false }],
        };
        survives(&config);
    }

    #[test]
    fn no_bytes_make_the_readers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        clc::translate(&bytes, &Options::default());
        ignition2::validate(&bytes);
    }

    #[test]
    fn no_text_in_the_shape_of_a_config_makes_the_readers_panic(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "storage:", "files:", "- ", "path: /a", "\n", "  ", "    ", "mode: 0644", "contents: ", "inline: ", "remote: {url: ", "}", "[", "]", ", ",
                "&a ", "*a", "<<: ", "!!binary ", "systemd:", "units:", "name: x.service", "etcd:", "version: 3.1.0", "flannel: {", "null", "~", "\"",
                "'", "|", ">", "#", "locksmith:", "window_start: Mon 1:00", "passwd: {users: [", "size: 1GiB", "disks: ", "partitions: ", "data:,%", "update: ",
            ]),
            0..40,
        ),
        platform in proptest::sample::select(vec!["", "ec2", "nope", "openstack-metadata"]),
    ) {
        clc::translate(parts.concat().as_bytes(), &Options { platform, ..Options::default() });
    }

    #[test]
    fn no_json_in_the_shape_of_a_config_makes_the_validator_panic(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"ignition\":", "\"version\":", "\"2.3.0\"", "{\"ignition\":{\"version\":\"2.3.0\"},", "\"storage\":",
                "\"files\":", "null", "1", "1.5", "-", "true", "\"x\"", "\"\\u00\"", "\"\\ud800\"", " ", "\n", "\"systemd\":{\"units\":[", "\"name\":",
            ]),
            0..30,
        ),
    ) {
        ignition2::validate(parts.concat().as_bytes());
    }
}
