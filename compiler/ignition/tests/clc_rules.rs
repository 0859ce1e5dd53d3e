//! CLC's rules, case by case: what goes in, what is reported, what comes out.

use flatwright_ignition::clc::{self, FilesDir, Options, Stage};
use flatwright_ignition::ignition2;
use flatwright_ignition::problem::LocalFile;

struct Shelf;

impl FilesDir for Shelf {
    fn read(&self, path: &str) -> Result<Vec<u8>, LocalFile> {
        match path {
            "blob" => Ok(vec![0xff, b'\n']),
            other => Err(format!("open {other}: no such file or directory").into()),
        }
    }
}

fn report(text: &str) -> String {
    let options = Options { files: Some(&Shelf), ..Options::default() };
    clc::report(&clc::translate(text.as_bytes(), &options).entries)
}

/// The JSON between the parts that are always there.
fn json(text: &str) -> String {
    let options = Options { files: Some(&Shelf), ..Options::default() };
    let translation = clc::translate(text.as_bytes(), &options);
    translation.json().unwrap_or_else(|| panic!("{}", translation.report()))
}

#[test]
fn types_are_yamls_as_go_reads_it() {
    for (value, error) in [
        ("x", "line 3: cannot unmarshal !!str `x` into int"),
        ("[a]", "line 3: cannot unmarshal !!seq into int"),
        ("{a: b}", "line 3: cannot unmarshal !!map into int"),
        ("true", "line 3: cannot unmarshal !!bool `true` into int"),
        ("a-long-long-value", "line 3: cannot unmarshal !!str `a-long-...` into int"),
        ("2001-01-01", "line 3: cannot unmarshal !!timestamp `2001-01-01` into int"),
        ("99999999999999999999", "line 3: cannot unmarshal !!float `9999999...` into int"),
    ] {
        let text = format!("storage:\n  files:\n    - {{path: /a, mode: {value}}}\n");
        assert_eq!(report(&text), format!("error: yaml: unmarshal errors:\n  {error}"), "{value}");
    }
    for (value, mode) in [("0o17", 15), ("1_0", 10), ("1e2", 100), ("7.9", 7), ("!!int \"010\"", 8), ("0x10", 16)] {
        let text = format!("storage: {{files: [{{path: /a, mode: {value}}}]}}");
        assert!(json(&text).contains(&format!("\"mode\":{mode}}}")), "{value}");
    }
}

#[test]
fn all_type_errors_of_a_document_are_reported() {
    assert_eq!(
        report("storage: []\nsystemd: 5\npasswd: {users: {}}\npasswd2: {a: [}"),
        "error: yaml: line 3: did not find expected node content"
    );
    assert_eq!(
        report("storage: []\nsystemd: 5\npasswd: {users: {}, groups: x}\n"),
        "error: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into types.Storage\n  line 2: cannot unmarshal !!int `5` into types.Systemd\n  \
         line 3: cannot unmarshal !!map into []types.User\n  line 3: cannot unmarshal !!str `x` into []types.Group"
    );
    assert_eq!(
        report("storage:\n  files: []\n  files: []\n"),
        "error: yaml: unmarshal errors:\n  line 3: mapping key \"files\" already defined at line 2"
    );
}

#[test]
fn aliases_and_merge_keys_work() {
    let text = "storage:\n  files:\n    - &one {path: /a, mode: 0600}\n    - <<: *one\n      path: /b\n";
    assert_eq!(report(text), "warning at line 4, column 7\nConfig has unrecognized key: <<");
    assert!(
        json(text).contains("\"path\":\"/b\",\"contents\":{\"source\":\"data:,\",\"verification\":{}},\"mode\":384")
    );
    assert_eq!(
        report("storage:\n  files:\n    - <<: 5\n"),
        "error: yaml: map merge requires map or sequence of maps as the value"
    );
}

#[test]
fn binary_contents_keep_every_byte() {
    let text = "storage: {files: [{path: /a, mode: 0600, contents: {inline: !!binary /wA=}}, {path: /b, mode: 0600, contents: {local: blob}}]}";
    let json = json(text);
    assert!(json.contains("data:,%FF%00") && json.contains("data:,%FF%0A"), "{json}");
}

#[test]
fn local_files_need_a_directory_and_must_exist() {
    let text = "storage:\n  files:\n    - {path: /a, mode: 0600, contents: {local: nope}}\n";
    assert_eq!(report(text), "error at line 3, column 48\nopen nope: no such file or directory");
    let alone = clc::translate(text.as_bytes(), &Options::default());
    assert!(alone.report().contains("--files-dir"), "{}", alone.report());
}

#[test]
fn every_section_reports_at_its_place() {
    for (text, wanted) in [
        ("version: 3\n", "error at line 1, column 10\nInvalid version. Only version 0 is supported"),
        ("systemd:\n  units:\n    - name: a\n", "error at line 3, column 13\ninvalid systemd unit extension"),
        ("update:\n  group: own\n", "warning at line 2, column 3\nunknown update group"),
        ("locksmith:\n  reboot_strategy: never\n", "error at line 2, column 20\nunknown reboot strategy"),
        (
            "locksmith: {window_start: Foo 1:00, window_length: 1h}\n",
            "error at line 1, column 27\nunknown day in window start",
        ),
        (
            "locksmith: {window_start: 1:00}\n",
            "error at line 1, column 12\nwindow-start and window-length must both be specified",
        ),
        ("flannel: {version: 0.4.0}\n", "error at line 1, column 20\ninvalid flannel version (too old)"),
        (
            "etcd: {version: 3.0.0, auth_token: x}\n",
            "warning at line 1, column 24\nConfig has unrecognized key: auth_token",
        ),
        (
            "storage:\n  Files: []\n",
            "warning at line 2, column 3\nConfig has unrecognized key: Files\ninfo at line 2, column 3\nDid you mean files instead of Files",
        ),
        ("storage:\n  raid:\n    - {name: a, level: raid9}\n", "error at line 3, column 24\nunrecognized raid level"),
    ] {
        assert_eq!(report(text), wanted, "{text}");
    }
}

#[test]
fn strictness_stops_at_the_first_stage_that_reports() {
    let strict = Options { strict: true, ..Options::default() };
    let parse = clc::translate(b"foo: 1\n", &strict);
    assert_eq!((parse.failed, parse.config), (Some(Stage::Parse), None));
    let convert = clc::translate(b"storage: {filesystems: [{name: root, path: /x}]}\n", &strict);
    assert_eq!((convert.failed, convert.parse_entries), (Some(Stage::Convert), 0));
    assert_eq!(clc::translate(b"{}", &strict).json().as_deref(), Some(json("").as_str()));
    assert_eq!(clc::translate(b"{}", &Options { platform: "mars", ..strict }).report(), "error: unsupported platform");
}

#[test]
fn generated_units_come_before_the_users_and_update_conf_after_the_files() {
    let text = "docker: {flags: [--a, '{b}']}\netcd: {name: n}\nflannel: {ip_masq: 'yes'}\nupdate: {group: Beta}\nlocksmith: {group: 'a b'}\n\
                systemd: {units: [{name: u.service}]}\nstorage: {files: [{path: /a, mode: 0600}]}\n";
    let config = clc::translate(text.as_bytes(), &Options::default()).config.expect("a config");
    let units: Vec<&str> = config.systemd.units.iter().map(|unit| &*unit.name).collect();
    assert_eq!(units, ["docker.service", "etcd-member.service", "flanneld.service", "u.service"]);
    let update = &config.storage.files[1];
    let text = ignition2::decode_data_url(&update.contents.source).expect("a data URL");
    assert_eq!(String::from_utf8_lossy(&text), "GROUP=beta\nLOCKSMITHD_GROUP=\"a b\"");
}

#[test]
fn the_schemas_know_every_section_and_close_every_object() {
    let clc = clc::schema();
    for section in
        ["ignition", "storage", "systemd", "networkd", "passwd", "etcd", "flannel", "update", "docker", "locksmith"]
    {
        assert!(clc["properties"][section].is_object(), "{section}");
    }
    assert_eq!(clc["properties"]["storage"]["properties"]["files"]["items"]["additionalProperties"], false);
    let ignition = ignition2::schema();
    assert_eq!(
        ignition["properties"]["systemd"]["properties"]["units"]["items"]["properties"]["mask"]["type"],
        "boolean"
    );
}

#[test]
fn the_validator_names_what_is_no_config() {
    for (text, failure) in [
        ("", Some("not a config (empty)")),
        ("#cloud-config \nx", Some("not a config (found coreos-cloudconfig)")),
        ("#!/bin/sh\n", Some("not a config (found coreos-cloudinit script)")),
        ("{\"ignition\":{\"version\":\"2.9.0\"}}", Some("unsupported config version")),
        ("{\"ignition\":{\"version\":\"2.3.0\"}}", None),
    ] {
        assert_eq!(
            ignition2::validate(text.as_bytes()).failure.map(|failure| failure.to_string()).as_deref(),
            failure,
            "{text}"
        );
    }
    let report = |text: &str| clc::report(&ignition2::validate(text.as_bytes()).entries);
    assert_eq!(
        report("{\n  \"a\": x"),
        "error at line 2, column 9\ninvalid character 'x' looking for beginning of value"
    );
    assert_eq!(
        report("[]"),
        "error at line 1, column 1\njson: cannot unmarshal array into Go value of type types.Config"
    );
    assert_eq!(
        report("{\"IGNITION\":{\"version\":\"2.3.0\"}}"),
        "warning at line 1, column 11\nConfig has unrecognized key: IGNITION\ninfo at line 1, column 11\nDid you mean ignition instead of IGNITION"
    );
}

#[test]
fn lines_that_end_with_other_breaks_cost_linear_time() {
    let lines = "a\u{85}        ".repeat(200_000);
    let text = format!(
        "storage:\n  files:\n  - path: /a\n    filesystem: root\n    mode: 0644\n    contents:\n      inline: |\n        {lines}\n"
    );
    assert!(json(&text).contains("data:,a%0Aa%0A"));
}

#[test]
fn two_spellings_of_a_key_are_one_field() {
    assert_eq!(
        report("storage:\n  links:\n    - &p path: /a\n      *p : /b\n"),
        "error: yaml: unmarshal errors:\n  line 4: field path already set in type types.Link"
    );
}

#[test]
fn a_tag_of_null_only_fits_null() {
    assert_eq!(report("storage: {links: [{path: !!null a}]}"), "error: yaml: cannot decode !!str `a` as a !!null");
    assert!(json("storage: {links: [{path: /a, target: !!null ''}]}").contains(r#""target":"""#));
}

#[test]
fn merge_keys_that_multiply_are_refused() {
    let mut text = "m0: &m0 {path: /x}\n".to_owned();
    for level in 1..12 {
        let again = vec![format!("*m{}", level - 1); 9].join(", ");
        text.push_str(&format!("m{level}: &m{level} {{<<: [{again}]}}\n"));
    }
    text.push_str("storage: {files: [*m11]}\n");
    assert_eq!(report(&text), "error: yaml: document contains excessive aliasing");
}
